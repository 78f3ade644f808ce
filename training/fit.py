"""Chooses a recipe by cross-validation, then fits it. The same calls and code give the same model."""

from collections import Counter
from collections.abc import Callable, Sequence
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
from training.noise import Doubt, contradicted, doubts
from training.recipes import RECIPES, call_estimator, turn_estimator
from training.splits import folds, split

# A recipe must carry over to businesses and to ways of talking (phone, chat, tweet) that it has not seen.
GROUPINGS = ("domain", "channel")
_ROUNDS = (("domain", 0), ("domain", 1), ("domain", 2), ("channel", 0))
_AGITATED = CUSTOMER_TYPES.index("agitated")
_VIEW_WEIGHT = 0.35
_MOST_VIEWED = 4000
_MARKED_WEIGHT, _GUESSED_WEIGHT = 1.0, 0.7
_LOWEST_THRESHOLD, _HIGHEST_THRESHOLD = 0.34, 0.45


@dataclass(frozen=True, slots=True)
class ExcerptWeights:
    """How much an excerpt counts beside a whole call in each of the two estimators; 0 leaves it out."""

    turns: float = 1.0
    calls: float = 1.0


# Chosen by cross-validation on whole calls (docs/training.md).
EXCERPTS = ExcerptWeights(turns=0.5, calls=0.25)
EXCERPT_CHOICES = (ExcerptWeights(0.0, 0.0), ExcerptWeights(0.5, 0.0), EXCERPTS, ExcerptWeights(1.0, 1.0))


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fitted model of one language with all that its manifest says.

    `answers` are the probabilities of held-out calls by a model that was fitted without them; `doubts` ranks the
    labels of the other whole calls by how wrong they look.
    """

    language: str
    recipe: str
    model: CallModel
    temperature: float
    threshold: float
    calls: int
    metrics: dict[str, Any]
    answers: tuple[tuple[Call, np.ndarray], ...] = ()
    doubts: tuple[Doubt, ...] = ()


def fit_language(
    calls: Sequence[Call],
    language: str,
    *,
    jobs: int = 1,
    names: Sequence[str] = (),
    excerpts: ExcerptWeights | None = EXCERPTS,
    say: Callable[[str], None] = lambda _: None,
) -> Fitted:
    """Choose, measure on the frozen holdout, then fit on every call. All figures are of whole calls.

    `names` limits the recipes that compete; `excerpts` None lets cross-validation choose their weights.
    """
    mine = [call for call in calls if call.language == language]
    known, held_out = split(mine)
    held_out = [call for call in held_out if not call.excerpt]
    whole = np.array([not call.excerpt for call in known])
    truth = targets(known)[whole]
    chosen = list(names) or list(RECIPES)
    metrics: dict[str, Any] = {"origins": dict(Counter(call.origin for call in mine))}
    if excerpts is None:
        metrics["excerpts"] = compare_excerpts(known, chosen[-1], jobs=jobs)
        excerpts = EXCERPT_CHOICES[int(np.argmax(list(metrics["excerpts"].values())))]
    say(f"{language}: {len(known)} calls, {len(_ROUNDS)} rounds of cross-validation, {len(held_out)} held out")
    found = []
    for done in Parallel(n_jobs=jobs, return_as="generator")(
        delayed(out_of_fold)(chosen, known, by, seed, excerpts) for by, seed in _ROUNDS
    ):
        found.append({name: answers[whole] for name, answers in done.items()})
        say(f"{language}: round {len(found)} of {len(_ROUNDS)}")
    guessed = dict(zip(_ROUNDS, found, strict=True))
    scores = {name: {by: _mean_f1(guessed, name, by, truth) for by in GROUPINGS} for name in chosen}
    # Ties go to the earlier, simpler recipe.
    best = max(chosen, key=lambda name: round(float(np.mean(list(scores[name].values()))), 3))
    temperature = best_temperature(
        np.tile(truth, len(GROUPINGS)), np.concatenate([guessed[by, 0][best] for by in GROUPINGS])
    )
    stated = {by: tempered(guessed[by, 0][best], temperature) for by in GROUPINGS}
    threshold = best_threshold(np.tile(truth, len(GROUPINGS)), np.concatenate(list(stated.values())))
    metrics |= {
        "cross_validation": measure(truth, stated["domain"], threshold=threshold),
        "cross_channel": measure(truth, stated["channel"], threshold=threshold),
        "recipes": scores,
        "excerpt_weights": [excerpts.turns, excerpts.calls],
    }
    probabilities = np.zeros((0, len(CUSTOMER_TYPES)))
    if held_out:
        before = fit_calls(known, [best], excerpts)[best]
        probabilities = tempered(predict(before, held_out), temperature)
        metrics["holdout"] = measure(targets(held_out), probabilities, threshold=threshold)
    model = fit_calls(mine, [best], excerpts)[best]
    answers = tuple(zip(held_out, probabilities, strict=True))
    complete = [call for call in known if not call.excerpt]
    doubtful = doubts(complete, stated["domain"])
    metrics["contradicted"] = contradicted(complete, doubtful)
    return Fitted(language, best, model, temperature, threshold, len(mine), metrics, answers, tuple(doubtful))


def compare_excerpts(known: Sequence[Call], recipe: str, *, jobs: int = 1) -> dict[str, float]:
    """Macro-F1 of whole calls of unseen domains, by the weights given to excerpts (turns, calls)."""
    whole = np.array([not call.excerpt for call in known])
    found = Parallel(n_jobs=jobs)(
        delayed(out_of_fold)([recipe], known, "domain", 0, weights) for weights in EXCERPT_CHOICES
    )
    truth = targets(known)[whole]
    scores = [round(macro_f1(truth, answers[recipe][whole].argmax(axis=1)), 4) for answers in found]
    return {f"{each.turns:g},{each.calls:g}": score for each, score in zip(EXCERPT_CHOICES, scores, strict=True)}


def out_of_fold(
    names: Sequence[str], calls: Sequence[Call], by: str, seed: int = 0, excerpts: ExcerptWeights = EXCERPTS
) -> dict[str, np.ndarray]:
    """Probabilities (n, 3) of each call from models that saw no call of its domain (or channel), by recipe."""
    guessed = {name: np.zeros((len(calls), len(CUSTOMER_TYPES))) for name in names}
    for train, test in folds(calls, by, seed):
        models = fit_calls([calls[place] for place in train], names, excerpts)
        for name, model in models.items():
            guessed[name][test] = predict(model, [calls[place] for place in test])
    return guessed


def _mean_f1(guessed: dict[tuple[str, int], Any], name: str, by: str, truth: np.ndarray) -> float:
    found = [macro_f1(truth, guessed[done][name].argmax(axis=1)) for done in _ROUNDS if done[0] == by]
    return round(float(np.mean(found)), 4)


def fit_calls(calls: Sequence[Call], names: Sequence[str], excerpts: ExcerptWeights = EXCERPTS) -> dict[str, CallModel]:
    """Fit recipes. Call estimators learn from turns as judged by a turn estimator that did not learn from them."""
    views_here = views_of(calls)
    tables: list[np.ndarray] = []
    labels: list[int] = []
    weights: list[float] = []
    for train, test in folds(calls, "domain", seed=11):
        turn = fit_turns([calls[place] for place in train], excerpts.turns)
        seen = [calls[place] for place in test if excerpts.calls or not calls[place].excerpt]
        if not seen:
            continue
        extra = [made for call in seen for made in views_here(call)]
        tables.append(call_table(turn, [(_said(call), {}) for call in [*seen, *extra]]))
        labels.extend(call.target for call in [*seen, *extra])
        share = [excerpts.calls if call.excerpt else 1.0 for call in [*seen, *extra]]
        weights.extend(np.array(share) * ([1.0] * len(seen) + [_VIEW_WEIGHT] * len(extra)))
    turn = fit_turns(calls, excerpts.turns)
    table, truth, weight = np.concatenate(tables), np.array(labels), np.array(weights)
    return {name: CallModel(turn, _fit_weighted(call_estimator(name), table, truth, weight)) for name in names}


def fit_turns(calls: Sequence[Call], excerpt_weight: float = EXCERPTS.turns) -> Pipeline:
    """Fit the turn estimator: a complaining turn is agitated; other turns of a calm call take the call's type."""
    views_here = views_of(calls)
    turns: list[SaidTurn] = []
    labels: list[int] = []
    weights: list[float] = []
    marked = any(call.complaints for call in calls if call.target == _AGITATED)
    for original in calls:
        counts = excerpt_weight if original.excerpt else 1.0
        if not counts:
            continue
        for call in (original, *views_here(original)):
            share = counts * (1.0 if call is original else _VIEW_WEIGHT)
            for turn in _said(call):
                if not turn.customer:
                    continue
                complains = turn.index in call.complaints
                if marked and not complains and call.target == _AGITATED:
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


def views_of(calls: Sequence[Call]) -> Callable[[Call], tuple[Call, ...]]:
    """What augments each of `calls`; nothing where there are so many that more views only cost time and memory."""
    return _made_views if len(calls) <= _MOST_VIEWED else lambda _: ()


@lru_cache(maxsize=20_000)
def _made_views(call: Call) -> tuple[Call, ...]:
    return tuple(views(call))


def _fit_weighted(estimator: Pipeline, table: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> Pipeline:
    """Fit a pipeline whose last step takes the weights."""
    return estimator.fit(table, labels, **{f"{estimator.steps[-1][0]}__sample_weight": weights})
