"""Progress by seconds of sound."""

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.batch.progress import Progress
from qa.batch.size import audio_seconds, time_limit_s
from qa.batch.source import CallSource


@pytest.fixture
def recording(tmp_path: Path) -> Callable[[str, bytes], CallSource]:
    """Write one file and name it as a recording."""

    def write(name: str, data: bytes) -> CallSource:
        (tmp_path / name).write_bytes(data)
        return CallSource(tmp_path / name, "recording")

    return write


def wav(seconds: int) -> bytes:
    """Silence, 8 kHz mono."""
    size = seconds * 16_000
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + size, b"WAVE", b"fmt ", 16, 1, 1, 8000, 16_000, 2, 16, b"data", size
    ) + bytes(size)


def flac(seconds: int) -> bytes:
    """Only the header of a FLAC, 8 kHz."""
    packed = (8000 << 44) | (15 << 36) | (seconds * 8000)
    return b"fLaC" + bytes(14) + struct.pack(">Q", packed) + bytes(16)


@pytest.mark.parametrize(
    ("name", "data", "seconds"),
    [
        ("a.wav", wav(3), 3),
        ("a.flac", flac(7), 7),
        ("a.mp3", bytes(40_000), 10),
        ("a.wav", b"", 0),
        ("a.xyz", bytes(8000), 1),
    ],
)
def test_length_without_decoding(
    recording: Callable[[str, bytes], CallSource], name: str, data: bytes, seconds: float
) -> None:
    """Headers tell the length where they can, the size where not."""
    source = recording(name, data)
    assert audio_seconds(source) == pytest.approx(seconds)
    assert time_limit_s(source) > seconds


def test_eta_from_sound_done(recording: Callable[[str, bytes], CallSource]) -> None:
    """Ten seconds of sound in five leave thirty more for fifteen; what was recorded before does not count as speed."""
    now = [0.0]
    sources = [recording(f"{number}.wav", wav(10)) for number in range(5)]
    progress = Progress(sources, clock=lambda: now[0])
    assert progress.report().eta_s is None
    progress.finished(0, audio_s=None, worked=False)
    assert progress.report().eta_s is None
    now[0] = 5.0
    progress.finished(1, audio_s=10.0, worked=True)
    report = progress.report()
    assert (report.calls_done, report.audio_done_s, report.audio_total_s) == (2, 20.0, 50.0)
    assert report.eta_s == pytest.approx(15.0)


def test_guesses_are_corrected(recording: Callable[[str, bytes], CallSource]) -> None:
    """When finished MP3s turn out twice as long as their size suggests, so will the others."""
    sources = [recording(f"{number}.mp3", bytes(40_000)) for number in range(2)]
    progress = Progress(sources)
    progress.finished(0, audio_s=20.0, worked=True)
    assert progress.report().audio_total_s == pytest.approx(40.0)


def test_transcripts_count_as_calls(recording: Callable[[str, bytes], CallSource]) -> None:
    """Without sound the number of calls tells share and end; the first call, which loads the models, sets no rate."""
    now = [0.0]
    texts = [CallSource(Path(f"{number}.json"), "transcript") for number in range(4)]
    progress = Progress(texts, clock=lambda: now[0])
    now[0] = 20.0
    progress.finished(0, audio_s=600.0, worked=True)
    assert progress.report().eta_s is None
    now[0] = 23.0
    progress.finished(1, audio_s=600.0, worked=True)
    report = progress.report()
    assert (report.share, report.audio_total_s, report.eta_s) == (0.5, 0.0, 6.0)
