"""Options that make no sense together are refused with a sentence that names them."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from qa.errors import ScorecardError
from qa.rules.judge import Judge

SAID = {"phrase_said": {"phrases": ["您好"]}}


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ({"phrase_said": {"phrases": ["没办法", "您好*公司"], "similar": 0.8}}, "none can match loosely"),
        ({"phrase_said": {"phrases": ["您好这里是公司"], "similar": 0.3}}, "similar"),
        ({"within": {"what": SAID, "turns": 1}}, "give after or before"),
        ({"within": {"what": SAID, "after": SAID, "before": SAID, "turns": 1}}, "give after or before"),
        ({"within": {"what": SAID, "after": SAID}}, "give turns, seconds or both"),
        ({"within": {"what": SAID, "before": SAID, "turns": 1, "excuses": {"what": SAID}}}, "explain a delay"),
        ({"measure": {"name": "talk_over_s", "below": 1, "excuses": {"what": SAID}}}, "only waiting can be excused"),
        ({"measure": {"name": "silence_ratio", "below": 1, "excuses": {"what": {"moo": 1}}}}, "unknown rule operator"),
        ({"repeat": {"times": 2}}, "give what, alike or both"),
        ({"sequence": {"stages": [SAID, SAID], "min": 1, "coverage": 0.5}}, "min or coverage"),
        ({"formula": "tried and"}, "broken at 'the end'"),
        ({"formula": "(other"}, "broken at 'the end'"),
        ({"formula": "other other"}, "broken at 'other'"),
        ({"formula": "other & other"}, "broken at '&'"),
        ({"formula": "nobody"}, "no criterion 'nobody'"),
        ({"formula": {"expression": "other", "rules": {"spare": SAID}}}, "'spare' is not in the expression"),
        ({"formula": "(" * 30 + "other" + ")" * 30}, "nest deeper"),
    ],
)
def test_is_refused(form: Callable[..., Any], rule: dict[str, Any], told: str) -> None:
    """The message says what is wrong."""
    with pytest.raises(ScorecardError, match=re.escape(told)):
        Judge(form({"id": "tried", "rule": rule}, {"id": "other", "rule": SAID}))


@pytest.mark.parametrize(
    ("rule", "case", "told"),
    [
        (
            {"sequence": {"stages": ["other", {"phrase_said": {"phrases": ["再见"]}}]}},
            {"turns": ["A 您好"]},
            "2 个步骤中按序完成 1 个；缺：2",
        ),
        (
            {"measure": {"name": "dead_air_count", "at_most": 0, "excuses": {"what": SAID}}},
            {"turns": ["A 您好", {"say": "C 喂", "at": 40}], "measures": "extract"},
            "dead_air_count 为 0，已扣除说明过的等待（原为 1）",
        ),
        (
            {"within": {"what": {"phrase_said": {"phrases": ["再见"]}}, "after": "other", "seconds": 5, "excuses": {"what": {"phrase_said": {"phrases": ["稍等"]}}}}},
            {"turns": ["A 您好", "A 稍等", "A 再见"]},
            "延迟已说明：“稍等”",
        ),
    ],
    ids=["stages that are missing", "waits left out", "delay explained"],
)  # fmt: skip
def test_the_reason_is_told(
    form: Callable[..., Any], judge: Callable[..., Any], rule: dict[str, Any], case: dict[str, Any], told: str
) -> None:
    """The finding's sentence says what the rule counted."""
    card = form({"id": "tried", "rule": rule}, {"id": "other", "rule": SAID})
    assert told in judge(card, case).findings[0].explanation


def test_near_misses_are_worth_less(form: Callable[..., Any]) -> None:
    """The confidence of a near miss is its likeness times 0.7: one character of five is missing here."""
    judge = Judge(form({"id": "tried", "rule": {"phrase_said": {"phrases": ["祝您生活愉快"], "similar": 0.8}}}))
    assert [(each.match, each.confidence) for each in judge.find("祝生活愉快")] == [("similar", 0.583)]
