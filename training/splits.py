"""Which calls are held out, and which are trained and measured together."""

import hashlib
from collections.abc import Iterator, Sequence

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

from training.dataset import Call, targets

HOLDOUT_SHARE = 0.2
FOLDS = 5


def is_held_out(call: Call) -> bool:
    """True for about one group of calls in five, by a hash: the same calls for ever, however many are added."""
    number = int.from_bytes(hashlib.sha256(call.group.encode()).digest()[:4])
    return number / 2**32 < HOLDOUT_SHARE


def split(calls: Sequence[Call]) -> tuple[list[Call], list[Call]]:
    """Calls to develop on, and the frozen holdout."""
    return [call for call in calls if not is_held_out(call)], [call for call in calls if is_held_out(call)]


def folds(calls: Sequence[Call], by: str, seed: int = 0) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Train and test places. A domain (or channel) is never on both sides, so no story is either.

    Where all calls are of one domain (or channel), their groups are kept together instead.
    """
    groups = [getattr(call, by) for call in calls]
    if len(set(groups)) == 1:
        groups = [call.group for call in calls]
    rarest = int(np.bincount(targets(calls)).min())
    count = max(2, min(FOLDS, len(set(groups)), rarest))
    splitter = StratifiedGroupKFold(count, shuffle=True, random_state=seed)
    yield from splitter.split(np.zeros(len(calls)), targets(calls), groups)
