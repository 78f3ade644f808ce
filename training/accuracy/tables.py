"""The Markdown of the figures: one summary of all sets, one table of criteria a set, one table of single turns."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np

from qa.catalogue import FORBIDDEN
from qa.evaluation import CUSTOMER_TYPES
from training.accuracy.counts import COLUMNS, FALSE, MISSED, RIGHT, Counts, calibration, prf, ratio, type_f1
from training.accuracy.intervals import Figure, correlation, estimate

_PRECISION, _RECALL, _F1 = range(3)
Cell = Callable[[Counts], object]


def summary(sets: Mapping[str, Counts]) -> list[str]:
    """Rows are measures, columns are sets."""
    rows: list[tuple[str, Cell]] = [
        ("calls", lambda counts: f"{counts.calls}" + (f", {counts.failed} unread" if counts.failed else "")),
        ("customer type: labelled calls", lambda counts: counts.types.sum()),
        ("customer type: macro-F1", lambda counts: typed(counts, type_f1)),
        *((f"customer type: recall of {name}", partial(type_recall, kind=name)) for name in CUSTOMER_TYPES),
        ("customer type: expected calibration error", lambda counts: estimate(counts.certainty, calibration)),
        *((f"complaint: {name}", partial(_complaint, at=at)) for at, name in enumerate(("precision", "recall", "F1"))),
        ("special customers: pooled F1", lambda counts: _of(counts.special, _F1)),
        ("criteria: macro-F1 of defects", lambda counts: Figure(float(macro_f1(counts.items.sum(axis=0))))),
        ("forbidden acts: pooled precision", lambda counts: _share(counts.forbidden(), RIGHT, FALSE)),
        ("forbidden acts: pooled recall", lambda counts: _share(counts.forbidden(), RIGHT, MISSED)),
        ("calls with a false accusation", accusations),
        ("found defects with evidence on a gold turn", evidence),
        ("score: Spearman with a person's", lambda counts: correlation(counts.scores)),
    ]
    return _table(["", *sets], [[name, *(cell(counts) for counts in sets.values())] for name, cell in rows])


def criteria(counts: Counts) -> list[str]:
    """One row a criterion that the gold judges."""
    head = ["criterion", "defects", "precision", "recall", "F1", "undetermined", "raised where it does not apply"]
    absent = counts.items[..., COLUMNS.index("absent")].sum(axis=0)
    if absent.any():
        head.append("not answered")
    rows = []
    for place, name in enumerate(counts.criteria):
        each = counts.of(name)
        total = each.sum(axis=0)
        cells = [
            name + (" (forbidden)" if name in FORBIDDEN else ""),
            total[RIGHT] + total[MISSED],
            *(_of(each, at) for at in (_PRECISION, _RECALL, _F1)),
            total[COLUMNS.index("undetermined")],
            total[COLUMNS.index("raised_na")],
        ]
        rows.append([*cells, absent[place]][: len(head)])
    return _table(head, rows)


def turns(files: Mapping[str, np.ndarray]) -> list[str]:
    """One row a file of single turns."""
    rows = []
    for name, counts in files.items():
        right, should, spared, should_not = counts.sum(axis=0)
        rows.append([name, f"{right}/{should}", f"{spared}/{should_not}", estimate(counts, balanced)])
    return _table(["file", "right of should match", "right of should not", "balanced accuracy"], rows)


def balanced(counts: np.ndarray) -> np.ndarray:
    """Mean of both halves' shares of right answers, of (..., 4) turn counts; NaN where a half is empty."""
    halves = (ratio(counts[..., at], counts[..., at + 1]) for at in (0, 2))
    return np.asarray(sum(halves) / 2)


def macro_f1(items: np.ndarray) -> np.ndarray:
    """Mean F1 over criteria with gold defects, of (..., criteria, COLUMNS); raising where it cannot apply is false.

    Shown without an interval: a draw often loses the rare criteria, which are the hard ones, and would flatter.
    """
    wrong = items[..., FALSE] + items[..., COLUMNS.index("raised_na")]
    of_each = prf(np.stack([items[..., RIGHT], wrong, items[..., MISSED]], axis=-1))[..., _F1]
    has_defects = items[..., RIGHT] + items[..., MISSED] > 0
    return ratio(np.where(has_defects, of_each, 0).sum(axis=-1), has_defects.sum(axis=-1))


def typed(counts: Counts, measure: Callable[[np.ndarray], np.ndarray]) -> Figure:
    """A measure of the customer type; calls without a gold type are left out."""
    return estimate(counts.types[counts.types.any(axis=(1, 2))], measure)


def type_recall(counts: Counts, kind: str) -> Figure:
    """Share of the calls of one type that are told as it."""
    at = CUSTOMER_TYPES.index(kind)
    return typed(counts, lambda types: ratio(types[..., at, at], types[..., at, :].sum(axis=-1)))


def accusations(counts: Counts) -> str:
    """Calls in which a forbidden act is raised that is not there by the gold: number and share."""
    return _share(np.stack([counts.accused, 1 - counts.accused], axis=-1), 0, 1)


def evidence(counts: Counts) -> str:
    """Of defects found rightly whose gold names turns, those with evidence on such a turn: number and share."""
    items = counts.items.sum(axis=1)
    shown, asked = (items[:, COLUMNS.index(name)] for name in ("evidence_right", "evidence_asked"))
    return _share(np.stack([shown, asked - shown], axis=-1), 0, 1)


def _share(counts: np.ndarray, yes: int, no: int) -> str:
    """Number, total and share of one column against another."""
    total = counts.sum(axis=0)
    share = estimate(counts, lambda each: ratio(each[..., yes], each[..., yes] + each[..., no]))
    return f"{total[yes]} of {total[yes] + total[no]}: {share}"


def _complaint(counts: Counts, at: int) -> Figure:
    return _of(counts.complaint, at)


def _of(counts: np.ndarray, at: int) -> Figure:
    return estimate(counts, lambda each: prf(each)[..., at])


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    lines = [list(head), ["---"] * len(head), *([str(cell) for cell in row] for row in rows)]
    return ["| " + " | ".join(cells) + " |" for cells in lines] + [""]
