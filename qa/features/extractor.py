"""All measures of one conversation in one row."""

from qa.conversation import Conversation
from qa.features.language import language_measures
from qa.features.table import NAMES, SCHEMA_VERSION, Features
from qa.features.timing import timing


def extract(conversation: Conversation) -> Features:
    """Measure a conversation. Every name of `qa.features.table.NAMES` is present; unknown values are None."""
    values: dict[str, float | None] = dict.fromkeys(NAMES)
    values["call_length_s"] = conversation.recording.duration_s
    values.update(timing(conversation))
    values.update(language_measures(conversation))
    ring = conversation.recording.metadata.get("ring_s", "")
    trusted = [turn for turn in conversation.turns if not turn.suspect]
    timed = sum(turn.start_s is not None for turn in trusted)
    values["timed_turn_ratio"] = timed / len(trusted) if trusted else None
    values["ring_s"] = _number(ring)
    return Features(SCHEMA_VERSION, values)


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value < 3600 else None
