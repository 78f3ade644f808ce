"""Cuts recognised words into sentences, by punctuation and pauses."""

from collections.abc import Sequence

from qa.conversation import Word

PAUSE_S = 0.7
_FINAL = tuple("。！？!?.…")
_CLOSERS = "\"'”’）)」』 "
_ABBREVIATIONS = ("mr.", "mrs.", "ms.", "dr.", "st.", "no.", "a.m.", "p.m.")


def sentences(words: Sequence[Word]) -> list[tuple[Word, ...]]:
    """Split at sentence ends and at pauses of at least PAUSE_S."""
    result: list[tuple[Word, ...]] = []
    current: list[Word] = []
    for word in words:
        if current and word.start_s - current[-1].end_s >= PAUSE_S:
            result.append(tuple(current))
            current = []
        current.append(word)
        if ends_sentence(word.text):
            result.append(tuple(current))
            current = []
    if current:
        result.append(tuple(current))
    return result


def ends_sentence(text: str) -> bool:
    """Whether `text` ends with a full stop, question or exclamation mark (not an abbreviation or a number)."""
    plain = text.rstrip(_CLOSERS)
    if not plain.endswith(_FINAL):
        return False
    lowered = plain.strip().lower()
    return not (lowered in _ABBREVIATIONS or (lowered.endswith(".") and len(lowered) == 2 and lowered[0].isalpha()))
