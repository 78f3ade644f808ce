"""A manifest lists calls and what is known of them: CSV or XLSX with a column `path` (录音).

Paths are relative to the manifest's folder and may not leave it. A bad row becomes a failure that names the manifest
and the row; the others go on.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qa.audio.recording import safe_path
from qa.batch.discovery import Transcripts
from qa.batch.found import Found, without_duplicates
from qa.batch.kinds import kind_of
from qa.batch.manifest_row import COLUMNS, RowError, metadata_of
from qa.batch.pairing import reference_of, stem_path
from qa.batch.source import CallSource
from qa.batch.table import read_table
from qa.errors import InputError, ManifestError


def read_manifest(path: Path, *, transcripts: Transcripts = "ignore") -> Found:
    """Read the calls that the manifest names, in its order; `transcripts` as in `discover`.

    Raises ManifestError when it cannot be read, is empty, or lacks the column `path`.
    """
    reader = _Reader(path, transcripts)
    rows = read_table(path)
    header = next(rows, None)
    if header is None:
        raise ManifestError(
            en="the manifest is empty; the first row names the columns, at least `path`",
            zh="清单为空；首行应为列名，至少包含 path（录音）",
            path=path,
            code="empty",
        )
    columns = _columns(path, header[1])
    count = 0
    for number, cells in rows:
        count += 1
        reader.take(number, cells, columns)
    if not count:
        raise ManifestError(
            en="the manifest has a header but no rows; add one row a call",
            zh="清单只有表头，没有数据；请每通电话填写一行",
            path=path,
            code="empty",
        )
    sources, duplicates = without_duplicates(reader.sources)
    return Found(sources, tuple(reader.failures), duplicates, dict(+reader.left_out))


def described_by(found: Found, manifest: Found) -> Found:
    """Give the calls in `found` what `manifest` says of them; rows for other calls are counted, not scored."""
    by_file = {source.path.resolve(): source for source in manifest.sources}
    by_file.update({duplicate.path.resolve(): by_file[duplicate.of.resolve()] for duplicate in manifest.duplicates})
    by_stem = {stem_path(path): source for path, source in by_file.items()}
    used: set[int] = set()
    sources = []
    for source in found.sources:
        real = source.path.resolve()
        row = by_file.get(real) or by_stem.get(stem_path(real))
        if row is not None:
            used.add(id(row))
            source = replace(source, metadata=row.metadata)  # noqa: PLW2901 - the same call, described
        sources.append(source)
    left_out = Counter(found.left_out)
    left_out["not_asked"] += sum(id(source) not in used for source in manifest.sources)
    failures = (*found.failures, *manifest.failures)
    return Found(tuple(sources), failures, found.duplicates, dict(+left_out))


@dataclass(frozen=True, slots=True)
class _Columns:
    names: Sequence[str]
    fields: Sequence[str | None]

    def cells(self, row: Sequence[str], *, known: bool) -> Iterator[tuple[str, str]]:
        for name, field, cell in zip(self.names, self.fields, row, strict=False):
            if known and field:
                yield field, cell
            elif not known and not field and name:
                yield name, cell


class _Reader:
    def __init__(self, manifest: Path, transcripts: Transcripts) -> None:
        self.sources: list[CallSource] = []
        self.failures: list[InputError] = []
        self.left_out: Counter[str] = Counter()
        self._manifest = manifest
        self._folder = manifest.absolute().parent
        self._transcripts = transcripts
        self._rows: dict[Path, int] = {}

    def take(self, number: int, cells: Sequence[str], columns: _Columns) -> None:
        named = dict(columns.cells(cells, known=True)).get("path", "")
        try:
            source = self._call(number, named, cells, columns)
        except RowError as error:
            self._fail(number, named, error.code, error.message.en, error.message.zh)
        except InputError as error:
            self._fail(number, named, error.code, error.message.en, error.message.zh)
        else:
            self._add(source)

    def _call(self, number: int, named: str, cells: Sequence[str], columns: _Columns) -> CallSource:
        if any(cells[len(columns.names) :]):
            raise RowError("too_many_cells", "has more cells than the header", "单元格多于表头列数")
        if not named:
            raise RowError("no_path", "names no file in the column path", "path（录音）列为空")
        known = dict(columns.cells(cells, known=True))
        metadata = metadata_of(known, dict(columns.cells(cells, known=False)))
        path = self._inside(named, number)
        return CallSource(path, kind_of(path) or "recording", metadata)

    def _inside(self, named: str, number: int) -> Path:
        # Windows tools write backslashes; no such file exists here under that name.
        written = Path(named)
        if "\\" in named and "\0" not in named and not (self._folder / written).exists():
            written = Path(named.replace("\\", "/"))
        path = safe_path(self._folder / written, self._folder)
        if not path.is_file():
            raise RowError("not_regular", "is not a regular file", "不是普通文件")
        if path in self._rows:
            first = self._rows[path]
            raise RowError("duplicate_row", f"names the same file as row {first}", f"与第 {first} 行是同一文件")
        self._rows[path] = number
        return path

    def _add(self, source: CallSource) -> None:
        if self._transcripts != "ignore" and source.kind == "recording":
            reference = reference_of(source.path)
            if self._transcripts == "only":
                if reference is None:
                    self.left_out["recording"] += 1
                    return
                source = replace(source, path=reference, kind="transcript")
            else:
                source = replace(source, reference=reference)
        self.sources.append(source)

    def _fail(self, number: int, named: str, code: str, en: str, zh: str) -> None:
        place = f"{self._manifest.name} row {number}"
        shown = named.replace("\0", "\\0") or str(self._manifest)
        self.failures.append(InputError(en=en, zh=zh, path=shown, place=place, code=code))


def _columns(manifest: Path, header: Sequence[str]) -> _Columns:
    fields = [COLUMNS.get(name.lower().replace(" ", "_")) for name in header]
    # Two names of one field are one column, too.
    known = [field or name for field, name in zip(fields, header, strict=True) if name]
    if "path" not in known:
        raise ManifestError(
            en=f"no column `path` in the header ({', '.join(header[:8])}); name the column of file names `path`",
            zh=f"表头中没有 path（录音）列（现有：{'、'.join(header[:8])}）；请将文件名所在列命名为 path 或 录音",
            path=manifest,
            place="row 1",
            code="no_path_column",
        )
    twice = [name for name, count in Counter(known).items() if count > 1]
    if twice:
        raise ManifestError(
            en=f"columns appear twice in the header: {', '.join(twice)}; keep one of each",
            zh=f"表头中有重复的列：{'、'.join(twice)}；请各保留一列",
            path=manifest,
            place="row 1",
            code="duplicate_column",
        )
    return _Columns(header, fields)
