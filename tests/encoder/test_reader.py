"""The published encoder: what it answers, and what is refused."""

import json
import shutil
from pathlib import Path

import pytest

from qa.behaviour.reader import BehaviourReader
from qa.conversation import Conversation, Engine, Recording, Turn
from qa.encoder.artifact import ENCODER_MODELS, NETWORK
from qa.encoder.heads import CALL_HEADS
from qa.encoder.reader import EncoderReader
from qa.errors import ModelError

MODELS = Path(__file__).parents[2] / "models"


def call(*texts: str, language: str = "zh") -> Conversation:
    """Turns by turns, the agent first."""
    turns = tuple(Turn(at, "customer" if at % 2 else "agent", text) for at, text in enumerate(texts))
    return Conversation(Recording("", "", None), language, turns, Engine("text"))


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A models folder with a copy of the published encoder."""
    source = ENCODER_MODELS.current_folder(MODELS)
    shutil.copytree(source, tmp_path / "encoder" / source.name)
    (tmp_path / "encoder" / "CURRENT").write_text(source.name)
    return tmp_path / "encoder" / source.name


@pytest.mark.parametrize(
    ("language", "texts", "behaviour"),
    [
        ("zh", ("您好，晨光热水器客服三十二号，很高兴为您服务。", "我想问个事"), "greeting"),
        ("en", ("Good morning, Harbour Cards, Priya speaking.", "hi, quick question"), "greeting"),
    ],
)
def test_plain_behaviours_are_read(language: str, texts: tuple[str, ...], behaviour: str) -> None:
    """The logit of what the first turn plainly does is above zero."""
    found = EncoderReader(MODELS).read(call(*texts, language=language))
    assert found is not None
    assert found.turns[0][behaviour] > 0


def test_shares_are_probabilities() -> None:
    """Exclusive labels of the call add up to one."""
    found = EncoderReader(MODELS).read(call("您好。", "你们这是什么态度，我要投诉！"))
    assert found is not None
    for name, options in CALL_HEADS:
        told = getattr(found, name)
        assert set(told) == set(options)
        if name != "special_customer":
            assert sum(told.values()) == pytest.approx(1)


def test_a_long_call_is_read_to_its_end() -> None:
    """Every turn of a call longer than a window has an answer."""
    found = EncoderReader(MODELS).read(call(*["这个问题我帮您查了一下，请您再稍等片刻，我核对清楚。"] * 90))
    assert found is not None
    assert sorted(found.turns) == list(range(90))


def test_without_a_model_nothing_is_read(tmp_path: Path) -> None:
    """No encoder is no error: the n-gram model reads alone."""
    reader = EncoderReader(tmp_path)
    assert (reader.model_id, reader.read(call("您好"))) == ("none", None)


def test_another_language_is_not_read() -> None:
    """The encoder was taught two languages."""
    assert EncoderReader(MODELS).read(call("Guten Tag", language="de")) is None


def test_changed_network_is_refused(copied: Path) -> None:
    """A file that is not the manifest's is not opened."""
    (copied / NETWORK).write_bytes((copied / NETWORK).read_bytes() + b"\0")
    with pytest.raises(ModelError, match=r"calls\.onnx.*manifest"):
        EncoderReader(copied.parents[1]).read(call("您好"))


@pytest.mark.parametrize(
    ("key", "value", "complaint"),
    [("turn_heads", ["greeting"], "questions"), ("windows_sha256", "0", "cut in another way"), ("format", 2, "format")],
)
def test_unfit_manifest_is_refused(copied: Path, key: str, value: object, complaint: str) -> None:
    """Other questions, another way of cutting or another format cannot be used."""
    path = copied / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {key: value}))
    with pytest.raises(ModelError, match=complaint):
        _ = EncoderReader(copied.parents[1]).model_id


def test_encoder_and_turn_model_belong_together(copied: Path) -> None:
    """An encoder calibrated with another turn model is refused, with the command that calibrates it anew."""
    models = copied.parents[1]
    shutil.copytree(MODELS / "behaviour", models / "behaviour")
    path = copied / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["languages"]["zh"]["blend"]["companion"] = "tb-other"
    path.write_text(json.dumps(manifest))
    with pytest.raises(ModelError, match=r"training\.encoder blend"):
        BehaviourReader(models).read(call("您好"))
