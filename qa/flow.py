"""Flows as people write them in YAML: steps that rest on criteria. Shipped in qa/judgements/documents.yaml."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema, model_validator

from qa.bilingual import LANGUAGES, Bilingual

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,40}$")]
_TEXTS = {name: {"type": "string"} for name in LANGUAGES}
Text = Annotated[
    Bilingual,
    WithJsonSchema({"type": "object", "properties": _TEXTS, "required": list(_TEXTS), "additionalProperties": False}),
]
"""A text in both languages, written as a mapping with the keys en and zh."""


class Form(BaseModel):
    """A piece of YAML; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class StepForm(Form):
    """One step: done when `all` of its criteria are met, or `any` of them.

    Criteria that do not apply, or that a form does not have, are left out. `anywhere` steps have no place in the order.
    """

    id: Name
    title: Text
    all: tuple[Name, ...] = ()
    any: tuple[Name, ...] = ()
    anywhere: bool = False

    @model_validator(mode="after")
    def _rests_on_something(self) -> "StepForm":
        if bool(self.all) == bool(self.any):
            raise ValueError("give exactly one of: all, any")
        return self

    @property
    def criteria(self) -> tuple[str, ...]:
        """The criteria that the step rests on."""
        return self.all or self.any


class FlowForm(Form):
    """Ordered steps of one flow; it `applies` to complaints only, or always. `source` names document and row."""

    id: Name
    title: Text
    source: Text
    applies: Literal["complaint", "always"]
    steps: tuple[StepForm, ...] = Field(min_length=2, max_length=20)

    @model_validator(mode="after")
    def _steps_are_unique(self) -> "FlowForm":
        ids = [step.id for step in self.steps]
        if len(set(ids)) != len(ids):
            raise ValueError(f"flow {self.id!r} has a step id twice")
        return self
