"""Where people speak on one channel, by the Silero detector that faster-whisper ships."""

import mmap
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from qa.conversation import Interval

_RATE = 16000
# Whole numbers of the detector's 512-sample windows, so that blocks see the windows a single pass would see.
_BLOCK = 512 * 32 * 180  # about three minutes
_MARGIN = 512 * 32 * 8  # about eight seconds before and after, for the detector's memory
_OPTIONS = {
    "threshold": 0.35,
    "min_speech_duration_ms": 200,
    "min_silence_duration_ms": 250,
    "speech_pad_ms": 0,
}
# On samples/recordings at this threshold the detector finds ends on time (median 22 ms late) and beginnings late
# (median 112 ms late; 149 ms at the usual threshold of 0.5).
_ONSET_LAG = _RATE // 10


def speech_activity(samples: NDArray[np.int16], *, channel: int) -> tuple[Interval, ...]:
    """Return stretches of speech on a 16 kHz int16 channel: merged, in order, half-open, in seconds.

    Pauses below a quarter of a second stay inside a stretch. Works in blocks of three minutes: memory does not
    grow with length, and pages of a memory map are given back.
    """
    merged: list[tuple[int, int]] = []
    for start, end in _stretches(samples):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(Interval(channel, start / _RATE, end / _RATE) for start, end in merged)


def _stretches(samples: NDArray[np.int16]) -> Iterator[tuple[int, int]]:
    """Yield [start, end) in samples, cut at block borders; a stretch over a border comes in two touching pieces."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(**_OPTIONS)
    for core in range(0, len(samples), _BLOCK):
        first = max(0, core - _MARGIN)
        core_end = min(core + _BLOCK, len(samples))
        piece = samples[first : core_end + _MARGIN].astype(np.float32) / np.float32(32768)
        for found in get_speech_timestamps(piece, options):
            start = max(found["start"] + first - _ONSET_LAG, core)
            end = min(found["end"] + first, core_end)
            if start < end:
                yield start, end
        _give_back(samples)


def _give_back(samples: NDArray[np.int16]) -> None:
    """Drop the pages read from a memory map, which would count as memory of this process."""
    base: object = samples.base
    if isinstance(base, mmap.mmap):
        base.madvise(mmap.MADV_DONTNEED)
