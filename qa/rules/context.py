"""One call made ready for judging, and the view of it that a rule sees."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from qa.behaviour.blend import Probabilities
from qa.behaviour.reader import BehaviourReader
from qa.conversation import Conversation, Role, Turn
from qa.evaluation import Complaint, CustomerType, Evidence, MatchKind, Verdict
from qa.features.table import Features
from qa.rules.matcher import Hit, PhraseBook
from qa.rules.outcome import Outcome
from qa.rules.similar import NearPhrases
from qa.rules.tokens import Tokens, tokenise
from qa.shadow import shadow

Position = tuple[int, int]
"""Turn index and character offset in it."""
START: Position = (0, 0)
END: Position = (1 << 30, 0)
HOMOPHONE_CONFIDENCE = 0.8
SIMILAR_CONFIDENCE = 0.7
"""Times the likeness: a near miss is worth less than the same sound."""
NO_COMPLAINT = Complaint(False)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a rule looks: hits that begin in [begin, end), and in [`since_s`, `until_s`] where the time is known."""

    begin: Position = START
    end: Position = END
    until_s: float | None = None
    since_s: float | None = None

    def narrowed(
        self,
        begin: Position = START,
        end: Position = END,
        until_s: float | None = None,
        since_s: float | None = None,
    ) -> "Scope":
        """The part of this scope that also lies in the given bounds."""
        latest = [limit for limit in (self.until_s, until_s) if limit is not None]
        earliest = [limit for limit in (self.since_s, since_s) if limit is not None]
        return Scope(max(self.begin, begin), min(self.end, end), min(latest, default=None), max(earliest, default=None))

    def holds(self, piece: Evidence) -> bool:
        """True where the evidence begins inside."""
        place = (piece.turn_index, piece.char_start or 0)
        if not self.begin <= place < self.end:
            return False
        start_s = piece.start_s
        if start_s is None:
            return True
        return (self.until_s is None or start_s <= self.until_s) and (self.since_s is None or start_s >= self.since_s)


class Call:
    """A conversation with its tokens and every phrase found, by one pass over the turns.

    `pattern_spans` keeps what regular expressions found, since a rule is asked again for every window it stands in.
    """

    def __init__(self, conversation: Conversation, book: PhraseBook, reader: BehaviourReader | None = None) -> None:
        self.conversation = conversation
        self.reader = reader or BehaviourReader()
        self.turns = conversation.turns
        self.tokens: dict[int, Tokens] = {}
        self.shadows: dict[int, str] = {}
        self.pattern_spans: dict[str, dict[int, tuple[tuple[int, int], ...]]] = {}
        self._found: dict[frozenset[int], list[Hit]] = {}
        self._maybe: dict[Role, list[int]] = {}
        self._hits: dict[int, list[Hit]] = {}
        self._near: dict[NearPhrases, list[Hit]] = {}
        self._spans: dict[int, list[tuple[int, int, int]]] = {}
        self._says: dict[Role, list[tuple[int, int]]] = {}
        self._by_role: dict[Role, list[int]] = {"agent": [], "customer": [], "system": [], "unknown": []}
        for turn in self.turns:
            if turn.suspect:
                continue
            self._by_role[turn.role].append(turn.index)
            self.shadows[turn.index] = text = shadow(turn.text, language=book.language)
            self.tokens[turn.index] = tokens = tokenise(text, language=book.language)
            for found in book.find(tokens, turn.index):
                self._hits.setdefault(found.phrase, []).append(found)

    @cached_property
    def behaviours(self) -> Probabilities | None:
        """How likely each turn is each behaviour; None without a model. Read on first use. Raises ModelError."""
        return self.reader.read(self.conversation)

    def of_role(self, role: Role) -> list[int]:
        """Indexes of the role's trusted turns, in order."""
        return self._by_role[role]

    def maybe_of_role(self, role: Role) -> list[int]:
        """Indexes of the trusted turns that are the role's or of unknown role, in order."""
        if role not in self._maybe:
            self._maybe[role] = sorted({*self._by_role[role], *self._by_role["unknown"]})
        return self._maybe[role]

    def says(self, role: Role) -> list[tuple[int, int]]:
        """First and last turn index of each say of a role: what it says until another side speaks.

        A chat agent who sends three lines in a row has had one say, not three; rules count says.
        """
        if role in self._says:
            return self._says[role]
        runs: list[tuple[int, int]] = self._says.setdefault(role, [])
        before: Role | None = None
        for turn in self.turns:
            if turn.suspect:
                continue
            if turn.role == role:
                if before == role:
                    runs[-1] = (runs[-1][0], turn.index)
                else:
                    runs.append((turn.index, turn.index))
            before = turn.role
        return runs

    def hits(self, phrases: frozenset[int]) -> list[Hit]:
        """All places of these phrases, in call order."""
        known = self._found.get(phrases)
        if known is None:
            found = [hit for phrase in self._hits.keys() & phrases for hit in self._hits[phrase]]
            found.sort(key=lambda hit: (hit.turn_index, hit.begin, -hit.end, hit.match))
            known = self._found[phrases] = found
        return known

    def near_hits(self, phrases: NearPhrases, role: Role) -> list[Hit]:
        """Near misses in turns of a role or of no known one, looked for on first use."""
        known = self._near.get(phrases)
        if known is None:
            known = self._near[phrases] = [
                Hit(near.phrase, index, near.begin, near.end, "similar", near.likeness)
                for index in sorted((*self.of_role(role), *self.of_role("unknown")))
                for near in phrases.find(self.tokens[index])
            ]
        return known

    @property
    def duration_s(self) -> float | None:
        """Length of the recording, else the last turn's end."""
        known = self.conversation.recording.duration_s
        return known if known is not None else max((turn.end_s or 0.0 for turn in self.turns), default=None)

    def evidence(self, turn: Turn, begin: int, end: int, match: MatchKind, likeness: float = 1.0) -> Evidence:
        """Characters [begin, end) of a turn as evidence, with the times and probability of its words."""
        words = [turn.words[at] for at, left, right in self._word_spans(turn) if left < end and right > begin]
        start_s, end_s = (words[0].start_s, words[-1].end_s) if words else (turn.start_s, turn.end_s)
        confidence = self.probability(turn, begin, end) or 1.0
        if match == "homophone":
            confidence *= HOMOPHONE_CONFIDENCE
        elif match == "similar":
            confidence *= SIMILAR_CONFIDENCE * likeness
        return Evidence(
            turn_index=turn.index,
            start_s=start_s,
            end_s=end_s,
            quote=turn.text[begin:end],
            match=match,
            confidence=round(min(confidence, turn.role_confidence), 3),
            char_start=begin,
            char_end=end,
        )

    def probability(self, turn: Turn, begin: int, end: int) -> float | None:
        """Mean probability of the words in characters [begin, end); None where words are not known."""
        values = [
            turn.words[at].probability for at, left, right in self._word_spans(turn) if left < end and right > begin
        ]
        return sum(values) / len(values) if values else None

    def _word_spans(self, turn: Turn) -> list[tuple[int, int, int]]:
        spans = self._spans.get(turn.index)
        if spans is None:
            spans = self._spans[turn.index] = list(_spans(turn))
        return spans


def _spans(turn: Turn) -> Iterable[tuple[int, int, int]]:
    """Number, first and last character of every word that stands in the turn's text."""
    at = 0
    for number, word in enumerate(turn.words):
        text = word.text.strip()
        place = turn.text.find(text, at) if text else -1
        if place >= 0:
            at = place + len(text)
            yield number, place, at


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may look at. `single` judges one sentence for `qa try`: place, order and conditions do not count."""

    call: Call
    features: Features
    customer_type: CustomerType
    scope: Scope = Scope()
    single: bool = False
    complaint: Complaint = NO_COMPLAINT
    complaint_status: Literal["hit", "miss", "unknown"] = "miss"
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    verdicts: dict[str, Verdict] = field(default_factory=dict)

    def inside(self, scope: Scope) -> "Context":
        """The same call seen through a narrower scope."""
        return replace(self, scope=scope)

    def turn_window(self, after: int, count: int, role: Role) -> Position:
        """End of the `count`-th say of `role` after turn `after`; END where there are fewer."""
        following = [last for _, last in self.call.says(role) if last > after]
        return (following[count - 1] + 1, 0) if len(following) >= count else END

    def turn_window_before(self, turn: int, count: int, role: Role) -> Position:
        """Start of the `count`-th say of `role` before turn `turn`; START where there are fewer."""
        earlier = [first for first, _ in self.call.says(role) if first < turn]
        return (earlier[-count], 0) if len(earlier) >= count else START
