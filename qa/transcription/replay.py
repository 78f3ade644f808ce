"""Reads ready transcripts, so that calls heard by another recogniser, and chats, can be scored."""

import zlib
from dataclasses import replace
from pathlib import Path

from qa.conversation import Transcript
from qa.errors import TranscriptError
from qa.registry import Registry
from qa.transcription.engine import TranscriptionSource
from qa.transcription.importers.document import Document, Importer
from qa.transcription.language import language_code

TRANSCRIPT_SUFFIXES = frozenset({".json", ".vtt", ".srt", ".csv", ".vcon"})
MAX_BYTES = 20_000_000

IMPORTERS: Registry[Importer] = Registry(
    "transcript importer",
    group="qa.importers",
    built_in={
        "callgrade-json": "qa.transcription.importers.own_json:IMPORTER",
        "csv": "qa.transcription.importers.csv_turns:IMPORTER",
        "subrip": "qa.transcription.importers.subrip:IMPORTER",
        "vcon": "qa.transcription.importers.vcon:IMPORTER",
        "webvtt": "qa.transcription.importers.webvtt:IMPORTER",
        "whisper-json": "qa.transcription.importers.whisper_json:IMPORTER",
    },
)
# Content may fit two formats; the more special one is asked first, formats of plug-ins before all.
_ASKED_LAST = ("vcon", "callgrade-json", "whisper-json", "webvtt", "subrip", "csv")
_GZIP = b"\x1f\x8b"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class ReplayTranscriber:
    """Transcriber for ready transcripts: reads the text that is there."""

    def transcribe(self, source: TranscriptionSource, *, language: str | None) -> Transcript:
        """Read `source.path`; `language` counts only where neither the file nor its script tells it."""
        transcript = read_transcript(source.path)
        if transcript.language == "und" and language:
            return replace(transcript, language=language_code(language), warnings=())
        return transcript


def read_transcript(path: Path) -> Transcript:
    """Read one transcript of any known format, told by its content.

    Raises TranscriptError naming the file (and turn) when it is no transcript, too big, empty or has impossible times.
    """
    document = Document(path, _text(path))
    if not document.text.strip():
        raise document.error("the file is empty", "文件为空", code="transcript_empty")
    plugged = [name for name in IMPORTERS.names() if name not in _ASKED_LAST]
    for name in (*plugged, *_ASKED_LAST):
        importer = IMPORTERS.get(name)
        if importer.recognises(document):
            transcript = importer.read(document)
            break
    else:
        raise document.error(
            "not a transcript in a known format; known: our JSON with `turns`, Whisper or WhisperX JSON with "
            "`segments`, WebVTT, SubRip, vCon, CSV with a text column",
            "不是已知格式的转写文件；支持：含 turns 的 JSON、含 segments 的 Whisper/WhisperX JSON、WebVTT、SRT、vCon、"
            "含文本列的 CSV",
            code="transcript_format",
        )
    return transcript


def _text(path: Path) -> str:
    data = _bytes(path)
    encodings = ("utf-16",) if data.startswith(_UTF16) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TranscriptError(
        en="not text in UTF-8, GB18030 or UTF-16",
        zh="不是 UTF-8、GB18030 或 UTF-16 编码的文本",
        path=path,
        code="transcript_encoding",
    )


def _bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise TranscriptError(en="no such file", zh="文件不存在", path=path, code="transcript_missing")
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise TranscriptError(
            en=f"cannot be read: {error.strerror}", zh=f"无法读取：{error.strerror}", path=path
        ) from error
    if data.startswith(_GZIP):
        try:
            unpacker = zlib.decompressobj(wbits=31)
            data = unpacker.decompress(data, MAX_BYTES + 1)
        except zlib.error as error:
            raise TranscriptError(en=f"damaged gzip: {error}", zh=f"gzip 已损坏：{error}", path=path) from error
    if len(data) > MAX_BYTES:
        limit = MAX_BYTES // 1_000_000
        raise TranscriptError(
            en=f"larger than {limit} MB; a transcript of a day is smaller",
            zh=f"超过 {limit} MB；转写文本不应如此之大",
            path=path,
            code="transcript_too_large",
        )
    return data
