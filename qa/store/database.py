"""Open the database: SQLite in WAL mode by default, PostgreSQL where psycopg is installed.

SQLite transactions begin with BEGIN IMMEDIATE: a transaction that reads first and writes later is refused at once when
another process writes in between, however long it would wait. Connections that only read (`reading`) take plain BEGIN
and never stand in the way of a writer.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from qa.store.columns import to_json
from qa.store.faults import bad_url, explained, no_database, no_driver
from qa.store.schema import check_revision, upgrade
from qa.store.sqlite import BUSY_TIMEOUT_S, READ_ONLY, reading_engine, sqlite_engine


def default_url() -> str:
    """SQLite file in the user's data folder."""
    from platformdirs import user_data_dir

    return f"sqlite:///{Path(user_data_dir('callgrade', appauthor=False)) / 'callgrade.db'}"


def open_database(url: str | None = None, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> Engine:
    """Open the database at `url`, an address or an SQLite file (default: `default_url`), and return its engine.

    The parent folder of an SQLite file and the tables are created. A database with an older schema is copied beside
    itself, then migrated. Raises DatabaseError with code bad_url, no_driver, not_a_database, not_ours, newer_schema,
    read_only, locked, damaged, disk_full or unreachable.
    """
    parsed = _parse(url or default_url())
    with explained(parsed):
        engine = sqlite_engine(parsed, busy_timeout_s) if parsed.get_backend_name() == "sqlite" else _server(parsed)
        upgrade(engine)
    return engine


def open_for_reading(url: str | None = None) -> Engine:
    """Open an existing database of this version for reading only: nothing is created, migrated or written.

    Raises DatabaseError as `open_database`, and with code no_database or older_schema.
    """
    parsed = _parse(url or default_url())
    is_sqlite = parsed.get_backend_name() == "sqlite"
    if is_sqlite and not Path(str(parsed.database)).is_file():
        raise no_database(parsed)
    with explained(parsed):
        engine = reading_engine(parsed) if is_sqlite else _server(parsed)
        with engine.connect() as connection:
            check_revision(connection, parsed)
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection for reading only, in one snapshot."""
    with explained(engine.url), engine.connect() as connection:
        yield connection.execution_options(**{READ_ONLY: True})


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A connection in one write transaction: all of it is kept, or nothing."""
    with explained(engine.url), engine.begin() as connection:
        yield connection


def _parse(url: str) -> URL:
    if "://" not in url and url.strip() and ":memory:" not in url:
        return URL.create("sqlite", database=url)
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (ArgumentError, NoSuchModuleError) as error:
        raise bad_url(url) from error
    if backend not in ("sqlite", "postgresql"):
        raise bad_url(url)
    if backend == "postgresql" and parsed.drivername == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise bad_url(url)
    return parsed


def _server(url: URL) -> Engine:
    try:
        return create_engine(url, pool_pre_ping=True, json_serializer=to_json, connect_args={"connect_timeout": 10})
    except (ImportError, SQLAlchemyError) as error:
        raise no_driver(url) from error
