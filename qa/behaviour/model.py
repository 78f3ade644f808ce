"""One language's turn-behaviour model: n-grams times one weight table, as probabilities."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qa.behaviour.grams import PLACE_SCALE, Grams
from qa.behaviour.signals import SeenTurn

FROM_COMPLAINT = 2
"""So many columns, the last ones, hold what the complaint head says of earlier turns."""


@dataclass(frozen=True, slots=True)
class TurnModel:
    """Probabilities of behaviours. `weights` (heads, columns) and `bias` (heads) already hold the calibration.

    `complaint_weights` has no complaint columns; the other heads have them.
    """

    grams: Grams
    heads: tuple[str, ...]
    weights: np.ndarray
    bias: np.ndarray
    complaint_weights: np.ndarray
    complaint_bias: float

    def predict(self, seen: Sequence[SeenTurn]) -> tuple[np.ndarray, np.ndarray]:
        """Of one call: probabilities (turns, heads), and of complaint (turns). Only meaningful for the right role."""
        if not seen:
            return np.zeros((0, len(self.heads))), np.zeros(0)
        table = self.grams.table(seen)
        complaint = sigmoid(np.asarray(table @ self.complaint_weights).ravel() + self.complaint_bias)
        extra = complaint_columns(seen, complaint)
        logits = table @ self.weights[:, :-FROM_COMPLAINT].T + extra @ self.weights[:, -FROM_COMPLAINT:].T
        return sigmoid(np.asarray(logits) + self.bias), complaint

    def strongest(self, head: str, pieces: Sequence[SeenTurn]) -> int:
        """Which of several pieces of a turn speaks most for `head`, by its n-grams alone."""
        weights = self.complaint_weights if head not in self.heads else self.weights[self.heads.index(head)]
        columns = self.grams.size()
        scores = self.grams.table(pieces)[:, :columns] @ weights[:columns]
        return int(np.asarray(scores).ravel().argmax())


def complaint_columns(seen: Sequence[SeenTurn], complaint: np.ndarray) -> np.ndarray:
    """For each turn the strongest complaint so far and the strongest just before it, scaled like other places."""
    rows = [
        [
            max((complaint[at] for at in turn.earlier), default=0.0),
            max((complaint[at] for at in turn.just_now), default=0.0),
        ]
        for turn in seen
    ]
    return np.array(rows).reshape(-1, FROM_COMPLAINT) * PLACE_SCALE


def sigmoid(logits: np.ndarray) -> np.ndarray:
    """Logistic function without overflow."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * logits)))
