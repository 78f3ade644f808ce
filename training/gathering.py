"""What there is to learn from: the written calls, the labelled calls of a database, or both."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from qa.cli.train_request import TrainRequest
from qa.customer_type.signals import plain
from qa.errors import UsageError
from qa.evaluation import CUSTOMER_TYPES
from training.dataset import DATA, Call, digest, near_duplicates, read_calls
from training.splits import split
from training.stored import stored_calls

FEWEST_OF_A_TYPE = 6
"""Whole calls of each type, outside the holdout, that a language needs."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """`languages` have enough calls to be fitted; `small` has the counts of the others. `copies` were left out."""

    calls: tuple[Call, ...]
    languages: tuple[str, ...]
    small: dict[str, dict[str, int]]
    copies: int

    @property
    def digest(self) -> str:
        """sha256 (hex) of all calls that are learned from."""
        return digest([call for call in self.calls if call.language in self.languages])


def gather(request: TrainRequest) -> Gathered:
    """All calls that the request names. UsageError when there are none, too few, or copies among the files."""
    calls = read_calls(request.data or DATA) if request.files else []
    # The shipped calls are compared with each other by a test; that takes half a minute.
    pairs = near_duplicates(calls) if request.data else []
    if pairs:
        raise UsageError(path=request.data, en=f"near-duplicate calls: {pairs[:5]}", zh=f"通话几乎重复：{pairs[:5]}")
    stored = stored_calls(request.database) if request.database or not request.files else []
    both, copies = _without_copies([*calls, *stored])
    counts = {language: _counts(both, language) for language in sorted({call.language for call in both})}
    small = {language: found for language, found in counts.items() if min(found.values()) < FEWEST_OF_A_TYPE}
    languages = tuple(language for language in counts if language not in small)
    if not languages:
        raise UsageError(
            code="too_few_labels",
            en=f"too few labelled calls: {small or 'none'}; each type needs {FEWEST_OF_A_TYPE} outside the holdout. "
            "Label more (qa labels next), or learn from the written calls too (--files)",
            zh=f"标注通话太少：{small or '无'}；除留出通话外每种类型至少需要 {FEWEST_OF_A_TYPE} 通。"
            "请继续标注（qa labels next），或同时使用自带通话（--files）",
        )
    return Gathered(tuple(both), languages, small, copies)


def _counts(calls: Sequence[Call], language: str) -> dict[str, int]:
    known, _ = split([call for call in calls if call.language == language and not call.excerpt])
    counts = Counter(call.label for call in known)
    return {name: counts[name] for name in CUSTOMER_TYPES}


def _without_copies(calls: Sequence[Call]) -> tuple[list[Call], int]:
    """The same words twice (a recording scored under two names, a written call that was scored) count once."""
    kept: dict[str, Call] = {}
    for call in calls:
        words = plain(" ".join(text for _, text in call.turns)).replace(" ", "")
        kept.setdefault(hashlib.sha256(f"{call.language}|{words}".encode()).hexdigest(), call)
    return list(kept.values()), len(calls) - len(kept)
