"""Whether two channels hold the same sound: a mono call saved as stereo, which must not pass for two speakers."""

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_SAME = 0.98
_FRAME = 320  # 20 ms at 16 kHz
_BLOCK = _FRAME * 50 * 60
_LOUD_RMS = 10 ** (-45 / 20) * 32768
# A quieter copy is the far speaker leaking into the near channel, not a copied channel.
_LEAST_GAIN, _MOST_GAIN = 0.5, 2.0
_LEAST_LOUD_FRAMES = 25
_ENOUGH_FRAMES = 3000
_CLEARLY_OTHER = 0.5


def is_fake_stereo(left: Path, right: Path) -> bool:
    """Whether the loud 20 ms frames of two raw 16 kHz int16 files correlate above 0.98 at a like level (within 6 dB).

    False when there is less than half a second of loud sound. Reads one minute at a time and stops once a minute of
    loud sound is clearly not alike.
    """
    frames = 0
    power_left = power_right = product = 0.0
    for first, second in _blocks(left, right):
        loud = np.maximum((first**2).mean(axis=1), (second**2).mean(axis=1)) > _LOUD_RMS**2
        first_loud, second_loud = first[loud], second[loud]
        frames += int(loud.sum())
        power_left += float(np.sum(first_loud**2))
        power_right += float(np.sum(second_loud**2))
        product += float(np.sum(first_loud * second_loud))
        if frames > _ENOUGH_FRAMES and product < _CLEARLY_OTHER * math.sqrt(power_left * power_right):
            return False
    if frames < _LEAST_LOUD_FRAMES or not power_left or not power_right:
        return False
    gain = math.sqrt(power_right / power_left)
    return product / math.sqrt(power_left * power_right) > _SAME and _LEAST_GAIN <= gain <= _MOST_GAIN


def _blocks(left: Path, right: Path) -> Iterator[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    with left.open("rb") as first, right.open("rb") as second:
        while True:
            pieces = first.read(_BLOCK * 2), second.read(_BLOCK * 2)
            if min(map(len, pieces)) < _FRAME * 2:
                return
            yield _frames(np.frombuffer(pieces[0], np.int16)), _frames(np.frombuffer(pieces[1], np.int16))


def _frames(samples: NDArray[np.int16]) -> NDArray[np.float64]:
    whole = len(samples) // _FRAME * _FRAME
    frames = samples[:whole].astype(np.float64).reshape(-1, _FRAME)
    # A constant offset would make any two channels look alike.
    frames -= frames.mean(axis=1, keepdims=True)
    return frames
