"""Our own answers to labelled calls and turns, by the same code as `qa score` and `qa try`."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from qa.batch.source import CallSource
from qa.cli.judging import SentenceJudge, answers
from qa.errors import CallgradeError, InputError
from training.accuracy.counts import Record
from training.accuracy.gold import GoldCall, GoldTurn

Scorer = Callable[[CallSource], dict[str, Any]]


def records_of(calls: Sequence[GoldCall], scorer: Scorer) -> list[Record | None]:
    """The record of each call, without its words; None for a call that cannot be read."""
    return [_record(call, scorer) for call in calls]


def _record(call: GoldCall, scorer: Scorer) -> Record | None:
    try:
        record = scorer(CallSource(call.path, "transcript"))
    except InputError:
        return None
    results = [
        {
            "criterion_id": result["criterion_id"],
            "verdict": result["verdict"],
            "evidence": [{"turn_index": evidence["turn_index"]} for evidence in result["evidence"]],
        }
        for result in record["results"]
    ]
    kind = {name: record["customer_type"][name] for name in ("label", "probabilities", "abstained", "model_id")}
    return {
        "results": results,
        "customer_type": kind,
        "complaint": {"present": record["complaint"]["present"]},
        "special_customer": record["special_customer"],
        "score": record["score"],
        "scorecard": record["scorecard"],
    }


def turn_counts(path: Path, gold: Sequence[GoldTurn], judge: SentenceJudge) -> np.ndarray:
    """(turns, [right of should, should, right of should not, should not]) of one file."""
    with path.open("rb") as lines:
        told = answers(lines, judge, role="agent", language=None, name=path.name)
        found = {
            answer["id"]: {item["id"] for item in answer["found"]}
            for answer in told
            if not isinstance(answer, CallgradeError)
        }
    counts = np.zeros((len(gold), 4), dtype=int)
    for place, turn in enumerate(gold):
        right = turn.id in found and (turn.item in found[turn.id]) == turn.should_match
        at = 0 if turn.should_match else 2
        counts[place, at : at + 2] = (right, 1)
    return counts
