"""Run a batch: many calls, several processes, and no call that can spoil the others.

Each call runs in a child process that is kept alive between calls. A call that hangs, dies or eats memory becomes one
failure; its process is replaced. One Ctrl-C (or SIGTERM) stops taking calls and finishes those that run, a second one
abandons them. Ready transcripts with one job run in this process, since starting a child takes longer than they do.
"""

import logging
import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures import TimeoutError as TaskTimeout
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any

from pebble import ProcessExpired, ProcessPool

from qa.batch.ledger import Factory, Key, Ledger
from qa.batch.local import run_here
from qa.batch.outcome import BatchEvent, BatchSummary, Outcome, failure
from qa.batch.progress import Progress
from qa.batch.size import time_limit_s
from qa.batch.source import CallSource
from qa.batch.stop import StopRequests
from qa.batch.worker import WorkPlan, begin_process, note_failure, work
from qa.errors import CallgradeError, InputError

_log = logging.getLogger(__name__)
_log.addHandler(logging.NullHandler())
_TICK_S = 0.2
_SMALLEST_MEMORY_BYTES = 4 * 1024**3

TimeLimit = float | Callable[[CallSource], float]


def memory_of_machine() -> int:
    """Bytes of memory that one worker may address: what the machine has, at least 4 GB."""
    return max(_SMALLEST_MEMORY_BYTES, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
