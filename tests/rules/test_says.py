"""Turns are counted by says: lines in a row from one side are one."""

import pytest

from qa.evaluation import CustomerType
from qa.features.extractor import extract
from qa.rules.judge import Judge
from qa.scorecard import Scorecard

RULES = {
    "first": {"phrase_said": {"phrases": ["sorry"], "first_turns": 1}},
    "last": {"phrase_said": {"phrases": ["sorry"], "last_turns": 1}},
    "within": {
        "within": {
            "what": {"phrase_said": {"phrases": ["sorry"]}},
            "after": {"phrase_said": {"phrases": ["broken"], "role": "customer"}},
            "turns": 1,
        }
    },
}
CASES = [
    ("first", [("agent", "hi"), ("agent", "sorry"), ("customer", "ok")], "met"),
    ("first", [("agent", "hi"), ("customer", "ok"), ("agent", "sorry")], "not_met"),
    ("last", [("customer", "ok"), ("agent", "sorry"), ("agent", "bye"), ("customer", "bye")], "met"),
    ("last", [("agent", "sorry"), ("customer", "ok"), ("agent", "bye")], "not_met"),
    ("within", [("customer", "broken"), ("agent", "hi"), ("agent", "sorry")], "met"),
    ("within", [("customer", "broken"), ("agent", "hi"), ("customer", "so"), ("agent", "sorry")], "late"),
]


@pytest.mark.parametrize(("rule", "said", "verdict"), CASES)
def test_says(make_conversation, rule, said, verdict):
    """First, last and within count what one side says until the other speaks."""
    form = {"id": "c1", "title": "c", "kind": "required", "points": 1, "rule": RULES[rule]}
    card = Scorecard.model_validate(
        {
            "id": "says",
            "version": "1",
            "title": "t",
            "language": "en",
            "pass_mark": 0,
            "sections": [{"title": "s", "criteria": [form]}],
        }
    )
    conversation = make_conversation(said, language="en")
    kind = CustomerType("demanding", {"demanding": 1.0}, False, "none")
    judgement = Judge(card).judge(conversation, extract(conversation), kind)
    assert judgement.findings[0].verdict == verdict
