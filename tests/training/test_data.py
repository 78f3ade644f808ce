"""The written calls themselves: valid, balanced, no copies, nothing from evaluation sets."""

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from training.dataset import DATA, balance, five_grams, jaccard, near_duplicates, read_calls

SPECIAL = {"unreasonable", "professional_complainer", "professional_enquirer", "furious", "harassing"}
CATEGORIES = {None, "product_quality", "service_quality", "price", "other"}


def raw_calls() -> list[dict]:
    """Every line of every file."""
    return [
        json.loads(line) for path in sorted(DATA.glob("*/*.jsonl")) for line in path.read_text("utf-8").splitlines()
    ]


def test_labels_are_valid() -> None:
    """Special customers, complaint turn and category follow the format."""
    for call in raw_calls():
        labels = call["labels"]
        assert set(labels["special_customer"]) <= SPECIAL, call["id"]
        assert labels["complaint_category"] in CATEGORIES, call["id"]
        begins = labels["complaint_begins_turn"]
        if begins is not None:
            assert call["turns"][begins]["role"] == "customer", call["id"]


def test_ids_are_unique() -> None:
    """One id, one call."""
    assert [name for name, count in Counter(call["id"] for call in raw_calls()).items() if count > 1] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_types_are_balanced(language: str) -> None:
    """No type has fewer than a quarter or more than two fifths of the whole calls; excerpts are about single acts."""
    counts = balance([call for call in read_calls(language=language) if not call.excerpt])[language]
    assert len(counts) == 3
    assert all(0.25 <= count / counts.total() <= 0.42 for count in counts.values()), counts


def test_no_near_duplicates() -> None:
    """No two calls share much of their wording; a made-up copy would be found."""
    calls = read_calls()
    assert near_duplicates(calls) == []
    assert near_duplicates([*calls[:3], type(calls[0])("copy", *[getattr(calls[0], name) for name in
        ("language", "domain", "channel", "turns", "label")])]) != []  # fmt: skip


def test_no_long_turn_is_written_twice() -> None:
    """A customer sentence of twenty signs or more appears once, but for versions of one story."""
    said = {
        (text, call.group)
        for call in read_calls()
        for role, text in call.turns
        if role == "customer" and len(text) >= 20
    }
    assert [text for text, count in Counter(text for text, _ in said).items() if count > 1] == []


@pytest.mark.skipif(not os.environ.get("CALLGRADE_EVAL"), reason="CALLGRADE_EVAL is not set")
def test_no_evaluation_call_is_in_the_data() -> None:
    """No evaluation call overlaps with a written one (only ids are shown)."""
    calls = read_calls()
    grams = {call.id: five_grams(" ".join(text for _, text in call.turns)) for call in calls}
    same = []
    for path in Path(os.environ["CALLGRADE_EVAL"]).glob("**/*.json"):
        turns = json.loads(path.read_text(encoding="utf-8")).get("turns", ())
        other = five_grams(" ".join(turn["text"] for turn in turns))
        same.extend((path.name, name) for name, own in grams.items() if jaccard(own, other) > 0.1)
    assert same == []
