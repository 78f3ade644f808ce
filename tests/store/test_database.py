"""Opening, migrating and sharing the database."""

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import make_url

from qa.errors import DatabaseError
from qa.store import schema
from qa.store.database import default_url, open_database, reading, writing
from qa.store.repository import Repository, open_repository
from qa.store.sqlite import sqlite_engine
from qa.store.tables import METADATA, SCHEMA_REVISION

Make = Callable[..., dict[str, Any]]


def database_file(url: str) -> Path:
    """The file behind an address; its folder is made."""
    path = Path(str(make_url(url).database))
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def test_pragmas(ledger: Repository) -> None:
    """WAL, full sync, foreign keys and a wait of half a minute on every connection."""
    with reading(ledger.engine) as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}


def test_default_is_a_file_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without an address the database lies in the user's data folder."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_url() == f"sqlite:///{tmp_path}/callgrade/callgrade.db"


def test_plain_file_name_is_an_address(tmp_path: Path) -> None:
    """A path is as good as an address."""
    open_database(str(tmp_path / "100% 通话" / "results.db"))
    assert (tmp_path / "100% 通话" / "results.db").is_file()


def test_migrated_schema_is_the_one_in_code(ledger: Repository) -> None:
    """Migrations and tables.py say the same, and the newest revision is the one the code expects."""
    with reading(ledger.engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
    assert ScriptDirectory.from_config(schema._config()).get_current_head() == SCHEMA_REVISION


def test_older_database_is_copied_and_migrated(url: str, make_record: Make) -> None:
    """An old schema is brought up with its rows, and its former state lies beside it."""
    path = database_file(url)
    old = sqlite_engine(make_url(url))
    schema.upgrade(old, "0001")
    assert Repository(old).record("a" * 64, "one", make_record("a.wav"))
    old.dispose()
    ledger = open_repository(url)
    assert ledger.count() == 1
    assert ledger.revisions("x") == ()
    copy = sqlite3.connect(path.with_name("calls.db.schema-0001.bak"))
    assert copy.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
    assert copy.execute("SELECT count(*) FROM evaluations").fetchone() == (1,)
    copy.close()


def _not_a_database(path: Path) -> None:
    path.write_bytes(b"this is a text about databases\n" * 200)


def _damaged(path: Path) -> None:
    ledger = open_repository(f"sqlite:///{path}")
    ledger.close()
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xa5" * (len(data) - 4096)
    path.write_bytes(data)


def _foreign(path: Path) -> None:
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE songs (title)")
    other.close()


def _newer(path: Path) -> None:
    open_repository(f"sqlite:///{path}").close()
    newer = sqlite3.connect(path)
    newer.execute("UPDATE alembic_version SET version_num = '9999'")
    newer.commit()
    newer.close()


def _folder(path: Path) -> None:
    path.mkdir()


BAD_FILES = [
    (_not_a_database, "not_a_database"),
    (_damaged, "damaged"),
    (_foreign, "not_ours"),
    (_newer, "newer_schema"),
    (_folder, "unreachable"),
]


@pytest.mark.parametrize(("spoil", "code"), BAD_FILES, ids=[code for _, code in BAD_FILES])
def test_bad_file(url: str, spoil: Callable[[Path], None], code: str) -> None:
    """Each fault has its own sentence with the file's name, and the file is not changed."""
    path = database_file(url)
    spoil(path)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(DatabaseError) as caught:
        open_repository(url).count()
    assert caught.value.code == code
    assert str(path) in str(caught.value)
    assert caught.value.message.zh != caught.value.message.en
    assert (path.read_bytes() if path.is_file() else b"") == before


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("mysql://u:secret@h/db", "bad_url"),
        ("nonsense://x", "bad_url"),
        ("sqlite://", "bad_url"),
        ("sqlite:///:memory:", "bad_url"),
        ("sqlite:////dev/null/x/calls.db", "unreachable"),
    ],
)
def test_bad_address(address: str, code: str) -> None:
    """An address that cannot work is refused, and a password in it is not repeated."""
    with pytest.raises(DatabaseError) as caught:
        open_database(address)
    assert caught.value.code == code
    assert "secret" not in str(caught.value)


def test_read_only_database(url: str, make_record: Make) -> None:
    """A database that may only be read can be read; writing says what is wrong."""
    open_repository(url).record("a" * 64, "one", make_record("a.wav"))
    ledger = open_repository(f"sqlite:///file:{database_file(url)}?mode=ro&uri=true")
    assert ledger.count() == 1
    with pytest.raises(DatabaseError) as caught:
        ledger.record("b" * 64, "one", make_record("b.wav"))
    assert caught.value.code == "read_only"


def test_lock_held_too_long(url: str, make_record: Make) -> None:
    """Readers are not kept out by a writer; another writer gives up with a sentence."""
    ledger = open_repository(url)
    patient = Repository(open_database(url, busy_timeout_s=0.05))
    with writing(ledger.engine):
        assert patient.count() == 0
        with pytest.raises(DatabaseError) as caught:
            patient.record("a" * 64, "one", make_record("a.wav"))
    assert caught.value.code == "locked"
    assert patient.record("a" * 64, "one", make_record("a.wav"))


def test_readers_do_not_hold_up_writers(ledger: Repository, make_record: Make) -> None:
    """While records are being read out, a writer in the same program gets through."""
    for number in range(3):
        ledger.record(f"{number:064x}", "one", make_record(f"{number}.wav"))
    reader = ledger.records()
    next(reader)
    assert ledger.record("f" * 64, "one", make_record("z.wav"))
    assert len(list(reader)) == 2


def test_threads_share_one_engine(ledger: Repository, make_record: Make) -> None:
    """Eight threads write the same twenty keys; each key is written by exactly one of them."""
    written: list[bool] = []

    def write() -> None:
        written.extend(ledger.record(f"{number:064x}", "one", make_record("a.wav")) for number in range(20))

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(written) == ledger.count() == 20
    assert len(written) == 160


def _write_many(url: str, own: int) -> int:
    """Open (and create, if first) the database and write 50 keys that all writers share and 50 of one's own."""
    ledger = open_repository(url)
    record = {"id": "e", "recording": {"path": "a.wav"}, "score": 1.0}
    shared = sum(ledger.record(f"{number:064x}", "shared", record) for number in range(50))
    for number in range(50):
        ledger.recorded([(f"{number:064x}", f"own{own}")])
        ledger.record(f"{number:064x}", f"own{own}", record)
        ledger.fail(f"{number}.wav", code="x", message=_SAID, configuration_digest="other")
    return shared


_SAID = DatabaseError(en="e", zh="中").message


def test_processes_create_and_write_at_once(url: str) -> None:
    """Four processes open a new database together and write 600 times; nothing is refused, lost or doubled."""
    writers = 4
    with ProcessPoolExecutor(writers, mp_context=get_context("fork")) as pool:
        shared = sum(pool.map(_write_many, [url] * writers, range(writers)))
    ledger = open_repository(url)
    assert shared == 50
    assert ledger.count() == 50 + writers * 50
    assert {failure.tries for failure in ledger.failures()} == {writers}
    with reading(ledger.engine) as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
