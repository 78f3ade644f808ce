"""A fresh database and records to put into it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qa.store.repository import Repository, open_repository


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Address of a database that does not exist yet, in a folder that does not exist either."""
    return f"sqlite:///{tmp_path / 'data' / 'calls.db'}"


@pytest.fixture
def ledger(url: str) -> Repository:
    """An empty ledger."""
    return open_repository(url)


@pytest.fixture
def make_record() -> Callable[..., dict[str, Any]]:
    """Factory of records with only what the store looks at."""

    def make(path: str, **changes: Any) -> dict[str, Any]:
        recording = {"path": path, "duration_s": 60.0, "started_at": None, "agent_id": None, "queue": None}
        recording.update({name: changes.pop(name) for name in list(changes) if name in recording})
        record = {
            "id": f"eval-{path}"[:36],
            "recording": recording,
            "language": "zh",
            "score": 80.0,
            "fatal_failed": [],
        }
        return {**record, "customer_type": {"label": "demanding"}, "turns": [{"text": "您好"}], **changes}

    return make
