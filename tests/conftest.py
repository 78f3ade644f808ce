"""Builders that many tests share."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from qa.conversation import Conversation, Engine, Recording, Turn

SAMPLES = Path(__file__).parent.parent / "samples"


def conversation_of(
    said: Sequence[tuple[str, str] | tuple[str, str, float, float]], *, language: str = "zh"
) -> Conversation:
    """A conversation from (role, text) or (role, text, start_s, end_s) rows; agent on channel 0, customer on 1."""
    turns = []
    for index, row in enumerate(said):
        start_s, end_s = (row[2], row[3]) if len(row) == 4 else (None, None)
        channel = 0 if row[0] == "agent" else 1
        turns.append(Turn(index, row[0], row[1], start_s, end_s, channel))  # type: ignore[arg-type]
    duration = max((turn.end_s or 0 for turn in turns), default=0.0) or None
    recording = Recording(id="0" * 64, path="call.json", duration_s=duration)
    return Conversation(recording, language, tuple(turns), Engine("replay"))


@pytest.fixture
def make_conversation() -> Callable[..., Conversation]:
    """Factory of conversations from rows."""
    return conversation_of


@pytest.fixture
def samples() -> Path:
    """Folder of the sample recordings."""
    return SAMPLES
