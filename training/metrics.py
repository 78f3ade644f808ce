"""How good predictions are: macro-F1 with an interval, each class, confusion, calibration error."""

from typing import Any

import numpy as np
from sklearn.metrics import confusion_matrix, f1_score

from qa.evaluation import CUSTOMER_TYPES

_LABELS = list(range(len(CUSTOMER_TYPES)))


def measure(truth: np.ndarray, probabilities: np.ndarray, *, threshold: float = 0.0) -> dict[str, Any]:
    """All figures for probabilities (n, 3); `accepted` is the share of calls at or over `threshold`."""
    guess = probabilities.argmax(axis=1)
    each = f1_score(truth, guess, labels=_LABELS, average=None, zero_division=0)
    low, high = _interval(truth, guess)
    sure = probabilities.max(axis=1) >= threshold
    return {
        "calls": len(truth),
        "macro_f1": round(float(each.mean()), 4),
        "macro_f1_95": [low, high],
        "accuracy": round(float((truth == guess).mean()), 4),
        "f1": {name: round(float(value), 4) for name, value in zip(CUSTOMER_TYPES, each, strict=True)},
        "confusion": confusion_matrix(truth, guess, labels=_LABELS).tolist(),
        "calibration_error": round(calibration_error(truth, probabilities), 4),
        "accepted": round(float(sure.mean()), 4),
        "accuracy_accepted": round(float((truth == guess)[sure].mean()), 4) if sure.any() else None,
    }


def macro_f1(truth: np.ndarray, guess: np.ndarray) -> float:
    """Mean F1 of the three types."""
    return float(f1_score(truth, guess, labels=_LABELS, average="macro", zero_division=0))


def calibration_error(truth: np.ndarray, probabilities: np.ndarray, bins: int = 10) -> float:
    """Expected calibration error, 0-1: how far stated and real accuracy lie apart on average."""
    gaps = [abs(stated - right) * calls for stated, right, calls in reliability(truth, probabilities, bins)]
    return float(sum(gaps) / max(len(truth), 1))


def reliability(truth: np.ndarray, probabilities: np.ndarray, bins: int = 10) -> list[tuple[float, float, int]]:
    """(mean stated probability, share right, calls) of each bin of stated probabilities that holds any call."""
    stated = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    place = np.minimum((stated * bins).astype(int), bins - 1)
    return [
        (float(stated[place == number].mean()), float(right[place == number].mean()), int((place == number).sum()))
        for number in range(bins)
        if (place == number).any()
    ]


def recall(truth: np.ndarray, probabilities: np.ndarray, target: int) -> tuple[int, int]:
    """How many calls of one type were found, and how many there are."""
    mine = truth == target
    return int((probabilities.argmax(axis=1)[mine] == target).sum()), int(mine.sum())


def _interval(truth: np.ndarray, guess: np.ndarray, rounds: int = 1000) -> tuple[float, float]:
    """95 % bootstrap interval of macro-F1 over calls."""
    size = len(_LABELS)
    random = np.random.default_rng(0)
    values = []
    for _ in range(rounds):
        drawn = random.integers(0, len(truth), len(truth))
        table = np.bincount(truth[drawn] * size + guess[drawn], minlength=size * size).reshape(size, size)
        totals = table.sum(axis=0) + table.sum(axis=1)
        values.append(float(np.mean(2 * np.diag(table) / np.maximum(totals, 1))))
    return round(float(np.quantile(values, 0.025)), 4), round(float(np.quantile(values, 0.975)), 4)
