"""A decoder that hangs, dies or eats memory is stopped and takes nobody along."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from qa.audio.decode import AudioLimits, decode
from qa.errors import RecordingError

DAY_S = 24 * 3600.0


def _children_of_work(folder: Path) -> list[int]:
    """Process ids whose command line names `folder`."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if str(folder).encode() in words and b"decode_child" in words:
                found.append(int(entry.name))
    return found


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """An empty work folder, also the mark by which a test finds its decoding process."""
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


def test_slow_decoding_is_stopped(sparse_call: Path, work: Path) -> None:
    """Ten hours do not decode within a second: error, no process and no sound left."""
    with pytest.raises(RecordingError) as caught:
        decode(sparse_call, limits=AudioLimits(max_duration_s=DAY_S, timeout_s=1.0), workdir=work)
    assert caught.value.code == "timeout"
    assert not _children_of_work(work)
    assert not list(work.iterdir())


@pytest.mark.parametrize(
    ("sent", "code"), [(signal.SIGSTOP, "timeout"), (signal.SIGSEGV, "crashed"), (signal.SIGKILL, "crashed")]
)
def test_hanging_or_dying_decoder(sent: signal.Signals, code: str, sparse_call: Path, work: Path) -> None:
    """A decoder that stands still is killed at its time limit; one that dies is reported."""

    def strike() -> None:
        for _ in range(500):
            # Once it writes sound it has surely set its limits and is decoding.
            if list(work.glob("*/channel-0.s16")) and (found := _children_of_work(work)):
                os.kill(found[0], sent)
                return
            time.sleep(0.01)

    striker = threading.Thread(target=strike)
    striker.start()
    with pytest.raises(RecordingError) as caught:
        decode(sparse_call, limits=AudioLimits(max_duration_s=DAY_S, timeout_s=4.0), workdir=work)
    striker.join()
    assert caught.value.code == code
    assert not _children_of_work(work)
    assert not list(work.iterdir())


def _element(name: str, content: bytes, *, size: int | None = None) -> bytes:
    return bytes.fromhex(name) + ((len(content) if size is None else size) | 1 << 56).to_bytes(8, "big") + content


def _memory_bomb(path: Path, size: int) -> None:
    """A Matroska file with one packet of `size` bytes, sparse on the disk."""
    audio = _element("b5", b"\x45\xfa\x00\x00") + _element("9f", b"\x01") + _element("6264", b"\x10")  # 8000 Hz
    entry = _element("d7", b"\x01") + _element("73c5", b"\x01") + _element("83", b"\x02")
    track = _element("ae", entry + _element("86", b"A_PCM/INT/LIT") + _element("e1", audio))
    block = _element("a3", b"\x81\x00\x00\x80", size=size)
    cluster = _element("e7", b"\x00") + block
    body = _element("1549a966", _element("2ad7b1", b"\x0f\x42\x40")) + _element("1654ae6b", track)
    with path.open("wb") as file:
        file.write(_element("1a45dfa3", _element("4282", b"matroska")) + _element("18538067", b"", size=2**56 - 1))
        file.write(body + _element("1f43b675", cluster, size=len(cluster) - 4 + size))
        file.truncate(file.tell() - 4 + size)


@pytest.mark.parametrize(("packet_mb", "memory_mb"), [(80, 1024), (80, 400), (8, 80), (8, 20)])
def test_memory_is_bounded(packet_mb: int, memory_mb: int, tmp_path: Path, work: Path) -> None:
    """A packet that swells beyond the memory limit stops the child, even one that cannot start within it."""
    path = tmp_path / "bomb.mkv"
    _memory_bomb(path, packet_mb * 1024**2)
    with pytest.raises(RecordingError) as caught:
        decode(path, limits=AudioLimits(memory_bytes=memory_mb * 1024**2), workdir=work)
    assert caught.value.code == "out_of_memory"
    assert not list(work.iterdir())


def test_the_same_packet_decodes_where_memory_suffices(tmp_path: Path, work: Path) -> None:
    """The memory tests above are refused for memory only: a packet of 8 MB decodes under the default limits."""
    path = tmp_path / "bomb.mkv"
    _memory_bomb(path, 8 * 1024**2)
    assert decode(path, workdir=work).recording.duration_s == pytest.approx(8 * 1024**2 / 16000, abs=0.1)
