"""The written calls as the encoder learns them: token windows with what each turn and the call are."""

import hashlib
import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from qa.catalogue import BEHAVIOURS, COMPLAINT
from qa.conversation import Turn
from qa.encoder.heads import CALL_HEADS, CALL_WIDTH, TURN_HEADS, call_slice
from qa.encoder.windows import reading
from qa.errors import UsageError
from training.behaviour_dataset import EXCERPTS, HARD_WEIGHT, part_of
from training.behaviour_noise import Sounds, misheard
from training.dataset import DATA, group_of

_MARKS = re.compile(r"[^\w?! '@#]+")
_MISHEARD_SHARE, _BARE_SHARE, _CROP_SHARE, _ALONE_SHARE = 0.25, 0.4, 0.35, 0.12


@dataclass(frozen=True, slots=True)
class TaughtCall:
    """One written call. `truth`, `weight` (turns, TURN_HEADS); `answers`, `answer_weight` (CALL_WIDTH)."""

    id: str
    language: str
    excerpt: bool
    turns: tuple[Turn, ...]
    truth: np.ndarray
    weight: np.ndarray
    answers: np.ndarray
    answer_weight: np.ndarray

    @property
    def group(self) -> str:
        """Versions of one story (…-012a, …-012b) are one group and never stand on two sides of a split."""
        return group_of(self.id)

    @property
    def part(self) -> str:
        """`train`, `tuning` or `frozen`."""
        return part_of(self.group)


def read_taught(folder: Path = DATA) -> list[TaughtCall]:
    """All calls of all languages in the order of their ids. Raises UsageError naming file and line."""
    calls = []
    for path in sorted(folder.glob("*/*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip():
                try:
                    calls.append(_taught(json.loads(line), path))
                except (ValueError, KeyError, TypeError) as error:
                    raise UsageError(
                        path=path, place=f"line {number}",
                        en=f"not a marked call: {error!r}", zh=f"不是有效的标注通话：{error!r}",
                    ) from error  # fmt: skip
    return sorted(calls, key=lambda call: call.id)


def varied(call: TaughtCall, chance: random.Random, sounds: Sounds) -> tuple[list[int], list[str], bool]:
    """One way the call may arrive: (turn places, texts, whether the whole call is there).

    Sometimes cropped or a single turn, sometimes misheard, sometimes without the marks that a recogniser leaves out.
    """
    count = len(call.turns)
    begin, end, drawn = 0, count, chance.random()
    if drawn < _ALONE_SHARE:
        begin = chance.randrange(count)
        end = begin + 1
    elif drawn < _CROP_SHARE and count > 2:
        length = chance.randint(2, count)
        begin = chance.randint(0, count - length)
        end = begin + length
    heard, bare = chance.random() < _MISHEARD_SHARE, chance.random() < _BARE_SHARE
    texts = []
    for place in range(begin, end):
        text = call.turns[place].text
        if heard:
            text = misheard(text, str(chance.random()), call.language, sounds)
        text = reading(text, call.language)
        texts.append(_MARKS.sub(" ", text).strip() or "?" if bare else text)
    return list(range(begin, end)), texts, end - begin >= 0.8 * count


def _taught(raw: dict[str, Any], path: Path) -> TaughtCall:
    turns = tuple(Turn(at, turn["role"], turn["text"]) for at, turn in enumerate(raw["turns"]))
    truth = np.zeros((len(turns), len(TURN_HEADS)), dtype=np.float32)
    weight = np.zeros_like(truth)
    for at, turn in enumerate(raw["turns"]):
        marks, denied = set(turn.get("marks", ())), set(turn.get("not", ()))
        for head, name in enumerate(BEHAVIOURS):
            if (name == COMPLAINT) != (turn["role"] == "customer"):
                continue
            truth[at, head] = name in marks
            weight[at, head] = HARD_WEIGHT if name in denied else 1.0
    excerpt = path.name.startswith(EXCERPTS)
    answers, answer_weight = _answers(raw["labels"], excerpt)
    return TaughtCall(raw["id"], path.parent.name, excerpt, turns, truth, weight, answers, answer_weight)


def _answers(labels: dict[str, Any], excerpt: bool) -> tuple[np.ndarray, np.ndarray]:
    answers, weight = np.zeros(CALL_WIDTH, dtype=np.float32), np.zeros(CALL_WIDTH, dtype=np.float32)
    for name, options in CALL_HEADS:
        here, told = call_slice(name), labels.get(name)
        if name == "special_customer":
            answers[here] = [option in (told or ()) for option in options]
            weight[here] = 0.3 if excerpt else 1.0
        elif told is not None:
            answers[here] = [option == told for option in options]
            weight[here] = 0.3 if excerpt and name == "customer_type" else 1.0
    return answers, weight


def texts_of(calls: Sequence[TaughtCall]) -> list[str]:
    """Every turn as the encoder reads it."""
    return [reading(turn.text, call.language) for call in calls for turn in call.turns]


def data_digest(calls: Sequence[TaughtCall]) -> str:
    """sha256 (hex) of everything the training reads from the calls."""
    rows = [
        [
            call.id,
            [(turn.role, turn.text) for turn in call.turns],
            np.argwhere(call.truth).tolist(),
            call.answers.tolist(),
        ]
        for call in calls
    ]
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()
