"""The parts of a record's schema that follow from findings: flows, outlooks, register, lessons."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from qa.derived import ElementsOutlook, ExpectationOutlook, PsychologyKind, Verdict
from qa.report.schema_part import Part, Points, Seconds, Share, Texts, TurnIndex

Count = Annotated[int, Field(ge=0)]


class StepPart(Part):
    """One step or element; turn_index is where it was done, where that is known."""

    id: str
    title: Texts
    verdict: Verdict
    criteria: list[str]
    turn_index: TurnIndex | None


class FlowPart(Part):
    """A flow: `counted` steps are met, late or not_met, `done` are met or late; ordered is null with fewer than two."""

    title: Texts
    source: Texts
    steps: list[StepPart]
    done: Count
    counted: Count
    unsure: Count
    coverage: Share | None
    ordered: bool | None
    out_of_order: list[str]


class ElementsPart(Part):
    """The seven elements: met at least and at most; outlook null where what is undetermined could change it."""

    elements: list[StepPart]
    met: Count
    most: Count
    outlook: ElementsOutlook | None
    text: Texts


class OutlookReasonPart(Part):
    """Why: a criterion's id, or seven_elements, or de_escalation."""

    code: str
    speaks_for: ExpectationOutlook
    turn_index: TurnIndex | None
    text: Texts


class ExpectationPart(Part):
    """Service against expectation; null where what was needed could not be judged."""

    outlook: ExpectationOutlook | None
    reasons: list[OutlookReasonPart]
    text: Texts


class DeEscalationPart(Part):
    """Agitation at the customer's worst turn and at the end."""

    worst_turn: TurnIndex
    worst: Share
    end: Share
    calmer: bool
    text: Texts


class StagePart(Part):
    """A stage of a complaint's handling, as far as the call shows it."""

    state: Literal[
        "done", "promised", "given", "missing", "undetermined", "not_judged", "escalated", "asked_for", "none"
    ]
    turn_index: TurnIndex | None
    start_s: Seconds | None


class EntryPart(Part):
    """A line of the complaint register; times are null where the recording's start is not known."""

    category: str | None
    begins_turn: TurnIndex | None
    begins_s: Seconds | None
    begins_at: datetime | None
    first_reply_due: datetime | None
    result_due: datetime | None
    recorded: StagePart
    first_handling: StagePart
    escalation: StagePart
    feedback: StagePart
    follow_up: StagePart


class CuePart(Part):
    """Words of the customer."""

    turn_index: TurnIndex
    quote: str


class PsychologyPart(Part):
    """What the complaining customer seeks, the document's advice, and whether it was followed."""

    kind: PsychologyKind
    cues: list[CuePart]
    advice: Texts
    source: Texts
    followed: Verdict


class SourcePart(Part):
    """A training document's number, or "scorecard", and the row."""

    document: str
    row: Texts


class InsteadPart(Part):
    """The call scored again with this one verdict met."""

    points_kept: Points
    score: Points | None
    score_before_fatal: Points | None
    passed: bool | None


class LessonPart(Part):
    """Lost points: the sentence, its time, the source, and what would have kept them, at the latest before_*."""

    points_lost: Points
    turn_index: TurnIndex | None
    start_s: Seconds | None
    end_s: Seconds | None
    quote: str
    before_turn: TurnIndex | None
    before_s: Seconds | None
    sources: list[SourcePart]
    instead: InsteadPart
    text: Texts
