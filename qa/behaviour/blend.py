"""The n-gram model and the call encoder asked together: their logits averaged, then calibrated once more."""

import math
from collections.abc import Mapping

from qa.encoder.artifact import Blend

Probabilities = Mapping[int, Mapping[str, float]]
"""Turn index to behaviour id to probability, 0-1. Turns of the agent have AGENT_IDS, of the customer `complaint`."""
_EDGE = 1e-4
# No calibration on a few hundred calls can tell more than this.
_LEAST, _MOST = 0.002, 0.998


def blended(ngrams: Probabilities, logits: Mapping[int, Mapping[str, float]], blend: Blend) -> Probabilities:
    """Probabilities of turns that both have read; `logits` are the encoder's."""
    found: dict[int, dict[str, float]] = {}
    for index, of_turn in ngrams.items():
        encoded = logits.get(index)
        if encoded is None:
            found[index] = dict(of_turn)
            continue
        found[index] = {
            name: _together(value, encoded[name], blend.share, blend.calibration[name])
            for name, value in of_turn.items()
        }
    return found


def mean_logit(probability: float, logit: float, share: float) -> float:
    """`share` of the encoder's logit, the rest of the n-gram model's, before calibration."""
    kept = min(max(probability, _EDGE), 1 - _EDGE)
    return share * logit + (1 - share) * math.log(kept / (1 - kept))


def _together(probability: float, logit: float, share: float, calibration: tuple[float, float]) -> float:
    slope, shift = calibration
    value = 0.5 * (1.0 + math.tanh(0.5 * (slope * mean_logit(probability, logit, share) + shift)))
    return min(max(value, _LEAST), _MOST)
