"""What the turn-behaviour model sees of one turn: its text, its sound, what the other side said before, and its place.

All text is shadow text without marks other than ? and !, so that a recogniser's punctuation habits do not count.
"""

import hashlib
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.conversation import Turn
from qa.pinyin import toneless
from qa.shadow import shadow

SIGNALS_VERSION = 1  # raise when the code below changes what a column holds
PLACE_COLUMNS: tuple[str, ...] = (
    "is_first",
    "is_second",
    "is_last",
    "is_second_last",
    "goes_on",
    "length_log",
    "asks",
    "has_number",
    "complained_before",
    "complained_just_now",
)
_LONGEST_BEFORE = 160
_LONGEST_TURN = 2_000
_UNIT = re.compile(r"[\u3400-\u9fff]|[a-z0-9']+")
_NUMBER = re.compile(r"\d[\d.,:/-]*")
_ZH_NUMBER = re.compile(r"[零一二三四五六七八九十百千两幺点]{2,}")
_OTHER_MARK = re.compile(r"[^\w?! '@#]+")
_LINK = re.compile(r"https?://\S+|www\.\S+")
_HANDLE = re.compile(r"@\w+")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class SeenTurn:
    """One trusted turn: `own` and `before` are plain text, `sound` is toneless syllables with spaces (zh) or empty.

    `place` has the columns of PLACE_COLUMNS except the last two, which follow from the complaint head. `earlier` are
    the places, in the same list, of the customer turns before it; `just_now` those since the agent last spoke.
    """

    index: int
    customer: bool
    own: str
    sound: str
    before: str
    place: tuple[float, ...]
    earlier: tuple[int, ...]
    just_now: tuple[int, ...]


def seen_turns(turns: Sequence[Turn], language: str) -> tuple[SeenTurn, ...]:
    """Trusted, non-empty turns of agent and customer, in order."""
    kept = [turn for turn in turns if turn.role in ("agent", "customer") and not turn.suspect and turn.text.strip()]
    customers = [turn.role == "customer" for turn in kept]
    texts = [shadow(turn.text[:_LONGEST_TURN], language=language) for turn in kept]
    plains = [plain(text, language) for text in texts]
    seen = []
    for at, turn in enumerate(kept):
        same = [other for other, customer in enumerate(customers) if customer == customers[at]]
        run = at
        while run > 0 and customers[run - 1] == customers[at]:
            run -= 1
        other_run = run
        while other_run > 0 and customers[other_run - 1] != customers[at]:
            other_run -= 1
        before = " ".join(plains[other_run:run])[-_LONGEST_BEFORE:]
        seen.append(
            SeenTurn(
                index=turn.index,
                customer=customers[at],
                own=plains[at],
                sound=sounds(plains[at]) if language == "zh" else "",
                before=before,
                place=(
                    float(at == same[0]),
                    float(len(same) > 1 and at == same[1]),
                    float(at == same[-1]),
                    float(len(same) > 1 and at == same[-2]),
                    float(run < at),
                    math.log1p(len(_UNIT.findall(texts[at]))) / 5,
                    float("?" in texts[at]),
                    float(_NUMBER.search(texts[at]) is not None or _ZH_NUMBER.search(texts[at]) is not None),
                ),
                earlier=tuple(place for place in range(at) if customers[place]),
                just_now=tuple(place for place in range(other_run, run) if customers[place]),
            )
        )
    return tuple(seen)


def plain(shadowed: str, language: str) -> str:
    """Text for n-grams: no marks but ? and !, numbers as "0", links and handles as one sign."""
    text = _NUMBER.sub("0", _HANDLE.sub("@", _LINK.sub("#", shadowed)))
    if language == "zh":
        text = _ZH_NUMBER.sub("0", text)
    return _SPACES.sub(" ", _OTHER_MARK.sub(" ", text)).strip()


def sounds(text: str) -> str:
    """Toneless syllables of a plain Chinese text, one word each; other runs stay as they are."""
    return " ".join(toneless(unit) for unit in _UNIT.findall(text))


def signals_digest() -> str:
    """sha256 (hex) of all that a trained model depends on here."""
    parts = [str(SIGNALS_VERSION), *PLACE_COLUMNS, _UNIT.pattern, _NUMBER.pattern, _ZH_NUMBER.pattern]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
