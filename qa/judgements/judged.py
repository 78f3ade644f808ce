"""A judged call as the derived judgements see it, and how verdicts of several criteria add up."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from qa.conversation import Conversation, Role, Turn
from qa.evaluation import Complaint, CriterionResult, CustomerType, Evidence, Style, Verdict
from qa.flow import StepForm
from qa.judgements.documents import Patterns
from qa.scorecard import Scorecard
from qa.scoring import Score
from qa.shadow import shadow

Place = tuple[int, int]
"""Turn index and character offset in it."""
# These say which turn to look at, not that something was said there.
_NO_WORDS = ("place", "measure")


@dataclass(frozen=True, slots=True)
class Judged:
    """One call with its findings."""

    scorecard: Scorecard
    results: Mapping[str, CriterionResult]
    fatal_failed: tuple[str, ...]
    style: Style
    complaint: Complaint
    customer_type: CustomerType
    conversation: Conversation

    @classmethod
    def of(
        cls,
        scorecard: Scorecard,
        score: Score,
        *,
        complaint: Complaint,
        customer_type: CustomerType,
        conversation: Conversation,
    ) -> "Judged":
        """The view of a scored call."""
        results = {result.criterion_id: result for result in score.results}
        return cls(scorecard, results, score.fatal_failed, score.style, complaint, customer_type, conversation)

    def verdict(self, step: StepForm) -> Verdict:
        """Verdict of a step; criteria that the form does not have are left out."""
        found = [self.results[name].verdict for name in step.criteria if name in self.results]
        return all_of(found) if step.all else any_of(found)

    def verdict_of(self, names: Iterable[str]) -> Verdict:
        """Verdict of several criteria that must all be met."""
        return all_of(self.results[name].verdict for name in names if name in self.results)

    def said(self, names: Iterable[str]) -> list[Evidence]:
        """Words that met these criteria, on time or late, in call order; those since the complaint where there are."""
        pieces = [
            piece
            for name in names
            if name in self.results and self.results[name].verdict in ("met", "late")
            for finding in self.results[name].findings[:1]
            for piece in finding.evidence
            if piece.match not in _NO_WORDS
        ]
        begins = self.complaint.begins_turn or 0
        since = [piece for piece in pieces if piece.turn_index >= begins]
        return sorted(since or pieces, key=place_of)

    def spoken(self, role: Role, patterns: Patterns, *, begin: int = 0) -> Iterator[tuple[Turn, str]]:
        """Trusted turns of a role from turn `begin` in which a pattern of the call's language is found, with the words.

        Patterns see the shadow text, which has the turn's own length.
        """
        language = self.scorecard.language
        if language not in patterns:
            return
        pattern = re.compile(patterns[language])
        for turn in self.conversation.said_by(role):
            if turn.index >= begin and (found := pattern.search(shadow(turn.text, language=language))):
                yield turn, turn.text[found.start() : found.end()]


def place_of(piece: Evidence) -> Place:
    """Where a piece of evidence begins."""
    return piece.turn_index, piece.char_start or 0


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """All are wanted: the worst decides. What does not apply is left out; nothing left does not apply."""
    return _first(verdicts, ("not_met", "undetermined", "late", "met"))


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """One is enough: the best decides. What does not apply is left out; nothing left does not apply."""
    return _first(verdicts, ("met", "late", "undetermined", "not_met"))


def _first(verdicts: Iterable[Verdict], order: tuple[Verdict, ...]) -> Verdict:
    present = set(verdicts)
    return next((verdict for verdict in order if verdict in present), "not_applicable")
