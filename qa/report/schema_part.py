"""What all parts of a record's schema share."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Seconds = Annotated[float, Field(ge=0, description="seconds from the start of the recording")]
Share = Annotated[float, Field(ge=0, le=1)]
Points = Annotated[float, Field(ge=0, le=100)]
TurnIndex = Annotated[int, Field(ge=0, description="index into turns")]


class Part(BaseModel):
    """A part of a record; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid")


class Texts(Part):
    """A text in both languages."""

    en: str
    zh: str
