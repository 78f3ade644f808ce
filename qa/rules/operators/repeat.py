"""repeat: the same thing again, in another turn."""

from typing import Any

from pydantic import Field

from qa.rules.compiler import Compiler
from qa.rules.context import Context
from qa.rules.operator import Operator, Options
from qa.rules.outcome import Outcome
from qa.scorecard import Rule


class RepeatOptions(Options):
    """`what` in at least `times` different turns."""

    what: Rule
    times: int = Field(default=2, ge=2, le=50)


class Repeat(Operator):
    """`what` hits in at least `times` different turns."""

    Options = RepeatOptions

    def compile(self, options: Any, compiler: Compiler) -> None:
        """Compile `what`."""
        self.times: int = options.times
        self.what = compiler.rule(options.what, "what")

    def evaluate(self, context: Context) -> Outcome:
        """Count the turns with evidence."""
        outcome = self.what.evaluate(context)
        if context.single or outcome.status in ("miss", "not_applicable"):
            return outcome
        turns = {piece.turn_index for piece in outcome.evidence}
        return outcome if len(turns) >= self.times else Outcome("miss")
