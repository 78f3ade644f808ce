"""A stored record read back: what was said and measured, and what was judged.

Records keep no word times and probabilities. What rests on them is judged by turns here.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from qa.conversation import Conversation, Engine, Recording, Role, Turn
from qa.errors import TranscriptError
from qa.evaluation import CustomerType, Verdict
from qa.features.table import NAMES, SCHEMA_VERSION, Features

REPLAYED = "replay"


class _Part(BaseModel):
    """Records of other versions have more parts, or fewer of those with a default."""

    model_config = ConfigDict(extra="ignore", frozen=True, allow_inf_nan=False)


class _Turn(_Part):
    role: Role
    text: str
    start_s: float | None = None
    end_s: float | None = None
    role_confidence: float = 1.0
    suspect: str | None = None


class _Recording(_Part):
    id: str
    path: str
    duration_s: float | None = None
    started_at: datetime | None = None
    agent_id: str | None = None
    queue: str | None = None
    direction: str | None = None
    metadata: dict[str, str] = {}


class _CustomerType(_Part):
    label: str
    probabilities: dict[str, float]
    abstained: bool
    model_id: str


class _Result(_Part):
    criterion_id: str
    verdict: Verdict


class _Card(_Part):
    id: str
    version: str


class _Provenance(_Part):
    code_version: str = ""
    engine: str = ""
    scorecard_digest: str = ""


class _Record(_Part):
    id: str
    recording: _Recording
    language: str
    scorecard: _Card
    customer_type: _CustomerType
    results: tuple[_Result, ...]
    score: float | None
    passed: bool | None
    fatal_failed: tuple[str, ...] = ()
    measures: dict[str, float | None] = {}
    turns: tuple[_Turn, ...] = Field(min_length=1)
    warnings: tuple[str, ...] = ()
    provenance: _Provenance = _Provenance()


@dataclass(frozen=True, slots=True)
class Marks:
    """What one scorecard says about one call; `explanations` are empty where they were not read."""

    verdicts: Mapping[str, Verdict]
    score: float | None
    passed: bool | None
    fatal_failed: tuple[str, ...]
    explanations: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StoredEvaluation:
    """One call with all that can be judged again without its sound, and the marks it has."""

    id: str
    conversation: Conversation
    features: Features
    customer_type: CustomerType
    marks: Marks
    scorecard: str
    scorecard_digest: str
    code_version: str

    @property
    def recognised(self) -> bool:
        """True where the text came from sound, so that word probabilities once counted."""
        return self.conversation.engine.name != REPLAYED


def read_stored(text: str, *, path: str) -> StoredEvaluation:
    """Read a record's JSON. Raises TranscriptError naming `path` and the first part that is not as it should be."""
    try:
        record = _Record.model_validate(json.loads(text))
    except ValidationError as error:
        first = error.errors()[0]
        raise _unreadable(path, ".".join(map(str, first["loc"])) or "record", first["msg"]) from None
    except (ValueError, TypeError, RecursionError) as error:
        raise _unreadable(path, "record", str(error)[:200]) from None
    return _evaluation(record)


def _evaluation(record: _Record) -> StoredEvaluation:
    recording: dict[str, Any] = {name: getattr(record.recording, name) for name in _Recording.model_fields}
    turns = tuple(
        Turn(
            place,
            turn.role,
            turn.text,
            turn.start_s,
            turn.end_s,
            role_confidence=turn.role_confidence,
            suspect=turn.suspect or "",
        )
        for place, turn in enumerate(record.turns)
    )
    kind = record.customer_type
    return StoredEvaluation(
        id=record.id,
        conversation=Conversation(
            Recording(**recording), record.language, turns, Engine(record.provenance.engine), warnings=record.warnings
        ),
        features=Features(SCHEMA_VERSION, {name: record.measures.get(name) for name in NAMES}),
        customer_type=CustomerType(kind.label, kind.probabilities, kind.abstained, kind.model_id),
        marks=Marks(
            {result.criterion_id: result.verdict for result in record.results},
            record.score,
            record.passed,
            record.fatal_failed,
            {},
        ),
        scorecard=f"{record.scorecard.id} {record.scorecard.version}",
        scorecard_digest=record.provenance.scorecard_digest,
        code_version=record.provenance.code_version,
    )


def _unreadable(path: str, place: str, why: str) -> TranscriptError:
    return TranscriptError(
        path=path,
        place=place,
        code="bad_record",
        en=f"the stored record cannot be read ({why}); score the call again with --force",
        zh=f"存储的记录无法读取（{why}）；请用 --force 重新评分",
    )
