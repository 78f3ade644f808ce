"""What one rule says about one call: three-valued, with `late` and `not_applicable` beside."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from qa.bilingual import Bilingual
from qa.evaluation import Deadline, Evidence

Status = Literal["hit", "miss", "late", "unknown", "not_applicable"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Status of a rule with its evidence in call order; `note` says why where the status alone does not.

    `deadline` is the latest moment that would have been in time, where the rule has one and it was missed.
    """

    status: Status
    evidence: tuple[Evidence, ...] = ()
    confidence: float = 1.0
    note: Bilingual | None = None
    deadline: Deadline | None = None


MISS = Outcome("miss")
NOT_APPLICABLE = Outcome("not_applicable")


def hit(evidence: Iterable[Evidence]) -> Outcome:
    """A hit as sure as its surest piece of evidence."""
    pieces = in_order(evidence)
    return Outcome("hit", pieces, max((piece.confidence for piece in pieces), default=1.0))


def unknown(note: Bilingual, evidence: Iterable[Evidence] = ()) -> Outcome:
    """Neither hit nor miss, for the reason in `note`."""
    return Outcome("unknown", in_order(evidence), 0.5, note)


def in_order(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Evidence sorted by place, each place once."""
    places = {(piece.turn_index, piece.char_start or 0, piece.char_end or 0): piece for piece in evidence}
    return tuple(places[place] for place in sorted(places))


def all_of(outcomes: Iterable[Outcome]) -> Outcome:
    """Conjunction: a miss decides, then an unknown, then late. Children that do not apply are left out."""
    asked: list[Outcome] = []
    for outcome in outcomes:
        if outcome.status == "miss":
            # What comes after the first miss is never asked, which saves most of the work.
            return outcome
        if outcome.status != "not_applicable":
            asked.append(outcome)
    if not asked:
        return NOT_APPLICABLE
    for outcome in asked:
        if outcome.status == "unknown":
            return outcome
    status_found: Status = "late" if any(outcome.status == "late" for outcome in asked) else "hit"
    evidence = in_order(piece for outcome in asked for piece in outcome.evidence)
    confidence = min(outcome.confidence for outcome in asked)
    return Outcome(status_found, evidence, confidence, _first_note(asked), _first_deadline(asked))


def any_of(outcomes: Iterable[Outcome]) -> Outcome:
    """Disjunction: a hit decides, then late, then unknown. Children that do not apply are left out."""
    asked = [outcome for outcome in outcomes if outcome.status != "not_applicable"]
    if not asked:
        return NOT_APPLICABLE
    for status in ("hit", "late", "unknown"):
        same = [outcome for outcome in asked if outcome.status == status]
        if same:
            evidence = in_order(piece for outcome in same for piece in outcome.evidence)
            confidence = max(outcome.confidence for outcome in same)
            return Outcome(same[0].status, evidence, confidence, _first_note(same), _first_deadline(same))
    return Outcome("miss", (), min(outcome.confidence for outcome in asked), None, _first_deadline(asked))


def negation(outcome: Outcome) -> Outcome:
    """Hit and late become miss, miss becomes hit; unknown and not_applicable stay."""
    if outcome.status in ("hit", "late"):
        return Outcome("miss", (), outcome.confidence)
    if outcome.status == "miss":
        return Outcome("hit", (), outcome.confidence)
    return outcome


def _first_note(outcomes: Iterable[Outcome]) -> Bilingual | None:
    return next((outcome.note for outcome in outcomes if outcome.note), None)


def _first_deadline(outcomes: Iterable[Outcome]) -> Deadline | None:
    return next((outcome.deadline for outcome in outcomes if outcome.deadline), None)
