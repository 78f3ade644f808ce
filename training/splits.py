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

    Where that would leave a train side without some type (all calls of one channel, few agents), groups are kept
    together instead, and if that fails too, every call stands alone.
    """
    truth = targets(calls)
    count = max(2, min(FOLDS, int(np.bincount(truth).min())))
    for groups in ([getattr(call, by) for call in calls], [call.group for call in calls], range(len(calls))):
        parts = min(count, len(set(groups)))
        if parts < 2:
            continue
        splitter = StratifiedGroupKFold(parts, shuffle=True, random_state=seed)
        found = list(splitter.split(np.zeros(len(calls)), truth, groups))
        if all(set(truth[train]) == set(truth) and len(test) for train, test in found):
            break
    yield from found
