"""The command line as a function, a small scorecard, and a few short calls in a folder."""

import io
import json
import sys
from typing import NamedTuple

import pytest

from qa.cli.app import run

CARD = """
id: tiny
version: "7"
title: Tiny card
language: en
pass_mark: 60
sections:
  - title: All
    criteria:
      - {id: greeting, title: Says hello, kind: required, points: 10, rule: {phrase_said: {phrases: [hello, good morning]}}}
      - {id: thanks, title: Says thanks, kind: required, points: 10, rule: {phrase_said: {phrases: [thank you]}}}
      - {id: insult, title: Insults, kind: forbidden, points: 10, fatal: true, rule: {phrase_said: {phrases: [idiot]}}}
"""
CALLS = {
    "good": [
        ("agent", "Hello, this is Anna. How can I help?"),
        ("customer", "My number is 13800001111, please book a table for two at seven."),
        ("agent", "Done. Thank you for calling."),
    ],
    "rude": [
        ("agent", "Yes?"),
        ("customer", "This is terrible, I am so angry, nothing works!"),
        ("agent", "You idiot, \x1b[31mgo away."),
    ],
}


class Result(NamedTuple):
    """What a run left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def qa(capsys, monkeypatch):
    """Runs `qa` in this process, with `stdin` as its standard input."""
    monkeypatch.setenv("CALLGRADE_LANG", "en")
    monkeypatch.setenv("COLUMNS", "400")
    monkeypatch.delenv("CALLGRADE_DATABASE", raising=False)

    def call(*arguments, stdin=b""):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Result(code, printed.out, printed.err)

    return call


def write_call(path, turns):
    """Write one call in our own transcript format."""
    rows = [
        {"role": role, "start": 4.0 * place, "end": 4.0 * place + 3.5, "text": text}
        for place, (role, text) in enumerate(turns)
    ]
    path.write_text(json.dumps({"id": path.stem, "lang": "en", "turns": rows}), encoding="utf-8")


@pytest.fixture
def calls(tmp_path):
    """A folder with two calls."""
    folder = tmp_path / "calls"
    folder.mkdir()
    for name, turns in CALLS.items():
        write_call(folder / f"{name}.json", turns)
    return folder


@pytest.fixture
def card(tmp_path):
    """A scorecard file that compiles at once."""
    path = tmp_path / "tiny.yaml"
    path.write_text(CARD, encoding="utf-8")
    return path


@pytest.fixture
def score(qa, calls, card, tmp_path):
    """Run `qa score` on the folder with the small scorecard and a database of the test's own."""

    def call(*arguments, paths=(calls,)):
        return qa("score", *paths, "--scorecard", card, "--database", tmp_path / "calls.db", *arguments)

    return call
