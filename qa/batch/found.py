"""What was found to score, and what was left out and why."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from qa.audio.recording import recording_id
from qa.batch.source import CallSource
from qa.bilingual import Bilingual
from qa.errors import InputError

# Why a file was left out; the words are what people read.
LEFT_OUT: dict[str, Bilingual] = {
    "other_file": Bilingual("neither recording nor transcript", "既非录音也非文本"),
    "not_a_transcript": Bilingual("JSON or CSV that is not a transcript", "不是通话文本的 JSON 或 CSV"),
    "reference": Bilingual(
        "transcript of a recording that is there (--transcripts)", "已有录音的对应文本（--transcripts）"
    ),
    "recording": Bilingual("recording, while only transcripts were asked for", "录音（只要求处理文本）"),
    "link": Bilingual("link to something inside the same folder", "指向同一文件夹内的链接"),
    "not_asked": Bilingual("named by the manifest but not among the given paths", "清单中有、但不在所给路径中"),
}


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A file that is not scored because `of` is the same call: the same file, or the same bytes."""

    path: Path
    of: Path


@dataclass(frozen=True, slots=True)
class Found:
    """Calls to score in a stable order, with everything that was refused or left out.

    `failures` are files or manifest rows that cannot be scored; `left_out` counts by the names in LEFT_OUT.
    """

    sources: tuple[CallSource, ...]
    failures: tuple[InputError, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)


def without_duplicates(sources: Iterable[CallSource]) -> tuple[tuple[CallSource, ...], tuple[Duplicate, ...]]:
    """Keep the first of calls with the same bytes and the same treatment.

    Only files of equal size are read. A file that cannot be read is kept, so that scoring it tells why.
    """
    sources = tuple(sources)
    by_size: dict[int, list[CallSource]] = defaultdict(list)
    for source in sources:
        by_size[_size(source.path)].append(source)
    first: dict[tuple[object, ...], Path] = {}
    twins: dict[int, Path] = {}
    for size, alike in by_size.items():
        if size <= 0 or len(alike) < 2:
            continue
        for source in alike:
            identity = _identity(source)
            if identity is None:
                continue
            if identity in first:
                twins[id(source)] = first[identity]
            else:
                first[identity] = source.path
    kept = tuple(source for source in sources if id(source) not in twins)
    gone = tuple(Duplicate(source.path, twins[id(source)]) for source in sources if id(source) in twins)
    return kept, gone


def _identity(source: CallSource) -> tuple[object, ...] | None:
    try:
        reference = hashlib.sha256(source.reference.read_bytes()).hexdigest() if source.reference else None
        return recording_id(source.path), source.kind, source.metadata.agent_channel, reference
    except (InputError, OSError):
        return None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        return -1
