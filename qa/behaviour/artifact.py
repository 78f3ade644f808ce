"""The published turn-behaviour model on disk: what its manifest says, and how it is loaded. See qa.artifact."""

from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from qa.artifact import MANIFEST, VERSION_PATTERN, ModelKind
from qa.behaviour.grams import columns_digest, restored
from qa.behaviour.model import FROM_COMPLAINT, TurnModel
from qa.behaviour.signals import PLACE_COLUMNS
from qa.bilingual import Bilingual
from qa.catalogue import AGENT_IDS, BEHAVIOURS

KIND = "behaviour"
BEHAVIOUR_MODELS = ModelKind(
    KIND, title=Bilingual("turn-behaviour", "话轮行为"), command="python -m training.behaviour"
)


class LanguageModel(BaseModel):
    """One language's file. From its threshold on a behaviour counts as said; null means the model stays silent."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str = Field(pattern=r"^[a-z]{2}\.skops$")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size_bytes: int = Field(gt=0)
    thresholds: dict[str, float | None]
    calls: int = Field(gt=0)
    metrics: dict[str, Any]


class Manifest(BaseModel):
    """What a published model is. `created_at` is UTC, ISO 8601."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1]
    kind: Literal["behaviour"]
    version: str = Field(pattern=f"^{VERSION_PATTERN}$")
    created_at: str
    behaviours: tuple[str, ...]
    columns_sha256: str
    data_sha256: str
    libraries: dict[str, str]
    languages: dict[Literal["zh", "en"], LanguageModel]


def read_manifest(folder: Path) -> Manifest:
    """Read and check the manifest of one version. Raises ModelError for anything that does not fit this program."""
    manifest = BEHAVIOUR_MODELS.parse_manifest(folder, Manifest)
    BEHAVIOUR_MODELS.check_version(folder, manifest.version)
    if manifest.behaviours != BEHAVIOURS:
        BEHAVIOUR_MODELS.refuse(
            folder / MANIFEST, "model_labels", "has other behaviours than this program", "行为种类与本程序不同"
        )
    if manifest.columns_sha256 != columns_digest():
        BEHAVIOUR_MODELS.refuse(
            folder / MANIFEST, "model_signals", "was trained with other signals than this program has",
            "训练所用的特征与本程序不同",
        )  # fmt: skip
    BEHAVIOUR_MODELS.check_libraries(folder, manifest.libraries)
    return manifest


def stored(model: TurnModel) -> dict[str, Any]:
    """A model as text and arrays only."""
    return {
        "blocks": model.grams.stored(),
        "weights": model.weights.astype(np.float32),
        "bias": model.bias.astype(np.float32),
        "complaint_weights": model.complaint_weights.astype(np.float32),
        "complaint_bias": float(model.complaint_bias),
    }


def load_model(folder: Path, language: str, entry: LanguageModel) -> TurnModel:
    """Load one language's model after checking its sha256, types and shapes. Raises ModelError."""
    path = folder / entry.file
    found = BEHAVIOUR_MODELS.load_file(path, entry.sha256)
    try:
        grams = restored(language, found["blocks"])
        weights, bias = (np.asarray(found[name], dtype=np.float64) for name in ("weights", "bias"))
        complaint = np.asarray(found["complaint_weights"], dtype=np.float64)
        columns = grams.size() + len(PLACE_COLUMNS)
        model = TurnModel(grams, AGENT_IDS, weights, bias, complaint, float(found["complaint_bias"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        BEHAVIOUR_MODELS.refuse(
            path, "model_labels", f"does not hold the behaviours' weights ({error})", f"不含各行为的权重（{error}）"
        )
    fits = weights.shape == (len(AGENT_IDS), columns) and bias.shape == (len(AGENT_IDS),)
    if not fits or complaint.shape != (columns - FROM_COMPLAINT,):
        shapes = f"{weights.shape}, {bias.shape}, {complaint.shape}; {columns} columns"
        BEHAVIOUR_MODELS.refuse(
            path, "model_labels", f"holds misshapen weights ({shapes})", f"权重形状不符（{shapes}）"
        )
    return model
