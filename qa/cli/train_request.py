"""What a training command was asked to do, and how `qa` finds the training code without importing it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from qa.registry import Registry


@dataclass(frozen=True, slots=True)
class TrainRequest:
    """`data` None means the calls that come with the program; `files` False leaves them out."""

    step: str
    data: Path | None = None
    files: bool = True
    database: str | None = None
    models: Path | None = None
    recipes: tuple[str, ...] = ()
    jobs: int = 1
    excerpts: str = ""
    margin: float | None = None
    floor: float | None = None
    learning_curve: bool = False
    version: str = ""
    out: str = "-"


TRAINERS: Registry[Callable[[TrainRequest], int]] = Registry(
    "trainer", group="qa.trainers", built_in={"customer_type": "training.loop:run"}
)
