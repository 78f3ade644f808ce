"""Have the calls changed between two periods? The population stability index (PSI) of every share and measure.

PSI = Σ (b - a) ln(b / a) over the bins, a and b being the shares of the two periods. Usual reading: under 0.1 no
change, up to 0.25 some, above that a large one. Few calls give a high PSI by chance alone, about
(1/nA + 1/nB) times a chi-square value with (bins - 1) degrees of freedom; what stays under its 99.9 % point counts as
no change.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from qa.bilingual import Bilingual

SOME, LARGE = 0.1, 0.25
FEWEST_CALLS = 30
_MOST_BINS, _CALLS_A_BIN = 10, 20
_Z_999 = 3.0902
Level = Literal["none", "some", "large", "too_few"]


@dataclass(frozen=True, slots=True)
class CallFacts:
    """What is compared of one call. `label` is what a person said, None where nobody did."""

    language: str
    customer_type: str
    abstained: bool
    measures: Mapping[str, float | None]
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """How far one thing moved. `kind` is input, answer (of the model) or label; `told` says it in words."""

    name: str
    kind: str
    psi: float
    limit: float
    calls: tuple[int, int]
    level: Level
    told: str


def facts_of(record: Mapping[str, Any], label: str | None) -> CallFacts:
    """The facts of one record."""
    kind = record["customer_type"]
    return CallFacts(record["language"], kind["label"], bool(kind["abstained"]), record.get("measures") or {}, label)


def shifts(before: Sequence[CallFacts], after: Sequence[CallFacts]) -> list[Shift]:
    """All shifts, the largest first."""
    found = [
        _shares("language", "input", [one.language for one in before], [one.language for one in after]),
        _shares("customer_type", "answer", [one.customer_type for one in before], [one.customer_type for one in after]),
        _shares("abstained", "answer", [str(one.abstained) for one in before], [str(one.abstained) for one in after]),
    ]
    labels = [[one.label for one in side if one.label is not None] for side in (before, after)]
    if any(labels):
        found.append(_shares("labels", "label", *labels))
    names = sorted({name for one in (*before, *after) for name in one.measures})
    found += [shift for name in names if (shift := _measure(name, before, after)) is not None]
    return sorted(found, key=lambda shift: -shift.psi)


def sentence(found: Sequence[Shift], calls: tuple[int, int]) -> Bilingual:
    """The whole comparison in one sentence."""
    many = f"{calls[0]} / {calls[1]}"
    if min(calls) < FEWEST_CALLS:
        return Bilingual(
            f"Too few calls to compare ({many}); each period needs at least {FEWEST_CALLS}.",
            f"通话太少，无法比较（{many}）；每个时段至少需要 {FEWEST_CALLS} 通。",
        )
    moved = [shift for shift in found if shift.level in ("some", "large")]
    if not moved:
        return Bilingual(
            f"No clear change between the two periods ({many} calls).", f"两个时段之间没有明显变化（{many} 通）。"
        )
    names = "; ".join(f"{shift.name} (PSI {shift.psi:.2f}: {shift.told})" for shift in moved[:3])
    more = len(moved) - 3
    large = any(shift.level == "large" for shift in moved)
    return Bilingual(
        f"The calls have changed {'clearly' if large else 'somewhat'} ({many} calls): {names}"
        f"{f'; and {more} more' if more > 0 else ''}. "
        "Label calls of the new period (qa labels next) and measure the model on them before you trust its rates.",
        f"通话{'明显' if large else '有所'}变化（{many} 通）：{names}{f'；另有 {more} 项' if more > 0 else ''}。"
        "请先标注新时段的通话（qa labels next）并检验模型，再采用其统计结果。",
    )


def _shares(name: str, kind: str, before: Sequence[str | None], after: Sequence[str | None]) -> Shift:
    counts = [Counter(map(str, side)) for side in (before, after)]
    values = sorted(set(counts[0]) | set(counts[1]))
    tables = [np.array([count[value] for value in values], dtype=float) for count in counts]
    shares = [table / max(table.sum(), 1) for table in tables]
    told = "; ".join(
        f"{value} {a:.0%} → {b:.0%}" for value, a, b in zip(values, *shares, strict=True) if round(a, 2) != round(b, 2)
    )
    return _shift(name, kind, tables[0], tables[1], told)


def _measure(name: str, before: Sequence[CallFacts], after: Sequence[CallFacts]) -> Shift | None:
    """Up to ten bins that hold equally many calls of both periods together, and one for calls without the measure."""
    sides = [np.array([_number(one.measures.get(name)) for one in side]) for side in (before, after)]
    known = [side[~np.isnan(side)] for side in sides]
    if not all(len(side) for side in known):
        if not any(len(side) for side in known):
            return None
        told = " → ".join(f"{len(side)}" for side in known)
        tables = [
            np.array([len(one), len(side) - len(one)], dtype=float) for one, side in zip(known, sides, strict=True)
        ]
        return _shift(name, "input", tables[0], tables[1], told)
    bins = min(_MOST_BINS, max(2, min(map(len, known)) // _CALLS_A_BIN))
    edges = np.unique(np.quantile(np.concatenate(known), np.arange(1, bins) / bins))
    tables = [
        np.append(
            np.bincount(np.searchsorted(edges, one, side="right"), minlength=len(edges) + 1), len(side) - len(one)
        )
        for one, side in zip(known, sides, strict=True)
    ]
    told = " → ".join(f"{np.median(side):.3g}" for side in known)
    return _shift(name, "input", tables[0].astype(float), tables[1].astype(float), told)


def _shift(name: str, kind: str, before: np.ndarray, after: np.ndarray, told: str) -> Shift:
    calls = int(before.sum()), int(after.sum())
    used = (before + after) > 0
    if min(calls) < FEWEST_CALLS:
        return Shift(name, kind, 0.0, 0.0, calls, "too_few", told)
    # Half a call in every bin keeps an empty one from being infinitely far away.
    first, second = ((side[used] + 0.5) / (side[used] + 0.5).sum() for side in (before, after))
    psi = float(((second - first) * np.log(second / first)).sum())
    chance = _chi_square_999(int(used.sum()) - 1) * (1 / calls[0] + 1 / calls[1])
    level: Level = "large" if psi >= max(LARGE, chance) else "some" if psi >= max(SOME, chance) else "none"
    return Shift(name, kind, round(psi, 4), round(max(SOME, chance), 4), calls, level, told)


def _chi_square_999(freedom: int) -> float:
    """The 99.9 % point of chi-square (Wilson and Hilferty 1931)."""
    if freedom < 1:
        return 0.0
    part = 2 / (9 * freedom)
    return float(freedom * (1 - part + _Z_999 * math.sqrt(part)) ** 3)


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)
