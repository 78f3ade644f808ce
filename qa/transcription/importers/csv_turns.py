"""CSV with a header row: one turn a row, columns named in English or Chinese."""

import csv
import io

from qa.conversation import Transcript
from qa.transcription.importers.clock import clock_seconds
from qa.transcription.importers.document import MAX_TURNS, Document, ImportedTurn, build_transcript

_COLUMNS = {
    "speaker": ("role", "speaker", "party", "角色", "说话人", "发言人", "身份"),
    "text": ("text", "content", "transcript", "utterance", "sentence", "文本", "内容", "话术", "文字"),
    "start": ("start", "start_s", "begin", "start_time", "开始", "开始时间", "起始时间"),
    "end": ("end", "end_s", "stop", "end_time", "结束", "结束时间"),
}
_DELIMITERS = ",;\t|"


class CsvTurns:
    """Importer of CSV."""

    def recognises(self, document: Document) -> bool:
        """A header row with a text column beside another known one."""
        if document.json is not None:
            return False
        columns = _columns(_row(document.first_line, _delimiter(document.first_line)))
        return "text" in columns and len(columns) > 1

    def read(self, document: Document) -> Transcript:
        """Convert every row; rows without text are left out."""
        reader = csv.reader(io.StringIO(document.text.strip("\ufeff \r\n")), delimiter=_delimiter(document.first_line))
        turns: list[ImportedTurn] = []
        try:
            columns = _columns(next(reader))
            for row in reader:
                cells = {name: row[place] if place < len(row) else "" for name, place in columns.items()}
                if not cells["text"].strip():
                    continue
                start, end = clock_seconds(cells.get("start", "")), clock_seconds(cells.get("end", ""))
                turns.append(ImportedTurn(cells["text"], cells.get("speaker"), start, end))
                if len(turns) > MAX_TURNS:
                    break
        except csv.Error as error:
            raise document.error(
                f"not valid CSV in line {reader.line_num}: {error}", f"CSV 第 {reader.line_num} 行有误：{error}"
            ) from error
        return build_transcript(document, turns, format_name="csv")


def _row(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _delimiter(line: str) -> str:
    return max(_DELIMITERS, key=line.count)


def _columns(header: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(header):
        name = cell.strip().strip("\ufeff").lower()
        for field, names in _COLUMNS.items():
            if name in names and field not in found:
                found[field] = place
    return found


IMPORTER = CsvTurns()
