"""The two estimators of one language as one model: single turns first, then the call they make up."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from qa.customer_type.signals import SaidTurn, call_row, turn_table
from qa.evaluation import CUSTOMER_TYPES

Measures = Mapping[str, float | None]
_TYPES = len(CUSTOMER_TYPES)


class CallModel:
    """Probabilities of calls from fitted scikit-learn estimators `turn` and `call`."""

    def __init__(self, turn: Any, call: Any) -> None:
        self.turn = turn
        self.call = call

    def predict_proba(self, calls: Sequence[tuple[Sequence[SaidTurn], Measures]]) -> np.ndarray:
        """Array (calls, types); rows sum to 1. Each distinct turn object is judged once."""
        return np.asarray(self.call.predict_proba(call_table(self.turn, calls)))

    def predict_turns(self, said: Sequence[SaidTurn]) -> np.ndarray:
        """Array (customer turns, types) of single turns by their words alone, in order."""
        customer = [one for one in said if one.customer]
        return np.asarray(self.turn.predict_proba(turn_table(customer))) if customer else np.zeros((0, _TYPES))


def call_table(turn: Any, calls: Sequence[tuple[Sequence[SaidTurn], Measures]]) -> np.ndarray:
    """Table (calls, CALL_COLUMNS) for the call estimator, by the turn estimator's probabilities."""
    distinct = {id(one): one for said, _ in calls for one in said if one.customer}
    judged = turn.predict_proba(turn_table(list(distinct.values()))) if distinct else np.zeros((0, _TYPES))
    by_turn = dict(zip(distinct, judged, strict=True))
    rows = []
    for said, measures in calls:
        strengths = [by_turn[id(one)] for one in said if one.customer]
        rows.append(call_row(said, np.array(strengths).reshape(-1, _TYPES), measures))
    return np.array(rows)


def tempered(probabilities: np.ndarray, temperature: float) -> np.ndarray:
    """Probabilities made flatter (temperature > 1) or sharper (< 1); rows sum to 1."""
    logits = np.log(np.clip(probabilities, 1e-9, 1.0)) / temperature
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
