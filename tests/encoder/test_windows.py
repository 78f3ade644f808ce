"""How a call is shown to the encoder."""

import pytest

from qa.conversation import Turn
from qa.encoder.windows import LONGEST_TURN, LONGEST_WINDOW, reading, trusted, windows


def test_one_window_holds_every_turn_with_its_role() -> None:
    """<s>, then each turn's pieces and </s>; spans leave the </s> out."""
    (window,) = windows([[10, 11], [12]], [False, True])
    assert window.ids == (0, 10, 11, 2, 12, 2)
    assert window.roles == (0, 0, 0, 0, 1, 1)
    assert window.spans == ((1, 3), (4, 5))
    assert window.places == (0, 1)


@pytest.mark.parametrize("turns", [1, 7, 40, 200])
def test_every_turn_is_answered_once(turns: int) -> None:
    """Windows share turns for context, but each turn's answer is taken from one window only."""
    cut = windows([[5] * 30] * turns, [at % 2 == 1 for at in range(turns)])
    answered = [place for window in cut for place in window.places if place >= window.fresh]
    assert answered == list(range(turns))
    assert all(len(window.ids) <= LONGEST_WINDOW + LONGEST_TURN + 1 for window in cut)


def test_a_huge_turn_is_cut_and_does_not_stop_the_rest() -> None:
    """A turn longer than LONGEST_TURN keeps its beginning."""
    cut = windows([[5] * 5_000, [6]], [False, True])
    assert sum(len(window.ids) for window in cut) < 2 * LONGEST_WINDOW
    assert 6 in cut[-1].ids


@pytest.mark.parametrize(
    ("text", "language", "seen"),
    [
        ("您好，ＡＢＣ", "zh", "您好,abc"),
        ("請講", "zh", "请讲"),
        ("see https://example.com/a?b now @someone", "en", "see # now @"),
        ("   ", "en", "?"),
    ],
)
def test_reading(text: str, language: str, seen: str) -> None:
    """Shadow text with links and handles as one sign; never empty."""
    assert reading(text, language) == seen


def test_only_trusted_turns_are_read() -> None:
    """Unknown speakers, suspect text and silence are not shown."""
    turns = [Turn(0, "agent", "hello"), Turn(1, "unknown", "hm"), Turn(2, "customer", " "), Turn(3, "customer", "hi")]
    assert [turn.index for turn in trusted(turns)] == [0, 3]
