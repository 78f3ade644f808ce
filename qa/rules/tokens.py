"""Tokens of one turn without punctuation, with the sentence and clause each stands in.

Chinese: one token a character, letters and digits in runs. English: words, with contractions written out.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

_SENTENCE_END = frozenset("。！？!?；;…\n")
_CLAUSE_END = frozenset("，,：:—")
_ZH = re.compile(r"[a-z]+|[0-9]+(?:\.[0-9]+)?|\w|[^\w\s]|\n")
_EN = re.compile(r"[a-z]+(?:'[a-z]+)*|[0-9]+(?:[.,][0-9]+)*|\w|[^\w\s]|\n")
_ABBREVIATIONS = frozenset({"mr", "mrs", "ms", "dr", "st"})
_PRONOUNS = frozenset(
    ("i", "you", "he", "she", "it", "we", "they", "that", "there", "here", "what", "who", "how", "where", "this")
)  # fmt: skip
_ENDINGS = {"ll": "will", "ve": "have", "re": "are", "m": "am"}
_WHOLE = {
    "can't": "can not", "cannot": "can not", "cant": "can not", "won't": "will not", "wont": "will not",
    "shan't": "shall not", "ain't": "is not", "let's": "let us", "lets": "let us", "im": "i am", "ive": "i have",
    "youre": "you are", "theyre": "they are", "thats": "that is", "whats": "what is", "youve": "you have",
    "weve": "we have", "youll": "you will", "theyll": "they will", "gonna": "going to", "wanna": "want to",
    "okay": "ok", "apologise": "apologize", "apologised": "apologized", "apologising": "apologizing",
}  # fmt: skip
_VERBS = (
    "do", "does", "did", "is", "are", "was", "were", "has", "have", "had", "could", "would", "should", "must", "need",
)  # fmt: skip
for _verb in _VERBS:
    _WHOLE[f"{_verb}nt"] = _WHOLE[f"{_verb}n't"] = f"{_verb} not"


@dataclass(frozen=True)
class Tokens:
    """Parallel lists over tokens; `starts` and `ends` are offsets in the text, clauses and sentences are numbered."""

    text: str
    words: list[str]
    starts: list[int]
    ends: list[int]
    sentences: list[int]
    clauses: list[int]
    asked_clauses: frozenset[int]
    language: Literal["zh", "en"]

    def starts_clause(self, place: int) -> bool:
        """True where token `place` is the first of its clause."""
        return place == 0 or self.clauses[place - 1] != self.clauses[place]

    def ends_clause(self, place: int) -> bool:
        """True where token `place` is the last of its clause."""
        return place + 1 == len(self.words) or self.clauses[place + 1] != self.clauses[place]

    def joined(self, begin: int, end: int) -> str:
        """Tokens [begin, end) as text: Chinese without spaces, English with one between words."""
        return ("" if self.language == "zh" else " ").join(self.words[begin:end])

    def bounds(self, place: int, of: Literal["sentence", "clause"]) -> tuple[int, int]:
        """Token range [begin, end) of the sentence or clause that token `place` stands in."""
        numbers = self.sentences if of == "sentence" else self.clauses
        begin, end = place, place + 1
        while begin > 0 and numbers[begin - 1] == numbers[place]:
            begin -= 1
        while end < len(numbers) and numbers[end] == numbers[place]:
            end += 1
        return begin, end

    @cached_property
    def quotations(self) -> list[tuple[int, int]]:
        """Character ranges inside quotation marks."""
        return [match.span() for match in re.finditer(r"“[^”]*”|「[^」]*」|『[^』]*』|\"[^\"]*\"", self.text)]


def tokenise(text: str, *, language: Literal["zh", "en"]) -> Tokens:
    """Split shadow text (lower case, half width) into tokens."""
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    sentences: list[int] = []
    clauses: list[int] = []
    asked: set[int] = set()
    sentence = clause = 0
    for match in (_ZH if language == "zh" else _EN).finditer(text):
        piece = match.group()
        if piece[0].isalnum():
            begin, end = match.span()
            for word in _written_out(piece) if language == "en" else (piece,):
                words.append(word)
                starts.append(begin)
                ends.append(end)
                sentences.append(sentence)
                clauses.append(clause)
        elif piece in _SENTENCE_END or (piece == "." and not (words and words[-1] in _ABBREVIATIONS)):
            if piece in "?？":
                asked.add(clause)
            sentence += 1
            clause += 1
        elif piece in _CLAUSE_END:
            clause += 1
    return Tokens(text, words, starts, ends, sentences, clauses, frozenset(asked), language)


def _written_out(word: str) -> list[str]:
    if word in _WHOLE:
        return _WHOLE[word].split()
    stem, mark, ending = word.partition("'")
    if not mark:
        return [word]
    if ending in _ENDINGS:
        return [stem, _ENDINGS[ending]]
    if stem in _PRONOUNS and ending in ("s", "d"):
        return [stem, "is" if ending == "s" else "would"]
    return [word]
