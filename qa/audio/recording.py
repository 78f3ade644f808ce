"""Recording files: which names count as recordings, how one is opened safely, and its id."""

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from qa.audio.refusal import refusal
from qa.errors import RecordingError

# Headerless telephone formats: nothing in the bytes tells what they are, so the suffix decides. Mono; value is the
# libav demuxer. All are 8 kHz except G.722 (16 kHz).
HEADERLESS = {
    ".ulaw": "mulaw",
    ".ul": "mulaw",
    ".mulaw": "mulaw",
    ".pcmu": "mulaw",
    ".alaw": "alaw",
    ".al": "alaw",
    ".pcma": "alaw",
    ".gsm": "gsm",
    ".sln": "sln",
    ".g722": "g722",
    ".g729": "g729",
}
_SUFFIXES = """
.wav .wave .w64 .rf64 .aif .aiff .aifc .au .snd .caf .flac .mp2 .mp3 .m4a .m4b .aac .adts .ogg .oga .opus .spx
.amr .awb .wma .asf .3gp .3g2 .mp4 .m4v .mov .mkv .mka .webm .avi .flv .ts .mpg .mpeg .voc .sph
"""
AUDIO_SUFFIXES: frozenset[str] = frozenset(_SUFFIXES.split()) | frozenset(HEADERLESS)

DEFAULT_MAX_BYTES = 4 * 1024**3
_BLOCK = 1024 * 1024
_KINDS = (
    (stat.S_ISDIR, "folder", "文件夹"),
    (stat.S_ISFIFO, "named pipe", "命名管道"),
    (stat.S_ISSOCK, "socket", "套接字"),
    (stat.S_ISCHR, "device", "设备"),
    (stat.S_ISBLK, "device", "设备"),
)


def safe_path(path: Path, within: Path | None = None) -> Path:
    """Resolve `path` (links followed) and check that the target lies inside the folder `within`, if one is given.

    Raises RecordingError: missing, bad_name, outside, unreadable (a loop of links).
    """
    if "\0" in str(path):
        raise refusal("bad_name", Path(str(path).replace("\0", "\\0")))
    try:
        real = path.resolve(strict=True)
        base = within.resolve(strict=True) if within is not None else None
    except FileNotFoundError as error:
        raise refusal("missing", path) from error
    except (OSError, RuntimeError) as error:
        raise refusal("unreadable", path, reason=error) from error
    if base is not None and not real.is_relative_to(base):
        raise refusal("outside", path, within=within)
    return real


@contextmanager
def open_recording(path: Path, *, max_bytes: int = DEFAULT_MAX_BYTES) -> Iterator[BinaryIO]:
    """Open a regular, non-empty file for reading, without following a link and without waiting on a pipe.

    Raises RecordingError: missing, symlink, not_regular, unreadable, empty, too_large.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise _open_refusal(path, error) from error
    try:
        _check_kind(path, os.fstat(handle), max_bytes)
    except RecordingError:
        os.close(handle)
        raise
    with os.fdopen(handle, "rb", buffering=0) as raw:
        yield raw


def _check_kind(path: Path, facts: os.stat_result, max_bytes: int) -> None:
    for is_kind, kind, kind_zh in _KINDS:
        if is_kind(facts.st_mode):
            raise refusal("not_regular", path, kind=kind, kind_zh=kind_zh)
    if not stat.S_ISREG(facts.st_mode):
        raise refusal("not_regular", path, kind="special file", kind_zh="特殊文件")
    if facts.st_size == 0:
        raise refusal("empty", path)
    if facts.st_size > max_bytes:
        raise refusal("too_large", path, got=facts.st_size, allowed=max_bytes)


def _open_refusal(path: Path, error: OSError | ValueError) -> RecordingError:
    if not isinstance(error, OSError):
        return refusal("bad_name", Path(str(path).replace("\0", "\\0")))
    if error.errno == errno.ENOENT:
        return refusal("missing", path)
    if error.errno == errno.ELOOP:
        return refusal("symlink", path)
    if error.errno in (errno.ENXIO, errno.ENODEV):
        return refusal("not_regular", path, kind="socket or device", kind_zh="套接字或设备")
    return refusal("unreadable", path, reason=error.strerror or error)


def digest(source: BinaryIO) -> str:
    """Return the sha256 (hex) of all bytes of an open file, read in blocks; the position is left at the start."""
    source.seek(0)
    total = hashlib.sha256()
    while block := source.read(_BLOCK):
        total.update(block)
    source.seek(0)
    return total.hexdigest()


def recording_id(path: Path) -> str:
    """Return the sha256 (hex) of the file's bytes. Raises as `open_recording`."""
    with open_recording(path) as source:
        return digest(source)
