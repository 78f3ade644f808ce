"""Labelled calls of a database, and a candidate that leaves other languages as they are."""

import hashlib
import shutil
from pathlib import Path
from typing import Any

import pytest

from qa.cli.train_request import TrainRequest
from qa.customer_type.artifact import KIND, current_folder, read_manifest
from qa.errors import UsageError
from qa.labels.choosing import RANDOM, Choice
from qa.labels.label import Label
from qa.store.labels import add_labels, add_picks
from qa.store.repository import open_repository
from training.dataset import read_calls
from training.fit import fit_language
from training.gathering import gather
from training.publish import write_candidate
from training.stored import stored_calls

CHECKOUT = Path(__file__).parents[2] / "models"
SAID = [("agent", "您好"), ("customer", "我要投诉，太差了"), ("system", "转接中"), ("customer", "算了，谢谢")]


def record(name: str, **changes: Any) -> dict[str, Any]:
    """A scored call with what the training reads."""
    turns = [
        {"index": index, "role": role, "text": text, "suspect": None}
        for index, (role, text) in enumerate(changes.pop("said", SAID))
    ]
    kind = {"label": "agitated", "trajectory": changes.pop("trajectory", [])}
    recording = {
        "id": hashlib.sha256(name.encode()).hexdigest(),
        "path": f"{name}.json",
        "duration_s": None,
        "started_at": None,
        "agent_id": changes.pop("agent_id", None),
        "queue": None,
        "metadata": changes.pop("metadata", {}),
    }
    complaint = {"begins_turn": changes.pop("begins_turn", None)}
    made = {"id": f"e-{name}", "recording": recording, "language": "zh", "customer_type": kind, "turns": turns}
    return {**made, "complaint": complaint, "score": None, "fatal_failed": []}


def database(folder: Path, *calls: tuple[dict[str, Any], str], drawn: tuple[int, ...] = ()) -> str:
    """A database with these calls, labelled."""
    url = f"sqlite:///{folder / 'calls.db'}"
    repository = open_repository(url)
    for one, label in calls:
        repository.record(one["recording"]["id"], "k", one)
        add_labels(repository.engine, [Label(one["recording"]["id"], "customer_type", label, "li", None)])
    chosen = [Choice(calls[place][0]["recording"]["id"], "", "zh", 0, (), RANDOM) for place in drawn]
    add_picks(repository.engine, chosen, "m")
    repository.close()
    return url


@pytest.mark.parametrize(
    ("changes", "group"),
    [
        ({"metadata": {"customer_id": " 77 "}, "agent_id": "a1"}, "customer:77"),
        ({"metadata": {"客户编号": "88"}}, "customer:88"),
        ({"agent_id": "a1"}, "agent:a1"),
        ({}, hashlib.sha256(b"one").hexdigest()),
    ],
)
def test_groups(tmp_path: Path, changes: dict[str, Any], group: str) -> None:
    """The customer, else the agent, else the call alone."""
    (call,) = stored_calls(database(tmp_path, (record("one", **changes), "confused")))
    assert (call.group, call.label, call.origin) == (group, "confused", "database")


@pytest.mark.parametrize(
    ("label", "changes", "marked"),
    [
        ("agitated", {"begins_turn": 1}, {1}),
        ("agitated", {"trajectory": [{"turn_index": 1, "agitated": 0.3}, {"turn_index": 3, "agitated": 0.9}]}, {2}),
        ("agitated", {"trajectory": [{"turn_index": 1, "agitated": 0.3}, {"turn_index": 3, "agitated": 0.1}]}, {1}),
        ("agitated", {}, {1, 2}),
        ("demanding", {"begins_turn": 1}, set()),
    ],
)
def test_angry_turns(tmp_path: Path, label: str, changes: dict[str, Any], marked: set[int]) -> None:
    """What rules or model heard, else the hottest turn; a call that people found calm has none."""
    (call,) = stored_calls(database(tmp_path, (record("one", **changes), label)))
    assert [role for role, _ in call.turns] == ["agent", "customer", "customer"]
    assert call.complaints == marked


def test_what_is_not_learned(tmp_path: Path) -> None:
    """Labels taken back, calls without a word of the customer, and the same words twice."""
    silent = record("silent", said=[("agent", "您好")])
    other = record("other", said=[("customer", "查一下话费")])
    calls = [(record("one"), "agitated"), (record("copy"), "agitated"), (silent, "confused"), (other, "unclear")]
    url = database(tmp_path, *calls, drawn=(0,))
    found = stored_calls(url)
    assert {call.id for call in found} == {one["recording"]["id"] for one, _ in calls[:2]}
    assert [call.id for call in found if call.drawn] == [calls[0][0]["recording"]["id"]]
    with pytest.raises(UsageError, match="too few"):
        gather(TrainRequest("fit", files=False, database=url))
    both = gather(TrainRequest("fit", database=url))
    assert both.copies == 1
    assert sum(call.origin == "database" for call in both.calls) == 1


def test_other_languages_are_kept(tmp_path: Path) -> None:
    """A candidate of Chinese calls alone has the English model that is in use, byte by byte."""
    current = current_folder(CHECKOUT)
    shutil.copytree(current, tmp_path / KIND / current.name)
    shutil.copy(CHECKOUT / KIND / "CURRENT", tmp_path / KIND / "CURRENT")
    calls = [call for call in read_calls(language="zh") if not call.excerpt]
    few = [call for target in range(3) for call in [one for one in calls if one.target == target][:12]]
    candidate = write_candidate({"zh": fit_language(few, "zh", names=["cues"])}, "0" * 64, tmp_path)
    manifest = read_manifest(candidate)
    assert manifest.languages["en"] == read_manifest(current).languages["en"]
    assert (candidate / "en.skops").read_bytes() == (current / "en.skops").read_bytes()
    assert manifest.languages["zh"].calls == len(few)
    assert (tmp_path / KIND / "CURRENT").read_text().strip() == current.name
