"""Calibration, thresholds and figures of the encoder, on calls that it was not taught."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, f1_score

from qa.behaviour.model import sigmoid
from qa.catalogue import COMPLAINT, FORBIDDEN
from qa.encoder.heads import CUSTOMER_TYPES, SPECIAL_CUSTOMERS, TURN_HEADS, call_slice
from training.encoder.calls import TaughtCall

Told = Sequence[tuple[np.ndarray, np.ndarray]]
SURE, POOR, HALF = 0.7, 0.5, 0.5
"""Share of accusations that must be right on the tuning calls, full of look-alikes; and the share below which one kind
of accusation is looked at alone."""
_ENOUGH = 8
_SHRINK = 0.5


def calibration(calls: Sequence[TaughtCall], told: Told) -> dict[str, tuple[float, float]]:
    """(slope, shift) of each behaviour; rare behaviours lean on the slope and shift of all together."""
    pooled = _slope(*_pooled(calls, told))
    found = {}
    for head, name in enumerate(TURN_HEADS):
        truth, logits = turns_of(calls, told, head)
        own = _slope(truth, logits) if truth.sum() >= _ENOUGH else pooled
        found[name] = (
            round(_SHRINK * own[0] + (1 - _SHRINK) * pooled[0], 4),
            round(_SHRINK * own[1] + (1 - _SHRINK) * pooled[1], 4),
        )
    return found


def thresholds(
    calls: Sequence[TaughtCall], told: Told, calibrated: Mapping[str, tuple[float, float]]
) -> dict[str, float | None]:
    """From where on each behaviour counts.

    Required elements count from a half on: that is what calibration is for. The complaint, on which other criteria
    rest, counts from where the F1 of whole calls is best. Forbidden acts count from where SURE of all accused calls
    together are accused rightly, since one act alone has too few examples here to say; an act whose own accusations are
    mostly wrong there is raised until they are right too, or stays silent.
    """
    answers = {name: _by_call(calls, told, TURN_HEADS.index(name), calibrated[name]) for name in FORBIDDEN}
    found: dict[str, float | None] = dict.fromkeys(TURN_HEADS, HALF)
    whole = [at for at, call in enumerate(calls) if not call.excerpt]
    complaints = _by_call(
        [calls[at] for at in whole], [told[at] for at in whole], TURN_HEADS.index(COMPLAINT), calibrated[COMPLAINT]
    )
    found[COMPLAINT] = _best_f1(*complaints)
    together = _from_where(
        np.concatenate([answers[name][0] for name in FORBIDDEN]),
        np.concatenate([answers[name][1] for name in FORBIDDEN]),
        SURE,
    )
    for name in FORBIDDEN:
        truth, probability = answers[name]
        guess = probability >= (together or 1.0)
        wrong = guess.sum() >= _ENOUGH and (truth & guess).sum() < POOR * guess.sum()
        found[name] = _from_where(truth, probability, SURE) if wrong else together
    return found


def figures(
    calls: Sequence[TaughtCall],
    told: Told,
    calibrated: Mapping[str, tuple[float, float]],
    at: Mapping[str, float | None],
) -> dict[str, dict[str, Any]]:
    """By behaviour: turns that are it, average precision; precision, recall, F1 at the threshold with intervals."""
    rows: dict[str, dict[str, Any]] = {}
    for head, name in enumerate(TURN_HEADS):
        truth, logits = turns_of(calls, told, head)
        if not truth.any():
            continue
        row: dict[str, Any] = {
            "turns": int(truth.sum()), "average_precision": round(float(average_precision_score(truth, logits)), 3),
        }  # fmt: skip
        threshold = at.get(name)
        if threshold is not None:
            slope, shift = calibrated[name]
            guess = sigmoid(logits * slope + shift) >= threshold
            row |= prf(truth, guess) | {"f1_interval": bootstrap(truth, guess)}
        rows[name] = row
    return rows


def call_figures(calls: Sequence[TaughtCall], told: Told) -> dict[str, Any]:
    """Of whole calls: macro-F1 of the customer type, pooled F1 of special customers at probability 0.5."""
    whole = [at for at, call in enumerate(calls) if not call.excerpt]
    here = call_slice("customer_type")
    truth = [int(calls[at].answers[here].argmax()) for at in whole]
    guess = [int(told[at][1][here].argmax()) for at in whole]
    special = call_slice("special_customer")
    is_special = np.array([calls[at].answers[special] > 0 for at in whole])
    says_special = np.array([told[at][1][special] > 0 for at in whole])
    return {
        "calls": len(whole),
        "type_macro_f1": round(float(f1_score(truth, guess, average="macro")), 3),
        "type_f1": {
            name: round(float(value), 3)
            for name, value in zip(CUSTOMER_TYPES, f1_score(truth, guess, average=None, labels=[0, 1, 2]), strict=True)
        },
        "special_pooled_f1": prf(is_special.ravel(), says_special.ravel())["f1"],
        "special_calls": {name: int(count) for name, count in zip(SPECIAL_CUSTOMERS, is_special.sum(0), strict=True)},
    }


def temperature(calls: Sequence[TaughtCall], told: Told) -> float:
    """By which the customer type's logits are divided so that its probabilities are honest."""
    here = call_slice("customer_type")
    logits = np.array([each[1][here] for each in told])
    truth = np.array([call.answers[here].argmax() for call in calls])
    best, best_loss = 1.0, np.inf
    for candidate in np.geomspace(0.8, 4.0, 41):
        scaled = logits / candidate
        scaled = scaled - scaled.max(1, keepdims=True)
        loss = float((np.log(np.exp(scaled).sum(1)) - scaled[np.arange(len(truth)), truth]).mean())
        if loss < best_loss:
            best, best_loss = float(candidate), loss
    return round(best, 3)


def turns_of(calls: Sequence[TaughtCall], told: Told, head: int) -> tuple[np.ndarray, np.ndarray]:
    """Truth (bool) and logit of all turns in which a behaviour can stand."""
    truth = np.concatenate([call.truth[call.weight[:, head] > 0, head] for call in calls])
    logits = np.concatenate([each[0][call.weight[:, head] > 0, head] for call, each in zip(calls, told, strict=True)])
    return truth > 0, logits


def prf(truth: np.ndarray, guess: np.ndarray) -> dict[str, float]:
    """Precision, recall and F1; 0 where nothing was guessed."""
    right = float((truth & guess).sum())
    return {
        "precision": round(right / max(float(guess.sum()), 1.0), 3),
        "recall": round(right / max(float(truth.sum()), 1.0), 3),
        "f1": round(2 * right / max(float(truth.sum() + guess.sum()), 1.0), 3),
    }


def bootstrap(truth: np.ndarray, guess: np.ndarray, draws: int = 1000) -> tuple[float, float]:
    """95 % interval of F1 when the turns are drawn again."""
    chance = np.random.default_rng(0)
    kept = np.flatnonzero(truth | guess)
    drawn = chance.integers(0, len(kept), (draws, len(kept))) if len(kept) else np.zeros((1, 0), dtype=int)
    t, g = truth[kept][drawn], guess[kept][drawn]
    scores = 2 * (t & g).sum(1) / np.maximum(t.sum(1) + g.sum(1), 1)
    low, high = np.quantile(scores, (0.025, 0.975))
    return round(float(low), 3), round(float(high), 3)


def _pooled(calls: Sequence[TaughtCall], told: Told) -> tuple[np.ndarray, np.ndarray]:
    both = [turns_of(calls, told, head) for head in range(len(TURN_HEADS))]
    return np.concatenate([truth for truth, _ in both]), np.concatenate([logits for _, logits in both])


def _slope(truth: np.ndarray, logits: np.ndarray) -> tuple[float, float]:
    model = LogisticRegression(C=10.0).fit(logits[:, None], truth)
    return max(float(model.coef_[0, 0]), 0.05), float(model.intercept_[0])


def _by_call(
    calls: Sequence[TaughtCall], told: Told, head: int, calibrated: tuple[float, float]
) -> tuple[np.ndarray, np.ndarray]:
    """Of calls: whether any turn is it, and the highest probability of it. A verdict is about the call."""
    truth, highest = [], []
    for call, (logits, _) in zip(calls, told, strict=True):
        here = call.weight[:, head] > 0
        if here.any():
            truth.append(bool(call.truth[here, head].any()))
            highest.append(float(sigmoid(logits[here, head] * calibrated[0] + calibrated[1]).max()))
    return np.array(truth), np.array(highest)


def _best_f1(truth: np.ndarray, probability: np.ndarray) -> float:
    scores = {at: prf(truth, probability >= at)["f1"] for at in np.arange(0.3, 0.91, 0.02)}
    return round(float(max(scores, key=lambda at: scores[at])), 2)


def _from_where(truth: np.ndarray, probability: np.ndarray, sure: float) -> float | None:
    """Lowest probability from which on the share of right answers is `sure`; None where it never is."""
    for candidate in np.arange(0.2, 0.96, 0.01):
        guess = probability >= candidate
        if guess.any() and (truth & guess).sum() >= sure * guess.sum():
            return round(float(candidate), 2)
    return None
