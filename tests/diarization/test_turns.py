"""Turns: cut and joined by who else speaks, never by a recogniser's segments."""

import pytest

from qa.conversation import Segment, Word
from qa.diarization.turns import turns_by_channel, utterances


def said(
    channel: int, start_s: float, text: str, *, pauses: dict[int, float] | None = None, suspect: str = ""
) -> Segment:
    """One segment of one word a character, 0.2 s each, with a pause before the characters named in `pauses`."""
    words, now = [], start_s
    for place, character in enumerate(text):
        now += (pauses or {}).get(place, 0.0)
        words.append(Word(character, round(now, 3), round(now + 0.2, 3), 0.9))
        now += 0.2
    return Segment(channel, start_s, words[-1].end_s, text, tuple(words), suspect=suspect)


def turns(*segments: Segment, language: str = "zh") -> list[tuple[int, str, float, float]]:
    """Channel, text and times of the turns."""
    found = turns_by_channel(utterances(segments, language=language))
    return [(one.channel, one.text, one.start_s, one.end_s) for one in found]


def test_a_segment_over_two_turns_is_cut() -> None:
    """One recogniser segment holds two turns with the other party between."""
    agent = said(0, 0.0, "您好请讲好的", pauses={4: 5.0})
    assert turns(agent, said(1, 1.5, "我要查话费")) == [
        (0, "您好请讲", 0.0, 0.8),
        (1, "我要查话费", 1.5, 2.5),
        (0, "好的", 5.8, 6.2),
    ]


def test_a_breath_ends_no_turn() -> None:
    """A pause with nobody else in it keeps the turn together; a space marks the seam."""
    assert [text for _, text, _, _ in turns(said(0, 0.0, "点开了然后呢", pauses={3: 1.4}))] == ["点开了 然后呢"]


def test_a_long_silence_ends_a_turn() -> None:
    """After twelve seconds of dead air the same speaker begins anew."""
    assert len(turns(said(0, 0.0, "请稍等查到了", pauses={3: 12.0}))) == 2


def test_an_overlap_splits_nobody() -> None:
    """A "mm" inside a flow of words is a turn of its own and does not cut the flow."""
    found = turns(said(0, 0.0, "我给您查一下这个月的账单", pauses={5: 0.75}), said(1, 0.5, "嗯嗯"))
    assert [(channel, text) for channel, text, _, _ in found] == [(0, "我给您查一 下这个月的账单"), (1, "嗯嗯")]


def test_suspect_text_stays_apart() -> None:
    """What nobody said neither joins a turn nor counts as the other party speaking."""
    found = turns_by_channel(
        utterances(
            [
                said(0, 0.0, "您好请讲", pauses={2: 1.0}),
                said(1, 0.45, "谢谢观看", suspect="subtitle"),
                said(0, 3.0, "字幕", suspect="loop"),
            ],
            language="zh",
        )
    )
    assert [(one.text, one.suspect) for one in found] == [("您好 请讲", ""), ("谢谢观看", "subtitle"), ("字幕", "loop")]


@pytest.mark.parametrize("texts", [(" Thank", " you"), ("Thank", "you")])
def test_words_put_together_are_the_text(texts: tuple[str, str]) -> None:
    """Also where a file's words come without spaces, and over a seam."""
    words = tuple(Word(text, place * 1.0, place * 1.0 + 0.2, 1.0) for place, text in enumerate(texts))
    (turn,) = turns_by_channel(utterances([Segment(0, 0.0, 2.0, "Thank you", words)], language="en"))
    assert turn.text == "Thank you"
    assert "".join(word.text for word in turn.words).strip() == turn.text


def test_segments_without_words_use_their_times() -> None:
    """Imported segments without words are utterances as they are."""
    segments = (Segment(0, 1.0, 2.0, "hello"), Segment(1, 3.0, None, "hi"), Segment(0, 4.0, 5.0, ""))
    assert turns(*segments, language="en") == [(0, "hello", 1.0, 2.0), (1, "hi", 3.0, 3.0)]
