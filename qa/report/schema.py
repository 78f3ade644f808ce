"""The JSON Schema of a record, generated from these models into docs/evaluation.schema.json.

Readers may rely on it; qa.record writes it. Within one schema version keys are only added.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from qa.conversation import Role
from qa.evaluation import MatchKind, Quadrant, Verdict
from qa.report.derived_schema import (
    DeEscalationPart,
    ElementsPart,
    EntryPart,
    ExpectationPart,
    FlowPart,
    LessonPart,
    PsychologyPart,
)
from qa.report.schema_part import Part, Points, Seconds, Share, TurnIndex


class RecordingPart(Part):
    """The file and what the manifest says of it; `id` is the sha256 of its bytes."""

    id: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    path: str
    duration_s: Seconds | None
    sample_rate_hz: int | None
    channels: int | None
    started_at: datetime | None
    agent_id: str | None
    queue: str | None
    direction: str | None
    metadata: dict[str, str]


class ScorecardPart(Part):
    """The form that judged the call."""

    id: str
    version: str


class ReasonPart(Part):
    """A turn or cue that moved the customer type; weight > 0 speaks for the label."""

    cue: str
    weight: float
    turn_index: TurnIndex | None
    quote: str


class MoodPart(Part):
    """How agitated one customer turn sounds by its words."""

    turn_index: TurnIndex
    agitated: Share


class CustomerTypePart(Part):
    """The customer type; when abstained the label is only the likeliest guess."""

    label: str
    probabilities: dict[str, Share]
    abstained: bool
    model_id: str
    reasons: list[ReasonPart]
    trajectory: list[MoodPart] = Field(default_factory=list)


class ComplaintPart(Part):
    """Whether the customer complains, from which turn and about what."""

    present: bool
    begins_turn: TurnIndex | None
    category: str | None


class EvidencePart(Part):
    """Words in a turn; char_start and char_end are offsets in the turn's text, half-open."""

    turn_index: TurnIndex
    start_s: Seconds | None
    end_s: Seconds | None
    quote: str
    match: MatchKind
    confidence: Share
    char_start: int | None
    char_end: int | None


class ResultPart(Part):
    """One criterion. For a forbidden one not_met means that the forbidden thing was said."""

    criterion_id: str
    verdict: Verdict
    points_awarded: Points
    points_possible: Points
    evidence: list[EvidencePart]
    confidence: Share | None
    operator: str | None
    explanation: str
    lesson: LessonPart | None = None


class StylePart(Part):
    """Service style: shares of the points for procedure and warmth, and the criteria they rest on."""

    procedure: Share | None
    warmth: Share | None
    quadrant: Quadrant | None
    procedure_from: list[str] = Field(default_factory=list)
    warmth_from: list[str] = Field(default_factory=list)


class TurnPart(Part):
    """One speaker's say; `suspect` names why a text is not trusted, or is null."""

    index: TurnIndex
    role: Role
    role_confidence: Share
    start_s: Seconds | None
    end_s: Seconds | None
    text: str
    suspect: str | None


class ProvenancePart(Part):
    """What made this result."""

    code_version: str
    engine: str
    engine_model: str
    scorecard_digest: str
    customer_type_model: str
    configuration_digest: str
    created_at: datetime


class EvaluationRecord(Part):
    """One scored call. Scores are 0–100, null where nothing could be judged.

    Keys that are not required were added later; records of older versions lack them.
    """

    schema_name: Annotated[Literal["callgrade.evaluation.v1"], Field(alias="schema")]
    id: str
    recording: RecordingPart
    language: str
    scorecard: ScorecardPart
    customer_type: CustomerTypePart
    special_customer: list[str]
    complaint: ComplaintPart
    results: list[ResultPart]
    score: Points | None
    score_low: Points | None
    score_high: Points | None
    score_before_fatal: Points | None
    fatal_failed: list[str]
    passed: bool | None
    style: StylePart
    flows: dict[str, FlowPart | None] = Field(default_factory=dict)
    seven_elements: ElementsPart | None = None
    expectation: ExpectationPart | None = None
    de_escalation: DeEscalationPart | None = None
    complaint_register: EntryPart | None = None
    complaint_psychology: PsychologyPart | None = None
    flags: list[str]
    measures: dict[str, float | None]
    turns: list[TurnPart]
    warnings: list[str]
    provenance: ProvenancePart


def evaluation_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of one record."""
    schema = EvaluationRecord.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
