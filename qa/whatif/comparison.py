"""Two scorecards' marks of the same calls side by side: what flips in one call, and how often in all."""

from collections import Counter
from dataclasses import dataclass, field

from qa.evaluation import Verdict
from qa.whatif.stored import Marks, StoredEvaluation


@dataclass(frozen=True, slots=True)
class Flip:
    """A criterion of both scorecards with another verdict; `explanation` is the new scorecard's sentence."""

    criterion_id: str
    old: Verdict
    new: Verdict
    explanation: str


@dataclass(frozen=True, slots=True)
class CallChange:
    """One call under both scorecards."""

    stored: StoredEvaluation
    old: Marks
    new: Marks
    flips: tuple[Flip, ...]

    @property
    def changed(self) -> bool:
        """True where a verdict, the score, passing or a fatal criterion is not as before."""
        before = (self.old.score, self.old.passed, set(self.old.fatal_failed))
        return bool(self.flips) or before != (self.new.score, self.new.passed, set(self.new.fatal_failed))

    @property
    def points(self) -> float:
        """How far the score moves; a score that comes or goes counts as 100."""
        if self.old.score is None or self.new.score is None:
            return 0.0 if self.old.score == self.new.score else 100.0
        return abs(self.new.score - self.old.score)


def change(stored: StoredEvaluation, old: Marks, new: Marks) -> CallChange:
    """Compare the marks of one call, criterion by criterion, in the order of the new scorecard."""
    flips = tuple(
        Flip(name, old.verdicts[name], verdict, new.explanations.get(name, ""))
        for name, verdict in new.verdicts.items()
        if name in old.verdicts and old.verdicts[name] != verdict
    )
    return CallChange(stored, old, new, flips)


@dataclass(slots=True)
class Tally:
    """Counts over all calls that were compared. `added` and `removed` hold verdicts of criteria that only one has."""

    calls: int = 0
    changed: int = 0
    passed_old: int = 0
    passed_new: int = 0
    scores_old: list[float] = field(default_factory=list)
    scores_new: list[float] = field(default_factory=list)
    flips: dict[str, Counter[tuple[Verdict, Verdict]]] = field(default_factory=dict)
    added: dict[str, Counter[Verdict]] = field(default_factory=dict)
    removed: dict[str, Counter[Verdict]] = field(default_factory=dict)
    old_cards: Counter[str] = field(default_factory=Counter)

    def add(self, one: CallChange) -> None:
        """Count one call."""
        self.calls += 1
        self.changed += one.changed
        self.passed_old += one.old.passed is True
        self.passed_new += one.new.passed is True
        self.scores_old += [] if one.old.score is None else [one.old.score]
        self.scores_new += [] if one.new.score is None else [one.new.score]
        self.old_cards[one.stored.scorecard] += 1
        for flip in one.flips:
            self.flips.setdefault(flip.criterion_id, Counter())[flip.old, flip.new] += 1
        for table, mine, other in ((self.added, one.new, one.old), (self.removed, one.old, one.new)):
            for name, verdict in mine.verdicts.items():
                if name not in other.verdicts:
                    table.setdefault(name, Counter())[verdict] += 1


def mean(scores: list[float]) -> float | None:
    """Mean score to one decimal; None without scores."""
    return round(sum(scores) / len(scores), 1) if scores else None
