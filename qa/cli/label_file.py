"""Label files: CSV, XLSX or JSON Lines in; a bad row is named by file and line, and the rest goes on."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from qa.batch.table import read_table
from qa.bilingual import Bilingual
from qa.errors import InputError, UsageError
from qa.labels.label import CUSTOMER_TYPE, MAX_NOTE, Label, LabelFault, kind_of, source_of, value_of
from qa.store.labels import CallNames

COLUMNS = ("call", "kind", "value", "author", "time", "source", "note")
_HEADINGS = {
    "通话": "call",
    "类别": "kind",
    "标签": "value",
    "标注人": "author",
    "时间": "time",
    "来源": "source",
    "备注": "note",
}
_FORMULA = "=+-@＝＋－＠"


@dataclass(frozen=True, slots=True)
class LabelFile:
    """The good rows, what is wrong with the bad ones, and how many have no value yet."""

    labels: tuple[Label, ...]
    errors: tuple[InputError, ...]
    empty: int


def read_labels(path: Path, names: CallNames, *, author: str = "") -> LabelFile:
    """Read a label file; `author` stands for rows that name none. UsageError when the whole file cannot be used."""
    if not path.is_file():
        raise UsageError(path=path, code="unreadable", en="no such file of labels", zh="标签文件不存在")
    labels: list[Label] = []
    errors: list[InputError] = []
    empty = 0
    for number, row in _rows(path):
        try:
            if isinstance(row, LabelFault):
                raise row
            if not str(row.get("value") or "").strip():
                empty += 1
                continue
            labels.append(_label(row, names, author))
        except LabelFault as fault:
            place = str(Bilingual(f"line {number}", f"第 {number} 行"))
            errors.append(
                InputError(path=path, place=place, en=fault.message.en, zh=fault.message.zh, code="bad_label")
            )
    return LabelFile(tuple(labels), tuple(errors), empty)


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, Any] | LabelFault]]:
    with path.open("rb") as stream:
        start = stream.read(1024).removeprefix(b"\xef\xbb\xbf").lstrip()
    return _json_rows(path) if start.startswith(b"{") else _table_rows(path)


def _json_rows(path: Path) -> Iterator[tuple[int, Mapping[str, Any] | LabelFault]]:
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line.decode("utf-8-sig"))
            except (ValueError, RecursionError) as error:
                yield number, LabelFault(f"not JSON: {error}", f"不是 JSON：{error}")
                continue
            good = isinstance(row, dict) and all(value is None or isinstance(value, str) for value in row.values())
            yield number, row if good else LabelFault("not a JSON object of texts", "不是由文字组成的 JSON 对象")


def _table_rows(path: Path) -> Iterator[tuple[int, Mapping[str, Any] | LabelFault]]:
    rows = read_table(path)
    header = next(rows, (1, []))[1]
    columns = [_HEADINGS.get(name.strip(), name.strip().lower()) for name in header]
    missing = [name for name in ("call", "value") if name not in columns]
    if missing:
        raise UsageError(
            path=path,
            place="row 1",
            code="no_column",
            en=f"no column {', '.join(missing)} in the header; a label file has {', '.join(COLUMNS)}",
            zh=f"表头缺少 {'、'.join(missing)} 列；标签文件的列为 {'、'.join(_HEADINGS)}",
        )
    for number, cells in rows:
        if any(cells[len(columns) :]):
            yield number, LabelFault("has more cells than the header", "单元格多于表头列数")
        else:
            yield number, dict(zip(columns, map(_without_guard, cells), strict=False))


def _without_guard(cell: str) -> str:
    """The text of a cell that was guarded against being run as a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:].lstrip()[:1] in tuple(_FORMULA) else cell


def _label(row: Mapping[str, Any], names: CallNames, author: str) -> Label:
    text = {name: str(row.get(name) or "").strip() for name in COLUMNS}
    kind = kind_of(text["kind"] or CUSTOMER_TYPE)
    by = text["author"] or author
    if not by:
        raise LabelFault("names no author; fill the column, or give --author", "缺少标注人；请填写该列或给出 --author")
    if len(text["note"]) > MAX_NOTE or len(by) > MAX_NOTE:
        raise LabelFault(f"a text is longer than {MAX_NOTE} characters", f"文字超过 {MAX_NOTE} 字")
    return Label(
        call=names.recording_id(text["call"]),
        kind=kind,
        value=value_of(kind, text["value"]),
        author=by,
        made_at=_time(text["time"]),
        source=source_of(text["source"]),
        note=text["note"],
    )


def _time(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise LabelFault(
            f"the time {text[:40]!r} is not like 2026-11-22 or 2026-11-22T09:30+08:00",
            f"时间 {text[:40]!r} 格式不对，应如 2026-11-22 或 2026-11-22T09:30+08:00",
        ) from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if moment > datetime.now(UTC):
        raise LabelFault(f"the time {text[:40]!r} lies in the future", f"时间 {text[:40]!r} 在将来")
    return moment
