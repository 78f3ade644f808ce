"""Seven elements, expectation and de-escalation."""

import pytest

from qa.evaluation import CustomerType, Mood
from qa.judgements.deescalation import de_escalation
from qa.judgements.elements import outlook_of, seven_elements
from qa.judgements.outlook import expectation

OUTLOOKS = ["enemy_made"] * 3 + ["may_not_return"] * 2 + ["not_guaranteed"] * 2 + ["resentment_removed"]


@pytest.mark.parametrize(("met", "outlook"), enumerate(OUTLOOKS))
def test_outlook_of_a_count(met, outlook):
    """Document 002, 9-1: seven, five and more, about four, two or fewer."""
    assert outlook_of(met) == outlook


# name, verdicts, (met, most, outlook)
ELEMENTS = [
    ("all", {}, (7, 7, "resentment_removed")),
    ("late is not done well", {"timely_apology": "late"}, (6, 6, "not_guaranteed")),
    ("said something forbidden", {"argues": "not_met", "solution": "not_met"}, (4, 4, "may_not_return")),
    ("unsure may be either", {"follow_up": "undetermined"}, (6, 7, None)),
    ("unsure makes no difference", {"follow_up": "undetermined", "soothing": "late"}, (5, 6, "not_guaranteed")),
    ("time not needed: solved in the call", {"time_commitment": "not_applicable"}, (7, 7, "resentment_removed")),
]


@pytest.mark.parametrize(("name", "verdicts", "expected"), ELEMENTS, ids=[case[0] for case in ELEMENTS])
def test_seven_elements(judged, name, verdicts, expected):
    """The count, at least and at most, and the document's outlook."""
    found = seven_elements(judged(verdicts))
    assert (found.met, found.most, found.outlook) == expected


def test_no_elements(judged):
    """Without a complaint, or where nothing could be judged, there is no count."""
    assert seven_elements(judged({}, complaint=None)) is None
    assert seven_elements(judged({}, default="undetermined")) is None


PLAIN = ["cause_explanation", "ask_opinion", "time_commitment", "follow_up", "prevent_recurrence", "satisfaction_check"]
# name, verdicts, outlook, codes of the reasons
EXPECTED = [
    ("more than asked", {}, "exceeded", PLAIN),
    ("what was asked", dict.fromkeys(PLAIN, "not_applicable"), "met", ["solution", "timely_apology"]),
    ("late is never more", {"timely_apology": "late"}, "met", ["solution", "timely_apology"]),
    ("no solution", {"solution": "not_met"}, "below", ["solution"]),
    ("one wrong is enough", {"argues": ("not_met", 4)}, "below", ["argues"]),
    ("no double counting", {"no_timely_apology": "not_met", "timely_apology": "not_met"}, "below", ["timely_apology"]),
    ("unsure", {"solution": "undetermined"}, None, []),
]


@pytest.mark.parametrize(("name", "verdicts", "outlook", "codes"), EXPECTED, ids=[case[0] for case in EXPECTED])
def test_expectation(judged, name, verdicts, outlook, codes):
    """Documents 000 and 002: below, met, exceeded, with reasons."""
    found = expectation(judged(verdicts), None, None)
    assert found.outlook == outlook
    assert [reason.code for reason in found.reasons] == codes


def test_expectation_of_the_whole(judged):
    """An enemy made and a customer who is no calmer stand among the reasons, with the turn."""
    call = judged(dict.fromkeys(["fact_gathering", "listening"], "not_met"))
    calming = de_escalation(heated(0.6, 0.9, 0.9))
    found = expectation(call, seven_elements(judged({}, default="not_met")), calming)
    assert [(reason.code, reason.turn_index) for reason in found.reasons] == [
        ("seven_elements", None),
        ("de_escalation", 5),
    ]


def test_no_expectation(judged):
    """A call with nothing to solve and nothing wrong has none."""
    assert expectation(judged(dict.fromkeys(["solution", "timely_apology"], "not_applicable")), None, None) is None


def heated(*heat):
    """A customer type with this agitation in turns 1, 3, 5."""
    moods = tuple(Mood(2 * at + 1, value) for at, value in enumerate(heat))
    return CustomerType("agitated", {"agitated": 1.0}, False, "m", (), moods)


# agitation of the customer's turns, worst turn, end, calmer
HEAT = [
    ((0.9, 0.6, 0.2, 0.2), 1, 0.2, True),
    ((0.3, 0.9, 0.9, 0.9), 7, 0.9, False),
    ((0.9, 0.2, 0.2, 1.0), 7, 1.0, False),
    ((0.9, 0.9, 1.0, 0.85), 5, 0.925, False),
    ((1.0, 0.1), 1, 0.55, True),
]


@pytest.mark.parametrize(("heat", "worst_turn", "end", "calmer"), HEAT)
def test_de_escalation(heat, worst_turn, end, calmer):
    """The end against the worst turn; a single quiet word after an outburst is not yet calm."""
    found = de_escalation(heated(*heat))
    assert (found.worst_turn, found.calmer) == (worst_turn, calmer)
    assert found.end == pytest.approx(end, abs=1e-3)


@pytest.mark.parametrize("heat", [(), (0.9,), (0.1, 0.4, 0.2)])
def test_no_de_escalation(heat):
    """Nothing to calm, one turn only, or no model for the language."""
    assert de_escalation(heated(*heat)) is None
