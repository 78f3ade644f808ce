"""Learned habits of speech of agents and customers; the weights come from training/role_words.py."""

import json
import math
import re
from functools import lru_cache
from importlib.resources import files

from qa.shadow import shadow

_WORD = re.compile(r"[a-z']+")
_HAN = re.compile(r"[^\W\d_]|[?!]")


def grams(text: str, language: str) -> frozenset[str]:
    """Pieces of a turn that are compared: 1–3 characters (zh) or 1–2 words (other languages); ^ marks its start."""
    plain = shadow(text, language=language)
    units = ["^", *(_HAN if language == "zh" else _WORD).findall(plain)]
    glue = "" if language == "zh" else " "
    longest = 3 if language == "zh" else 2
    return frozenset(
        glue.join(units[place : place + size])
        for size in range(1, longest + 1)
        for place in range(len(units) - size + 1)
    ) - {"^"}


def learned_cue(text: str, language: str) -> float:
    """Log odds that an agent said `text`, by the learned weights; 0 for a language that was not learned."""
    table = _tables().get(language)
    if table is None:
        return 0.0
    weights, constant = table
    known = [weights[gram] for gram in grams(text, language) if gram in weights]
    return sum(known) / math.sqrt(len(known)) + constant if known else 0.0


@lru_cache(maxsize=1)
def _tables() -> dict[str, tuple[dict[str, float], float]]:
    source = files("qa.diarization").joinpath("role_words.json")
    content = json.loads(source.read_text(encoding="utf-8"))
    return {language: (table["weights"], table["constant"]) for language, table in content.items()}
