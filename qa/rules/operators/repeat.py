"""repeat: the same thing again: the same kind of thing, or the same content in whatever words."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import Field, model_validator

from qa.conversation import Turn
from qa.evaluation import Evidence
from qa.rules.compiler import Compiler
from qa.rules.context import Context
from qa.rules.likeness import Content, alike, content
from qa.rules.operator import Operator, Options
from qa.rules.operators.phrase_said import UNSURE_SPEAKER
from qa.rules.operators.within import NO_TIMES
from qa.rules.outcome import NOT_APPLICABLE, Outcome, in_order, unknown
from qa.scorecard import Rule


class RepeatOptions(Options):
    """`what` in `times` different says, and with `alike` (0.3 to 1) the same content; without `what` all `role` says.

    The last at most `turns` says of that side and `seconds` after the first. Sentences under `min_length` words or
    characters, small talk and numbers are nothing to repeat.
    """

    what: Rule | None = None
    role: Literal["agent", "customer"] = "customer"
    alike: float | None = Field(default=None, ge=0.3, le=1)
    times: int = Field(default=2, ge=2, le=50)
    turns: int | None = Field(default=None, ge=1, le=100)
    seconds: float | None = Field(default=None, gt=0)
    min_length: int = Field(default=4, ge=1, le=100)

    @model_validator(mode="after")
    def _looks_for_something(self) -> "RepeatOptions":
        if self.what is None and self.alike is None:
            raise ValueError("give what, alike or both")
        return self


@dataclass(frozen=True, slots=True)
class _Unit:
    """One piece of talk: the number of its say, its content and whether its speaker is known."""

    say: int
    piece: Evidence
    content: Content | None
    sure: bool = True


class Repeat(Operator):
    """`what` hits, or the same content comes, in at least `times` different says."""

    Options = RepeatOptions
    version = 2

    def compile(self, options: Any, compiler: Compiler) -> None:
        """Compile `what`."""
        self.options: RepeatOptions = options
        self.what = None if options.what is None else compiler.rule(options.what, "what")

    def evaluate(self, context: Context) -> Outcome:
        """The first piece that comes again often enough, with its repetitions."""
        if self.what is None:
            return NOT_APPLICABLE if context.single else self._again(list(self._spoken(context)), Outcome("hit"))
        outcome = self.what.evaluate(context)
        if context.single or outcome.status in ("miss", "not_applicable"):
            return outcome
        return self._again([self._unit(piece, context) for piece in outcome.evidence], outcome)

    def _again(self, units: list[_Unit], outcome: Outcome) -> Outcome:
        unsure: Outcome | None = None
        for at, first in enumerate(units):
            group, timed = self._repetitions(first, units[at + 1 :])
            if len({unit.say for unit in group}) < self.options.times:
                continue
            evidence = in_order(unit.piece for unit in group)
            sure = [unit for unit in group if unit.sure]
            if timed and len({unit.say for unit in sure}) >= self.options.times:
                confidence = min(outcome.confidence, max(unit.piece.confidence for unit in sure[1:]))
                return replace(outcome, evidence=in_order(unit.piece for unit in sure), confidence=confidence)
            unsure = unsure or unknown(UNSURE_SPEAKER if timed else NO_TIMES, evidence)
        return unsure or Outcome("miss")

    def _repetitions(self, first: _Unit, later: list[_Unit]) -> tuple[list[_Unit], bool]:
        """The unit with those that repeat it, and whether their times are known where they are asked for."""
        group, timed, turns, seconds = [first], True, self.options.turns, self.options.seconds
        for unit in later:
            if unit.say == first.say or (turns is not None and unit.say - first.say > turns):
                continue
            likeness = self._likeness(first, unit)
            if likeness < (self.options.alike or 0):
                continue
            if seconds is not None:
                begin, end = unit.piece.start_s, first.piece.end_s
                if begin is None or end is None:
                    timed = False
                elif begin - end > seconds:
                    continue
            piece = unit.piece
            group.append(replace(unit, piece=replace(piece, confidence=round(piece.confidence * likeness, 3))))
        return group, timed

    def _likeness(self, first: _Unit, second: _Unit) -> float:
        if self.options.alike is None:
            return 1.0
        if first.content is None or second.content is None:
            return 0.0
        return alike(first.content, second.content)

    def _unit(self, piece: Evidence, context: Context) -> _Unit:
        """What the sentence around a piece of evidence says."""
        turn = context.call.turns[piece.turn_index]
        said: Content | None = None
        tokens = context.call.tokens.get(turn.index)
        if self.options.alike is not None and tokens is not None:
            inside = [at for at, end in enumerate(tokens.ends) if end > (piece.char_start or 0)]
            if inside:
                said = content(tokens, *tokens.bounds(inside[0], "sentence"))
        return _Unit(_say(turn, context), piece, said)

    def _spoken(self, context: Context) -> Iterator[_Unit]:
        """Every sentence of the role that says something; those of unknown speakers are not sure."""
        indexes = sorted((*context.call.of_role(self.options.role), *context.call.of_role("unknown")))
        for index in indexes:
            turn, tokens = context.call.turns[index], context.call.tokens[index]
            begin = 0
            while begin < len(tokens.words):
                _, end = tokens.bounds(begin, "sentence")
                said = content(tokens, begin, end) if end - begin >= self.options.min_length else None
                if said is not None:
                    piece = context.call.evidence(turn, tokens.starts[begin], tokens.ends[end - 1], "similar")
                    if context.scope.holds(piece):
                        yield _Unit(_say(turn, context), piece, said, turn.role != "unknown")
                begin = end


def _say(turn: Turn, context: Context) -> int:
    """Number of the say that a turn belongs to, counted over its own side; unknown speakers come after all others."""
    for number, (first, last) in enumerate(context.call.says(turn.role)):
        if first <= turn.index <= last:
            return number if turn.role != "unknown" else len(context.call.turns) + number
    return -1 - turn.index
