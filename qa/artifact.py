"""Published models on disk, of any kind: where they are, and how a file is opened without trusting it.

    <models>/<kind>/CURRENT                 the version in use, one line
    <models>/<kind>/<version>/manifest.json
    <models>/<kind>/<version>/{zh,en}.skops

A file is loaded only when its sha256 is the manifest's and it holds no type outside skops' own list and TRUSTED_TYPES.
The sha256 guards against damage and mix-ups; the type list guards against code in the file.
"""

import hashlib
import os
import re
from collections.abc import Mapping
from importlib.metadata import version as installed_version
from importlib.resources import files
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError

from qa.bilingual import Bilingual
from qa.errors import ModelError

MANIFEST = "manifest.json"
CURRENT = "CURRENT"
MODELS_VARIABLE = "CALLGRADE_MODELS"
# Fixed on purpose: never taken from the file that is being loaded. No trees: a forged one reads outside its memory.
# numpy.dtype is read as the type of an empty array, without pickle (skops.io._numpy.DTypeNode); imputers hold one.
TRUSTED_TYPES: tuple[str, ...] = ("numpy.dtype",)
# Minor versions of these change what a stored estimator means.
LIBRARIES = ("scikit-learn", "numpy", "skops")
VERSION_PATTERN = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
ManifestForm = TypeVar("ManifestForm", bound=BaseModel)


class ModelKind:
    """One kind of model: its folder's name, what people call it, and the command that makes it."""

    def __init__(self, name: str, *, title: Bilingual, command: str) -> None:
        self.name = name
        self.title = title
        self.fix = Bilingual(
            f"run `{command}` in a checkout, or reinstall callgrade",
            f"请在源码目录运行 `{command}`，或重新安装 callgrade",
        )

    def models_folder(self, folder: Path | None = None) -> Path:
        """Folder that holds `<kind>/`: `folder`, else CALLGRADE_MODELS, else the checkout's, else the wheel's."""
        asked = folder or (Path(os.environ[MODELS_VARIABLE]) if os.environ.get(MODELS_VARIABLE) else None)
        if asked is not None:
            return asked
        package = Path(str(files("qa")))
        checkout = package.parent / "models"
        if (checkout / self.name).is_dir() and (package.parent / "pyproject.toml").is_file():
            return checkout
        return package / "_bundled" / "models"

    def current_folder(self, folder: Path | None = None) -> Path:
        """Folder of the version in use. `folder` may also be a version's own folder. Raises ModelError."""
        models = self.models_folder(folder)
        if (models / MANIFEST).is_file():
            return models
        pointer = models / self.name / CURRENT
        try:
            name = pointer.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ModelError(
                path=pointer,
                code="model_missing",
                en=f"no {self.title.en} model is published here; {self.fix.en}, or set {MODELS_VARIABLE}",
                zh=f"这里没有已发布的{self.title.zh}模型；{self.fix.zh}，或设置 {MODELS_VARIABLE}",
            ) from error
        chosen = models / self.name / name
        if not re.fullmatch(VERSION_PATTERN, name) or not chosen.is_dir():
            raise ModelError(
                path=pointer,
                code="model_version_missing",
                en=f"names version {name[:80]!r}, which is not there; {self.fix.en}",
                zh=f"指向的版本 {name[:80]!r} 不存在；{self.fix.zh}",
            )
        return chosen

    def parse_manifest(self, folder: Path, form: type[ManifestForm]) -> ManifestForm:
        """Read one version's manifest into its form. Raises ModelError."""
        path = folder / MANIFEST
        try:
            return form.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            detail = error.errors()[0] if isinstance(error, ValidationError) else {"loc": (), "msg": str(error)}
            place = ".".join(map(str, detail["loc"]))
            raise ModelError(
                path=path,
                place=place,
                code="manifest_bad",
                en=f"not a usable model manifest ({detail['msg']}); {self.fix.en}",
                zh=f"模型清单无法使用（{detail['msg']}）；{self.fix.zh}",
            ) from error

    def check_version(self, folder: Path, version: str) -> None:
        """A version's folder has the version's name wherever a pointer chooses among several. Raises ModelError."""
        if folder.name != version and (folder.parent / CURRENT).is_file():
            self.refuse(folder / MANIFEST, "manifest_version", f"is of version {version!r}", f"属于版本 {version!r}")

    def check_libraries(self, folder: Path, libraries: Mapping[str, str]) -> None:
        """The scikit-learn here is the minor version that the model was made with. Raises ModelError."""
        name = "scikit-learn"
        made_with, here = libraries.get(name, ""), installed_version(name)
        if made_with.split(".")[:2] != here.split(".")[:2]:
            raise ModelError(
                path=folder / MANIFEST,
                code="model_library",
                en=f"was made with {name} {made_with or '?'}, but {here} is installed; "
                f"`pip install '{name}=={made_with}'`, or {self.fix.en}",
                zh=f"由 {name} {made_with or '?'} 生成，但安装的是 {here}；"
                f"可执行 `pip install '{name}=={made_with}'`，或{self.fix.zh}",
            )

    def load_file(self, path: Path, sha256: str) -> Any:
        """What a .skops file holds, after checking its sha256 and its types. Raises ModelError."""
        try:
            blob = path.read_bytes()
        except OSError as error:
            raise ModelError(
                path=path,
                code="model_missing",
                en=f"model file missing; {self.fix.en}",
                zh=f"缺少模型文件；{self.fix.zh}",
            ) from error
        if hashlib.sha256(blob).hexdigest() != sha256:
            self.refuse(
                path,
                "model_altered",
                "is not the file that was published (sha256 differs)",
                "与发布的文件不一致（sha256 不同）",
            )
        from skops.io import loads
        from skops.io.exceptions import UntrustedTypesFoundException

        try:
            return loads(blob, trusted=list(TRUSTED_TYPES))
        except UntrustedTypesFoundException as error:
            raise ModelError(
                path=path,
                code="model_untrusted",
                en=f"holds types that are not allowed in a model and was not loaded: {error}. "
                f"Do not use this file; {self.fix.en}",
                zh=f"含有不允许的类型，未加载：{error}。请勿使用此文件；{self.fix.zh}",
            ) from error
        except Exception as error:  # any other failure of a foreign format means the same
            raise ModelError(
                path=path,
                code="model_unreadable",
                en=f"cannot be read as a model ({type(error).__name__}: {error}); {self.fix.en}",
                zh=f"无法作为模型读取（{type(error).__name__}: {error}）；{self.fix.zh}",
            ) from error

    def refuse(self, path: Path, code: str, en: str, zh: str) -> NoReturn:
        """Raise ModelError with the fix."""
        raise ModelError(path=path, code=code, en=f"{en}; {self.fix.en}", zh=f"{zh}；{self.fix.zh}")
