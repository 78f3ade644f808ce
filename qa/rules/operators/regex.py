"""regex: a regular expression found in a turn, for numbers and forms that phrases cannot say."""

import re
from typing import Any

import regex  # type: ignore[import-untyped]
from pydantic import Field

from qa.bilingual import Bilingual
from qa.evaluation import Evidence
from qa.rules.compiler import Compiler
from qa.rules.context import Context
from qa.rules.guards import Guard, guarded
from qa.rules.operator import Operator
from qa.rules.operators.phrase_said import UNSURE_SPEAKER
from qa.rules.outcome import Outcome, hit, unknown
from qa.rules.placement import Placement, PlacementOptions

MAX_TEXT = 20_000
MAX_HITS_PER_TURN = 20
TOO_SLOW = Bilingual(
    "the pattern took too long on this call and was stopped", "该正则表达式在本通电话上耗时过长，已中止"
)


class RegexOptions(PlacementOptions):
    """`pattern` runs on folded text (lower case, Simplified, half width); `unless` cancels in its sentence.

    After `timeout_ms` the pattern is stopped and the answer is unknown.
    """

    pattern: str = Field(min_length=1, max_length=4000)
    unless: tuple[str, ...] = ()
    guards: tuple[Guard, ...] = ()
    timeout_ms: int = Field(default=50, ge=1, le=1000)


class RegexFound(Operator):
    """The pattern is found in a turn of the role."""

    Options = RegexOptions

    def compile(self, options: Any, compiler: Compiler) -> None:
        """Compile the pattern; a broken one raises ScorecardError."""
        self.options: RegexOptions = options
        try:
            # The text is lower case already, so ignoring case, which is slow, only matters for capitals in the pattern.
            capitals = re.search(r"[A-Z]", re.sub(r"\\.", "", options.pattern))
            self.pattern = regex.compile(options.pattern, regex.IGNORECASE if capitals else 0)
        except (regex.error, OverflowError, RecursionError) as error:
            raise compiler.fault(f"broken pattern: {error}", f"正则表达式有误：{error}") from None
        if self.pattern.match("") is not None:
            raise compiler.fault(
                "the pattern also matches empty text, so it would hit every turn",
                "该正则也匹配空文本，会命中每一轮",
            )
        self.unless = compiler.phrases(options.unless)
        self.placement = Placement(options, compiler)

    def evaluate(self, context: Context) -> Outcome:
        """Hit where found; unknown where the pattern ran out of time, or only in turns of unknown role."""
        sure: list[Evidence] = []
        unsure: list[Evidence] = []
        call, first, last = context.call, context.scope.begin[0], context.scope.end[0]
        known_spans = call.pattern_spans.setdefault(self.options.pattern, {})
        for index in call.maybe_of_role(self.options.role):
            if not first <= index <= last:
                continue
            spans = known_spans.get(index)
            if spans == ():
                continue
            turn = call.turns[index]
            known = self.placement.allows_turn(turn, context)
            if known == "no":
                continue
            if spans is None:
                try:
                    spans = known_spans[index] = self._spans(call.shadows[index])
                except TimeoutError:
                    # One slow turn is enough: going on could cost the time limit on every turn.
                    return hit(sure) if sure else unknown(TOO_SLOW, unsure)
            for begin, end in spans:
                piece = context.call.evidence(turn, begin, end, "regex")
                timely = self.placement.allows_time(piece, context)
                if timely == "no" or not context.scope.holds(piece) or self._taken_back(index, begin, end, context):
                    continue
                (sure if known == timely == "yes" else unsure).append(piece)
        if sure:
            return hit(sure)
        return unknown(UNSURE_SPEAKER, unsure) if unsure else Outcome("miss")

    def _spans(self, text: str) -> tuple[tuple[int, int], ...]:
        text, timeout_s = text[:MAX_TEXT], self.options.timeout_ms / 1000
        if self.pattern.search(text, timeout=timeout_s) is None:
            return ()
        spans: list[tuple[int, int]] = []
        for match in self.pattern.finditer(text, timeout=timeout_s):
            if match.end() > match.start():
                spans.append(match.span())
            if len(spans) >= MAX_HITS_PER_TURN:
                break
        return tuple(spans)

    def _taken_back(self, index: int, begin: int, end: int, context: Context) -> bool:
        tokens = context.call.tokens[index]
        if self.options.guards:
            own = [at for at, left in enumerate(tokens.starts) if left < end and tokens.ends[at] > begin]
            if own and guarded(tokens, own[0], own[-1] + 1, self.options.guards):
                return True
        if not self.unless:
            return False
        here = [number for number, right in enumerate(tokens.ends) if right > begin]
        sentence = tokens.sentences[here[0]] if here else -1
        return any(
            other.turn_index == index and tokens.sentences[other.begin] <= sentence <= tokens.sentences[other.end - 1]
            for other in context.call.hits(self.unless)
        )
