"""How labels, choices and shifts are written: tables for people, CSV and JSON Lines for programs."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, TextIO

from rich.table import Table
from rich.text import Text

from qa.bilingual import Bilingual
from qa.cli.call_table import call_names
from qa.cli.console import console_on, printable
from qa.labels.choosing import REASONS, Choice, Chosen
from qa.labels.drift import Shift, sentence
from qa.labels.label import CUSTOMER_TYPE, Label
from qa.report.csv_table import BYTE_ORDER_MARK, formula_safe

_LABEL_COLUMNS = ("call", "name", "kind", "value", "author", "time", "source", "note")
_CHOICE_COLUMNS = ("call", "name", "kind", "value", "author", "note", "picked", "priority", "why")
_PICKED = {"random": Bilingual("random sample", "随机样本"), "hard": Bilingual("hard", "疑难")}
_LEVELS = {
    "none": Bilingual("no change", "无变化"),
    "some": Bilingual("some", "有变化"),
    "large": Bilingual("large", "变化大"),
    "too_few": Bilingual("too few", "太少"),
}
_KINDS = {
    "input": Bilingual("input", "输入"),
    "answer": Bilingual("model's answer", "模型结果"),
    "label": Bilingual("labels (random sample)", "人工标签（随机样本）"),
}
_SHOWN_SHIFTS = 15


def write_labels(labels: Iterable[Label], names: Mapping[str, str], stream: TextIO, *, form: str) -> None:
    """Write labels so that they can be imported again; `names` gives the file name of each recording."""
    rows = (
        {
            "call": label.call,
            "name": names.get(label.call, ""),
            "kind": label.kind,
            "value": label.value,
            "author": label.author,
            "time": label.made_at.isoformat() if label.made_at else "",
            "source": label.source,
            "note": label.note,
        }
        for label in labels
    )
    _write(rows, _LABEL_COLUMNS, stream, form)


def write_choices(chosen: Chosen, stream: TextIO, *, form: str) -> None:
    """Write the hard calls, then the random ones; the model's guess is left out, so that it does not lead people."""
    choices = (*chosen.hard, *chosen.random)
    if form != "table":
        _write((_choice_row(choice) for choice in choices), _CHOICE_COLUMNS, stream, form)
        return
    table = _table(
        Bilingual("call", "通话"),
        Bilingual("chosen", "选取方式"),
        Bilingual("priority", "优先度"),
        Bilingual("why", "原因"),
    )
    for name, choice in zip(call_names(choice.name for choice in choices), choices, strict=True):
        table.add_row(Text(printable(name)), str(_PICKED[choice.picked_as]), f"{choice.priority:.2f}", _why(choice))
    console = console_on(stream)
    console.print(table)
    console.print(Text(_counts(chosen), style="bold"), soft_wrap=True)


def write_shifts(found: Sequence[Shift], calls: tuple[int, int], stream: TextIO, *, form: str) -> None:
    """Write the sentence, then the shifts, the largest first."""
    told = sentence(found, calls)
    if form != "table":
        summary = {"kind": "summary", "calls": calls, "en": told.en, "zh": told.zh}
        _write([*({**asdict(shift), "of": shift.kind, "kind": "shift"} for shift in found), summary], (), stream, form)
        return
    console = console_on(stream)
    console.print(Text(printable(str(told)), style="bold"), soft_wrap=True)
    table = _table(
        Bilingual("what", "项目"),
        Bilingual("of", "类别"),
        Bilingual("PSI", "PSI"),
        Bilingual("limit", "界限"),
        Bilingual("change", "变化"),
        Bilingual("from → to (shares or medians)", "前 → 后（占比或中位数）"),
    )
    for shift in found[:_SHOWN_SHIFTS]:
        table.add_row(
            shift.name,
            str(_KINDS[shift.kind]),
            f"{shift.psi:.3f}",
            f"{shift.limit:.3f}",
            str(_LEVELS[shift.level]),
            printable(shift.told),
        )
    console.print(table)


def _choice_row(choice: Choice) -> dict[str, Any]:
    # `picked` and `why` are for people; the import leaves unknown columns alone.
    return {
        "call": choice.call,
        "name": choice.name,
        "kind": CUSTOMER_TYPE,
        "value": "",
        "author": "",
        "note": "",
        "picked": choice.picked_as,
        "priority": f"{choice.priority:.4f}",
        "why": _why(choice),
    }


def _why(choice: Choice) -> str:
    return str(Bilingual(", ", "、")).join(str(REASONS[name]) for name in choice.reasons)


def _counts(chosen: Chosen) -> str:
    said = Bilingual(
        f"{len(chosen.hard)} hard calls and {len(chosen.random)} of the random sample ({len(chosen.sample)} calls so "
        "far). Rates may rest on the random sample only",
        f"疑难 {len(chosen.hard)} 通，随机样本 {len(chosen.random)} 通（样本累计 {len(chosen.sample)} 通）。"
        "统计占比和准确率时只能使用随机样本",
    )
    return str(said)


def _table(*headings: Bilingual) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(str(heading), overflow="fold")
    return table


def _write(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], stream: TextIO, form: str) -> None:
    if form == "jsonl":
        for row in rows:
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")
        return
    stream.write(BYTE_ORDER_MARK)
    writer = csv.writer(stream)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([formula_safe(str(row[name])) for name in columns])
