"""Labelled calls of a database as training calls: transcript from the newest evaluation, label from people."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Engine

from qa.conversation import Turn
from qa.customer_type.signals import said_turns
from qa.labels.choosing import RANDOM
from qa.labels.label import CUSTOMER_TYPE, UNCLEAR
from qa.store.database import open_for_reading
from qa.store.labels import current_labels, picked
from qa.store.latest import latest_calls, record_texts
from training.dataset import Call

ORIGIN = "database"
# Manifest columns that name the customer; the agent stands in where none is known.
CUSTOMER_COLUMNS = (
    "customer_id",
    "customer",
    "caller_id",
    "caller",
    "phone",
    "客户编号",
    "客户",
    "主叫号码",
    "客户号码",
)
_HOT_TURN = 0.6
LANGUAGES = ("zh", "en")


def stored_calls(database: str | None) -> list[Call]:
    """All calls with a customer type given by people, by recording id. DatabaseError as `open_for_reading`."""
    engine = open_for_reading(database)
    try:
        return _calls(engine)
    finally:
        engine.dispose()


def _calls(engine: Engine) -> list[Call]:
    labels = {label.call: label.value for label in current_labels(engine, CUSTOMER_TYPE) if label.value != UNCLEAR}
    sample = picked(engine, RANDOM)
    calls = {}
    for _, text in record_texts(engine, latest_calls(engine)):
        record = json.loads(text)
        name = record["recording"]["id"]
        if name in labels and record["language"][:2] in LANGUAGES:
            call = _call(record, labels[name], drawn=name in sample)
            if call is not None:
                calls[name] = call
    return [calls[name] for name in sorted(calls)]


def _call(record: Mapping[str, Any], label: str, *, drawn: bool) -> Call | None:
    """None where no trusted word of the customer is left."""
    language = record["language"][:2]
    turns = [
        Turn(place, turn["role"], turn["text"])
        for place, turn in enumerate(record["turns"])
        if turn["role"] in ("agent", "customer") and turn["text"].strip() and not turn["suspect"]
    ]
    if not any(turn.customer for turn in said_turns(turns, language)):
        return None
    recording = record["recording"]
    group = _group(recording)
    # The turn model learns anger from marked turns only: those that rules or the model of then heard.
    angry = _angry_turns(record) if label == "agitated" else frozenset()
    places = [turn.index for turn in turns]
    return Call(
        id=recording["id"],
        language=language,
        domain=group,
        channel="phone" if recording["duration_s"] else "chat",
        turns=tuple((turn.role, turn.text) for turn in turns),
        label=label,
        complaints=frozenset(new for new, old in enumerate(places) if old in angry),
        known_group=group,
        drawn=drawn,
        origin=ORIGIN,
    )


def _group(recording: Mapping[str, Any]) -> str:
    """The customer, else the agent, else the call alone."""
    metadata = recording.get("metadata") or {}
    for name in CUSTOMER_COLUMNS:
        if str(metadata.get(name) or "").strip():
            return f"customer:{str(metadata[name]).strip()}"
    return f"agent:{recording['agent_id']}" if recording.get("agent_id") else str(recording["id"])


def _angry_turns(record: Mapping[str, Any]) -> frozenset[int]:
    """Places of the turns that speak for an angry customer; the hottest one where none stands out."""
    turns: Sequence[Mapping[str, Any]] = record["turns"]
    customer = {turn["index"]: place for place, turn in enumerate(turns) if turn["role"] == "customer"}
    moods = {mood["turn_index"]: mood["agitated"] for mood in record["customer_type"].get("trajectory") or ()}
    heard = {index for index, heat in moods.items() if heat >= _HOT_TURN}
    begins = (record.get("complaint") or {}).get("begins_turn")
    heard |= {begins} if begins is not None else set()
    if not heard & set(customer):
        heard = {max(moods, key=lambda index: moods[index])} if moods else set(customer)
    return frozenset(customer[index] for index in heard if index in customer)
