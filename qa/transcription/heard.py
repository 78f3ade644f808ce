"""What the recogniser gave for one window, in the recording's own time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from qa.conversation import Segment, Word
from qa.transcription.guard import Problem, spoken_characters
from qa.transcription.sentences import sentences
from qa.transcription.windows import Window

# Measured: tones and ringback give mean log probabilities below -1, speech does not.
_DOUBTFUL_LOGPROB = -1.0
_HOPELESS_LOGPROB = -1.5
_DOUBTFUL_NO_SPEECH = 0.6


@dataclass(frozen=True, slots=True)
class Heard:
    """Words in order of time, the mean log probability of their tokens, and the probability of no speech."""

    words: tuple[Word, ...] = ()
    logprob: float = 0.0
    no_speech: float = 0.0

    @property
    def text(self) -> str:
        """All words as one line."""
        return "".join(word.text for word in self.words).strip()

    @property
    def doubtful(self) -> bool:
        """Whether the recogniser itself hardly believes that this was speech."""
        if not self.words:
            return False
        return self.logprob < _HOPELESS_LOGPROB or (
            self.logprob < _DOUBTFUL_LOGPROB and self.no_speech > _DOUBTFUL_NO_SPEECH
        )


def heard_in(segments: Sequence[Any], window: Window, *, begin_s: float = 0.0) -> Heard:
    """Convert faster-whisper segments of `window`, whose packed audio began at `begin_s`."""
    words: list[Word] = []
    for segment in segments:
        for word in segment.words or ():
            start, end = window.original(float(word.start) - begin_s, float(word.end) - begin_s)
            if words and start < words[-1].start_s:
                start = words[-1].start_s
            words.append(Word(word.word, round(start, 3), round(max(start, end), 3), round(float(word.probability), 4)))
    if not words:
        return Heard()
    return Heard(
        tuple(words),
        float(np.mean([segment.avg_logprob for segment in segments])),
        float(np.mean([segment.no_speech_prob for segment in segments])),
    )


def together(parts: Sequence[Heard]) -> Heard:
    """Join what was heard in pieces of one window."""
    spoken = [part for part in parts if part.words]
    if not spoken:
        return Heard()
    return Heard(
        tuple(word for part in spoken for word in part.words),
        float(np.mean([part.logprob for part in spoken])),
        float(np.mean([part.no_speech for part in spoken])),
    )


def is_better(again: Heard, again_problem: Problem, first: Heard, first_problem: Problem) -> bool:
    """Whether the second attempt at a window beats the first."""
    if bool(again_problem) != bool(first_problem):
        return not again_problem
    if first_problem == again_problem == "short":
        return spoken_characters(again.text) > spoken_characters(first.text)
    if first_problem != again_problem:
        return again_problem == "short"
    return again.logprob > first.logprob


def segments_of(channel: int, heard: Heard, problem: Problem) -> list[Segment]:
    """Cut what was heard into sentences; a loop that stayed and text the recogniser doubts are marked."""
    suspect = "loop" if problem == "loop" else "silence" if heard.doubtful else ""
    return [
        Segment(
            channel=channel,
            start_s=words[0].start_s,
            end_s=words[-1].end_s,
            text=text,
            words=words,
            suspect=suspect,
        )
        for words in sentences(heard.words)
        if (text := "".join(word.text for word in words).strip())
    ]
