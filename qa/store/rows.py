"""From a JSON record to the columns of its row, and from a row to what callers get."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import RowMapping

from qa.bilingual import Bilingual
from qa.store.columns import storable

Key = tuple[str, str]
Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class StoredCall:
    """One recorded evaluation. `record` is the public JSON; `path` is absolute; `superseded_at` None means current."""

    recording_id: str
    configuration_digest: str
    evaluation_id: str
    path: str
    recorded_at: datetime
    superseded_at: datetime | None
    record: Record

    @property
    def key(self) -> Key:
        """The ledger key."""
        return self.recording_id, self.configuration_digest


@dataclass(frozen=True, slots=True)
class StoredFailure:
    """A call that could not be scored, how often that was tried, and why. The digest is empty where not known."""

    path: str
    recording_id: str | None
    configuration_digest: str
    code: str
    place: str
    message: Bilingual
    tries: int
    failed_at: datetime


def evaluation_row(recording_id: str, configuration_digest: str, record: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of a new live row."""
    recording = record.get("recording") or {}
    path = absolute(recording.get("path") or "")
    return {
        "evaluation_id": storable(str(record.get("id") or "")),
        "recording_id": recording_id,
        "configuration_digest": configuration_digest,
        "path": path,
        "name": Path(path).name,
        "language": storable(record.get("language")),
        "customer_type": storable((record.get("customer_type") or {}).get("label")),
        "score": record.get("score"),
        "fatal": bool(record.get("fatal_failed")),
        "agent_id": storable(recording.get("agent_id")),
        "queue": storable(recording.get("queue")),
        "started_at": _time(recording.get("started_at")),
        "duration_s": recording.get("duration_s"),
        "recorded_at": datetime.now(UTC),
        "superseded_at": None,
        "record": storable(dict(record)),
    }


def stored_call(row: RowMapping) -> StoredCall:
    """A row of `evaluations`."""
    return StoredCall(
        recording_id=row["recording_id"],
        configuration_digest=row["configuration_digest"],
        evaluation_id=row["evaluation_id"],
        path=row["path"],
        recorded_at=row["recorded_at"],
        superseded_at=row["superseded_at"],
        record=row["record"],
    )


def stored_failure(row: RowMapping) -> StoredFailure:
    """A row of `failures`."""
    return StoredFailure(
        path=row["path"],
        recording_id=row["recording_id"],
        configuration_digest=row["configuration_digest"],
        code=row["code"],
        place=row["place"],
        message=Bilingual(row["message_en"], row["message_zh"]),
        tries=row["tries"],
        failed_at=row["failed_at"],
    )


def absolute(path: str | Path) -> str:
    """The path as the database keeps it: absolute, links not followed, every character storable."""
    return str(storable(str(Path(path).absolute()))) if str(path) else ""


def _time(text: str | None) -> datetime | None:
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
