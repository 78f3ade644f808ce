"""Which channel (or label) is the agent, told from what is said on each."""

import math
from collections.abc import Hashable, Sequence
from typing import TypeVar

from qa.diarization.cues import agent_cue, is_greeting

Speaker = TypeVar("Speaker", bound=Hashable)

SURE_ENOUGH = 0.7
_FIRST_GREETING = 1.5
_SCALE = 2.5


def find_agent(turns: Sequence[tuple[Speaker, str]], *, language: str) -> tuple[Speaker | None, float]:
    """Return the speaker who is the agent, with a confidence of 0.5–1, from (speaker, text) turns in order.

    One speaker alone is judged by his own words and may be nobody we know: then None.
    """
    if not turns:
        return None, 0.5
    totals: dict[Speaker, float] = {}
    lengths: dict[Speaker, int] = {}
    for speaker, text in turns:
        totals[speaker] = totals.get(speaker, 0.0) + agent_cue(text, language=language)
        lengths[speaker] = lengths.get(speaker, 0) + 1
    opening, text = turns[0]
    if is_greeting(text, language=language):
        totals[opening] += _FIRST_GREETING
    # A long call repeats its cues, which are not independent.
    score = {speaker: total / math.sqrt(max(lengths[speaker], 1)) for speaker, total in totals.items()}
    ranked = sorted(score, key=lambda speaker: score[speaker], reverse=True)
    if len(ranked) == 1:
        lead = score[ranked[0]]
        return (ranked[0] if lead > 0 else None), _sigmoid(abs(lead))
    return ranked[0], _sigmoid(score[ranked[0]] - score[ranked[1]])


def _sigmoid(lead: float) -> float:
    return 1.0 / (1.0 + math.exp(-lead / _SCALE))
