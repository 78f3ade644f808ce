"""Decode a recording to 16 kHz 16-bit sound per channel; libav runs in a child process that may hang or crash alone."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.audio.decode_process import AudioLimits, run_decoder
from qa.audio.decode_warnings import FAKE_STEREO, decode_warnings
from qa.audio.fake_stereo import is_fake_stereo
from qa.audio.recording import digest, open_recording
from qa.audio.refusal import refusal
from qa.audio.wave_header import has_length_tag, wave_length
from qa.bilingual import Bilingual
from qa.conversation import Recording

__all__ = ["SAMPLE_RATE_HZ", "AudioLimits", "DecodedAudio", "as_float32", "decode"]

SAMPLE_RATE_HZ = 16000
DEFAULT_LIMITS = AudioLimits()


@dataclass(frozen=True, slots=True)
class DecodedAudio:
    """A decoded recording. `channels` are int16 memory maps at 16 kHz, all of one length, in the file's order.

    `fake_stereo`: the file has two channels with the same sound; one is given and `recording.channels` is 1.
    `recording.sample_rate_hz` is that of the file.
    """

    recording: Recording
    channels: tuple[NDArray[np.int16], ...]
    warnings: tuple[Bilingual, ...] = ()
    fake_stereo: bool = False


def as_float32(samples: NDArray[np.int16]) -> NDArray[np.float32]:
    """Return a piece of a channel as float32 in [-1, 1). Copies: pass minutes, not hours."""
    return samples.astype(np.float32) / np.float32(32768)


def decode(path: Path, *, limits: AudioLimits = DEFAULT_LIMITS, workdir: Path) -> DecodedAudio:
    """Decode the recording at `path`; the sound lies in a new folder under `workdir`, which the caller removes.

    Links are refused: resolve them with `safe_path` first.
    Raises RecordingError with a code of qa.audio.refusal; EnvironmentFault where av is missing or the disk is full.
    """
    with open_recording(path, max_bytes=limits.max_bytes) as source:
        before = os.fstat(source.fileno())
        identity = digest(source)
        wave = wave_length(source, before.st_size)
        length_tag = has_length_tag(source)
        folder = Path(tempfile.mkdtemp(prefix="decode-", dir=workdir))
        try:
            answer = run_decoder(path, source, folder, limits)
            _check_unchanged(path, before, os.fstat(source.fileno()))
            channels, fake = _channels(folder, answer)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    seconds = answer["samples"] / SAMPLE_RATE_HZ
    warnings = decode_warnings(answer, decoded_s=seconds, wave=wave, length_tag=length_tag)
    recording = Recording(
        id=identity,
        path=str(path),
        duration_s=seconds,
        sample_rate_hz=answer["sample_rate_hz"],
        channels=len(channels),
    )
    return DecodedAudio(recording, channels, (*warnings, FAKE_STEREO) if fake else warnings, fake)


def _check_unchanged(path: Path, before: os.stat_result, after: os.stat_result) -> None:
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise refusal("changed", path)


def _channels(folder: Path, answer: Mapping[str, Any]) -> tuple[tuple[NDArray[np.int16], ...], bool]:
    """Map the child's files; of two like channels only the first is kept."""
    files = [folder / f"channel-{index}.s16" for index in range(answer["channels"])]
    fake = len(files) == 2 and is_fake_stereo(files[0], files[1])
    if fake:
        files.pop().unlink()
    shape = (answer["samples"],)
    return tuple(np.memmap(file, dtype=np.int16, mode="r", shape=shape) for file in files), fake
