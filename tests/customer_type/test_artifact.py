"""Loading a published model: only the right files are accepted, and every refusal names the fix."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import FunctionTransformer
from skops.io import dumps

from qa.customer_type.artifact import KIND, MANIFEST, current_folder, models_folder
from qa.customer_type.classifier import load_classifier
from qa.errors import ModelError

CHECKOUT = Path(__file__).parents[2] / "models"


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A copy of the published model that a test may spoil."""
    source = current_folder(CHECKOUT)
    shutil.copytree(source, tmp_path / KIND / source.name)
    shutil.copy(CHECKOUT / KIND / "CURRENT", tmp_path / KIND / "CURRENT")
    return tmp_path


def change_manifest(models: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Rewrite the manifest of the model in use."""
    path = current_folder(models) / MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    change(manifest)
    path.write_text(json.dumps(manifest), encoding="utf-8")


def put_file(models: Path, stored: object) -> None:
    """Replace zh.skops by another file that the manifest agrees with, as somebody who can write both would."""
    blob = dumps(stored)
    (current_folder(models) / "zh.skops").write_bytes(blob)
    change_manifest(models, lambda m: m["languages"]["zh"].update(sha256=hashlib.sha256(blob).hexdigest()))


def test_published_model_loads(models: Path) -> None:
    """The model in the repository loads, and its id is its version."""
    assert load_classifier(models).model_id == (models / KIND / "CURRENT").read_text().strip()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda m: m.update(labels=["demanding", "confused", "calm"]), "model_labels"),
        (lambda m: m.update(labels=["confused", "demanding", "agitated"]), "model_labels"),
        (lambda m: m.update(signals_sha256="0" * 64), "model_signals"),
        (lambda m: m["libraries"].update({"scikit-learn": "0.24.2"}), "model_library"),
        (lambda m: m["libraries"].pop("scikit-learn"), "model_library"),
        (lambda m: m.update(version="other"), "manifest_version"),
        (lambda m: m.update(format=2), "manifest_bad"),
        (lambda m: m.update(surprise=1), "manifest_bad"),
        (lambda m: m["languages"]["zh"].update(file="../../zh.skops"), "manifest_bad"),
        (lambda m: m["languages"]["zh"].update(temperature=0), "manifest_bad"),
    ],
)
def test_wrong_manifest_is_refused(models: Path, change: Callable[[dict[str, Any]], object], code: str) -> None:
    """Labels, cues, libraries, version and form must all fit this program."""
    change_manifest(models, change)
    with pytest.raises(ModelError) as caught:
        load_classifier(models)
    assert caught.value.code == code
    assert "python -m training" in caught.value.message.en
    assert "python -m training" in caught.value.message.zh


def test_altered_file_is_refused(models: Path) -> None:
    """One changed byte is enough."""
    path = current_folder(models) / "zh.skops"
    blob = bytearray(path.read_bytes())
    blob[len(blob) // 2] ^= 1
    path.write_bytes(blob)
    with pytest.raises(ModelError, match="sha256") as caught:
        load_classifier(models)
    assert caught.value.code == "model_altered"


def test_missing_file_is_refused(models: Path) -> None:
    """A manifest without its file is not a model."""
    (current_folder(models) / "en.skops").unlink()
    with pytest.raises(ModelError) as caught:
        load_classifier(models)
    assert caught.value.code == "model_missing"


def test_file_with_a_function_is_refused(models: Path) -> None:
    """A type that is not on the fixed list is not loaded, even when the sha256 agrees."""
    put_file(models, {"turn": FunctionTransformer(shutil.rmtree), "call": LogisticRegression()})
    with pytest.raises(ModelError) as caught:
        load_classifier(models)
    assert caught.value.code == "model_untrusted"
    assert "rmtree" in str(caught.value)


@pytest.mark.parametrize(
    "stored", [LogisticRegression(), {"turn": LogisticRegression()}, {}], ids=["one", "part", "none"]
)
def test_file_without_the_three_types_is_refused(models: Path, stored: object) -> None:
    """Harmless files that are not our two estimators are refused as well."""
    put_file(models, stored)
    with pytest.raises(ModelError) as caught:
        load_classifier(models)
    assert caught.value.code == "model_labels"


@pytest.mark.parametrize(
    ("pointer", "code"), [("nowhere", "model_version_missing"), ("../..", "model_version_missing")]
)
def test_pointer_to_nothing_is_refused(models: Path, pointer: str, code: str) -> None:
    """CURRENT names a version that is there, and never a path."""
    (models / KIND / "CURRENT").write_text(pointer)
    with pytest.raises(ModelError) as caught:
        current_folder(models)
    assert caught.value.code == code


def test_no_model_names_the_fix(tmp_path: Path) -> None:
    """An empty folder says how to get a model."""
    with pytest.raises(ModelError, match="CALLGRADE_MODELS"):
        load_classifier(tmp_path)


def test_folder_resolution(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Argument before environment before checkout."""
    monkeypatch.setenv("CALLGRADE_MODELS", str(tmp_path / "environment"))
    assert models_folder(tmp_path) == tmp_path
    assert models_folder() == tmp_path / "environment"
    monkeypatch.delenv("CALLGRADE_MODELS")
    assert models_folder() == CHECKOUT
