"""Shifts between two periods: found where they are, silent where chance alone differs."""

from collections.abc import Callable

import numpy as np
import pytest

from qa.labels.drift import CallFacts, Shift, sentence, shifts


def period(seed: int, count: int, *, angry: float = 0.2, silence: float = 5.0, english: float = 0.0) -> list[CallFacts]:
    """Calls drawn at random."""
    random = np.random.default_rng(seed)
    return [
        CallFacts(
            "en" if random.random() < english else "zh",
            label := "agitated" if random.random() < angry else "demanding",
            False,
            {"silence_s": float(random.exponential(silence)), "rings_s": None, "gap_s": random.random() or None},
            label,
        )
        for _ in range(count)
    ]


@pytest.mark.parametrize("seed", range(5))
def test_chance_is_no_drift(seed: int) -> None:
    """Two draws from the same calls, few or many."""
    for count in (40, 400):
        found = shifts(period(seed, count), period(seed + 100, count))
        assert {shift.level for shift in found} == {"none"}
        assert "No clear change" in sentence(found, (count, count)).en


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda: period(1, 300, angry=0.5), "customer_type"),
        (lambda: period(1, 300, silence=12.0), "silence_s"),
        (lambda: period(1, 300, english=0.3), "language"),
    ],
)
def test_a_change_is_named(change: Callable[[], list[CallFacts]], name: str) -> None:
    """Type shares, measures and languages; the sentence names the largest first and says what to do."""
    found = shifts(period(0, 300), change())
    assert found[0].level == "large"
    assert name in [shift.name for shift in found if shift.level != "none"]
    told = sentence(found, (300, 300))
    assert name in told.en
    assert "qa labels next" in told.en
    assert "qa labels next" in told.zh


def test_too_few_calls() -> None:
    """Nothing is claimed from a handful of calls."""
    found: list[Shift] = shifts(period(0, 10), period(1, 300, angry=0.9))
    assert {shift.level for shift in found} == {"too_few"}
    assert "Too few" in sentence(found, (10, 300)).en
