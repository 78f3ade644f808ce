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
from qa.batch.outcome import BatchEvent
from qa.batch.runner import run_batch
from qa.batch.source import CallSource
from qa.errors import InputError, WeightsError

DIGEST = "c" * 64


class TinyScorer:
    """Reads {"name", "do", "ms"} and scores, hangs, dies, eats memory or raises."""

    def key(self, source: CallSource) -> tuple[str, str]:
        return hashlib.sha256(source.path.read_bytes()).hexdigest(), DIGEST

    def __call__(self, source: CallSource) -> dict[str, Any]:
        call = json.loads(source.path.read_text(encoding="utf-8"))
        time.sleep(call["ms"] / 1000)
        getattr(self, call["do"])(source)
        recording_id, _ = self.key(source)
        return {
            "id": recording_id[:36],
            "recording": {"id": recording_id, "path": str(source.path), "duration_s": 2.0},
            "score": float(len(call["name"])),
            "fatal_failed": [],
        }

    def score(self, source: CallSource) -> None:
        pass

    def hang(self, source: CallSource) -> None:
        time.sleep(3600)

    def die(self, source: CallSource) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def segfault(self, source: CallSource) -> None:
        ctypes.string_at(0)

    def leave(self, source: CallSource) -> None:
        os._exit(7)

    def eat(self, source: CallSource) -> None:
        bytearray(2 * 1024**3)

    def bad(self, source: CallSource) -> None:
        raise InputError(en="bad file", zh="文件有误", path=source.path, place="turn 3", code="bad_file")

    def bug(self, source: CallSource) -> None:
        raise KeyError("customer said 13800138000")

    def no_weights(self, source: CallSource) -> None:
        raise WeightsError(en="no weights", zh="没有权重", code="weights")


def make_scorer() -> TinyScorer:
    return TinyScorer()


def sources_in(folder: Path) -> tuple[CallSource, ...]:
    return discover([folder]).sources


def run(folder: Path, url: str, **options: Any) -> Any:
    """Run the batch as the command would."""
    return run_batch(
        sources_in(folder),
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
