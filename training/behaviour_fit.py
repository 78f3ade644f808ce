"""Fits the turn-behaviour model of one language; the same calls and code give the same model."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from qa.behaviour.grams import BLOCKS, Grams, vectorizer
from qa.behaviour.model import TurnModel, complaint_columns
from qa.behaviour.signals import SeenTurn
from qa.catalogue import AGENT_IDS, BEHAVIOURS, COMPLAINT
from training.behaviour_dataset import MarkedCall, View, labels, views
from training.behaviour_noise import Sounds

STRENGTH = 6.0
INNER = 3
_HEAVY_VIEW = 1.0
_COMPLAINT_AT = BEHAVIOURS.index(COMPLAINT)


class Target(NamedTuple):
    """What one head learns: 0/1 and weight of each row, and whether the row is of a call as written."""

    truth: np.ndarray
    weight: np.ndarray
    original: np.ndarray


def fit_grams(seen: Sequence[SeenTurn], language: str) -> Grams:
    """Vectorizers fitted on turns."""
    fitted = {}
    for name, block in BLOCKS[language].items():
        fitted[name] = vectorizer(block).fit([getattr(turn, block.reads) for turn in seen])
    return Grams(language, fitted)


def fit_turns(
    calls: Sequence[MarkedCall],
    sounds: Sounds,
    *,
    strength: float = STRENGTH,
) -> TurnModel:
    """Fit all heads. Where they learn from the complaint head's answers, that head had not seen the call."""
    looked = views(calls, sounds)
    rows = [turn for view in looked for turn in view.seen]
    truth, weight = labels(calls, looked)
    numbers = {name: at for at, name in enumerate(sorted({call.group for call in calls}))}
    groups = np.array([numbers[calls[view.call].group] for view in looked for _ in view.seen])
    original = np.array([view.weight == _HEAVY_VIEW for view in looked for _ in view.seen])
    grams = fit_grams([turn for turn, first in zip(rows, original, strict=True) if first], calls[0].language)
    table = grams.table(rows)
    inner = list(GroupKFold(INNER).split(np.zeros(len(rows)), groups=groups))
    target = Target(truth[:, _COMPLAINT_AT], weight[:, _COMPLAINT_AT], original)
    complaint, logits = _head(table, target, inner, strength)
    unseen = 1 / (1 + np.exp(-logits))
    wide = hstack([table, csr_matrix(_columns(looked, unseen))], format="csr")
    weights, bias = [], []
    for name in AGENT_IDS:
        at = BEHAVIOURS.index(name)
        head, _ = _head(wide, Target(truth[:, at], weight[:, at], original), inner, strength)
        weights.append(head[0])
        bias.append(head[1])
    return TurnModel(grams, AGENT_IDS, np.array(weights), np.array(bias), complaint[0], complaint[1])


def _columns(looked: Sequence[View], complaint: np.ndarray) -> np.ndarray:
    found, at = [], 0
    for view in looked:
        found.append(complaint_columns(view.seen, complaint[at : at + len(view.seen)]))
        at += len(view.seen)
    return np.concatenate(found)


def _head(
    table: csr_matrix,
    target: Target,
    inner: Sequence[tuple[np.ndarray, np.ndarray]],
    strength: float,
) -> tuple[tuple[np.ndarray, float], np.ndarray]:
    """((weights, bias) with the calibration folded in, calibrated logits of unseen rows)."""
    truth, weight, original = target
    unseen = np.zeros(len(truth))
    for train, test in inner:
        kept = train[weight[train] > 0]
        if truth[kept].sum() == 0:
            unseen[test] = -6.0
            continue
        unseen[test] = _linear(table[kept], truth[kept], weight[kept], strength).decision_function(table[test])
    kept = np.flatnonzero(weight > 0)
    if truth[kept].sum() == 0:
        return (np.zeros(table.shape[1]), -6.0), np.full(len(truth), -6.0)
    whole = _linear(table[kept], truth[kept], weight[kept], strength)
    told = kept[original[kept]]
    slope = LogisticRegression(C=1e3).fit(unseen[told, None], truth[told])
    steep, shift = max(float(slope.coef_[0, 0]), 0.05), float(slope.intercept_[0])
    return (whole.coef_[0] * steep, float(whole.intercept_[0]) * steep + shift), unseen * steep + shift


def _linear(table: csr_matrix, truth: np.ndarray, weight: np.ndarray, strength: float) -> LogisticRegression:
    positive = max((weight * truth).sum(), 1.0)
    # Square root: rare behaviours count more, but not as if they were as common as the rest.
    lift = np.sqrt((weight.sum() - positive) / positive)
    balanced = weight * np.where(truth == 1, lift, 1.0)
    model = LogisticRegression(C=strength, solver="liblinear", random_state=0, max_iter=300)
    return model.fit(table, truth, sample_weight=balanced)
