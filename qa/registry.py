"""One registry for every plug point: names map to lazy "module:attribute" targets.

Built-in names are listed beside their Protocol; outsiders register through entry points, read on first look-up.
"""

from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points
from typing import Generic, TypeVar, cast

from qa.errors import DuplicateNameError, UnknownNameError

T = TypeVar("T")


class Registry(Generic[T]):
    """Names of one kind of plug-in.

    `kind` is the noun used in messages, `group` the entry-point group, `built_in` the shipped targets.
    Nothing is imported before `get`.
    """

    def __init__(self, kind: str, *, group: str, built_in: Mapping[str, str]) -> None:
        self.kind = kind
        self.group = group
        self._targets = dict(built_in)
        self._loaded: dict[str, T] = {}
        self._entry_points_read = False

    def register(self, name: str, target: str) -> None:
        """Add one lazy target; a name that exists raises DuplicateNameError."""
        if name in self._targets:
            raise DuplicateNameError(
                en=f"{self.kind} {name!r} is registered twice ({self._targets[name]} and {target}); rename one",
                zh=f"{self.kind} {name!r} 重复注册（{self._targets[name]} 与 {target}），请改名",
            )
        self._targets[name] = target

    def names(self) -> tuple[str, ...]:
        """All known names, sorted."""
        self._read_entry_points()
        return tuple(sorted(self._targets))

    def get(self, name: str) -> T:
        """Import and return the plug-in; an unknown name raises UnknownNameError with the known ones."""
        self._read_entry_points()
        if name not in self._targets:
            known = ", ".join(self.names())
            raise UnknownNameError(
                en=f"unknown {self.kind} {name!r}; known: {known}",
                zh=f"未知的 {self.kind} {name!r}；可用：{known}",
            )
        if name not in self._loaded:
            module, _, attribute = self._targets[name].partition(":")
            self._loaded[name] = cast(T, getattr(import_module(module), attribute))
        return self._loaded[name]

    def _read_entry_points(self) -> None:
        if self._entry_points_read:
            return
        self._entry_points_read = True
        for point in entry_points(group=self.group):
            if self._targets.get(point.name) != point.value:
                self.register(point.name, point.value)
