"""Roles: from names, from channels, from one mixed channel, and honestly unknown."""

import numpy as np
import pytest

from qa.conversation import Conversation, Engine, Interval, Recording, Segment, Transcript, Word
from qa.diarization.roles import MIXED, UNSURE, UNSURE_LABELS, assign_roles
from qa.errors import ManifestError

ZH = (
    ("agent", "您好，欢迎致电，我是八号话务员，请问有什么可以帮您？"),
    ("customer", "喂，我想问一下我的宽带怎么又断了？"),
    ("agent", "给您添麻烦了，非常抱歉，我帮您查一下，请您稍等。"),
    ("customer", "好的，你们快一点。"),
    ("agent", "已经为您登记了，请问还有其他需要吗？祝您生活愉快。"),
    ("customer", "没有了，再见。"),
)
EN = (
    ("agent", "Good morning, thank you for calling, how can I help?"),
    ("customer", "Hi, I'm calling about my order, I was charged twice."),
    ("agent", "I'm so sorry to hear that. Can I take your order number please?"),
    ("customer", "It's four five six. Why did this happen?"),
    ("agent", "Let me check. I'll arrange a refund today. Is there anything else?"),
    ("customer", "No, thanks, bye."),
)


def recording(channels: int | None = None) -> Recording:
    """A recording with that many channels."""
    return Recording(id="0", path="call.wav", duration_s=None, channels=channels)


def spoken(script: tuple[tuple[str, str], ...], language: str, channel_of: dict[str, int]) -> Transcript:
    """The script as a recogniser hears it: words with times, no speakers, turns a second apart."""
    segments, now = [], 0.0
    for role, text in script:
        pieces = list(text) if language == "zh" else [f" {word}" for word in text.split()]
        words = tuple(
            Word(piece, now + place * 0.2, now + place * 0.2 + 0.2, 0.9) for place, piece in enumerate(pieces)
        )
        segments.append(Segment(channel_of[role], now, words[-1].end_s, text, words))
        now = words[-1].end_s + 1.0
    activity = tuple(Interval(part.channel, part.start_s or 0.0, part.end_s or 0.0) for part in segments)
    return Transcript(language, tuple(segments), Engine("whisper"), activity)


def roles(conversation: Conversation) -> list[str]:
    """Roles in order."""
    return [turn.role for turn in conversation.turns]


@pytest.mark.parametrize(("script", "language"), [(ZH, "zh"), (EN, "en")])
@pytest.mark.parametrize("agent_channel", [0, 1])
def test_channels_are_told_from_the_talk(
    script: tuple[tuple[str, str], ...], language: str, agent_channel: int
) -> None:
    """The agent is found on either channel, with a confidence, and turns are numbered."""
    transcript = spoken(script, language, {"agent": agent_channel, "customer": 1 - agent_channel})
    conversation = assign_roles(transcript, recording(2))
    assert roles(conversation) == [role for role, _ in script]
    assert [turn.index for turn in conversation.turns] == list(range(len(script)))
    assert 0.7 < conversation.turns[0].role_confidence <= 1.0
    assert conversation.activity == transcript.activity


def test_a_stated_channel_wins() -> None:
    """The manifest's channel is believed against the talk."""
    transcript = spoken(ZH, "zh", {"agent": 0, "customer": 1})
    conversation = assign_roles(transcript, recording(2), agent_channel=1)
    assert conversation.turns[0].role == "customer"
    assert conversation.turns[0].role_confidence == 1.0


@pytest.mark.parametrize("channel", [2, -1])
def test_a_channel_that_does_not_exist(channel: int) -> None:
    """The message says how many channels there are."""
    with pytest.raises(ManifestError, match="has 2"):
        assign_roles(spoken(ZH, "zh", {"agent": 0, "customer": 1}), recording(2), agent_channel=channel)


def test_unclear_channels_stay_unknown() -> None:
    """Talk that fits both parties gives roles "unknown" and a warning."""
    script = (("agent", "嗯"), ("customer", "嗯"), ("agent", "啊"), ("customer", "啊"))
    conversation = assign_roles(spoken(script, "zh", {"agent": 0, "customer": 1}), recording(2))
    assert set(roles(conversation)) == {"unknown"}
    assert str(UNSURE) in conversation.warnings


@pytest.mark.parametrize(("script", "language"), [(ZH, "zh"), (EN, "en")])
def test_one_channel_is_told_from_words_alone(script: tuple[tuple[str, str], ...], language: str) -> None:
    """Without audio, most of the talk still goes to the right party; confidence stays below certainty."""
    transcript = spoken(script, language, {"agent": 0, "customer": 0})
    conversation = assign_roles(transcript, recording(1))
    right = sum(
        len(turn.text)
        for turn in conversation.turns
        if any(role == turn.role and turn.text.replace(" ", "")[:6] in text.replace(" ", "") for role, text in script)
    )
    assert right >= 0.6 * sum(len(text) for _, text in script)
    assert max(turn.role_confidence for turn in conversation.turns) <= 1.0
    assert str(MIXED) in conversation.warnings


def test_one_channel_with_two_voices() -> None:
    """With voices a low and a high speaker are parted, even where the words say nothing."""
    script = (*ZH, ("agent", "一二三四五六七八九十"), ("customer", "一二三四五六七八九十"))
    transcript = spoken(script, "zh", {"agent": 0, "customer": 0})
    audio = np.zeros(int(16_000 * ((transcript.segments[-1].end_s or 0.0) + 1)), dtype=np.int16)
    generator = np.random.default_rng(3)
    for (role, _), segment in zip(script, transcript.segments, strict=True):
        begin, end = int((segment.start_s or 0) * 16_000), int((segment.end_s or 0) * 16_000)
        audio[begin:end] = buzz(end - begin, 220.0 if role == "agent" else 110.0, generator)
    conversation = assign_roles(transcript, recording(1), channels=(audio,))
    assert roles(conversation) == [role for role, _ in script]


def buzz(length: int, pitch_hz: float, generator: np.random.Generator) -> np.ndarray:
    """A voice-like tone: harmonics with a wandering pitch and some noise."""
    wander = 1 + 0.03 * np.sin(np.arange(length) / 3000 + generator.uniform(0, 6))
    phase = 2 * np.pi * np.cumsum(pitch_hz * wander) / 16_000
    tone = sum(np.sin(number * phase) / number for number in range(1, 12))
    return np.asarray(3000 * tone + generator.normal(0, 60, length)).astype(np.int16)


def test_fake_stereo_is_one_channel() -> None:
    """Where the second channel only repeats the first, the call is treated as mixed."""
    both = spoken(ZH, "zh", {"agent": 0, "customer": 0})
    copies = tuple(
        Segment(1, part.start_s, part.end_s, part.text, part.words, suspect="copied") for part in both.segments
    )
    conversation = assign_roles(Transcript("zh", both.segments + copies, both.engine), recording(2))
    trusted = [turn.role for turn in conversation.turns if not turn.suspect]
    assert {"agent", "customer"} <= set(trusted)
    assert str(MIXED) in conversation.warnings


def labelled(*turns: tuple[str | None, str], language: str = "zh") -> Conversation:
    """A ready transcript without times."""
    segments = tuple(Segment(0, None, None, text, speaker=speaker) for speaker, text in turns)
    return assign_roles(Transcript(language, segments, Engine("replay")), recording())


def test_named_roles_pass_through() -> None:
    """Every segment is one turn, in the file's order, with full confidence; unnamed ones are unknown."""
    conversation = labelled(("customer", "一"), ("customer", "二"), ("system", "三"), (None, "四"), ("agent", ""))
    assert roles(conversation) == ["customer", "customer", "system", "unknown", "agent"]
    assert [turn.role_confidence for turn in conversation.turns] == [1.0, 1.0, 1.0, 0.0, 1.0]
    assert conversation.warnings == ()


def test_labels_are_judged_by_the_talk() -> None:
    """Diarization labels become roles; a third party's label beside known roles does not."""
    names = {"agent": "SPEAKER_01", "customer": "SPEAKER_00"}
    conversation = labelled(*((names[role], text) for role, text in ZH))
    assert roles(conversation) == [role for role, _ in ZH]
    assert roles(labelled(("agent", "您好"), ("张三", "喂"))) == ["agent", "customer"]
    third = labelled(("agent", "您好"), ("customer", "喂"), ("张三", "我来说"))
    assert roles(third)[-1] == "unknown"
    assert str(UNSURE_LABELS) in third.warnings


def test_chat_without_speakers() -> None:
    """Parties are told from words; the result is flagged."""
    conversation = labelled(*((None, text) for _, text in ZH))
    assert roles(conversation)[:5] == [role for role, _ in ZH[:5]]
    assert conversation.turns[5].role in ("customer", "unknown")
    assert str(UNSURE_LABELS) in conversation.warnings


def test_nothing_said() -> None:
    """An empty transcript is a conversation without turns."""
    for channels in (1, 2):
        assert assign_roles(Transcript("zh", (), Engine("whisper")), recording(channels)).turns == ()
