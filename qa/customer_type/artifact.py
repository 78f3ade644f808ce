"""The published customer-type model on disk: where it is, what it must look like, and how it is loaded without trust.

    <models>/customer_type/CURRENT                 the version in use, one line
    <models>/customer_type/<version>/manifest.json
    <models>/customer_type/<version>/{zh,en}.skops
    <models>/customer_type/<version>/card.md

A file is loaded only when its sha256 is the manifest's and it holds no type outside skops' own list and TRUSTED_TYPES.
The sha256 guards against damage and mix-ups; the type list guards against code in the file.
"""

import hashlib
import os
import re
from importlib.metadata import version as installed_version
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from qa.customer_type.model import CallModel
from qa.customer_type.signals import signals_digest
from qa.errors import ModelError
from qa.evaluation import CUSTOMER_TYPES

KIND = "customer_type"
MANIFEST = "manifest.json"
PARTS = ("turn", "call")
CURRENT = "CURRENT"
MODELS_VARIABLE = "CALLGRADE_MODELS"
# Fixed on purpose: never taken from the file that is being loaded. No trees: a forged one reads outside its memory.
# numpy.dtype is read as the type of an empty array, without pickle (skops.io._numpy.DTypeNode); imputers hold one.
TRUSTED_TYPES: tuple[str, ...] = ("numpy.dtype",)
# Minor versions of these change what a stored estimator means.
LIBRARIES = ("scikit-learn", "numpy", "skops")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_FIX_EN = "run `python -m training` in a checkout, or reinstall callgrade"
_FIX_ZH = "请在源码目录运行 `python -m training`，或重新安装 callgrade"


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
    version: str = Field(pattern=f"^{_VERSION.pattern}$")
    created_at: str
    labels: tuple[str, ...]
    signals_sha256: str
    data_sha256: str
    libraries: dict[str, str]
    languages: dict[str, LanguageModel]


def models_folder(folder: Path | None = None) -> Path:
    """Folder that holds `customer_type/`: `folder`, else CALLGRADE_MODELS, else the checkout's, else the wheel's."""
    asked = folder or (Path(os.environ[MODELS_VARIABLE]) if os.environ.get(MODELS_VARIABLE) else None)
    if asked is not None:
        return asked
    package = Path(str(files("qa")))
    checkout = package.parent / "models"
    if (checkout / KIND).is_dir() and (package.parent / "pyproject.toml").is_file():
        return checkout
    return package / "_bundled" / "models"


def current_folder(folder: Path | None = None) -> Path:
    """Folder of the version in use. `folder` may also be a version's own folder. Raises ModelError."""
    models = models_folder(folder)
    if (models / MANIFEST).is_file():
        return models
    pointer = models / KIND / CURRENT
    try:
        name = pointer.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(
            path=pointer,
            code="model_missing",
            en=f"no customer-type model is published here; {_FIX_EN}, or set {MODELS_VARIABLE}",
            zh=f"这里没有已发布的客户类型模型；{_FIX_ZH}，或设置 {MODELS_VARIABLE}",
        ) from error
    chosen = models / KIND / name
    if not _VERSION.fullmatch(name) or not chosen.is_dir():
        raise ModelError(
            path=pointer,
            code="model_version_missing",
            en=f"names version {name[:80]!r}, which is not there; {_FIX_EN}",
            zh=f"指向的版本 {name[:80]!r} 不存在；{_FIX_ZH}",
        )
    return chosen


def read_manifest(folder: Path) -> Manifest:
    """Read and check the manifest of one version. Raises ModelError for anything that does not fit this program."""
    path = folder / MANIFEST
    try:
        manifest = Manifest.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        detail = error.errors()[0] if isinstance(error, ValidationError) else {"loc": (), "msg": str(error)}
        place = ".".join(map(str, detail["loc"]))
        raise ModelError(
            path=path,
            place=place,
            code="manifest_bad",
            en=f"not a usable model manifest ({detail['msg']}); {_FIX_EN}",
            zh=f"模型清单无法使用（{detail['msg']}）；{_FIX_ZH}",
        ) from error
    if folder.name != manifest.version and (folder.parent / CURRENT).is_file():
        _refuse(path, "manifest_version", f"is of version {manifest.version!r}", f"属于版本 {manifest.version!r}")
    if manifest.labels != CUSTOMER_TYPES:
        _refuse(
            path,
            "model_labels",
            f"has the labels {manifest.labels}, but {CUSTOMER_TYPES} are needed",
            f"标签为 {manifest.labels}，应为 {CUSTOMER_TYPES}",
        )
    if manifest.signals_sha256 != signals_digest():
        _refuse(
            path, "model_signals", "was trained with other cues than this program has", "训练所用的线索与本程序不同"
        )
    _check_libraries(path, manifest)
    return manifest


def load_model(folder: Path, entry: LanguageModel) -> CallModel:
    """Load one language's estimators after checking its sha256 and types. Raises ModelError."""
    path = folder / entry.file
    try:
        blob = path.read_bytes()
    except OSError as error:
        raise ModelError(
            path=path, code="model_missing", en=f"model file missing; {_FIX_EN}", zh=f"缺少模型文件；{_FIX_ZH}"
        ) from error
    if hashlib.sha256(blob).hexdigest() != entry.sha256:
        _refuse(
            path,
            "model_altered",
            "is not the file that was published (sha256 differs)",
            "与发布的文件不一致（sha256 不同）",
        )
    from skops.io import loads
    from skops.io.exceptions import UntrustedTypesFoundException

    try:
        stored = loads(blob, trusted=list(TRUSTED_TYPES))
    except UntrustedTypesFoundException as error:
        raise ModelError(
            path=path,
            code="model_untrusted",
            en=f"holds types that are not allowed in a model and was not loaded: {error}. "
            f"Do not use this file; {_FIX_EN}",
            zh=f"含有不允许的类型，未加载：{error}。请勿使用此文件；{_FIX_ZH}",
        ) from error
    except Exception as error:  # any other failure of a foreign format means the same
        raise ModelError(
            path=path,
            code="model_unreadable",
            en=f"cannot be read as a model ({type(error).__name__}: {error}); {_FIX_EN}",
            zh=f"无法作为模型读取（{type(error).__name__}: {error}）；{_FIX_ZH}",
        ) from error
    parts = [stored.get(name) for name in PARTS] if isinstance(stored, dict) else []
    if not parts or any(list(getattr(part, "classes_", ())) != list(range(len(CUSTOMER_TYPES))) for part in parts):
        _refuse(path, "model_labels", "does not answer with the three customer types", "不是按三种客户类型作答的模型")
    return CallModel(*parts)


def _check_libraries(path: Path, manifest: Manifest) -> None:
    for name in LIBRARIES:
        made_with, here = manifest.libraries.get(name, ""), installed_version(name)
        if name == "scikit-learn" and made_with.split(".")[:2] != here.split(".")[:2]:
            raise ModelError(
                path=path,
                code="model_library",
                en=f"was made with {name} {made_with or '?'}, but {here} is installed; "
                f"`pip install '{name}=={made_with}'`, or {_FIX_EN}",
                zh=f"由 {name} {made_with or '?'} 生成，但安装的是 {here}；"
                f"可执行 `pip install '{name}=={made_with}'`，或{_FIX_ZH}",
            )


def _refuse(path: Path, code: str, en: str, zh: str) -> None:
    raise ModelError(path=path, code=code, en=f"{en}; {_FIX_EN}", zh=f"{zh}；{_FIX_ZH}")
