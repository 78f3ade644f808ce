"""complaint: whether the customer complains, and about what."""

from typing import Any, Literal

from qa.bilingual import Bilingual
from qa.rules.anchor import COMPLAINT
from qa.rules.compiler import Compiler
from qa.rules.context import Context
from qa.rules.operator import Operator, Options
from qa.rules.outcome import NOT_APPLICABLE, Outcome, negation, unknown

Category = Literal["product_quality", "service_quality", "price", "other"]


class ComplaintIsOptions(Options):
    """`true`, `false`, or a mapping with the categories that count."""

    present: bool = True
    category: tuple[Category, ...] = ()


class ComplaintIs(Operator):
    """There is a complaint, of one of the categories where they are named."""

    Options = ComplaintIsOptions
    wraps = "present"

    def compile(self, options: Any, compiler: Compiler) -> None:
        """Note that the complaint must be known first."""
        compiler.reference(COMPLAINT)
        self.options: ComplaintIsOptions = options

    def evaluate(self, context: Context) -> Outcome:
        """The complaint's first turn is the evidence."""
        if context.single:
            return NOT_APPLICABLE
        complaint = context.complaint
        if context.complaint_status == "unknown":
            return unknown(
                Bilingual("it is not clear whether the customer complains", "客户是否在投诉并不确定"),
                complaint.evidence,
            )
        fits = complaint.present and (not self.options.category or complaint.category in self.options.category)
        outcome = Outcome("hit", complaint.evidence) if fits else Outcome("miss")
        return outcome if self.options.present else negation(outcome)
