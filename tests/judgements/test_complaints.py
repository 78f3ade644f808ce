"""The complaint register and the psychology of a complaint."""

from datetime import UTC, datetime

import pytest

from qa.judgements.psychology import psychology
from qa.judgements.register import complaint_entry, working_days_after

# name, verdicts, {stage: state}
STAGES = [
    ("all done", {}, {"recorded": "done", "first_handling": "done", "feedback": "promised", "follow_up": "promised"}),
    ("solved at once", {"time_commitment": "not_applicable"}, {"feedback": "given"}),
    ("no solution either", {"time_commitment": "not_applicable", "solution": "not_met"}, {"feedback": "not_judged"}),
    ("late is done", {"solution": ("late", 6)}, {"first_handling": "done"}),
    ("missing", {"follow_up": "not_met", "fact_gathering": "not_met"}, {"follow_up": "missing", "recorded": "missing"}),
    ("unsure", {"solution": "undetermined"}, {"first_handling": "undetermined"}),
    ("na", {"follow_up": "not_applicable"}, {"follow_up": "not_judged"}),
]


@pytest.mark.parametrize(("name", "verdicts", "states"), STAGES, ids=[case[0] for case in STAGES])
def test_stages(judged, name, verdicts, states):
    """Document 004: record, first handling, feedback, follow-up."""
    entry = complaint_entry(judged(verdicts))
    assert {stage: getattr(entry, stage).state for stage in states} == states


def test_place_of_a_stage(judged):
    """A stage that was done keeps its turn and time."""
    handled = complaint_entry(judged({"solution": ("met", 6)})).first_handling
    assert (handled.turn_index, handled.start_s) == (6, 60.0)


def test_due_times(judged):
    """Document 003: first reply within 24 hours, result within 3 working days, from the complaint's own second."""
    friday = datetime(2025, 3, 7, 10, 0, tzinfo=UTC)
    entry = complaint_entry(judged({}, started_at=friday))
    assert entry.begins_at == datetime(2025, 3, 7, 10, 0, 10, tzinfo=UTC)
    assert entry.first_reply_due == datetime(2025, 3, 8, 10, 0, 10, tzinfo=UTC)
    assert entry.result_due == datetime(2025, 3, 12, 10, 0, 10, tzinfo=UTC)


def test_unknown_start(judged):
    """Without the recording's start there are no due times, and without a complaint no entry."""
    entry = complaint_entry(judged({}))
    assert (entry.begins_at, entry.first_reply_due, entry.result_due) == (None, None, None)
    assert entry.category == "price"
    assert complaint_entry(judged({}, complaint=None)) is None


@pytest.mark.parametrize(("day", "days", "due"), [(3, 3, 6), (6, 3, 11), (8, 3, 12), (9, 1, 10), (3, 0, 3)])
def test_working_days(day, days, due):
    """March 2025: the 3rd is a Monday; Saturdays and Sundays do not count."""
    assert working_days_after(datetime(2025, 3, day, tzinfo=UTC), days).day == due


# language, what the customer says from turn 1 on, what the agent answers, kind, followed
SAID = [
    ("zh", ["你们什么态度！"], "您请讲", "seeks_respect", "met"),
    ("zh", ["我要你们赔偿我的损失"], "我们给您补偿一张优惠券", "seeks_compensation", "met"),
    ("zh", ["我要你们赔偿我的损失"], "您请讲", "seeks_compensation", "not_met"),
    ("zh", ["真是气死我了，都第三次了"], "您请讲", "seeks_venting", "met"),
    ("zh", ["骗子公司，我要曝光你们"], "您说得对，感谢您指出来", "hostile", "met"),
    ("zh", ["态度太差", "你们就是骗子", "垃圾公司"], "您请讲", "hostile", "not_met"),
    ("zh", ["态度太差，给我退款"], "您请讲", "seeks_compensation", "not_met"),
    ("en", ["I want a refund"], "I will refund you today", "seeks_compensation", "met"),
    ("en", ["you were so rude to me"], "please go on", "seeks_respect", "met"),
    ("en", ["this is ridiculous, I'm fed up"], "please go on", "seeks_venting", "met"),
    ("en", ["it's a scam, I'll call my lawyer"], "You're right, thank you for telling us", "hostile", "met"),
]


@pytest.mark.parametrize(("language", "customer", "agent", "kind", "followed"), SAID)
def test_psychology(judged, language, customer, agent, kind, followed):
    """Document 001: what the customer seeks, by most turns, and whether the advice was followed."""
    turns = [("agent", "…")]
    for words in customer:
        turns += [("customer", words), ("agent", agent)]
    found = psychology(judged({}, turns=turns, language=language))
    assert (found.kind, found.followed) == (kind, followed)
    assert all(cue.quote in turns[cue.turn_index][1] for cue in found.cues)


@pytest.mark.parametrize(
    ("turns", "complaint"),
    [
        ([("agent", "…"), ("customer", "我的宽带不能上网了")], 1),
        ([("agent", "…"), ("customer", "你们什么态度")], None),
        ([("agent", "您是要退款吗，态度不好请您投诉"), ("customer", "是的")], 1),
        ([("agent", "…"), ("customer", "以前有人骗我的钱"), ("agent", "…"), ("customer", "你们太慢了")], 3),
    ],
)
def test_no_psychology(judged, turns, complaint):
    """No cue, no complaint, the agent's words, or words before the complaint: null."""
    assert psychology(judged({}, turns=turns, complaint=complaint)) is None


ESCALATION = [
    ("zh", "agent", "我现在把您的问题上报给主管", "escalated"),
    ("zh", "customer", "叫你们经理来听电话", "asked_for"),
    ("zh", "agent", "我帮您查一下", "none"),
    ("en", "agent", "I will escalate this today", "escalated"),
    ("en", "agent", "let me pass you on to my supervisor", "escalated"),
    ("en", "customer", "I want to speak to a manager", "asked_for"),
    ("en", "customer", "the manager of my bank is nice", "none"),
]


@pytest.mark.parametrize(("language", "role", "words", "state"), ESCALATION)
def test_escalation(judged, language, role, words, state):
    """Passed on by the agent, asked for by the customer, or neither."""
    turns = [("agent", "…"), ("customer", "…"), (role, words)]
    assert complaint_entry(judged({}, turns=turns, language=language)).escalation.state == state
