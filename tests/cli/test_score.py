"""`qa score`: output forms, resumption, failures, exit codes, masking."""

import csv
import json

import pytest

from qa.report.schema import EvaluationRecord


def rows(text):
    """Records of a JSON Lines output."""
    return [json.loads(line) for line in text.splitlines()]


def test_table(score, calls):
    """Names, scores, the fatal criterion's title, what was missed, a summary; hints go to stderr."""
    result = score()
    assert result.code == 0
    assert [line.split()[0] for line in result.out.splitlines()[1:3]] == ["good.json", "rude.json"]
    assert "Insults" in result.out
    assert "Says hello, Says thanks" in result.out
    assert "2 calls, mean score 50.0, 1 passed, 1 fatal" in result.out
    assert "qa show" in result.err
    assert "qa show" not in result.out


def test_jsonl_is_valid_and_masked(score, calls):
    """Records fit the schema and hide the customer's number unless --raw is given."""
    records = rows(score("--format", "jsonl").out)
    assert [EvaluationRecord.model_validate(record).score for record in records] == [100.0, 0.0]
    assert "138000011" not in json.dumps(records)
    assert "13800001111" in score("--format", "jsonl", "--raw").out


def test_csv_file_is_written_whole(score, tmp_path):
    """--out leaves one complete file, with one row a call and a column a criterion."""
    out = tmp_path / "out.csv"
    result = score("--format", "csv", "--out", out)
    table = list(csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines()))
    assert (result.code, result.out) == (0, "")
    assert [(row["score"], row["insult"]) for row in table] == [("100.0", "met"), ("0.0", "not_met")]
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []


def test_resumes(score):
    """The second run scores nothing, but puts out the same records; --force scores again."""
    first = rows(score("--format", "jsonl").out)
    assert rows(score("--format", "jsonl").out) == first
    forced = rows(score("--format", "jsonl", "--force").out)
    assert [record["id"] for record in forced] == [record["id"] for record in first]
    assert all(
        new["provenance"]["created_at"] > old["provenance"]["created_at"]
        for new, old in zip(forced, first, strict=True)
    )


def test_a_call_under_a_new_name_is_shown_under_it(score, calls):
    """The bytes name a call, so a renamed file is not scored again; its new path is put out."""
    score()
    (calls / "good.json").rename(calls / "renamed.json")
    paths = {record["recording"]["path"] for record in rows(score("--format", "jsonl").out)}
    assert paths == {str(calls / "renamed.json"), str(calls / "rude.json")}


def test_failures_are_listed_and_the_rest_goes_on(score, calls):
    """A broken file is named on stderr with what is wrong; the exit code is 3 and the others are put out."""
    (calls / "broken.json").write_text('{"turns": [', encoding="utf-8")
    (calls / "empty.vtt").write_text("", encoding="utf-8")
    result = score("--format", "jsonl")
    assert result.code == 3
    assert len(rows(result.out)) == 2
    assert "broken.json" in result.err
    assert "empty.vtt" in result.err
    assert "Traceback" not in result.err


@pytest.mark.parametrize(("gate", "only", "code"), [("90", "good", 0), ("0", "rude", 4), ("60", "both", 4)])
def test_gate(score, calls, gate, only, code):
    """--fail-under looks at the mean score and at fatal criteria."""
    paths = (calls,) if only == "both" else (calls / f"{only}.json",)
    result = score("--fail-under", gate, paths=paths)
    assert result.code == code
    assert ("gate missed" in result.err) == (code == 4)


def test_manifest_describes_calls(score, calls, tmp_path):
    """Columns of the manifest reach the record, and formulas are disarmed in CSV."""
    manifest = tmp_path / "list.csv"
    manifest.write_text("path,agent_id,queue\ncalls/good.json,=cmd|' /C calc'!A0,sales\n", encoding="utf-8")
    result = score("--manifest", manifest, "--format", "csv", paths=())
    assert result.code == 0
    [row] = csv.DictReader(result.out.lstrip("\ufeff").splitlines())
    assert (row["agent_id"], row["queue"]) == ("'=cmd|' /C calc'!A0", "sales")


def test_dry_run_changes_nothing(score, tmp_path):
    """The plan is told and no database is made; afterwards recorded calls are counted."""
    result = score("--dry-run")
    assert result.code == 0
    assert "0 recorded before, 2 to score" in result.out
    assert not (tmp_path / "calls.db").exists()
    score()
    assert "2 recorded before, 0 to score" in score("--dry-run").out


def test_quiet_says_nothing_but_data(score):
    """With --quiet stderr is empty when all went well."""
    result = score("--quiet", "--format", "jsonl")
    assert (result.code, result.err) == (0, "")


def test_chinese_messages(score, calls, monkeypatch):
    """Table, hints and failures are Chinese under CALLGRADE_LANG=zh."""
    monkeypatch.setenv("CALLGRADE_LANG", "zh")
    (calls / "broken.json").write_text('{"turns": [', encoding="utf-8")
    result = score()
    assert result.code == 3
    assert "客户类型" in result.out
    assert "共 2 通" in result.out
    assert "1 项未能评分" in result.err


WRONG = [
    ("no path at all", [], 2, "name files or folders"),
    ("missing path", ["{tmp}/nothing"], 2, "does not exist"),
    ("folder without calls", ["{tmp}"], 2, "no calls in"),
    ("unknown format", ["{calls}", "--format", "xml"], 2, "known: table, csv, jsonl"),
    ("unknown scorecard", ["{calls}", "--scorecard", "nope"], 2, "no such scorecard"),
    ("output in no folder", ["{calls}", "--out", "{tmp}/no/out.csv"], 2, "cannot be written"),
    ("output is a folder", ["{calls}", "--out", "{tmp}"], 2, "cannot be written"),
    ("manifest missing", ["--manifest", "{tmp}/no.csv"], 2, "no.csv"),
    ("jobs 0", ["{calls}", "--jobs", "0"], 2, "--jobs"),
    ("gate over 100", ["{calls}", "--fail-under", "101"], 2, "--fail-under"),
    ("bad channel", ["{calls}", "--agent-channel", "up"], 2, "--agent-channel"),
    ("unknown option", ["{calls}", "--nope"], 2, "--nope"),
    ("foreign database", ["{calls}", "--database", "mysql://host/db"], 5, "postgresql"),
    ("no database", ["{calls}", "--database", "{calls}/good.json"], 5, "good.json"),
]


@pytest.mark.parametrize(("arguments", "code", "told"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_wrong_use(qa, calls, tmp_path, arguments, code, told):
    """One line on stderr that names the mistake, nothing on stdout, the documented exit code."""
    empty = tmp_path / "empty"
    empty.mkdir()
    filled = [argument.format(tmp=empty, calls=calls) for argument in arguments]
    result = qa("score", *filled)
    assert (result.code, result.out) == (code, "")
    assert result.err.startswith("error: ")
    assert told in result.err


def test_missing_model_is_an_environment_fault(score, tmp_path, monkeypatch):
    """Without a customer-type model nothing can be scored: exit 5, with the place that was looked at."""
    monkeypatch.setenv("CALLGRADE_MODELS", str(tmp_path / "none"))
    result = score()
    assert result.code == 5
    assert str(tmp_path / "none") in result.err
