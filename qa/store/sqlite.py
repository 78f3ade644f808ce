"""SQLite as the store uses it: WAL, full sync, immediate transactions, and only files that are ours."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL

from qa.errors import DatabaseError
from qa.store.columns import to_json
from qa.store.faults import not_ours

BUSY_TIMEOUT_S = 30.0
# Marks our files ("Call" in ASCII): no other program's database is ever migrated by mistake.
APPLICATION_ID = 0x43616C6C
# Execution option of connections that only read.
READ_ONLY = "callgrade_read_only"


def sqlite_engine(url: URL, busy_timeout_s: float = BUSY_TIMEOUT_S) -> Engine:
    """Engine for one SQLite file whose parent folder is created; writers wait up to `busy_timeout_s` for each other."""
    _prepare_folder(url)
    engine = create_engine(url, json_serializer=to_json, connect_args={"timeout": busy_timeout_s})

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: Any) -> None:
        # The driver must not open transactions by itself: `begin` below does.
        connection.isolation_level = None
        _mark(connection, url)
        connection.execute("PRAGMA foreign_keys = ON")
        # NORMAL could lose the last commits in a power cut.
        connection.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        read_only = connection.get_execution_options().get(READ_ONLY, False)
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def reading_engine(url: URL) -> Engine:
    """Engine for an existing SQLite file that refuses every write."""
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_S})

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA query_only = ON")

    return engine


def _mark(connection: sqlite3.Connection, url: URL) -> None:
    """Claim a new file for Callgrade and refuse another program's, before anything is written."""
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    if owner != APPLICATION_ID:
        connection.execute("BEGIN IMMEDIATE")
        try:
            _check_owner(connection, url)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute("COMMIT")
        except BaseException:
            connection.rollback()
            raise
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        connection.execute("PRAGMA journal_mode = WAL")


def _check_owner(connection: sqlite3.Connection, url: URL) -> None:
    # Read again: another process may have claimed the file meanwhile.
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if owner != APPLICATION_ID and (owner or tables):
        raise not_ours(url)


def _prepare_folder(url: URL) -> None:
    database = str(url.database)
    if database.startswith("file:"):
        return
    path = Path(database)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseError(
            en=f"the folder of the database cannot be created: {error.strerror}; choose another with --database",
            zh=f"无法创建数据库所在文件夹：{error.strerror}；请用 --database 另选位置",
            path=path,
            code="unreachable",
        ) from error
