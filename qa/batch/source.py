"""One call to score, as found in a folder or named by a manifest."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

SourceKind = Literal["recording", "transcript"]


@dataclass(frozen=True, slots=True)
class CallMetadata:
    """What the manifest says of a call. `agent_channel` is 0 (left) or 1 (right); `extra` keeps other columns."""

    started_at: datetime | None = None
    agent_id: str | None = None
    queue: str | None = None
    direction: str | None = None
    agent_channel: int | None = None
    ring_s: float | None = None
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CallSource:
    """A file to score. `reference` is a ready transcript to use instead of recognising the recording, if asked."""

    path: Path
    kind: SourceKind
    metadata: CallMetadata = CallMetadata()
    reference: Path | None = None
