"""From findings to a score: points, what does not apply, the interval of what is unsure, and the fatal rule.

Pure functions; nothing here reads a file. Sources: seed 000 and 002 ("100-1=0", four service styles).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa.conversation import Conversation
from qa.evaluation import Complaint, CriterionResult, CustomerType, Finding, Quadrant, Style
from qa.scorecard import Criterion, Scorecard

LATE_SHARE = 0.5
"""A required element that comes late keeps half of its points."""
STYLE_HIGH = 0.6
"""At or above this share of points an axis of the style quadrant counts as high."""
UNSURE_SHARE = 0.25
"""More undetermined points than this share of the form asks for a person."""


@dataclass(frozen=True, slots=True)
class Score:
    """The numbers of one call, 0–100; None where no criterion could be judged."""

    results: tuple[CriterionResult, ...]
    score: float | None
    score_low: float | None
    score_high: float | None
    score_before_fatal: float | None
    fatal_failed: tuple[str, ...]
    passed: bool | None
    style: Style


def score(scorecard: Scorecard, findings: Sequence[Finding]) -> Score:
    """Turn one call's findings into its score.

    not_applicable criteria leave the denominator. Undetermined ones leave it too, but open an interval: score_low
    counts them as lost, score_high as kept. A fatal criterion that is not_met makes the score 0 ("100-1=0");
    score_before_fatal is what it would have been. An undetermined fatal criterion makes score_low 0.
    """
    by_id: dict[str, list[Finding]] = {}
    for finding in findings:
        by_id.setdefault(finding.criterion_id, []).append(finding)
    results = tuple(_result(criterion, by_id.get(criterion.id, [])) for criterion in scorecard.criteria)
    judged = [r for r in results if r.verdict not in ("undetermined", "not_applicable")]
    awarded, possible = sum(r.points_awarded for r in judged), sum(r.points_possible for r in judged)
    unsure = sum(r.points_possible for r in results if r.verdict == "undetermined")
    before = _percent(awarded, possible)
    low, high = _percent(awarded, possible + unsure), _percent(awarded + unsure, possible + unsure)
    verdicts = {result.criterion_id: result.verdict for result in results}
    fatal = [criterion.id for criterion in scorecard.criteria if criterion.fatal]
    failed = tuple(name for name in fatal if verdicts[name] == "not_met")
    if failed:
        low = high = 0.0
    elif low is not None and any(verdicts[name] == "undetermined" for name in fatal):
        low = 0.0
    final = 0.0 if failed else before
    return Score(
        results=results,
        score=final,
        score_low=low,
        score_high=high,
        score_before_fatal=before,
        fatal_failed=failed,
        passed=None if final is None else final >= scorecard.pass_mark,
        style=_style(scorecard, results),
    )


def flags(
    result: Score,
    *,
    customer_type: CustomerType,
    complaint: Complaint,
    conversation: Conversation,
    measures: Mapping[str, float | None],
) -> tuple[str, ...]:
    """Why a supervisor should look at this call, as stable codes; the most serious first."""
    verdicts = {r.criterion_id: r.verdict for r in result.results}
    undetermined = sum(r.points_possible for r in result.results if r.verdict == "undetermined")
    everything = sum(r.points_possible for r in result.results)
    trusted = [turn for turn in conversation.turns if not turn.suspect]
    unsure_turns = [turn for turn in trusted if turn.role == "unknown" or turn.role_confidence < 0.6]
    found = [f"fatal:{name}" for name in result.fatal_failed]
    checks = {
        "below_pass_mark": result.passed is False,
        "agitated_customer": customer_type.label == "agitated" and not customer_type.abstained,
        "complaint_without_apology": complaint.present and verdicts.get("timely_apology") in ("not_met", "late"),
        "no_score": result.score is None,
        "unsure_verdicts": everything > 0 and undetermined / everything > UNSURE_SHARE,
        "unsure_customer_type": customer_type.abstained,
        "unsure_roles": bool(trusted) and len(unsure_turns) / len(trusted) > UNSURE_SHARE,
        "dead_air": (measures.get("dead_air_count") or 0) > 0,
        "untrusted_text": any(turn.suspect for turn in conversation.turns),
        "input_warning": bool(conversation.warnings),
    }
    return (*found, *(name for name, raised in checks.items() if raised))


def _result(criterion: Criterion, findings: list[Finding]) -> CriterionResult:
    if not findings:
        return CriterionResult(criterion.id, "undetermined", 0.0, criterion.points, (), "")
    main = findings[0]
    share = {"met": 1.0, "late": LATE_SHARE}.get(main.verdict, 0.0)
    possible = 0.0 if main.verdict == "not_applicable" else criterion.points
    return CriterionResult(
        criterion_id=criterion.id,
        verdict=main.verdict,
        points_awarded=criterion.points * share if possible else 0.0,
        points_possible=possible,
        findings=tuple(findings),
        explanation=main.explanation,
    )


def _percent(part: float, whole: float) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def _style(scorecard: Scorecard, results: Sequence[CriterionResult]) -> Style:
    """Source: document 000, business space (procedure) and personal space (warmth) → four types of service.

    Something forbidden counts on its axis only where it was said: silence about it is no proof of warmth.
    """
    form = {criterion.id: criterion for criterion in scorecard.criteria}

    def axis(name: str) -> tuple[float | None, tuple[str, ...]]:
        own = [
            r
            for r in results
            if form[r.criterion_id].style == name
            and r.points_possible
            and r.verdict != "undetermined"
            and (form[r.criterion_id].kind == "required" or r.verdict == "not_met")
        ]
        possible = sum(result.points_possible for result in own)
        share = round(sum(result.points_awarded for result in own) / possible, 3) if possible else None
        return share, tuple(result.criterion_id for result in own)

    (procedure, procedure_from), (warmth, warmth_from) = axis("procedure"), axis("warmth")
    quadrant: Quadrant | None = None
    if procedure is not None and warmth is not None:
        names: dict[tuple[bool, bool], Quadrant] = {
            (False, False): "cold",
            (True, False): "factory",
            (False, True): "friendly_zoo",
            (True, True): "quality",
        }
        quadrant = names[procedure >= STYLE_HIGH, warmth >= STYLE_HIGH]
    return Style(procedure, warmth, quadrant, procedure_from, warmth_from)
