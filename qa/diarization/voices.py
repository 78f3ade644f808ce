"""Two voices in one channel, told apart by timbre and pitch (no model: cepstra and k-means with k = 2).

Honest limits: two like voices on a telephone line are confused, so the result is evidence with a strength, which is
weighed against what is said.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

RATE_HZ = 16_000
_FRAME = 512
_HOP = 160
_MELS = 32
_CEPSTRA = 16
_LOWEST_HZ, _HIGHEST_HZ = 200.0, 3_600.0
_PITCH_HZ = (70.0, 400.0)
_SHORTEST_S = 0.6
# One normal cloud cut in two by k-means is this far apart, in its own standard deviations.
_ONE_VOICE_GAP = 2.7
_MOST_LOG_ODDS = 4.0
_PITCH_WEIGHT = 2.0

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Voices:
    """Log odds for every stretch that voice 1 speaks rather than voice 0; `strength` 0–1 says how apart they are."""

    log_odds: tuple[float, ...]
    strength: float


def tell_voices(samples: npt.NDArray[np.int16], spans: Sequence[tuple[float, float]]) -> Voices:
    """Split stretches of speech (seconds) of one 16 kHz channel between two voices."""
    prints = [voice_print(samples[round(start * RATE_HZ) : round(end * RATE_HZ)]) for start, end in spans]
    known = [number for number, found in enumerate(prints) if found is not None]
    if len(known) < 4:
        return Voices((0.0,) * len(prints), 0.0)
    points = _scaled(np.array([prints[number] for number in known]))
    seconds = np.array([min(3.0, spans[number][1] - spans[number][0]) for number in known])
    centres = _two_means(points, seconds)
    axis = centres[1] - centres[0]
    length = float(np.linalg.norm(axis)) or 1.0
    along = (points - centres.mean(axis=0)) @ (axis / length)
    second = along > 0
    within = np.concatenate([along[second] - along[second].mean(), along[~second] - along[~second].mean()])
    spread = float(np.sqrt(np.mean(within**2))) or 1e-6
    strength = float(np.clip((length / spread - _ONE_VOICE_GAP) / 3.0, 0.0, 1.0))
    # Tempered: frames of one phrase are far from independent, and the two clouds are not normal.
    odds = np.clip(along * length / spread**2, -_MOST_LOG_ODDS, _MOST_LOG_ODDS) * strength
    result = np.zeros(len(prints))
    result[known] = odds
    return Voices(tuple(result.tolist()), strength)


def voice_print(samples: npt.NDArray[np.int16]) -> Floats | None:
    """Mean cepstra and pitch of one stretch, or None when it is too short or silent."""
    if len(samples) < _SHORTEST_S * RATE_HZ:
        return None
    audio = samples[: 12 * RATE_HZ].astype(np.float64) / 32768.0
    frames = np.lib.stride_tricks.sliding_window_view(audio, _FRAME)[::_HOP]
    energy = np.square(frames).mean(axis=1)
    voiced = energy > max(np.percentile(energy, 90) * 0.03, 1e-8)
    if voiced.sum() < 20:
        return None
    power = np.abs(np.fft.rfft(frames[voiced] * np.hanning(_FRAME), axis=1)) ** 2
    mels = np.log(power @ _mel_filters().T + 1e-9)
    cepstra = (mels @ _cosines().T)[:, 1:]
    pitch = _pitch(frames[voiced])
    return np.concatenate([cepstra.mean(axis=0), [pitch]])


def _pitch(frames: Floats) -> float:
    """Median log2 pitch by autocorrelation, over frames that are clearly periodic."""
    centred = frames - frames.mean(axis=1, keepdims=True)
    spectrum = np.abs(np.fft.rfft(centred, 2 * _FRAME, axis=1)) ** 2
    lags = np.fft.irfft(spectrum, axis=1)[:, :_FRAME]
    lags = lags / np.maximum(lags[:, :1], 1e-12) / (1.0 - np.arange(_FRAME) / _FRAME)
    low, high = int(RATE_HZ / _PITCH_HZ[1]), int(RATE_HZ / _PITCH_HZ[0])
    found = lags[:, low:high]
    best = found.argmax(axis=1)
    periodic = found.max(axis=1) > 0.6
    chosen = best[periodic] if periodic.sum() >= 5 else best
    return float(np.median(np.log2(RATE_HZ / (chosen + low))))


def _scaled(prints: Floats) -> Floats:
    """Same weight for every cepstrum; pitch counts more, for it is the surest of the few."""
    centred = prints - np.median(prints, axis=0)
    scale = prints.std(axis=0)
    centred = centred / np.where(scale > 1e-9, scale, 1.0)
    # Pitch in octaves is meaningful as it is: voices a fifth apart are two people.
    octaves = prints[:, -1] - np.median(prints[:, -1])
    centred[:, -1] = np.clip(octaves * 4.0, -3.0, 3.0) * _PITCH_WEIGHT
    return centred


def _two_means(points: Floats, weights: Floats) -> Floats:
    """k-means with k = 2, the best of several deterministic starts; long stretches count more."""
    best, lowest = points[:2], np.inf
    for axis in range(-1, min(5, points.shape[1] - 1)):
        order = np.argsort(points[:, axis])
        centres = np.array(
            [points[order[: len(order) // 2]].mean(axis=0), points[order[len(order) // 2 :]].mean(axis=0)]
        )
        for _ in range(30):
            distance = ((points[:, None, :] - centres[None]) ** 2).sum(axis=2)
            nearest = distance.argmin(axis=1)
            if nearest.min() == nearest.max():
                break
            centres = np.array(
                [np.average(points[nearest == side], axis=0, weights=weights[nearest == side]) for side in (0, 1)]
            )
        cost = float((distance.min(axis=1) * weights).sum())
        if cost < lowest and nearest.min() != nearest.max():
            best, lowest = centres, cost
    return best


def _mel_filters() -> Floats:
    low, high = (2595 * np.log10(1 + hz / 700) for hz in (_LOWEST_HZ, _HIGHEST_HZ))
    edges = 700 * (10 ** (np.linspace(low, high, _MELS + 2) / 2595) - 1)
    bins = np.fft.rfftfreq(_FRAME, 1 / RATE_HZ)
    rising = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    return np.maximum(0.0, np.minimum(rising, falling))


def _cosines() -> Floats:
    place = np.arange(_MELS) + 0.5
    return np.cos(np.pi / _MELS * np.arange(_CEPSTRA)[:, None] * place[None])
