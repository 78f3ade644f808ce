"""A table for spreadsheets: one row a call, one column a criterion with its verdict."""

import csv
from collections.abc import Iterable
from typing import Any, TextIO

from qa.record import Record

BYTE_ORDER_MARK = "\ufeff"
_FORMULA = "=+-@＝＋－＠"
_FLOWS = ("seven_step", "ten_step", "four_step", "seven_service")
COLUMNS = (
    "id",
    "path",
    "duration_s",
    "started_at",
    "agent_id",
    "queue",
    "direction",
    "language",
    "scorecard",
    "customer_type",
    "customer_type_abstained",
    "customer_type_probability",
    "special_customer",
    "complaint",
    "complaint_begins_turn",
    "complaint_category",
    "score",
    "score_low",
    "score_high",
    "score_before_fatal",
    "passed",
    "fatal_failed",
    "procedure",
    "warmth",
    "style",
    "seven_step_coverage",
    "ten_step_coverage",
    "four_step_coverage",
    "seven_service_coverage",
    "seven_elements",
    "seven_elements_outlook",
    "expectation",
    "calmer",
    "complaint_psychology",
    "first_reply_due",
    "result_due",
    "escalation",
    "follow_up",
    "flags",
    "warnings",
)


def write_csv(records: Iterable[Record], stream: TextIO) -> None:
    """Write the table in UTF-8 with a byte order mark, which Excel needs to read Chinese.

    Texts that a spreadsheet would run as a formula get a leading apostrophe. Criteria of several scorecards stand side
    by side; a call that was not judged by one leaves its column empty.
    """
    rows = [(_facts(record), _verdicts(record)) for record in records]
    criteria = list(dict.fromkeys(name for _, verdicts in rows for name in verdicts))
    stream.write(BYTE_ORDER_MARK)
    writer = csv.writer(stream)
    writer.writerow([*COLUMNS, *criteria])
    for facts, verdicts in rows:
        writer.writerow([_cell(value) for value in (*facts, *(verdicts.get(name, "") for name in criteria))])


def _facts(record: Record) -> tuple[Any, ...]:
    recording, kind, complaint = record["recording"], record["customer_type"], record["complaint"]
    return (
        record["id"],
        recording["path"],
        recording["duration_s"],
        recording["started_at"],
        recording["agent_id"],
        recording["queue"],
        recording["direction"],
        record["language"],
        f"{record['scorecard']['id']} {record['scorecard']['version']}",
        kind["label"],
        kind["abstained"],
        kind["probabilities"].get(kind["label"]),
        record["special_customer"],
        complaint["present"],
        complaint["begins_turn"],
        complaint["category"],
        record["score"],
        record["score_low"],
        record["score_high"],
        record["score_before_fatal"],
        record["passed"],
        record["fatal_failed"],
        record["style"]["procedure"],
        record["style"]["warmth"],
        record["style"]["quadrant"],
        *_derived(record),
        record["flags"],
        record["warnings"],
    )


def _derived(record: Record) -> tuple[Any, ...]:
    """What follows from the findings; empty where nothing applies, and in records of older versions."""
    flows = record.get("flows") or {}
    elements, register = record.get("seven_elements") or {}, record.get("complaint_register") or {}
    return (
        *((flows.get(name) or {}).get("coverage") for name in _FLOWS),
        elements.get("met"),
        elements.get("outlook"),
        (record.get("expectation") or {}).get("outlook"),
        (record.get("de_escalation") or {}).get("calmer"),
        (record.get("complaint_psychology") or {}).get("kind"),
        register.get("first_reply_due"),
        register.get("result_due"),
        register.get("escalation", {}).get("state"),
        register.get("follow_up", {}).get("state"),
    )


def _verdicts(record: Record) -> dict[str, str]:
    return {result["criterion_id"]: result["verdict"] for result in record["results"]}


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        value = "; ".join(map(str, value))
    return formula_safe(value) if isinstance(value, str) else value


def formula_safe(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would take for a formula."""
    risky = text[:1] in ("\t", "\r", "\n") or text.lstrip()[:1] in tuple(_FORMULA)
    return f"'{text}" if risky else text
