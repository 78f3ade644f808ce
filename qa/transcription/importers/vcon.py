"""IETF vCon (draft-ietf-vcon-vcon-core): a transcript among `analysis`, or text dialogs. Nothing is ever fetched."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from qa.conversation import Transcript
from qa.transcription.importers.document import Document, ImportedTurn, build_transcript
from qa.transcription.importers.speaker_names import role_of

_TRANSCRIPT_TYPES = ("transcript", "transcription", "wtf_transcription")
_LISTS = ("turns", "segments", "utterances", "transcript", "messages", "results")
_TEXTS = ("text", "message", "transcript", "content", "body")
_SPEAKERS = ("role", "speaker", "party", "parties", "channel")


class VCon:
    """Importer of unencrypted vCons."""

    def recognises(self, document: Document) -> bool:
        """The version mark, or a uuid beside parties and dialog or analysis."""
        content = document.json
        if not isinstance(content, dict):
            return False
        return "vcon" in content or ("parties" in content and ("dialog" in content or "analysis" in content))

    def read(self, document: Document) -> Transcript:
        """Convert the first transcript among the analyses, else the text dialogs."""
        content = document.json
        if content.get("critical"):
            raise document.error(
                f"the vCon demands extensions we do not know: {str(content['critical'])[:80]}",
                f"该 vCon 要求未知的扩展：{str(content['critical'])[:80]}",
                code="vcon_critical",
            )
        parties = content.get("parties")
        names = [_party_name(party) for party in parties] if isinstance(parties, list) else []
        language: object = None
        turns: list[ImportedTurn] = []
        for analysis in _objects(content.get("analysis")):
            if analysis.get("type") in _TRANSCRIPT_TYPES:
                body = _body(analysis)
                turns = [_turn(entry, names) for entry in _entries(body)]
                language = body.get("language") if isinstance(body, dict) else None
                if turns:
                    break
        if not turns:
            turns = list(_text_dialogs(content.get("dialog"), names))
        if not turns:
            raise document.error(
                "the vCon holds no transcript (analysis of type transcript, or dialogs of type text)",
                "该 vCon 中没有转写文本（analysis 类型 transcript 或文本 dialog）",
                code="transcript_empty",
            )
        return build_transcript(document, turns, language=language, format_name="vcon")


def _objects(value: object) -> list[dict[str, Any]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _party_name(party: object) -> str:
    """The role of a party if stated, else its name."""
    if not isinstance(party, dict):
        return ""
    meta = party.get("meta")
    stated = [party.get("role"), meta.get("role") if isinstance(meta, dict) else None, party.get("name")]
    known = [name for name in stated if isinstance(name, str) and role_of(name)]
    return str((known or [name for name in stated if isinstance(name, str)] or [""])[0])


def _body(entry: dict[str, Any]) -> Any:
    body = entry.get("body")
    if isinstance(body, str) and entry.get("encoding", "json") == "json":
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            return body
    return body


def _entries(body: Any) -> list[dict[str, Any]]:
    """The list of utterances, one or two levels down."""
    if isinstance(body, list):
        return [entry for entry in _objects(body) if _text(entry) is not None]
    if isinstance(body, dict):
        for name in _LISTS:
            if found := _entries(body.get(name)):
                return found
    return []


def _text(entry: dict[str, Any]) -> str | None:
    return next((entry[name] for name in _TEXTS if isinstance(entry.get(name), str)), None)


def _turn(entry: dict[str, Any], names: list[str]) -> ImportedTurn:
    start, end, duration = entry.get("start"), entry.get("end"), entry.get("duration")
    if isinstance(start, str):
        start = end = None
    if end is None and isinstance(start, int | float) and isinstance(duration, int | float):
        end = start + duration
    return ImportedTurn(_text(entry), _speaker(entry, names), start, end)


def _speaker(entry: dict[str, Any], names: list[str]) -> object:
    for name in _SPEAKERS:
        value = entry.get(name)
        value = value[0] if isinstance(value, list) and value else value
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(names):
            return names[value] or f"party {value}"
        if isinstance(value, str | int):
            return value
    return None


def _text_dialogs(dialogs: object, names: list[str]) -> Iterator[ImportedTurn]:
    """Text messages, timed from the first one."""
    first: datetime | None = None
    for dialog in _objects(dialogs):
        body = dialog.get("body")
        if dialog.get("type") != "text" or not isinstance(body, str):
            continue
        moment = _moment(dialog.get("start"))
        first = first or moment
        try:
            start = (moment - first).total_seconds() if moment and first else None
        except TypeError:  # one with a time zone, one without
            start = None
        yield ImportedTurn(body, _speaker(dialog, names), start if start is None or start >= 0 else None)


def _moment(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


IMPORTER = VCon()
