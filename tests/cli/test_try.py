"""`qa try`: single sentences, from the command line, from files, from standard input."""

import json

import pytest


def test_sentence(qa, card):
    """The criterion's title and how it matched."""
    result = qa("try", "Good morning, sir.", "--scorecard", card)
    assert result.code == 0
    assert "Says hello (greeting, required): exact words" in result.out


def test_role_counts_and_nothing_is_said_too(qa):
    """What a customer says does not touch an agent's criterion."""
    result = qa("try", "Hello there", "--role", "customer", "--scorecard", "en-service")
    assert result.code == 0
    assert "no criterion of en-service" in result.out


def test_standard_input(qa, card):
    """- reads one sentence a line."""
    result = qa("try", "-", "--scorecard", card, stdin=b"hello\n\nthank you\n")
    assert "greeting" in result.out
    assert "thanks" in result.out


def lines(*rows):
    """Bytes of JSON Lines; a bytes row stays as it is."""
    return b"\n".join(row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows)


def test_jsonl_file(qa, card, tmp_path):
    """One answer a row, in order, with id, match and confidence; nothing found is an empty list."""
    source, out = tmp_path / "rows.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(
        lines(
            {"id": "a", "role": "agent", "text": "Hello, Anna speaking"},
            {"id": 2, "role": "customer", "text": "Hello"},
            {"id": "c", "text": "thank you", "context": [{"role": "customer", "text": "bye"}]},
            {"id": "d", "text": "您好", "context": "喂"},
        )
    )
    result = qa("try", "--format", "jsonl", source, "--out", out, "--scorecard", card)
    answers = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert (result.code, result.out, result.err) == (0, "", "")
    assert [answer["id"] for answer in answers] == ["a", 2, "c", "d"]
    assert answers[0]["found"] == [{"id": "greeting", "match": "exact", "confidence": 1.0}]
    assert [item["id"] for item in answers[2]["found"]] == ["thanks"]


BROKEN = [
    ("not JSON", b"{oops", "not JSON"),
    ("not UTF-8", b'{"id": "x", "text": "\xff"}', "not JSON"),
    ("a list", [1], "not a JSON object"),
    ("no id", {"text": "hello"}, '"id"'),
    ("no text", {"id": "x"}, '"text"'),
    ("text too long", {"id": "x", "text": "a" * 20_001}, '"text"'),
    ("unknown role", {"id": "x", "text": "hello", "role": "boss"}, "boss"),
    ("role is a list", {"id": "x", "text": "hello", "role": []}, '"role"'),
    ("lang is a number", {"id": "x", "text": "hello", "lang": 1}, '"lang"'),
    ("context is a number", {"id": "x", "text": "hello", "context": 5}, '"context"'),
    ("deep", b"[" * 100_000, "not JSON"),
]


@pytest.mark.parametrize(("row", "told"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_broken_line_is_named_and_the_rest_goes_on(qa, card, row, told):
    """Exit 3, the line's number on stderr, and the answer to the good line."""
    result = qa(
        "try", "--format", "jsonl", "-", "--scorecard", card, stdin=lines(b"", row, {"id": "ok", "text": "hello"})
    )
    assert result.code == 3
    assert "-, line 2: " in result.err
    assert told in result.err
    assert [json.loads(line)["id"] for line in result.out.splitlines()] == ["ok"]


def test_missing_file(qa):
    """A name that is no file: exit 2."""
    result = qa("try", "--format", "jsonl", "nowhere.jsonl")
    assert result.code == 2
    assert "nowhere.jsonl" in result.err
