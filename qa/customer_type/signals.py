"""What the customer-type model sees of a call: each customer turn on its own, then the call as a whole.

Turn table: text for n-grams and hits of the cues. Call row: how strongly the turns speak for each type, in how many
turns a cue is heard (capped, so that long calls are not louder than short ones), and sound measures where the recording
has them (NaN otherwise: the model imputes them and knows that they are missing). All from the shadow text.
"""

import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from qa.conversation import Turn
from qa.customer_type.lexicon import CUES, patterns
from qa.evaluation import CUSTOMER_TYPES
from qa.shadow import shadow

SIGNALS_VERSION = 2  # raise when the code below changes what a column holds
MEASURES = (
    "customer_speech_rate_per_min",
    "talk_over_s",
    "customer_interruption_count",
    "mean_response_delay_s",
)
_SHAPE = ("exclaims", "repeats_marks", "shouts", "length_log")
TURN_COLUMNS: tuple[str, ...] = ("text", *(f"{cue.name}_hits" for cue in CUES if cue.side == "customer"), *_SHAPE)
_KINDS = ("most", "top_two", "mean", "later_mean")
CALL_COLUMNS: tuple[str, ...] = (
    *(f"turns_{kind}_{name}" for kind in _KINDS for name in CUSTOMER_TYPES),
    *(f"cue_{cue.name}" for cue in CUES),
    "cue_agitated_any_of",
    "cue_confused_any_of",
    "cue_exclaims",
    "cue_repeats_marks",
    "cue_asked_again",
    *MEASURES,
)
AGITATED_CUES = ("insult", "reproach", "disappointment", "irony", "threat", "promise_missed")
CONFUSED_CUES = ("why", "what_means", "not_understood", "belief")
_CUSTOMER = np.array([cue.side == "customer" for cue in CUES])
_AGITATED = np.array([cue.name in AGITATED_CUES for cue in CUES])
_CONFUSED = np.array([cue.name in CONFUSED_CUES for cue in CUES])
_MOST_HITS, _MOST_TURNS, _MOST_TOTAL = 2, 3, 5
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


def turn_table(said: Sequence[SaidTurn]) -> np.ndarray:
    """Object array (n, len(TURN_COLUMNS)) of single customer turns."""
    table = np.empty((len(said), len(TURN_COLUMNS)), dtype=object)
    for place, turn in enumerate(said):
        hits = np.minimum(turn.hits[_CUSTOMER], _MOST_HITS)
        table[place, 0] = turn.text
        table[place, 1:] = [*hits, turn.exclaims, turn.repeats_marks, turn.shouts, math.log1p(turn.length)]
    return table


def call_row(
    said: Sequence[SaidTurn], turn_probabilities: np.ndarray, measures: Mapping[str, float | None]
) -> np.ndarray:
    """One row in the order of CALL_COLUMNS. `turn_probabilities` (customer turns, types); NaN only for measures."""
    customer = [turn for turn in said if turn.customer]
    heard = np.array([turn.hits > 0 for turn in said]) if said else np.zeros((0, len(CUES)))
    turns = heard.sum(axis=0)
    return np.array(
        [
            *_strengths(turn_probabilities, np.array([turn.length for turn in customer])),
            *np.minimum(turns, _MOST_TURNS),
            min(turns[_AGITATED].sum(), _MOST_TOTAL),
            min(turns[_CONFUSED].sum(), _MOST_TOTAL),
            float(any(turn.exclaims for turn in customer)),
            float(any(turn.repeats_marks for turn in customer)),
            min(_asked_again(customer), _MOST_TURNS),
            *(math.nan if measures.get(name) is None else float(measures[name] or 0.0) for name in MEASURES),
        ]
    )


def signals_digest() -> str:
    """sha256 (hex) of all that a trained model depends on here; it fits only the signals it was made with."""
    rules = [f"{cue.name}|{cue.side}|{cue.zh}|{cue.en}" for cue in CUES]
    return hashlib.sha256("\n".join([str(SIGNALS_VERSION), *TURN_COLUMNS, *CALL_COLUMNS, *rules]).encode()).hexdigest()


def _strengths(probabilities: np.ndarray, lengths: np.ndarray) -> list[float]:
    """For each kind of summary, how strongly the customer turns speak for each type; 0 without customer turns."""
    if not len(probabilities):
        return [0.0] * (len(_KINDS) * len(CUSTOMER_TYPES))
    ordered = np.sort(probabilities, axis=0)[::-1]
    weights = np.log1p(lengths) + 0.2  # a long turn says more than "嗯"
    mean = (probabilities * weights[:, None]).sum(axis=0) / weights.sum()
    later = probabilities[len(probabilities) // 2 :].mean(axis=0)
    return [*ordered[0], *ordered[:2].mean(axis=0), *mean, *later]


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
