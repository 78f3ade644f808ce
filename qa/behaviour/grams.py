"""The n-gram blocks of the turn-behaviour model, as plain terms and weights that a file can hold without trust."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_matrix, hstack

from qa.behaviour.signals import SeenTurn, signals_digest

PLACE_SCALE = 0.5


class Block(NamedTuple):
    """One block: the attribute of SeenTurn it reads, its n-grams, most terms, and how much it weighs."""

    reads: str
    analyzer: str
    span: tuple[int, int]
    most: int
    scale: float = 1.0


BLOCKS: Mapping[str, Mapping[str, Block]] = {
    "zh": {
        "own": Block("own", "char", (1, 4), 5_000),
        "sound": Block("sound", "word", (1, 3), 4_000),
        "before": Block("before", "char", (1, 2), 1_500, 0.6),
    },
    "en": {
        "own": Block("own", "char_wb", (2, 5), 5_000),
        "words": Block("own", "word", (1, 2), 3_000),
        "before": Block("before", "word", (1, 2), 1_500, 0.6),
    },
}


@dataclass(frozen=True, slots=True)
class Grams:
    """Fitted vectorizers of one language by block name."""

    language: str
    vectorizers: Mapping[str, Any]

    def table(self, seen: Sequence[SeenTurn]) -> csr_matrix:
        """Rows of all blocks, then the place columns that do not depend on the complaint head."""
        blocks = [
            self.vectorizers[name].transform([getattr(turn, block.reads) for turn in seen]) * block.scale
            for name, block in BLOCKS[self.language].items()
        ]
        blocks.append(csr_matrix(np.array([turn.place for turn in seen]) * PLACE_SCALE))
        return hstack(blocks, format="csr")

    def size(self) -> int:
        """Number of n-gram columns."""
        return sum(len(each.vocabulary_) for each in self.vectorizers.values())

    def stored(self) -> dict[str, dict[str, Any]]:
        """Terms (one text, a line each) and their weights."""
        found: dict[str, dict[str, Any]] = {}
        for name, each in self.vectorizers.items():
            terms = sorted(each.vocabulary_, key=each.vocabulary_.__getitem__)
            found[name] = {"terms": "\n".join(terms), "idf": np.asarray(each.idf_, dtype=np.float32)}
        return found


def restored(language: str, stored: Mapping[str, Mapping[str, Any]]) -> Grams:
    """The opposite of `stored`. Raises ValueError, KeyError or TypeError where it is something else."""
    vectorizers = {}
    for name, block in BLOCKS[language].items():
        each = vectorizer(block, stored[name]["terms"].split("\n"))
        each.idf_ = np.asarray(stored[name]["idf"], dtype=np.float64)
        vectorizers[name] = each
    return Grams(language, vectorizers)


def vectorizer(block: Block, terms: Sequence[str] | None = None) -> Any:
    """An unfitted vectorizer of a block, or one with a given vocabulary."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    pattern = {"token_pattern": r"(?u)\S+"} if block.analyzer == "word" else {}
    return TfidfVectorizer(
        analyzer=block.analyzer,
        ngram_range=block.span,
        min_df=2 if terms is None else 1,
        max_features=block.most if terms is None else None,
        vocabulary=terms,
        sublinear_tf=True,
        lowercase=False,
        **pattern,
    )


def columns_digest() -> str:
    """sha256 (hex) of all that a trained weight table depends on."""
    blocks = {language: {name: tuple(block) for name, block in each.items()} for language, each in BLOCKS.items()}
    return hashlib.sha256(f"{signals_digest()}|{blocks}|{PLACE_SCALE}".encode()).hexdigest()
