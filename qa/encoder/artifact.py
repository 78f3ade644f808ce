"""The published encoder on disk: what its manifest says, and how its two files are opened. See qa.artifact."""

import hashlib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from qa.artifact import MANIFEST, VERSION_PATTERN, ModelKind
from qa.bilingual import Bilingual
from qa.encoder.heads import CALL_HEADS, TURN_HEADS
from qa.encoder.windows import windows_digest

KIND = "encoder"
NETWORK, TOKENIZER = "calls.onnx", "tokenizer.json"
ENCODER_MODELS = ModelKind(KIND, title=Bilingual("call-encoder", "通话编码"), command="python -m training.encoder")
Calibration = tuple[float, float]
"""A probability is sigmoid(slope * logit + shift)."""


class Blend(BaseModel):
    """How the network speaks together with the n-gram turn model `companion`.

    `share` is its part of the logit, 0-1; from its threshold on a behaviour counts (null: stays silent).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    companion: str = Field(pattern=f"^{VERSION_PATTERN}$")
    share: float = Field(gt=0, le=1)
    calibration: dict[str, Calibration]
    thresholds: dict[str, float | None]


class LanguageEntry(BaseModel):
    """One language: the blend for turns; temperature and thresholds of the call's labels; figures."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    blend: Blend
    type_temperature: float = Field(gt=0)
    special_thresholds: dict[str, float | None]
    calls: int = Field(gt=0)
    metrics: dict[str, Any]


class Manifest(BaseModel):
    """What a published encoder is. `created_at` is UTC, ISO 8601; `base` names the pretrained network and licence."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1]
    kind: Literal["encoder"]
    version: str = Field(pattern=f"^{VERSION_PATTERN}$")
    created_at: str
    base: str
    turn_heads: tuple[str, ...]
    call_heads: tuple[tuple[str, tuple[str, ...]], ...]
    windows_sha256: str
    data_sha256: str
    files: dict[str, str]
    libraries: dict[str, str]
    languages: dict[Literal["zh", "en"], LanguageEntry]


def read_manifest(folder: Path) -> Manifest:
    """Read and check the manifest of one version. Raises ModelError for anything that does not fit this program."""
    manifest = ENCODER_MODELS.parse_manifest(folder, Manifest)
    ENCODER_MODELS.check_version(folder, manifest.version)
    if manifest.turn_heads != TURN_HEADS or manifest.call_heads != CALL_HEADS:
        ENCODER_MODELS.refuse(
            folder / MANIFEST, "model_labels", "answers other questions than this program asks", "所答问题与本程序不同"
        )
    if manifest.windows_sha256 != windows_digest():
        ENCODER_MODELS.refuse(
            folder / MANIFEST, "model_signals", "was trained on calls cut in another way", "训练时通话的切分方式不同"
        )
    return manifest


def checked_file(folder: Path, manifest: Manifest, name: str) -> bytes:
    """A file's bytes after checking its sha256. Raises ModelError."""
    path = folder / name
    try:
        blob = path.read_bytes()
    except OSError as error:
        ENCODER_MODELS.refuse(path, "model_file", f"cannot be read ({error})", f"无法读取（{error}）")
    if hashlib.sha256(blob).hexdigest() != manifest.files.get(name):
        ENCODER_MODELS.refuse(path, "model_digest", "is not the file of its manifest", "与清单中的摘要不符")
    return blob
