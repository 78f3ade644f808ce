"""Turns as a weak recogniser would write them: homophones and losses in Chinese, losses and mix-ups in English.

The error model. Chinese: each character is replaced with probability HOMOPHONE_SHARE by another character of the same
toneless pinyin, drawn by how often the written calls use it (a recogniser's language model prefers common characters),
and lost with probability LOST_SHARE, runs included since losses are drawn independently. English: each word is lost
with probability LOST_SHARE; a contraction loses its apostrophe with probability APOSTROPHE_SHARE; function words that
sound alike are exchanged with probability SWAP_SHARE. The same text and key always give the same errors.
"""

import random
from collections import Counter
from collections.abc import Iterable, Mapping

from qa.pinyin import toneless

HOMOPHONE_SHARE = 0.10
LOST_SHARE = 0.03
APOSTROPHE_SHARE = 0.5
SWAP_SHARE = 0.15
_ALIKE = {
    "your": "you're", "you're": "your", "their": "there", "there": "their", "its": "it's", "it's": "its", "to": "the",
    "a": "the", "and": "in", "in": "and", "for": "four", "we'll": "will", "i'll": "all", "are": "our", "our": "are",
    "of": "have", "than": "then", "by": "buy", "can't": "can", "can": "can't", "would": "were", "this": "the",
}  # fmt: skip

Sounds = Mapping[str, tuple[tuple[str, ...], tuple[int, ...]]]


def sounds_of(texts: Iterable[str]) -> Sounds:
    """Toneless syllable to the characters that have it, with their counts in `texts`."""
    counts = Counter(letter for text in texts for letter in text if "\u4e00" <= letter <= "\u9fff")
    table: dict[str, list[tuple[str, int]]] = {}
    for letter, count in sorted(counts.items()):
        table.setdefault(toneless(letter), []).append((letter, count))
    return {sound: (tuple(one for one, _ in each), tuple(n for _, n in each)) for sound, each in table.items()}


def misheard(text: str, key: str, language: str, sounds: Sounds) -> str:
    """`text` with recognition errors; never empty."""
    chance = random.Random(f"{key}|{text}")  # noqa: S311 - not for secrets
    heard = _chinese(text, chance, sounds) if language == "zh" else _english(text, chance)
    return heard or text


def _chinese(text: str, chance: random.Random, sounds: Sounds) -> str:
    made = []
    for letter in text:
        drawn = chance.random()
        if drawn < LOST_SHARE:
            continue
        if drawn < LOST_SHARE + HOMOPHONE_SHARE:
            letters, counts = sounds.get(toneless(letter), ((letter,), (1,)))
            made.append(chance.choices(letters, counts)[0])
        else:
            made.append(letter)
    return "".join(made)


def _english(text: str, chance: random.Random) -> str:
    made = []
    for word in text.split():
        if chance.random() < LOST_SHARE:
            continue
        lower = word.lower()
        if lower in _ALIKE and chance.random() < SWAP_SHARE:
            made.append(_ALIKE[lower])
        elif "'" in word and chance.random() < APOSTROPHE_SHARE:
            made.append(word.replace("'", ""))
        else:
            made.append(word)
    return " ".join(made)
