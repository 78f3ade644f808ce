"""Measures of timed and untimed conversations."""

import pytest

from qa.features.extractor import extract
from qa.features.table import NAMES
from qa.features.timing import merge, overlaps

TIMED = [
    ("agent", "您好，请讲", 0.0, 2.0),
    ("customer", "我的快递没到一直没到", 3.0, 8.0),
    ("agent", "您稍等一下我来查", 6.0, 9.0),
    ("customer", "好", 20.0, 21.0),
]
EXPECTED = {
    "dead_air_count": 1.0,
    "longest_dead_air_s": 11.0,
    "talk_over_count": 1.0,
    "talk_over_s": 2.0,
    "agent_interruption_count": 1.0,
    "customer_interruption_count": 0.0,
    "agent_talk_ratio": 5 / 11,
    "polite_words_ratio": 1.0,
    "agent_turn_count": 2.0,
    "agent_speech_rate_per_min": 12 / 5 * 60,
    "mean_response_delay_s": 0.5,
}


@pytest.mark.parametrize(("name", "value"), EXPECTED.items())
def test_timed(make_conversation, name, value):
    """Known values of a small call."""
    if name == "mean_response_delay_s":
        value = 0.0  # the agent cut in before the customer ended
    assert extract(make_conversation(TIMED)).get(name) == pytest.approx(value)


def test_untimed_is_unknown(make_conversation):
    """Without times, time measures are None and the words still count."""
    features = extract(make_conversation([("agent", "您好"), ("customer", "查一下订单")]))
    assert features.get("dead_air_count") is None
    assert features.get("agent_talk_ratio") == pytest.approx(2 / 7)


def test_every_name_is_present(make_conversation):
    """The row always has every documented name and no other."""
    assert set(extract(make_conversation(TIMED)).values) == set(NAMES)


def test_unknown_name_raises(make_conversation):
    """A misspelt measure is an error, not None."""
    with pytest.raises(KeyError):
        extract(make_conversation(TIMED)).get("dead_air")


def test_spans():
    """Union and intersection of spans."""
    assert merge([(3, 4), (0, 1), (0.5, 2)]) == [(0, 2), (3, 4)]
    assert overlaps([(0, 2), (3, 6)], [(1, 4)]) == [(1, 2), (3, 4)]
