"""Labelled calls of the folder that CALLGRADE_EVAL names. No text is kept, and no error repeats a line of a file.

calls/<language>/*.json       a call with a `gold` part: a verdict for every criterion
dialogues/<name>/*.json       dialogues, with `<name>_labels.jsonl` beside the folder
turns/*.jsonl                 single turns, each with an `item` that must be found or must not
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from qa.errors import UsageError
from qa.settings import Settings, scorecards_by_language

LABELS = {
    "greeting_present": ("greeting", True),
    "apology_timely": ("timely_apology", True),
    "closing_present": ("closing", True),
    "blame_shifting": ("blame_shifting", False),
    "refuses_error": ("refuses_error", False),
    "questions_customer": ("questions_customer", False),
    "evades_responsibility": ("evades_responsibility", False),
    "argues": ("argues", False),
}
"""Field of a dialogue label: the criterion, and whether it is required (then its absence is the defect)."""
OTHER = "other"
"""Stands for every criterion that no scorecard has: a name from a gold file is not repeated."""
_ENDS = ("greeting_present", "closing_present")


@dataclass(frozen=True, slots=True)
class GoldCall:
    """What is true of one call. A defect is None where the criterion does not apply; unlabelled parts are None."""

    path: Path
    customer_type: str | None
    complaint: bool | None
    special: frozenset[str] | None
    score: float | None
    defects: Mapping[str, bool | None]
    turns: Mapping[str, frozenset[int]]


@dataclass(frozen=True, slots=True)
class GoldTurn:
    """Whether one criterion is to be found in one turn."""

    id: str | int
    item: str
    should_match: bool


def gold_sets(folder: Path) -> dict[str, list[GoldCall]]:
    """Labelled calls by set and language, such as "calls zh" and "dialogues dev zh"."""
    sets = {f"calls {path.name}": _calls(path) for path in sorted(folder.glob("calls/*")) if path.is_dir()}
    for path in sorted(folder.glob("dialogues/*_labels.jsonl")):
        name = path.stem.removesuffix("_labels")
        for language, call in _dialogues(path, path.parent / name):
            sets.setdefault(f"dialogues {name} {language}", []).append(call)
    return {name: sets[name] for name in sorted(sets, key=_order) if sets[name]}


def _order(name: str) -> tuple[str, bool, str]:
    kind, language = name.rsplit(" ", 1)
    return kind, language != "zh", language


def turn_files(folder: Path) -> dict[str, tuple[Path, list[GoldTurn]]]:
    """Files of single turns by name, each with what is true of its rows."""
    return {
        path.stem: (path, [GoldTurn(row["id"], row["item"], bool(row["should_match"])) for row in _rows(path)])
        for path in sorted(folder.glob("turns/*.jsonl"))
    }


@cache
def known_criteria() -> frozenset[str]:
    """Ids of the criteria that the shipped scorecards have."""
    cards = scorecards_by_language(Settings()).values()
    return frozenset(criterion.id for card in cards for criterion in card.criteria)


def _calls(folder: Path) -> list[GoldCall]:
    found = []
    for path in sorted(folder.rglob("*.json")):
        gold = _parsed(path, path.read_text(encoding="utf-8")).get("gold")
        if not gold:
            continue
        defects: dict[str, bool | None] = {}
        turns: dict[str, frozenset[int]] = {}
        for kind in ("required", "forbidden"):
            for name, said in gold.get(kind, {}).items():
                criterion = _criterion(name)
                defects[criterion] = _is_defect(said) if kind == "required" else bool(said["present"])
                turns[criterion] = frozenset(said.get("turns", ()))
        found.append(
            GoldCall(
                path=path,
                customer_type=gold.get("customer_type"),
                complaint=gold.get("complaint_begins_turn") is not None,
                special=frozenset(gold.get("special_customer", ())),
                score=gold.get("human_score_0_100"),
                defects=defects,
                turns=turns,
            )
        )
    return found


def _is_defect(said: Mapping[str, Any]) -> bool | None:
    return None if said["verdict"] == "na" else said["verdict"] in ("fail", "late")


def _dialogues(labels: Path, folder: Path) -> Iterator[tuple[str, GoldCall]]:
    for row in _rows(labels):
        path = folder / f"{row['id']}.json"
        defects: dict[str, bool | None] = {}
        turns: dict[str, frozenset[int]] = {}
        for field, (criterion, required) in LABELS.items():
            if field in row.get("disputed", ()) or (row.get("fragment") and field in _ENDS):
                continue
            value = row.get(field)
            defects[criterion] = None if value is None else (not value if required else bool(value))
            turns[criterion] = frozenset(row.get("evidence", {}).get(field, ()))
        language = _parsed(path, path.read_text(encoding="utf-8"))["lang"][:2]
        yield (
            language if language in ("zh", "en") else OTHER,
            GoldCall(
                path=path,
                customer_type=row["customer_type"],
                complaint=row.get("complaint_present"),
                special=None,
                score=None,
                defects=defects,
                turns=turns,
            ),
        )


def _criterion(name: str) -> str:
    return name if name in known_criteria() else OTHER


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            yield _parsed(path, line, f"line {number}")


def _parsed(path: Path, text: str, place: str = "") -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise UsageError(path=path, place=place, en="is not a JSON object", zh="不是 JSON 对象") from None
    return value
