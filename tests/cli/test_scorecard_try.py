"""`qa scorecard try`: flips of stored calls under another scorecard, and nothing written."""

import csv
import hashlib
import json
import sqlite3

import pytest

CHANGES = [
    ("nothing", "title: Tiny card", "title: The same", {}),
    ("another phrase", "[thank you]", "[farewell]", {"good": [("thanks", "met", "not_met")]}),
    ("a word less", "[idiot]", "[dummy]", {"rude": [("insult", "not_met", "met")]}),
    ("another title", "title: Says thanks", "title: Gratitude", {}),
]


@pytest.fixture
def trial(score, qa, card, tmp_path):
    """Score both calls, change the card as told, and try it."""
    score()

    def call(*arguments, old="", new=""):
        other = tmp_path / "new.yaml"
        other.write_text(card.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        return qa("scorecard", "try", other, "--against", tmp_path / "calls.db", *arguments)

    return call


def lines(result, kind):
    """Objects of one kind in the JSON Lines output."""
    return [row for row in map(json.loads, result.out.splitlines()) if row["kind"] == kind]


@pytest.mark.parametrize(("old", "new", "flips"), [case[1:] for case in CHANGES], ids=[case[0] for case in CHANGES])
@pytest.mark.parametrize("against", ["stored", "card"])
def test_flips(trial, card, old, new, flips, against):
    """Exactly the verdicts that the change touches flip, against stored verdicts and against the old card."""
    result = trial("--format", "jsonl", *(["--old", card] if against == "card" else []), old=old, new=new)
    found = {
        row["path"].split("/")[-1].removesuffix(".json"): [
            (f["criterion_id"], f["old"], f["new"]) for f in row["flips"]
        ]
        for row in lines(result, "call")
    }
    [summary] = lines(result, "summary")
    assert (result.code, found) == (0, flips)
    assert (summary["calls"], summary["changed"]) == (2, len(flips))


def test_table(trial):
    """Counts a criterion, then the call with both scores, then one line for all."""
    out = trial(old="[thank you]", new="[farewell]").out
    assert "Says thanks  1      met → not met 1" in out
    assert "100 → 66.7" in out
    assert "tiny 7 → tiny 7: 2 calls judged again, 1 change; mean score 50 → 33.4, passed 1 → 1" in out


def test_csv_has_a_row_a_flip(trial, tmp_path):
    """Both verdicts and both scores in one row; the output file appears whole."""
    out = tmp_path / "flips.csv"
    assert trial("--format", "csv", "--out", out, old="[idiot]", new="[dummy]").code == 0
    [row] = csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines())
    assert (row["criterion_id"], row["verdict_old"], row["verdict_new"]) == ("insult", "not_met", "met")
    assert (row["score_old"], row["score_new"]) == ("0.0", "33.3")


def test_criteria_of_one_card_only(trial):
    """A renamed criterion is gone and new, not a flip."""
    result = trial("--format", "jsonl", old="id: thanks", new="id: gratitude")
    assert lines(result, "criterion") == []
    assert [row["criterion_id"] for row in lines(result, "added")] == ["gratitude"]
    assert [row["criterion_id"] for row in lines(result, "removed")] == ["thanks"]


def test_the_current_evaluation_counts(trial, score, tmp_path, card, calls, qa):
    """A call scored again under another card is compared with that newer result, once."""
    newer = tmp_path / "newer.yaml"
    newer.write_text(card.read_text(encoding="utf-8").replace("[thank you]", "[farewell]"), encoding="utf-8")
    qa("score", calls, "--scorecard", newer, "--database", tmp_path / "calls.db")
    [summary] = lines(trial("--format", "jsonl", old="[thank you]", new="[farewell]"), "summary")
    assert (summary["calls"], summary["changed"]) == (2, 0)


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["--limit", "1"], 0, ""),
        (["--language", "en"], 0, ""),
        (["--language", "zh"], 2, "no scored calls"),
        (["--queue", "sales"], 2, "no scored calls"),
        (["--old", "zh-service"], 2, "zh-service is for language"),
        (["--old", "nope"], 2, "no such scorecard"),
        (["--limit", "0"], 2, "--limit"),
        (["--format", "xml"], 2, "xml"),
    ],
)
def test_filters_and_wrong_use(trial, arguments, code, told):
    """Exit 0 with what is left, or 2 with one line that names the mistake."""
    result = trial(*arguments)
    assert result.code == code
    assert told in result.err
    assert ("1 calls judged again" in result.out) == ("--limit" in arguments and code == 0)


def test_other_languages_are_skipped_with_their_number(qa, calls, score, tmp_path):
    """Calls that another language's card serves are counted on stderr."""
    score()
    zh = {"id": "zh", "lang": "zh", "turns": [{"role": "agent", "text": "您好，这里是客服中心"}]}
    (calls / "zh.json").write_text(json.dumps(zh), encoding="utf-8")
    score()
    result = qa("scorecard", "try", "en-service", "--old", "en-service", "--against", tmp_path / "calls.db")
    assert "skipped: 1 calls" in result.err
    assert "2 calls judged again, 0 change" in result.out


BROKEN = [
    ("not JSON", "{oops", "Expecting"),
    ("not an object", "[1]", "record"),
    ("parts missing", "{}", "id"),
]


@pytest.mark.parametrize(("text", "told"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_unreadable_record_is_named_and_the_rest_goes_on(trial, tmp_path, text, told):
    """Exit 3, path and reason on stderr, the other call judged."""
    with sqlite3.connect(tmp_path / "calls.db") as connection:
        connection.execute("UPDATE evaluations SET record = ? WHERE name = 'good.json'", (text,))
    result = trial()
    assert result.code == 3
    assert "good.json" in result.err
    assert told in result.err
    assert "1 calls judged again" in result.out


def test_nothing_is_written(trial, tmp_path):
    """The database file keeps its bytes, and a missing one is not made."""
    before = hashlib.sha256((tmp_path / "calls.db").read_bytes()).hexdigest()
    assert trial(old="[idiot]", new="[dummy]").code == 0
    assert hashlib.sha256((tmp_path / "calls.db").read_bytes()).hexdigest() == before
    result = trial("--against", tmp_path / "none.db")
    assert (result.code, (tmp_path / "none.db").exists()) == (5, False)


def test_what_else_may_have_made_a_change_is_told(trial, tmp_path, card):
    """A call judged by another version is a note with the way out; --old needs no note."""
    with sqlite3.connect(tmp_path / "calls.db") as connection:
        connection.execute(
            'UPDATE evaluations SET record = replace(record, \'"code_version":"\', \'"code_version":"0.0-\')'
        )
    assert "1 changed calls were judged by another version" in trial(old="[idiot]", new="[dummy]").err
    assert "note" not in trial("--old", card, old="[idiot]", new="[dummy]").err
