"""all, any, not, absent, always: three-valued logic over rules."""

from typing import Any, Literal

from pydantic import Field

from qa.rules.compiler import Compiler
from qa.rules.context import Context
from qa.rules.operator import Operator, Options
from qa.rules.outcome import NOT_APPLICABLE, Outcome, all_of, any_of, negation
from qa.scorecard import Rule


class RulesOptions(Options):
    """A list of rules."""

    rules: tuple[Rule, ...] = Field(min_length=1)


class All(Operator):
    """Every rule of the list hits."""

    Options = RulesOptions
    wraps = "rules"
    always_wraps = True

    def compile(self, options: Any, compiler: Compiler) -> None:
        """Compile the list."""
        self.rules = compiler.rules(options.rules, "")

    def evaluate(self, context: Context) -> Outcome:
        """A miss decides, then an unknown, then late."""
        return all_of(rule.evaluate(context) for rule in self.rules)


class AnyOf(All):
    """At least one rule of the list hits."""

    def evaluate(self, context: Context) -> Outcome:
        """A hit decides, then late, then unknown; in one sentence every rule that is touched counts."""
        return any_of(rule.evaluate(context) for rule in self.rules)


class NotOptions(Options):
    """One rule."""

    rule: Rule


class Not(Operator):
    """The rule does not hit."""

    Options = NotOptions
    wraps = "rule"
    always_wraps = True

    def compile(self, options: Any, compiler: Compiler) -> None:
        """Compile the rule."""
        self.rule = compiler.rule(options.rule)

    def evaluate(self, context: Context) -> Outcome:
        """Unknown stays unknown."""
        return negation(self.rule.evaluate(context))


class AbsentOptions(Options):
    """`what` must not happen."""

    what: Rule


class Absent(Operator):
    """`what` never happens in the call."""

    Options = AbsentOptions

    def compile(self, options: Any, compiler: Compiler) -> None:
        """Compile `what`."""
        self.what = compiler.rule(options.what, "what")

    def evaluate(self, context: Context) -> Outcome:
        """Unknown stays unknown."""
        return negation(self.what.evaluate(context))


class AlwaysOptions(Options):
    """Only `true`."""

    value: Literal[True]


class Always(Operator):
    """Holds for every call."""

    Options = AlwaysOptions
    wraps = "value"
    always_wraps = True

    def compile(self, options: Any, compiler: Compiler) -> None:
        """Nothing to prepare."""

    def evaluate(self, context: Context) -> Outcome:
        """A hit without evidence; in a single sentence it says nothing."""
        return NOT_APPLICABLE if context.single else Outcome("hit")
