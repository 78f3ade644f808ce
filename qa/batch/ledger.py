"""What a batch is handed: how to make the scorer and the ledger inside each process, and what they can do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from qa.batch.source import CallSource
from qa.bilingual import Bilingual

Key = tuple[str, str]


class Scorer(Protocol):
    """Scores one call; `key` names it in the ledger as (recording id, configuration digest)."""

    def __call__(self, source: CallSource) -> Mapping[str, Any]:
        """Return the JSON-ready record. InputError: this call is bad. Other CallgradeError: no call can be scored."""
        ...

    def key(self, source: CallSource) -> Key:
        """Return the ledger key. InputError when the file cannot be read."""
        ...


class Ledger(Protocol):
    """Keeps what was scored and what failed; safe for several processes at once."""

    def recorded(self, keys: Iterable[Key]) -> set[Key]:
        """Return those of `keys` that are recorded."""
        ...

    def record(
        self, recording_id: str, configuration_digest: str, record: Mapping[str, Any], *, replace: bool = False
    ) -> bool:
        """Write one evaluation in one transaction; False when the key was there already (and not `replace`)."""
        ...

    def fail(
        self,
        path: str | Path,
        *,
        code: str,
        message: Bilingual,
        place: str = "",
        recording_id: str | None = None,
        configuration_digest: str = "",
    ) -> int:
        """Note a failure and return how often the call was tried."""
        ...


@dataclass(frozen=True, slots=True)
class Factory:
    """A callable by name, "module:function", with picklable arguments; each process builds its own object."""

    target: str
    arguments: tuple[Any, ...] = ()

    def build(self) -> Any:
        """Import the callable and call it."""
        module, _, name = self.target.partition(":")
        return getattr(import_module(module), name)(*self.arguments)
