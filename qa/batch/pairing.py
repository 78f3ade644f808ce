"""Bring recordings and their ready transcripts together: same folder, same name without the suffix."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from qa.batch.kinds import is_transcript, kind_of, preference
from qa.batch.source import CallMetadata, CallSource
from qa.transcription.replay import TRANSCRIPT_SUFFIXES


def as_calls(
    files: Sequence[Path], transcripts: Literal["ignore", "prefer", "only"]
) -> tuple[tuple[CallSource, ...], Counter[str]]:
    """Turn files into calls, in their order, and count what is left out (names of found.LEFT_OUT).

    A file with a foreign suffix was named by the user and counts as a recording: decoding it tells what it is.
    """
    recorded: dict[Path, list[Path]] = defaultdict(list)
    for path in files:
        if kind_of(path) != "transcript":
            recorded[stem_path(path)].append(path)
    calls: list[CallSource] = []
    left_out: Counter[str] = Counter()
    for path in files:
        if kind_of(path) == "transcript":
            if transcripts == "only" or stem_path(path) not in recorded:
                calls.append(CallSource(path, "transcript"))
            else:
                left_out["reference"] += transcripts == "ignore"
        elif transcripts == "only":
            left_out["recording"] += 1
        else:
            reference = reference_of(path) if transcripts == "prefer" else None
            calls.append(CallSource(path, "recording", CallMetadata(), reference))
    return tuple(calls), +left_out


def reference_of(recording: Path) -> Path | None:
    """The best ready transcript beside a recording, or None."""
    beside = (recording.with_suffix(suffix) for suffix in TRANSCRIPT_SUFFIXES)
    regular = [path for path in beside if path.is_file() and not path.is_symlink() and is_transcript(path)]
    return min(regular, key=preference, default=None)


def stem_path(path: Path) -> Path:
    """Path without its suffix: what a recording and its transcript share."""
    return path.parent / path.stem
