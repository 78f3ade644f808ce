"""Explanations that teach: for each lost point the sentence, its time, the rule's source and what would have kept it.

The counterfactual is the scorer run again with that one verdict changed to met; nothing is computed beside it.
Sources of the rows: qa/judgements/catalogue.yaml; "100-1=0" of document 000 for the fatal gate.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from qa.bilingual import LANGUAGES, Bilingual
from qa.derived import Counterfactual, Lesson, Source
from qa.evaluation import CriterionResult, Deadline, Evidence, Finding
from qa.judgements.documents import catalogue
from qa.judgements.wording import sentence
from qa.scorecard import SHIPPED, Criterion, Scorecard
from qa.scoring import Score, score


def lessons(scorecard: Scorecard, findings: Sequence[Finding], scored: Score) -> tuple[Lesson, ...]:
    """One lesson for every criterion that lost points or made the call fail, in form order."""
    by_id = {result.criterion_id: result for result in scored.results}
    found = []
    for criterion in scorecard.criteria:
        result = by_id[criterion.id]
        lost = result.verdict in ("not_met", "late") and result.points_awarded < result.points_possible
        if lost or criterion.id in scored.fatal_failed:
            found.append(_lesson(scorecard, criterion, result, findings, scored))
    return tuple(found)


def sources_of(scorecard: Scorecard, criterion: Criterion) -> tuple[Source, ...]:
    """Document rows of a criterion: the catalogue's for shipped forms and forms that name none, else the form's own."""
    entry = catalogue().get(criterion.id)
    if entry is not None and (scorecard.id in SHIPPED or not criterion.source):
        return tuple(Source(each.document, each.row) for each in entry.sources)
    own = criterion.source
    return (Source("scorecard", Bilingual(own, own)),) if own else ()


def counterfactual(scorecard: Scorecard, findings: Sequence[Finding], criterion_id: str, scored: Score) -> Score:
    """The call scored again as if this criterion had been met; `scored` is how it was."""
    changed = list(findings)
    place = next((at for at, finding in enumerate(changed) if finding.criterion_id == criterion_id), None)
    if place is None:
        return scored
    changed[place] = replace(changed[place], verdict="met")
    return score(scorecard, changed)


def _lesson(
    scorecard: Scorecard, criterion: Criterion, result: CriterionResult, findings: Sequence[Finding], scored: Score
) -> Lesson:
    again = counterfactual(scorecard, findings, criterion.id, scored)
    awarded = next(each.points_awarded for each in again.results if each.criterion_id == criterion.id)
    finding = result.findings[0]
    piece = None if _measured(criterion.rule) else _main(finding)
    deadline: Deadline | None = finding.deadline if criterion.kind == "required" else None
    sources = sources_of(scorecard, criterion)
    instead = Counterfactual(
        points_kept=round(awarded - result.points_awarded, 2),
        score=again.score,
        score_before_fatal=again.score_before_fatal,
        passed=again.passed,
    )
    texts = {
        language: sentence(
            criterion,
            result.verdict,
            piece=piece,
            deadline=deadline,
            sources=sources,
            instead=instead,
            scored=scored,
            still_fatal=[each for each in scorecard.criteria if each.id in again.fatal_failed],
            language=language,
        )
        for language in LANGUAGES
    }
    return Lesson(
        criterion_id=criterion.id,
        points_lost=round(result.points_possible - result.points_awarded, 2),
        turn_index=piece.turn_index if piece else None,
        start_s=piece.start_s if piece else None,
        end_s=piece.end_s if piece else None,
        quote=piece.quote if piece else "",
        before_turn=deadline.turn_index if deadline else None,
        before_s=deadline.time_s if deadline else None,
        sources=sources,
        instead=instead,
        text=Bilingual(texts["en"], texts["zh"]),
    )


def _measured(rule: Any) -> bool:
    """True for a rule that measures the whole call: no single sentence lacks or breaks it."""
    if isinstance(rule, dict):
        return "measure" in rule or any(_measured(value) for value in rule.values())
    return isinstance(rule, list | tuple) and any(_measured(value) for value in rule)


def _main(finding: Finding) -> Evidence | None:
    """The words that were wrong or late, else the sentence after which something is missing."""
    words = [piece for piece in finding.evidence if piece.match not in ("place", "measure")]
    return next(iter(words or finding.evidence), None)
