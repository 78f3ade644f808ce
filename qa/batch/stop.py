"""Ctrl-C and SIGTERM during a batch: the first asks to stop, the second abandons what runs."""

import signal
import threading
from types import FrameType, TracebackType
from typing import Any

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class StopRequests:
    """Counts stop signals while entered; the former handlers come back at the end.

    `interrupting`: the second signal raises KeyboardInterrupt, for work that runs in this very process. Outside the
    main thread Python allows no handlers, so there it never asks to stop.
    """

    def __init__(self, *, interrupting: bool = False) -> None:
        self._interrupting = interrupting
        self._count = 0
        self._former: dict[signal.Signals, Any] = {}

    @property
    def asked(self) -> bool:
        """At least one signal came."""
        return self._count > 0

    @property
    def twice(self) -> bool:
        """A second one came."""
        return self._count > 1

    def __enter__(self) -> "StopRequests":
        if threading.current_thread() is threading.main_thread():
            self._former = {number: signal.signal(number, self._on_signal) for number in _SIGNALS}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._former.items():
            signal.signal(number, handler)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._count += 1
        if self.twice and self._interrupting:
            raise KeyboardInterrupt
