"""The ledger of calls: what was scored, what failed, what people corrected.

A call is named by its key: (sha256 of the file's bytes, digest of the configuration). It may be scored more than once;
it is recorded exactly once: one transaction, one live row a key, kept by a unique index. Any number of processes may
write at the same time.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Select, and_, delete, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from qa.bilingual import Bilingual
from qa.evaluation import Revision
from qa.store.columns import storable
from qa.store.database import open_database, reading, writing
from qa.store.rows import (
    Key,
    StoredCall,
    StoredFailure,
    absolute,
    evaluation_row,
    stored_call,
    stored_failure,
)
from qa.store.search import select_call
from qa.store.tables import EVALUATIONS, FAILURES, REVISIONS

_LIVE = EVALUATIONS.c.superseded_at.is_(None)
# SQLite takes up to 32,766 parameters a statement; PostgreSQL twice as many.
_KEYS_AT_ONCE = 5000


def open_repository(url: str | None = None) -> "Repository":
    """Open the database at `url` and its ledger; DatabaseError as `open_database`."""
    return Repository(open_database(url))


class Repository:
    """Reads and writes the ledger. Every write is one transaction; DatabaseError when the database refuses.

    `rows_at_once` is how many records are held in memory while reading all.
    """

    def __init__(self, engine: Engine, *, rows_at_once: int = 500) -> None:
        self.engine = engine
        self._rows_at_once = rows_at_once
        self._insert: Any = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()

    def recorded(self, keys: Iterable[Key]) -> set[Key]:
        """Those of `keys` that are recorded."""
        wanted = set(keys)
        found: set[Key] = set()
        ids = sorted({recording_id for recording_id, _ in wanted})
        for start in range(0, len(ids), _KEYS_AT_ONCE):
            part = EVALUATIONS.c.recording_id.in_(ids[start : start + _KEYS_AT_ONCE])
            query = select(EVALUATIONS.c.recording_id, EVALUATIONS.c.configuration_digest).where(_LIVE, part)
            with reading(self.engine) as connection:
                found.update((row[0], row[1]) for row in connection.execute(query))
        return found & wanted

    def record(
        self, recording_id: str, configuration_digest: str, record: Mapping[str, Any], *, replace: bool = False
    ) -> bool:
        """Write one evaluation and forget the call's failures, in one transaction.

        Returns False, and changes nothing, when the key is recorded already. With `replace` the older row is kept as
        superseded and the new one takes its place.
        """
        row = evaluation_row(recording_id, configuration_digest, record)
        with writing(self.engine) as connection:
            if replace:
                self._supersede(connection, (recording_id, configuration_digest))
            statement = (
                self._insert(EVALUATIONS)
                .values(row)
                .on_conflict_do_nothing(index_elements=["recording_id", "configuration_digest"], index_where=_LIVE)
                .returning(EVALUATIONS.c.row_id)
            )
            written = connection.execute(statement).first() is not None
            connection.execute(_failures_of(row["path"], recording_id, configuration_digest))
        return written

    def fail(
        self,
        path: str | Path,
        *,
        code: str,
        message: Bilingual,
        place: str = "",
        recording_id: str | None = None,
        configuration_digest: str = "",
    ) -> int:
        """Note that a call could not be scored and return how often it was tried."""
        row = {
            "path": absolute(path),
            "recording_id": recording_id,
            "configuration_digest": configuration_digest,
            "code": code,
            "place": storable(place),
            "message_en": storable(message.en),
            "message_zh": storable(message.zh),
            "tries": 1,
            "failed_at": datetime.now(UTC),
        }
        changed = {name: value for name, value in row.items() if name not in ("path", "configuration_digest")}
        statement = (
            self._insert(FAILURES)
            .values(row)
            .on_conflict_do_update(
                index_elements=["path", "configuration_digest"],
                set_={**changed, "tries": FAILURES.c.tries + 1},
            )
            .returning(FAILURES.c.tries)
        )
        with writing(self.engine) as connection:
            return int(connection.execute(statement).scalar_one())

    def failures(self) -> tuple[StoredFailure, ...]:
        """All calls that failed at their last try, by path."""
        query = select(FAILURES).order_by(FAILURES.c.path, FAILURES.c.configuration_digest)
        with reading(self.engine) as connection:
            return tuple(stored_failure(row) for row in connection.execute(query).mappings())

    def find(self, call: str) -> StoredCall:
        """The newest current evaluation of the call named by path, file name, stem, id or the start of one.

        Raises UsageError when nothing, or more than one call, answers to the name.
        """
        with reading(self.engine) as connection:
            return stored_call(select_call(connection, call))

    def records(self, keys: Collection[Key] | None = None) -> Iterator[StoredCall]:
        """Current evaluations in export order: by path, then by time of recording.

        With `keys` exactly those that are recorded, in the order of `keys`. Read in pages, so writers are not held up.
        """
        if keys is None:
            yield from self._all()
            return
        wanted = list(dict.fromkeys(keys))
        for start in range(0, len(wanted), self._rows_at_once):
            part = wanted[start : start + self._rows_at_once]
            query = select(EVALUATIONS).where(_LIVE, EVALUATIONS.c.recording_id.in_([key[0] for key in part]))
            with reading(self.engine) as connection:
                calls = [stored_call(row) for row in connection.execute(query).mappings()]
            found = {call.key: call for call in calls}
            yield from (found[key] for key in part if key in found)

    def count(self) -> int:
        """Number of current evaluations."""
        with reading(self.engine) as connection:
            return int(connection.execute(select(func.count()).select_from(EVALUATIONS).where(_LIVE)).scalar_one())

    def history(self, key: Key) -> tuple[StoredCall, ...]:
        """All evaluations ever recorded under one key, oldest first."""
        query = select(EVALUATIONS).where(_has_key(key)).order_by(EVALUATIONS.c.row_id)
        with reading(self.engine) as connection:
            return tuple(stored_call(row) for row in connection.execute(query).mappings())

    def revise(self, revision: Revision) -> None:
        """Append a person's correction; corrections are never changed or deleted."""
        with writing(self.engine) as connection:
            connection.execute(insert(REVISIONS).values(_revision_row(revision)))

    def revisions(self, evaluation_id: str) -> tuple[Revision, ...]:
        """Corrections of one evaluation, oldest first."""
        columns = [column for column in REVISIONS.c if column.name != "row_id"]
        query = select(*columns).where(REVISIONS.c.evaluation_id == evaluation_id).order_by(REVISIONS.c.row_id)
        with reading(self.engine) as connection:
            return tuple(Revision(**row) for row in connection.execute(query).mappings())

    def _all(self) -> Iterator[StoredCall]:
        order = (EVALUATIONS.c.path, EVALUATIONS.c.row_id)
        query: Select[Any] = select(EVALUATIONS).where(_LIVE).order_by(*order).limit(self._rows_at_once)
        after: tuple[str, int] | None = None
        while True:
            page = query if after is None else query.where(_after(*after))
            with reading(self.engine) as connection:
                rows = list(connection.execute(page).mappings())
            yield from map(stored_call, rows)
            if len(rows) < self._rows_at_once:
                return
            after = rows[-1]["path"], rows[-1]["row_id"]

    @staticmethod
    def _supersede(connection: Connection, key: Key) -> None:
        connection.execute(update(EVALUATIONS).where(_LIVE, _has_key(key)).values(superseded_at=datetime.now(UTC)))


def _revision_row(revision: Revision) -> dict[str, Any]:
    return {name: value if name == "made_at" else storable(value) for name, value in asdict(revision).items()}


def _has_key(key: Key) -> Any:
    return and_(EVALUATIONS.c.recording_id == key[0], EVALUATIONS.c.configuration_digest == key[1])


def _after(path: str, row_id: int) -> Any:
    column = EVALUATIONS.c.path
    return or_(column > path, and_(column == path, EVALUATIONS.c.row_id > row_id))


def _failures_of(path: str, recording_id: str, configuration_digest: str) -> Any:
    same_call = or_(FAILURES.c.path == path, FAILURES.c.recording_id == recording_id)
    return delete(FAILURES).where(same_call, FAILURES.c.configuration_digest.in_([configuration_digest, ""]))
