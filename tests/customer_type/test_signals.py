"""Signals: what counts as a cue, and that long calls are not louder than short ones."""

import numpy as np
import pytest

from qa.customer_type.lexicon import CUES, patterns
from qa.customer_type.signals import CALL_COLUMNS, TURN_COLUMNS, call_row, plain, said_turn, turn_table

NAMES = [cue.name for cue in CUES]


@pytest.mark.parametrize(
    ("language", "text", "cue"),
    [
        ("zh", "这是怎么回事", "why"),
        ("zh", "我没听懂您的意思", "not_understood"),
        ("zh", "说好今天送到的", "promise_missed"),
        ("zh", "太让人失望了", "disappointment"),
        ("zh", "我要打12315", "threat"),
        ("zh", "麻烦帮我查一下余额", "request"),
        ("en", "i don't understand the bill", "not_understood"),
        ("en", "this is unacceptable", "reproach"),
        ("en", "can you send it again please", "request"),
        ("en", "so disappointed with you", "disappointment"),
    ],
)
def test_cue_fires(language: str, text: str, cue: str) -> None:
    """Plain examples of the cues fire for the customer and not for the agent."""
    assert said_turn(0, True, text, language).hits[NAMES.index(cue)] > 0
    assert said_turn(0, False, text, language).hits[NAMES.index(cue)] == 0


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_cue_matches_nothing(language: str) -> None:
    """A pattern that matches empty text would fire everywhere."""
    assert [cue.name for cue, pattern in patterns(language) if pattern.search("")] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [("订单88231，“急”…", "订单0 急"), ("@shop see https://a.example/b now?!", "@ see # now?!"), ("一下", "一下")],
)
def test_plain(text: str, expected: str) -> None:
    """Numbers, links, handles and marks become the same whoever wrote them."""
    assert plain(text.lower()) == expected


def test_rows_have_all_columns() -> None:
    """Rows are as wide as their names; only sound measures may be missing."""
    said = [said_turn(0, True, "为什么", "zh"), said_turn(1, False, "因为", "zh")]
    row = call_row(said, np.full((1, 3), 1 / 3), {"talk_over_s": 2.0})
    assert len(row) == len(CALL_COLUMNS)
    assert row[CALL_COLUMNS.index("talk_over_s")] == 2.0
    assert {name for name, value in zip(CALL_COLUMNS, row, strict=True) if np.isnan(value)} == {
        "customer_speech_rate_per_min",
        "customer_interruption_count",
        "mean_response_delay_s",
    }
    assert turn_table(said[:1]).shape == (1, len(TURN_COLUMNS))


def test_asked_again_is_seen() -> None:
    """The same question in nearly the same words is a repetition."""
    said = [
        said_turn(place, True, text, "zh") for place, text in enumerate(["这个费用怎么来的呀", "所以这个费用怎么来的"])
    ]
    assert call_row(said, np.full((2, 3), 1 / 3), {})[CALL_COLUMNS.index("cue_asked_again")] == 1
