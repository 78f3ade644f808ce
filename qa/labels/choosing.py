"""Which calls people should label next: where the model is least sure or contradicts the rules, and a random sample.

Rates (how many customers are agitated, how often the model is right) may rest on the random sample only: calls that
were chosen because they are hard say nothing about all calls. The sample is every call whose number, a hash of its
recording id, lies below a limit that only rises; so it stays random however many calls come later, and calls of it
that were labelled for another reason belong to it, too.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qa.bilingual import Bilingual

RANDOM, HARD = "random", "hard"
_ABSTAINED_BONUS, _DISAGREEMENT_BONUS = 0.25, 0.25
_MOST = 1 + _ABSTAINED_BONUS + 2 * _DISAGREEMENT_BONUS
_CLOSE = 0.25
_HOT_TURN, _CALM_CALL = 0.7, 0.3
REASONS = {
    "close": Bilingual("two types nearly equal", "两种类型难分"),
    "abstained": Bilingual("the model is not sure", "模型不确定"),
    "complaint_but_calm": Bilingual("rules hear a complaint, the model no anger", "规则认为有投诉，模型认为不激动"),
    "angry_without_complaint": Bilingual("the model hears anger, rules no complaint", "模型认为激动，规则未见投诉"),
    "one_angry_turn": Bilingual("one angry turn in a calm call", "整体平静但有一句激动"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A call to label. `priority` 0-1 says how much a label would teach; `reasons` are keys of REASONS."""

    call: str
    name: str
    language: str
    priority: float
    reasons: tuple[str, ...]
    picked_as: str


def rated(call: str, record: Mapping[str, Any]) -> Choice:
    """How hard one scored call is, by its record."""
    kind = record["customer_type"]
    best, second = sorted(kind["probabilities"].values(), reverse=True)[:2]
    agitated = kind["probabilities"].get("agitated", 0.0)
    complains = (record.get("complaint") or {}).get("present", False)
    hottest = max((mood["agitated"] for mood in kind.get("trajectory") or ()), default=0.0)
    disagreements = [
        name
        for name, found in (
            ("complaint_but_calm", complains and agitated < _CALM_CALL),
            ("angry_without_complaint", kind["label"] == "agitated" and not complains),
            ("one_angry_turn", hottest >= _HOT_TURN and agitated < _CALM_CALL),
        )
        if found
    ]
    reasons = ["close"] * (best - second < _CLOSE) + ["abstained"] * bool(kind["abstained"]) + disagreements
    weight = 1 - (best - second) + _ABSTAINED_BONUS * kind["abstained"] + _DISAGREEMENT_BONUS * len(disagreements[:2])
    path = str(record["recording"]["path"])
    return Choice(call, path, record["language"], round(weight / _MOST, 4), tuple(reasons), HARD)


def sample_number(call: str) -> str:
    """The place of a call in the order of the random sample."""
    return hashlib.sha256(f"random-sample|{call}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Chosen:
    """`hard` and `random` calls to label now; `sample` is the whole random sample, labelled calls included."""

    hard: tuple[Choice, ...]
    random: tuple[Choice, ...]
    sample: tuple[Choice, ...]


def choose(
    calls: Iterable[Choice], labelled: Collection[str], *, limit: int, random_share: float, seen: Collection[str] = ()
) -> Chosen:
    """Choose up to `limit` unlabelled calls, `random_share` of them at random; `seen` is the sample so far."""
    ordered = sorted(calls, key=lambda one: sample_number(one.call))
    wanted = min(limit, round(limit * random_share))
    sample = _drawn(ordered, labelled, wanted, seen)
    in_sample = {one.call for one in sample}
    drawn = [one for one in sample if one.call not in labelled][:wanted]
    rest = [one for one in ordered if one.call not in labelled and one.call not in in_sample]
    hard = sorted(rest, key=lambda one: (-one.priority, one.call))[: limit - len(drawn)]
    return Chosen(tuple(hard), tuple(drawn), tuple(sample))


def _drawn(ordered: Sequence[Choice], labelled: Collection[str], wanted: int, seen: Collection[str]) -> list[Choice]:
    """All calls up to the place where `wanted` are unlabelled, and at least up to the last one drawn before."""
    last = max((place for place, one in enumerate(ordered) if one.call in seen), default=-1)
    sample: list[Choice] = []
    missing = wanted
    for place, one in enumerate(ordered):
        if missing <= 0 and place > last:
            break
        sample.append(Choice(one.call, one.name, one.language, one.priority, (), RANDOM))
        missing -= one.call not in labelled
    return sample
