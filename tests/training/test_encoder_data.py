"""What the encoder is taught from."""

import random

import pytest

from qa.encoder.heads import CALL_WIDTH, TURN_HEADS
from training.behaviour_dataset import part_of, read_marked
from training.behaviour_noise import sounds_of
from training.dataset import group_of
from training.encoder.calls import read_taught, varied


@pytest.fixture(scope="module")
def calls():
    """All written calls."""
    return read_taught()


@pytest.mark.parametrize(
    ("name", "group"), [("zh-blame-012a", "zh-blame-012"), ("zh-bank-001", "zh-bank-001"), ("en-plain-x", "en-plain-x")]
)
def test_versions_of_one_story_are_one_group(name: str, group: str) -> None:
    """Only a letter right after a number is a version."""
    assert group_of(name) == group


def test_a_quarter_is_frozen_and_no_group_is_split(calls) -> None:
    """Parts have about their shares, and both models agree on them."""
    share = sum(call.part == "frozen" for call in calls) / len(calls)
    assert 0.2 < share < 0.3
    assert {call.id: call.part for call in calls if call.language == "zh"} == {
        call.id: part_of(call.group) for call in read_marked(language="zh")
    }


def test_marks_become_rows(calls) -> None:
    """Agents are asked all ids but the complaint, customers only that one."""
    call = calls[0]
    assert call.truth.shape == (len(call.turns), len(TURN_HEADS))
    assert call.answers.shape == (CALL_WIDTH,)
    for turn, weight in zip(call.turns, call.weight, strict=True):
        assert (weight[TURN_HEADS.index("complaint")] > 0) == (turn.role == "customer")
        assert (weight[TURN_HEADS.index("greeting")] > 0) == (turn.role == "agent")


def test_a_varied_call_stays_in_order(calls) -> None:
    """Crops are neighbouring turns with one text each, never empty."""
    chance, sounds = random.Random(3), sounds_of(turn.text for call in calls[:50] for turn in call.turns)
    for call in calls[:200]:
        places, texts, _ = varied(call, chance, sounds)
        assert places == list(range(places[0], places[0] + len(places)))
        assert len(texts) == len(places)
        assert all(texts)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_enough_examples_of_everything(language: str) -> None:
    """At least 80 (zh) or 40 (en) marked turns of each behaviour, and as many hard negatives but for a few."""
    least = {"zh": 80, "en": 40}[language]
    marked, denied = dict.fromkeys(TURN_HEADS, 0), dict.fromkeys(TURN_HEADS, 0)
    for call in read_marked(language=language):
        for marks, no in zip(call.marks, call.denied, strict=True):
            for name in marks:
                marked[name] += 1
            for name in no:
                denied[name] += 1
    assert {name: count for name, count in marked.items() if count < least} == {}
    assert {name: count for name, count in denied.items() if count < least} == {}
