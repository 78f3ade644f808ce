"""A copy of the text for matching, of exactly the same length, so that offsets hold for the stored text.

Full-width letters become half-width, Traditional Chinese becomes Simplified (OpenCC t2s), letters become lower case.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

# Whisper writes 著 for 着; OpenCC keeps it because 著 is also a Simplified character (著名).
_ZHE_NEIGHBOURS = frozenset("名作者称录述书译显卓土论专编遗原")


def shadow(text: str, *, language: str = "zh") -> str:
    """Return a same-length copy of `text` for matching."""
    folded = text.lower() if text.isascii() else "".join(map(_fold, text))
    if language != "zh":
        return folded
    simplified = _converter().convert(folded)
    if len(simplified) != len(folded):
        simplified = "".join(_single(character) for character in folded)
    return _zhe(simplified)


@lru_cache(maxsize=20_000)
def _fold(character: str) -> str:
    code = ord(character)
    if 0xFF01 <= code <= 0xFF5E:
        character = chr(code - 0xFEE0)
    elif code == 0x3000:
        character = " "
    elif character in "’‘":
        character = "'"
    lowered = character.lower()
    return lowered if len(lowered) == 1 else character


@lru_cache(maxsize=1)
def _converter() -> "OpenCC":
    from opencc import OpenCC

    return OpenCC("t2s")


@lru_cache(maxsize=20_000)
def _single(character: str) -> str:
    converted = str(_converter().convert(character))
    return converted if len(converted) == 1 else character


def _zhe(text: str) -> str:
    if "著" not in text:
        return text
    characters = list(text)
    for place, character in enumerate(characters):
        if character != "著":
            continue
        around = text[max(place - 1, 0) : place] + text[place + 1 : place + 2]
        if not any(neighbour in _ZHE_NEIGHBOURS for neighbour in around):
            characters[place] = "着"
    return "".join(characters)
