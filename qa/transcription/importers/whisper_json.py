"""JSON of openai-whisper, faster-whisper, WhisperX (`segments`) and whisper.cpp (`transcription`, times in ms)."""

from typing import Any

from qa.conversation import Transcript
from qa.transcription.importers.document import Document, ImportedTurn, build_transcript

_ABSURD_MS = 1e12


class WhisperJson:
    """Importer of Whisper-like JSON."""

    def recognises(self, document: Document) -> bool:
        """A JSON object with a list of `segments` or `transcription`."""
        content = document.json
        return isinstance(content, dict) and "turns" not in content and isinstance(_entries(content), list)

    def read(self, document: Document) -> Transcript:
        """Convert; WhisperX words without times are placed between their neighbours."""
        content = document.json
        turns = []
        for number, entry in enumerate(_entries(content), start=1):
            if not isinstance(entry, dict) or "text" not in entry:
                raise document.error("not an object with a text", "不是含 text 的对象", turn=number)
            if isinstance(entry["text"], str) and not entry["text"].strip():
                continue
            turns.append(_turn(entry))
        result = content.get("result")
        language = content.get("language") or (result.get("language") if isinstance(result, dict) else None)
        return build_transcript(document, turns, language=language, format_name="whisper-json")


def _entries(content: dict[str, Any]) -> Any:
    return content.get("segments", content.get("transcription"))


def _turn(entry: dict[str, Any]) -> ImportedTurn:
    offsets = entry.get("offsets")
    if isinstance(offsets, dict):
        start, end = _from_ms(offsets.get("from")), _from_ms(offsets.get("to"))
    else:
        start, end = entry.get("start"), entry.get("end")
    words = entry.get("words")
    channel = entry.get("channel", 0)
    return ImportedTurn(
        text=entry["text"],
        speaker=entry.get("speaker"),
        start=start,
        end=end,
        channel=channel if isinstance(channel, int) and 0 <= channel < 8 else 0,
        words=words if isinstance(words, list) else (),
    )


def _from_ms(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > _ABSURD_MS:
        return value  # refused later, as it stands in the file
    return value / 1000


IMPORTER = WhisperJson()
