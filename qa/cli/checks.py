"""The checks of `qa doctor`, each of its own part; what is wrong is told with its fix, never raised."""

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from qa.bilingual import Bilingual
from qa.errors import CallgradeError

LEAST_PYTHON = (3, 11)
PACKAGES = {
    "av": "av",
    "faster-whisper": "faster_whisper",
    "ctranslate2": "ctranslate2",
    "scikit-learn": "sklearn",
    "skops": "skops",
    "spacy": "spacy",
    "opencc": "opencc",
    "pypinyin": "pypinyin",
    "sqlalchemy": "sqlalchemy",
    "alembic": "alembic",
    "pebble": "pebble",
    "openpyxl": "openpyxl",
    "ruamel.yaml": "ruamel.yaml",
}
LOW_DISK_BYTES = 2 * 1024**3
NO_DISK_BYTES = 200 * 1024**2
_GB = 1024**3


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the report; `fix` says what to do, empty where nothing is to be done."""

    name: str
    status: Literal["ok", "warn", "fail"]
    found: str
    fix: str = ""


def run_checks(*, database: str | None, model: str) -> Iterator[Check]:
    """All checks, the quick ones first."""
    yield _python()
    yield from _packages()
    yield _guarded(str(Bilingual("customer-type model", "客户类型模型")), _customer_type_model)
    yield _guarded(str(Bilingual("turn-behaviour model", "话轮行为模型")), _behaviour_model)
    yield from _scorecards()
    yield _guarded(str(Bilingual("recognition weights", "语音识别权重")), lambda: _weights(model))
    yield _guarded(str(Bilingual("database", "数据库")), lambda: _database(database))
    yield from _disk(database)


def _guarded(name: str, look: Callable[[], Check | str]) -> Check:
    try:
        found = look()
    except CallgradeError as error:
        # The messages of these errors name their fix themselves.
        return Check(name, "fail", error.in_language())
    except ImportError as error:
        return Check(name, "fail", str(error), _reinstall())
    except OSError as error:
        return Check(name, "fail", f"{error.filename or ''} {error.strerror or error}".strip())
    return found if isinstance(found, Check) else Check(name, "ok", found)


def _python() -> Check:
    found = f"{platform.python_version()}, {platform.machine()}, {len(os.sched_getaffinity(0))} CPU"
    if sys.version_info[:2] < LEAST_PYTHON:
        return Check(
            "Python", "fail", found, str(Bilingual("install Python 3.11 or newer", "请安装 Python 3.11 或更新版本"))
        )
    return Check("Python", "ok", found)


def _packages() -> Iterator[Check]:
    """One line for all that can be imported, one for each that cannot."""
    good = []
    for name, module in PACKAGES.items():
        try:
            number = version(name)
            import_module(module)
        except PackageNotFoundError:
            missing = str(Bilingual("not installed", "未安装"))
            yield Check(name, "fail", missing, _reinstall())
        except Exception as error:  # noqa: BLE001  a broken library may raise anything on import
            broken = str(Bilingual("cannot be loaded", "无法加载"))
            yield Check(name, "fail", f"{broken}: {type(error).__name__}: {str(error)[:200]}", _reinstall())
        else:
            good.append(f"{name} {number}")
    yield Check(str(Bilingual("packages", "软件包")), "ok", ", ".join(good))
    yield Check("ffmpeg", "ok", str(Bilingual("not needed, PyAV brings its own", "不需要，PyAV 已自带")))


def _reinstall() -> str:
    return "pip install --force-reinstall callgrade"


def _behaviour_model() -> str:
    from qa.behaviour.reader import NO_MODEL, BehaviourReader

    name = BehaviourReader().model_id
    if name == NO_MODEL:
        return str(Bilingual("none; rules work by words alone", "无；规则只按字词判断"))
    return str(Bilingual(f"{name} (manifest checked)", f"{name}（清单已核对）"))


def _customer_type_model() -> str:
    from qa.customer_type.artifact import current_folder
    from qa.customer_type.classifier import load_classifier

    model = load_classifier().model_id
    return f"{model} (sha256 {Bilingual('checked', '已核对')}), {current_folder()}"


def _scorecards() -> Iterator[Check]:
    from qa.scorecard import SHIPPED, load_scorecard

    for name in SHIPPED:

        def compiled(name: str = name) -> str:
            from qa.rules.judge import Judge

            card = load_scorecard(name)
            Judge(card)
            return str(
                Bilingual(
                    f"{card.version}, {len(card.criteria)} criteria", f"{card.version}，{len(card.criteria)} 个条目"
                )
            )

        yield _guarded(f"{Bilingual('scorecard', '评分表')} {name}", compiled)


def _weights(model: str) -> Check | str:
    from qa.transcription.weights import BASE_MODEL, resolve_model

    downloads = []

    def note(name: str) -> str:
        downloads.append(name)
        return name

    folder = resolve_model(model, download=note)
    if downloads:
        return Check(
            str(Bilingual("recognition weights", "语音识别权重")),
            "warn",
            str(Bilingual(f"{model} is downloaded at first use", f"{model} 将在首次使用时下载")),
            str(
                Bilingual("give a folder, or use base, where there is no network", "无网络时请给出文件夹，或使用 base")
            ),
        )
    checked = f" (sha256 {Bilingual('checked', '已核对')})" if model == BASE_MODEL else ""
    return f"{model}{checked}, {folder}"


def _database(url: str | None) -> str:
    from qa.store.database import writing
    from qa.store.repository import open_repository

    repository = open_repository(url)
    try:
        with writing(repository.engine):
            # An empty write transaction: SQLite refuses it where the file cannot be written.
            pass
        where = repository.engine.url.render_as_string(hide_password=True)
        count = repository.count()
    finally:
        repository.close()
    return str(Bilingual(f"{where}, writable, {count} calls", f"{where}，可写，已记录 {count} 通"))


def _disk(url: str | None) -> Iterator[Check]:
    from qa.cli.locations import sqlite_file
    from qa.transcription.weights import cache_folder

    file = sqlite_file(url)
    places = {tempfile.gettempdir(): Path(tempfile.gettempdir()), "cache": cache_folder()}
    if file is not None:
        places["database"] = file.parent
    for name, place in places.items():
        existing = next(folder for folder in (place, *place.absolute().parents) if folder.exists())
        free = shutil.disk_usage(existing).free
        found = str(Bilingual(f"{free / _GB:.1f} GB free in {place}", f"{place} 剩余 {free / _GB:.1f} GB"))
        status: Literal["ok", "warn", "fail"] = "ok"
        if free < LOW_DISK_BYTES:
            status = "fail" if free < NO_DISK_BYTES else "warn"
        fix = Bilingual(
            "free some space (decoding takes 115 MB an hour and channel)", "请清理空间（解码每声道每小时约需 115 MB）"
        )
        yield Check(
            f"{Bilingual('disk', '磁盘')} {name if name != str(place) else 'tmp'}",
            status,
            found,
            str(fix) if status != "ok" else "",
        )
