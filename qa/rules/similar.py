"""Near misses of phrases: a word more, a word less or a misheard one, inside one sentence of one turn."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from qa.rules.near_words import FILLER, exchange, extra, is_negation, left_out, same_facts, sound
from qa.rules.phrases import Alternative, parse_phrase
from qa.rules.tokens import Tokens

SHORTEST = {"zh": 4, "en": 4}
"""Fewest characters or words of a phrase that may match loosely; one edit changes shorter ones beyond recognition."""


@dataclass(frozen=True, slots=True)
class Near:
    """Tokens [begin, end) that come close to phrase number `phrase`; `likeness` is 1 for the same words, below 1."""

    phrase: int
    begin: int
    end: int
    likeness: float


@dataclass(frozen=True, slots=True)
class _Form:
    phrase: int
    words: tuple[str, ...]
    costs: Mapping[str, float]
    at_start: bool
    at_end: bool
    budget: float


class NearPhrases:
    """Phrases without gaps, compared by weighted edit distance; those with a `*` or too short ones are left out."""

    def __init__(
        self, phrases: Iterable[tuple[int, str]], *, language: Literal["zh", "en"], least: float, place: str = ""
    ) -> None:
        """`phrases` are numbered texts, `least` the least likeness (0-1). Raises ScorecardError on broken syntax."""
        self.language = language
        self.forms = [
            self._form(number, alternative, least)
            for number, text in phrases
            for alternative in parse_phrase(text, language=language, place=place)
            if len(alternative.parts) == 1 and len(alternative.parts[0]) >= SHORTEST[language]
        ]
        self._by_sound = self._index()

    def _index(self) -> dict[str, list[_Form]]:
        """Forms by a few of their rarest sounds, of which one must be heard where the form comes within its budget."""
        common = Counter(each for form in self.forms for each in form.costs)
        index: dict[str, list[_Form]] = {}
        for form in self.forms:
            spare, needed = form.budget, 1
            for cost in sorted(form.costs.values()):
                spare -= cost
                needed += spare >= 0
            for each in sorted(form.costs, key=lambda each: common[each])[:needed]:
                index.setdefault(each, []).append(form)
        return index

    def _form(self, number: int, alternative: Alternative, least: float) -> _Form:
        words = alternative.parts[0]
        # The least that a word costs where nothing in the sentence sounds like it: English may be misspelt.
        costs = {sound(word, self.language): FILLER if self.language == "en" else left_out(word) for word in words}
        budget = len(words) * (1 - least) + 1e-9
        return _Form(number, words, costs, alternative.at_start, alternative.at_end, budget)

    def find(self, tokens: Tokens) -> list[Near]:
        """The best places in one turn, none overlapping another, in order."""
        places: list[Near] = []
        begin = 0
        while begin < len(tokens.words):
            _, end = tokens.bounds(begin, "sentence")
            heard = {sound(word, self.language) for word in tokens.words[begin:end]}
            forms = {id(form): form for each in heard for form in self._by_sound.get(each, ())}
            for form in forms.values():
                if sum(cost for each, cost in form.costs.items() if each not in heard) <= form.budget:
                    places += _places(form, tokens, begin, end, self.language)
            begin = end
        chosen: list[Near] = []
        for near in sorted(places, key=lambda each: (-each.likeness, each.begin - each.end, each.begin)):
            if all(near.end <= other.begin or near.begin >= other.end for other in chosen):
                chosen.append(near)
        return sorted(chosen, key=lambda each: each.begin)


def _places(form: _Form, tokens: Tokens, first: int, last: int, language: Literal["zh", "en"]) -> list[Near]:
    """Every end in tokens [first, last) at which the phrase fits within its budget, by Sellers' algorithm."""
    said = tokens.words[first:last]
    costs = [0.0] * (len(said) + 1)
    starts = list(range(len(said) + 1))
    more = [extra(word) for word in said]
    for word in form.words:
        less = left_out(word)
        diagonal, start = costs[0], starts[0]
        costs[0] += less
        for at, heard in enumerate(said, 1):
            # On equal cost the later start wins: a word left out beats an unrelated word put in its place.
            best = min(
                (diagonal + exchange(word, heard, language), -start),
                (costs[at] + less, -starts[at]),
                (costs[at - 1] + more[at - 1], -starts[at - 1]),
            )
            diagonal, start = costs[at], starts[at]
            costs[at], starts[at] = best[0], -best[1]
        if min(costs) > form.budget:
            return []
    return [
        Near(form.phrase, first + starts[at], first + at, round(1 - costs[at] / len(form.words), 3))
        for at in range(1, len(said) + 1)
        if costs[at] <= form.budget and _stands(form, tokens, first + starts[at], first + at)
    ]


def _stands(form: _Form, tokens: Tokens, begin: int, end: int) -> bool:
    if begin >= end or (form.at_start and not tokens.starts_clause(begin)):
        return False
    if form.at_end and not tokens.ends_clause(end - 1):
        return False
    if not same_facts(form.words, tokens.words[begin:end]):
        return False
    # A loose match right behind a negation says the opposite.
    return begin == 0 or tokens.starts_clause(begin) or not is_negation(tokens.words[begin - 1])
