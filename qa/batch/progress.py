"""How far a batch is, and when it will end: counted in seconds of sound, or in calls when there is no sound."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.batch.size import audio_seconds
from qa.batch.source import CallSource


@dataclass(frozen=True, slots=True)
class ProgressReport:
    """State of a batch. `audio_total_s` is an estimate until all are done; `eta_s` is None before there is a rate."""

    calls_done: int
    calls_total: int
    audio_done_s: float
    audio_total_s: float
    elapsed_s: float
    eta_s: float | None

    @property
    def share(self) -> float:
        """Part that is done, 0 to 1: of the sound, or of the calls when there is no sound."""
        if self.audio_total_s > 0:
            return min(1.0, self.audio_done_s / self.audio_total_s)
        return self.calls_done / self.calls_total if self.calls_total else 1.0


class Progress:
    """Counts finished calls. Lengths guessed from file sizes are corrected by those of finished calls.

    Calls that were recorded before take no time, so they count as done but never speed up the estimate.
    """

    def __init__(self, sources: Sequence[CallSource], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begun = clock()
        self._expected = [audio_seconds(source) for source in sources]
        self._open = set(range(len(sources)))
        self._open_s = sum(self._expected)
        self._done_s = 0.0
        self._worked_calls = 0
        self._first_worked_s = 0.0
        self._worked_s = 0.0
        self._worked_expected_s = 0.0

    def finished(self, index: int, *, audio_s: float | None, worked: bool) -> None:
        """Note that source `index` is done; `audio_s` is its true length where known."""
        if index not in self._open:
            return
        self._open.remove(index)
        expected = self._expected[index]
        self._open_s -= expected
        # A ready transcript has a length too, but its seconds cost nothing.
        length = expected if audio_s is None or expected == 0 else audio_s
        self._done_s += length
        if worked:
            self._worked_calls += 1
            if self._worked_calls == 1:
                self._first_worked_s = self._clock() - self._begun
            self._worked_s += length
            self._worked_expected_s += expected

    def report(self) -> ProgressReport:
        """The state now."""
        elapsed = self._clock() - self._begun
        correction = self._worked_s / self._worked_expected_s if self._worked_expected_s > 0 else 1.0
        open_s = max(0.0, self._open_s) * correction if self._open else 0.0
        return ProgressReport(
            calls_done=len(self._expected) - len(self._open),
            calls_total=len(self._expected),
            audio_done_s=self._done_s,
            audio_total_s=self._done_s + open_s,
            elapsed_s=elapsed,
            eta_s=self._eta(elapsed, open_s),
        )

    def _eta(self, elapsed: float, open_s: float) -> float | None:
        if not self._open:
            return 0.0
        if self._worked_s > 0 and open_s > 0:
            return elapsed * open_s / self._worked_s
        if self._worked_calls > 1:
            # The first transcript waits for the models to load, which takes longer than hundreds of transcripts.
            return (elapsed - self._first_worked_s) * len(self._open) / (self._worked_calls - 1)
        return None
