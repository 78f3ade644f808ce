"""The shipped files of this package: flows and rows of the training documents, and the catalogue of criteria."""

import hashlib
from functools import cache
from importlib import resources
from typing import Any, Literal

from pydantic import Field

from qa.derived import PsychologyKind
from qa.flow import FlowForm, Form, StepForm, Text

DOCUMENTS, CATALOGUE = "documents.yaml", "catalogue.yaml"
Patterns = dict[Literal["zh", "en"], str]


class ExpectationForm(Form):
    """Criteria that are needed, and those that go beyond what was asked."""

    needed: tuple[str, ...]
    beyond: tuple[str, ...]
    beyond_at_least: int = Field(ge=1)


class PsychologyForm(Form):
    """Words of the customer, the document's advice, and what shows that it was followed: criteria or agent's words."""

    kind: PsychologyKind
    source: Text
    advice: Text
    customer: Patterns
    agent: Patterns = Field(default_factory=dict)
    criteria: tuple[str, ...] = ()


class RegisterForm(Form):
    """Criteria behind the stages of a complaint, words of escalation, and due times."""

    first_reply_hours: float = Field(gt=0)
    result_working_days: int = Field(ge=0)
    recorded: tuple[str, ...]
    first_handling: tuple[str, ...]
    feedback: tuple[str, ...]
    follow_up: tuple[str, ...]
    escalated: Patterns
    asked_for: Patterns


class Documents(Form):
    """documents.yaml."""

    flows: tuple[FlowForm, ...]
    seven_elements: tuple[StepForm, ...]
    expectation: ExpectationForm
    psychology: tuple[PsychologyForm, ...]
    register_: RegisterForm = Field(alias="register")


class SourceForm(Form):
    """A training document's number and row."""

    document: str
    row: Text


class CatalogueEntry(Form):
    """A criterion of the catalogue. `deed` is what doing it is called; forbidden ones have none."""

    name: Text
    deed: Text | None = None
    sources: tuple[SourceForm, ...]


@cache
def documents() -> Documents:
    """The rows of the training documents about whole calls."""
    return Documents.model_validate(_read(DOCUMENTS))


@cache
def catalogue() -> dict[str, CatalogueEntry]:
    """The criteria of the catalogue by id."""
    return {name: CatalogueEntry.model_validate(entry) for name, entry in _read(CATALOGUE).items()}


@cache
def documents_digest() -> str:
    """sha256 (hex) of both files; a result depends on them."""
    return hashlib.sha256(b"".join(_bytes(name) for name in (DOCUMENTS, CATALOGUE))).hexdigest()


def _read(name: str) -> Any:
    from ruamel.yaml import YAML

    return YAML(typ="safe", pure=True).load(_bytes(name))


def _bytes(name: str) -> bytes:
    return (resources.files("qa.judgements") / name).read_bytes()
