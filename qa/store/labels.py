"""Labels in the database: appended, never changed; the newest of a call and kind counts, whoever made it.

The review page calls `revise`, which keeps the correction and its label in one transaction, so that labels from files
and from reviews are the same rows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, insert, select

from qa.errors import UsageError
from qa.evaluation import Revision
from qa.labels.choosing import Choice
from qa.labels.label import KINDS, Label, LabelFault, value_of
from qa.store.columns import storable
from qa.store.database import reading, writing
from qa.store.tables import EVALUATIONS, LABEL_PICKS, LABELS, REVISIONS

_ID_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Added:
    """How many labels were new, and how many were there already."""

    new: int
    known: int


def add_labels(engine: Engine, labels: Sequence[Label]) -> Added:
    """Append labels in one transaction. The same label again (or, without a time, one that still counts) is no news."""
    with writing(engine) as connection:
        history = _stored(connection)
        seen = {(one.call, one.kind, one.value, one.author, one.made_at) for one in history}
        standing = {(one.call, one.kind): (one.value, one.author) for one in _newest(history)}
        rows = []
        for asked in labels:
            label = _kept(asked)
            known = (label.call, label.kind, label.value, label.author, label.made_at) in seen
            stands = standing.get((label.call, label.kind)) == (label.value, label.author)
            if known or (asked.made_at is None and stands):
                continue
            seen.add((label.call, label.kind, label.value, label.author, label.made_at))
            standing[label.call, label.kind] = (label.value, label.author)
            rows.append(asdict(label))
        if rows:
            connection.execute(insert(LABELS), rows)
    return Added(len(rows), len(labels) - len(rows))


def current_labels(engine: Engine, kind: str | None = None) -> list[Label]:
    """The labels that count: of each call and kind the newest, by the time it was made, then by when it came in."""
    return _newest(label_history(engine, kind=kind))


def label_history(engine: Engine, *, call: str | None = None, kind: str | None = None) -> list[Label]:
    """Every label ever given (to one call, of one kind), in the order in which they came in."""
    with reading(engine) as connection:
        return _stored(connection, call=call, kind=kind)


def revise(engine: Engine, recording_id: str, revision: Revision) -> Label | None:
    """Keep a person's correction; where its field is a kind of label, also the label, in the same transaction.

    A new value of None takes the label back. Raises UsageError, and keeps nothing, when the value is not allowed.
    """
    label = None
    if revision.field in KINDS:
        try:
            value = value_of(revision.field, revision.new or "unclear")
        except LabelFault as fault:
            raise UsageError(en=fault.message.en, zh=fault.message.zh, code="bad_label") from fault
        label = Label(recording_id, revision.field, value, revision.author, revision.made_at, "review", revision.reason)
    row = {name: value if name == "made_at" else storable(value) for name, value in asdict(revision).items()}
    with writing(engine) as connection:
        connection.execute(insert(REVISIONS).values(row))
        if label is not None:
            connection.execute(insert(LABELS).values(asdict(_kept(label))))
    return label


def add_picks(engine: Engine, choices: Iterable[Choice], model_id: str) -> None:
    """Remember which calls were chosen for labelling and how; a call chosen the same way before is left as it is."""
    now = datetime.now(UTC)
    with writing(engine) as connection:
        known = {(row.call, row.picked_as) for row in connection.execute(select(LABEL_PICKS))}
        rows = [
            {
                "call": choice.call,
                "picked_as": choice.picked_as,
                "priority": choice.priority,
                "model_id": model_id,
                "picked_at": now,
            }
            for choice in choices
            if (choice.call, choice.picked_as) not in known
        ]
        if rows:
            connection.execute(insert(LABEL_PICKS), rows)


def picked(engine: Engine, picked_as: str) -> frozenset[str]:
    """Recording ids of the calls that were chosen in this way."""
    query = select(LABEL_PICKS.c.call).where(LABEL_PICKS.c.picked_as == picked_as)
    with reading(engine) as connection:
        return frozenset(connection.execute(query).scalars())


class CallNames:
    """All names under which a label file may speak of the recorded calls."""

    def __init__(self, engine: Engine) -> None:
        table = EVALUATIONS.c
        self._ids: dict[str, set[str]] = {}
        self.names: dict[str, str] = {}
        query = select(table.recording_id, table.evaluation_id, table.path, table.name).order_by(table.row_id)
        with reading(engine) as connection:
            for row in connection.execute(query):
                self.names[row.recording_id] = row.name
                for name in (row.recording_id, row.evaluation_id, row.path, row.name, PurePath(row.name).stem):
                    self._ids.setdefault(name, set()).add(row.recording_id)

    def recording_id(self, text: str) -> str:
        """The recording that `text` names: id, evaluation id, path, file name or stem. Raises LabelFault.

        A full recording id is taken as it is: its call may be recorded later.
        """
        name = text.strip()
        found = self._ids.get(name, set())
        if len(found) == 1:
            return next(iter(found))
        if found:
            raise LabelFault(
                f"{name!r} is the name of {len(found)} calls; give the path or the recording id",
                f"{name!r} 对应 {len(found)} 通电话；请填写路径或录音编号",
            )
        if len(name) == _ID_LENGTH and all(sign in "0123456789abcdef" for sign in name):
            return name
        raise LabelFault(
            f"no recorded call {name[:80]!r}; score it first, or check --database",
            f"没有已记录的通话 {name[:80]!r}；请先评分，或检查 --database",
        )


def _kept(label: Label) -> Label:
    texts = {name: storable(getattr(label, name)) for name in ("author", "note")}
    return replace(label, made_at=label.made_at or datetime.now(UTC), **texts)


def _stored(connection: Connection, *, call: str | None = None, kind: str | None = None) -> list[Label]:
    query = select(LABELS).order_by(LABELS.c.row_id)
    if call is not None:
        query = query.where(LABELS.c.call == call)
    if kind is not None:
        query = query.where(LABELS.c.kind == kind)
    return [_label(row) for row in connection.execute(query).mappings()]


def _label(row: RowMapping) -> Label:
    values: dict[str, Any] = {name: value for name, value in row.items() if name != "row_id"}
    return Label(**values)


def _made(label: Label) -> datetime:
    """The time of a stored label, which always has one."""
    return label.made_at or datetime.now(UTC)


def _newest(history: Iterable[Label]) -> list[Label]:
    newest: dict[tuple[str, str], Label] = {}
    for label in history:
        before = newest.get((label.call, label.kind))
        if before is None or _made(label) >= _made(before):
            newest[label.call, label.kind] = label
    return [newest[key] for key in sorted(newest)]
