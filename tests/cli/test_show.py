"""`qa show`: the page of one call."""

import pytest


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
