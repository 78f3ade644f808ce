"""The ledger: once per key, newest first, findable, append-only where it must be."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, StatementError

from qa.bilingual import Bilingual
from qa.errors import UsageError
from qa.evaluation import Revision
from qa.store.database import open_database, reading, writing
from qa.store.repository import Repository
from qa.store.tables import EVALUATIONS

Make = Callable[..., dict[str, Any]]
# Address of a PostgreSQL server whose user may create databases; without it these tests run on SQLite alone.
SERVER = os.environ.get("CALLGRADE_TEST_POSTGRES", "")
A, B, C = "a" * 64, "b" * 64, "c" * 64


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.skipif(not SERVER, reason="no server"))])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The same tests on every kind of database; each gets a new one."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'calls.db'}"
    address = make_url(SERVER).set(drivername="postgresql+psycopg")
    name = f"test_{uuid4().hex}"
    server = create_engine(address, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    server.dispose()
    return address.set(database=name).render_as_string(hide_password=False)


def test_once_per_key(ledger: Repository, make_record: Make) -> None:
    """The second write of a key changes nothing; another configuration is another key."""
    assert ledger.record(A, "one", make_record("a.wav", score=70.0))
    assert not ledger.record(A, "one", make_record("a.wav", score=10.0))
    assert ledger.record(A, "two", make_record("a.wav", score=90.0))
    assert ledger.recorded([(A, "one"), (A, "two"), (A, "three"), (B, "one")]) == {(A, "one"), (A, "two")}
    assert [call.record["score"] for call in ledger.records()] == [70.0, 90.0]


def test_replace_supersedes(ledger: Repository, make_record: Make) -> None:
    """A forced result takes the place of the old one, which is kept as history."""
    ledger.record(A, "one", make_record("a.wav", score=70.0))
    assert ledger.record(A, "one", make_record("a.wav", score=75.0), replace=True)
    history = ledger.history((A, "one"))
    assert [(call.record["score"], call.superseded_at is None) for call in history] == [(70.0, False), (75.0, True)]
    assert ledger.find("a.wav").record["score"] == 75.0


def test_record_comes_back_unchanged(ledger: Repository, make_record: Make) -> None:
    """What was put in is what comes out, Chinese, nesting and None included."""
    record = make_record(
        "通话/一.wav", started_at="2025-03-03T09:12:00+08:00", agent_id="A1", queue="售后", measures={"a_s": None}
    )
    ledger.record(A, "one", record)
    call = ledger.find("一.wav")
    assert call.record == record
    assert call.path == str(Path("通话/一.wav").absolute())
    with reading(ledger.engine) as connection:
        row = connection.execute(select(EVALUATIONS)).mappings().one()
    assert row["started_at"] == datetime(2025, 3, 3, 1, 12, tzinfo=UTC)
    assert (row["agent_id"], row["queue"], row["score"], row["fatal"]) == ("A1", "售后", 80.0, False)


def test_texts_that_databases_refuse(ledger: Repository, make_record: Make) -> None:
    """File names that are not UTF-8 and NUL in a text are stored as escapes, and the call is still found."""
    odd = os.fsdecode("通话.wav".encode("gb18030"))
    assert ledger.record(A, "one", make_record(odd, turns=[{"text": "a\0b"}]))
    assert ledger.find(odd).record["turns"][0]["text"] == "a\\x00b"
    assert ledger.fail(odd, code="x", message=Bilingual("e", "中")) == 1


def test_not_a_number_is_refused(ledger: Repository, make_record: Make) -> None:
    """NaN is not JSON: the record is refused as a whole."""
    with pytest.raises((ValueError, StatementError)):
        ledger.record(A, "one", make_record("a.wav", measures={"x_s": float("nan")}))
    assert ledger.count() == 0


def test_records_in_the_order_of_keys_or_paths(url: str, make_record: Make) -> None:
    """Export order is by path; with keys it is theirs, and unknown keys are left out. More rows than one page."""
    ledger = Repository(open_database(url), rows_at_once=10)
    for number in range(43):
        ledger.record(f"{number:064x}", "one", make_record(f"{(number * 7) % 43:05d}.wav"))
    paths = [call.path for call in ledger.records()]
    assert len(paths) == 43
    assert paths == sorted(paths)
    keys = [(f"{number:064x}", "one") for number in (40, 3, 5000, 3, *range(4, 30))]
    assert [call.key for call in ledger.records(keys)] == [keys[0], keys[1], *keys[4:]]


FINDS = [
    ("/calls/zh-05-blame.flac", A),
    ("zh-05-blame.flac", A),
    ("zh-05-blame", A),
    ("zh-05", A),
    ("aaaa", A),
    ("eval-b", B),
    ("中文", C),
    ("50%", C),
]


@pytest.mark.parametrize(("name", "recording_id"), FINDS)
def test_find(ledger: Repository, make_record: Make, name: str, recording_id: str) -> None:
    """A call answers to its path, file name, stem, the start of its stem, or the start of an id."""
    ledger.record(A, "one", make_record("/calls/zh-05-blame.flac", id="eval-a"))
    ledger.record(B, "one", make_record("/calls/b.wav", id="eval-b"))
    ledger.record(C, "one", make_record("/calls/50%.wav" if name == "50%" else "/calls/中文.wav", id="eval-c"))
    assert ledger.find(name).recording_id == recording_id


@pytest.mark.parametrize(
    ("name", "code"),
    [("call", "ambiguous_call"), ("%", "unknown_call"), ("", "unknown_call"), ("zz\0", "unknown_call")],
)
def test_find_says_what_is_wrong(ledger: Repository, make_record: Make, name: str, code: str) -> None:
    """Nothing found, or too much, is a usage error; wildcards of the database are plain characters."""
    for recording_id in (A, B):
        ledger.record(recording_id, "one", make_record(f"/calls/call-{recording_id[:2]}.wav"))
    with pytest.raises(UsageError) as caught:
        ledger.find(name)
    assert caught.value.code == code


def test_newest_configuration_is_shown(ledger: Repository, make_record: Make) -> None:
    """A call scored under two configurations is one call; the later result is shown."""
    ledger.record(A, "one", make_record("a.wav", score=1.0))
    ledger.record(A, "two", make_record("a.wav", score=2.0))
    assert ledger.find("a").record["score"] == 2.0


def test_failures_are_counted_and_cleared(ledger: Repository, make_record: Make) -> None:
    """Tries add up for one path and configuration; recording the call clears them, and only them."""
    for _ in range(3):
        tries = ledger.fail("a.wav", code="timeout", message=Bilingual("slow", "慢"))
    ledger.fail("moved.wav", code="x", message=Bilingual("e", "中"), recording_id=A, configuration_digest="one")
    ledger.fail("a.wav", code="x", message=Bilingual("e", "中"), recording_id=A, configuration_digest="two")
    ledger.fail("b.wav", code="x", message=Bilingual("e", "中"), place="turn 2")
    assert tries == 3
    ledger.record(A, "one", make_record("a.wav"))
    left = [(Path(failure.path).name, failure.configuration_digest, failure.place) for failure in ledger.failures()]
    assert left == [("a.wav", "two", ""), ("b.wav", "", "turn 2")]


def test_revisions_are_append_only(ledger: Repository) -> None:
    """Corrections keep their order and zone; the database itself refuses to change or delete them."""
    china = timezone(timedelta(hours=8))
    first = Revision("e1", "greeting", "met", "not_met", "李", "听不到问候", datetime(2025, 3, 3, 9, 0, tzinfo=china))
    second = Revision("e1", "greeting", "not_met", None, "李", "误改", datetime(2025, 3, 3, 8, 0, tzinfo=china))
    for revision in (first, second, Revision("e2", "x", None, "y", "z", "", datetime.now(UTC))):
        ledger.revise(revision)
    assert ledger.revisions("e1") == (first, second)
    for statement in ("UPDATE revisions SET author = 'x'", "DELETE FROM revisions"):
        with pytest.raises(DBAPIError, match="append-only"), writing(ledger.engine) as connection:
            connection.execute(text(statement))


def test_time_without_zone_is_refused(ledger: Repository) -> None:
    """A naive time would mean something else on another computer."""
    with pytest.raises(StatementError):
        ledger.revise(Revision("e1", "x", None, "y", "z", "", datetime(2025, 1, 1)))  # noqa: DTZ001
