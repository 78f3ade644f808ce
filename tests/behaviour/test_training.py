"""The training's own parts: error model, thresholds, frozen calls."""

import numpy as np
import pytest

from qa.catalogue import BEHAVIOURS
from qa.pinyin import toneless
from training.behaviour_dataset import is_frozen, read_marked
from training.behaviour_measure import Told, thresholds
from training.behaviour_noise import misheard, sounds_of
from training.dataset import read_calls
from training.splits import is_held_out


def test_misheard_keeps_the_sound() -> None:
    """Chinese errors are homophones or losses, and the same key gives the same errors."""
    text = "我们一定会在二十四小时之内给您回复" * 20
    heard = misheard(text, "k", "zh", sounds_of([text, "会汇回灰给您宁而尔十时"]))
    assert heard == misheard(text, "k", "zh", sounds_of([text, "会汇回灰给您宁而尔十时"]))
    assert heard != text
    assert 0.9 * len(text) < len(heard) < len(text)
    assert {toneless(letter) for letter in heard} <= {toneless(letter) for letter in text}


def test_misheard_english_changes_words() -> None:
    """English loses and exchanges words but is never empty."""
    text = "I'm sorry to hear that and we'll send your refund to the card today " * 10
    assert 0 < len(misheard(text, "k", "en", {}).split()) < len(text.split())
    assert misheard("ok", "k", "en", {}) == "ok"


@pytest.mark.parametrize(("right", "silent"), [(5, True), (6, False)])
def test_the_model_accuses_only_when_sure(right: int, silent: bool) -> None:
    """Five right accusations without an error are not enough, six are."""
    truth = np.zeros((100, len(BEHAVIOURS)), dtype=int)
    probability = np.full((100, len(BEHAVIOURS)), 0.1)
    at = BEHAVIOURS.index("argues")
    truth[:right, at] = 1
    probability[:right, at] = 0.9
    told = Told(("c",) * 100, tuple(range(100)), probability, truth)
    assert (thresholds(told)["argues"] is None) == silent


def test_frozen_calls_hold_the_other_holdout() -> None:
    """Every call that the customer-type model holds out is frozen here too."""
    calls = [call for language in ("zh", "en") for call in read_marked(language=language)]
    frozen = {call.id for call in calls if is_frozen(call)}
    held_out = {call.id for call in read_calls() if is_held_out(call)}
    assert held_out <= frozen
    assert 0.15 < len(frozen) / len(calls) < 0.35
