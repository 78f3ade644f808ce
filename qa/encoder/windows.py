"""A call as rows of tokens: <s>, then each turn's pieces and </s>. Long calls become windows that share turns."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from qa.conversation import Turn
from qa.shadow import shadow

WINDOWS_VERSION = 1  # raise when the code below changes what a window holds
LONGEST_WINDOW = 320
LONGEST_TURN = 110
SHARED_TURNS = 3
_LONGEST_TEXT = 600
_BEGIN, _END = 0, 2
_LINK = re.compile(r"https?://\S+|www\.\S+")
_HANDLE = re.compile(r"@\w+")
_SPACES = re.compile(r"\s+")


class Pieces(Protocol):
    """Cuts text into token numbers, many texts at once."""

    def cut(self, texts: Sequence[str]) -> list[list[int]]:
        """Token numbers of each text."""
        ...


@dataclass(frozen=True, slots=True)
class Window:
    """`ids` and `roles` (0 agent, 1 customer) by token; `spans` (begin, end) of `places`, the call's trusted turns.

    A turn's end token is the </s> after it. `fresh` is the first place whose answer is taken from this window.
    """

    ids: tuple[int, ...]
    roles: tuple[int, ...]
    places: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]
    fresh: int


def reading(text: str, language: str) -> str:
    """What the encoder is shown of a turn's text."""
    plain = shadow(text[:_LONGEST_TEXT], language=language)
    return _SPACES.sub(" ", _HANDLE.sub("@", _LINK.sub("#", plain))).strip() or "?"


def trusted(turns: Sequence[Turn]) -> list[Turn]:
    """Turns of agent and customer that are not marked suspect and not empty."""
    return [turn for turn in turns if turn.role in ("agent", "customer") and not turn.suspect and turn.text.strip()]


def windows(pieces: Sequence[Sequence[int]], customers: Sequence[bool]) -> list[Window]:
    """Windows over a call's trusted turns, given each turn's pieces and whether the customer speaks."""
    cut = [list(each)[:LONGEST_TURN] for each in pieces]
    found: list[Window] = []
    begin = fresh = 0
    while begin < len(cut):
        end, size = begin, 1
        while end < len(cut) and (end <= fresh or size + len(cut[end]) + 1 <= LONGEST_WINDOW):
            size += len(cut[end]) + 1
            end += 1
        found.append(_window(cut, customers, begin, end, fresh))
        if end >= len(cut):
            break
        fresh = end
        begin = max(end - SHARED_TURNS, begin + 1)
    return found


def _window(cut: Sequence[Sequence[int]], customers: Sequence[bool], begin: int, end: int, fresh: int) -> Window:
    ids, roles, spans = [_BEGIN], [0], []
    for place in range(begin, end):
        start = len(ids)
        ids += [*cut[place], _END]
        roles += [int(customers[place])] * (len(cut[place]) + 1)
        spans.append((start, len(ids) - 1))
    return Window(tuple(ids), tuple(roles), tuple(range(begin, end)), tuple(spans), fresh)


def windows_digest() -> str:
    """sha256 (hex) of how calls are shown to the network; a trained network fits one way only."""
    parts = [WINDOWS_VERSION, LONGEST_WINDOW, LONGEST_TURN, SHARED_TURNS, _LONGEST_TEXT, _LINK.pattern, _HANDLE.pattern]
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()
