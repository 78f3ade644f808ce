"""Windows: packing of speech and times mapped back."""

from itertools import pairwise

import numpy as np
import pytest

from qa.conversation import Interval
from qa.transcription.windows import clamp_to_speech, copied_channels, pack, within

RATE = 16_000


def silence(seconds: float) -> np.ndarray:
    """Zeros of that length."""
    return np.zeros(round(seconds * RATE), dtype=np.int16)


def test_long_pauses_are_shortened() -> None:
    """Two words a minute apart share one short window."""
    (window,) = pack([(1.0, 2.0), (60.0, 61.0)], silence(70))
    assert window.duration_s < 5
    assert window.speech_s == pytest.approx(2.0)


def test_windows_fit_the_recogniser() -> None:
    """Ten minutes of speech, with and without pauses, give windows below 30 s that hold every second once."""
    speech = [(float(start), start + 4.5) for start in range(0, 300, 5)] + [(300.0, 600.0)]
    windows = pack(speech, silence(600))
    assert max(window.duration_s for window in windows) <= 28.0
    assert sum(window.speech_s for window in windows) == pytest.approx(60 * 4.5 + 300)
    pieces = [piece for window in windows for piece in window.pieces]
    assert all(first[1] <= second[0] + 1e-9 for first, second in pairwise(pieces))


def test_audio_of_a_window_has_its_duration() -> None:
    """Packed audio is float in [-1, 1) and a whole number of 10 ms frames."""
    samples = np.full(RATE * 10, -32768, dtype=np.int16)
    (window,) = pack([(1.0, 2.0), (6.0, 7.003)], samples)
    audio = window.audio(samples)
    assert len(audio) % 160 == 0
    assert len(audio) / RATE == pytest.approx(window.duration_s, abs=0.011)
    assert audio.min() == -1.0


@pytest.mark.parametrize(
    ("packed", "expected"),
    [
        ((0.3, 0.6), (1.1, 1.4)),  # inside the first piece
        ((1.2, 2.6), (10.0, 10.2)),  # swallowed the pause: belongs to the second piece, starts with its speech
        ((0.0, 0.5), (1.0, 1.3)),  # begins in the padding
    ],
)
def test_word_times_are_mapped(packed: tuple[float, float], expected: tuple[float, float]) -> None:
    """A word given the whole pause before it is put where speech begins."""
    (window,) = pack([(1.0, 2.0), (10.0, 11.0)], silence(20))
    assert window.original(*packed) == pytest.approx(expected, abs=0.01)


def test_clamping_leaves_distant_words() -> None:
    """A word far from any speech is not moved, so that the trust check can see it."""
    assert clamp_to_speech(5.0, 5.4, [(1.0, 2.0)]) == (5.0, 5.4)
    assert clamp_to_speech(1.8, 2.3, [(1.0, 2.0), (6.0, 7.0)]) == (1.8, 2.0)


def test_within_merges_and_cuts() -> None:
    """Activity of one channel is put in order, merged and cut to the recording."""
    activity = (Interval(0, 4.0, 9.0), Interval(1, 0.0, 9.0), Interval(0, 1.0, 2.0), Interval(0, 1.5, 3.0))
    assert within(activity, 0, 5.0) == [(1.0, 3.0), (4.0, 5.0)]


def test_fake_stereo_is_found() -> None:
    """Equal channels are copies, alike ones are not."""
    noise = np.random.default_rng(1).integers(-999, 999, RATE).astype(np.int16)
    other = noise.copy()
    other[7] += 1
    assert copied_channels((noise, noise.copy(), other)) == {1: 0}
