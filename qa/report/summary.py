"""A run in one line: how many calls, their mean score, and who the customers were."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from qa.record import Record


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts over records. `mean_score` is 0–100 over calls that have a score, or None.

    `customer_types` counts labels, calls on which the classifier abstained under "unsure".
    """

    calls: int
    scored: int
    mean_score: float | None
    passed: int
    fatal: int
    flagged: int
    customer_types: Mapping[str, int]

    def misses(self, gate: float) -> bool:
        """True when the mean score is below `gate`, nothing has a score, or a call failed a fatal criterion."""
        return self.mean_score is None or self.mean_score < gate or self.fatal > 0


def summarise(records: Iterable[Record]) -> Summary:
    """Count records, in one pass."""
    calls = passed = fatal = flagged = 0
    scores: list[float] = []
    types: Counter[str] = Counter()
    for record in records:
        calls += 1
        passed += record["passed"] is True
        fatal += bool(record["fatal_failed"])
        flagged += bool(record["flags"])
        if record["score"] is not None:
            scores.append(record["score"])
        kind = record["customer_type"]
        types["unsure" if kind["abstained"] else kind["label"]] += 1
    return Summary(
        calls=calls,
        scored=len(scores),
        mean_score=sum(scores) / len(scores) if scores else None,
        passed=passed,
        fatal=fatal,
        flagged=flagged,
        customer_types=dict(types.most_common()),
    )
