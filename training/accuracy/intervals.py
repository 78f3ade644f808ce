"""Figures with 95 % bootstrap intervals: calls are drawn again, always the same draws for the same number of calls."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

DRAWS = 1000
SEED = 0
ENDS = (0.025, 0.975)


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with the ends of its interval; None where it is not defined."""

    value: float | None
    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        if self.value is None:
            return "–"
        if self.low is None or self.high is None:
            return f"{self.value:.2f}"
        return f"{self.value:.2f} ({self.low:.2f}–{self.high:.2f})"


def estimate(counts: np.ndarray, measure: Callable[[np.ndarray], np.ndarray]) -> Figure:
    """A measure of counts added up over the first axis. Draws in which it is not defined are left out."""
    calls = len(counts)
    if not calls:
        return Figure(None)
    drawn = (_times(calls) @ counts.reshape(calls, -1)).reshape(DRAWS, *counts.shape[1:])
    return _figure(float(measure(counts.sum(axis=0))), np.asarray(measure(drawn), dtype=float))


def correlation(pairs: np.ndarray) -> Figure:
    """Spearman's rank correlation of (n, 2) values; pairs with a NaN are left out, fewer than three give none."""
    pairs = pairs[np.isfinite(pairs).all(axis=1)]
    if len(pairs) < 3:
        return Figure(None)
    random = np.random.default_rng(SEED)
    drawn = [_spearman(pairs[random.integers(0, len(pairs), len(pairs))]) for _ in range(DRAWS)]
    return _figure(_spearman(pairs), np.array(drawn))


def _figure(value: float, drawn: np.ndarray) -> Figure:
    if not np.isfinite(value):
        return Figure(None)
    low, high = np.quantile(drawn[np.isfinite(drawn)], ENDS)
    return Figure(value, float(low), float(high))


@lru_cache(maxsize=8)
def _times(calls: int) -> np.ndarray:
    """(DRAWS, calls): how often each call is in each draw."""
    return np.random.default_rng(SEED).multinomial(calls, np.full(calls, 1 / calls), size=DRAWS)


def _spearman(pairs: np.ndarray) -> float:
    one, other = (_ranks(pairs[:, column]) for column in (0, 1))
    one, other = one - one.mean(), other - other.mean()
    size = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return float((one * other).sum()) / size if size else float("nan")


def _ranks(values: np.ndarray) -> np.ndarray:
    """Ranks from 1; equal values share their mean rank."""
    _, place, times = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(times)
    return np.asarray((last - (times - 1) / 2)[place])
