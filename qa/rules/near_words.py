"""What one word costs against another when phrases are compared loosely, one table a language.

Words that carry the meaning (negation, who does it, numbers) are never traded: 是你弄错了 is not 是我弄错了.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Literal

from qa.pinyin import toneless

Language = Literal["zh", "en"]
FORBIDDEN = 99.0
SAME_SOUND = 0.4
SAME_STEM = 0.25
CLOSE_SPELLING = 0.5
FILLER = 0.5
_NEGATIONS = frozenset("不没未别无非否") | frozenset(
    ("not", "no", "never", "nobody", "nothing", "none", "without", "unable", "hardly")
)  # fmt: skip
_FILLERS = frozenset("的了呢啊吧呀嘛哦嗯哈就都也还很真太再来去给把这那个们地得着") | frozenset(
    ("the", "a", "an", "really", "very", "just", "so", "quite", "now", "please", "well", "do", "that", "this", "then",
     "to")
)  # fmt: skip
_PARTICLES = frozenset("的了啊呀哦嗯哈") | frozenset(("really", "very", "just", "so", "please", "well"))
_PERSONS = {
    **dict.fromkeys(("我", "咱", "i", "we", "me", "us", "my", "our"), 1),
    **dict.fromkeys(("你", "您", "you", "your"), 2),
    **dict.fromkeys(("他", "她", "它", "he", "she", "they", "him", "her", "them", "his", "their"), 3),
}
_NUMBERS = frozenset("零一二三四五六七八九十百千万两半") | frozenset(
    ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "twenty", "hundred")
)  # fmt: skip
_ENDINGS = (
    "izing", "ising", "ation", "ized", "ised", "izes", "ises", "ing", "ies", "ied", "ize", "ise", "ly", "ed", "es",
    "s", "e", "y",
)  # fmt: skip


@lru_cache(maxsize=100_000)
def exchange(wanted: str, said: str, language: Language) -> float:
    """Cost of hearing `said` for `wanted`: 0 the same, 1 another word, FORBIDDEN where the meaning would turn."""
    if wanted == said:
        return 0.0
    who, other = _PERSONS.get(wanted), _PERSONS.get(said)
    numbers = _is_number(wanted) and _is_number(said)
    if numbers or (wanted in _NEGATIONS) != (said in _NEGATIONS) or (who and other and who != other):
        return FORBIDDEN
    if who and other:
        return SAME_STEM
    if language == "zh":
        return SAME_SOUND if toneless(wanted) == toneless(said) else 1.0
    if stem(wanted) == stem(said):
        return SAME_STEM
    both_fill = wanted in _FILLERS and said in _FILLERS
    return CLOSE_SPELLING if both_fill or _close(wanted, said) else 1.0


def extra(word: str) -> float:
    """Cost of a word too many; a negation may not come."""
    if word in _NEGATIONS:
        return FORBIDDEN
    return FILLER if word in _FILLERS else 1.0


def left_out(word: str) -> float:
    """Cost of a word too few; a negation may not go, and only particles go cheaply: who wrote 吧 or "the" meant it."""
    if word in _NEGATIONS:
        return FORBIDDEN
    return FILLER if word in _PARTICLES else 1.0


def same_facts(wanted: Sequence[str], said: Sequence[str]) -> bool:
    """True where persons, and numbers, come in the same order on both sides, some left out on one of them."""
    kinds: tuple[Callable[[str], object], ...] = (_PERSONS.get, _number)
    for kind in kinds:
        first, second = ([value for word in words if (value := kind(word))] for words in (wanted, said))
        short, long = sorted((first, second), key=len)
        rest = iter(long)
        if not all(value in rest for value in short):
            return False
    return True


def is_negation(word: str) -> bool:
    """True for words that turn the meaning of what follows."""
    return word in _NEGATIONS


def sound(word: str, language: Language) -> str:
    """What a word is compared by: toneless pinyin in Chinese, the stem in English."""
    return toneless(word) if language == "zh" else stem(word)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """An English word without its commonest ending; three letters at least stay."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


def _number(word: str) -> str | None:
    return word if _is_number(word) else None


def _is_number(word: str) -> bool:
    return word in _NUMBERS or word[0].isdigit()


def _close(wanted: str, said: str) -> bool:
    allowed = 0 if min(len(wanted), len(said)) < 5 else 1 if max(len(wanted), len(said)) < 9 else 2
    if abs(len(wanted) - len(said)) > allowed:
        return False
    row = list(range(len(said) + 1))
    for at, letter in enumerate(wanted, 1):
        above, row[0] = row[0], at
        for place, other in enumerate(said, 1):
            above, row[place] = row[place], min(above + (letter != other), row[place] + 1, row[place - 1] + 1)
    return row[-1] <= allowed
