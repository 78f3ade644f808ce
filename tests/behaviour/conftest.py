"""Small calls and a spoilable copy of the published turn-behaviour model."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.behaviour.artifact import BEHAVIOUR_MODELS, KIND
from qa.conversation import Conversation, Engine, Recording, Role, Turn

CHECKOUT = Path(__file__).parents[2] / "models"
ROLES: dict[str, Role] = {"A": "agent", "C": "customer", "U": "unknown"}


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A copy of the published model that a test may spoil."""
    source = BEHAVIOUR_MODELS.current_folder(CHECKOUT)
    shutil.copytree(source, tmp_path / KIND / source.name)
    shutil.copy(CHECKOUT / KIND / "CURRENT", tmp_path / KIND / "CURRENT")
    return tmp_path


@pytest.fixture
def call() -> Callable[..., Conversation]:
    """Builds a conversation from turns written as "A text"."""

    def build(*said: str, language: str = "zh") -> Conversation:
        turns = tuple(Turn(index, ROLES[each[0]], each[2:]) for index, each in enumerate(said))
        return Conversation(Recording("r", "", None), language, turns, Engine("replay"))

    return build
