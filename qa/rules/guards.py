"""Whether a phrase is only quoted, negated, supposed or asked where it stands."""

from collections.abc import Callable
from typing import Literal

from qa.rules.guard_words import GUARD_WORDS
from qa.rules.tokens import Tokens

Guard = Literal["quoted", "negated", "conditional", "question"]


def guarded(tokens: Tokens, begin: int, end: int, guards: tuple[Guard, ...]) -> Guard | None:
    """The first of `guards` that covers tokens [begin, end), or None."""
    for guard in guards:
        if _CHECKS[guard](tokens, begin, end):
            return guard
    return None


def _quoted(tokens: Tokens, begin: int, end: int) -> bool:
    first, last = tokens.starts[begin], tokens.ends[end - 1]
    if any(left <= first and last <= right for left, right in tokens.quotations):
        return True
    words = GUARD_WORDS[tokens.language]
    opened = just_opened = False
    at, _ = tokens.bounds(begin, "sentence")
    # Clause by clause: a reporting verb opens the quotation, words of the speaker's own close it.
    while at <= begin:
        _, clause_end = tokens.bounds(at, "clause")
        text = tokens.joined(at, clause_end)
        if opened and not just_opened and words.resuming.match(text):
            opened = False
        just_opened = False
        reports = list(words.reporting.finditer(tokens.joined(at, min(clause_end, begin))))
        if reports:
            said = tokens.joined(at, min(clause_end, end))[reports[-1].end() :]
            opened = not words.inline.match(said)
            # The quotation may begin only after a comma: 您说，这不归我们管.
            just_opened = reports[-1].end() == len(text)
        at = clause_end
    return opened


def _negated(tokens: Tokens, begin: int, end: int) -> bool:
    words = GUARD_WORDS[tokens.language]
    own = words.harmless.sub("", tokens.joined(begin, end))
    if words.negative.search(own):
        return False
    clause, _ = tokens.bounds(begin, "clause")
    return words.negation.search(tokens.joined(clause, begin)) is not None


def _conditional(tokens: Tokens, begin: int, end: int) -> bool:
    pattern = GUARD_WORDS[tokens.language].conditional
    clause, clause_end = tokens.bounds(begin, "clause")
    around = tokens.joined(clause, begin), tokens.joined(end, clause_end)
    if any(pattern.search(text) for text in around):
        return True
    # A condition in the clause before governs this one: 如果给您带来不便，我们很抱歉.
    if clause == 0 or tokens.sentences[clause - 1] != tokens.sentences[clause]:
        return False
    before, before_end = tokens.bounds(clause - 1, "clause")
    return pattern.search(tokens.joined(before, before_end)) is not None


def _question(tokens: Tokens, _begin: int, end: int) -> bool:
    clause, clause_end = tokens.bounds(end - 1, "clause")
    if tokens.clauses[end - 1] in tokens.asked_clauses:
        return True
    return GUARD_WORDS[tokens.language].asking.search(tokens.joined(clause, clause_end)) is not None


_CHECKS: dict[Guard, Callable[[Tokens, int, int], bool]] = {
    "quoted": _quoted,
    "negated": _negated,
    "conditional": _conditional,
    "question": _question,
}
