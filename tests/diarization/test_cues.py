"""Ways of speaking that tell the parties apart."""

import numpy as np
import pytest

from qa.diarization.channels import find_agent
from qa.diarization.cues import agent_cue, is_greeting
from qa.diarization.voices import tell_voices, voice_print


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("您好，工号一零八为您服务", "zh"),
        ("請問有什麼可以幫您", "zh"),
        ("给您带来不便，非常抱歉", "zh"),
        ("Thank you for calling, how may I help you?", "en"),
        ("Can I take your account number please?", "en"),
    ],
)
def test_agents(text: str, language: str) -> None:
    """Company formulas speak for the agent, also in Traditional characters."""
    assert agent_cue(text, language=language) > 1.0


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("我要投诉你们，凭什么扣我的钱", "zh"),
        ("喂，我想问一下我的话费怎么这么多", "zh"),
        ("I'm calling about my bill, I was charged twice", "en"),
        ("I'd like to speak to a manager, this is ridiculous", "en"),
    ],
)
def test_customers(text: str, language: str) -> None:
    """Wants and complaints speak for the customer."""
    assert agent_cue(text, language=language) < -1.0


def test_cues_have_a_limit() -> None:
    """A turn full of formulas does not outweigh a whole call; an unknown language is not guessed by learned words."""
    assert agent_cue("您好欢迎致电工号很高兴为您服务请问有什么可以帮您抱歉请您稍等祝您生活愉快", language="zh") == 5.0
    assert agent_cue("xyzzy", language="fr") == 0.0


def test_greetings_open_a_turn() -> None:
    """A greeting counts at the beginning only."""
    assert is_greeting("Good morning, Acme", language="en")
    assert is_greeting("您好", language="zh")
    assert not is_greeting("this is the third time that I have to say hello", language="en")


def test_no_agent_without_talk() -> None:
    """Nobody is found in nothing, and a lone customer is not taken for an agent."""
    assert find_agent([], language="zh") == (None, 0.5)
    assert find_agent([(0, "我要投诉你们，凭什么扣我的钱")], language="zh")[0] is None


def test_short_or_silent_stretches_have_no_voice() -> None:
    """Nothing is read out of half a second or of silence."""
    assert voice_print(np.ones(5_000, dtype=np.int16)) is None
    assert voice_print(np.zeros(32_000, dtype=np.int16)) is None
    voices = tell_voices(np.zeros(160_000, dtype=np.int16), [(0.0, 2.0), (3.0, 5.0), (6.0, 7.0)])
    assert (voices.log_odds, voices.strength) == ((0.0, 0.0, 0.0), 0.0)
