"""The calls of `python -m training.bench`."""

import pytest

from training.bench import ready_calls


@pytest.mark.parametrize(("language", "samples"), [("zh", 7), ("en", 3)])
def test_the_same_calls_every_time(language, samples):
    """The samples first, then written calls, in one order, and no more than asked for."""
    first, again = ready_calls(language, 12), ready_calls(language, 12)
    assert first == again
    names = [conversation.recording.path.startswith("/") for conversation, _, _ in first]
    assert names == [True] * samples + [False] * (12 - samples)
