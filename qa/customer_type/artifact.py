"""The published customer-type model on disk: what its manifest says, and how it is loaded. See qa.artifact."""

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from qa.artifact import CURRENT, LIBRARIES, MANIFEST, VERSION_PATTERN, ModelKind
from qa.bilingual import Bilingual
from qa.customer_type.model import CallModel
from qa.customer_type.signals import signals_digest
from qa.evaluation import CUSTOMER_TYPES

__all__ = ["CURRENT", "KIND", "LIBRARIES", "MANIFEST", "PARTS", "LanguageModel", "Manifest"]

KIND = "customer_type"
PARTS = ("turn", "call")
_KIND = ModelKind(KIND, title=Bilingual("customer-type", "客户类型"), command="python -m training")


class LanguageModel(BaseModel):
    """One language's file. `temperature` flattens its probabilities; below `threshold` the classifier abstains."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str = Field(pattern=r"^[a-z]{2}\.skops$")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size_bytes: int = Field(gt=0)
    temperature: float = Field(gt=0, le=20)
    threshold: float = Field(ge=0, le=1)
    recipe: str
    calls: int = Field(gt=0)
    metrics: dict[str, Any]


class Manifest(BaseModel):
    """What a published model is. `created_at` is UTC, ISO 8601."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1]
    kind: Literal["customer_type"]
    version: str = Field(pattern=f"^{VERSION_PATTERN}$")
    created_at: str
    labels: tuple[str, ...]
    signals_sha256: str
    data_sha256: str
    libraries: dict[str, str]
    languages: dict[str, LanguageModel]


def models_folder(folder: Path | None = None) -> Path:
    """Folder that holds `customer_type/`: `folder`, else CALLGRADE_MODELS, else the checkout's, else the wheel's."""
    return _KIND.models_folder(folder)


def current_folder(folder: Path | None = None) -> Path:
    """Folder of the version in use. `folder` may also be a version's own folder. Raises ModelError."""
    return _KIND.current_folder(folder)


def read_manifest(folder: Path) -> Manifest:
    """Read and check the manifest of one version. Raises ModelError for anything that does not fit this program."""
    manifest = _KIND.parse_manifest(folder, Manifest)
    path = folder / MANIFEST
    _KIND.check_version(folder, manifest.version)
    if manifest.labels != CUSTOMER_TYPES:
        _KIND.refuse(
            path,
            "model_labels",
            f"has the labels {manifest.labels}, but {CUSTOMER_TYPES} are needed",
            f"标签为 {manifest.labels}，应为 {CUSTOMER_TYPES}",
        )
    if manifest.signals_sha256 != signals_digest():
        _KIND.refuse(
            path, "model_signals", "was trained with other cues than this program has", "训练所用的线索与本程序不同"
        )
    _KIND.check_libraries(folder, manifest.libraries)
    return manifest


def load_model(folder: Path, entry: LanguageModel) -> CallModel:
    """Load one language's estimators after checking its sha256 and types. Raises ModelError."""
    path = folder / entry.file
    stored = _KIND.load_file(path, entry.sha256)
    parts = [stored.get(name) for name in PARTS] if isinstance(stored, dict) else []
    if not parts or any(list(getattr(part, "classes_", ())) != list(range(len(CUSTOMER_TYPES))) for part in parts):
        _KIND.refuse(
            path, "model_labels", "does not answer with the three customer types", "不是按三种客户类型作答的模型"
        )
    return CallModel(*parts)
