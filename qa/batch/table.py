"""Read a manifest's cells from CSV or XLSX: encodings, delimiters and limits."""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from qa.errors import ManifestError

MAX_BYTES = 64 * 1024**2
MAX_ROWS = 1_000_000
_MAX_UNPACKED_BYTES = 512 * 1024**2
_DELIMITERS = ",;\t"
_ZIP = b"PK\x03\x04"

Row = tuple[int, list[str]]


def read_table(path: Path) -> Iterator[Row]:
    """Yield (row number as spreadsheets count it, cells) of every row that is not blank, the header first.

    Raises ManifestError: unreadable, too_large, encoding, not_csv, not_xlsx.
    """
    data = _bytes(path)
    rows = _xlsx(path, data) if data.startswith(_ZIP) else _csv(path, _text(path, data))
    for count, (number, cells) in enumerate(rows):
        if count > MAX_ROWS:
            raise _too_large(path, f"{MAX_ROWS} rows", f"{MAX_ROWS} 行")
        if any(cells):
            yield number, cells


def _bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise ManifestError(
                en="no such file; name a CSV or XLSX with a column `path`",
                zh="文件不存在；请指定含 path 列的 CSV 或 XLSX",
                path=path,
                code="unreadable",
            )
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise ManifestError(
            en=f"cannot be read: {error.strerror}", zh=f"无法读取：{error.strerror}", path=path, code="unreadable"
        ) from error
    if len(data) > MAX_BYTES:
        raise _too_large(path, f"{MAX_BYTES // 1024**2} MB", f"{MAX_BYTES // 1024**2} MB")
    return data


def _text(path: Path, data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    elif b"\0" in data[:2] and data[:2].isascii():
        # UTF-16 without its mark: one byte of each English letter is zero.
        encodings = ("utf-16-le",) if data[1:2] == b"\0" else ("utf-16-be",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ManifestError(
        en="not text in UTF-8, GB18030 or UTF-16, and not XLSX; save it as CSV (UTF-8)",
        zh="不是 UTF-8、GB18030 或 UTF-16 文本，也不是 XLSX；请另存为 CSV（UTF-8）",
        path=path,
        code="encoding",
    )


def _csv(path: Path, text: str) -> Iterator[Row]:
    header = next((line for line in text.splitlines() if line.strip()), "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=header.count))
    number = 1
    try:
        for cells in reader:
            yield number, [cell.strip() for cell in cells]
            number = reader.line_num + 1
    except csv.Error as error:
        raise ManifestError(
            en=f"not valid CSV: {error}; look for a quote that is not closed",
            zh=f"CSV 有误：{error}；请检查未闭合的引号",
            path=path,
            place=f"row {number}",
            code="not_csv",
        ) from error


def _xlsx(path: Path, data: bytes) -> Iterator[Row]:
    from openpyxl import load_workbook

    try:
        _check_unpacked_size(path, data)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        # The stated size of the sheet may be wrong; without it the rows themselves count.
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield number, [_cell(value) for value in cells]
    except ManifestError:
        raise
    except Exception as error:
        raise ManifestError(
            en=f"not a readable XLSX file ({type(error).__name__}); save it again, or save it as CSV (UTF-8)",
            zh=f"无法读取该 XLSX 文件（{type(error).__name__}）；请重新保存，或另存为 CSV（UTF-8）",
            path=path,
            code="not_xlsx",
        ) from error


def _check_unpacked_size(path: Path, data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        unpacked = sum(part.file_size for part in archive.infolist())
    if unpacked > _MAX_UNPACKED_BYTES:
        allowed = f"{_MAX_UNPACKED_BYTES // 1024**2} MB"
        raise _too_large(path, f"{allowed} when unpacked", f"{allowed}（解压后）")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _too_large(path: Path, allowed: str, allowed_zh: str) -> ManifestError:
    return ManifestError(
        en=f"larger than {allowed}; split the manifest",
        zh=f"超过 {allowed_zh}；请拆分清单",
        path=path,
        code="too_large",
    )
