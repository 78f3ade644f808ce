"""Labels in the database: appended, newest wins, and revisions are labels, too."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from qa.errors import UsageError
from qa.evaluation import Revision
from qa.labels.choosing import HARD, RANDOM, Choice
from qa.labels.label import Label, LabelFault
from qa.store import schema
from qa.store.database import open_database, reading, writing
from qa.store.labels import CallNames, add_labels, add_picks, current_labels, label_history, picked, revise
from qa.store.repository import Repository
from qa.store.sqlite import sqlite_engine
from qa.store.tables import LABEL_PICKS, LABELS

A, B = "a" * 64, "b" * 64


def label(value: str, day: int | None = None, *, call: str = A, author: str = "li") -> Label:
    """A customer type given on one day of a month."""
    return Label(call, "customer_type", value, author, datetime(2026, 9, day, tzinfo=UTC) if day else None)


@pytest.mark.parametrize(
    ("given", "stands", "new"),
    [
        ([label("confused", 2), label("agitated", 3)], "agitated", 2),
        ([label("agitated", 3), label("confused", 2)], "agitated", 2),
        ([label("agitated", 3), label("confused", 3, author="wu")], "confused", 2),
        ([label("agitated", 3), label("agitated", 3)], "agitated", 1),
        ([label("agitated", 3), label("confused")], "confused", 2),
        ([label("agitated"), label("agitated")], "agitated", 1),
        ([label("agitated"), label("confused"), label("agitated")], "agitated", 3),
        ([label("agitated", 3), label("unclear", 4)], "unclear", 2),
    ],
)
def test_newest_wins(ledger: Repository, given: list[Label], stands: str, new: int) -> None:
    """By the time it was made, then by when it came in; a repeated label is no news."""
    assert sum(add_labels(ledger.engine, [one]).new for one in given) == new
    assert [one.value for one in current_labels(ledger.engine)] == [stands]
    assert len(label_history(ledger.engine, call=A)) == new
    assert current_labels(ledger.engine, "special_customer") == []


@pytest.mark.parametrize("statement", [update(LABELS).values(value="x"), delete(LABELS)], ids=["update", "delete"])
def test_labels_are_append_only(ledger: Repository, statement: Any) -> None:
    """The database itself refuses to change one."""
    add_labels(ledger.engine, [label("confused")])
    with pytest.raises(DBAPIError, match="append-only"), writing(ledger.engine) as connection:
        connection.execute(statement)
    assert len(current_labels(ledger.engine)) == 1


def test_a_revision_is_a_label(ledger: Repository) -> None:
    """What the review page changes stands in the same table; other fields are corrections only."""
    made = datetime(2026, 9, 5, tzinfo=UTC)
    add_labels(ledger.engine, [label("confused", 2)])
    revise(ledger.engine, A, Revision("e1", "customer_type", "confused", "agitated", "wu", "shouts", made))
    assert revise(ledger.engine, A, Revision("e1", "greeting", "met", "not_met", "wu", "", made)) is None
    (current,) = current_labels(ledger.engine)
    assert (current.value, current.source, current.author, current.note) == ("agitated", "review", "wu", "shouts")
    assert [one.field for one in ledger.revisions("e1")] == ["customer_type", "greeting"]
    revise(ledger.engine, A, Revision("e1", "customer_type", "agitated", None, "wu", "", made.replace(day=6)))
    assert current_labels(ledger.engine)[0].value == "unclear"


def test_a_bad_revision_keeps_nothing(ledger: Repository) -> None:
    """Neither correction nor label."""
    bad = Revision("e1", "customer_type", None, "happy", "wu", "", datetime(2026, 9, 5, tzinfo=UTC))
    with pytest.raises(UsageError, match="happy"):
        revise(ledger.engine, A, bad)
    assert ledger.revisions("e1") == ()
    assert current_labels(ledger.engine) == []


def test_picks_are_kept_once(ledger: Repository) -> None:
    """A call may be of the random sample and hard; each is stored the first time."""
    choices = [Choice(A, "a", "zh", 0.5, (), RANDOM), Choice(A, "a", "zh", 0.5, (), HARD)]
    add_picks(ledger.engine, choices, "m1")
    add_picks(ledger.engine, [*choices, Choice(B, "b", "zh", 0.1, (), HARD)], "m2")
    assert (picked(ledger.engine, RANDOM), picked(ledger.engine, HARD)) == ({A}, {A, B})
    with reading(ledger.engine) as connection:
        assert connection.execute(select(LABEL_PICKS.c.model_id)).scalars().all() == ["m1", "m1", "m2"]


def test_call_names(ledger: Repository, make_record: Any) -> None:
    """A file may name a call in any way that fits one call only."""
    for call, path in ((A, "/x/one.wav"), (B, "/x/two.wav"), ("c" * 64, "/y/two.wav")):
        ledger.record(call, "k", {**make_record(path), "id": f"e-{path}"})
    names = CallNames(ledger.engine)
    assert {names.recording_id(text) for text in (A, "one", " one.wav ", "/x/one.wav", "e-/x/one.wav")} == {A}
    assert names.recording_id("/y/two.wav") == "c" * 64
    assert names.recording_id("d" * 64) == "d" * 64
    for text_ in ("two", "three", ""):
        with pytest.raises(LabelFault):
            names.recording_id(text_)


def test_older_database_is_brought_up(url: str) -> None:
    """A database of before labels gets their tables and keeps what it has."""
    old = sqlite_engine(make_url(url))
    schema.upgrade(old, "0002")
    with writing(old) as connection:
        columns = "evaluation_id, field, author, reason, made_at"
        connection.execute(text(f"INSERT INTO revisions ({columns}) VALUES ('e', 'f', 'a', '', '2026-01-01')"))
    old.dispose()
    engine = open_database(url)
    assert add_labels(engine, [label("confused")]).new == 1
    assert len(Repository(engine).revisions("e")) == 1
