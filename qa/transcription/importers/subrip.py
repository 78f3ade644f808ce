"""SubRip (.srt), with the speaker before a colon or in brackets."""

import re

from qa.conversation import Transcript
from qa.transcription.importers.document import Document, ImportedTurn, build_transcript
from qa.transcription.importers.webvtt import spoken_lines

_TIMES = re.compile(r"^\d{1,4}:\d{1,2}:\d{1,2}[,.]\d{1,3}\s*-->", re.MULTILINE)


class SubRip:
    """Importer of SubRip."""

    def recognises(self, document: Document) -> bool:
        """A cue time within the first lines and no WebVTT header."""
        head = document.text[:2_000]
        return not document.first_line.startswith("WEBVTT") and _TIMES.search(head) is not None

    def read(self, document: Document) -> Transcript:
        """Convert every cue."""
        import srt

        try:
            cues = list(srt.parse(document.text.lstrip("\ufeff")))
        except (srt.SRTParseError, ValueError, OverflowError) as error:
            raise document.error(f"not valid SubRip: {error}", f"SRT 格式有误：{error}") from error
        turns = [
            ImportedTurn(text, speaker, cue.start.total_seconds(), cue.end.total_seconds())
            for cue in cues
            for speaker, text in spoken_lines(cue.content)
        ]
        return build_transcript(document, turns, format_name="subrip")


IMPORTER = SubRip()
