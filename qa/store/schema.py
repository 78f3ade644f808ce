"""Bring a database to the schema of this version, once, however many processes open it at the same time."""

import sqlite3
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.engine import URL

from qa.store.faults import newer_schema, older_schema
from qa.store.sqlite import READ_ONLY
from qa.store.tables import SCHEMA_REVISION

if TYPE_CHECKING:
    from alembic.config import Config

_FOLDER = Path(__file__).with_name("migrations")
# PostgreSQL has no lock on "the database"; any fixed number serves as the name of ours.
_ADVISORY_LOCK = 0x43616C6C


def upgrade(engine: Engine, revision: str = SCHEMA_REVISION) -> None:
    """Run the missing migrations in one transaction. A database with an older schema is backed up first."""
    with engine.connect() as connection:
        connection.execution_options(**{READ_ONLY: True})
        if revision_of(connection) == revision:
            return
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
        found = revision_of(connection)
        if found == revision:
            return
        if found is not None and found not in _known_revisions():
            raise newer_schema(engine.url, found, SCHEMA_REVISION)
        if found is not None and connection.dialect.name == "sqlite":
            # This transaction keeps other writers out, so the copy is the database as it is now.
            backup(Path(str(engine.url.database)), f"schema-{found}")
        _migrate(connection, revision)


def check_revision(connection: Connection, url: URL) -> None:
    """Refuse a database of another schema than this version's. Raises DatabaseError newer_schema or older_schema."""
    found = revision_of(connection)
    if found == SCHEMA_REVISION:
        return
    if found is not None and found not in _known_revisions():
        raise newer_schema(url, found, SCHEMA_REVISION)
    raise older_schema(url, found, SCHEMA_REVISION)


def revision_of(connection: Connection) -> str | None:
    """Schema revision of a database; None when it is new."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one_or_none()


def backup(path: Path, label: str) -> Path:
    """Copy the SQLite database `path` beside itself as NAME.LABEL.bak and return the copy; an older copy stays."""
    numbers = chain([""], (f"-{number}" for number in count(2)))
    names = (path.with_name(f"{path.name}.{label}{number}.bak") for number in numbers)
    target = next(name for name in names if not name.exists())
    source = sqlite3.connect(path)
    try:
        copy = sqlite3.connect(target)
        try:
            source.backup(copy)
        finally:
            copy.close()
    finally:
        source.close()
    return target


def _migrate(connection: Connection, revision: str) -> None:
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _known_revisions() -> set[str]:
    from alembic.script import ScriptDirectory

    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
