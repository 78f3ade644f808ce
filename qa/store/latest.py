"""The current evaluation of every call: the newest live row of each recording, whatever its configuration."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, Text, cast, func, select

from qa.store.database import reading
from qa.store.tables import EVALUATIONS

_ROWS_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class LatestCall:
    """Where a call's current evaluation stands; `path` is absolute."""

    row_id: int
    path: str
    language: str
    queue: str | None


def latest_calls(engine: Engine, *, queue: str | None = None) -> list[LatestCall]:
    """Current evaluations of all calls (or those of one queue), the newest first, without their records."""
    table = EVALUATIONS.c
    newest = select(func.max(table.row_id)).where(table.superseded_at.is_(None)).group_by(table.recording_id)
    query = select(table.row_id, table.path, table.language, table.queue).where(table.row_id.in_(newest))
    if queue is not None:
        query = query.where(table.queue == queue)
    with reading(engine) as connection:
        rows = connection.execute(query.order_by(table.row_id.desc()))
        return [LatestCall(row.row_id, row.path, row.language or "", row.queue) for row in rows]


def record_texts(engine: Engine, calls: Sequence[LatestCall]) -> Iterator[tuple[LatestCall, str]]:
    """Each call with its record as JSON text, unparsed, so that a broken one does not stop the others."""
    table = EVALUATIONS.c
    for start in range(0, len(calls), _ROWS_AT_ONCE):
        page = calls[start : start + _ROWS_AT_ONCE]
        query = select(table.row_id, cast(table.record, Text)).where(table.row_id.in_([call.row_id for call in page]))
        with reading(engine) as connection:
            texts = {row[0]: row[1] for row in connection.execute(query)}
        yield from ((call, texts[call.row_id] or "") for call in page if call.row_id in texts)
