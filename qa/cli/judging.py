"""`qa try` without the command line: sentences in, the criteria they touch out. Loads no model and no audio."""

import json
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from qa.bilingual import Bilingual
from qa.conversation import ROLES, Role, Turn
from qa.errors import TranscriptError
from qa.rules.judge import Found, Judge
from qa.scorecard import Scorecard
from qa.settings import Settings, scorecards_by_language

MAX_CHARACTERS = 20_000


def language_of(text: str) -> str:
    """The language of one sentence by its script: Chinese characters make it Chinese."""
    return "zh" if any("\u3400" <= character <= "\u9fff" for character in text) else "en"


class _BadRow(Exception):
    """What is wrong with one line."""


class SentenceJudge:
    """Judges single sentences, each with the scorecard of its language. A rule is compiled on first need."""

    def __init__(self, scorecard: str | None = None) -> None:
        self._settings = Settings(scorecards=(scorecard,) if scorecard else ())
        self._judges: dict[str, Judge] = {}

    @cached_property
    def scorecards(self) -> dict[str, Scorecard]:
        """The scorecard of each language; ScorecardError when the given one is not valid."""
        return scorecards_by_language(self._settings)

    def find(self, text: str, *, role: Role, language: str | None, context: Iterable[str | Turn] = ()) -> list[Found]:
        """Criteria that `text` touches, said by `role`."""
        wanted = language or language_of(text)
        card = self.scorecards.get(wanted[:2], self.scorecards["en"])
        if card.language not in self._judges:
            self._judges[card.language] = Judge(card)
        return list(self._judges[card.language].find(text, role, list(context)))


def answers(
    lines: Iterable[bytes], judge: SentenceJudge, *, role: Role, language: str | None, name: str
) -> Iterator[dict[str, Any] | TranscriptError]:
    """One answer, or the error to report, for each line of JSON that is not blank."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = _row(line)
            context = _context(row.get("context"))
            spoken_by = _role(row.get("role", role))
            asked = _language(row.get("lang", language))
        except _BadRow as error:
            wrong: Bilingual = error.args[0]
            yield TranscriptError(path=name, place=_line(number), en=wrong.en, zh=wrong.zh, code="bad_line")
            continue
        found = judge.find(row["text"], role=spoken_by, language=asked, context=context)
        yield {"id": row["id"], "found": [_found(item) for item in found]}


def _line(number: int) -> str:
    return str(Bilingual(f"line {number}", f"第 {number} 行"))


def _found(item: Found) -> dict[str, Any]:
    return {"id": item.id, "match": item.match, "confidence": round(item.confidence, 3)}


def _row(line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _BadRow(Bilingual(f"not JSON: {error}", f"不是 JSON：{error}")) from None
    if not isinstance(row, dict):
        raise _BadRow(Bilingual("not a JSON object", "不是 JSON 对象"))
    if not isinstance(row.get("id"), (str, int)) or isinstance(row["id"], bool):
        raise _BadRow(Bilingual('"id" must be a text or a whole number', "“id” 应为文字或整数"))
    if not isinstance(row.get("text"), str) or len(row["text"]) > MAX_CHARACTERS:
        raise _BadRow(
            Bilingual(
                f'"text" must be a text of at most {MAX_CHARACTERS:,} characters',
                f"“text” 应为不超过 {MAX_CHARACTERS:,} 字的文字",
            )
        )
    return row


def _role(value: Any) -> Role:
    for role in ROLES:
        if value == role:
            return role
    known = ", ".join(ROLES)
    raise _BadRow(Bilingual(f'"role" must be one of {known}; got {value!r}', f"“role” 应为 {known}；实际为 {value!r}"))


def _language(value: Any) -> str | None:
    if value is None or value == "auto":
        return None
    if not isinstance(value, str):
        raise _BadRow(Bilingual(f'"lang" must be zh or en; got {value!r}', f"“lang” 应为 zh 或 en；实际为 {value!r}"))
    return value.lower()


def _context(value: Any) -> list[str | Turn]:
    pieces = value if isinstance(value, list) else [value] if value else []
    turns: list[str | Turn] = []
    for piece in pieces:
        if isinstance(piece, str):
            turns.append(piece)
        elif isinstance(piece, dict) and isinstance(piece.get("text"), str):
            turns.append(Turn(len(turns), _role(piece.get("role", "unknown")), piece["text"]))
        else:
            raise _BadRow(
                Bilingual(
                    '"context" must be a text, or a list of texts or turns', "“context” 应为文字，或文字、话轮的列表"
                )
            )
    return turns
