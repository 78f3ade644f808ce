"""How well the turn-behaviour model tells turns, on calls it did not learn from, and from where on it may speak."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from sklearn.metrics import average_precision_score
from sklearn.model_selection import GroupKFold

from qa.behaviour.model import TurnModel
from qa.behaviour.signals import SeenTurn
from qa.catalogue import BEHAVIOURS, COMPLAINT, FORBIDDEN
from training.behaviour_dataset import MarkedCall, as_misheard, as_written
from training.behaviour_fit import fit_turns
from training.behaviour_noise import Sounds, sounds_of

FOLDS = 5
SURE = 0.85
"""Share of its accusations that must be right, one more false alarm counted, before the model may accuse at all."""
_LOWEST = 0.02


@dataclass(frozen=True, slots=True)
class Told:
    """Turns in a row: `probability` and `truth` are (turns, behaviours); truth is -1 where the role is another."""

    calls: tuple[str, ...]
    turns: tuple[int, ...]
    probability: np.ndarray
    truth: np.ndarray

    def of(self, behaviour: str) -> tuple[np.ndarray, np.ndarray]:
        """Truth (bool) and probability of the turns in which a behaviour can stand."""
        at = BEHAVIOURS.index(behaviour)
        here = self.truth[:, at] >= 0
        return self.truth[here, at] == 1, self.probability[here, at]


def all_sounds(calls: Sequence[MarkedCall]) -> Sounds:
    """Homophones by how often the calls use them."""
    return sounds_of(turn.text for call in calls for turn in call.turns)


def out_of_fold(calls: Sequence[MarkedCall], *, jobs: int = 1, noisy: bool = False) -> Told:
    """Every call told by a model that saw no turn of it; `noisy` tells it as a weak recogniser would hear it."""
    sounds = all_sounds(calls)
    splits = list(GroupKFold(FOLDS, shuffle=True, random_state=0).split(calls, groups=[call.group for call in calls]))
    models = Parallel(n_jobs=jobs)(delayed(fit_turns)([calls[at] for at in train], sounds) for train, _ in splits)
    by_call: dict[int, TurnModel] = {}
    for model, (_, test) in zip(models, splits, strict=True):
        by_call |= {int(at): model for at in test}
    return tell(calls, [by_call[at] for at in range(len(calls))], sounds if noisy else None)


def tell(calls: Sequence[MarkedCall], models: Sequence[TurnModel], misheard_by: Sounds | None = None) -> Told:
    """What each call's model says of its turns."""
    names: list[str] = []
    turns: list[int] = []
    probability, truth = [], []
    for call, model in zip(calls, models, strict=True):
        seen = as_misheard(call, misheard_by, "measure") if misheard_by is not None else as_written(call)
        found, complaint = model.predict(seen)
        names += [call.id] * len(seen)
        turns += [turn.index for turn in seen]
        probability.append(np.column_stack([found, complaint]))
        truth.append([_truth(call, turn) for turn in seen])
    return Told(tuple(names), tuple(turns), np.concatenate(probability), np.concatenate(truth))


def thresholds(told: Told) -> dict[str, float | None]:
    """From where on each behaviour counts; None keeps the model silent. Forbidden: sure first. Others: best F1."""
    return {name: _threshold(*told.of(name), forbidden=name in FORBIDDEN) for name in BEHAVIOURS}


def figures(told: Told, at: Mapping[str, float | None]) -> dict[str, dict[str, Any]]:
    """By behaviour: turns that are it, average precision, and precision, recall and F1 at its threshold."""
    found: dict[str, dict[str, Any]] = {}
    for name in BEHAVIOURS:
        truth, probability = told.of(name)
        if not truth.any():
            continue
        row: dict[str, Any] = {
            "turns": int(truth.sum()),
            "average_precision": round(float(average_precision_score(truth, probability)), 3),
        }
        threshold = at.get(name)
        if threshold is not None:
            row |= dict(zip(("precision", "recall", "f1"), prf(truth, probability >= threshold), strict=True))
        found[name] = row
    return found


def prf(truth: np.ndarray, guess: np.ndarray) -> tuple[float, float, float]:
    """Precision, recall and F1; 0 where nothing was guessed."""
    right = float((truth & guess).sum())
    return (
        round(right / max(float(guess.sum()), 1.0), 3),
        round(right / max(float(truth.sum()), 1.0), 3),
        round(2 * right / max(float(truth.sum() + guess.sum()), 1.0), 3),
    )


def _truth(call: MarkedCall, turn: SeenTurn) -> list[int]:
    marks = call.marks[turn.index]
    return [int(name in marks) if (name == COMPLAINT) == turn.customer else -1 for name in BEHAVIOURS]


def _threshold(truth: np.ndarray, probability: np.ndarray, *, forbidden: bool) -> float | None:
    best, best_f1 = None, 0.0
    for candidate in np.unique(np.floor(probability[probability > _LOWEST] * 1000) / 1000):
        guess = probability >= candidate
        right = float((truth & guess).sum())
        # One false alarm more than was seen: six right ones are the least that can be called sure.
        if forbidden and right / (float(guess.sum()) + 1) < SURE:
            continue
        f1 = 2 * right / float(truth.sum() + guess.sum())
        if f1 > best_f1:
            best, best_f1 = float(candidate), f1
    return None if best is None else round(best, 3)
