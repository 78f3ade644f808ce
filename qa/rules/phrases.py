"""Phrase syntax: `(a|b|)` alternation, `*` gap, `^` and `$` clause edges; expanded before any call is judged."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from qa.errors import ScorecardError
from qa.rules.tokens import tokenise
from qa.shadow import shadow

MAX_EXPANSIONS = 256
MAX_LENGTH = 1000
Part = tuple[str, ...]
_CHARACTERS = re.compile(r"[\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Alternative:
    """One expanded form: token runs joined by gaps, at a clause's start or end where asked."""

    parts: tuple[Part, ...]
    at_start: bool
    at_end: bool


def parse_phrase(phrase: str, *, language: Literal["zh", "en"], place: str = "") -> tuple[Alternative, ...]:
    """Expand a phrase into its alternatives. Raises ScorecardError naming the phrase and what is wrong with it."""
    if len(phrase) > MAX_LENGTH:
        raise _fault(phrase[:40], place, f"longer than {MAX_LENGTH} characters", f"超过 {MAX_LENGTH} 个字符")
    folded = shadow(phrase, language=language)
    expanded, end = _expand(folded, 0, place, depth=0)
    if end != len(phrase):
        raise _fault(phrase, place, "a ) without its (", "多了一个 )")
    alternatives = dict.fromkeys(_alternative(text, phrase, language, place) for text in expanded)
    return tuple(alternatives)


def _expand(phrase: str, begin: int, place: str, *, depth: int) -> tuple[list[str], int]:
    """Forms of the choice list from `begin` up to its closing bracket or the end, and where it stopped."""
    choices: list[str] = []
    current = [""]
    at = begin
    while at < len(phrase) and phrase[at] not in ")）":
        character = phrase[at]
        if character in "(（":
            inner, at = _expand(phrase, at + 1, place, depth=depth + 1)
            if at >= len(phrase):
                raise _fault(phrase, place, "a ( without its )", "缺少 )")
            if len(current) * len(inner) > MAX_EXPANSIONS:
                raise _too_many(phrase, place)
            current = [left + right for left in current for right in inner]
        elif character in "|｜":
            if depth == 0:
                raise _fault(phrase, place, "| stands only inside ( )", "| 只能写在 ( ) 里")
            choices += current
            current = [""]
        else:
            current = [left + character for left in current]
        at += 1
    choices += current
    if len(choices) > MAX_EXPANSIONS:
        raise _too_many(phrase, place)
    return choices, at


def _alternative(text: str, phrase: str, language: Literal["zh", "en"], place: str) -> Alternative:
    text = text.strip()
    at_start, at_end = text.startswith("^"), text.endswith("$")
    body = text.removeprefix("^").removesuffix("$").strip()
    if "^" in body or "$" in body:
        raise _fault(phrase, place, "^ stands only first and $ only last", "^ 只能在最前，$ 只能在最后")
    if (at_start and body.startswith("*")) or (at_end and body.endswith("*")):
        raise _fault(phrase, place, "a * beside ^ or $ says nothing", "* 紧挨 ^ 或 $ 没有意义")
    parts = tuple(part for part in (_part(piece, language) for piece in body.split("*")) if part)
    if not parts:
        raise _fault(phrase, place, "one of its forms has no words to look for", "其中一种展开形式没有可匹配的文字")
    return Alternative(parts, at_start, at_end)


@lru_cache(maxsize=50_000)
def _part(piece: str, language: Literal["zh", "en"]) -> Part:
    if language == "zh" and _CHARACTERS.fullmatch(piece):
        # Nearly every piece; forms multiply, so this is most of the time that a scorecard takes to compile.
        return tuple(piece)
    return tuple(tokenise(piece, language=language).words)


def _too_many(phrase: str, place: str) -> ScorecardError:
    return _fault(
        phrase,
        place,
        f"expands into more than {MAX_EXPANSIONS} forms; split it into several phrases",
        f"展开超过 {MAX_EXPANSIONS} 种形式；请拆成几条",
    )


def _fault(phrase: str, place: str, en: str, zh: str) -> ScorecardError:
    return ScorecardError(place=place, en=f"phrase {phrase!r}: {en}", zh=f"短语 {phrase!r}：{zh}")
