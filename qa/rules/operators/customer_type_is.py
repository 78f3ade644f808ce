"""customer_type_is: what the customer is like, as the classifier sees it."""

from typing import Any, Literal

from pydantic import Field

from qa.bilingual import Bilingual
from qa.rules.compiler import Compiler
from qa.rules.context import Context
from qa.rules.operator import Operator, Options
from qa.rules.outcome import NOT_APPLICABLE, Outcome, unknown

SURE_ANYWAY = 0.5


class CustomerTypeIsOptions(Options):
    """One or more of demanding, confused, agitated."""

    labels: tuple[Literal["demanding", "confused", "agitated"], ...] = Field(min_length=1)


class CustomerTypeIs(Operator):
    """The customer's type is one of the labels."""

    Options = CustomerTypeIsOptions
    wraps = "labels"

    def compile(self, options: Any, compiler: Compiler) -> None:
        """Note the labels."""
        del compiler
        self.labels: tuple[str, ...] = options.labels

    def evaluate(self, context: Context) -> Outcome:
        """Unknown where the classifier abstained, unless a named label has half of the probability."""
        if context.single:
            return NOT_APPLICABLE
        kind = context.customer_type
        probability = kind.probabilities.get(kind.label, 0.0)
        if kind.label in self.labels and (not kind.abstained or probability >= SURE_ANYWAY):
            return Outcome("hit", confidence=probability)
        if kind.abstained:
            return unknown(Bilingual("the customer's type is not clear", "客户类型不明确"))
        return Outcome("miss", confidence=probability)
