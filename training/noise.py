"""Which labels are probably wrong: confident learning on out-of-fold probabilities.

C. G. Northcutt, L. Jiang, I. L. Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels", Journal of
Artificial Intelligence Research 70 (2021). A label is suspect when another type's probability reaches what is usual
for calls labelled with that type; labels are ranked by how far the likeliest other type is ahead of the given one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qa.evaluation import CUSTOMER_TYPES
from training.dataset import Call


@dataclass(frozen=True, slots=True)
class Doubt:
    """One label in order of doubt; `lead` -1 to 1 is how far `likelier` is ahead of the given label."""

    call: str
    label: str
    likelier: str
    lead: float
    suspect: bool


def doubts(calls: Sequence[Call], probabilities: np.ndarray) -> list[Doubt]:
    """Every label, the most doubtful first. `probabilities` (n, 3) come from models that did not see the call."""
    given = np.array([call.target for call in calls])
    suspects = confident_errors(given, probabilities)
    rows = np.arange(len(given))
    others = probabilities.copy()
    others[rows, given] = -1.0
    likelier = others.argmax(axis=1)
    lead = others[rows, likelier] - probabilities[rows, given]
    order = sorted(rows, key=lambda row: (-lead[row], calls[row].id))
    return [
        Doubt(
            calls[row].id,
            calls[row].label,
            CUSTOMER_TYPES[likelier[row]],
            round(float(lead[row]), 4),
            bool(suspects[row]),
        )
        for row in order
    ]


def confident_errors(given: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """True (n,) for calls off the diagonal of the confident joint: confidently of another type than their label."""
    types = range(probabilities.shape[1])
    usual = np.array([probabilities[given == one, one].mean() if (given == one).any() else 2.0 for one in types])
    reached = np.where(probabilities >= usual, probabilities, -1.0)
    return np.asarray((reached.max(axis=1) >= 0) & (reached.argmax(axis=1) != given))


def contradicted(calls: Sequence[Call], found: Sequence[Doubt]) -> dict[str, list[int]]:
    """Of each origin: labels for which the other calls make another type likelier, and labels in all."""
    origins = {call.id: call.origin for call in calls}
    counts: dict[str, list[int]] = {}
    for doubt in found:
        count = counts.setdefault(origins[doubt.call], [0, 0])
        count[0] += doubt.lead > 0
        count[1] += 1
    return counts
