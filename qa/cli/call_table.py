"""The table of scored calls and of failed ones."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import TextIO

from rich.table import Table
from rich.text import Text

from qa.bilingual import Bilingual
from qa.cli.console import console_on, printable
from qa.cli.wording import COLOURS, CUSTOMER_TYPES, FLAGS, VERDICTS, name_of, score_text
from qa.errors import CallgradeError
from qa.record import Record
from qa.report.summary import Summary

Titles = Mapping[str, str]
"""Criterion titles by criterion id."""
SHOWN = 4
"""Criteria and flags named in one row; the rest is counted."""
_HEADINGS = (
    Bilingual("call", "通话"),
    Bilingual("lang", "语言"),
    Bilingual("customer", "客户类型"),
    Bilingual("score", "得分"),
    Bilingual("fatal", "一票否决"),
    Bilingual("not met / late", "未达标／过迟"),
    Bilingual("look at", "提示"),
)
_SEPARATOR = Bilingual(", ", "、")


def write_table(records: Sequence[Record], stream: TextIO, *, titles: Mapping[str, Titles], summary: Summary) -> None:
    """Write one row a call and a summary line. `titles` holds those of each scorecard id."""
    table = _table(_HEADINGS)
    names = call_names(record["recording"]["path"] for record in records)
    for name, record in zip(names, records, strict=True):
        known = titles.get(record["scorecard"]["id"], {})
        table.add_row(
            Text(printable(name)),
            record["language"],
            _type(record),
            _score(record),
            Text(_listed([known.get(c, c) for c in record["fatal_failed"]]), style=COLOURS["not_met"]),
            _failed(record, known),
            Text(_listed([name_of(FLAGS, flag) for flag in record["flags"] if not flag.startswith("fatal:")])),
        )
    console = console_on(stream)
    console.print(table)
    console.print(Text(summary_line(summary), style="bold"), soft_wrap=True)


def write_failures(errors: Iterable[CallgradeError], stream: TextIO) -> None:
    """Write one row a failed call: file, place in it, and what is wrong with what to do."""
    headings = (
        Bilingual("file", "文件"),
        Bilingual("place", "位置"),
        Bilingual("what is wrong, and what to do", "原因与解决办法"),
    )
    table = _table(headings)
    for error in errors:
        table.add_row(
            Text(printable(error.path), style="bold"),
            Text(printable(error.place)),
            Text(printable(error.message.in_language())),
        )
    console_on(stream).print(table)


def summary_line(summary: Summary) -> str:
    """The run in one sentence."""
    types = str(_SEPARATOR).join(
        f"{name_of(_TYPES_AND_UNSURE, name)} {count}" for name, count in summary.customer_types.items()
    )
    mean = "–" if summary.mean_score is None else f"{summary.mean_score:.1f}"
    said = Bilingual(
        f"{_calls(summary.calls)}, mean score {mean}, {summary.passed} passed, {summary.fatal} fatal, "
        f"{summary.flagged} to look at. Customers: {types or '–'}",
        f"共 {summary.calls} 通，平均分 {mean}，及格 {summary.passed} 通，一票否决 {summary.fatal} 通，"
        f"需关注 {summary.flagged} 通。客户：{types or '–'}",
    )
    return str(said)


def call_names(paths: Iterable[str]) -> list[str]:
    """File names, with as many parent folders as tell calls apart."""
    parts = [PurePath(path).parts or ("",) for path in paths]
    depth = 1
    while depth < 8 and len({part[-depth:] for part in parts}) < len(set(parts)):
        depth += 1
    return ["/".join(part[-depth:]) for part in parts]


_TYPES_AND_UNSURE = {**CUSTOMER_TYPES, "unsure": Bilingual("unsure", "待定")}


def _calls(count: int) -> str:
    return "1 call" if count == 1 else f"{count} calls"


def _table(headings: Sequence[Bilingual]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(str(heading), overflow="fold")
    return table


def _type(record: Record) -> Text:
    kind = record["customer_type"]
    name = name_of(CUSTOMER_TYPES, kind["label"])
    if kind["abstained"]:
        return Text(f"{name}?", style="dim")
    return Text(name, style="red" if kind["label"] == "agitated" else "")


def _score(record: Record) -> Text:
    text = score_text(record["score"], record["score_low"], record["score_high"])
    style = {True: "green", False: "bold red"}.get(record["passed"], "dim")
    return Text(text, style=style)


def _failed(record: Record, titles: Titles) -> Text:
    wrong = [result for result in record["results"] if result["verdict"] in ("not_met", "late")]
    # What cost most points comes first.
    wrong.sort(key=lambda result: result["points_awarded"] - result["points_possible"])
    text = Text()
    for place, result in enumerate(wrong[:SHOWN]):
        if place:
            text.append(str(_SEPARATOR))
        title = titles.get(result["criterion_id"], result["criterion_id"])
        late = f" ({name_of(VERDICTS, 'late')})" if result["verdict"] == "late" else ""
        text.append(printable(title) + late, style=COLOURS[result["verdict"]])
    if len(wrong) > SHOWN:
        text.append(f" +{len(wrong) - SHOWN}")
    return text


def _listed(names: Sequence[str]) -> str:
    more = f" +{len(names) - SHOWN}" if len(names) > SHOWN else ""
    return printable(str(_SEPARATOR).join(names[:SHOWN]) + more)
