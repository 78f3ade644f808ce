"""A moment of the call that other rules are placed against: the complaint, a criterion's or a rule's first hit."""

from dataclasses import dataclass
from typing import Literal, Protocol

from qa.bilingual import Bilingual
from qa.evaluation import Evidence
from qa.rules.context import Context, Position
from qa.rules.operator import Operator
from qa.rules.outcome import Outcome

COMPLAINT = "complaint"
UNSURE_ANCHOR = Bilingual(
    "it is not clear whether the moment it depends on came at all", "所依据的时刻是否出现并不确定"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """`begin` is where the anchor stands, `end` where "after it" starts; both in seconds too, where known."""

    begin: Position
    end: Position
    turn_index: int
    end_s: float | None
    begin_s: float | None = None


@dataclass(frozen=True, slots=True)
class Located:
    """Where an anchor is; `moment` is None unless the status is hit."""

    status: Literal["hit", "miss", "unknown"]
    moment: Moment | None = None


class Anchor(Protocol):
    """Something that can be located in a call."""

    def locate(self, context: Context) -> Located:
        """Find the anchor's first moment."""


class ComplaintAnchor:
    """The turn in which the complaint begins. The turn is over before anything counts as after it."""

    def locate(self, context: Context) -> Located:
        """The complaint's turn."""
        begins = context.complaint.begins_turn
        if context.complaint_status != "hit" or begins is None:
            return Located("unknown" if context.complaint_status == "unknown" else "miss")
        turn = context.call.turns[begins]
        return Located("hit", Moment((begins, 0), (begins + 1, 0), begins, turn.end_s, turn.start_s))


class CriterionAnchor:
    """First evidence of another criterion's rule, whether or not that criterion applies."""

    def __init__(self, criterion_id: str) -> None:
        self.criterion_id = criterion_id

    def locate(self, context: Context) -> Located:
        """The other criterion's first hit."""
        return located(context.outcomes[self.criterion_id])


class RuleAnchor:
    """First evidence of a rule."""

    def __init__(self, rule: Operator) -> None:
        self.rule = rule

    def locate(self, context: Context) -> Located:
        """The rule's first hit."""
        return located(self.rule.evaluate(context))


def located(outcome: Outcome) -> Located:
    """Where an outcome's first evidence is; a hit without evidence cannot anchor anything."""
    if outcome.status in ("hit", "late") and outcome.evidence:
        return Located("hit", moment(outcome.evidence[0]))
    return Located("unknown" if outcome.status == "unknown" else "miss")


def moment(piece: Evidence) -> Moment:
    """The moment of one piece of evidence."""
    begin = (piece.turn_index, piece.char_start or 0)
    end = (piece.turn_index, piece.char_end or 0)
    return Moment(begin, end, piece.turn_index, piece.end_s, piece.start_s)
