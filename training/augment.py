"""More views of the same written call, with the same label: never new sentences, never templates.

- no_marks: customer turns without any punctuation, as a recogniser writes them.
- customer_only: the agent is not heard (one-sided recordings, roles unsure).
- later_part: the second half of a long call, only where the customer's type is still evident there: for agitated and
  confused calls a customer cue of that type must be in it, and demanding calls lose only their opening.
- homophones (zh): a few characters replaced by a character of the same toneless pinyin, as weak recognisers do.
"""

import random
import re
from dataclasses import replace
from functools import lru_cache

from qa.customer_type.lexicon import patterns
from qa.shadow import shadow
from training.dataset import Call

_MARKS = re.compile(r"[^\w\s@']+")
_EVIDENCE = {
    "agitated": {"insult", "reproach", "disappointment", "irony", "threat", "promise_missed"},
    "confused": {"why", "what_means", "not_understood", "belief", "question"},
}
_HOMOPHONE_SHARE = 0.06


def views(call: Call) -> list[Call]:
    """Extra views of one call; the same call always gives the same views."""
    made = [_no_marks(call), _customer_only(call)]
    part = _later_part(call)
    if part is not None:
        made.append(part)
    if call.language == "zh":
        made.append(_homophones(call))
    return made


def _no_marks(call: Call) -> Call:
    turns = tuple((role, _MARKS.sub(" ", text).strip() or text) for role, text in call.turns)
    return replace(call, turns=turns)


def _customer_only(call: Call) -> Call:
    return _kept(call, [place for place, (role, _) in enumerate(call.turns) if role == "customer"])


def _later_part(call: Call) -> Call | None:
    if len(call.turns) < 8:
        return None
    half = call.turns[len(call.turns) // 2 :]
    said = [text for role, text in half if role == "customer"]
    if len(said) < 2:
        return None
    fired = {
        cue.name
        for cue, pattern in patterns(call.language)
        for text in said
        if cue.side == "customer" and pattern.search(shadow(text, language=call.language))
    }
    strong = fired & set().union(*_EVIDENCE.values())
    evident = bool(fired & _EVIDENCE[call.label]) if call.label in _EVIDENCE else not strong - {"question"}
    return _kept(call, list(range(len(call.turns) // 2, len(call.turns)))) if evident else None


def _kept(call: Call, places: list[int]) -> Call:
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
