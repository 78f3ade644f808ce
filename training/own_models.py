"""A folder of models that belongs to its user: where training may write, and how it begins."""

import shutil
from pathlib import Path

from qa.bilingual import Bilingual
from qa.cli.console import say
from qa.cli.train_request import TrainRequest
from qa.customer_type.artifact import CURRENT, KIND, MANIFEST, models_folder
from qa.errors import EXIT_OK, UsageError

_BUNDLED = "_bundled"


def init(request: TrainRequest) -> int:
    """Copy the models in use by the program into an empty folder; returns the exit code. Raises UsageError."""
    source = models_folder()
    target = request.models
    if target is None or target.resolve() == source.resolve():
        target = _asked_elsewhere(target)
        source = _shipped()
    if target.exists() and any(target.iterdir()):
        raise UsageError(path=target, code="not_empty", en="this folder is not empty", zh="该文件夹不是空的")
    shutil.copytree(source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".candidate", ".new-*"))
    say(
        Bilingual(
            f"models copied to {target}; set CALLGRADE_MODELS={target.absolute()} so that qa score uses them",
            f"模型已复制到 {target}；请设置 CALLGRADE_MODELS={target.absolute()}，qa score 才会使用",
        )
    )
    return EXIT_OK


def _asked_elsewhere(target: Path | None) -> Path:
    if target is None:
        raise UsageError(code="no_models", en="name a folder with --models", zh="请用 --models 指定文件夹")
    return target


def _shipped() -> Path:
    """The checkout's or the wheel's own models, whatever CALLGRADE_MODELS says."""
    from importlib.resources import files

    package = Path(str(files("qa")))
    checkout = package.parent / "models"
    return checkout if (checkout / KIND / CURRENT).is_file() else package / _BUNDLED / "models"


def own_folder(request: TrainRequest) -> Path:
    """The folder to write to; never the one inside an installed program, which the next update would replace."""
    models = models_folder(request.models)
    if _BUNDLED in models.parts and not (models / KIND / MANIFEST).is_file():
        raise UsageError(
            path=models,
            code="own_models",
            en="these models belong to the installed program; copy them with `qa train init --models FOLDER` and give "
            "--models FOLDER (or set CALLGRADE_MODELS)",
            zh="这里是已安装程序自带的模型；请先用 `qa train init --models 文件夹` 复制，再给出 --models 文件夹"
            "（或设置 CALLGRADE_MODELS）",
        )
    return models
