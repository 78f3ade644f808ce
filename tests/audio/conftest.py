"""Sound for the audio tests, made on the spot."""

import struct
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

Writer = Callable[..., Path]


def tones(*pitches_hz: float, seconds: float, rate: int) -> np.ndarray:
    """One int16 tone a channel, shape (channels, samples)."""
    clock = np.arange(round(seconds * rate)) / rate
    return np.stack([np.sin(2 * np.pi * pitch * clock) * 9000 for pitch in pitches_hz]).astype(np.int16)


def riff(data: bytes, *, stated: int | None = None, rate: int = 8000, channels: int = 1) -> bytes:
    """A 16-bit PCM WAV whose header states `stated` data bytes."""
    size = len(data) if stated is None else stated
    form = struct.pack("<HHIIHH", 1, channels, rate, rate * channels * 2, channels * 2, 16)
    head = b"RIFF" + struct.pack("<I", min(36 + size, 0xFFFFFFFF)) + b"WAVEfmt " + struct.pack("<I", 16) + form
    return head + b"data" + struct.pack("<I", size) + data


@pytest.fixture
def encode(tmp_path: Path) -> Writer:
    """Return a function that encodes int16 (channels, samples) into a file of tmp_path."""

    def write(name: str, codec: str, samples: np.ndarray, rate: int, container: str | None = None) -> Path:
        path = tmp_path / name
        layout = {1: "mono", 2: "stereo", 8: "7.1"}[len(samples)]
        with av.open(str(path), "w", format=container) as out:
            stream = out.add_stream(codec, rate=rate, layout=layout)
            stream.bit_rate = 12200 if "amrnb" in codec else 64000
            block = np.ascontiguousarray(samples.T).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(block, format="s16", layout=layout)
            frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
            frames = av.AudioResampler(stream.format, layout, rate, stream.frame_size or 1024)
            for ready in [*frames.resample(frame), *frames.resample(None)]:
                out.mux(stream.encode(ready))
            out.mux(stream.encode(None))
        return path

    return write


@pytest.fixture
def sparse_call(tmp_path: Path) -> Path:
    """Ten hours of silence as a WAV that takes no room on the disk."""
    path = tmp_path / "long.wav"
    size = 10 * 3600 * 8000
    form = struct.pack("<HHIIHH", 7, 1, 8000, 8000, 1, 8)  # µ-law
    head = b"RIFF" + struct.pack("<I", 36 + size) + b"WAVEfmt " + struct.pack("<I", 16) + form
    with path.open("wb") as file:
        file.write(head + b"data" + struct.pack("<I", size))
        file.truncate(len(head) + 8 + size)
    return path
