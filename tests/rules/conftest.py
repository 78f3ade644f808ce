"""Small calls and forms written as data: "A text" is an agent turn, "C" the customer's, "U" of unknown role."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qa.conversation import Conversation, Engine, Recording, Role, Turn, Word
from qa.evaluation import CustomerType
from qa.features.extractor import extract
from qa.features.table import NAMES, SCHEMA_VERSION, Features
from qa.rules.judge import Judge, Judgement
from qa.scorecard import Scorecard

ROLES: dict[str, Role] = {"A": "agent", "C": "customer", "U": "unknown", "S": "system"}
TURN_S = 10.0


def build_call(
    turns: list[Any], *, language: str = "zh", timed: bool = True, metadata: dict[str, str] | None = None
) -> Conversation:
    """Turns of nine seconds, ten apart; a mapping adds confidence, suspect, the probability of its words, `at` seconds."""
    built = []
    for index, given in enumerate(turns):
        turn = given if isinstance(given, dict) else {"say": given}
        role, _, text = turn["say"].partition(" ")
        begin = turn.get("at", index * TURN_S)
        start, end = (begin, begin + 9) if timed else (None, None)
        words = ()
        if "probability" in turn:
            step = 9 / len(text)
            words = tuple(
                Word(letter, start + at * step, start + (at + 1) * step, turn["probability"])
                for at, letter in enumerate(text)
            )
        built.append(
            Turn(
                index,
                ROLES[role],
                text,
                start,
                end,
                role_confidence=turn.get("confidence", 1.0),
                words=words,
                suspect=turn.get("suspect", ""),
            )
        )
    recording = Recording("r", "r.json", len(turns) * TURN_S if timed else None, metadata=metadata or {})
    return Conversation(recording, language, tuple(built), Engine("replay"))


def build_form(*criteria: dict[str, Any], language: str = "zh", **more: Any) -> Scorecard:
    """A scorecard of these criteria; title, kind and points have defaults."""
    filled = [{"title": "t", "kind": "required", "points": 5, **criterion} for criterion in criteria]
    return Scorecard.model_validate(
        {
            "id": "test-form",
            "version": "1",
            "title": "t",
            "language": language,
            "pass_mark": 80,
            "sections": [{"title": "s", "criteria": filled}],
            **more,
        }
    )


def judge_case(form: Scorecard, case: dict[str, Any]) -> Judgement:
    """Judge one case: its turns, and where given its measures (or `extract`), metadata and customer type."""
    call = build_call(
        case["turns"],
        language=form.language,
        timed=case.get("timed", True),
        metadata=case.get("metadata"),
    )
    measures = case.get("measures", {})
    features = extract(call) if measures == "extract" else Features(SCHEMA_VERSION, dict.fromkeys(NAMES) | measures)
    label = case.get("customer", "demanding")
    sure = case.get("customer_probability", 0.9)
    kind = CustomerType(label, {label: sure}, case.get("abstained", False), "test")
    return Judge(form).judge(call, features, kind)


@pytest.fixture
def form() -> Callable[..., Scorecard]:
    """Builds a scorecard from criteria."""
    return build_form


@pytest.fixture
def judge() -> Callable[[Scorecard, dict[str, Any]], Judgement]:
    """Judges one case with a scorecard."""
    return judge_case


@pytest.fixture
def call() -> Callable[..., Conversation]:
    """Builds a conversation from turns written as text."""
    return build_call


@pytest.fixture
def cases_folder() -> Path:
    """Where the case tables are."""
    return Path(__file__).parent / "cases"
