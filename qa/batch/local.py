"""Score calls in this process, one after another: for ready transcripts, where starting a child would take longer."""

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from qa.batch.source import CallSource
from qa.batch.stop import StopRequests
from qa.batch.tally import Tally
from qa.batch.worker import Worker, WorkPlan


class _Overdue(BaseException):
    """Not an Exception, so that the work on a call cannot catch it."""


def may_run_here(sources: Sequence[CallSource], jobs: int) -> bool:
    """Whether the calls are ready transcripts, one at a time is asked for, and a time limit can be set here."""
    texts = all(source.kind == "transcript" or source.reference is not None for source in sources)
    return jobs == 1 and texts and threading.current_thread() is threading.main_thread()


def run_here(
    sources: Sequence[CallSource], plan: WorkPlan, tally: Tally, *, limit: Callable[[CallSource], float]
) -> bool:
    """Score all `sources` and return whether a signal cut that short."""
    worker = Worker(plan)
    with StopRequests(interrupting=True) as stop:
        for index, source in enumerate(sources):
            if stop.asked:
                tally.tell("stopping")
                return True
            allowed = limit(source)
            try:
                with _alarm(allowed):
                    outcome = worker.run(source)
            except _Overdue:
                tally.lost(index, "timeout", allowed=allowed)
            except KeyboardInterrupt:
                tally.tell("killed")
                return True
            else:
                tally.finished(index, outcome)
        return False


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    def ring(_number: int, _frame: FrameType | None) -> None:
        raise _Overdue

    former = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)
