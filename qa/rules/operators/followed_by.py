"""followed_by: one thing, and another (or not another) in the same or the next turns."""

from typing import Any, Literal

from pydantic import Field

from qa.rules.compiler import Compiler
from qa.rules.context import Context
from qa.rules.operator import Operator, Options
from qa.rules.outcome import Outcome, all_of, any_of, negation
from qa.scorecard import Rule


class FollowedByOptions(Options):
    """`what`, then `by` in the same turn or the next `turns` turns of role `of`; `negate` asks that `by` stays away."""

    what: Rule
    by: Rule
    turns: int = Field(default=1, ge=0, le=100)
    of: Literal["agent", "customer"] = "agent"
    negate: bool = False


class FollowedBy(Operator):
    """`what` hits and `by` follows (or with `negate` does not follow) soon."""

    Options = FollowedByOptions

    def compile(self, options: Any, compiler: Compiler) -> None:
        """Compile both rules."""
        self.options: FollowedByOptions = options
        self.what = compiler.rule(options.what, "what")
        self.by = compiler.rule(options.by, "by")

    def evaluate(self, context: Context) -> Outcome:
        """Each turn in which `what` hits is looked at; one that fits is enough."""
        outcome = self.what.evaluate(context)
        turns = sorted({piece.turn_index for piece in outcome.evidence})
        if outcome.status in ("miss", "not_applicable") or not turns:
            return outcome
        return any_of(self._from_turn(context, index, outcome) for index in turns)

    def _from_turn(self, context: Context, index: int, what: Outcome) -> Outcome:
        turns = self.options.turns
        end = (index + 1, 0) if turns == 0 else context.turn_window(index, turns, self.options.of)
        by = self.by.evaluate(context.inside(context.scope.narrowed(begin=(index, 0), end=end)))
        here = tuple(piece for piece in what.evidence if piece.turn_index == index)
        own = Outcome(what.status, here, max(piece.confidence for piece in here), what.note)
        return all_of([own, negation(by) if self.options.negate else by])
