"""Points, intervals, the fatal rule, style and flags."""

import pytest

from qa.evaluation import Complaint, CustomerType, Evidence, Finding
from qa.scorecard import Scorecard
from qa.scoring import flags, score

RULE = {"always": True}


def card(*criteria):
    """A scorecard of (id, kind, points, fatal, style) rows."""
    rows = [
        {"id": name, "title": name, "kind": kind, "points": points, "fatal": fatal, "style": style, "rule": RULE}
        for name, kind, points, fatal, style in criteria
    ]
    return Scorecard.model_validate(
        {
            "id": "t-card",
            "version": "1",
            "title": "t",
            "language": "en",
            "pass_mark": 60,
            "sections": [{"title": "s", "criteria": rows}],
        }
    )


def found(**verdicts):
    """Findings by criterion id."""
    return [Finding(name, verdict, "always.v1", 1.0, (), "") for name, verdict in verdicts.items()]


ROWS = (
    ("greeting", "required", 10, False, "procedure"),
    ("timely_apology", "required", 20, False, "warmth"),
    ("privacy_leak", "forbidden", 10, True, None),
)
CARD = card(*ROWS)
CASES = [
    ("all met", {"greeting": "met", "timely_apology": "met", "privacy_leak": "met"}, (100.0, 100.0, 100.0, 100.0)),
    ("late keeps half", {"greeting": "met", "timely_apology": "late", "privacy_leak": "met"}, (75.0, 75.0, 75.0, 75.0)),
    ("n/a leaves", {"greeting": "not_met", "timely_apology": "not_applicable", "privacy_leak": "met"}, (50,) * 4),
    (
        "interval",
        {"greeting": "met", "timely_apology": "undetermined", "privacy_leak": "met"},
        (100.0, 50.0, 100.0, 100.0),
    ),
    ("fatal", {"greeting": "met", "timely_apology": "met", "privacy_leak": "not_met"}, (0.0, 0.0, 0.0, 75.0)),
    (
        "unsure fatal",
        {"greeting": "met", "timely_apology": "met", "privacy_leak": "undetermined"},
        (100.0, 0.0, 100.0, 100.0),
    ),
    ("nothing judged", {"greeting": "not_applicable"}, (None, 0.0, 100.0, None)),
]


@pytest.mark.parametrize(("name", "verdicts", "expected"), CASES, ids=[case[0] for case in CASES])
def test_score(name, verdicts, expected):
    """Score, interval and score before the fatal rule."""
    result = score(CARD, found(**verdicts))
    assert (result.score, result.score_low, result.score_high, result.score_before_fatal) == expected


def test_fatal_is_named():
    """The failed fatal criterion is listed and the call does not pass."""
    result = score(CARD, found(greeting="met", timely_apology="met", privacy_leak="not_met"))
    assert (result.fatal_failed, result.passed) == (("privacy_leak",), False)


STYLES = [
    ("met", "met", "quality"),
    ("met", "not_met", "factory"),
    ("not_met", "met", "friendly_zoo"),
    ("not_met", "not_met", "cold"),
    ("met", "not_applicable", None),
]


@pytest.mark.parametrize(("procedure", "warmth", "quadrant"), STYLES)
def test_style(procedure, warmth, quadrant):
    """Quadrants of seed 000."""
    assert score(CARD, found(greeting=procedure, timely_apology=warmth)).style.quadrant == quadrant


def test_style_names_its_criteria():
    """Each axis says what it rests on; a forbidden act counts only where it happened."""
    rude = card(*ROWS, ("argues", "forbidden", 20, False, "warmth"))
    kind = score(rude, found(greeting="met", timely_apology="met", argues="met")).style
    unkind = score(rude, found(greeting="met", timely_apology="met", argues="not_met")).style
    assert (kind.warmth, kind.warmth_from) == (1.0, ("timely_apology",))
    assert (unkind.warmth, unkind.warmth_from) == (0.5, ("timely_apology", "argues"))
    assert unkind.quadrant == "factory"


def test_interval_holds_score():
    """score_low <= score <= score_high whatever is undetermined."""
    for verdict in ("met", "late", "not_met"):
        result = score(CARD, found(greeting=verdict, timely_apology="undetermined", privacy_leak="met"))
        assert result.score_low <= result.score <= result.score_high


def test_evidence_is_kept():
    """Findings travel with the result."""
    evidence = (Evidence(3, 1.0, 2.0, "sorry", "exact"),)
    result = score(CARD, [Finding("greeting", "met", "phrase_said.v1", 0.9, evidence, "why")])
    assert result.results[0].findings[0].evidence == evidence
    assert result.results[0].explanation == "why"


def test_flags(make_conversation):
    """An agitated customer with a late apology below the pass mark asks for a supervisor."""
    raised = flags(
        score(CARD, found(greeting="not_met", timely_apology="late", privacy_leak="not_met")),
        customer_type=CustomerType("agitated", {"agitated": 1.0}, False, "m"),
        complaint=Complaint(True, 1),
        conversation=make_conversation([("agent", "hi"), ("customer", "awful")], language="en"),
        measures={"dead_air_count": 1.0},
    )
    assert raised == (
        "fatal:privacy_leak",
        "below_pass_mark",
        "agitated_customer",
        "complaint_without_apology",
        "dead_air",
    )
