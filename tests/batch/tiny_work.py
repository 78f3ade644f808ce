"""A scorer that does what its call file says, and a program that runs a batch with it."""

import ctypes
import hashlib
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from qa.batch.discovery import discover
from qa.batch.ledger import Factory
from qa.batch.outcome import BatchEvent, BatchSummary
from qa.batch.runner import run_batch
from qa.batch.source import CallSource
from qa.errors import InputError, WeightsError

DIGEST = "c" * 64


class TinyScorer:
    """Reads {"name", "do", "ms"} and scores, hangs, dies, eats memory or raises."""

    def key(self, source: CallSource) -> tuple[str, str]:
        """Hash of the file, and one configuration for all."""
        return hashlib.sha256(source.path.read_bytes()).hexdigest(), DIGEST

    def __call__(self, source: CallSource) -> dict[str, Any]:
        """A record whose score is the length of the call's name."""
        call = json.loads(source.path.read_text(encoding="utf-8"))
        time.sleep(call["ms"] / 1000)
        if call["do"] in _DEEDS:
            _DEEDS[call["do"]](source)
        recording_id, _ = self.key(source)
        return {
            "id": recording_id[:36],
            "recording": {"id": recording_id, "path": str(source.path), "duration_s": 2.0},
            "score": float(len(call["name"])),
            "fatal_failed": [],
        }


def _hang(source: CallSource) -> None:
    source.path.with_suffix(".hanging").touch()
    time.sleep(3600)


def _die(_source: CallSource) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _segfault(_source: CallSource) -> None:
    ctypes.string_at(0)


def _leave(_source: CallSource) -> None:
    os._exit(7)


def _eat(_source: CallSource) -> None:
    bytearray(2 * 1024**3)


def _bad(source: CallSource) -> None:
    raise InputError(en="bad file", zh="文件有误", path=source.path, place="turn 3", code="bad_file")


def _bug(_source: CallSource) -> None:
    raise KeyError("customer said 13800138000")


def _no_weights(_source: CallSource) -> None:
    raise WeightsError(en="no weights", zh="没有权重", code="weights")


_DEEDS = {
    "hang": _hang,
    "die": _die,
    "segfault": _segfault,
    "leave": _leave,
    "eat": _eat,
    "bad": _bad,
    "bug": _bug,
    "no_weights": _no_weights,
}


def make_scorer() -> TinyScorer:
    """Factory that workers call."""
    return TinyScorer()


def run(folder: Path, url: str, **options: Any) -> BatchSummary:
    """Run the batch as the command would."""
    return run_batch(
        discover([folder]).sources,
        scorer=Factory("tiny_work:make_scorer"),
        ledger=Factory("qa.store.repository:open_repository", (url,)),
        **options,
    )


def _say(event: BatchEvent) -> None:
    sys.stdout.write(f"{event.kind} {event.progress.calls_done}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    summary = run(
        Path(sys.argv[1]), sys.argv[2], jobs=int(sys.argv[3]), in_process=sys.argv[4] == "here", on_event=_say
    )
    sys.stdout.write(f"interrupted {summary.interrupted} unfinished {summary.unfinished}\n")
