"""WebVTT, with the speaker in a voice tag (`<v 坐席>`) or before a colon."""

import html
import re

from qa.conversation import Transcript
from qa.transcription.importers.clock import clock_seconds
from qa.transcription.importers.document import Document, ImportedTurn, build_transcript
from qa.transcription.importers.speaker_names import role_of

_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]*)>")
_TAG = re.compile(r"</?(?:[cibuv]|ruby|rt|lang)\b[^>]*>|<\d[\d:.]*>", re.IGNORECASE)
_PREFIX = re.compile(r"^\s*[\[【(（]?([^\s:：\]】)）]{1,20})[\]】)）]?\s*[:：]\s*")
_LABEL = re.compile(r"(speaker|spk|说话人|发言人)[ _]?\w{1,3}", re.IGNORECASE)


class WebVtt:
    """Importer of WebVTT."""

    def recognises(self, document: Document) -> bool:
        """The header that the format demands."""
        return document.first_line.startswith("WEBVTT")

    def read(self, document: Document) -> Transcript:
        """Convert every cue; a cue with two voices becomes two turns of the same time."""
        from webvtt import WebVTT
        from webvtt.errors import MalformedCaptionError, MalformedFileError

        try:
            captions = WebVTT.from_string(document.text.lstrip("\ufeff \r\n")).captions
        except (MalformedCaptionError, MalformedFileError, ValueError) as error:
            raise document.error(f"not valid WebVTT: {error}", f"WebVTT 格式有误：{error}") from error
        turns = []
        for caption in captions:
            times = clock_seconds(caption.start), clock_seconds(caption.end)
            for speaker, text in spoken_lines(caption.raw_text):
                turns.append(ImportedTurn(text, speaker, *times))
        return build_transcript(document, turns, format_name="webvtt")


def spoken_lines(raw: str) -> list[tuple[str | None, str]]:
    """Split the text of one cue into (speaker, plain text)."""
    found = []
    pieces = _VOICE.split(raw)
    for speaker, text in zip([None, *pieces[1::2]], pieces[0::2], strict=True):
        plain = html.unescape(_TAG.sub("", text)).replace("\n", " ").strip()
        if not plain:
            continue
        name = html.unescape(speaker).strip() if speaker else None
        if name is None and (prefix := _PREFIX.match(plain)) and is_speaker(prefix.group(1)):
            name, plain = prefix.group(1), plain[prefix.end() :].strip()
        found.append((name, plain))
    return [(speaker, text) for speaker, text in found if text]


def is_speaker(label: str) -> bool:
    """Whether a label before a colon names a speaker and is not part of what was said."""
    return role_of(label) is not None or bool(
        re.fullmatch(r"(speaker|spk|说话人|发言人)[ _]?\w{1,3}", label, re.IGNORECASE)
    )


IMPORTER = WebVtt()
