"""What `qa scorecard try` puts out: a table for people, JSON Lines, or CSV with a row a flip."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, TextIO

from rich.table import Table
from rich.text import Text

from qa.bilingual import Bilingual
from qa.cli.call_table import call_names
from qa.cli.console import console_on, printable
from qa.cli.wording import COLOURS, VERDICTS, name_of, score_text
from qa.privacy import mask
from qa.report.csv_table import BYTE_ORDER_MARK, formula_safe
from qa.report.jsonl import json_line
from qa.whatif.comparison import CallChange, Tally, mean

if TYPE_CHECKING:
    from qa.scorecard import Scorecard

SHOWN = 50
"""Calls in the table, those whose score moves most; the other forms have all."""
COLUMNS = (
    "path", "recording_id", "evaluation_id", "queue", "scorecard", "score_old", "score_new", "passed_old", "passed_new",
    "criterion_id", "verdict_old", "verdict_new", "explanation_new",
)  # fmt: skip


def write_changes(
    changes: Iterable[CallChange],
    tally: Tally,
    stream: TextIO,
    *,
    form: str,
    new: "Scorecard",
    old: "Scorecard | None",
) -> None:
    """Write changed calls, newest first, and the counts that `tally` has when `changes` has run out."""
    if form == "csv":
        _write_csv(changes, stream)
        return
    if form == "jsonl":
        for one in changes:
            stream.write(json_line(_call(one)))
        stream.writelines(map(json_line, _counts(tally)))
        stream.write(json_line(_summary(tally, new, old)))
        return
    _write_table(list(changes), tally, stream, new=new, old=old)


def _write_csv(changes: Iterable[CallChange], stream: TextIO) -> None:
    """A row a flip; a call of which only the score changes has one row without a criterion."""
    stream.write(BYTE_ORDER_MARK)
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for one in changes:
        recording = one.stored.conversation.recording
        facts = (recording.path, recording.id, one.stored.id, recording.queue, one.stored.scorecard)
        scores = (one.old.score, one.new.score, _truth(one.old.passed), _truth(one.new.passed))
        flips: list[tuple[str, ...]] = [
            (flip.criterion_id, flip.old, flip.new, mask(flip.explanation)) for flip in one.flips
        ]
        for flip in flips or [("", "", "", "")]:
            row = (*facts, *scores, *flip)
            writer.writerow([formula_safe(value) if isinstance(value, str) else value for value in row])


def _truth(value: bool | None) -> str:
    return {True: "true", False: "false", None: ""}[value]


def _call(one: CallChange) -> dict[str, Any]:
    recording = one.stored.conversation.recording
    return {
        "kind": "call",
        "id": one.stored.id,
        "recording_id": recording.id,
        "path": recording.path,
        "queue": recording.queue,
        "scorecard": one.stored.scorecard,
        "score": {"old": one.old.score, "new": one.new.score},
        "passed": {"old": one.old.passed, "new": one.new.passed},
        "fatal_failed": {"old": list(one.old.fatal_failed), "new": list(one.new.fatal_failed)},
        "flips": [
            {"criterion_id": each.criterion_id, "old": each.old, "new": each.new, "explanation": mask(each.explanation)}
            for each in one.flips
        ],
    }


def _counts(tally: Tally) -> Iterator[dict[str, Any]]:
    for name, counted in _by_size(tally.flips):
        pairs = [{"old": old, "new": new, "calls": calls} for (old, new), calls in counted.most_common()]
        yield {"kind": "criterion", "criterion_id": name, "calls": counted.total(), "flips": pairs}
    for name, verdicts in tally.added.items():
        yield {"kind": "added", "criterion_id": name, "verdicts": dict(verdicts)}
    for name, verdicts in tally.removed.items():
        yield {"kind": "removed", "criterion_id": name, "verdicts": dict(verdicts)}


def _summary(tally: Tally, new: "Scorecard", old: "Scorecard | None") -> dict[str, Any]:
    return {
        "kind": "summary",
        "new": f"{new.id} {new.version}",
        "old": f"{old.id} {old.version}" if old else None,
        "stored": dict(tally.old_cards),
        "calls": tally.calls,
        "changed": tally.changed,
        "mean_score": {"old": mean(tally.scores_old), "new": mean(tally.scores_new)},
        "passed": {"old": tally.passed_old, "new": tally.passed_new},
    }


def _by_size(flips: dict[str, Counter[Any]]) -> list[tuple[str, Counter[Any]]]:
    return sorted(flips.items(), key=lambda item: (-item[1].total(), item[0]))


def _write_table(
    changes: list[CallChange], tally: Tally, stream: TextIO, *, new: "Scorecard", old: "Scorecard | None"
) -> None:
    titles = {criterion.id: criterion.title for card in (old, new) if card for criterion in card.criteria}
    console = console_on(stream)
    if tally.flips or tally.added or tally.removed:
        console.print(_criteria(tally, titles))
        console.print()
    shown = sorted(changes, key=lambda one: -one.points)[:SHOWN]
    if shown:
        console.print(_calls(shown, titles))
        if more := len(changes) - len(shown):
            said = Bilingual(f"and {more} more; --format csv lists all", f"另有 {more} 通；--format csv 列出全部")
            console.print(Text(str(said), style="dim"))
        console.print()
    console.print(Text(printable(_line(tally, new, old)), style="bold"), soft_wrap=True)


def _criteria(tally: Tally, titles: dict[str, str]) -> Table:
    table = _table(_CRITERIA)
    for name, counted in _by_size(tally.flips):
        text = Text()
        for place, ((before, after), calls) in enumerate(counted.most_common()):
            text.append(f"{', ' if place else ''}{name_of(VERDICTS, before)} → ")
            text.append(name_of(VERDICTS, after), style=COLOURS[after])
            text.append(f" {calls}")
        table.add_row(Text(printable(titles.get(name, name))), str(counted.total()), text)
    for heading, only in ((_ADDED, tally.added), (_REMOVED, tally.removed)):
        for name, verdicts in only.items():
            counts = ", ".join(f"{name_of(VERDICTS, verdict)} {calls}" for verdict, calls in verdicts.most_common())
            table.add_row(Text(printable(titles.get(name, name))), str(heading), Text(counts))
    return table


def _calls(changes: list[CallChange], titles: dict[str, str]) -> Table:
    table = _table(_CALLS)
    names = call_names(one.stored.conversation.recording.path for one in changes)
    for name, one in zip(names, changes, strict=True):
        text = Text()
        if one.old.passed != one.new.passed:
            text.append(f"{_PASSED[one.old.passed]} → {_PASSED[one.new.passed]}")
        fell = (one.new.score or 0) < (one.old.score or 0)
        for flip in one.flips:
            text.append(f"{'; ' if text else ''}{printable(titles.get(flip.criterion_id, flip.criterion_id))}: ")
            text.append(f"{name_of(VERDICTS, flip.old)} → ")
            text.append(name_of(VERDICTS, flip.new), style=COLOURS[flip.new])
        scores = f"{_score(one.old.score)} → {_score(one.new.score)}"
        table.add_row(Text(printable(name)), Text(scores, style="red" if fell else ""), text)
    return table


def _table(headings: tuple[Bilingual, ...]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(str(heading), overflow="fold")
    return table


def _score(value: float | None) -> str:
    return score_text(value, None, None)


def _line(tally: Tally, new: "Scorecard", old: "Scorecard | None") -> str:
    before = f"{old.id} {old.version}" if old else ", ".join(tally.old_cards)
    scores = f"{_score(mean(tally.scores_old))} → {_score(mean(tally.scores_new))}"
    passed = f"{tally.passed_old} → {tally.passed_new}"
    said = Bilingual(
        f"{before or '–'} → {new.id} {new.version}: {tally.calls} calls judged again, {tally.changed} change; "
        f"mean score {scores}, passed {passed}",
        f"{before or '–'} → {new.id} {new.version}：重新判定 {tally.calls} 通，{tally.changed} 通有变化；"
        f"平均分 {scores}，及格 {passed}",
    )
    return str(said)


_CRITERIA = (Bilingual("criterion", "条目"), Bilingual("calls", "通数"), Bilingual("verdicts", "结论变化"))
_CALLS = (Bilingual("call", "通话"), Bilingual("score", "得分"), Bilingual("flips", "变化"))
_PASSED = {
    True: Bilingual("passed", "及格"),
    False: Bilingual("failed", "不及格"),
    None: Bilingual("no score", "无分数"),
}
_ADDED = Bilingual("new", "新增")
_REMOVED = Bilingual("gone", "移除")
