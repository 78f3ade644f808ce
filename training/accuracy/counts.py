"""Counts of right and wrong answers by call, as arrays: what is added up over calls can be drawn again for intervals.

A defect is what a quality team acts on: something required missing or late, or something forbidden done. A verdict
"undetermined" raises nothing: a true defect is then missed. Where the criterion does not apply by the gold, raising it
is counted by itself and not in precision.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from qa.catalogue import FORBIDDEN
from qa.evaluation import CUSTOMER_TYPES
from training.accuracy.gold import GoldCall

Record = Mapping[str, Any]
RIGHT, FALSE, MISSED = 0, 1, 2
COLUMNS = ("right", "false", "missed", "raised_na", "undetermined", "absent", "evidence_right", "evidence_asked")
BINS = 10
NO_TYPE = len(CUSTOMER_TYPES)
_RAISED = ("not_met", "late")


@dataclass(frozen=True, slots=True)
class Counts:
    """Of n calls. `scores` holds the person's and our score, NaN where one is missing."""

    criteria: tuple[str, ...]
    items: np.ndarray  # (n, criteria, COLUMNS)
    types: np.ndarray  # (n, 3 gold types, 3 guesses and none)
    certainty: np.ndarray  # (n, BINS, [calls, stated probability, right])
    complaint: np.ndarray  # (n, [right, false, missed])
    special: np.ndarray  # (n, [right, false, missed])
    accused: np.ndarray  # (n,), 1 where a forbidden act is raised that is not there
    scores: np.ndarray  # (n, 2)
    failed: int

    @property
    def calls(self) -> int:
        """Number of calls."""
        return len(self.accused)

    def of(self, criterion: str) -> np.ndarray:
        """(n, COLUMNS) of one criterion."""
        return np.asarray(self.items[:, self.criteria.index(criterion)])

    def forbidden(self) -> np.ndarray:
        """(n, COLUMNS) of all forbidden criteria together."""
        return np.asarray(self.items[:, [name in FORBIDDEN for name in self.criteria]].sum(axis=1))


def count(calls: Sequence[GoldCall], records: Sequence[Record | None]) -> Counts:
    """Compare what is true of calls with their records; a call without a record is wrong everywhere."""
    criteria = tuple(sorted({name for call in calls for name in call.defects}))
    items = np.zeros((len(calls), len(criteria), len(COLUMNS)), dtype=int)
    types = np.zeros((len(calls), NO_TYPE, NO_TYPE + 1), dtype=int)
    certainty = np.zeros((len(calls), BINS, 3))
    complaint, special = (np.zeros((len(calls), 3), dtype=int) for _ in range(2))
    accused = np.zeros(len(calls), dtype=int)
    scores = np.full((len(calls), 2), np.nan)
    for place, (call, record) in enumerate(zip(calls, records, strict=True)):
        found = record or {}
        verdicts = {result["criterion_id"]: result for result in found.get("results", ())}
        for name, defect in call.defects.items():
            items[place, criteria.index(name)] = _item(defect, verdicts.get(name), call.turns[name])
        accused[place] = any(items[place, at, FALSE] for at, name in enumerate(criteria) if name in FORBIDDEN)
        _count_type(call, found.get("customer_type") or {}, types[place], certainty[place])
        if call.complaint is not None:
            complaint[place] = _sets({True} & {call.complaint}, {True} & {bool(_part(found, "complaint", "present"))})
        if call.special is not None:
            special[place] = _sets(set(call.special), set(found.get("special_customer", ())))
        scores[place] = [np.nan if score is None else score for score in (call.score, found.get("score"))]
    failed = sum(record is None for record in records)
    return Counts(criteria, items, types, certainty, complaint, special, accused, scores, failed)


def _item(defect: bool | None, result: Record | None, turns: frozenset[int]) -> list[int]:
    verdict = result["verdict"] if result else None
    raised = verdict in _RAISED
    if defect is None:
        return [0, 0, 0, int(raised), 0, 0, 0, 0]
    right = defect and raised
    asked = right and bool(turns)
    shown = {evidence["turn_index"] for evidence in result["evidence"]} if asked and result else set()
    return [
        int(right),
        int(raised and not defect),
        int(defect and not raised),
        0,
        int(verdict == "undetermined"),
        int(result is None),
        int(bool(shown & turns)),
        int(asked),
    ]


def _count_type(call: GoldCall, said: Record, types: np.ndarray, certainty: np.ndarray) -> None:
    """An abstention counts as wrong; how sure the model is is judged by its likeliest guess all the same."""
    if call.customer_type not in CUSTOMER_TYPES:
        return
    truth = CUSTOMER_TYPES.index(call.customer_type)
    label = None if said.get("abstained") else said.get("label")
    types[truth, CUSTOMER_TYPES.index(label) if label in CUSTOMER_TYPES else NO_TYPE] = 1
    stated = [float(said.get("probabilities", {}).get(name, np.nan)) for name in CUSTOMER_TYPES]
    if np.isfinite(stated).all():
        top = max(stated)
        certainty[min(int(top * BINS), BINS - 1)] = (1, top, stated.index(top) == truth)


def _sets(truth: set[Any], guess: set[Any]) -> tuple[int, int, int]:
    return len(truth & guess), len(guess - truth), len(truth - guess)


def _part(record: Record, part: str, key: str) -> Any:
    return (record.get(part) or {}).get(key)


def prf(counts: np.ndarray) -> np.ndarray:
    """Precision, recall and F1 on the last axis, from [right, false, missed, ...]; NaN where undefined."""
    right, false, missed = (counts[..., column] for column in (RIGHT, FALSE, MISSED))
    return np.stack(
        [ratio(right, right + false), ratio(right, right + missed), ratio(2 * right, 2 * right + false + missed)], -1
    )


def ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Share of a whole, NaN where the whole is 0."""
    shares = np.full(np.shape(whole), np.nan)
    np.divide(part, whole, out=shares, where=np.asarray(whole) > 0)
    return shares


def type_f1(types: np.ndarray) -> np.ndarray:
    """Macro-F1 of tables (..., 3, 4); a type that neither is nor was guessed counts 0."""
    right = np.diagonal(types[..., :NO_TYPE], axis1=-2, axis2=-1)
    totals = types.sum(axis=-1) + types[..., :NO_TYPE].sum(axis=-2)
    return np.asarray((2 * right / np.maximum(totals, 1)).mean(axis=-1))


def calibration(certainty: np.ndarray) -> np.ndarray:
    """Expected calibration error from (..., BINS, 3): how far stated and real accuracy lie apart, on average."""
    gaps = np.abs(certainty[..., 1] - certainty[..., 2]).sum(axis=-1)
    return ratio(gaps, certainty[..., 0].sum(axis=-1))
