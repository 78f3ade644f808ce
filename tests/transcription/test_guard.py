"""Guard and trust: text that cannot be right is caught, ordinary talk is not."""

import pytest

from qa.conversation import Interval, Segment, Word
from qa.transcription.guard import is_loop, window_problem
from qa.transcription.trust import is_subtitle, mark_suspects


@pytest.mark.parametrize(
    ("text", "seconds", "language", "problem"),
    [
        ("您好请问有什么可以帮您", 3.0, "zh", ""),
        ("好的", 20.0, "zh", "short"),
        ("嗯", 0.6, "zh", ""),
        ("Okay.", 10.0, "en", "short"),
        ("Thank you for calling, how may I help you today?", 3.0, "en", ""),
        ("谢谢谢谢谢谢谢谢谢谢谢谢谢谢", 5.0, "zh", "loop"),
        ("我想问一下我的宽带什么时候能修好我等了三天了" * 3, 4.0, "zh", "loop"),
        ("不知道的语言", 30.0, "und", ""),
    ],
)
def test_window_problem(text: str, seconds: float, language: str, problem: str) -> None:
    """Too little text is short, too much or repeated text is a loop."""
    assert window_problem(text, seconds, language) == problem


@pytest.mark.parametrize(
    ("text", "loop"),
    [
        ("对对对对", False),
        ("好的好的好的好的", False),
        ("no no no no no", False),
        ("零零零零零零零零零零零", True),
        ("卡号是 6222 0000 0000 0000 000", False),
        ("to the to the to the to the to the to the to the", True),
        ("我要投诉你们 " * 12, True),
        ("", False),
    ],
)
def test_loops(text: str, loop: bool) -> None:
    """People repeat themselves a few times; only a recogniser does it a dozen times."""
    assert is_loop(text) is loop


@pytest.mark.parametrize(
    ("text", "subtitle"),
    [
        ("请不吝点赞 订阅 转发 打赏支持明镜与点点栏目", True),
        ("請不吝點贊 訂閱 轉發 打賞支持明鏡與點點欄目", True),
        ("字幕由Amara.org社区提供", True),
        ("中文字幕志愿者 李宗盛", True),
        ("明镜与点点栏目", True),
        ("谢谢观看", True),
        ("谢谢大家收看,下期再见", True),
        ("Thank you for watching!", True),
        ("Thanks for watching this video.", True),
        ("Please subscribe to my channel", True),
        ("感谢您的来电,再见", False),
        ("谢谢您的耐心等待", False),
        ("Thank you for waiting.", False),
        ("电视上的字幕怎么关掉", False),
        ("我要取消订阅", False),
        ("I did not subscribe to this plan.", False),
        ("Subscriber numbers improved this year.", False),
        ("您可以关注我们的公众号查询", False),
    ],
)
def test_subtitles(text: str, subtitle: bool) -> None:
    """Only a segment that is wholly a stock phrase counts."""
    assert is_subtitle(text) is subtitle


def said(channel: int, start_s: float, text: str, probability: float = 0.9) -> Segment:
    """A segment of one word a character, five a second."""
    words = tuple(
        Word(character, start_s + place * 0.2, start_s + place * 0.2 + 0.2, probability)
        for place, character in enumerate(text)
    )
    return Segment(channel, start_s, words[-1].end_s, text, words)


def test_text_in_silence_is_marked() -> None:
    """Words where the channel is silent are not trusted; without activity nothing is known."""
    segments = (said(0, 1.0, "您好请问有什么可以帮您"), said(0, 50.0, "今天有个礼物"))
    activity = (Interval(0, 1.0, 4.0), Interval(1, 49.0, 55.0))
    assert [segment.suspect for segment in mark_suspects(segments, activity)] == ["", "silence"]
    assert [segment.suspect for segment in mark_suspects(segments, ())] == ["", ""]


def test_leaked_voice_is_marked_once() -> None:
    """Of the same words on both channels at one time, the less clear copy is marked."""
    segments = (
        said(0, 1.0, "您好请问有什么可以帮您"),
        said(1, 1.1, "您好请问有什么可以帮你", 0.4),
        said(0, 9.0, "好的"),
        said(1, 9.1, "好的"),
        said(1, 30.0, "您好请问有什么可以帮您"),
    )
    assert [segment.suspect for segment in mark_suspects(segments, ())] == ["", "copied", "", "", ""]
