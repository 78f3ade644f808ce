"""What follows from the findings of a call: flows, the seven elements, outlooks, the register, and what to learn.

Verdicts are those of findings. A field is None where nothing applies or nothing can be told honestly.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from qa.bilingual import Bilingual

Verdict = Literal["met", "not_met", "late", "not_applicable", "undetermined"]
ElementsOutlook = Literal["resentment_removed", "not_guaranteed", "may_not_return", "enemy_made"]
ExpectationOutlook = Literal["below", "met", "exceeded"]
PsychologyKind = Literal["seeks_respect", "seeks_compensation", "seeks_venting", "hostile"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a flow, or one of the seven elements; `turn_index` is where it was done, where that is known."""

    id: str
    title: Bilingual
    verdict: Verdict
    criteria: tuple[str, ...]
    turn_index: int | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """Coverage and order of a flow.

    `counted` steps are met, late or not_met; `done` are met or late; `unsure` are undetermined and not counted.
    `coverage` is done / counted. `ordered` is None with fewer than two steps that have a place.
    """

    title: Bilingual
    source: Bilingual
    steps: tuple[Step, ...]
    done: int
    counted: int
    unsure: int
    coverage: float | None
    ordered: bool | None
    out_of_order: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SevenElements:
    """The seven elements of document 002: how many are met, at least and at most, and the document's outlook."""

    elements: tuple[Step, ...]
    met: int
    most: int
    outlook: ElementsOutlook | None
    text: Bilingual


@dataclass(frozen=True, slots=True)
class OutlookReason:
    """Why an expectation is missed or passed. `code` is stable; `speaks_for` is the outlook it speaks for."""

    code: str
    speaks_for: ExpectationOutlook
    turn_index: int | None
    text: Bilingual


@dataclass(frozen=True, slots=True)
class Expectation:
    """Service against what the customer expected (documents 000 and 002)."""

    outlook: ExpectationOutlook | None
    reasons: tuple[OutlookReason, ...]
    text: Bilingual


@dataclass(frozen=True, slots=True)
class DeEscalation:
    """Agitation, 0-1, at the customer's worst turn and at the end (mean of the last turns)."""

    worst_turn: int
    worst: float
    end: float
    calmer: bool
    text: Bilingual


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a complaint's handling: a stable state, and where the call shows it."""

    state: str
    turn_index: int | None = None
    start_s: float | None = None


@dataclass(frozen=True, slots=True)
class ComplaintEntry:
    """A line of the complaint register (document 004), with the due times of document 003 where the date is known."""

    category: str | None
    begins_turn: int | None
    begins_s: float | None
    begins_at: datetime | None
    recorded: Stage
    first_handling: Stage
    first_reply_due: datetime | None
    result_due: datetime | None
    escalation: Stage
    feedback: Stage
    follow_up: Stage


@dataclass(frozen=True, slots=True)
class Cue:
    """Words of the customer that show what they seek."""

    turn_index: int
    quote: str


@dataclass(frozen=True, slots=True)
class Psychology:
    """What the complaining customer seeks (document 001), its advice, and whether the agent followed it."""

    kind: PsychologyKind
    cues: tuple[Cue, ...]
    advice: Bilingual
    source: Bilingual
    followed: Verdict


@dataclass(frozen=True, slots=True)
class Derived:
    """Everything that follows from the findings of one call. `flows` has every flow of the form; None: not for it."""

    flows: Mapping[str, Flow | None]
    seven_elements: SevenElements | None
    expectation: Expectation | None
    de_escalation: DeEscalation | None
    register: ComplaintEntry | None
    psychology: Psychology | None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule comes from: the training document's number (or "scorecard") and its row."""

    document: str
    row: Bilingual


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """The call scored again with one verdict changed to met."""

    points_kept: float
    score: float | None
    score_before_fatal: float | None
    passed: bool | None


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lost point to learn from: the sentence, its time, the rule's source and what would have kept the points.

    `before_s` and `before_turn` are the latest moment that would still have counted, where the rule has one.
    """

    criterion_id: str
    points_lost: float
    turn_index: int | None
    start_s: float | None
    end_s: float | None
    quote: str
    before_turn: int | None
    before_s: float | None
    sources: tuple[Source, ...]
    instead: Counterfactual
    text: Bilingual
