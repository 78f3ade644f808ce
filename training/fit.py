"""Chooses a recipe by cross-validation, then fits it. The same calls and code give the same model."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from scipy.optimize import minimize_scalar
from sklearn.pipeline import Pipeline

from qa.customer_type.model import CallModel, call_table, tempered
from qa.customer_type.signals import SaidTurn, turn_table
from qa.evaluation import CUSTOMER_TYPES
from training.augment import views
from training.dataset import Call, said, targets
from training.metrics import macro_f1, measure
from training.recipes import RECIPES, call_estimator, turn_estimator
from training.splits import folds, split

# A recipe must carry over to businesses and to ways of talking (phone, chat, tweet) that it has not seen.
GROUPINGS = ("domain", "channel")
_ROUNDS = (("domain", 0), ("domain", 1), ("domain", 2), ("channel", 0))
_AGITATED = CUSTOMER_TYPES.index("agitated")
_VIEW_WEIGHT = 0.35
_MARKED_WEIGHT, _GUESSED_WEIGHT = 1.0, 0.7
_LOWEST_THRESHOLD, _HIGHEST_THRESHOLD = 0.34, 0.45


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fitted model of one language with all that its manifest says."""

    language: str
    recipe: str
    model: CallModel
    temperature: float
    threshold: float
    calls: int
    metrics: dict[str, Any]


def fit_language(calls: Sequence[Call], language: str, *, jobs: int = 1, names: Sequence[str] = ()) -> Fitted:
    """Choose, measure on the frozen holdout, then fit on every call. `names` limits the recipes that compete."""
    mine = [call for call in calls if call.language == language]
    known, held_out = split(mine)
    truth = targets(known)
    chosen = list(names) or list(RECIPES)
    found = Parallel(n_jobs=jobs)(delayed(out_of_fold)(chosen, known, by, seed) for by, seed in _ROUNDS)
    guessed = dict(zip(_ROUNDS, found, strict=True))
    scores = {name: {by: _mean_f1(guessed, name, by, truth) for by in GROUPINGS} for name in chosen}
    # Ties go to the earlier, simpler recipe.
    best = max(chosen, key=lambda name: round(float(np.mean(list(scores[name].values()))), 3))
    temperature = best_temperature(
        np.tile(truth, len(GROUPINGS)), np.concatenate([guessed[by, 0][best] for by in GROUPINGS])
    )
    stated = {by: tempered(guessed[by, 0][best], temperature) for by in GROUPINGS}
    threshold = best_threshold(np.tile(truth, len(GROUPINGS)), np.concatenate(list(stated.values())))
    metrics: dict[str, Any] = {
        "cross_validation": measure(truth, stated["domain"], threshold=threshold),
        "cross_channel": measure(truth, stated["channel"], threshold=threshold),
        "recipes": scores,
    }
    if held_out:
        before = fit_calls(known, [best])[best]
        probabilities = tempered(predict(before, held_out), temperature)
        metrics["holdout"] = measure(targets(held_out), probabilities, threshold=threshold)
    return Fitted(language, best, fit_calls(mine, [best])[best], temperature, threshold, len(mine), metrics)


def out_of_fold(names: Sequence[str], calls: Sequence[Call], by: str, seed: int = 0) -> dict[str, np.ndarray]:
    """Probabilities (n, 3) of each call from models that saw no call of its domain (or channel), by recipe."""
    guessed = {name: np.zeros((len(calls), len(CUSTOMER_TYPES))) for name in names}
    for train, test in folds(calls, by, seed):
        models = fit_calls([calls[place] for place in train], names)
        for name, model in models.items():
            guessed[name][test] = predict(model, [calls[place] for place in test])
    return guessed


def _mean_f1(guessed: dict[tuple[str, int], Any], name: str, by: str, truth: np.ndarray) -> float:
    found = [macro_f1(truth, guessed[done][name].argmax(axis=1)) for done in _ROUNDS if done[0] == by]
    return round(float(np.mean(found)), 4)


def fit_calls(calls: Sequence[Call], names: Sequence[str]) -> dict[str, CallModel]:
    """Fit recipes. Call estimators learn from turns as judged by a turn estimator that did not learn from them."""
    tables: list[np.ndarray] = []
    labels: list[int] = []
    weights: list[float] = []
    for train, test in folds(calls, "domain", seed=11):
        turn = fit_turns([calls[place] for place in train])
        seen = [calls[place] for place in test]
        extra = [made for call in seen for made in _views(call)]
        tables.append(call_table(turn, [(_said(call), {}) for call in [*seen, *extra]]))
        labels.extend(call.target for call in [*seen, *extra])
        weights.extend([1.0] * len(seen) + [_VIEW_WEIGHT] * len(extra))
    turn = fit_turns(calls)
    table, truth, weight = np.concatenate(tables), np.array(labels), np.array(weights)
    return {name: CallModel(turn, _fit_weighted(call_estimator(name), table, truth, weight)) for name in names}


def fit_turns(calls: Sequence[Call]) -> Pipeline:
    """Fit the turn estimator: a complaining turn is agitated; other turns of a calm call take the call's type."""
    turns: list[SaidTurn] = []
    labels: list[int] = []
    weights: list[float] = []
    for original in calls:
        for call in (original, *_views(original)):
            share = 1.0 if call is original else _VIEW_WEIGHT
            for turn in _said(call):
                if not turn.customer:
                    continue
                complains = turn.index in call.complaints
                if not complains and call.target == _AGITATED:
                    continue  # calm turns of an angry customer belong to no type
                turns.append(turn)
                labels.append(_AGITATED if complains else call.target)
                weights.append(share * (_MARKED_WEIGHT if complains else _GUESSED_WEIGHT))
    estimator = turn_estimator(calls[0].language)
    fitted = _fit_weighted(estimator, turn_table(turns), np.array(labels), np.array(weights))
    grams = fitted[0].named_transformers_["grams"]
    # Plain integers: skops writes each numpy integer as a file of its own.
    grams.vocabulary_ = {gram: int(place) for gram, place in grams.vocabulary_.items()}
    return fitted


def predict(model: CallModel, calls: Sequence[Call]) -> np.ndarray:
    """Probabilities (n, 3) of calls, not yet calibrated."""
    return model.predict_proba([(_said(call), {}) for call in calls])


def best_temperature(truth: np.ndarray, probabilities: np.ndarray) -> float:
    """Temperature with the smallest log loss on out-of-fold probabilities."""

    def loss(logarithm: float) -> float:
        at_truth = tempered(probabilities, float(np.exp(logarithm)))[np.arange(len(truth)), truth]
        return float(-np.log(np.clip(at_truth, 1e-9, 1)).mean())

    found = minimize_scalar(loss, bounds=(np.log(0.2), np.log(5.0)), method="bounded")
    return round(float(np.exp(found.x)), 4)


def best_threshold(truth: np.ndarray, probabilities: np.ndarray) -> float:
    """Probability under which fewer than half of the guesses are right (an abstention is not right either)."""
    stated, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == truth
    threshold = _LOWEST_THRESHOLD
    for candidate in np.arange(_LOWEST_THRESHOLD, _HIGHEST_THRESHOLD, 0.01):
        below = stated < candidate
        if below.sum() >= 5 and right[below].mean() < 0.5:
            threshold = float(candidate)
    return round(threshold, 2)


@lru_cache(maxsize=20_000)
def _said(call: Call) -> tuple[SaidTurn, ...]:
    return said(call)


@lru_cache(maxsize=20_000)
def _views(call: Call) -> tuple[Call, ...]:
    return tuple(views(call))


def _fit_weighted(estimator: Pipeline, table: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> Pipeline:
    """Fit a pipeline whose last step takes the weights."""
    return estimator.fit(table, labels, **{f"{estimator.steps[-1][0]}__sample_weight": weights})
