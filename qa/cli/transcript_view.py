"""One record as a page for the terminal: head, customer type, criteria, transcript with the evidence marked."""

from collections import defaultdict
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from qa.bilingual import Bilingual
from qa.cli.call_table import Titles, call_names
from qa.cli.console import console_on, printable
from qa.cli.outlook_view import write_outlook
from qa.cli.wording import (
    CATEGORIES,
    COLOURS,
    CUSTOMER_TYPES,
    FLAGS,
    MATCHES,
    QUADRANTS,
    ROLES,
    SUSPECT,
    VERDICTS,
    moment,
    name_of,
    score_text,
)
from qa.record import Record
from qa.scorecard import SHIPPED, load_scorecard

_ROLE_COLOURS = {"agent": "blue", "customer": "magenta"}
# A verdict that needs attention comes first.
_ORDER = ("not_met", "late", "undetermined", "met", "not_applicable")
# Whole turns that stand as evidence are pointed at, not marked.
_UNMARKED = ("measure", "place")
LONGEST_QUOTE = 30
"""Characters of a quote below its turn; the turn itself stands right above."""


def write_call(record: Record, stream: TextIO) -> None:
    """Write the page of one record, masked already where it must be."""
    console = console_on(stream)
    titles = titles_of(record)
    _head(record, console)
    _customer(record, console)
    write_outlook(record, console)
    _results(record, titles, console)
    _transcript(record, titles, console)


def titles_of(record: Record) -> Titles:
    """Criterion titles of a shipped scorecard; empty for others, whose ids then stand for themselves."""
    name = record["scorecard"]["id"]
    if name not in SHIPPED:
        return {}
    return {criterion.id: criterion.title for criterion in load_scorecard(name).criteria}


def _head(record: Record, console: Console) -> None:
    recording = record["recording"]
    name = call_names([recording["path"]])[0]
    passed = {True: Bilingual("passed", "及格"), False: Bilingual("not passed", "不及格")}.get(record["passed"])
    head = Text(printable(name), style="bold")
    score = score_text(record["score"], record["score_low"], record["score_high"])
    style = {True: "bold green", False: "bold red"}.get(record["passed"], "bold")
    head.append(f"  {Bilingual('score', '得分')} {score}", style=style)
    head.append(f"  {passed or ''}", style=style)
    console.print(head)
    facts = [
        record["language"],
        moment(recording["duration_s"]),
        _pair(Bilingual("agent", "坐席"), recording["agent_id"]),
        _pair(Bilingual("queue", "队列"), recording["queue"]),
        _pair(Bilingual("began", "开始"), recording["started_at"]),
        f"{record['scorecard']['id']} {record['scorecard']['version']}",
        _pair(Bilingual("style", "服务风格"), name_of(QUADRANTS, record["style"]["quadrant"])),
    ]
    console.print(Text(printable("  ".join(fact for fact in facts if fact)), style="dim"))
    if record["fatal_failed"]:
        before = record["score_before_fatal"]
        told = Bilingual(
            f"A fatal criterion failed, so the score is 0; without it: {before:g}",
            f"触发一票否决，得分为 0；否决前：{before:g}",
        )
        console.print(Text(str(told) if before is not None else "", style="bold red"))
    flags = [name_of(FLAGS, flag) for flag in record["flags"] if not flag.startswith("fatal:")]
    if flags:
        console.print(Text(f"{Bilingual('Look at: ', '提示：')}{', '.join(flags)}", style="yellow"))
    for warning in record["warnings"]:
        console.print(Text(f"! {printable(warning)}", style="yellow"))


def _pair(name: Bilingual, value: str | None) -> str:
    return f"{name} {value}" if value else ""


def _cue(name: str) -> str:
    """A cue is stored in both languages, "English / 中文"."""
    english, _, chinese = name.partition(" / ")
    return str(Bilingual(english, chinese or english))


def _customer(record: Record, console: Console) -> None:
    kind = record["customer_type"]
    chances = ", ".join(f"{name_of(CUSTOMER_TYPES, label)} {p:.0%}" for label, p in kind["probabilities"].items())
    label = name_of(CUSTOMER_TYPES, kind["label"])
    if kind["abstained"]:
        label = str(Bilingual(f"not sure (perhaps {label})", f"待定（可能是{label}）"))
    console.print()
    console.print(Text(f"{Bilingual('Customer: ', '客户类型：')}{label}", style="bold"), Text(f"({chances})", "dim"))
    for reason in kind["reasons"]:
        place = "" if reason["turn_index"] is None else f" [{reason['turn_index'] + 1}]"
        quote = f" “{reason['quote']}”" if reason["quote"] else ""
        console.print(Text(f"  {reason['weight']:+.2f}{place} {printable(_cue(reason['cue']) + quote)}"))
    complaint = record["complaint"]
    if complaint["present"]:
        turn = (complaint["begins_turn"] or 0) + 1
        category = name_of(CATEGORIES, complaint["category"])
        console.print(
            Text(str(Bilingual(f"Complains from turn {turn}: {category}", f"第 {turn} 句起投诉：{category}")))
        )


def _results(record: Record, titles: Titles, console: Console) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in (
        Bilingual("verdict", "结论"),
        Bilingual("points", "得分"),
        Bilingual("criterion", "条目"),
        Bilingual("explanation", "说明"),
    ):
        table.add_column(str(heading), overflow="fold")
    skipped = 0
    for result in sorted(record["results"], key=_attention):
        verdict = result["verdict"]
        if verdict == "not_applicable":
            skipped += 1
            continue
        possible = result["points_possible"]
        table.add_row(
            Text(name_of(VERDICTS, verdict), style=COLOURS[verdict]),
            f"{result['points_awarded']:g}/{possible:g}" if possible else "–",
            Text(printable(titles.get(result["criterion_id"], result["criterion_id"]))),
            _explained(result),
        )
    console.print()
    console.print(table)
    if skipped:
        told = Bilingual(f"({skipped} that do not apply are left out)", f"（另有 {skipped} 项不适用）")
        console.print(Text(str(told), style="dim"))


def _explained(result: Record) -> Text:
    """The rule's sentence, and below it what would have kept the points."""
    text = Text(printable(result["explanation"]))
    if lesson := result.get("lesson"):
        text.append(f"\n{printable(str(Bilingual(**lesson['text'])))}", style="dim")
    return text


def _attention(result: Record) -> int:
    return _ORDER.index(result["verdict"]) if result["verdict"] in _ORDER else len(_ORDER)


def _transcript(record: Record, titles: Titles, console: Console) -> None:
    noted: dict[int, list[tuple[Record, Record]]] = defaultdict(list)
    for result in record["results"]:
        if result["verdict"] != "not_applicable":
            for piece in result["evidence"]:
                noted[piece["turn_index"]].append((result, piece))
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(justify="right", style="dim", no_wrap=True)
    table.add_column(justify="right", style="dim", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for turn in record["turns"]:
        role = name_of(ROLES, turn["role"]) + ("?" if turn["role_confidence"] < 0.6 else "")
        table.add_row(
            str(turn["index"] + 1),
            moment(turn["start_s"]),
            Text(role, style=_ROLE_COLOURS.get(turn["role"], "dim")),
            _said(turn, noted[turn["index"]]),
        )
        for note in _notes(noted[turn["index"]], titles):
            table.add_row("", "", "", note)
    console.print()
    console.print(table)


def _said(turn: Record, evidence: list[tuple[Record, Record]]) -> Text:
    # Cells are counted on the text as stored, so marks are set before anything is replaced.
    text = Text(printable(turn["text"]))
    if turn["suspect"]:
        text.stylize("dim strike")
        text.append(f" ({name_of(SUSPECT, turn['suspect'])})", style="dim")
        return text
    for result, piece in evidence:
        start, end = piece["char_start"], piece["char_end"]
        if piece["match"] not in _UNMARKED and start is not None and end is not None:
            text.stylize(f"{COLOURS[result['verdict']]} underline", start, end)
    return text


def _short(quote: str) -> str:
    return quote if len(quote) <= LONGEST_QUOTE else f"{quote[:LONGEST_QUOTE]}…"


def _notes(evidence: list[tuple[Record, Record]], titles: Titles) -> list[Text]:
    """A line for each criterion that found words here, and one for all that missed theirs."""
    quotes: dict[str, list[str]] = defaultdict(list)
    verdicts: dict[str, str] = {}
    missed: dict[str, str] = {}
    for result, piece in evidence:
        name = result["criterion_id"]
        if piece["match"] == "place":
            missed[name] = printable(titles.get(name, name))
            continue
        verdicts[name] = result["verdict"]
        if piece["match"] not in _UNMARKED:
            how = "" if piece["match"] in ("exact", "regex") else f" ({name_of(MATCHES, piece['match'])})"
            quotes[name].append(f"“{_short(printable(piece['quote']))}”{how}")
    notes = []
    for name, verdict in verdicts.items():
        note = Text("└ ", style="dim")
        note.append(f"{printable(titles.get(name, name))}: {name_of(VERDICTS, verdict)}", style=COLOURS[verdict])
        note.append(f" {' '.join(dict.fromkeys(quotes[name]))}", style="dim")
        notes.append(note)
    if missed:
        note = Text(f"└ {Bilingual('missing here: ', '此处缺少：')}", style=COLOURS["not_met"])
        note.append(str(Bilingual(", ", "、")).join(missed.values()))
        notes.append(note)
    return notes
