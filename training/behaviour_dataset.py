"""The written calls as rows of turns: what each is marked with (1), is marked not to be (hard 0), or is not (0)."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from qa.behaviour.signals import SeenTurn, seen_turns
from qa.catalogue import BEHAVIOURS
from qa.conversation import Role, Turn
from qa.errors import UsageError
from training.behaviour_noise import Sounds, misheard, sounds_of
from training.dataset import DATA, group_of

FROZEN_SHARE, TUNING_SHARE = 0.25, 0.10
EXCERPTS = ("moments", "turns")
HARD_WEIGHT = 2.0
NOISE_WEIGHT, ALONE_WEIGHT = 0.5, 0.4
MARKS = frozenset(BEHAVIOURS)


@dataclass(frozen=True, slots=True)
class MarkedCall:
    """A written call; `marks` and `denied` are sets of behaviour ids for each turn."""

    id: str
    language: str
    file: str
    turns: tuple[Turn, ...]
    marks: tuple[frozenset[str], ...]
    denied: tuple[frozenset[str], ...]

    @property
    def excerpt(self) -> bool:
        """True for a few turns out of a call, whose first and last turns mean nothing."""
        return self.file.startswith(EXCERPTS)

    @property
    def group(self) -> str:
        """Versions of one story (…-012a, …-012b) are one group and never stand on two sides of a split."""
        return group_of(self.id)


@dataclass(frozen=True, slots=True)
class View:
    """One way a call may reach the program: as written, misheard, or each turn alone."""

    call: int
    seen: tuple[SeenTurn, ...]
    weight: float


def read_marked(folder: Path = DATA, language: str = "zh") -> list[MarkedCall]:
    """All calls of one language in the order of their ids. Raises UsageError naming file and line."""
    calls = []
    for path in sorted((folder / language).glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip():
                continue
            try:
                calls.append(_marked(json.loads(line), language, path.name))
            except (ValueError, KeyError, TypeError) as error:
                raise UsageError(
                    path=path,
                    place=f"line {number}",
                    en=f"not a marked call: {error!r}",
                    zh=f"不是有效的标注通话：{error!r}",
                ) from error
    return sorted(calls, key=lambda call: call.id)


def is_frozen(call: MarkedCall) -> bool:
    """True for about one group in four, by a hash: the same calls for ever, however many are added."""
    return part_of(call.group) == "frozen"


def part_of(group: str) -> str:
    """`frozen` (a quarter, never trained on), `tuning` (a tenth, for thresholds) or `train`, for ever by the group."""
    number = int.from_bytes(hashlib.sha256(group.encode()).digest()[:4]) / 2**32
    return "frozen" if number < FROZEN_SHARE else "tuning" if number < FROZEN_SHARE + TUNING_SHARE else "train"


def as_written(call: MarkedCall) -> tuple[SeenTurn, ...]:
    """The call as the program sees it."""
    return seen_turns(call.turns, call.language)


def as_misheard(call: MarkedCall, sounds: Sounds, key: str = "train") -> tuple[SeenTurn, ...]:
    """The call through the error model of training.behaviour_noise."""
    return seen_turns(misheard_turns(call.turns, f"{key}|{call.id}", call.language, sounds), call.language)


def misheard_turns(turns: Sequence[Turn], key: str, language: str, sounds: Sounds) -> tuple[Turn, ...]:
    """Turns through the error model; the same key gives the same errors."""
    return tuple(
        Turn(turn.index, turn.role, misheard(turn.text, f"{key}|{turn.index}", language, sounds)) for turn in turns
    )


def views(calls: Sequence[MarkedCall], sounds: Sounds | None = None) -> list[View]:
    """All views of all calls, originals first; `View.call` is the place in `calls`."""
    heard = sounds or sounds_of(turn.text for call in calls for turn in call.turns)
    found = [View(at, as_written(call), 1.0) for at, call in enumerate(calls)]
    for at, call in enumerate(calls):
        found.append(View(at, as_misheard(call, heard), NOISE_WEIGHT))
        found += [View(at, seen_turns([turn], call.language), ALONE_WEIGHT) for turn in call.turns]
    return found


def labels(calls: Sequence[MarkedCall], views_: Sequence[View]) -> tuple[np.ndarray, np.ndarray]:
    """(rows, behaviours) of 0/1 and of weights; weights are 0 for turns of the other role."""
    rows = [(calls[view.call], turn, view.weight) for view in views_ for turn in view.seen]
    truth = np.zeros((len(rows), len(BEHAVIOURS)), dtype=np.int8)
    weight = np.zeros((len(rows), len(BEHAVIOURS)))
    for at, (call, turn, share) in enumerate(rows):
        for place, name in enumerate(BEHAVIOURS):
            if (name == "complaint") != turn.customer:
                continue
            truth[at, place] = name in call.marks[turn.index]
            weight[at, place] = share * (HARD_WEIGHT if name in call.denied[turn.index] else 1.0)
    return truth, weight


def data_digest(calls: Sequence[MarkedCall]) -> str:
    """sha256 (hex) of everything the training reads from the calls."""
    rows = [
        [
            call.id,
            [(turn.role, turn.text) for turn in call.turns],
            [sorted(each) for each in (*call.marks, *call.denied)],
        ]
        for call in calls
    ]
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


def _marked(raw: dict[str, Any], language: str, file: str) -> MarkedCall:
    turns, marks, denied = [], [], []
    for index, turn in enumerate(raw["turns"]):
        role: Role = turn["role"]
        turns.append(Turn(index, role, turn["text"]))
        marks.append(frozenset(turn.get("marks", ())) & MARKS)
        denied.append(frozenset(turn.get("not", ())) & MARKS)
    return MarkedCall(raw["id"], language, file, tuple(turns), tuple(marks), tuple(denied))
