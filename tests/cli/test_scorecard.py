"""`qa scorecard`: check, show, schema."""

import json

import pytest


def test_check(qa, card):
    """A good file: its facts in one line."""
    result = qa("scorecard", "check", card)
    assert result.code == 0
    assert "ok: tiny 7 (en), Tiny card: 3 criteria, 30 points, 1 fatal, pass mark 60" in result.out


BAD = [
    ("no operator", "rule: {phrase_said: {phrases: [hello, good morning]}}", "rule: {says: [hello]}", "says"),
    ("no such key", "pass_mark: 60", "pass_mark: 60\nexam: 1", "exam"),
    ("broken YAML", "sections:", "sections: [", "line"),
    ("points below zero", "points: 10", "points: -1", "points"),
]


@pytest.mark.parametrize(("old", "new", "told"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_bad_file(qa, card, old, new, told):
    """Exit 2 with file and place."""
    card.write_text(card.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    result = qa("scorecard", "check", card)
    assert (result.code, result.out) == (2, "")
    assert "tiny.yaml" in result.err
    assert told in result.err


def test_show(qa, card):
    """Sections with ids, titles, kinds and points."""
    out = qa("scorecard", "show", card).out
    assert "Insults" in out
    assert "forbidden" in out


def test_schema(qa):
    """JSON Schema that requires what a form must have."""
    schema = json.loads(qa("scorecard", "schema").out)
    assert {"id", "version", "sections"} <= set(schema["required"])
