"""The plug point for recognisers: what they are given and what they give back."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from qa.conversation import Interval, Transcript
from qa.registry import Registry

SAMPLE_RATE_HZ = 16_000

Samples = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class TranscriptionSource:
    """One recording to recognise.

    `channels` are int16 samples at 16 kHz, one array a channel (memory-mapped arrays are fine), or None for a ready
    transcript. `activity` holds the speech activity of all channels, ordered by start; empty lets the recogniser look
    for speech itself.
    """

    path: Path
    channels: tuple[Samples, ...] | None = None
    activity: tuple[Interval, ...] = ()


class Transcriber(Protocol):
    """Turns a recording into text with times."""

    def transcribe(self, source: TranscriptionSource, *, language: str | None) -> Transcript:
        """Recognise `source` in `language` (zh, en, another Whisper code; None detects it).

        Raises RecognitionError or TranscriptError for one bad input, WeightsError when the model is not usable.
        """
        ...


TRANSCRIBERS: Registry[Callable[..., Transcriber]] = Registry(
    "transcriber",
    group="qa.transcribers",
    built_in={
        "whisper": "qa.transcription.whisper:WhisperTranscriber",
        "replay": "qa.transcription.replay:ReplayTranscriber",
    },
)
