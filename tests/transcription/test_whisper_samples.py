"""The real model on a shipped recording; skipped where the weights or the recordings are not installed."""

import json
import unicodedata
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from qa.shadow import shadow
from qa.transcription.engine import SAMPLE_RATE_HZ, TranscriptionSource
from qa.transcription.weights import BASE_PACKAGES
from qa.transcription.whisper import WhisperOptions, WhisperTranscriber

RECORDINGS = Path(__file__).parents[2] / "samples" / "recordings"
DIGITS = str.maketrans("0123456789两幺", "零一二三四五六七八九二一")

pytestmark = [
    pytest.mark.skipif(
        any(find_spec(package) is None for package in BASE_PACKAGES),
        reason="the base-model extra (Whisper weights) is not installed",
    ),
    pytest.mark.skipif(not list(RECORDINGS.glob("*.flac")), reason="samples/recordings holds no recordings"),
]


def spoken(text: str) -> str:
    """Letters only, Simplified, digits as Chinese numerals."""
    plain = shadow(unicodedata.normalize("NFKC", text)).translate(DIGITS)
    return "".join(character for character in plain if character.isalnum())


def edits(reference: str, heard: str) -> int:
    """Levenshtein distance."""
    row = list(range(len(heard) + 1))
    for count, wanted in enumerate(reference, start=1):
        following = [count]
        for place, got in enumerate(heard, start=1):
            following.append(min(row[place] + 1, following[-1] + 1, row[place - 1] + (wanted != got)))
        row = following
    return row[-1]


def channels_of(path: Path) -> tuple[np.ndarray, ...]:
    """Channels at 16 kHz, interpolated linearly."""
    soundfile = pytest.importorskip("soundfile")
    audio, rate = soundfile.read(path, dtype="int16", always_2d=True)
    places = np.arange(len(audio) * SAMPLE_RATE_HZ // rate) * rate / SAMPLE_RATE_HZ
    return tuple(np.interp(places, np.arange(len(audio)), side).astype(np.int16) for side in audio.T)


def test_character_error_of_a_sample() -> None:
    """At most a fifth of the characters differ, nothing is suspect, and every word lies inside the recording."""
    references = [
        path.with_suffix(".json") for path in sorted(RECORDINGS.glob("*zh*.flac")) or sorted(RECORDINGS.glob("*.flac"))
    ]
    reference = json.loads(references[0].read_text(encoding="utf-8"))
    channels = channels_of(references[0].with_suffix(".flac"))
    source = TranscriptionSource(references[0].with_suffix(".flac"), channels)
    transcript = WhisperTranscriber(WhisperOptions()).transcribe(source, language=None)
    wanted = spoken("".join(turn["text"] for turn in sorted(reference["turns"], key=lambda turn: turn["role"])))
    roles = {turn["role"] for turn in reference["turns"]}
    parts = sorted(transcript.segments, key=lambda part: part.channel)
    errors = min(
        edits(wanted, spoken("".join(part.text for part in ordered)))
        for ordered in (parts, sorted(parts, key=lambda part: -part.channel))
    )
    assert len(roles) == len(channels)
    assert errors <= 0.2 * len(wanted)
    assert not [part for part in transcript.segments if part.suspect]
    duration = len(channels[0]) / SAMPLE_RATE_HZ
    assert all(0 <= word.start_s <= word.end_s <= duration for part in transcript.segments for word in part.words)
