"""Find one call by whatever a person has at hand: a path, a file name, or the start of one or of an id."""

from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, func, or_, select

from qa.errors import UsageError
from qa.store.columns import storable
from qa.store.rows import absolute
from qa.store.tables import EVALUATIONS

_SHORTEST_ID = 4
_SHOWN = 10
_LIVE = EVALUATIONS.c.superseded_at.is_(None)


def select_call(connection: Connection, call: str) -> RowMapping:
    """The newest live row of the one call that `call` names; the most exact reading wins.

    Raises UsageError with code unknown_call or ambiguous_call.
    """
    text = str(storable(call.strip()))
    if not text:
        raise _unknown(connection, call)
    for condition in _readings(text):
        query = select(EVALUATIONS).where(_LIVE, condition).order_by(EVALUATIONS.c.row_id.desc()).limit(1000)
        rows = list(connection.execute(query).mappings())
        if not rows:
            continue
        if len({row["recording_id"] for row in rows}) > 1:
            raise _ambiguous(call, rows)
        return rows[0]
    raise _unknown(connection, call)


def _readings(text: str) -> tuple[ColumnElement[bool], ...]:
    table = EVALUATIONS.c
    readings: list[Any] = [table.path == absolute(text), table.name == text]
    real = storable(str(Path(text).resolve())) if "\\x00" not in text else text
    readings.append(table.path == real)
    readings.append(table.name.startswith(f"{text}.", autoescape=True))
    if len(text) >= _SHORTEST_ID:
        lowered = text.lower()
        readings.append(
            or_(
                table.recording_id.startswith(lowered, autoescape=True),
                table.evaluation_id.startswith(lowered, autoescape=True),
            )
        )
    readings.append(table.name.startswith(text, autoescape=True))
    return tuple(readings)


def _ambiguous(call: str, rows: list[RowMapping]) -> UsageError:
    paths = sorted({row["path"] for row in rows})
    shown = ", ".join(paths[:_SHOWN]) + (", …" if len(paths) > _SHOWN else "")
    return UsageError(
        en=f"{call!r} may be any of {len(paths)} calls: {shown}; give more of the name",
        zh=f"{call!r} 对应 {len(paths)} 通电话：{shown}；请给出更完整的名称",
        code="ambiguous_call",
    )


def _unknown(connection: Connection, call: str) -> UsageError:
    count = connection.execute(select(func.count()).select_from(EVALUATIONS).where(_LIVE)).scalar_one()
    return UsageError(
        en=f"no call {call!r} among the {count} recorded here; score it first, or check --database",
        zh=f"在已记录的 {count} 通电话中没有 {call!r}；请先评分，或检查 --database",
        code="unknown_call",
    )
