"""Answers to held-out calls, kept with each version so that versions can be compared fairly for ever.

A published model is fitted on all calls in the end, so asking it about the holdout again would flatter it. What counts
is what a model said that was fitted without the holdout. `holdout.json` of a version keeps exactly that (ids,
probabilities and a hash of the group; no text), together with the answers of the version then in use: its own kept
ones, or, for calls that came later, what it says now.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from qa.evaluation import CUSTOMER_TYPES
from training.metrics import macro_f1

FILE = "holdout.json"
_ROUNDS = 2000


@dataclass(frozen=True, slots=True)
class Answer:
    """One held-out call: its label, what the new model says, what the version in use says (None: not fairly known)."""

    id: str
    language: str
    group: str
    truth: str
    probabilities: tuple[float, ...]
    rival: tuple[float, ...] | None
    drawn: bool


@dataclass(frozen=True, slots=True)
class Holdout:
    """All held-out calls; `rival_version` is empty where no version was in use."""

    answers: tuple[Answer, ...]
    rival_version: str = ""

    def of(self, language: str) -> tuple[Answer, ...]:
        """The answers of one language."""
        return tuple(answer for answer in self.answers if answer.language == language)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Macro-F1 of the new model minus that of the rival on the same calls; `low` to `high` holds 90 % of resamples.

    So the new model is with 95 % confidence not worse than by `-low`.
    """

    calls: int
    new: float
    rival: float
    low: float
    high: float

    @property
    def difference(self) -> float:
        """Positive where the new model is better."""
        return self.new - self.rival


def hashed(group: str) -> str:
    """A group's name that gives no customer away."""
    return hashlib.sha256(group.encode()).hexdigest()[:16]


def arrays(answers: Sequence[Answer]) -> tuple[np.ndarray, np.ndarray]:
    """Label places (n,) and probabilities (n, 3)."""
    truth = np.array([CUSTOMER_TYPES.index(answer.truth) for answer in answers], dtype=int)
    return truth, np.array([answer.probabilities for answer in answers]).reshape(-1, len(CUSTOMER_TYPES))


def compare(answers: Iterable[Answer], rounds: int = _ROUNDS) -> Comparison | None:
    """Paired bootstrap over groups of calls, seed fixed; None where no call was answered by both."""
    both = [answer for answer in answers if answer.rival is not None]
    if not both:
        return None
    truth, probabilities = arrays(both)
    new = probabilities.argmax(axis=1)
    rival = np.array([answer.rival for answer in both]).argmax(axis=1)
    names = sorted({answer.group for answer in both})
    members = [np.flatnonzero([answer.group == name for answer in both]) for name in names]
    random = np.random.default_rng(0)
    differences = []
    for _ in range(rounds):
        drawn = np.concatenate([members[place] for place in random.integers(0, len(members), len(members))])
        differences.append(_quick_f1(truth[drawn], new[drawn]) - _quick_f1(truth[drawn], rival[drawn]))
    low, high = np.quantile(differences, (0.05, 0.95))
    return Comparison(len(both), macro_f1(truth, new), macro_f1(truth, rival), float(low), float(high))


def write_holdout(folder: Path, holdout: Holdout) -> None:
    """Write FILE."""
    calls = [{**asdict(answer), "probabilities": _rounded(answer.probabilities)} for answer in holdout.answers]
    text = json.dumps({"format": 1, "labels": CUSTOMER_TYPES, "rival": holdout.rival_version, "calls": calls}, indent=1)
    (folder / FILE).write_text(text + "\n", encoding="utf-8")


def read_holdout(folder: Path) -> Holdout | None:
    """The answers kept with a version; None for versions from before they were kept, or with other labels."""
    try:
        raw = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    if tuple(raw["labels"]) != CUSTOMER_TYPES:
        return None
    answers = [
        Answer(**{**one, "probabilities": tuple(one["probabilities"]), "rival": one["rival"] and tuple(one["rival"])})
        for one in raw["calls"]
    ]
    return Holdout(tuple(answers), raw["rival"])


def _rounded(probabilities: Iterable[float]) -> list[float]:
    return [round(float(value), 6) for value in probabilities]


def _quick_f1(truth: np.ndarray, guess: np.ndarray) -> float:
    size = len(CUSTOMER_TYPES)
    table = np.bincount(truth * size + guess, minlength=size * size).reshape(size, size)
    totals = table.sum(axis=0) + table.sum(axis=1)
    # A type that a resample does not hold says nothing about either model.
    held = totals > 0
    return float(np.mean(2 * np.diag(table)[held] / totals[held]))
