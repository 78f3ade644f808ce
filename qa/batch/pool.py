"""Score calls in worker processes that are kept alive; a call that hangs or dies takes only its own process along."""

import os
import signal
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any

from pebble import ProcessExpired, ProcessPool

from qa.batch.outcome import Outcome
from qa.batch.source import CallSource
from qa.batch.stop import StopRequests
from qa.batch.tally import Tally
from qa.batch.worker import WorkPlan, begin_process, work
from qa.errors import EnvironmentFault

_TICK_S = 0.2
# Calls handed over beyond those that run, so that no worker waits for the parent.
_AHEAD = 2
_RESTARTS = 3


class PoolRun:
    """One batch in worker processes."""

    def __init__(
        self,
        sources: Sequence[CallSource],
        plan: WorkPlan,
        tally: Tally,
        *,
        jobs: int,
        limit: Callable[[CallSource], float],
    ) -> None:
        self._sources = sources
        self._plan = plan
        self._tally = tally
        self._jobs = max(1, min(jobs, len(sources)))
        self._limit = limit
        self._waiting = deque(range(len(sources)))
        self._running: dict[Any, int] = {}

    def run(self) -> bool:
        """Score all calls and return whether a signal cut that short. EnvironmentFault when no worker stays alive."""
        with StopRequests() as stop:
            for _ in range(_RESTARTS):
                if self._round(stop):
                    return stop.asked and bool(self._waiting or self._running)
        raise EnvironmentFault(
            en="the worker processes die as soon as they start; run `qa doctor`, and look for memory limits",
            zh="工作进程启动后立即终止；请运行 `qa doctor`，并检查内存限制",
            code="no_workers",
        )

    def _round(self, stop: StopRequests) -> bool:
        """Work until all is done or stopped; False when the pool broke and what is left needs a new one."""
        pool: Any = ProcessPool(
            max_workers=self._jobs,
            initializer=begin_process,
            initargs=(self._plan, os.getpid()),
            context=get_context("spawn"),
        )
        try:
            whole = self._loop(pool, stop)
        except BaseException:
            pool.stop()
            raise
        else:
            if whole and not self._running:
                pool.close()
            else:
                pool.stop()
        finally:
            pool.join()
        return whole

    def _loop(self, pool: Any, stop: StopRequests) -> bool:
        told = False
        while self._waiting or self._running:
            if stop.twice:
                self._tally.tell("killed", running=len(self._running))
                return True
            if stop.asked:
                self._withdraw()
                if not told:
                    self._tally.tell("stopping", running=len(self._running))
                    told = True
                if not self._running:
                    return True
            elif not self._hand_over(pool):
                return False
            done, _ = wait(self._running, timeout=_TICK_S, return_when=FIRST_COMPLETED)
            if not all(self._take(future, stop) for future in done):
                return False
        return True

    def _hand_over(self, pool: Any) -> bool:
        while self._waiting and len(self._running) < self._jobs + _AHEAD:
            index = self._waiting[0]
            source = self._sources[index]
            try:
                future = pool.schedule(work, args=(source,), timeout=self._limit(source))
            except RuntimeError:
                self._put_back()
                return False
            self._waiting.popleft()
            self._running[future] = index
        return True

    def _withdraw(self) -> None:
        """Take back what no worker has begun."""
        for future in [future for future in self._running if not (future.running() or future.done())]:
            future.cancel()
            self._waiting.appendleft(self._running.pop(future))

    def _put_back(self) -> None:
        self._waiting.extendleft(sorted(self._running.values(), reverse=True))
        self._running.clear()

    def _take(self, future: Any, stop: StopRequests) -> bool:
        """Book one finished call; False when its pool is broken and the call has to be tried in a new one."""
        if future not in self._running:
            return True
        index = self._running.pop(future)
        error = future.exception()
        if error is None:
            outcome: Outcome = future.result()
            self._tally.finished(index, outcome)
        elif isinstance(error, BrokenProcessPool):
            self._running[future] = index
            self._put_back()
            return False
        elif isinstance(error, TimeoutError):
            self._tally.lost(index, "timeout", allowed=self._limit(self._sources[index]))
        elif isinstance(error, ProcessExpired) and stop.asked:
            # The signal reached the worker as well: the call was not at fault.
            self._waiting.appendleft(index)
        elif isinstance(error, ProcessExpired):
            self._tally.lost(index, "crashed", reason=_end_of(error.exitcode))
        else:
            self._tally.lost(index, "internal", reason=type(error).__name__)
        return True


def _end_of(exitcode: int | None) -> str:
    if exitcode is not None and exitcode < 0:
        try:
            return signal.Signals(-exitcode).name
        except ValueError:
            return f"signal {-exitcode}"
    return f"exit code {exitcode}"
