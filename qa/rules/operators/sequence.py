"""sequence: the stages of a flow happen, in order or in any order."""

from math import ceil
from typing import Any

from pydantic import Field, model_validator

from qa.bilingual import Bilingual
from qa.evaluation import Evidence
from qa.rules.compiler import Compiler
from qa.rules.context import Context, Position
from qa.rules.operator import Operator, Options
from qa.rules.outcome import Outcome, any_of, in_order
from qa.scorecard import Rule


class SequenceOptions(Options):
    """`stages` are rules or criterion ids; `min` of them, or the share `coverage`, must happen; without either all.

    The finding says how many came in order and which are missing.
    """

    stages: tuple[str | Rule, ...] = Field(min_length=2, max_length=20)
    min: int | None = Field(default=None, ge=1)
    coverage: float | None = Field(default=None, gt=0, le=1)
    ordered: bool = True

    @model_validator(mode="after")
    def _min_fits(self) -> "SequenceOptions":
        if self.min is not None and self.min > len(self.stages):
            raise ValueError(f"min is larger than the number of stages ({len(self.stages)})")
        if self.min is not None and self.coverage is not None:
            raise ValueError("give min or coverage, not both")
        return self


class Sequence(Operator):
    """At least `min` stages happen, in the order given; enough stages in the wrong order are late."""

    Options = SequenceOptions

    def compile(self, options: Any, compiler: Compiler) -> None:
        """Compile rules, note criteria."""
        self.options: SequenceOptions = options
        share = 1.0 if options.coverage is None else options.coverage
        self.least = options.min or ceil(share * len(options.stages) - 1e-9)
        self.stages: list[Operator | str] = []
        for number, stage in enumerate(options.stages):
            key = f"stages[{number}]"
            if isinstance(stage, dict):
                self.stages.append(compiler.rule(stage, key))
            else:
                with compiler.at(key):
                    self.stages.append(compiler.reference(stage))

    def evaluate(self, context: Context) -> Outcome:
        """Count the stages that happen; unknown where unsure stages could make the number."""
        outcomes = [
            stage.evaluate(context) if isinstance(stage, Operator) else _stage(stage, context) for stage in self.stages
        ]
        if context.single:
            return any_of(outcomes)
        happened = [outcome for outcome in outcomes if outcome.status in ("hit", "late")]
        unsure = sum(outcome.status == "unknown" for outcome in outcomes)
        if len(happened) + unsure < self.least:
            return Outcome("miss", note=self._coverage(len(happened), outcomes))
        chain = _longest_chain([outcome.evidence for outcome in happened])
        first = in_order(outcome.evidence[0] for outcome in happened if outcome.evidence)
        enough = len(chain) if self.options.ordered else len(happened)
        note = self._coverage(enough, outcomes)
        if enough >= self.least:
            return Outcome("hit", in_order(chain) if self.options.ordered else first, note=note)
        if len(happened) >= self.least:
            return Outcome("late", first, note=note)
        return Outcome("unknown", first, 0.5, note)

    def _coverage(self, done: int, outcomes: list[Outcome]) -> Bilingual:
        of = len(outcomes)
        missing = [
            stage if isinstance(stage, str) else str(number)
            for number, (stage, outcome) in enumerate(zip(self.stages, outcomes, strict=True), 1)
            if outcome.status not in ("hit", "late")
        ]
        kind = (" in order", "按序") if self.options.ordered else ("", "")
        en, zh = f"{done} of {of} stages{kind[0]}", f"{of} 个步骤中{kind[1]}完成 {done} 个"
        if missing:
            en, zh = f"{en}; missing: {', '.join(missing)}", f"{zh}；缺：{'、'.join(missing)}"
        return Bilingual(en, zh)


def _stage(name: str, context: Context) -> Outcome:
    if name == "complaint":
        return Outcome(context.complaint_status, context.complaint.evidence)
    return context.outcomes[name]


def _longest_chain(stages: list[tuple[Evidence, ...]]) -> list[Evidence]:
    """Most stages with increasing places: best[n] is the chain of n stages that ends earliest."""
    best: list[list[Evidence]] = [[]]
    for pieces in stages:
        for length in range(len(best) - 1, -1, -1):
            end: Position = _place(best[length][-1]) if best[length] else (-1, 0)
            following = next((piece for piece in pieces if _place(piece) > end), None)
            if following is None:
                continue
            chain = [*best[length], following]
            if length + 1 == len(best):
                best.append(chain)
            elif _place(chain[-1]) < _place(best[length + 1][-1]):
                best[length + 1] = chain
    return best[-1]


def _place(piece: Evidence) -> Position:
    return piece.turn_index, piece.char_start or 0
