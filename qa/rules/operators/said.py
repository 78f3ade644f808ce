"""said: a turn does what an id of the catalogue describes, in any words, by the published turn-behaviour model."""

from typing import Any

from pydantic import Field, field_validator, model_validator

from qa.bilingual import Bilingual
from qa.catalogue import BEHAVIOURS, role_of
from qa.conversation import Turn
from qa.evaluation import Evidence
from qa.rules.compiler import Compiler
from qa.rules.context import Context
from qa.rules.guards import Guard, guarded
from qa.rules.operator import Operator
from qa.rules.outcome import Outcome, hit
from qa.rules.placement import Placement, PlacementOptions
from qa.rules.tokens import Tokens

NO_MODEL = Bilingual(
    "no turn-behaviour model is installed, so it was not looked for in other words",
    "未安装话轮行为模型，未能识别其他说法",
)
_SHORT_CLAUSE = 4


class SaidOptions(PlacementOptions):
    """`min_probability` replaces the model's own threshold; `max_probability` hits where the model denies it."""

    behaviour: str
    min_probability: float | None = Field(default=None, gt=0, le=1)
    max_probability: float | None = Field(default=None, ge=0, lt=1)
    guards: tuple[Guard, ...] = ("quoted",)

    @field_validator("behaviour")
    @classmethod
    def _is_known(cls, value: str) -> str:
        if value not in BEHAVIOURS:
            raise ValueError(f"unknown behaviour {value!r}; known: {', '.join(BEHAVIOURS)}")
        return value

    @model_validator(mode="after")
    def _asks_one_thing(self) -> "SaidOptions":
        if self.min_probability is not None and self.max_probability is not None:
            raise ValueError("give min_probability or max_probability, not both")
        if self.role != role_of(self.behaviour):
            raise ValueError(f"{self.behaviour} is looked for in turns of the {role_of(self.behaviour)}: set role")
        return self


class Said(Operator):
    """A turn of the role does what `behaviour` describes, in any words, by the turn-behaviour model."""

    Options = SaidOptions
    wraps = "behaviour"

    def compile(self, options: Any, compiler: Compiler) -> None:
        """Nothing is loaded before a call is judged."""
        self.options: SaidOptions = options
        self.placement = Placement(options, compiler)

    def evaluate(self, context: Context) -> Outcome:
        """Hit in turns that are likely enough; a miss with a note without a model, also for `max_probability`."""
        likely = context.call.behaviours
        if likely is None:
            return Outcome("miss", note=NO_MODEL)
        sure: list[Evidence] = []
        for index, of_turn in likely.items():
            turn, probability = context.call.turns[index], of_turn.get(self.options.behaviour)
            if probability is None or not self._counts(probability, context):
                continue
            if self.placement.allows_turn(turn, context) != "yes" or index not in context.call.tokens:
                continue
            piece = self._piece(turn, probability, context)
            if piece is None or not context.scope.holds(piece):
                continue
            if self.placement.allows_time(piece, context) == "yes":
                sure.append(piece)
        return hit(sure) if sure else Outcome("miss")

    def _counts(self, probability: float, context: Context) -> bool:
        if self.options.max_probability is not None:
            return probability <= self.options.max_probability
        least = self.options.min_probability
        if least is None:
            reader, language = context.call.reader, context.call.conversation.language
            least = reader.threshold(language, self.options.behaviour)
        return least is not None and probability >= least

    def _piece(self, turn: Turn, probability: float, context: Context) -> Evidence | None:
        """The clause that speaks most for it; the whole turn where the model only denies. None where guarded."""
        tokens = context.call.tokens[turn.index]
        if not tokens.words:
            return None
        begin, end = 0, len(tokens.words)
        if self.options.max_probability is None:
            begin, end = self._clause(tokens, context)
            if guarded(tokens, begin, end, self.options.guards):
                return None
        found = context.call.evidence(turn, tokens.starts[begin], tokens.ends[end - 1], "model")
        return Evidence(
            turn_index=found.turn_index,
            start_s=found.start_s,
            end_s=found.end_s,
            quote=found.quote,
            match="model",
            confidence=round(min(probability, found.confidence), 3),
            char_start=found.char_start,
            char_end=found.char_end,
        )

    def _clause(self, tokens: Tokens, context: Context) -> tuple[int, int]:
        spans = _clauses(tokens)
        if len(spans) == 1:
            return spans[0]
        pieces = [tokens.text[tokens.starts[begin] : tokens.ends[end - 1]] for begin, end in spans]
        best = context.call.reader.strongest(context.call.conversation.language, self.options.behaviour, pieces)
        return spans[best]


def _clauses(tokens: Tokens) -> list[tuple[int, int]]:
    """Token ranges of clauses; one of a few tokens goes with the clause after it."""
    spans: list[tuple[int, int]] = []
    begin = 0
    while begin < len(tokens.words):
        end = begin
        while end < len(tokens.words) and (end == begin or end - begin < _SHORT_CLAUSE):
            _, end = tokens.bounds(end, "clause")
        spans.append((begin, end))
        begin = end
    if len(spans) > 1 and spans[-1][1] - spans[-1][0] < _SHORT_CLAUSE:
        last = spans.pop()
        spans[-1] = (spans[-1][0], last[1])
    return spans
