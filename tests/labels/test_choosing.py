"""What is labelled next: hard calls by priority, and a random sample that stays one."""

import hashlib
import random
from typing import Any

import pytest

from qa.labels.choosing import HARD, Choice, choose, rated, sample_number


def record(agitated: float, confused: float, **changes: Any) -> dict[str, Any]:
    """A record with what the ranking looks at."""
    probabilities = {"demanding": 1 - agitated - confused, "confused": confused, "agitated": agitated}
    label = max(probabilities, key=lambda name: probabilities[name])
    kind = {"label": label, "probabilities": probabilities, "abstained": changes.pop("abstained", False)}
    kind["trajectory"] = [{"turn_index": 1, "agitated": changes.pop("hottest", 0.0)}]
    complaint = {"present": changes.pop("complaint", label == "agitated")}
    return {"customer_type": kind, "complaint": complaint, "recording": {"path": "a.json"}, "language": "zh"}


@pytest.mark.parametrize(
    ("given", "reasons"),
    [
        (record(0.02, 0.02), ()),
        (record(0.4, 0.45), ("close",)),
        (record(0.3, 0.36, abstained=True), ("close", "abstained")),
        (record(0.1, 0.1, complaint=True), ("complaint_but_calm",)),
        (record(0.9, 0.05, complaint=False), ("angry_without_complaint",)),
        (record(0.1, 0.1, hottest=0.9), ("one_angry_turn",)),
    ],
)
def test_reasons(given: dict[str, Any], reasons: tuple[str, ...]) -> None:
    """Each kind of doubt is named, and a sure call has none and comes last."""
    choice = rated("x", given)
    assert choice.reasons == reasons
    assert 0 <= rated("x", record(0.02, 0.02)).priority <= choice.priority <= 1


def calls(count: int) -> list[Choice]:
    """Calls of which the later ones are harder."""
    ids = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(count)]
    return [Choice(name, name, "zh", place / count, (), HARD) for place, name in enumerate(ids)]


def test_hard_calls_come_by_priority_and_apart_from_the_sample() -> None:
    """The share is kept, nothing is chosen twice, labelled calls are not chosen."""
    known = calls(200)
    labelled = {one.call for one in known[-5:]}
    chosen = choose(known, labelled, limit=20, random_share=0.25)
    assert (len(chosen.hard), len(chosen.random)) == (15, 5)
    names = [one.call for one in (*chosen.hard, *chosen.random)]
    assert len(set(names)) == 20
    assert not set(names) & labelled
    priorities = [one.priority for one in chosen.hard]
    assert priorities == sorted(priorities, reverse=True)


def test_sample_stays_random() -> None:
    """Labelling hard calls, and calls that come later, never bend the sample: it is all calls under one number."""
    known = calls(400)
    labelled: set[str] = set()
    sample: set[str] = set()
    for round_ in range(4):
        here = known[: 250 + 50 * round_]
        chosen = choose(here, labelled, limit=20, random_share=0.5, seen=sample)
        sample |= {one.call for one in chosen.sample}
        labelled |= {one.call for one in (*chosen.hard, *chosen.random)}
        last = max(sample_number(name) for name in sample)
        assert sample == {one.call for one in here if sample_number(one.call) <= last}
    hardness = sum(one.priority for one in known if one.call in sample) / len(sample)
    assert 0.35 < hardness < 0.65
    shuffled = random.Random(1).sample(known, len(known))
    assert choose(known, labelled, limit=9, random_share=1) == choose(shuffled, labelled, limit=9, random_share=1)
