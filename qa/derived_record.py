"""Derived judgements and lessons as parts of the public JSON; see qa.record."""

from typing import Any

from qa.bilingual import Bilingual
from qa.derived import (
    ComplaintEntry,
    DeEscalation,
    Derived,
    Expectation,
    Flow,
    Lesson,
    Psychology,
    SevenElements,
    Source,
    Stage,
    Step,
)
from qa.privacy import mask

Part = dict[str, Any]


def derived_parts(derived: Derived) -> Part:
    """The record's keys of all derived judgements; null where nothing applies."""
    return {
        "flows": {name: flow and _flow(flow) for name, flow in derived.flows.items()},
        "seven_elements": derived.seven_elements and _elements(derived.seven_elements),
        "expectation": derived.expectation and _expectation(derived.expectation),
        "de_escalation": derived.de_escalation and _calming(derived.de_escalation),
        "complaint_register": derived.register and _entry(derived.register),
        "complaint_psychology": derived.psychology and _psychology(derived.psychology),
    }


def lesson_part(lesson: Lesson) -> Part:
    """The lesson of one result."""
    return {
        "points_lost": lesson.points_lost,
        "turn_index": lesson.turn_index,
        "start_s": _seconds(lesson.start_s),
        "end_s": _seconds(lesson.end_s),
        "quote": lesson.quote,
        "before_turn": lesson.before_turn,
        "before_s": _seconds(lesson.before_s),
        "sources": [_source(source) for source in lesson.sources],
        "instead": {
            "points_kept": lesson.instead.points_kept,
            "score": lesson.instead.score,
            "score_before_fatal": lesson.instead.score_before_fatal,
            "passed": lesson.instead.passed,
        },
        "text": both(lesson.text),
    }


def masked_lesson(lesson: Part) -> Part:
    """A lesson with personal numbers masked in all that was said."""
    text = {language: mask(words) for language, words in lesson["text"].items()}
    return {**lesson, "quote": mask(lesson["quote"]), "text": text}


def masked_psychology(part: Part) -> Part:
    """The customer's words with personal numbers masked."""
    return {**part, "cues": [{**cue, "quote": mask(cue["quote"])} for cue in part["cues"]]}


def both(text: Bilingual) -> dict[str, str]:
    """A text in both languages."""
    return {"en": text.en, "zh": text.zh}


def _flow(flow: Flow) -> Part:
    return {
        "title": both(flow.title),
        "source": both(flow.source),
        "steps": [_step(step) for step in flow.steps],
        "done": flow.done,
        "counted": flow.counted,
        "unsure": flow.unsure,
        "coverage": flow.coverage,
        "ordered": flow.ordered,
        "out_of_order": list(flow.out_of_order),
    }


def _step(step: Step) -> Part:
    return {
        "id": step.id,
        "title": both(step.title),
        "verdict": step.verdict,
        "criteria": list(step.criteria),
        "turn_index": step.turn_index,
    }


def _elements(elements: SevenElements) -> Part:
    return {
        "elements": [_step(step) for step in elements.elements],
        "met": elements.met,
        "most": elements.most,
        "outlook": elements.outlook,
        "text": both(elements.text),
    }


def _expectation(expectation: Expectation) -> Part:
    return {
        "outlook": expectation.outlook,
        "reasons": [
            {"code": each.code, "speaks_for": each.speaks_for, "turn_index": each.turn_index, "text": both(each.text)}
            for each in expectation.reasons
        ],
        "text": both(expectation.text),
    }


def _calming(calming: DeEscalation) -> Part:
    return {
        "worst_turn": calming.worst_turn,
        "worst": calming.worst,
        "end": calming.end,
        "calmer": calming.calmer,
        "text": both(calming.text),
    }


def _entry(entry: ComplaintEntry) -> Part:
    def moment(name: str) -> str | None:
        value = getattr(entry, name)
        return value.isoformat(timespec="seconds") if value else None

    stages = ("recorded", "first_handling", "escalation", "feedback", "follow_up")
    return {
        "category": entry.category,
        "begins_turn": entry.begins_turn,
        "begins_s": _seconds(entry.begins_s),
        "begins_at": moment("begins_at"),
        "first_reply_due": moment("first_reply_due"),
        "result_due": moment("result_due"),
        **{name: _stage(getattr(entry, name)) for name in stages},
    }


def _stage(stage: Stage) -> Part:
    return {"state": stage.state, "turn_index": stage.turn_index, "start_s": _seconds(stage.start_s)}


def _psychology(found: Psychology) -> Part:
    return {
        "kind": found.kind,
        "cues": [{"turn_index": cue.turn_index, "quote": cue.quote} for cue in found.cues],
        "advice": both(found.advice),
        "source": both(found.source),
        "followed": found.followed,
    }


def _source(source: Source) -> Part:
    return {"document": source.document, "row": both(source.row)}


def _seconds(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
