"""Run a batch: many calls, several processes, and no call that can spoil the others.

Each call runs in a child process that is kept alive between calls. A call that hangs, dies or eats memory becomes one
failure; its process is replaced. One Ctrl-C (or SIGTERM) stops taking calls and finishes those that run, a second one
abandons them. Ready transcripts with one job run in this process, since starting a child takes longer than they do.
"""

import os
from collections.abc import Callable, Sequence

from qa.batch.ledger import Factory
from qa.batch.local import may_run_here, run_here
from qa.batch.outcome import BatchSummary
from qa.batch.size import time_limit_s
from qa.batch.source import CallSource
from qa.batch.tally import OnEvent, Tally
from qa.batch.worker import WorkPlan

_SMALLEST_MEMORY_BYTES = 4 * 1024**3

TimeLimit = float | Callable[[CallSource], float]


def run_batch(
    sources: Sequence[CallSource],
    *,
    scorer: Factory,
    ledger: Factory,
    jobs: int = 1,
    timeout_s: TimeLimit | None = None,
    force: bool = False,
    memory_bytes: int | None = None,
    on_event: OnEvent | None = None,
    in_process: bool | None = None,
) -> BatchSummary:
    """Score `sources` and record each in the ledger; calls that are recorded already are skipped unless `force`.

    `scorer` and `ledger` are built in every process. `timeout_s` limits the work on one call (default: by its length),
    `memory_bytes` the address space of a worker (default: `memory_of_machine`). `in_process` None decides by the calls.
    Bad calls end as failures in the summary. Errors that would hit every call are raised: UsageError, EnvironmentFault.
    """
    tally = Tally(sources, ledger, on_event)
    tally.tell("planned")
    plan = WorkPlan(scorer, ledger, force=force, memory_bytes=memory_bytes or memory_of_machine())
    limit = _limit(timeout_s)
    here = may_run_here(sources, jobs) if in_process is None else in_process
    if not sources:
        interrupted = False
    elif here:
        interrupted = run_here(sources, plan, tally, limit=limit)
    else:
        # pebble and its threads are not needed for a handful of transcripts.
        from qa.batch.pool import PoolRun

        interrupted = PoolRun(sources, plan, tally, jobs=jobs, limit=limit).run()
    return tally.summary(interrupted=interrupted)


def memory_of_machine() -> int:
    """Bytes of memory that one worker may address: what the machine has, at least 4 GB."""
    return max(_SMALLEST_MEMORY_BYTES, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))


def _limit(timeout_s: TimeLimit | None) -> Callable[[CallSource], float]:
    if timeout_s is None:
        return time_limit_s
    if callable(timeout_s):
        return timeout_s
    seconds = timeout_s
    return lambda _source: seconds
