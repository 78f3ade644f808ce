"""criterion: the verdict on another criterion of the form."""

from typing import Any

from pydantic import Field

from qa.bilingual import Bilingual
from qa.evaluation import Verdict
from qa.rules.compiler import Compiler
from qa.rules.context import Context
from qa.rules.operator import Operator, Options
from qa.rules.outcome import NOT_APPLICABLE, Outcome, unknown


class CriterionIsOptions(Options):
    """`id` of the other criterion and the verdicts that count."""

    id: str
    verdict: tuple[Verdict, ...] = Field(min_length=1)


class CriterionIs(Operator):
    """The other criterion's verdict is one of those named; undetermined stays unknown unless named."""

    Options = CriterionIsOptions

    def compile(self, options: Any, compiler: Compiler) -> None:
        """Note that the other criterion must be judged first."""
        self.id = compiler.reference(options.id)
        self.accepted: tuple[Verdict, ...] = options.verdict

    def evaluate(self, context: Context) -> Outcome:
        """Evidence is the other criterion's."""
        if context.single:
            return NOT_APPLICABLE
        verdict = context.verdicts[self.id]
        evidence = context.outcomes[self.id].evidence
        if verdict in self.accepted:
            return Outcome("hit", evidence)
        if verdict == "undetermined":
            return unknown(Bilingual(f"{self.id} could not be judged", f"{self.id} 未能判定"), evidence)
        return Outcome("miss")
