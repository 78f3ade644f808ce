"""`qa labels`: import, export, next, drift."""

import csv
import io
import json

import pytest


@pytest.fixture
def database(score, tmp_path):
    """A database with two scored calls, good and rude."""
    assert score("--quiet").code == 0
    return tmp_path / "calls.db"


def rows(text):
    """Rows of a CSV that begins with a byte order mark."""
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


GOOD = [
    ("labels.csv", b"call,value,author\ngood,demanding,li\nrude.json,agitated,li\n"),
    ("labels.csv", "通话,类别,标签,标注人\ngood,客户类型,要求型,li\nrude,,激动型,li\n".encode("gb18030")),
    (
        "labels.jsonl",
        b'{"call":"good","kind":"customer_type","value":"demanding","author":"li"}\n\n'
        b'{"call":"rude","value":"agitated","author":"li","time":"2026-09-01"}\n',
    ),
]


@pytest.mark.parametrize(("name", "content"), GOOD, ids=["csv", "chinese", "jsonl"])
def test_import_and_export(qa, database, tmp_path, name, content):
    """What was imported comes out, can go into the same database again as no news, and an edit wins."""
    (tmp_path / name).write_bytes(content)
    result = qa("labels", "import", tmp_path / name, "--database", database)
    assert (result.code, result.err.splitlines()[0]) == (0, "2 new labels, 0 known, 0 rows without a value, 0 bad")
    out = tmp_path / "out.csv"
    assert qa("labels", "export", "--database", database, "--out", out).code == 0
    found = rows(out.read_text("utf-8"))
    assert {row["name"]: row["value"] for row in found} == {"good.json": "demanding", "rude.json": "agitated"}
    assert "0 new labels, 2 known" in qa("labels", "import", out, "--database", database).err
    (tmp_path / "edit.csv").write_text("call,value\ngood,confused\n", encoding="utf-8")
    assert qa("labels", "import", tmp_path / "edit.csv", "--author", "wu", "--database", database).code == 0
    lines = qa("labels", "export", "--format", "jsonl", "--database", database).out.splitlines()
    assert sorted(json.loads(line)["value"] for line in lines) == ["agitated", "confused"]
    assert len(rows(qa("labels", "export", "--history", "--database", database).out)) == 3


def test_bad_rows_are_named_and_the_rest_goes_in(qa, database, tmp_path):
    """Exit 3; file, line and what is allowed."""
    file = tmp_path / "labels.csv"
    file.write_text(
        "call,kind,value,author,time\ngood,customer_type,happy,li,\nnobody,customer_type,confused,li,\n"
        "good,mood,confused,li,\ngood,customer_type,confused,,\ngood,customer_type,confused,li,soon\n"
        "rude,customer_type,agitated,li,\ngood,customer_type,,,\n",
        encoding="utf-8",
    )
    result = qa("labels", "import", file, "--database", database)
    assert result.code == 3
    assert "1 new labels, 0 known, 1 rows without a value, 5 bad" in result.err
    for place, told in [(2, "'happy'"), (3, "'nobody'"), (4, "'mood'"), (5, "author"), (6, "'soon'")]:
        (line,) = [line for line in result.err.splitlines() if f"line {place} " in line]
        assert str(file) in line
        assert told in line


@pytest.mark.parametrize(
    ("content", "told"), [(None, "no such file"), ("call,label\na,b\n", "no column value"), ("", "no column")]
)
def test_unusable_file(qa, database, tmp_path, content, told):
    """Exit 2, nothing imported."""
    if content is not None:
        (tmp_path / "labels.csv").write_text(content, encoding="utf-8")
    result = qa("labels", "import", tmp_path / "labels.csv", "--database", database)
    assert result.code == 2
    assert told in result.err


def test_formulas_survive_the_round_trip(qa, database, tmp_path):
    """A note that a spreadsheet would run is guarded in the file and whole in the database."""
    (tmp_path / "a.csv").write_text('call,value,author,note\ngood,demanding,li,"=1+1"\n', encoding="utf-8")
    qa("labels", "import", tmp_path / "a.csv", "--database", database)
    (tmp_path / "b.csv").write_text(qa("labels", "export", "--database", database).out, encoding="utf-8")
    assert "'=1+1" in (tmp_path / "b.csv").read_text("utf-8")
    assert "0 new labels, 1 known" in qa("labels", "import", tmp_path / "b.csv", "--database", database).err


def test_next_is_a_label_file(qa, database, tmp_path):
    """One hard call and one of the random sample; filled in, it imports; labelled calls are not named again."""
    todo = tmp_path / "todo.csv"
    command = ("labels", "next", "--database", database, "--limit", 2, "--random-share", 0.5)
    assert qa(*command, "--format", "csv", "--out", todo).code == 0
    found = rows(todo.read_text("utf-8"))
    assert sorted(row["picked"] for row in found) == ["hard", "random"]
    assert "agitated" not in todo.read_text("utf-8")
    filled = [{**row, "value": "agitated", "author": "li"} for row in found[:1]] + found[1:]
    with todo.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, found[0])
        writer.writeheader()
        writer.writerows(filled)
    assert (
        "1 new labels, 0 known, 1 rows without a value, 0 bad"
        in qa("labels", "import", todo, "--database", database).err
    )
    again = rows(qa(*command, "--format", "csv").out)
    assert [row["call"] for row in again] == [found[1]["call"]]
    assert "random sample" in qa(*command).out


def test_next_needs_calls(qa, tmp_path):
    """An empty database says what to do."""
    result = qa("labels", "next", "--database", tmp_path / "new.db")
    assert (result.code, "score some first" in result.err) == (2, True)


def test_drift(qa, database):
    """Too few calls are said to be too few, in both forms; a period that is none is refused."""
    command = ("labels", "drift", "--database", database, "--from", "2020-01", "--to")
    result = qa(*command, "2020-01-01..2099-12-31")
    assert (result.code, "Too few calls to compare (0 / 2)" in result.out) == (0, True)
    last = json.loads(qa(*command, "2099-02", "--format", "jsonl").out.splitlines()[-1])
    assert (last["kind"], last["calls"]) == ("summary", [0, 0])
    for period in ("2020-13", "autumn", "2020-02-02..2020-01-01"):
        bad = qa(*command, period)
        assert (bad.code, "is not a period" in bad.err) == (2, True)
