"""Errors, registry, scorecard files: messages name the place and the fix."""

import pickle

import pytest

from qa.errors import DuplicateNameError, RecordingError, ScorecardError, UnknownNameError
from qa.registry import Registry
from qa.scorecard import load_scorecard, parse_scorecard


def test_error_speaks_both_languages():
    """File, place and message in the asked language; survives pickling for worker processes."""
    error = RecordingError(en="is empty", zh="是空文件", path="a.wav", place="byte 0", code="empty")
    copy = pickle.loads(pickle.dumps(error))
    assert copy.in_language("en") == "a.wav, byte 0: is empty"
    assert copy.in_language("zh") == "a.wav, byte 0: 是空文件"
    assert (copy.code, copy.exit_code) == ("empty", 3)


def test_registry_is_lazy_and_strict():
    """Targets load on use; unknown names list the known ones; duplicates raise."""
    registry = Registry("thing", group="qa.test-things", built_in={"here": "json:loads", "gone": "no_such_module:x"})
    assert registry.names() == ("gone", "here")
    assert registry.get("here")("1") == 1
    with pytest.raises(UnknownNameError, match="known: gone, here"):
        registry.get("elsewhere")
    with pytest.raises(DuplicateNameError, match="rename one"):
        registry.register("here", "json:dumps")


MINIMAL = """
id: mine
version: "1"
title: Mine
language: en
pass_mark: 80
sections:
  - title: All
    criteria:
      - {id: greeting, title: Greeting, kind: required, points: 5, rule: {always: true}}
"""
BROKEN = [
    ("unknown key", MINIMAL + "colour: red\n", "colour"),
    (
        "duplicate id",
        MINIMAL + "      - {id: greeting, title: G, kind: required, points: 1, rule: {always: true}}\n",
        "twice",
    ),
    ("broken yaml", "a: [1", "broken YAML"),
    ("duplicate key", MINIMAL + "id: other\n", "duplicate key"),
    ("alias", "a: &x 1\nb: *x\n", "aliases"),
    ("not a mapping", "- 1\n", "valid"),
    ("nested too deep", "[" * 20_000, "cannot be read|broken"),
    ("bad points", MINIMAL.replace("points: 5", "points: many"), "points"),
]


@pytest.mark.parametrize(("name", "text", "message"), BROKEN, ids=[case[0] for case in BROKEN])
def test_broken_scorecard(name, text, message):
    """Each kind of broken file is one clear error."""
    with pytest.raises(ScorecardError, match=message) as caught:
        parse_scorecard(text.encode(), where="mine.yaml")
    assert caught.value.path == "mine.yaml"


def test_scorecard_file_problems(tmp_path):
    """Missing, oversized and undecodable files."""
    with pytest.raises(ScorecardError, match="zh-service"):
        load_scorecard(tmp_path / "absent.yaml")
    (tmp_path / "large.yaml").write_bytes(b"#" * 1_000_001)
    with pytest.raises(ScorecardError, match="larger"):
        load_scorecard(tmp_path / "large.yaml")
    (tmp_path / "latin.yaml").write_bytes("title: 评分".encode("gb18030"))
    with pytest.raises(ScorecardError, match="UTF-8"):
        load_scorecard(tmp_path / "latin.yaml")


def test_minimal_scorecard():
    """A small form loads and its digest follows its content."""
    card = parse_scorecard(MINIMAL.encode(), where="mine.yaml")
    other = parse_scorecard(MINIMAL.replace("points: 5", "points: 6").encode(), where="mine.yaml")
    assert [criterion.id for criterion in card.criteria] == ["greeting"]
    assert card.digest != other.digest
