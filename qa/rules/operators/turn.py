"""turn: several things in one and the same turn."""

from collections.abc import Iterator
from typing import Any

from pydantic import Field, model_validator

from qa.rules.compiler import Compiler
from qa.rules.context import Context
from qa.rules.operator import Operator, Options
from qa.rules.outcome import Outcome, all_of, any_of, negation
from qa.scorecard import Rule


class SameTurnOptions(Options):
    """`all` must hit, at least one of `any` must hit, nothing of `not` may hit; `not` is one rule or a list."""

    all: tuple[Rule, ...] = ()
    any: tuple[Rule, ...] = ()
    excluded: Rule | tuple[Rule, ...] = Field(default=(), alias="not")

    @model_validator(mode="after")
    def _looks_for_something(self) -> "SameTurnOptions":
        if not self.all and not self.any:
            raise ValueError("give all, any or both")
        return self


class SameTurn(Operator):
    """One turn holds everything of `all`, something of `any` and nothing of `not`."""

    Options = SameTurnOptions

    def compile(self, options: Any, compiler: Compiler) -> None:
        """Compile the children."""
        excluded = (options.excluded,) if isinstance(options.excluded, dict) else options.excluded
        self.all = compiler.rules(options.all, "all")
        self.any = compiler.rules(options.any, "any")
        self.excluded = compiler.rules(excluded, "not")

    def evaluate(self, context: Context) -> Outcome:
        """Only turns in which a wanted child hits are looked at one by one."""
        wanted = [rule.evaluate(context) for rule in (*self.all, *self.any)]
        turns = sorted({piece.turn_index for outcome in wanted for piece in outcome.evidence})
        if not turns:
            return next((outcome for outcome in wanted if outcome.status == "unknown"), Outcome("miss"))
        return any_of(self._in_turn(context, index) for index in turns)

    def _in_turn(self, context: Context, index: int) -> Outcome:
        inside = context.inside(context.scope.narrowed(begin=(index, 0), end=(index + 1, 0)))
        return all_of(self._parts(inside))

    def _parts(self, inside: Context) -> Iterator[Outcome]:
        for rule in self.all:
            yield rule.evaluate(inside)
        if self.any:
            yield any_of(rule.evaluate(inside) for rule in self.any)
        for rule in self.excluded:
            yield negation(rule.evaluate(inside))
