"""Weights: found, joined once, and never used when altered."""

import os
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from qa.errors import WeightsError
from qa.transcription.weights import base_model_folder, resolve_model

FILES = {"model.bin": b"first half second half", "config.json": b"{}", "vocabulary.txt": b"a b c"}
DIGESTS = {name: sha256(data).hexdigest() for name, data in FILES.items()}


@pytest.fixture
def parts(tmp_path: Path) -> tuple[Path, Path]:
    """Two package folders as pip installs them."""
    folders = tmp_path / "packages" / "one" / "data", tmp_path / "packages" / "two" / "data"
    for folder in folders:
        folder.mkdir(parents=True)
    (folders[0] / "model.bin.part1").write_bytes(FILES["model.bin"][:11])
    (folders[1] / "model.bin.part2").write_bytes(FILES["model.bin"][11:])
    for name in ("config.json", "vocabulary.txt"):
        (folders[0] / name).write_bytes(FILES[name])
    return folders


def no_download(name: str) -> str:
    """Stand for a machine without internet."""
    raise WeightsError(en=f"offline: {name}", zh="离线", code="weights_download")


def test_parts_are_joined_once(tmp_path: Path, parts: tuple[Path, Path]) -> None:
    """The joined file has the right bytes, and a second start does not touch it."""
    folder = base_model_folder(cache=tmp_path, parts=parts, expected=DIGESTS)
    before = (folder / "model.bin").stat().st_mtime_ns
    again = base_model_folder(cache=tmp_path, parts=(tmp_path, tmp_path), expected=DIGESTS)
    assert (again / "model.bin").read_bytes() == FILES["model.bin"]
    assert (again / "model.bin").stat().st_mtime_ns == before


def test_many_starts_at_once(tmp_path: Path, parts: tuple[Path, Path]) -> None:
    """Eight starts on an empty cache agree on one good folder and leave nothing behind."""
    with ThreadPoolExecutor(8) as pool:
        starts = [pool.submit(base_model_folder, cache=tmp_path, parts=parts, expected=DIGESTS) for _ in range(8)]
        folders = {start.result() for start in starts}
    assert len(folders) == 1
    assert [entry.name for entry in (tmp_path / "models").iterdir()] == ["whisper-base"]


@pytest.mark.parametrize("name", list(FILES))
def test_altered_file_is_refused(tmp_path: Path, parts: tuple[Path, Path], name: str) -> None:
    """One changed byte after a good start is noticed, and the message names file, digests and fix."""
    folder = base_model_folder(cache=tmp_path, parts=parts, expected=DIGESTS)
    data = bytearray((folder / name).read_bytes())
    data[0] ^= 1
    (folder / name).write_bytes(data)
    os.utime(folder / name, ns=(1, 1))
    with pytest.raises(WeightsError) as caught:
        base_model_folder(cache=tmp_path, parts=parts, expected=DIGESTS)
    message = caught.value.in_language("en")
    assert caught.value.path.endswith(name)
    assert DIGESTS[name] in message
    assert sha256(data).hexdigest() in message
    assert f"rm -r {folder}" in message


def test_removed_file_is_refused(tmp_path: Path, parts: tuple[Path, Path]) -> None:
    """A file that vanished from the cache is an error, not a silent download."""
    folder = base_model_folder(cache=tmp_path, parts=parts, expected=DIGESTS)
    (folder / "config.json").unlink()
    with pytest.raises(WeightsError, match=r"config\.json is missing"):
        base_model_folder(cache=tmp_path, parts=parts, expected=DIGESTS)


def test_damaged_package_leaves_no_cache(tmp_path: Path, parts: tuple[Path, Path]) -> None:
    """Damaged parts are never published, and the fix is a new installation."""
    (parts[1] / "model.bin.part2").write_bytes(b"something else")
    with pytest.raises(WeightsError, match="--force-reinstall"):
        base_model_folder(cache=tmp_path, parts=parts, expected=DIGESTS)
    assert list((tmp_path / "models").iterdir()) == []


def test_touched_but_equal_file_is_accepted(tmp_path: Path, parts: tuple[Path, Path]) -> None:
    """A new time stamp means a new hash, not an error."""
    folder = base_model_folder(cache=tmp_path, parts=parts, expected=DIGESTS)
    os.utime(folder / "model.bin", ns=(5, 5))
    assert base_model_folder(cache=tmp_path, parts=parts, expected=DIGESTS) == folder


def test_local_folder_needs_its_files(tmp_path: Path) -> None:
    """A local model folder is used as it is, but must be a model."""
    with pytest.raises(WeightsError, match=r"model\.bin is missing"):
        resolve_model(str(tmp_path), download=no_download)
    for name in ("model.bin", "config.json"):
        (tmp_path / name).write_bytes(b"x")
    assert resolve_model(str(tmp_path), download=no_download) == tmp_path


def test_only_other_names_reach_the_downloader(tmp_path: Path) -> None:
    """`small` asks the downloader; a path that does not exist never does."""
    with pytest.raises(WeightsError, match="offline: small"):
        resolve_model("small", download=no_download)
    with pytest.raises(WeightsError, match="does not exist"):
        resolve_model(str(tmp_path / "absent"), download=no_download)
