"""Opening recordings: only regular files inside the folder, and a stable id."""

import hashlib
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.audio.recording import AUDIO_SUFFIXES, open_recording, recording_id, safe_path
from qa.audio.refusal import REFUSALS
from qa.errors import RecordingError


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    # Addresses of sockets are short; the folder of a test is not.
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        socket.socket(socket.AF_UNIX).bind(path.name)
    finally:
        os.chdir(here)


def _nothing(_: Path) -> None:
    pass


def _link(path: Path) -> None:
    (path.parent / "target.wav").write_bytes(b"x")
    path.symlink_to(path.parent / "target.wav")


BAD_FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "fifo": (_fifo, "not_regular"),
    "socket": (_socket, "not_regular"),
    "folder": (Path.mkdir, "not_regular"),
    "device": (_nothing, "not_regular"),
    "link": (_link, "symlink"),
    "empty": (Path.touch, "empty"),
    "absent": (_nothing, "missing"),
    "large": (lambda path: path.write_bytes(bytes(101)), "too_large"),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_only_regular_files_of_allowed_size_open(kind: str, tmp_path: Path) -> None:
    """Everything else is refused at once with its code, naming the file in both languages."""
    make, code = BAD_FILES[kind]
    path = Path("/dev/zero") if kind == "device" else tmp_path / "call.wav"
    make(path)
    with pytest.raises(RecordingError) as caught, open_recording(path, max_bytes=100):
        pass
    assert caught.value.code == code
    assert str(path) in caught.value.in_language("zh")


def test_id_is_the_sha256_of_the_bytes(tmp_path: Path) -> None:
    """The id of a file longer than one read block."""
    content = os.urandom(2_500_000)
    (tmp_path / "call.wav").write_bytes(content)
    assert recording_id(tmp_path / "call.wav") == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../outside.wav", "outside"),
        ("link_out.wav", "outside"),
        ("folder_link/outside.wav", "outside"),
        ("absent.wav", "missing"),
        ("a\0b.wav", "bad_name"),
        ("loop.wav", "unreadable"),
    ],
)
def test_paths_out_of_the_folder_are_refused(name: str, code: str, tmp_path: Path) -> None:
    """Neither ../ nor links lead out of the folder."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (tmp_path / "outside.wav").write_bytes(b"x")
    (inbox / "link_out.wav").symlink_to(tmp_path / "outside.wav")
    (inbox / "folder_link").symlink_to(tmp_path)
    (inbox / "loop.wav").symlink_to(inbox / "loop.wav")
    with pytest.raises(RecordingError) as caught:
        safe_path(inbox / name, inbox)
    assert caught.value.code == code


def test_links_inside_the_folder_are_followed(tmp_path: Path) -> None:
    """A link to a neighbour resolves to it; without a folder any existing file does."""
    (tmp_path / "call.wav").write_bytes(b"x")
    (tmp_path / "again.wav").symlink_to(tmp_path / "call.wav")
    assert safe_path(tmp_path / "again.wav", tmp_path) == (tmp_path / "call.wav").resolve()
    assert safe_path(tmp_path / "again.wav") == (tmp_path / "call.wav").resolve()


def test_suffixes_are_lower_case_and_cover_telephone_formats() -> None:
    """Discovery compares lower-cased suffixes."""
    assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in AUDIO_SUFFIXES)
    wanted = ".wav .mp3 .m4a .aac .mp4 .mov .mkv .webm .ogg .opus .flac .amr .gsm .au .ulaw .ul .alaw .al .3gp .wma"
    assert set(wanted.split()) <= AUDIO_SUFFIXES


@pytest.mark.parametrize("code", REFUSALS)
def test_refusals_name_the_same_facts_in_both_languages(code: str) -> None:
    """Every code has two different sentences, and the English one has no fact the Chinese lacks (kind_zh for kind)."""
    text = REFUSALS[code]
    assert text.en != text.zh
    assert text.en.count("{") == text.zh.count("{")
