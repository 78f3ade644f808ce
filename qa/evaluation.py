"""Judgements about a call. Findings point at turns by index, so facts stay free of opinion."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from qa.conversation import Recording, Turn
from qa.derived import Derived, Lesson
from qa.derived import Verdict as Verdict  # noqa: PLC0414 (part of this module too)

VERDICTS: tuple[Verdict, ...] = ("met", "not_met", "late", "not_applicable", "undetermined")
MatchKind = Literal["exact", "homophone", "similar", "model", "regex", "measure", "place"]
"""`place` points at the turn where something missing should have been said."""
CUSTOMER_TYPES = ("demanding", "confused", "agitated")
Quadrant = Literal["cold", "factory", "friendly_zoo", "quality"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words in a turn that a person can click and hear; `char_start` and `char_end` are offsets in the turn's text."""

    turn_index: int
    start_s: float | None
    end_s: float | None
    quote: str
    match: MatchKind
    confidence: float = 1.0
    char_start: int | None = None
    char_end: int | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """The latest moment at which something would have been in time: in this turn, and by this second where known."""

    turn_index: int
    time_s: float | None


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule said about one criterion. `operator` is a versioned name such as "phrase_said.v1".

    `deadline` is set where something is late or missing and its rule has a latest moment.
    """

    criterion_id: str
    verdict: Verdict
    operator: str
    confidence: float
    evidence: tuple[Evidence, ...]
    explanation: str
    deadline: Deadline | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """A turn or cue that moved the customer-type decision; `weight` > 0 speaks for the label."""

    cue: str
    weight: float
    turn_index: int | None = None
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Mood:
    """How agitated one customer turn sounds by its words alone, 0-1."""

    turn_index: int
    agitated: float


@dataclass(frozen=True, slots=True)
class CustomerType:
    """Label with calibrated probabilities (sum 1). When `abstained` the label is only the likeliest guess.

    `trajectory` has the customer's turns in order; empty where no model reads the language.
    """

    label: str
    probabilities: dict[str, float]
    abstained: bool
    model_id: str
    reasons: tuple[Reason, ...] = ()
    trajectory: tuple[Mood, ...] = ()


@dataclass(frozen=True, slots=True)
class Complaint:
    """Whether the customer complains, from which turn, and about what (seed 004)."""

    present: bool
    begins_turn: int | None = None
    category: str | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """A criterion with the points it gave. Possible points are 0 where it does not apply."""

    criterion_id: str
    verdict: Verdict
    points_awarded: float
    points_possible: float
    findings: tuple[Finding, ...]
    explanation: str


@dataclass(frozen=True, slots=True)
class Style:
    """Service style: procedure and warmth, both 0–1 (seed 000: four service styles), and the criteria they rest on."""

    procedure: float | None
    warmth: float | None
    quadrant: Quadrant | None
    procedure_from: tuple[str, ...] = ()
    warmth_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Provenance:
    """Everything needed to explain an old result."""

    code_version: str
    engine: str
    engine_model: str
    scorecard_digest: str
    customer_type_model: str
    configuration_digest: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One scored call. Scores are 0–100; None where nothing could be judged."""

    id: str
    recording: Recording
    language: str
    scorecard_id: str
    scorecard_version: str
    customer_type: CustomerType
    special_customer: tuple[str, ...]
    complaint: Complaint
    results: tuple[CriterionResult, ...]
    score: float | None
    score_low: float | None
    score_high: float | None
    score_before_fatal: float | None
    fatal_failed: tuple[str, ...]
    passed: bool | None
    style: Style
    flags: tuple[str, ...]
    measures: Mapping[str, float | None]
    turns: tuple[Turn, ...]
    provenance: Provenance
    warnings: tuple[str, ...] = ()
    derived: Derived | None = None
    lessons: tuple[Lesson, ...] = ()


@dataclass(frozen=True, slots=True)
class Revision:
    """A person's change; append-only. The current value is derived, labels come from here."""

    evaluation_id: str
    field: str
    old: str | None
    new: str | None
    author: str
    reason: str
    made_at: datetime
