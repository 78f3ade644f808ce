"""Measures in time: silence, overlap, interruptions, response delay (catalogue D)."""

import itertools
from collections.abc import Iterable, Sequence

from qa.conversation import Conversation, Role, Turn
from qa.features.table import NAMES

DEAD_AIR_S = 8.0
"""A silence this long is dead air: the usual threshold of commercial systems lies between 5 and 10 s."""
TALK_OVER_S = 0.5
"""Shorter overlaps are backchannels and turn changes."""
INTERRUPTION_S = 0.5

TIMED = ("dead_air", "longest", "silence", "talk_over", "agent_inter", "customer_inter", "mean_response")
"""How the names of the measures made here begin."""

Span = tuple[float, float]
_SPEAKERS: tuple[Role, ...] = ("agent", "customer", "unknown")


def timing(conversation: Conversation) -> dict[str, float | None]:
    """All time measures; every value None when the turns have no times."""
    turns = [turn for turn in conversation.turns if not turn.suspect and turn.start_s is not None]
    names = [name for name in NAMES if name.startswith(TIMED)]
    if not turns:
        return dict.fromkeys(names)
    agent, customer = speech_spans(conversation, "agent"), speech_spans(conversation, "customer")
    everyone = _everyone(conversation)
    length = conversation.recording.duration_s or (everyone[-1][1] if everyone else 0.0)
    dead = [gap for gap in map(_length, _between(everyone)) if gap >= DEAD_AIR_S]
    both = overlaps(agent, customer)
    spoken = sum(end - start for start, end in everyone)
    two_sided = bool(agent and customer)
    return {
        "dead_air_count": float(len(dead)),
        "longest_dead_air_s": max(dead, default=0.0),
        "silence_ratio": max(0.0, 1 - spoken / length) if length else None,
        "talk_over_count": float(sum(1 for span in both if _length(span) >= TALK_OVER_S)) if two_sided else None,
        "talk_over_s": sum(map(_length, both)) if two_sided else None,
        "agent_interruption_count": _interruptions(turns, "agent") if two_sided else None,
        "customer_interruption_count": _interruptions(turns, "customer") if two_sided else None,
        "mean_response_delay_s": _response_delay(turns),
    }


def silences(conversation: Conversation) -> list[Span]:
    """Spans inside the call in which nobody speaks, in order."""
    return _between(_everyone(conversation))


def response_gaps(conversation: Conversation) -> list[Span]:
    """From the end of each customer turn to the agent's answer right after it; of length 0 where they overlap."""
    turns = [turn for turn in conversation.turns if not turn.suspect and turn.start_s is not None]
    return _response_gaps(turns)


def _everyone(conversation: Conversation) -> list[Span]:
    return merge(span for role in _SPEAKERS for span in speech_spans(conversation, role))


def _between(spans: Sequence[Span]) -> list[Span]:
    return [(earlier[1], later[0]) for earlier, later in itertools.pairwise(spans)]


def speech_spans(conversation: Conversation, role: Role) -> list[Span]:
    """Merged spans in which one role speaks: speech activity of its channel where one role owns it, else turns."""
    turns = [t for t in conversation.turns if t.role == role and not t.suspect]
    own = {turn.channel for turn in turns}
    shared = {turn.channel for turn in conversation.turns if turn.role != role and not turn.suspect}
    if conversation.activity and own and not own & shared:
        return merge((i.start_s, i.end_s) for i in conversation.activity if i.channel in own)
    return merge((t.start_s, t.end_s) for t in turns if t.start_s is not None and t.end_s is not None)


def merge(spans: Iterable[Span]) -> list[Span]:
    """Sorted, non-overlapping union of spans."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def overlaps(first: Sequence[Span], second: Sequence[Span]) -> list[Span]:
    """Spans covered by both of two merged span lists."""
    found: list[Span] = []
    here = there = 0
    while here < len(first) and there < len(second):
        start = max(first[here][0], second[there][0])
        end = min(first[here][1], second[there][1])
        if start < end:
            found.append((start, end))
        if first[here][1] <= second[there][1]:
            here += 1
        else:
            there += 1
    return found


def _length(span: Span) -> float:
    return span[1] - span[0]


def _interruptions(turns: Sequence[Turn], role: Role) -> float:
    spans = [
        (turn.role, turn.start_s, turn.end_s)
        for turn in turns
        if turn.role != "unknown" and turn.start_s is not None and turn.end_s is not None
    ]
    others = [(start, end) for speaker, start, end in spans if speaker != role]
    return float(
        sum(
            any(other_start < start < other_end - INTERRUPTION_S for other_start, other_end in others)
            for speaker, start, end in spans
            if speaker == role and end - start >= 2 * INTERRUPTION_S
        )
    )


def _response_gaps(turns: Sequence[Turn]) -> list[Span]:
    return [
        (earlier.end_s, max(earlier.end_s, later.start_s))
        for earlier, later in itertools.pairwise(turns)
        if earlier.role == "customer"
        and later.role == "agent"
        and later.start_s is not None
        and earlier.end_s is not None
    ]


def _response_delay(turns: Sequence[Turn]) -> float | None:
    delays = list(map(_length, _response_gaps(turns)))
    return sum(delays) / len(delays) if delays else None
