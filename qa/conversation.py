"""Facts: what was recorded and said. Nothing here judges.

Times are seconds from the start of the recording, half-open [start_s, end_s); None where a ready transcript
has no times. Probabilities are 0–1. Stored text is never rewritten; see qa.shadow for the matching copy.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Role = Literal["agent", "customer", "system", "unknown"]
ROLES: tuple[Role, ...] = ("agent", "customer", "system", "unknown")


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of speech activity on one channel."""

    channel: int
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Recording:
    """One recorded call or ready transcript; `id` is the sha256 of the file's bytes (hex)."""

    id: str
    path: str
    duration_s: float | None
    sample_rate_hz: int | None = None
    channels: int | None = None
    started_at: datetime | None = None
    agent_id: str | None = None
    queue: str | None = None
    direction: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Word:
    """A recognised word (a character or short run in Chinese) with its time and probability."""

    text: str
    start_s: float
    end_s: float
    probability: float


@dataclass(frozen=True, slots=True)
class Segment:
    """Recognised text of one channel. `suspect` names why it is not trusted, or is empty.

    Reasons: "silence" (text where nobody speaks), "loop", "subtitle" (stock phrase), "copied" (same on both channels).
    `speaker` is a role name from a ready transcript, a diarization label, or None.
    """

    channel: int
    start_s: float | None
    end_s: float | None
    text: str
    words: tuple[Word, ...] = ()
    speaker: str | None = None
    suspect: str = ""


@dataclass(frozen=True, slots=True)
class Engine:
    """What produced a transcript; `options_digest` is a sha256 of its settings."""

    name: str
    model: str = ""
    version: str = ""
    options_digest: str = ""


@dataclass(frozen=True, slots=True)
class Transcript:
    """Text of a whole recording before roles are known. `warnings` are sentences for the report."""

    language: str
    segments: tuple[Segment, ...]
    engine: Engine
    activity: tuple[Interval, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """One speaker's uninterrupted say. `index` is its place in `Conversation.turns`."""

    index: int
    role: Role
    text: str
    start_s: float | None = None
    end_s: float | None = None
    channel: int = 0
    role_confidence: float = 1.0
    words: tuple[Word, ...] = ()
    suspect: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A call as turns with roles. `activity` is empty for ready transcripts."""

    recording: Recording
    language: str
    turns: tuple[Turn, ...]
    engine: Engine
    activity: tuple[Interval, ...] = ()
    warnings: tuple[str, ...] = ()

    def said_by(self, role: Role) -> tuple[Turn, ...]:
        """Trusted turns of one role, in order."""
        return tuple(turn for turn in self.turns if turn.role == role and not turn.suspect)
