"""`qa labels next` and `qa labels drift` without their output: what they read of the database."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from qa.errors import UsageError
from qa.labels.choosing import HARD, RANDOM, Choice, Chosen, choose, rated
from qa.labels.drift import CallFacts, Shift, facts_of, shifts
from qa.labels.label import CUSTOMER_TYPE, UNCLEAR
from qa.store.database import open_for_reading
from qa.store.labels import add_picks, current_labels, picked
from qa.store.latest import latest_calls, record_texts
from qa.store.repository import open_repository

Period = tuple[datetime, datetime]
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTH = re.compile(r"\d{4}-\d{2}")


def choose_calls(database: str | None, *, limit: int, random_share: float) -> Chosen:
    """Choose calls to label next and remember the choice. UsageError when no call is recorded."""
    with closing(open_repository(database)) as repository:
        engine = repository.engine
        labelled = {label.call for label in current_labels(engine, CUSTOMER_TYPE)}
        models: set[str] = set()
        calls: list[Choice] = []
        for record in _records(engine):
            models.add(record["customer_type"]["model_id"])
            calls.append(rated(record["recording"]["id"], record))
        if not calls:
            raise UsageError(
                code="no_calls",
                en="no calls are recorded here; score some first, or check --database",
                zh="这里没有已记录的通话；请先评分，或检查 --database",
            )
        seen = picked(engine, RANDOM)
        chosen = choose(calls, labelled, limit=limit, random_share=random_share, seen=seen)
        add_picks(engine, (*chosen.sample, *chosen.hard), " ".join(sorted(models)))
    return chosen


def compare_periods(database: str | None, before: Period, after: Period) -> tuple[list[Shift], tuple[int, int]]:
    """All shifts, and how many calls each period has. A call's time is its start, else when it was scored."""
    engine = open_for_reading(database)
    sample = picked(engine, RANDOM)
    labels = {
        label.call: label.value
        for label in current_labels(engine, CUSTOMER_TYPE)
        if label.call in sample and label.value != UNCLEAR
    }
    sides: tuple[list[CallFacts], list[CallFacts]] = ([], [])
    for record in _records(engine):
        moment = _moment(record)
        for side, (start, end) in zip(sides, (before, after), strict=True):
            if moment is not None and start <= moment < end:
                side.append(facts_of(record, labels.get(record["recording"]["id"])))
    return shifts(*sides), (len(sides[0]), len(sides[1]))


def period_of(text: str) -> Period:
    """A month, a day, or two days with `..` between, in UTC; the end is not part of it. Raises UsageError."""
    first, separator, last = text.strip().partition("..")
    try:
        if not separator and _MONTH.fullmatch(first):
            start = datetime.fromisoformat(f"{first}-01").replace(tzinfo=UTC)
            return start, (start + timedelta(days=32)).replace(day=1)
        days = [
            datetime.fromisoformat(day).replace(tzinfo=UTC) for day in (first, last or first) if _DAY.fullmatch(day)
        ]
        start, end = days
    except ValueError:
        raise _bad_period(text) from None
    if end < start:
        raise _bad_period(text)
    return start, end + timedelta(days=1)


def _records(engine: Engine) -> Iterator[dict[str, Any]]:
    for _, text in record_texts(engine, latest_calls(engine)):
        record = json.loads(text)
        if record.get("customer_type") and record.get("recording"):
            yield record


def _moment(record: dict[str, Any]) -> datetime | None:
    text = record["recording"].get("started_at") or (record.get("provenance") or {}).get("created_at")
    moment = datetime.fromisoformat(text) if text else None
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def _bad_period(text: str) -> UsageError:
    return UsageError(
        code="bad_period",
        en=f"{text!r} is not a period; give 2026-09, 2026-09-15 or 2026-09-01..2026-09-14",
        zh=f"{text!r} 不是有效时段；请写 2026-09、2026-09-15 或 2026-09-01..2026-09-14",
    )


__all__ = ["HARD", "RANDOM", "choose_calls", "compare_periods", "period_of"]
