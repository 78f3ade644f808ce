"""measure: a measured value of the call against a limit."""

from typing import Any

from pydantic import model_validator

from qa.bilingual import Bilingual
from qa.evaluation import Evidence
from qa.features.table import NAMES
from qa.features.timing import DEAD_AIR_S, Span, response_gaps, silences
from qa.rules.compiler import Compiler
from qa.rules.context import Context
from qa.rules.excuses import WaitExcusesOptions
from qa.rules.operator import Operator, Options
from qa.rules.outcome import NOT_APPLICABLE, Outcome, unknown

WAITS = ("dead_air_count", "longest_dead_air_s", "silence_ratio", "mean_response_delay_s")
"""Measures of waiting, which words can excuse."""


class MeasureOptions(Options):
    """`name` as in the features, at least one limit, and `excuses` for waits that were announced or thanked for.

    `excuses` is {what: rule, near_s: 10, up_to_s: 120}; waits it covers are left out of the measure.
    """

    name: str
    above: float | None = None
    below: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    excuses: WaitExcusesOptions | None = None

    @model_validator(mode="after")
    def _has_limit(self) -> "MeasureOptions":
        if all(limit is None for limit in (self.above, self.below, self.at_least, self.at_most)):
            raise ValueError("give above, below, at_least or at_most")
        if self.excuses is not None and self.name not in WAITS:
            raise ValueError(f"only waiting can be excused: {', '.join(WAITS)}")
        return self


class Measure(Operator):
    """The measure lies within the limits; unknown where it could not be measured."""

    Options = MeasureOptions

    def compile(self, options: Any, compiler: Compiler) -> None:
        """Check the name and compile the excuses."""
        self.options: MeasureOptions = options
        if options.name not in NAMES:
            known = ", ".join(NAMES)
            raise compiler.fault(
                f"unknown measure {options.name!r}; known: {known}",
                f"未知的指标 {options.name!r}；可用：{known}",
            )
        self.excuse = None if options.excuses is None else compiler.rule(options.excuses.what, "excuses", "what")

    def evaluate(self, context: Context) -> Outcome:
        """Compare; the note says the value."""
        if context.single:
            return NOT_APPLICABLE
        name = self.options.name
        value = context.features.get(name)
        if value is None:
            return unknown(Bilingual(f"{name} could not be measured", f"未能测得 {name}"))
        if self.excuse is not None:
            return self._excused(value, self.excuse.evaluate(context), context)
        return Outcome("hit" if self._fits(value) else "miss", note=_is(name, value))

    def _fits(self, value: float) -> bool:
        limits = self.options
        return (
            (limits.above is None or value > limits.above)
            and (limits.below is None or value < limits.below)
            and (limits.at_least is None or value >= limits.at_least)
            and (limits.at_most is None or value <= limits.at_most)
        )

    def _excused(self, value: float, said: Outcome, context: Context) -> Outcome:
        """Compare without the waits that are excused; unknown where that decides and the excuse is unsure."""
        name = self.options.name
        conversation = context.call.conversation
        waits = response_gaps(conversation) if name == "mean_response_delay_s" else silences(conversation)
        used: list[Evidence] = []
        forgiven: list[Span] = []
        for wait in waits if said.status in ("hit", "late", "unknown") else ():
            if found := _excuse(wait, said.evidence, self.options.excuses):
                used.append(found)
                forgiven.append(wait)
        left = _without(name, value, waits, forgiven, context)
        if said.status == "unknown" and self._fits(value) != self._fits(left):
            return unknown(
                Bilingual("it is not clear whether the wait was excused", "等待是否已说明并不确定"), said.evidence
            )
        note = _is(name, left)
        if left != value:
            note = Bilingual(
                f"{note.en}, leaving out waits that were explained ({value:g} with them)",
                f"{note.zh}，已扣除说明过的等待（原为 {value:g}）",
            )
        return Outcome("hit" if self._fits(left) else "miss", tuple(dict.fromkeys(used)), note=note)


def _is(name: str, value: float) -> Bilingual:
    return Bilingual(f"{name} is {value:g}", f"{name} 为 {value:g}")


def _excuse(wait: Span, said: tuple[Evidence, ...], options: WaitExcusesOptions | None) -> Evidence | None:
    """The first excuse near either end of a wait that is not too long for one."""
    begin, end = wait
    if options is None or end - begin > options.up_to_s:
        return None
    near = options.near_s
    for piece in said:
        if piece.start_s is None or piece.end_s is None:
            continue
        # Ends in whole turns may lie a little inside the silence.
        announced = begin - near <= piece.end_s <= begin + 1
        thanked = end - 1 <= piece.start_s <= end + near
        if announced or thanked:
            return piece
    return None


def _without(name: str, value: float, waits: list[Span], forgiven: list[Span], context: Context) -> float:
    """The measure without the waits that are forgiven."""
    if not forgiven:
        return value
    kept = [end - begin for begin, end in waits if (begin, end) not in forgiven]
    if name == "mean_response_delay_s":
        return sum(kept) / len(kept) if kept else 0.0
    if name == "silence_ratio":
        length = context.call.duration_s or 0.0
        return max(0.0, value - sum(end - begin for begin, end in forgiven) / length) if length else value
    dead = [gap for gap in kept if gap >= DEAD_AIR_S]
    return float(len(dead)) if name == "dead_air_count" else max(dead, default=0.0)
