"""One language's turn-behaviour model: sparse n-grams times one weight table, as probabilities."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack

from qa.behaviour.signals import SeenTurn

BEFORE_SCALE = 0.6
PLACE_SCALE = 0.5
_FROM_COMPLAINT = 2  # the last two columns of PLACE_COLUMNS
BLOCKS = ("own", "words", "sound", "before")


@dataclass(frozen=True, slots=True)
class Grams:
    """Fitted vectorizers by block name; a block that a language does not have is None."""

    own: Any
    words: Any
    sound: Any
    before: Any

    def table(self, seen: Sequence[SeenTurn]) -> csr_matrix:
        """Rows of all n-gram blocks followed by the place columns that do not depend on the complaint head."""
        blocks = [self.own.transform([turn.own for turn in seen])]
        if self.words is not None:
            blocks.append(self.words.transform([turn.own for turn in seen]))
        if self.sound is not None:
            blocks.append(self.sound.transform([turn.sound for turn in seen]))
        blocks.append(self.before.transform([turn.before for turn in seen]) * BEFORE_SCALE)
        blocks.append(csr_matrix(np.array([turn.place for turn in seen]) * PLACE_SCALE))
        return hstack(blocks, format="csr")


class TurnModel:
    """Probabilities of behaviours. `weights` (heads, features) and `bias` (heads) already hold the calibration.

    `complaint_weights` has no complaint columns; the other heads' last two columns are the complaint head's answers.
    """

    def __init__(
        self,
        grams: Grams,
        heads: Sequence[str],
        weights: np.ndarray,
        bias: np.ndarray,
        complaint_weights: np.ndarray,
        complaint_bias: float,
    ) -> None:
        self.grams = grams
        self.heads = tuple(heads)
        self.weights = weights
        self.bias = bias
        self.complaint_weights = complaint_weights
        self.complaint_bias = complaint_bias

    def predict(self, seen: Sequence[SeenTurn]) -> tuple[np.ndarray, np.ndarray]:
        """Of one call: probabilities (turns, heads), and of complaint (turns). Only meaningful for the right role."""
        if not seen:
            return np.zeros((0, len(self.heads))), np.zeros(0)
        table = self.grams.table(seen)
        complaint = sigmoid(np.asarray(table @ self.complaint_weights).ravel() + self.complaint_bias)
        extra = complaint_columns(seen, complaint)
        logits = table @ self.weights[:, :-_FROM_COMPLAINT].T + extra @ self.weights[:, -_FROM_COMPLAINT:].T
        return sigmoid(np.asarray(logits) + self.bias), complaint


def complaint_columns(seen: Sequence[SeenTurn], complaint: np.ndarray) -> np.ndarray:
    """For each turn the strongest complaint so far and the strongest just before it, scaled like other places."""
    rows = [
        [
            max((complaint[at] for at in turn.earlier), default=0.0),
            max((complaint[at] for at in turn.just_now), default=0.0),
        ]
        for turn in seen
    ]
    return np.array(rows).reshape(-1, _FROM_COMPLAINT) * PLACE_SCALE


def sigmoid(logits: np.ndarray) -> np.ndarray:
    """Logistic function without overflow."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * logits)))
