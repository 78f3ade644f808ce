"""The work on one call, in a worker process or in this one.

The worker writes its own result: one transaction, committed before the parent hears of it. So when the parent is killed
nothing that was finished is lost, and a call whose transaction did not commit is simply scored again at the next run.
The key is looked up before the work, and the unique index checks it once more inside the writing transaction: scored at
least once, recorded exactly once.
"""

import ctypes
import multiprocessing
import os
import resource
import signal
import sys
import threading
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from qa.batch.ledger import Factory, Key, Ledger, Scorer
from qa.batch.outcome import Outcome, failure
from qa.batch.source import CallSource
from qa.errors import CallgradeError, InputError

_PR_SET_PDEATHSIG = 1
# Above zero: if memory runs out the kernel ends a worker, not the parent that can report it.
_OOM_SCORE = "500"


@dataclass(frozen=True, slots=True)
class WorkPlan:
    """What every worker process needs. `memory_bytes` limits its address space; None: no limit."""

    scorer: Factory
    ledger: Factory
    force: bool = False
    memory_bytes: int | None = None


class Worker:
    """Scores and records calls one after another. The scorer and the ledger are built by the first call."""

    def __init__(self, plan: WorkPlan) -> None:
        self._plan = plan
        self._scorer: Scorer | None = None
        self._ledger: Ledger | None = None

    def run(self, source: CallSource) -> Outcome:
        """Score one call. Never raises: what went wrong is in the outcome."""
        begun = time.monotonic()
        outcome = self._attempt(source)
        return replace(outcome, elapsed_s=time.monotonic() - begun)

    def _attempt(self, source: CallSource) -> Outcome:
        key: Key | None = None
        try:
            scorer, ledger = self._parts()
            key = scorer.key(source)
            if not self._plan.force and key in ledger.recorded([key]):
                return Outcome(source, "known", key)
            record = scorer(source)
            written = ledger.record(*key, record, replace=self._plan.force)
            return Outcome(source, "scored" if written else "known", key, _duration(record))
        except InputError as error:
            return self._failed(source, key, error)
        except CallgradeError as error:
            # Not this call's fault: the same would happen to all others.
            return Outcome(source, "failed", key, error=error)
        except MemoryError:
            return self._failed(source, key, failure("memory", source))
        except Exception as error:  # noqa: BLE001 - one call must never end the batch
            told = failure("internal", source, reason=type(error).__name__)
            return self._failed(source, key, told, traceback.format_exc())

    def _parts(self) -> tuple[Scorer, Ledger]:
        if self._scorer is None or self._ledger is None:
            self._ledger = self._plan.ledger.build()
            self._scorer = self._plan.scorer.build()
        return self._scorer, self._ledger

    def _failed(self, source: CallSource, key: Key | None, error: InputError, trace: str = "") -> Outcome:
        try:
            _, ledger = self._parts()
            note_failure(ledger, source, key, error)
        except CallgradeError as fault:
            return Outcome(source, "failed", key, error=fault, traceback=trace)
        return Outcome(source, "failed", key, error=error, traceback=trace)


def note_failure(ledger: Ledger, source: CallSource, key: Key | None, error: InputError) -> None:
    """Write one failure to the ledger."""
    recording_id, digest = key or (None, "")
    ledger.fail(
        source.path,
        code=error.code,
        message=error.message,
        place=error.place,
        recording_id=recording_id,
        configuration_digest=digest,
    )


def _duration(record: Mapping[str, Any]) -> float | None:
    value = (record.get("recording") or {}).get("duration_s")
    return float(value) if isinstance(value, (int, float)) else None


# One worker object a process; pebble hands tasks to plain functions.
_here: list[Worker] = []


def begin_process(plan: WorkPlan, parent: int) -> None:
    """Prepare a worker process: it dies with its parent and keeps within its memory."""
    _die_with(parent)
    if plan.memory_bytes is not None:
        _limit_memory(plan.memory_bytes)
    _volunteer_for_memory_shortage()
    _here[:] = [Worker(plan)]


def work(source: CallSource) -> Outcome:
    """Task of a worker process."""
    return _here[0].run(source)


def _die_with(parent: int) -> None:
    if sys.platform == "linux":
        # Works even while an extension holds the interpreter; the thread below serves other systems.
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    threading.Thread(target=_watch_parent, name="parent-watch", daemon=True).start()


def _watch_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _limit_memory(memory_bytes: int) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    allowed = memory_bytes if hard == resource.RLIM_INFINITY else min(memory_bytes, hard)
    resource.setrlimit(resource.RLIMIT_AS, (allowed, hard))


def _volunteer_for_memory_shortage() -> None:
    try:
        Path("/proc/self/oom_score_adj").write_text(_OOM_SCORE, encoding="ascii")
    except OSError:
        return
