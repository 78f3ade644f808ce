"""Which files are recordings, which are ready transcripts, and how people sort them."""

import re
from pathlib import Path
from typing import Any

from qa.audio.recording import AUDIO_SUFFIXES
from qa.batch.source import SourceKind
from qa.transcription.replay import MAX_BYTES, TRANSCRIPT_SUFFIXES

# These suffixes say little: in a folder the content decides.
_ANYTHING = frozenset({".json", ".csv"})
# A damaged transcript is still one: it is kept, and scoring it names the damage.
_TRANSCRIPT_KEYS = re.compile(r'"(turns|segments|vcon|dialog)"\s*:')
_DIGITS = re.compile(r"(\d+)")
# Which of several transcripts of one recording is used.
_PREFERENCE = (".json", ".vcon", ".vtt", ".srt", ".csv")


def kind_of(path: Path) -> SourceKind | None:
    """Kind by suffix; None when the suffix is neither a recording's nor a transcript's."""
    suffix = path.suffix.lower()
    if suffix in AUDIO_SUFFIXES:
        return "recording"
    return "transcript" if suffix in TRANSCRIPT_SUFFIXES else None


def natural(path: Path) -> tuple[Any, ...]:
    """Sort key: call2 before call10, folders by their parts."""
    parts = (
        tuple((0, int(bit), "") if bit.isdecimal() else (1, 0, bit) for bit in _DIGITS.split(part.casefold()))
        for part in path.parts
    )
    return (*parts, str(path))


def preference(transcript: Path) -> int:
    """Lower is better."""
    suffix = transcript.suffix.lower()
    return _PREFERENCE.index(suffix) if suffix in _PREFERENCE else len(_PREFERENCE)


def is_transcript(path: Path) -> bool:
    """Whether a file with a transcript's suffix holds one, by its content where the suffix does not tell."""
    if path.suffix.lower() not in _ANYTHING:
        return True
    from qa.transcription.importers.document import Document
    from qa.transcription.replay import IMPORTERS

    try:
        with path.open("rb") as stream:
            text = stream.read(MAX_BYTES).decode("utf-8-sig", errors="replace")
    except OSError:
        return True
    document = Document(path, text)
    if path.suffix.lower() == ".json" and document.json is None:
        return _TRANSCRIPT_KEYS.search(text) is not None
    return any(IMPORTERS.get(name).recognises(document) for name in IMPORTERS.names())
