"""The complaint register's line for one call.

Sources: document 004, process of a complaint (record → first handling → escalation → feedback → follow up);
document 003, article 8 (first reply within 24 hours, result within 3 working days).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from qa.derived import ComplaintEntry, Stage
from qa.judgements.documents import documents
from qa.judgements.judged import Judged

_STATES = {"met": "done", "late": "done", "not_met": "missing", "undetermined": "undetermined"}
_SATURDAY = 5


def complaint_entry(judged: Judged) -> ComplaintEntry | None:
    """The entry of a complaint; None without one. Due times need the recording's start."""
    complaint, form = judged.complaint, documents().register_
    if not complaint.present:
        return None
    begins_s = None
    if complaint.begins_turn is not None:
        begins_s = judged.conversation.turns[complaint.begins_turn].start_s
    started = judged.conversation.recording.started_at
    begins_at = started + timedelta(seconds=begins_s or 0.0) if started else None
    handled = _stage(judged, form.first_handling)
    return ComplaintEntry(
        category=complaint.category,
        begins_turn=complaint.begins_turn,
        begins_s=begins_s,
        begins_at=begins_at,
        recorded=_stage(judged, form.recorded),
        first_handling=handled,
        first_reply_due=begins_at + timedelta(hours=form.first_reply_hours) if begins_at else None,
        result_due=working_days_after(begins_at, form.result_working_days) if begins_at else None,
        escalation=_escalation(judged),
        feedback=_feedback(judged, form.feedback, handled),
        follow_up=_stage(judged, form.follow_up, done="promised"),
    )


def working_days_after(moment: datetime, days: int) -> datetime:
    """The same time of day so many working days (Monday to Friday) later. Public holidays are not known."""
    while days > 0:
        moment += timedelta(days=1)
        days -= moment.weekday() < _SATURDAY
    return moment


def _stage(judged: Judged, names: Iterable[str], *, done: str = "done") -> Stage:
    names = tuple(names)
    state = _STATES.get(judged.verdict_of(names), "not_judged")
    said = judged.said(names)
    if state != "done" or not said:
        return Stage(done if state == "done" else state)
    return Stage(done, said[0].turn_index, said[0].start_s)


def _feedback(judged: Judged, names: Iterable[str], handled: Stage) -> Stage:
    """The result: promised at a time, or given at once where no time was needed because the call solved it."""
    names = tuple(names)
    if judged.verdict_of(names) == "not_applicable" and handled.state == "done":
        return Stage("given", handled.turn_index, handled.start_s)
    return _stage(judged, names, done="promised")


def _escalation(judged: Judged) -> Stage:
    """Passed on by the agent, asked for by the customer, or neither."""
    form, begins = documents().register_, judged.complaint.begins_turn or 0
    for turn, _ in judged.spoken("agent", form.escalated, begin=begins):
        return Stage("escalated", turn.index, turn.start_s)
    for turn, _ in judged.spoken("customer", form.asked_for, begin=begins):
        return Stage("asked_for", turn.index, turn.start_s)
    return Stage("none")
