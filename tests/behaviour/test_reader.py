"""The turn-behaviour model as rules see it: published, missing, spoiled."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sklearn.preprocessing import FunctionTransformer
from skops.io import dumps

from qa.artifact import MANIFEST
from qa.behaviour.artifact import BEHAVIOUR_MODELS, KIND
from qa.behaviour.reader import NO_MODEL, BehaviourReader
from qa.catalogue import AGENT_IDS, COMPLAINT, FORBIDDEN
from qa.conversation import Conversation
from qa.errors import ModelError


def change_manifest(models: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Rewrite the manifest of the model in use."""
    path = BEHAVIOUR_MODELS.current_folder(models) / MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    change(manifest)
    path.write_text(json.dumps(manifest), encoding="utf-8")


def test_every_turn_is_read(models: Path, call: Callable[..., Conversation]) -> None:
    """The agent's turns have all agent ids, the customer's the complaint, and unknown speakers nothing."""
    reader = BehaviourReader(models)
    found = reader.read(call("A 您好光明客服", "C 都拖了一个星期了，太过分了", "U 嗯"))
    assert found is not None
    assert reader.model_id == (models / KIND / "CURRENT").read_text().strip()
    assert set(found) == {0, 1}
    assert set(found[0]) == set(AGENT_IDS)
    assert set(found[1]) == {COMPLAINT}
    assert all(0 <= value <= 1 for turn in found.values() for value in turn.values())


@pytest.mark.parametrize(
    ("said", "behaviour", "language"),
    [
        ("A 实在对不起，这事是我们的疏忽，我向您道歉", "timely_apology", "zh"),
        ("A 感谢您的来电，祝您生活愉快，再见", "closing", "zh"),
        ("A I'm really sorry about that, it was our mistake and I apologise", "timely_apology", "en"),
    ],
)
def test_plain_cases_are_told(
    models: Path, call: Callable[..., Conversation], said: str, behaviour: str, language: str
) -> None:
    """What any supervisor would mark is over the model's threshold; a plain question is not."""
    reader = BehaviourReader(models)
    least = reader.threshold(language, behaviour)
    assert least is not None
    question = "A 请问您的订单号是多少？" if language == "zh" else "A Could you give me the order number?"
    found = reader.read(call("C 我的快递还没到" if language == "zh" else "C It never came", said, language=language))
    other = reader.read(
        call("C 我的快递还没到" if language == "zh" else "C It never came", question, language=language)
    )
    assert found is not None
    assert other is not None
    assert found[1][behaviour] >= least > other[1][behaviour]


def test_same_call_same_answer(models: Path, call: Callable[..., Conversation]) -> None:
    """Nothing is left over from call to call."""
    reader, conversation = BehaviourReader(models), call("A 您好", "C 你们到底管不管", "A 对不起")
    assert reader.read(conversation) == reader.read(conversation) == BehaviourReader(models).read(conversation)


def test_without_a_model_nothing_is_read(tmp_path: Path, call: Callable[..., Conversation]) -> None:
    """A missing model is no error: no probabilities, no threshold, and an id that says so."""
    reader = BehaviourReader(tmp_path)
    assert reader.read(call("A 您好")) is None
    assert reader.threshold("zh", "greeting") is None
    assert reader.model_id == NO_MODEL


def test_other_language_is_not_read(models: Path, call: Callable[..., Conversation]) -> None:
    """A call in a language without a model is left alone."""
    assert BehaviourReader(models).read(call("A Guten Tag", language="de")) is None


def test_forbidden_thresholds_were_earned() -> None:
    """Where the shipped model accuses, it was right in 85 % of out-of-fold turns or more."""
    manifest = json.loads((BEHAVIOUR_MODELS.current_folder() / MANIFEST).read_text(encoding="utf-8"))
    for entry in manifest["languages"].values():
        for name in FORBIDDEN:
            if entry["thresholds"][name] is not None:
                assert entry["metrics"]["cv"][name]["precision"] >= 0.85


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda m: m.update(behaviours=["greeting"]), "model_labels"),
        (lambda m: m.update(columns_sha256="0" * 64), "model_signals"),
        (lambda m: m["libraries"].update({"scikit-learn": "0.24.2"}), "model_library"),
        (lambda m: m.update(version="other"), "manifest_version"),
        (lambda m: m.update(surprise=1), "manifest_bad"),
        (lambda m: m["languages"]["zh"].update(sha256="0" * 64), "model_altered"),
    ],
)
def test_wrong_model_is_refused(
    models: Path, call: Callable[..., Conversation], change: Callable[[dict[str, Any]], object], code: str
) -> None:
    """A model that is there but does not fit is an error that names the fix, never a silent miss."""
    change_manifest(models, change)
    with pytest.raises(ModelError) as caught:
        BehaviourReader(models).read(call("A 您好"))
    assert caught.value.code == code
    assert "python -m training.behaviour" in caught.value.message.en


@pytest.mark.parametrize(
    ("stored", "code"),
    [
        ({"blocks": FunctionTransformer(shutil.rmtree)}, "model_untrusted"),
        ({"weights": [1.0]}, "model_labels"),
        ([], "model_labels"),
    ],
)
def test_foreign_file_is_refused(models: Path, call: Callable[..., Conversation], stored: object, code: str) -> None:
    """Other contents are refused even when the manifest agrees with them."""
    blob = dumps(stored)
    (BEHAVIOUR_MODELS.current_folder(models) / "zh.skops").write_bytes(blob)
    change_manifest(models, lambda m: m["languages"]["zh"].update(sha256=hashlib.sha256(blob).hexdigest()))
    with pytest.raises(ModelError) as caught:
        BehaviourReader(models).read(call("A 您好"))
    assert caught.value.code == code
