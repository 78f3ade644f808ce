"""The names of all measures, with units in the name, and the row that holds their values."""

from collections.abc import Mapping
from dataclasses import dataclass

SCHEMA_VERSION = 1

NAMES: dict[str, str] = {
    "call_length_s": "Length of the recording.",
    "timed_turn_ratio": "Share of turns with a time: 0 in written chats.",
    "agent_turn_count": "Trusted agent turns.",
    "customer_turn_count": "Trusted customer turns.",
    "agent_talk_ratio": "Agent speech / (agent + customer speech), by time, else by characters.",
    "agent_speech_rate_per_min": "Agent characters (zh) or words (en) a minute of agent speech.",
    "customer_speech_rate_per_min": "Customer characters (zh) or words (en) a minute of customer speech.",
    "dead_air_count": "Silences of both sides of 8 s or longer inside the call.",
    "longest_dead_air_s": "Longest such silence, 0 where none.",
    "silence_ratio": "Share of the call in which nobody speaks.",
    "talk_over_count": "Stretches of 0.5 s or longer in which both sides speak.",
    "talk_over_s": "Time in which both sides speak.",
    "agent_interruption_count": "Times the agent starts while the customer is speaking and goes on over them.",
    "customer_interruption_count": "Times the customer starts while the agent is speaking and goes on.",
    "mean_response_delay_s": "Mean pause between a customer turn's end and the agent's answer.",
    "polite_words_ratio": "Share of agent turns with a polite word (您 请 谢谢 …).",
    "ring_s": "Ring time from the manifest, where known.",
}


@dataclass(frozen=True, slots=True)
class Features:
    """Values by name; None where the transcript has no times or a side is missing."""

    schema_version: int
    values: Mapping[str, float | None]

    def get(self, name: str) -> float | None:
        """Value of one measure; unknown names raise KeyError."""
        if name not in NAMES:
            raise KeyError(name)
        return self.values.get(name)
