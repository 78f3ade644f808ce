"""measure: a measured value of the call against a limit."""

from typing import Any

from pydantic import model_validator

from qa.bilingual import Bilingual
from qa.features.table import NAMES
from qa.rules.compiler import Compiler
from qa.rules.context import Context
from qa.rules.operator import Operator, Options
from qa.rules.outcome import NOT_APPLICABLE, Outcome, unknown


class MeasureOptions(Options):
    """`name` as in the features, and at least one limit."""

    name: str
    above: float | None = None
    below: float | None = None
    at_least: float | None = None
    at_most: float | None = None

    @model_validator(mode="after")
    def _has_limit(self) -> "MeasureOptions":
        if all(limit is None for limit in (self.above, self.below, self.at_least, self.at_most)):
            raise ValueError("give above, below, at_least or at_most")
        return self


class Measure(Operator):
    """The measure lies within the limits; unknown where it could not be measured."""

    Options = MeasureOptions

    def compile(self, options: Any, compiler: Compiler) -> None:
        """Check the name."""
        self.options: MeasureOptions = options
        if options.name not in NAMES:
            known = ", ".join(NAMES)
            raise compiler.fault(
                f"unknown measure {options.name!r}; known: {known}",
                f"未知的指标 {options.name!r}；可用：{known}",
            )

    def evaluate(self, context: Context) -> Outcome:
        """Compare; the note says the value."""
        if context.single:
            return NOT_APPLICABLE
        name = self.options.name
        value = context.features.get(name)
        if value is None:
            return unknown(Bilingual(f"{name} could not be measured", f"未能测得 {name}"))
        limits = self.options
        fits = (
            (limits.above is None or value > limits.above)
            and (limits.below is None or value < limits.below)
            and (limits.at_least is None or value >= limits.at_least)
            and (limits.at_most is None or value <= limits.at_most)
        )
        return Outcome("hit" if fits else "miss", note=Bilingual(f"{name} is {value:g}", f"{name} 为 {value:g}"))
