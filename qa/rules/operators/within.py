"""within: something happens soon after an anchor, counted in turns, seconds or both."""

from typing import Any, Literal

from pydantic import Field, model_validator

from qa.rules.anchor import UNSURE_ANCHOR
from qa.rules.compiler import Compiler
from qa.rules.context import END, Context
from qa.rules.operator import Operator, Options
from qa.rules.outcome import NOT_APPLICABLE, Outcome, unknown
from qa.scorecard import Rule


class WithinOptions(Options):
    """`what` within `turns` turns of role `of` and within `seconds` after the anchor's end; later is late or a miss."""

    what: Rule
    after: str | Rule
    turns: int | None = Field(default=None, ge=1, le=100)
    of: Literal["agent", "customer"] = "agent"
    seconds: float | None = Field(default=None, gt=0)
    late: bool = True

    @model_validator(mode="after")
    def _has_a_clock(self) -> "WithinOptions":
        if self.turns is None and self.seconds is None:
            raise ValueError("give turns, seconds or both")
        return self


class Within(Operator):
    """`what` hits soon enough after the anchor; without the anchor the rule does not apply."""

    Options = WithinOptions

    def compile(self, options: Any, compiler: Compiler) -> None:
        """Compile `what` and the anchor."""
        self.options: WithinOptions = options
        self.what = compiler.rule(options.what, "what")
        self.anchor = compiler.anchor(options.after, "after")

    def evaluate(self, context: Context) -> Outcome:
        """Look in the window first, then after it."""
        if context.single:
            return self.what.evaluate(context)
        located = self.anchor.locate(context)
        if located.status == "unknown":
            return unknown(UNSURE_ANCHOR)
        moment = located.moment
        if moment is None:
            return NOT_APPLICABLE
        turns, seconds = self.options.turns, self.options.seconds
        end = END if turns is None else context.turn_window(moment.turn_index, turns, self.options.of)
        until = None if seconds is None or moment.end_s is None else moment.end_s + seconds
        window = context.scope.narrowed(begin=moment.end, end=end, until_s=until)
        timely = self.what.evaluate(context.inside(window))
        if timely.status in ("hit", "unknown"):
            return timely
        later = self.what.evaluate(context.inside(context.scope.narrowed(begin=moment.end)))
        if later.status in ("hit", "late"):
            return Outcome("late" if self.options.late else "miss", later.evidence, later.confidence)
        return later
