"""More views of the same written call, with the same label: never new sentences, never templates.

- no_marks: customer turns without any punctuation, as a recogniser writes them.
- customer_only: the agent is not heard (one-sided recordings, roles unsure).
- homophones (zh): a few characters replaced by a character of the same toneless pinyin, as weak recognisers do.
"""

import random
import re
from dataclasses import replace
from functools import lru_cache

from training.dataset import Call

_MARKS = re.compile(r"[^\w\s@']+")
_HOMOPHONE_SHARE = 0.06


def views(call: Call) -> list[Call]:
    """Extra views of one call; the same call always gives the same views."""
    made = [_no_marks(call), _customer_only(call)]
    if call.language == "zh":
        made.append(_homophones(call))
    return made


def _no_marks(call: Call) -> Call:
    turns = tuple((role, _MARKS.sub(" ", text).strip() or text) for role, text in call.turns)
    return replace(call, turns=turns)


def _customer_only(call: Call) -> Call:
    places = [place for place, (role, _) in enumerate(call.turns) if role == "customer"]
    complaints = frozenset(new for new, old in enumerate(places) if old in call.complaints)
    return replace(call, turns=tuple(call.turns[place] for place in places), complaints=complaints)


def _homophones(call: Call) -> Call:
    chance = random.Random(call.id)  # noqa: S311 - not for secrets
    turns = []
    for role, text in call.turns:
        heard = [
            chance.choice(_same_sound(letter)) if chance.random() < _HOMOPHONE_SHARE else letter for letter in text
        ]
        turns.append((role, "".join(heard)))
    return replace(call, turns=tuple(turns))


def _same_sound(letter: str) -> str:
    return _sounds().get(_sound(letter), letter) if "\u4e00" <= letter <= "\u9fff" else letter


@lru_cache(maxsize=10_000)
def _sound(letter: str) -> str:
    from pypinyin import lazy_pinyin

    return str(lazy_pinyin(letter)[0])


@lru_cache(maxsize=1)
def _sounds() -> dict[str, str]:
    """Toneless pinyin to the first-level characters (GB 2312 rows 16-55) with that sound."""
    found: dict[str, str] = {}
    for high in range(0xB0, 0xD8):
        for low in range(0xA1, 0xFF):
            letter = bytes((high, low)).decode("gb2312", errors="ignore")
            if letter:
                found[_sound(letter)] = found.get(_sound(letter), "") + letter
    return found
