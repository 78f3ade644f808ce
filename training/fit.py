"""Chooses a recipe by cross-validation, then fits it. The same calls and code give the same model."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from scipy.optimize import minimize_scalar

from qa.customer_type.classifier import tempered
from qa.evaluation import CUSTOMER_TYPES
from training.augment import views
from training.dataset import Call, rows, targets
from training.metrics import macro_f1, measure
from training.recipes import recipes
from training.splits import folds, split

# A recipe must carry over to businesses and to ways of talking (phone, chat, tweet) that it has not seen.
GROUPINGS = ("domain", "channel")
VIEW_WEIGHT = 0.35
_LOWEST_THRESHOLD, _HIGHEST_THRESHOLD = 0.36, 0.60


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fitted model of one language with all that its manifest says."""

    language: str
    recipe: str
    estimator: Any
    temperature: float
    threshold: float
    calls: int
    metrics: dict[str, Any]


def fit_language(calls: Sequence[Call], language: str, *, jobs: int = 1, names: Sequence[str] = ()) -> Fitted:
    """Choose, measure on the frozen holdout, then fit on every call. `names` limits the recipes that compete."""
    mine = [call for call in calls if call.language == language]
    known, held_out = split(mine)
    known_rows, truth = rows(known), targets(known)
    extra = [views(call) for call in known]
    extra_rows = [rows(list(made)) for made in extra]
    chosen = list(names) or list(recipes(language))
    tasks = [(name, by) for name in chosen for by in GROUPINGS]
    found = Parallel(n_jobs=jobs)(
        delayed(out_of_fold)(name, known, known_rows, extra_rows, by) for name, by in tasks
    )
    guessed = dict(zip(tasks, found, strict=True))
    scores = {
        name: {by: round(macro_f1(truth, guessed[name, by].argmax(axis=1)), 4) for by in GROUPINGS} for name in chosen
    }
    # The mean of log losses would favour timid models; macro-F1 is what users see. Ties go to the earlier, simpler one.
    best = max(chosen, key=lambda name: float(np.mean(list(scores[name].values()))))
    pooled = np.concatenate([guessed[best, by] for by in GROUPINGS])
    temperature = best_temperature(np.concatenate([truth] * len(GROUPINGS)), pooled)
    by_domain = tempered(guessed[best, "domain"], temperature)
    threshold = best_threshold(truth, by_domain)
    before = fit_recipe(best, language, known_rows, truth, extra_rows)
    metrics = {
        "cross_validation": measure(truth, by_domain, threshold=threshold),
        "cross_channel": measure(truth, tempered(guessed[best, "channel"], temperature), threshold=threshold),
        "recipes": scores,
    }
    if held_out:
        probabilities = tempered(before.predict_proba(rows(held_out)), temperature)
        metrics["holdout"] = measure(targets(held_out), probabilities, threshold=threshold)
    final_rows = [rows(list(views(call))) for call in mine]
    final = fit_recipe(best, language, rows(mine), targets(mine), final_rows)
    return Fitted(language, best, final, temperature, threshold, len(mine), metrics)


def out_of_fold(
    name: str, calls: Sequence[Call], table: np.ndarray, extra: Sequence[np.ndarray], by: str
) -> np.ndarray:
    """Probabilities (n, 3) of each call from a model that saw no call of its domain (or channel)."""
    truth = targets(calls)
    guessed = np.zeros((len(calls), len(CUSTOMER_TYPES)))
    for train, test in folds(calls, by):
        estimator = fit_recipe(name, calls[0].language, table[train], truth[train], [extra[place] for place in train])
        guessed[test] = estimator.predict_proba(table[test])
    return guessed


def fit_recipe(
    name: str, language: str, table: np.ndarray, truth: np.ndarray, extra: Sequence[np.ndarray]
) -> Any:
    """Fit one recipe on calls and, with less weight, on their other views."""
    estimator = recipes(language)[name]()
    counts = [len(made) for made in extra]
    full = np.concatenate([table, *extra])
    labels = np.concatenate([truth, np.repeat(truth, counts)])
    weights = np.concatenate([np.ones(len(truth)), np.full(sum(counts), VIEW_WEIGHT)])
    return _fit_weighted(estimator, full, labels, weights)


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
    for candidate in np.arange(_LOWEST_THRESHOLD, _HIGHEST_THRESHOLD, 0.02):
        below = stated < candidate
        if below.sum() >= 5 and right[below].mean() < 0.5:
            threshold = float(candidate)
    return round(threshold, 2)


def _fit_weighted(estimator: Any, table: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> Any:
    """Pipelines take weights for their last step only; a vote hands them to each of its pipelines."""
    from sklearn.ensemble import VotingClassifier
    from sklearn.preprocessing import LabelEncoder

    if not isinstance(estimator, VotingClassifier):
        return estimator.fit(table, labels, **{f"{estimator.steps[-1][0]}__sample_weight": weights})
    estimator.estimators_ = [_fit_weighted(part, table, labels, weights) for _, part in estimator.estimators]
    estimator.named_estimators_ = dict(zip([name for name, _ in estimator.estimators], estimator.estimators_, strict=True))
    estimator.le_ = LabelEncoder().fit(labels)
    estimator.classes_ = estimator.le_.classes_
    return estimator
