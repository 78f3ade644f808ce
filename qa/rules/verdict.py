"""From a rule's outcome to a verdict: what the evidence can carry, never more."""

from dataclasses import dataclass

from qa.bilingual import Bilingual
from qa.conversation import Turn
from qa.evaluation import Evidence, Verdict
from qa.rules.anchor import COMPLAINT
from qa.rules.context import Context
from qa.rules.form import CompiledCriterion
from qa.rules.outcome import Outcome

SURE_ROLE = 0.6
"""Below this role confidence a turn's words are not held against the agent."""
UNKNOWN_ROLE_SHARE = 0.4
"""Above this share of turns without a role a missing element is not called missing."""
SURE_HOMOPHONE = 0.7
"""A forbidden phrase found only by its sound needs this mean word probability."""

NO_AGENT = Bilingual("no turn of the call is known to be the agent's", "通话中没有可确认为坐席的发言")
UNSURE_ROLES = Bilingual("too many turns have no known speaker", "说话人不明的发言过多")
UNSURE_EVIDENCE = Bilingual("the only evidence is too weak to accuse anyone", "仅有的证据过弱，不足以认定")
UNSURE_CONDITION = Bilingual("it is not clear whether this applies", "是否适用并不确定")


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict with what it rests on."""

    verdict: Verdict
    evidence: tuple[Evidence, ...]
    confidence: float
    note: Bilingual | None = None
    said: Evidence | None = None


def decide(item: CompiledCriterion, outcome: Outcome, context: Context) -> Decision:
    """Verdict of one criterion that is not excused, from its rule's outcome.

    Source: DESIGN "Trust in the transcript".
    """
    if outcome.status == "not_applicable":
        return Decision("not_applicable", (), outcome.confidence, outcome.note)
    if outcome.status == "unknown":
        return Decision("undetermined", outcome.evidence, outcome.confidence, outcome.note)
    if item.criterion.kind == "forbidden":
        return _forbidden(outcome, context)
    return _required(item, outcome, context)


def excused(item: CompiledCriterion, context: Context) -> Decision | None:
    """The decision where the rule need not be asked: no agent, or `applies_when` says that it does not apply."""
    if not context.call.of_role("agent"):
        return Decision("undetermined", (), 0.0, NO_AGENT)
    if item.applies_when is None:
        return None
    applies = item.applies_when.evaluate(context)
    if applies.status == "unknown":
        return Decision("undetermined", applies.evidence, 0.5, applies.note or UNSURE_CONDITION)
    if applies.status in ("miss", "not_applicable"):
        return Decision("not_applicable", (), applies.confidence)
    return None


def _forbidden(outcome: Outcome, context: Context) -> Decision:
    # Late means outside the window in which it would be wrong, such as rules quoted after empathy.
    if outcome.status in ("miss", "late"):
        return Decision("met", (), min(outcome.confidence, _known_share(context)), outcome.note)
    if outcome.evidence and all(_weak(piece, context) for piece in outcome.evidence):
        return Decision("undetermined", outcome.evidence, 0.5, UNSURE_EVIDENCE)
    strong = tuple(piece for piece in outcome.evidence if not _weak(piece, context))
    said = strong[0] if strong else None
    return Decision("not_met", outcome.evidence, outcome.confidence, outcome.note, said)


def _required(item: CompiledCriterion, outcome: Outcome, context: Context) -> Decision:
    if outcome.status == "hit":
        said = outcome.evidence[0] if outcome.evidence else None
        return Decision("met", outcome.evidence, outcome.confidence, outcome.note, said)
    if outcome.status == "late":
        said = outcome.evidence[0] if outcome.evidence else None
        evidence = (*outcome.evidence, *_should_be(item, context)[:1])
        return Decision("late", evidence, outcome.confidence, outcome.note, said)
    known = _known_share(context)
    if known < 1 - UNKNOWN_ROLE_SHARE:
        return Decision("undetermined", (), 0.5, UNSURE_ROLES)
    return Decision("not_met", _should_be(item, context), min(outcome.confidence, known), outcome.note)


def _known_share(context: Context) -> float:
    trusted = [turn for turn in context.call.turns if not turn.suspect]
    known = sum(turn.role != "unknown" for turn in trusted)
    return round(known / len(trusted), 3) if trusted else 0.0


def _weak(piece: Evidence, context: Context) -> bool:
    turn = context.call.turns[piece.turn_index]
    if turn.role == "unknown" or turn.role_confidence < SURE_ROLE:
        return True
    # A near miss may be the opposite of what was meant: it supports nobody's blame.
    if piece.match == "similar":
        return True
    if piece.match != "homophone":
        return False
    # Without word probabilities nothing supports reading one word as another.
    probability = context.call.probability(turn, piece.char_start or 0, piece.char_end or len(turn.text))
    return probability is None or probability < SURE_HOMOPHONE


def _should_be(item: CompiledCriterion, context: Context) -> tuple[Evidence, ...]:
    """The turns in which a missing element should have been, so that it can be clicked."""
    agent = context.call.of_role("agent")
    places: list[int] = []
    begins = context.complaint.begins_turn
    if COMPLAINT in item.traits.places and begins is not None:
        places.append(begins)
    if "first" in item.traits.places:
        places.append(agent[0])
    if "last" in item.traits.places or not places:
        places.append(agent[-1])
    return tuple(_whole(context.call.turns[index]) for index in dict.fromkeys(places))


def _whole(turn: Turn) -> Evidence:
    # Nothing was matched here: the quote only says which turn to listen to.
    return Evidence(turn.index, turn.start_s, turn.end_s, turn.text, "place", turn.role_confidence, 0, len(turn.text))
