"""Fits the turn-behaviour model of one language; the same calls and code give the same model."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from qa.behaviour.ids import AGENT_IDS, BEHAVIOURS, COMPLAINT
from qa.behaviour.model import Grams, TurnModel, complaint_columns
from qa.behaviour.signals import SeenTurn
from training.behaviour_dataset import MarkedCall, View, labels, views
from training.behaviour_noise import Sounds

VOCABULARY = 5_000
STRENGTH = 6.0
INNER = 3
_HEAVY_VIEW = 1.0
_COMPLAINT_AT = BEHAVIOURS.index(COMPLAINT)


def fit_grams(seen: Sequence[SeenTurn], language: str, *, sound: bool = True, before: bool = True) -> Grams:
    """Vectorizers fitted on turns; `sound` and `before` switch blocks off for measuring."""
    own = _tfidf("char" if language == "zh" else "char_wb", (1, 4) if language == "zh" else (2, 5), VOCABULARY)
    words = None if language == "zh" else _tfidf("word", (1, 2), 3_000)
    heard = _tfidf("word", (1, 3), 4_000) if language == "zh" and sound else None
    earlier = _tfidf("char" if language == "zh" else "word", (1, 2), 1_500 if before else 1)
    grams = Grams(own, words, heard, earlier)
    for vectorizer, name in ((own, "own"), (words, "own"), (heard, "sound"), (earlier, "before")):
        if vectorizer is not None:
            vectorizer.fit([getattr(turn, name) for turn in seen])
            # Plain integers: skops writes each numpy integer as a file of its own.
            vectorizer.vocabulary_ = {gram: int(place) for gram, place in vectorizer.vocabulary_.items()}
    return grams


def fit_turns(
    calls: Sequence[MarkedCall],
    sounds: Sounds,
    *,
    strength: float = STRENGTH,
    with_views: bool = True,
    **blocks: bool,
) -> TurnModel:
    """Fit all heads. The complaint columns that the others learn from come from a complaint head that had not seen the call."""
    looked = views(calls, sounds)
    if not with_views:
        looked = looked[: len(calls)]
    rows = [turn for view in looked for turn in view.seen]
    truth, weight = labels(calls, looked)
    groups = np.array([view.call for view in looked for _ in view.seen])
    original = np.array([view.weight == _HEAVY_VIEW for view in looked for _ in view.seen])
    grams = fit_grams([turn for turn, first in zip(rows, original, strict=True) if first], calls[0].language, **blocks)
    table = grams.table(rows)
    inner = list(GroupKFold(INNER).split(np.zeros(len(rows)), groups=groups))
    parts = table, truth[:, _COMPLAINT_AT], weight[:, _COMPLAINT_AT]
    complaint, logits = _head(*parts, original, inner, strength)
    unseen = 1 / (1 + np.exp(-logits))
    wide = hstack([table, csr_matrix(_columns(looked, unseen))], format="csr")
    weights, bias = [], []
    for name in AGENT_IDS:
        at = BEHAVIOURS.index(name)
        head, _ = _head(wide, truth[:, at], weight[:, at], original, inner, strength)
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
    truth: np.ndarray,
    weight: np.ndarray,
    original: np.ndarray,
    inner: Sequence[tuple[np.ndarray, np.ndarray]],
    strength: float,
) -> tuple[tuple[np.ndarray, float], np.ndarray]:
    """((weights, bias) with the calibration folded in, calibrated logits of unseen rows)."""
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


def _tfidf(analyzer: str, span: tuple[int, int], most: int) -> TfidfVectorizer:
    pattern = {"token_pattern": r"(?u)\S+"} if analyzer == "word" else {}
    return TfidfVectorizer(
        analyzer=analyzer, ngram_range=span, min_df=2, max_features=most, sublinear_tf=True, dtype=np.float64, **pattern
    )
