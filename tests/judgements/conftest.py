"""Judged calls from verdicts written by hand: criterion id to verdict, or to (verdict, turn index of the words)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from qa.conversation import Conversation, Engine, Recording, Turn
from qa.evaluation import Complaint, CustomerType, Evidence, Finding, Mood
from qa.judgements.documents import catalogue
from qa.judgements.judged import Judged
from qa.scorecard import Scorecard
from qa.scoring import score

FORBIDDEN_FROM = "insults_customer"
POINTS = 10
TURNS = [("agent" if index % 2 == 0 else "customer", "…") for index in range(12)]


def build_card(*, language: str = "zh", fatal: tuple[str, ...] = (), **more: Any) -> Scorecard:
    """A form with every criterion of the catalogue, ten points each."""
    names = list(catalogue())
    first_forbidden = names.index(FORBIDDEN_FROM)
    procedure = ("greeting", "fact_gathering", "solution", "closing")
    rows = [
        {
            "id": name,
            "title": f"title of {name}",
            "kind": "forbidden" if at >= first_forbidden else "required",
            "points": 0 if name == "no_timely_apology" else POINTS,
            "fatal": name in fatal,
            "style": None if at >= first_forbidden else "procedure" if name in procedure else "warmth",
            "rule": {"always": True},
        }
        for at, name in enumerate(names)
    ]
    sections = [{"title": "s", "criteria": rows}]
    card = {"id": "t-card", "version": "1", "title": "t", "language": language, "pass_mark": 60, "sections": sections}
    return Scorecard.model_validate({**card, **more})


def build_findings(card: Scorecard, verdicts: dict[str, Any], default: str = "met") -> list[Finding]:
    """Findings of all criteria; those not named have the default verdict and no words."""
    findings = []
    for criterion in card.criteria:
        given = verdicts.get(criterion.id, default)
        verdict, turn = given if isinstance(given, tuple) else (given, None)
        match = "place" if criterion.kind == "required" and verdict == "not_met" else "exact"
        evidence = () if turn is None else (Evidence(turn, turn * 10.0, turn * 10.0 + 9, "words", match),)
        findings.append(Finding(criterion.id, verdict, "always.v1", 1.0, evidence, ""))
    return findings


def build_judged(
    verdicts: dict[str, Any],
    *,
    default: str = "met",
    complaint: int | None = 1,
    heat: tuple[float, ...] = (),
    turns: list[tuple[str, str]] | None = None,
    language: str = "zh",
    started_at: datetime | None = None,
    card: Scorecard | None = None,
) -> Judged:
    """A judged call. `complaint` is the turn in which it begins, `heat` the agitation of customer turns 1, 3, 5."""
    card = card or build_card(language=language)
    said = [
        Turn(index, role, text, index * 10.0, index * 10.0 + 9)  # type: ignore[arg-type]
        for index, (role, text) in enumerate(turns or TURNS)
    ]
    recording = Recording("0" * 64, "call.wav", 120.0, started_at=started_at)
    moods = tuple(Mood(2 * at + 1, value) for at, value in enumerate(heat))
    return Judged.of(
        card,
        score(card, build_findings(card, verdicts, default)),
        complaint=Complaint(complaint is not None, complaint, "price" if complaint is not None else None),
        customer_type=CustomerType("agitated", {"agitated": 1.0}, False, "m", (), moods),
        conversation=Conversation(recording, language, tuple(said), Engine("replay")),
    )


@pytest.fixture
def judged() -> Callable[..., Judged]:
    """Builds a judged call."""
    return build_judged


@pytest.fixture
def card() -> Callable[..., Scorecard]:
    """Builds a form."""
    return build_card


@pytest.fixture
def findings() -> Callable[..., list[Finding]]:
    """Builds findings."""
    return build_findings
