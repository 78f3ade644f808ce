"""Our own JSON: {"id", "lang", "turns": [{"role", "start"?, "end"?, "text"}]}; other keys are ignored."""

from qa.conversation import Transcript
from qa.transcription.importers.document import Document, ImportedTurn, build_transcript


class OwnJson:
    """Importer of our own transcripts."""

    def recognises(self, document: Document) -> bool:
        """A JSON object with `turns`."""
        return isinstance(document.json, dict) and "turns" in document.json

    def read(self, document: Document) -> Transcript:
        """Convert; a turn keeps its number in the file, because labels and gold verdicts point at it."""
        content = document.json
        turns = content["turns"]
        if not isinstance(turns, list):
            raise document.error(
                f"turns is {type(turns).__name__}, not a list", f"turns 应为列表，实为 {type(turns).__name__}"
            )
        imported = []
        for number, turn in enumerate(turns, start=1):
            if not isinstance(turn, dict) or "text" not in turn:
                raise document.error(
                    "not an object with a text", "不是含 text 的对象", turn=number, code="transcript_turn"
                )
            speaker = turn.get("role", turn.get("speaker"))
            imported.append(ImportedTurn(turn["text"], speaker, turn.get("start"), turn.get("end")))
        language = content.get("lang", content.get("language"))
        return build_transcript(document, imported, language=language, format_name="callgrade-json")


IMPORTER = OwnJson()
