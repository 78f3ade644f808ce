"""One ready transcript on its way in: its text, its parsed JSON, and the checks that every format shares."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from qa.conversation import Engine, Segment, Transcript, Word
from qa.errors import TranscriptError
from qa.transcription.importers.speaker_names import speaker_name
from qa.transcription.language import language_code, language_of_text
from qa.transcription.notices import other_language

MAX_TURNS = 50_000
MAX_TURN_CHARACTERS = 100_000
LONGEST_CALL_S = 7 * 24 * 3600.0


class Document:
    """A transcript file as text. `json` is None when the text is not JSON."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.text = text

    @cached_property
    def json(self) -> Any:
        """The parsed JSON, or None."""
        if self.text.lstrip()[:1] not in ("{", "["):
            return None
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError):
            return None

    @property
    def first_line(self) -> str:
        """The first line that is not blank."""
        return next((line.strip() for line in self.text.splitlines() if line.strip()), "")

    def error(self, en: str, zh: str, *, turn: int | None = None, code: str = "") -> TranscriptError:
        """An error at this file, at `turn` (counted from 1) if given."""
        place = f"turn {turn}" if turn else ""
        return TranscriptError(en=en, zh=zh, path=self.path, place=place, code=code)


@dataclass(frozen=True, slots=True)
class ImportedTurn:
    """One turn as a file states it: nothing is checked yet. Times should be numbers in seconds or None."""

    text: object
    speaker: object = None
    start: object = None
    end: object = None
    channel: int = 0
    words: Sequence[Any] = field(default_factory=tuple)


class Importer(Protocol):
    """Reads one format."""

    def recognises(self, document: Document) -> bool:
        """Whether the content is in this format; must not raise."""
        ...

    def read(self, document: Document) -> Transcript:
        """Convert the document; raises TranscriptError naming the turn at fault."""
        ...


def build_transcript(
    document: Document, turns: Sequence[ImportedTurn], *, language: object = None, format_name: str
) -> Transcript:
    """Check the turns and put them together; the language is the stated one, else told by the script."""
    if len(turns) > MAX_TURNS:
        raise document.error(
            f"{len(turns)} turns; at most {MAX_TURNS} are read",
            f"共 {len(turns)} 轮；最多读取 {MAX_TURNS} 轮",
            code="transcript_too_long",
        )
    segments = tuple(_segment(document, turn, number) for number, turn in enumerate(turns, start=1))
    text = "".join(segment.text for segment in segments)
    if not text.strip():
        raise document.error("the transcript has no text", "转写文本为空", code="transcript_empty")
    stated = language_code(language) if isinstance(language, str) and language.strip() else ""
    code = stated or language_of_text(text[:20_000])
    warnings = () if code in ("zh", "en") else (str(other_language(code)),)
    return Transcript(code, segments, Engine("replay", format_name), warnings=warnings)


def _segment(document: Document, turn: ImportedTurn, number: int) -> Segment:
    if not isinstance(turn.text, str):
        raise document.error(
            f"the text is {type(turn.text).__name__}, not a string",
            f"text 应为字符串，实为 {type(turn.text).__name__}",
            turn=number,
        )
    if len(turn.text) > MAX_TURN_CHARACTERS:
        raise document.error(
            f"{len(turn.text)} characters in one turn; at most {MAX_TURN_CHARACTERS}",
            f"单轮 {len(turn.text)} 字；上限 {MAX_TURN_CHARACTERS}",
            turn=number,
        )
    start = seconds(document, turn.start, number, "start")
    end = seconds(document, turn.end, number, "end")
    if start is not None and end is not None and end < start:
        raise document.error(
            f"it ends at {end:g} s, before its start at {start:g} s",
            f"结束时间 {end:g} 秒早于开始时间 {start:g} 秒",
            turn=number,
            code="transcript_times",
        )
    words = _words(turn.words, start, end)
    return Segment(turn.channel, start, end, _clean(turn.text), words, speaker_name(turn.speaker))


def seconds(document: Document, value: object, number: int, name: str) -> float | None:
    """Check one time of turn `number`: None, or a number of seconds from 0 to seven days."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise document.error(
            f"{name} is {value!r:.40}, not a number of seconds",
            f"{name} 应为秒数，实为 {value!r:.40}",
            turn=number,
            code="transcript_times",
        )
    if not 0 <= value <= LONGEST_CALL_S:  # false for NaN, too
        raise document.error(
            f"{name} is {value!r:.40}; allowed: 0 to {LONGEST_CALL_S:.0f} seconds (7 days)",
            f"{name} 为 {value!r:.40}；允许范围：0 至 {LONGEST_CALL_S:.0f} 秒（7 天）",
            turn=number,
            code="transcript_times",
        )
    return float(value)


def _words(raw: Sequence[Any], start_s: float | None, end_s: float | None) -> tuple[Word, ...]:
    """Words of whisper-like files; a missing time is put evenly between its neighbours."""
    entries = [entry for entry in raw if isinstance(entry, dict) and isinstance(_word_text(entry), str)]
    if not entries or start_s is None or end_s is None:
        return ()
    starts = [_number(entry.get("start"), start_s, end_s) for entry in entries]
    ends = [_number(entry.get("end"), start_s, end_s) for entry in entries]
    words: list[Word] = []
    reached = start_s
    for place, entry in enumerate(entries):
        begin = starts[place]
        if begin is None:
            ahead = next((number for number in range(place + 1, len(entries)) if starts[number] is not None), None)
            limit = starts[ahead] if ahead is not None else end_s
            missing = (ahead if ahead is not None else len(entries)) - place
            step = max(0.0, (limit or reached) - reached) / (missing or 1)
            begin, finish = reached, ends[place] or reached + step
        else:
            following = next((other for other in starts[place + 1 :] if other is not None), end_s)
            finish = ends[place] if ends[place] is not None else following  # type: ignore[assignment]
        begin = max(begin, reached) if words else begin
        finish = max(begin, finish)
        reached = finish
        probability = entry.get("probability", entry.get("score", 1.0))
        sure = float(probability) if isinstance(probability, int | float) and 0 <= probability <= 1 else 1.0
        words.append(Word(_clean(str(_word_text(entry)), strip=False), begin, finish, sure))
    return tuple(words)


def _word_text(entry: dict[str, Any]) -> object:
    return entry.get("word", entry.get("text"))


def _number(value: object, low: float, high: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:  # noqa: PLR0124
        return None
    return float(min(max(value, low), high))


def _clean(text: str, *, strip: bool = True) -> str:
    """Drop what no store or page can hold: NUL and lone surrogates."""
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        text = "".join(character for character in text if character != "\x00" and not "\ud800" <= character <= "\udfff")
    return text.strip() if strip else text
