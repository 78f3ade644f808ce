"""The public JSON of an evaluation: one object a call, described by docs/evaluation.schema.json.

The store keeps the record as it is; whatever is shown or exported passes through `masked` first. Names never change
their meaning within a schema version.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from qa.conversation import Recording
from qa.derived import Derived, Lesson
from qa.derived_record import derived_parts, lesson_part, masked_lesson, masked_psychology
from qa.evaluation import CriterionResult, Evaluation, Evidence
from qa.privacy import mask

SCHEMA = "callgrade.evaluation.v1"


Record = dict[str, Any]
_NOTHING = Derived({}, None, None, None, None, None)


def to_record(evaluation: Evaluation) -> Record:
    """Return the JSON-ready record of one evaluation; no NaN, times in seconds with milliseconds."""
    kind = evaluation.customer_type
    lessons = {lesson.criterion_id: lesson for lesson in evaluation.lessons}
    return {
        "schema": SCHEMA,
        "id": evaluation.id,
        "recording": _recording(evaluation.recording),
        "language": evaluation.language,
        "scorecard": {"id": evaluation.scorecard_id, "version": evaluation.scorecard_version},
        "customer_type": {
            "label": kind.label,
            "probabilities": {name: round(value, 4) for name, value in kind.probabilities.items()},
            "abstained": kind.abstained,
            "model_id": kind.model_id,
            "reasons": [{**asdict(r), "weight": round(r.weight, 4)} for r in kind.reasons],
            "trajectory": [{"turn_index": m.turn_index, "agitated": round(m.agitated, 4)} for m in kind.trajectory],
        },
        "special_customer": list(evaluation.special_customer),
        "complaint": {
            "present": evaluation.complaint.present,
            "begins_turn": evaluation.complaint.begins_turn,
            "category": evaluation.complaint.category,
        },
        "results": [_result(result, lessons.get(result.criterion_id)) for result in evaluation.results],
        "score": evaluation.score,
        "score_low": evaluation.score_low,
        "score_high": evaluation.score_high,
        "score_before_fatal": evaluation.score_before_fatal,
        "fatal_failed": list(evaluation.fatal_failed),
        "passed": evaluation.passed,
        "style": {
            **asdict(evaluation.style),
            "procedure_from": list(evaluation.style.procedure_from),
            "warmth_from": list(evaluation.style.warmth_from),
        },
        **derived_parts(evaluation.derived or _NOTHING),
        "flags": list(evaluation.flags),
        "measures": _rounded(evaluation.measures),
        "turns": [
            {
                "index": turn.index,
                "role": turn.role,
                "role_confidence": round(turn.role_confidence, 3),
                "start_s": _seconds(turn.start_s),
                "end_s": _seconds(turn.end_s),
                "text": turn.text,
                "suspect": turn.suspect or None,
            }
            for turn in evaluation.turns
        ],
        "warnings": list(evaluation.warnings),
        "provenance": {
            **asdict(evaluation.provenance),
            "created_at": evaluation.provenance.created_at.isoformat(),
        },
    }


def masked(record: Record) -> Record:
    """Return a copy of a record with personal numbers masked in every text (qa.privacy)."""
    kind, recording = record["customer_type"], record["recording"]
    metadata = {name: mask(value) for name, value in recording["metadata"].items()}
    # Records of older versions lack some parts.
    psychology = record.get("complaint_psychology")
    return {
        **record,
        "recording": {**recording, "metadata": metadata},
        "customer_type": {**kind, "reasons": [_hide(reason, "quote") for reason in kind["reasons"]]},
        "results": [_masked_result(result) for result in record["results"]],
        "turns": [_hide(turn, "text") for turn in record["turns"]],
        **({"complaint_psychology": masked_psychology(psychology)} if psychology else {}),
    }


def _masked_result(result: Record) -> Record:
    lesson = result.get("lesson")
    return {
        **_hide(result, "explanation"),
        "evidence": [_hide(item, "quote") for item in result["evidence"]],
        **({"lesson": masked_lesson(lesson)} if lesson else {}),
    }


def _hide(part: Record, key: str) -> Record:
    return {**part, key: mask(part[key])}


def _recording(recording: Recording) -> Record:
    return {
        "id": recording.id,
        "path": recording.path,
        "duration_s": _seconds(recording.duration_s),
        "sample_rate_hz": recording.sample_rate_hz,
        "channels": recording.channels,
        "started_at": recording.started_at.isoformat() if recording.started_at else None,
        "agent_id": recording.agent_id,
        "queue": recording.queue,
        "direction": recording.direction,
        "metadata": dict(recording.metadata),
    }


def _result(result: CriterionResult, lesson: Lesson | None) -> Record:
    evidence = [_evidence(item) for finding in result.findings for item in finding.evidence]
    return {
        "criterion_id": result.criterion_id,
        "verdict": result.verdict,
        "points_awarded": round(result.points_awarded, 2),
        "points_possible": round(result.points_possible, 2),
        "evidence": evidence,
        "confidence": round(result.findings[0].confidence, 3) if result.findings else None,
        "operator": result.findings[0].operator if result.findings else None,
        "explanation": result.explanation,
        "lesson": lesson_part(lesson) if lesson else None,
    }


def _evidence(item: Evidence) -> Record:
    return {
        "turn_index": item.turn_index,
        "start_s": _seconds(item.start_s),
        "end_s": _seconds(item.end_s),
        "quote": item.quote,
        "match": item.match,
        "confidence": round(item.confidence, 3),
        "char_start": item.char_start,
        "char_end": item.char_end,
    }


def _seconds(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _rounded(values: Mapping[str, float | None]) -> dict[str, float | None]:
    return {name: None if value is None else round(value, 4) for name, value in values.items()}
