"""phrase_said: one of the phrases is said by a role, at a place, and meant."""

from typing import Literal

from pydantic import Field, model_validator

from qa.bilingual import Bilingual
from qa.conversation import Turn
from qa.evaluation import Evidence
from qa.rules.anchor import UNSURE_ANCHOR
from qa.rules.compiler import Compiler
from qa.rules.context import Context, Scope
from qa.rules.guards import Guard, guarded
from qa.rules.matcher import Hit
from qa.rules.operator import Operator
from qa.rules.outcome import Outcome, hit, unknown
from qa.rules.placement import Placement, PlacementOptions
from qa.rules.similar import SHORTEST, NearPhrases

HOMOPHONE_MIN_PROBABILITY = 0.5
UNSURE_SPEAKER = Bilingual("it was said, but it is not clear by whom", "有人说过，但不清楚是谁说的")


class PhraseSaidOptions(PlacementOptions):
    """`phrases` and lists of the `lexicon`, in `min_count` places, `after` and `before` "complaint" or a criterion.

    `unless` in the same sentence and `guards` take a hit back; so do words recognised with less than `min_probability`.
    `homophones` replaces the scorecard's setting; `similar` is the least likeness (0.6 to 1) of near misses, else off.
    """

    phrases: tuple[str, ...] = ()
    lexicon: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    unless_lexicon: tuple[str, ...] = ()
    guards: tuple[Guard | Literal["echoed"], ...] = ("quoted",)
    homophones: bool | None = None
    similar: float | None = Field(default=None, ge=0.6, lt=1)
    min_count: int = Field(default=1, ge=1, le=50)
    min_probability: float = Field(default=0.35, ge=0, le=1)
    after: str | None = None
    before: str | None = None

    @model_validator(mode="after")
    def _has_phrases(self) -> "PhraseSaidOptions":
        if not self.phrases and not self.lexicon:
            raise ValueError("give phrases, lexicon or both")
        return self


class PhraseSaid(Operator):
    """One of the phrases is said by the role, and is neither guarded nor taken back by `unless`."""

    Options = PhraseSaidOptions

    def compile(self, options: PhraseSaidOptions, compiler: Compiler) -> None:
        """Register the phrases in the shared book."""
        self.options = options
        self.phrases = compiler.phrases(options.phrases, options.lexicon)
        self.near = None if options.similar is None else self._near(options, options.similar, compiler)
        self.guards: tuple[Guard, ...] = tuple(guard for guard in options.guards if guard != "echoed")
        self.echoes = "echoed" in options.guards
        self.unless = compiler.phrases(options.unless, options.unless_lexicon)
        chosen = options.homophones
        self.homophones = compiler.scorecard.homophones if chosen is None else chosen
        self.placement = Placement(options, compiler)
        self.after = None if options.after is None else compiler.anchor(options.after, "after")
        self.before = None if options.before is None else compiler.anchor(options.before, "before")

    @staticmethod
    def _near(options: PhraseSaidOptions, least: float, compiler: Compiler) -> NearPhrases:
        language = compiler.scorecard.language
        numbered = compiler.numbered(options.phrases, options.lexicon)
        near = NearPhrases(numbered, language=language, least=least, place=compiler.place)
        if not near.forms:
            shortest = SHORTEST[language]
            raise compiler.fault(
                f"similar: no phrase without a * has {shortest} words or characters, so none can match loosely",
                f"similar：没有不含 * 且达到 {shortest} 个字（词）的短语，无法近似匹配",
            )
        return near

    def evaluate(self, context: Context) -> Outcome:
        """Hit from `min_count` places on; places in turns of unknown role only make it unknown."""
        scope, note = self._scope(context)
        if scope is None:
            return Outcome("miss")
        sure: list[Evidence] = []
        unsure: list[Evidence] = []
        covered = (-1, 0)
        for found in self._found(context):
            if found.turn_index == covered[0] and found.begin < covered[1]:
                continue
            turn = context.call.turns[found.turn_index]
            known = self.placement.allows_turn(turn, context)
            if known == "no" or not self._meant(found, turn, context):
                continue
            tokens = context.call.tokens[turn.index]
            first, last = tokens.starts[found.begin], tokens.ends[found.end - 1]
            piece = context.call.evidence(turn, first, last, found.match, found.likeness)
            timely = self.placement.allows_time(piece, context)
            if timely == "no" or not scope.holds(piece):
                continue
            covered = (found.turn_index, found.end)
            (sure if known == timely == "yes" and note is None else unsure).append(piece)
        needed = 1 if context.single else self.options.min_count
        if len(sure) >= needed:
            return hit(sure)
        if len(sure) + len(unsure) >= needed:
            return unknown(note or UNSURE_SPEAKER, sure + unsure)
        return Outcome("miss")

    def _found(self, context: Context) -> list[Hit]:
        found = context.call.hits(self.phrases)
        if self.near is None:
            return found
        # What matches as written is never counted as a near miss too, even where a guard leaves it out.
        near = [
            near
            for near in context.call.near_hits(self.near, self.options.role)
            if not any(
                hit.turn_index == near.turn_index and hit.begin < near.end and near.begin < hit.end for hit in found
            )
        ]
        return sorted([*found, *near], key=lambda hit: (hit.turn_index, hit.begin)) if near else found

    def _scope(self, context: Context) -> tuple[Scope | None, Bilingual | None]:
        """Where to look, None where nothing can be after an anchor that never came; and why that is unsure."""
        scope = context.scope
        note = None
        for anchor, is_after in ((self.after, True), (self.before, False)):
            if anchor is None or context.single:
                continue
            located = anchor.locate(context)
            if located.status == "unknown":
                note = UNSURE_ANCHOR
            elif located.moment is not None:
                moment = located.moment
                scope = scope.narrowed(begin=moment.end) if is_after else scope.narrowed(end=moment.begin)
            elif is_after:
                return None, None
        return scope, note

    def _meant(self, found: Hit, turn: Turn, context: Context) -> bool:
        if found.match == "homophone" and not self.homophones:
            return False
        tokens = context.call.tokens[turn.index]
        probability = context.call.probability(turn, tokens.starts[found.begin], tokens.ends[found.end - 1])
        least = self.options.min_probability
        if found.match != "exact":
            least = max(least, HOMOPHONE_MIN_PROBABILITY)
        if probability is not None and probability < least:
            return False
        if guarded(tokens, found.begin, found.end, self.guards) or (self.echoes and _echoed(found, turn, context)):
            return False
        return not self._taken_back(found, context)

    def _taken_back(self, found: Hit, context: Context) -> bool:
        if not self.unless:
            return False
        sentences = context.call.tokens[found.turn_index].sentences
        own = range(sentences[found.begin], sentences[found.end - 1] + 1)
        return any(
            other.turn_index == found.turn_index
            and sentences[other.begin] <= own[-1]
            and sentences[other.end - 1] >= own[0]
            for other in context.call.hits(self.unless)
        )


def _echoed(found: Hit, turn: Turn, context: Context) -> bool:
    """True where the other side said the same phrase in its say just before."""
    said = {hit.turn_index for hit in context.call.hits(frozenset({found.phrase}))}
    before = turn.index - 1
    while before >= 0 and context.call.turns[before].role == turn.role:
        before -= 1
    while before >= 0 and context.call.turns[before].role != turn.role:
        if before in said:
            return True
        before -= 1
    return False
