"""The operator said without a model, and in single sentences."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qa.behaviour.reader import BehaviourReader
from qa.conversation import Conversation
from qa.errors import ScorecardError
from qa.evaluation import CustomerType
from qa.features.table import NAMES, SCHEMA_VERSION, Features
from qa.rules.judge import Judge
from qa.scorecard import Scorecard

ANY = CustomerType("demanding", {"demanding": 1.0}, False, "test")
UNMEASURED = Features(SCHEMA_VERSION, dict.fromkeys(NAMES))


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [
        ({"said": "thanks"}, "not_met"),
        ({"any": [{"phrase_said": {"phrases": ["感谢"]}}, {"said": "thanks"}]}, "met"),
        ({"turn": {"any": [{"phrase_said": {"phrases": ["感谢"]}}], "not": {"said": {"behaviour": "thanks", "max_probability": 0.9}}}}, "met"),
    ],
    ids=["alone", "beside a phrase", "as a veto"],
)  # fmt: skip
def test_without_a_model_phrases_decide(
    tmp_path: Path,
    form: Callable[..., Scorecard],
    call: Callable[..., Conversation],
    rule: dict[str, Any],
    verdict: str,
) -> None:
    """Nothing is found and nothing is taken back without a model, and nothing fails."""
    judge = Judge(form({"id": "tried", "rule": rule}), behaviours=BehaviourReader(tmp_path))
    assert judge.judge(call(["A 感谢您的来电"]), UNMEASURED, ANY).findings[0].verdict == verdict


def test_the_finding_says_that_no_model_is_there(
    tmp_path: Path, form: Callable[..., Scorecard], call: Callable[..., Conversation]
) -> None:
    """A missing model is not passed over in silence."""
    judge = Judge(form({"id": "tried", "rule": {"said": "thanks"}}), behaviours=BehaviourReader(tmp_path))
    assert "模型" in judge.judge(call(["A 感谢您的来电"]), UNMEASURED, ANY).findings[0].explanation


def test_single_sentences_are_read(form: Callable[..., Scorecard]) -> None:
    """`qa try` sees what the model says, with its probability as confidence."""
    found = Judge(form({"id": "tried", "rule": {"said": {"behaviour": "thanks", "last_turns": 1}}})).find(
        "感谢您的来电"
    )
    assert [(item.id, item.match) for item in found] == [("tried", "model")]
    assert 0 < found[0].confidence <= 1


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("polite", "unknown behaviour"),
        ({"behaviour": "complaint"}, "turns of the customer"),
        ({"behaviour": "thanks", "role": "customer"}, "turns of the agent"),
        ({"behaviour": "thanks", "min_probability": 0.5, "max_probability": 0.1}, "not both"),
    ],
)
def test_senseless_options_are_refused(form: Callable[..., Scorecard], options: Any, told: str) -> None:
    """The message names what is wrong."""
    with pytest.raises(ScorecardError, match=re.escape(told)):
        Judge(form({"id": "tried", "rule": {"said": options}}))
