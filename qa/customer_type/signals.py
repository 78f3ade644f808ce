"""What the customer-type model sees of a call: text views for character and word n-grams, and named numeric columns.

A call is a list of turns with their roles; everything is computed from the shadow text, so Traditional characters,
full-width marks and capitals make no difference. Sound and time measures are used where the recording has them and
are left as NaN otherwise (the model imputes them and knows that they are missing).
"""

import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from qa.conversation import Turn
from qa.customer_type.lexicon import CUES, patterns
from qa.shadow import shadow

SIGNALS_VERSION = 1  # raise when the code below changes what a column or view holds
VIEWS = ("customer_text", "first_text", "last_text", "agent_text")
MEASURES = (
    "customer_speech_rate_per_min",
    "talk_over_s",
    "customer_interruption_count",
    "mean_response_delay_s",
)
_SHAPE = (
    "customer_turn_log_count",
    "agent_turn_log_count",
    "customer_length_mean_log",
    "customer_length_max_log",
    "customer_talk_ratio",
    "exclamation_ratio",
    "repeated_mark_ratio",
    "capitals_ratio",
    "repeated_question_ratio",
    "one_word_ratio",
    "question_last_half_ratio",
)
COLUMNS: tuple[str, ...] = (
    *(f"{cue.name}_{kind}" for cue in CUES for kind in ("log_count", "ratio")),
    *_SHAPE,
    *MEASURES,
)
_CUSTOMER = np.array([cue.side == "customer" for cue in CUES])
_QUESTION = next(place for place, cue in enumerate(CUES) if cue.name == "question")
_UNIT = re.compile(r"[\u3400-\u9fff]|[a-z0-9']+")
_CAPITALS = re.compile(r"\b[A-Z]{3,}\b")
_REPEATED_MARKS = re.compile(r"[?!？！]{2,}")
_SAME_QUESTION = 0.35
_LINK = re.compile(r"https?://\S+|www\.\S+")
_HANDLE = re.compile(r"@\w+")
_NUMBER = re.compile(r"\d[\d.,:/-]*|[零一二三四五六七八九十百千两幺点]{2,}")
_OTHER_MARK = re.compile(r"[^\w?! '@#]+")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class SaidTurn:
    """One turn as the model sees it: plain text, hits of every cue, length in characters (zh) or words (en)."""

    index: int
    customer: bool
    text: str
    hits: np.ndarray
    length: int
    exclaims: bool
    repeats_marks: bool
    shouts: bool
    shingles: frozenset[str]


def said_turns(turns: Sequence[Turn], language: str) -> tuple[SaidTurn, ...]:
    """Trusted, non-empty turns of agent and customer."""
    return tuple(
        said_turn(turn.index, turn.role == "customer", turn.text, language)
        for turn in turns
        if turn.role in ("agent", "customer") and not turn.suspect and turn.text.strip()
    )


def said_turn(index: int, customer: bool, text: str, language: str) -> SaidTurn:
    """Signals of a single turn. Cues of the other side stay 0."""
    shadowed = shadow(text, language=language)
    hits = np.zeros(len(CUES))
    for place, (cue, pattern) in enumerate(patterns(language)):
        if (cue.side == "customer") == customer:
            hits[place] = len(pattern.findall(shadowed))
    units = _UNIT.findall(shadowed)
    size = 2 if language == "zh" else 1
    return SaidTurn(
        index=index,
        customer=customer,
        text=plain(shadowed),
        hits=hits,
        length=len(units),
        exclaims="!" in shadowed,
        repeats_marks=_REPEATED_MARKS.search(text) is not None,
        shouts=_CAPITALS.search(text) is not None,
        shingles=frozenset("".join(units[place : place + size]) for place in range(len(units) - size + 1)),
    )


def plain(shadowed: str) -> str:
    """Text for n-grams: no marks but ? and !, numbers as "0", links and handles as one sign.

    Quotation marks, ellipses and digits are habits of whoever typed or recognised the call, not signs of its customer.
    """
    text = _NUMBER.sub("0", _HANDLE.sub("@", _LINK.sub("#", shadowed)))
    return _SPACES.sub(" ", _OTHER_MARK.sub(" ", text)).strip()


def signal_row(said: Sequence[SaidTurn], measures: Mapping[str, float | None]) -> list[object]:
    """One row of the model's table: the text views, then the columns in the order of COLUMNS."""
    customer = [turn.text for turn in said if turn.customer]
    views = (
        " ".join(customer),
        " ".join(customer[:2]),
        " ".join(customer[-2:]),
        " ".join(turn.text for turn in said if not turn.customer),
    )
    return [*views, *columns(said, measures)]


def signal_table(rows: Sequence[list[object]]) -> np.ndarray:
    """Rows as the object array that the pipelines take."""
    table = np.empty((len(rows), len(VIEWS) + len(COLUMNS)), dtype=object)
    for place, row in enumerate(rows):
        table[place, :] = row
    return table


def signals_digest() -> str:
    """sha256 (hex) of everything here that a trained model depends on; a model fits only the signals it was made with."""
    rules = [f"{cue.name}|{cue.side}|{cue.zh}|{cue.en}" for cue in CUES]
    return hashlib.sha256("\n".join([str(SIGNALS_VERSION), *VIEWS, *COLUMNS, *rules]).encode()).hexdigest()


def columns(said: Sequence[SaidTurn], measures: Mapping[str, float | None]) -> list[float]:
    """Numeric columns in the order of COLUMNS; NaN only for missing measures."""
    customer = [turn for turn in said if turn.customer]
    agent = [turn for turn in said if not turn.customer]
    values: list[float] = []
    hits = np.array([turn.hits for turn in said]) if said else np.zeros((0, len(CUES)))
    totals, present = hits.sum(axis=0), (hits > 0).sum(axis=0)
    for place, is_customer in enumerate(_CUSTOMER):
        turns = len(customer) if is_customer else len(agent)
        values.append(math.log1p(totals[place]))
        values.append(present[place] / turns if turns else 0.0)
    values.extend(_shape(customer, agent))
    for name in MEASURES:
        value = measures.get(name)
        values.append(math.nan if value is None else float(value))
    return values


def _shape(customer: Sequence[SaidTurn], agent: Sequence[SaidTurn]) -> list[float]:
    lengths = [turn.length for turn in customer] or [0]
    everything = sum(lengths) + sum(turn.length for turn in agent)
    count = max(len(customer), 1)
    later = customer[len(customer) // 2 :]
    return [
        math.log1p(len(customer)),
        math.log1p(len(agent)),
        math.log1p(sum(lengths) / len(lengths)),
        math.log1p(max(lengths)),
        sum(lengths) / everything if everything else 0.0,
        sum(turn.exclaims for turn in customer) / count,
        sum(turn.repeats_marks for turn in customer) / count,
        sum(turn.shouts for turn in customer) / count,
        _asked_again(customer) / count,
        sum(turn.length <= 2 for turn in customer) / count,
        sum(turn.hits[_QUESTION] > 0 for turn in later) / max(len(later), 1),
    ]


def _asked_again(customer: Sequence[SaidTurn]) -> int:
    """Turns that share much of their wording with an earlier customer turn (the same thing asked again)."""
    again = 0
    for place, turn in enumerate(customer):
        if len(turn.shingles) < 3:
            continue
        for other in customer[:place]:
            smaller = min(len(turn.shingles), len(other.shingles))
            if smaller >= 3 and len(turn.shingles & other.shingles) / smaller >= _SAME_QUESTION:
                again += 1
                break
    return again
