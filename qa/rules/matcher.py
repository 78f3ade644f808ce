"""All phrases of a scorecard found in one pass a turn, on characters and on their sound (spaCy PhraseMatcher)."""

from bisect import bisect_left
from dataclasses import dataclass
from typing import Literal, NamedTuple

from spacy.attrs import NORM  # type: ignore[import-not-found]
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from qa.rules.phrases import Part, parse_phrase
from qa.rules.pinyin import is_word, merged, toneless
from qa.rules.tokens import Tokens

GAP = {"zh": 8, "en": 5}
"""Most tokens that a `*` may stand for: characters in Chinese, words in English."""
_Place = tuple[int, int, bool]


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found in a turn: token range [begin, end), how it matched and, for "similar", how closely."""

    phrase: int
    turn_index: int
    begin: int
    end: int
    match: Literal["exact", "homophone", "similar"]
    likeness: float = 1.0


class _Wanted(NamedTuple):
    """One alternative of a phrase by its part numbers."""

    phrase: int
    parts: tuple[int, ...]
    needed: frozenset[int]
    at_start: bool
    at_end: bool


class PhraseBook:
    """Collects phrases while rules compile, then finds them all in one pass."""

    def __init__(self, language: Literal["zh", "en"], *, merge_accents: bool = False) -> None:
        sound = merged if merge_accents else toneless
        self.language = language
        self._vocab = Vocab(lex_attr_getters={NORM: sound if language == "zh" else str})
        self._exact = PhraseMatcher(self._vocab, attr="ORTH")
        self._sound = PhraseMatcher(self._vocab, attr="NORM")
        self._ids: dict[str, int] = {}
        self._parts: dict[Part, int] = {}
        self._key_parts: dict[int, int] = {}
        # By their longest part, the rarest in speech: alternatives whose longest part is not there are never looked at.
        self._by_longest: dict[int, list[_Wanted]] = {}

    def add(self, phrase: str, *, place: str = "") -> int:
        """Number of a phrase, the same for the same text. Raises ScorecardError on broken syntax."""
        known = self._ids.get(phrase)
        if known is not None:
            return known
        number = len(self._ids)
        alternatives = parse_phrase(phrase, language=self.language, place=place)
        self._ids[phrase] = number
        for alternative in alternatives:
            numbers = tuple(self._part(part) for part in alternative.parts)
            longest = max(range(len(numbers)), key=lambda at: len(alternative.parts[at]))
            wanted = _Wanted(number, numbers, frozenset(numbers), alternative.at_start, alternative.at_end)
            self._by_longest.setdefault(numbers[longest], []).append(wanted)
        return number

    @property
    def count(self) -> int:
        """Number of different phrases."""
        return len(self._ids)

    def _part(self, part: Part) -> int:
        number = self._parts.get(part)
        if number is None:
            number = self._parts[part] = len(self._parts)
            document = Doc(self._vocab, words=list(part))
            key = f"part{number}"
            self._key_parts[self._vocab.strings.add(key)] = number
            self._exact.add(key, [document])
            if self.language == "zh" and len(part) >= 2:
                self._sound.add(key, [document])
        return number

    def find(self, tokens: Tokens, turn_index: int) -> list[Hit]:
        """All phrases in one turn's tokens."""
        if not tokens.words or not self._parts:
            return []
        places = self._places(tokens)
        hits: list[Hit] = []
        found = set(places)
        for longest in places:
            for wanted in self._by_longest.get(longest, ()):
                if not wanted.needed <= found:
                    continue
                spans = places[longest]
                if len(wanted.parts) > 1 or wanted.at_start or wanted.at_end:
                    joined = [places[part] for part in wanted.parts]
                    spans = _Joiner(tokens, joined, wanted.at_start, wanted.at_end, set()).spans()
                hits += [
                    Hit(wanted.phrase, turn_index, begin, end, "exact" if exact else "homophone")
                    for begin, end, exact in spans
                ]
        return hits

    def _places(self, tokens: Tokens) -> dict[int, list[_Place]]:
        document = Doc(self._vocab, words=tokens.words)
        places: dict[int, list[_Place]] = {}
        exact: set[tuple[int, int]] = set()
        for key, begin, end in self._exact(document):
            part = self._key_parts[key]
            if self.language == "en" and tokens.sentences[begin] != tokens.sentences[end - 1]:
                continue
            exact.add((part, begin))
            places.setdefault(part, []).append((begin, end, True))
        if self.language == "zh":
            for key, begin, end in self._sound(document):
                part = self._key_parts[key]
                if (part, begin) in exact or (end - begin == 2 and is_word(tokens.joined(begin, end))):
                    continue
                places.setdefault(part, []).append((begin, end, False))
        for found in places.values():
            found.sort()
        return places


@dataclass(frozen=True, slots=True)
class _Joiner:
    """Joins the parts of one alternative in one turn; `failed` remembers dead ends so that gaps cannot explode."""

    tokens: Tokens
    places: list[list[_Place]]
    at_start: bool
    at_end: bool
    failed: set[tuple[int, int]]

    def spans(self) -> list[_Place]:
        """Every place of the first part from which the others follow: begin, end, all parts exact."""
        found: list[_Place] = []
        for begin, end, exact in self.places[0]:
            if self.at_start and not self.tokens.starts_clause(begin):
                continue
            chain = self._chain(1, end, exact)
            if chain is not None:
                found.append((begin, *chain))
        return found

    def _chain(self, at: int, end: int, exact: bool) -> tuple[int, bool] | None:
        """End of the nearest chain of the parts from `at` on, and whether every part matched exactly."""
        if at == len(self.places):
            return (end, exact) if not self.at_end or self.tokens.ends_clause(end - 1) else None
        if (at, end) in self.failed:
            return None
        sentences, found = self.tokens.sentences, self.places[at]
        for begin, next_end, next_exact in found[bisect_left(found, (end, 0, False)) :]:
            if begin - end > GAP[self.tokens.language] or sentences[begin] != sentences[end - 1]:
                break
            chain = self._chain(at + 1, next_end, exact and next_exact)
            if chain is not None:
                return chain
        self.failed.add((at, end))
        return None
