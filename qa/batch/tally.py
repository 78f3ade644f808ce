"""Book-keeping of a running batch: outcomes, progress and what the caller is told."""

import logging
from collections.abc import Callable, Sequence

from qa.batch.ledger import Factory, Key, Ledger
from qa.batch.outcome import BatchEvent, BatchSummary, Outcome, failure
from qa.batch.progress import Progress
from qa.batch.source import CallSource
from qa.batch.worker import note_failure
from qa.errors import InputError

OnEvent = Callable[[BatchEvent], None]

# Without a handler Python would print tracebacks to stderr; they belong into the caller's log, if there is one.
_log = logging.getLogger("qa.batch")
_log.addHandler(logging.NullHandler())


class Tally:
    """Collects what became of each source; `on_event` is called in the caller's thread."""

    def __init__(self, sources: Sequence[CallSource], ledger: Factory, on_event: OnEvent | None) -> None:
        self._sources = sources
        self._ledger_factory = ledger
        self._ledger: Ledger | None = None
        self._on_event = on_event
        self._progress = Progress(sources)
        self._keys: dict[int, Key] = {}
        self._failures: dict[int, Outcome] = {}
        self._scored = 0
        self._known = 0

    def tell(self, kind: str, *, outcome: Outcome | None = None, running: int = 0) -> None:
        """Tell the caller."""
        if self._on_event is not None:
            self._on_event(BatchEvent(kind, self._progress.report(), outcome, running))  # type: ignore[arg-type]

    def finished(self, index: int, outcome: Outcome) -> None:
        """Take the outcome of source `index`. An error that is not this call's fault is raised: it ends the batch."""
        if outcome.traceback:
            _log.error("call %s failed:\n%s", outcome.key[0] if outcome.key else index, outcome.traceback)
        if outcome.error is not None and not isinstance(outcome.error, InputError):
            raise outcome.error
        if outcome.status == "failed":
            self._failures[index] = outcome
        else:
            self._scored += outcome.status == "scored"
            self._known += outcome.status == "known"
            if outcome.key is not None:
                self._keys[index] = outcome.key
        self._progress.finished(index, audio_s=outcome.audio_s, worked=outcome.status != "known")
        self.tell("finished", outcome=outcome)

    def lost(self, index: int, code: str, **facts: object) -> None:
        """Take a call whose worker could not answer any more; its failure is written from here."""
        source = self._sources[index]
        error = failure(code, source, **facts)
        if self._ledger is None:
            self._ledger = self._ledger_factory.build()
        note_failure(self._ledger, source, None, error)
        self.finished(index, Outcome(source, "failed", error=error))

    def summary(self, *, interrupted: bool) -> BatchSummary:
        """The result so far."""
        report = self._progress.report()
        return BatchSummary(
            scored=self._scored,
            known=self._known,
            failures=tuple(self._failures[index] for index in sorted(self._failures)),
            keys=tuple(dict.fromkeys(self._keys[index] for index in sorted(self._keys))),
            interrupted=interrupted,
            unfinished=report.calls_total - report.calls_done,
            elapsed_s=report.elapsed_s,
            audio_s=report.audio_done_s,
        )
