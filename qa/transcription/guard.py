"""Tells a window whose text cannot be right: far too little of it, or the same thing again and again.

Whisper sometimes ends after the first sentence of a window or falls into a loop, without raising an error.
"""

import re
import zlib
from typing import Literal

Problem = Literal["", "short", "loop"]

# Letters and digits a second of speech (measured: Mandarin calls 3–7, English calls 10–20).
_FLOOR = {"zh": 2.0, "en": 6.0}
_CEILING = {"zh": 12.0, "en": 35.0}
_SHORTEST_CHECKED_S = 3.0
_LONGEST_COMPRESSION = 2.4
_WORD = re.compile(r"[^\W_]", re.UNICODE)
_TOKEN = re.compile(r"[a-z0-9']+|[^\W\d_]|\d", re.UNICODE)


def spoken_characters(text: str) -> int:
    """Letters, digits and Han characters in `text`."""
    return len(_WORD.findall(text))


def window_problem(text: str, speech_s: float, language: str) -> Problem:
    """Return "short", "loop" or "" for the text of `speech_s` seconds of speech."""
    if is_loop(text):
        return "loop"
    rate = spoken_characters(text) / max(speech_s, 0.5)
    if rate > _CEILING.get(language, 35.0):
        return "loop"
    if speech_s >= _SHORTEST_CHECKED_S and rate < _FLOOR.get(language, 0.0):
        return "short"
    return ""


def is_loop(text: str) -> bool:
    """Whether a short run of words is repeated so often, or the text packs so well, that nobody said it."""
    tokens = _TOKEN.findall(text.lower())
    if len(tokens) < 12:
        return _repeats(tokens, size=1, at_least=10)
    data = "".join(tokens).encode()
    if len(tokens) >= 40 and len(data) / len(zlib.compress(data)) > _LONGEST_COMPRESSION:
        return True
    if _repeats(tokens, size=1, at_least=10):
        return True
    return any(_repeats(tokens, size=size, at_least=6) for size in (2, 3, 4)) or any(
        _repeats(tokens, size=size, at_least=4) for size in (6, 8)
    )


def _repeats(tokens: list[str], *, size: int, at_least: int) -> bool:
    """Whether some run of `size` tokens stands `at_least` times directly behind itself."""
    # Digits are read out in runs (00000000), which is not a loop of one token.
    for begin in range(len(tokens) - size * at_least + 1):
        run = tokens[begin : begin + size]
        if size == 1 and run[0].isdigit():
            continue
        if all(tokens[begin + k * size : begin + (k + 1) * size] == run for k in range(1, at_least)):
            return True
    return False
