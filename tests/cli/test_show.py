"""`qa show`: the page of one call."""

import io

import pytest

from qa.cli.transcript_view import write_call
from qa.store.repository import open_repository


@pytest.mark.parametrize("name", ["rude", "rude.json", "{calls}/rude.json", "ru"])
def test_a_call_is_found_by_its_name(score, qa, tmp_path, calls, name):
    """Path, file name, stem and beginning all lead to the call."""
    score()
    result = qa("show", name.format(calls=calls), "--database", tmp_path / "calls.db")
    assert result.code == 0
    assert result.out.startswith("rude.json")


def test_page(score, qa, tmp_path):
    """Score, verdicts, evidence under its turn, and no control characters from the transcript."""
    score()
    out = qa("show", "rude", "--database", tmp_path / "calls.db").out
    assert "fatal criterion failed" in out
    assert "0:08" in out
    assert "insult: not met “idiot”" in out
    assert "missing here: greeting" in out
    assert "\x1b" not in out


def test_masked_unless_raw(score, qa, tmp_path):
    """Personal numbers are hidden by default."""
    score()
    assert "*********11" in qa("show", "good", "--database", tmp_path / "calls.db").out
    assert "13800001111" in qa("show", "good", "--database", tmp_path / "calls.db", "--raw").out


def test_chinese_page(score, qa, tmp_path, monkeypatch):
    """Headings and verdicts are Chinese under CALLGRADE_LANG=zh."""
    score()
    monkeypatch.setenv("CALLGRADE_LANG", "zh")
    out = qa("show", "rude", "--database", tmp_path / "calls.db").out
    assert "得分 0" in out
    assert "未达标" in out
    assert "客户类型：" in out


def test_unknown_call(qa, tmp_path):
    """A call that was never scored: exit 2."""
    result = qa("show", "nobody", "--database", tmp_path / "calls.db")
    assert result.code == 2
    assert "nobody" in result.err


def test_lessons_and_outlook(score, qa, tmp_path):
    """A lost point says what would have kept it, and the page tells what follows from the findings."""
    score()
    out = " ".join(qa("show", "rude", "--database", tmp_path / "calls.db").out.split())
    assert "Without this the score would be" in out
    assert "Expectation: below" in out
    assert "Seven steps of service: 0/1; missing: welcome" in out


def test_record_of_an_older_version(score, tmp_path, monkeypatch):
    """A stored record without flows, outlooks and lessons still shows."""
    monkeypatch.setenv("CALLGRADE_LANG", "en")
    score()
    repository = open_repository(f"sqlite:///{tmp_path / 'calls.db'}")
    record = repository.find("rude").record
    repository.close()
    for name in ("flows", "seven_elements", "expectation", "de_escalation", "complaint_register"):
        del record[name]
    del record["complaint_psychology"]
    for result in record["results"]:
        del result["lesson"]
    stream = io.StringIO()
    write_call(record, stream)
    assert "fatal criterion failed" in stream.getvalue()
    assert "Expectation" not in stream.getvalue()
