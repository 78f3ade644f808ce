"""Two models asked together."""

import pytest

from qa.behaviour.blend import blended
from qa.encoder.artifact import Blend

EVEN = Blend(companion="tb-x", share=0.5, calibration={"greeting": (1.0, 0.0)}, thresholds={"greeting": 0.5})


@pytest.mark.parametrize(
    ("probability", "logit", "together"),
    [(0.5, 0.0, 0.5), (0.9, -2.1972246, 0.5), (0.5, 4.0, 0.8808), (1.0, 50.0, 0.998), (0.0, -50.0, 0.002)],
)
def test_logits_are_averaged(probability: float, logit: float, together: float) -> None:
    """Equal and opposite answers cancel; no answer is ever quite certain."""
    found = blended({3: {"greeting": probability}}, {3: {"greeting": logit}}, EVEN)
    assert found[3]["greeting"] == pytest.approx(together, abs=1e-4)


def test_a_turn_the_network_did_not_see_keeps_its_probability() -> None:
    """The n-gram model then speaks alone."""
    assert blended({1: {"greeting": 0.3}}, {}, EVEN) == {1: {"greeting": 0.3}}
