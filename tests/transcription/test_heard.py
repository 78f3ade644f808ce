"""What the recogniser gives becomes sentences with times and marks."""

from types import SimpleNamespace

import pytest

from qa.conversation import Word
from qa.errors import RecognitionError
from qa.transcription.engine import TRANSCRIBERS, TranscriptionSource
from qa.transcription.heard import Heard, heard_in, is_better, segments_of
from qa.transcription.sentences import ends_sentence, sentences
from qa.transcription.windows import Window


def words(*entries: tuple[str, float, float]) -> tuple[Word, ...]:
    """Words from (text, start, end)."""
    return tuple(Word(text, start, end, 0.9) for text, start, end in entries)


def test_sentences_end_at_marks_and_pauses() -> None:
    """A full stop or a pause of 0.7 s ends a sentence."""
    cut = sentences(words(("您好。", 0, 1), ("请问", 1, 2), ("是", 2.7, 3), ("吗", 3.3, 4)))
    assert [[word.text for word in part] for part in cut] == [["您好。"], ["请问"], ["是", "吗"]]


@pytest.mark.parametrize(
    ("text", "ends"),
    [(" Mr.", False), (" bill.", True), ("吗？", True), (' "now!"', True), (" A.", False), ("好", False)],
)
def test_abbreviations_end_no_sentence(text: str, ends: bool) -> None:
    """Titles and initials are no sentence ends."""
    assert ends_sentence(text) is ends


def test_words_of_a_window_are_placed() -> None:
    """Times count from the clip's start and come out in order, in the recording's time."""
    window = Window(pieces=((10.0, 12.0), (30.0, 32.0)), speech=((10.2, 11.8), (30.2, 31.8)))
    part = SimpleNamespace(
        words=[
            SimpleNamespace(word="好", start=5.3, end=5.6, probability=0.8),
            SimpleNamespace(word="的", start=5.6, end=7.9, probability=0.7),
        ],
        avg_logprob=-0.2,
        no_speech_prob=0.1,
    )
    heard = heard_in([part], window, begin_s=5.0)
    assert [(word.text, word.start_s, word.end_s) for word in heard.words] == [("好", 10.3, 10.6), ("的", 30.2, 30.9)]


@pytest.mark.parametrize(
    ("logprob", "no_speech", "problem", "suspect"),
    [
        (-0.3, 0.9, "", ""),
        (-1.2, 0.2, "", ""),
        (-1.2, 0.8, "", "silence"),
        (-3.1, 0.1, "", "silence"),
        (-0.1, 0.0, "loop", "loop"),
    ],
)
def test_doubtful_text_is_marked(logprob: float, no_speech: float, problem: str, suspect: str) -> None:
    """A tone gives improbable words even when the model says that it is speech."""
    heard = Heard(words(("好", 0, 1)), logprob, no_speech)
    assert [part.suspect for part in segments_of(0, heard, problem)] == [suspect]  # type: ignore[arg-type]


def test_the_better_attempt_is_kept() -> None:
    """No problem beats a problem, more text beats less when both are short."""
    little, more = Heard(words(("好", 0, 1)), -0.2), Heard(words(("好的谢谢", 0, 1)), -0.5)
    assert is_better(more, "", little, "short")
    assert not is_better(more, "loop", little, "short")
    assert is_better(more, "short", little, "short")
    assert not is_better(more, "loop", little, "loop")


def test_whisper_needs_audio(tmp_path: object) -> None:
    """Without channels the recogniser says so before it loads a model."""
    with pytest.raises(RecognitionError, match="no audio"):
        TRANSCRIBERS.get("whisper")().transcribe(TranscriptionSource(tmp_path), language=None)  # type: ignore[arg-type]
