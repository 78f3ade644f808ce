"""Where people speak, and that nothing else counts as speech."""

import numpy as np
import pytest
from scipy.signal import lfilter

from qa.audio.activity import speech_activity

RATE = 16000
VOWELS = (
    ((730, 90), (1090, 110), (2440, 170)),
    ((270, 60), (2290, 100), (3010, 170)),
    ((300, 60), (870, 90), (2240, 170)),
    ((530, 80), (1840, 100), (2480, 170)),
)


def _vowel(pitch_hz: float, formants: tuple[tuple[int, int], ...], seconds: float) -> np.ndarray:
    """A vowel from glottal pulses through three resonances (frequency, bandwidth)."""
    count = int(RATE * seconds)
    clock = np.arange(count) / RATE
    pitch = pitch_hz * (1 + 0.03 * np.sin(2 * np.pi * 5 * clock) + 0.1 * np.linspace(0.5, -0.5, count))
    sound = np.diff(np.floor(np.cumsum(pitch) / RATE), prepend=0)
    sound = lfilter([1], [1, -0.95], sound) + 0.002 * np.random.default_rng(1).standard_normal(count)
    for frequency, width in formants:
        radius = np.exp(-np.pi * width / RATE)
        sound = lfilter([1 - radius], [1, -2 * radius * np.cos(2 * np.pi * frequency / RATE), radius**2], sound)
    edge = np.minimum(np.arange(count), np.arange(count)[::-1]) / (0.03 * RATE)
    return sound / np.abs(sound).max() * np.minimum(1, edge)


def _talk(seconds: float) -> np.ndarray:
    """Syllables for `seconds`, which the detector takes for a voice."""
    one_round = [
        part
        for index, formants in enumerate(VOWELS)
        for part in (_vowel(120 + 10 * (index % 3), formants, 0.18), np.zeros(RATE // 20))
    ]
    whole = np.concatenate(one_round)
    return np.resize(whole, int(seconds * RATE))


def _int16(sound: np.ndarray) -> np.ndarray:
    return (np.clip(sound, -1, 1) * 12000).astype(np.int16)


CLOCK = np.arange(20 * RATE) / RATE
CHANCE = np.random.default_rng(0)


def _tone(*pitches_hz: float) -> np.ndarray:
    return np.mean([np.sin(2 * np.pi * pitch * CLOCK) for pitch in pitches_hz], axis=0)


NO_SPEECH = {
    "empty": np.zeros(0),
    "one_sample": np.zeros(1),
    "silence": np.zeros(20 * RATE),
    "tone": _tone(440),
    "ringback_cn": _tone(450) * (CLOCK % 5 < 1),
    "ringback_us": _tone(440, 480) * (CLOCK % 6 < 2),
    "busy": _tone(450) * (CLOCK % 0.7 < 0.35),
    "key_press": _tone(770, 1336) * (CLOCK % 0.4 < 0.2),
    "hum": _tone(50, 150),
    "white_noise": CHANCE.normal(0, 0.2, 20 * RATE),
    "line_noise": CHANCE.normal(0, 0.001, 20 * RATE),
    "low_noise": lfilter([0.05], [1, -0.95], CHANCE.normal(0, 1, 20 * RATE)),
}


@pytest.mark.parametrize("name", NO_SPEECH)
def test_nothing_but_speech_counts(name: str) -> None:
    """Silence, telephone tones and noise give no activity."""
    assert speech_activity(_int16(NO_SPEECH[name]), channel=0) == ()


def test_speech_is_found_where_it_is() -> None:
    """Two stretches with their borders, on the channel that was named."""
    sound = np.concatenate([np.zeros(2 * RATE), _talk(3), np.zeros(2 * RATE), _talk(2), np.zeros(RATE)])
    first, second = speech_activity(_int16(sound), channel=1)
    assert (first.channel, second.channel) == (1, 1)
    assert (first.start_s, first.end_s) == pytest.approx((2, 5), abs=0.25)
    assert (second.start_s, second.end_s) == pytest.approx((7, 9), abs=0.25)


def test_stretches_over_block_borders_stay_whole() -> None:
    """Speech every ten seconds for seven minutes: one stretch each, also where two blocks meet (184.3 s, 368.6 s)."""
    sound = np.tile(np.concatenate([_talk(6), np.zeros(4 * RATE)]), 42)
    found = speech_activity(_int16(sound), channel=0)
    assert len(found) == 42
    for index, interval in enumerate(found):
        assert interval.start_s == pytest.approx(index * 10, abs=0.3)
        assert interval.end_s == pytest.approx(index * 10 + 6, abs=0.3)
