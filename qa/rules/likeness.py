"""How much two stretches of talk say the same: shared pairs of content words, by sound or stem, in any wording."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from qa.rules.near_words import sound
from qa.rules.tokens import Tokens

ENOUGH_GRAMS = 4
"""From this many pairs on, the shorter side may be a part of the longer one; fewer need the same wording."""
_ZH_STOP = frozenset(
    "我你您他她它咱们的了吗呢啊吧呀嘛哦嗯哎喂呃就都也还很真太再来去给把这那个些是在有和跟与要想能会可以请说讲下么什怎为"
    "好行对得着过到让叫被从向啦哈嘞噢唉麻烦谢知道明白刚才然后所以因为但而且现今里边儿上次已经又只"
    "零〇一二三四五六七八九十百千万两半几幺号点分"
)
_EN_STOP = frozenset(
    (
        "a", "an", "the", "i", "me", "my", "we", "us", "our", "you", "your", "he", "him", "his", "she", "her", "it",
        "its", "they", "them", "their", "this", "that", "these", "those", "is", "am", "are", "was", "were", "be",
        "been", "being", "do", "does", "did", "have", "has", "had", "will", "would", "can", "could", "shall",
        "should", "may", "might", "must", "to", "of", "in", "on", "at", "for", "from", "with", "by", "as", "about",
        "into", "and", "or", "but", "so", "if", "then", "than", "there", "here", "just", "really", "very", "too",
        "also", "please", "ok", "yes", "no", "yeah", "well", "oh", "um", "uh", "hi", "hello", "thanks", "thank",
        "right", "sure", "good", "fine", "now", "again", "still", "what", "when", "where", "who", "how", "why",
        "which", "said", "say", "tell", "told", "like", "want", "need", "know", "think", "get", "got", "go", "going",
        "let", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "zero",
        "eleven", "thirty", "forty", "fifty", "hundred", "thousand", "sorry",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Content:
    """What a stretch of talk says: neighbouring content words (in English single ones too), and all neighbours."""

    words: frozenset[str]
    wording: frozenset[str]


def content(tokens: Tokens, begin: int, end: int) -> Content | None:
    """The content of tokens [begin, end) without numbers and small talk; None where nothing is left."""
    said = tokens.words[begin:end]
    language = tokens.language
    kept = [sound(word, language) for word in said if not _is_stop(word, language)]
    pairs = _pairs(kept) if language == "zh" else _pairs(kept) | set(kept)
    return Content(frozenset(pairs), frozenset(_pairs([sound(word, language) for word in said]))) if pairs else None


def alike(first: Content, second: Content) -> float:
    """0 nothing in common, 1 the same: the share of the shorter content; with little of it, the wording counts too."""
    shared, smaller = len(first.words & second.words), min(len(first.words), len(second.words))
    if not shared:
        return 0.0
    if smaller >= ENOUGH_GRAMS:
        return shared / smaller
    return 2 * len(first.wording & second.wording) / (len(first.wording) + len(second.wording))


def _pairs(words: list[str]) -> set[str]:
    return {f"{left} {right}" for left, right in pairwise(words)}


@lru_cache(maxsize=50_000)
def _is_stop(word: str, language: Literal["zh", "en"]) -> bool:
    return word[0].isdigit() or word in (_ZH_STOP if language == "zh" else _EN_STOP)
