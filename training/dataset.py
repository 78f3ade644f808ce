"""The written calls: reading, checking and turning them into the rows that the program itself would see."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qa.conversation import Turn
from qa.customer_type.signals import SaidTurn, said_turns
from qa.errors import UsageError
from qa.evaluation import CUSTOMER_TYPES

DATA = Path(__file__).parent / "data"
NEAR_DUPLICATE = 0.35
EXCERPTS = ("moments", "turns")
"""Files of a few turns around one act; a customer type is only a by-product there."""
_ROLES = ("agent", "customer")
_WORDLESS = re.compile(r"\W+")
_VARIANT = re.compile(r"(?<=\d)[a-z]$")
_COMMON = 60
"""A 5-gram that so many calls have says nothing about two of them."""


@dataclass(frozen=True, slots=True)
class Call:
    """One labelled call; `complaints` are the customer turns marked as complaining.

    Calls of one `group` (versions of a story, a customer, an agent) are never on two sides of a split. `drawn` marks
    calls of the random sample of a database.
    """

    id: str
    language: str
    domain: str
    channel: str
    turns: tuple[tuple[str, str], ...]
    label: str
    complaints: frozenset[int] = frozenset()
    excerpt: bool = False
    known_group: str = ""
    drawn: bool = False
    origin: str = "file"

    @property
    def group(self) -> str:
        """What keeps calls together."""
        return self.known_group or group_of(self.id)

    @property
    def target(self) -> int:
        """Place of the label in CUSTOMER_TYPES."""
        return CUSTOMER_TYPES.index(self.label)


def read_calls(folder: Path = DATA, language: str | None = None) -> list[Call]:
    """All calls of a folder (<language>/*.jsonl), in the order of their ids. Raises UsageError naming file and line."""
    calls: dict[str, Call] = {}
    for path in sorted(folder.glob(f"{language or '*'}/*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip():
                continue
            call = parse_call(line, path, number)
            if call.language != path.parent.name:
                where = path.parent.name
                _refuse(path, number, f"lang {call.language!r} lies in {where}/", f"语言 {call.language!r} 放错了目录")
            if call.id in calls:
                _refuse(path, number, f"the id {call.id} is used twice", f"编号 {call.id} 重复")
            calls[call.id] = call
    if not calls:
        raise UsageError(
            path=folder, en="no calls (<language>/*.jsonl) found here", zh="这里没有通话（<语言>/*.jsonl）"
        )
    return [calls[name] for name in sorted(calls)]


def said(call: Call) -> tuple[SaidTurn, ...]:
    """The call's turns exactly as the program sees a text-only conversation."""
    turns = [Turn(index, role, text) for index, (role, text) in enumerate(call.turns)]  # type: ignore[arg-type]
    return said_turns(turns, call.language)


def targets(calls: Sequence[Call]) -> np.ndarray:
    """Label places of calls."""
    return np.array([call.target for call in calls])


def digest(calls: Iterable[Call]) -> str:
    """sha256 (hex) of everything the training reads from the calls."""
    text = json.dumps(
        [
            [call.id, call.language, call.domain, call.turns, call.label, sorted(call.complaints), call.group]
            for call in calls
        ]
    )
    return hashlib.sha256(text.encode()).hexdigest()


def near_duplicates(calls: Sequence[Call], limit: float = NEAR_DUPLICATE) -> list[tuple[str, str, float]]:
    """Pairs of calls whose character 5-grams overlap (Jaccard) by `limit` or more; versions of one story aside.

    Those are meant to share words, and are always on one side of a split.
    """
    grams = [five_grams(" ".join(text for _, text in call.turns)) for call in calls]
    holders: dict[str, list[int]] = {}
    shared: Counter[tuple[int, int]] = Counter()
    for at, each in enumerate(grams):
        for gram in each:
            earlier = holders.setdefault(gram, [])
            if len(earlier) < _COMMON:
                shared.update((other, at) for other in earlier)
            earlier.append(at)
    pairs = []
    for one, other in sorted(shared):
        if calls[one].group != calls[other].group:
            overlap = jaccard(grams[one], grams[other])
            if overlap >= limit:
                pairs.append((calls[one].id, calls[other].id, overlap))
    return pairs


def group_of(name: str) -> str:
    """A call's id without the letter that tells versions of one story (…-012a, …-012b) apart."""
    return _VARIANT.sub("", name)


def five_grams(text: str) -> frozenset[str]:
    """Character 5-grams of a text without marks and spaces."""
    letters = _WORDLESS.sub("", text)
    return frozenset(letters[place : place + 5] for place in range(len(letters) - 4))


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared part of two sets, 0-1."""
    return len(one & other) / max(len(one | other), 1)


def balance(calls: Sequence[Call]) -> dict[str, Counter[str]]:
    """Label counts by language."""
    counts: dict[str, Counter[str]] = {}
    for call in calls:
        counts.setdefault(call.language, Counter())[call.label] += 1
    return counts


def parse_call(line: str, path: Path, number: int) -> Call:
    """One labelled call of a line of JSON. Raises UsageError naming `path` and `number`."""
    try:
        raw = json.loads(line)
        turns = tuple((turn["role"], turn["text"]) for turn in raw["turns"])
        complaints = frozenset(
            index
            for index, turn in enumerate(raw["turns"])
            if turn["role"] == "customer" and "complaint" in turn.get("marks", ())
        )
        label = raw["labels"]["customer_type"]
        excerpt = path.name.startswith(EXCERPTS)
        call = Call(raw["id"], raw["lang"], raw["domain"], raw["channel"], turns, label, complaints, excerpt)
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(
            path=path, place=f"line {number}", en=f"not a labelled call: {error!r}", zh=f"不是有效的标注通话：{error!r}"
        ) from error
    if call.label not in CUSTOMER_TYPES:
        _refuse(path, number, f"the customer type {call.label!r} is unknown", f"客户类型 {call.label!r} 未知")
    if any(role not in _ROLES or not isinstance(text, str) or not text.strip() for role, text in turns):
        _refuse(path, number, "a turn has another role or no text", "有一轮的角色不对或没有文字")
    if not any(role == "customer" for role, _ in turns):
        _refuse(path, number, "the customer never speaks", "客户没有说话")
    return call


def _refuse(path: Path, number: int, en: str, zh: str) -> None:
    raise UsageError(path=path, place=f"line {number}", en=en, zh=zh)
