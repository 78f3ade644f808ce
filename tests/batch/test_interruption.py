"""Batches that are killed, stopped and resumed: scored at least once, recorded exactly once."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import pytest
import tiny_work

from qa.store.repository import open_repository

PROGRAM = Path(tiny_work.__file__)
KILLS = 20


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts a batch as a program in a session of its own; what is left of it dies at the end of the test."""
    begun: list[subprocess.Popen[str]] = []

    def begin(url: str, *, jobs: int = 2, where: str = "pool") -> subprocess.Popen[str]:
        command = [sys.executable, str(PROGRAM), str(tmp_path / "calls"), url, str(jobs), where]
        paths = os.pathsep.join([str(PROGRAM.parent), str(PROGRAM.parents[2])])
        environment = {**os.environ, "PYTHONPATH": paths, "CALLGRADE_LANG": "en"}
        child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True, env=environment)
        begun.append(child)
        return child

    yield begin
    for child in begun:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        lines_of(child).close()


def lines_of(child: subprocess.Popen[str]) -> IO[str]:
    """Its output."""
    assert child.stdout is not None
    return child.stdout


def wait_for(child: subprocess.Popen[str], word: str) -> bool:
    """Read its output up to a line with `word`; False when it ended before."""
    return any(word in line for line in lines_of(child))


def children_of(pid: int) -> list[int]:
    """Processes that any of its threads started."""
    return [int(word) for file in Path(f"/proc/{pid}/task").glob("*/children") for word in file.read_text().split()]


def alive(pid: int) -> bool:
    """Whether it exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def all_gone(pids: list[int], within_s: float = 10.0) -> bool:
    """Whether all have ended, waiting at most `within_s` seconds."""
    end = time.monotonic() + within_s
    while any(map(alive, pids)):
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def records_in(url: str) -> list[Any]:
    """All current records in export order."""
    return [call.record for call in open_repository(url).records()]


def test_killed_batch_resumes_to_the_same_result(
    tmp_path: Path, write_call: Callable[..., Path], start: Callable[..., subprocess.Popen[str]]
) -> None:
    """Killed (-9) at random moments, with and without worker processes, the parent alone or all: every call once."""
    for number in range(120):
        write_call(f"call{number}", ms=10)
    killed, quiet = (f"sqlite:///{tmp_path / name}.db" for name in ("killed", "quiet"))
    chance = random.Random(20261122)
    for kill in range(KILLS):
        pooled = kill % 5 < 2
        child = start(killed, jobs=2 if pooled else 1, where="pool" if pooled else "here")
        seen = wait_for(child, "finished" if chance.random() < 0.8 else "planned")
        time.sleep(chance.random() * 0.05)
        workers = children_of(child.pid)
        if kill % 2:
            os.killpg(child.pid, signal.SIGKILL)
        else:
            child.kill()
        child.wait()
        assert seen
        assert all_gone(workers), "workers outlived their parent"
    resumed = tiny_work.run(tmp_path / "calls", killed, jobs=2)
    tiny_work.run(tmp_path / "calls", quiet)
    assert resumed.known > 0, "the kills came too early to leave anything"
    assert len(records_in(killed)) == 120
    assert records_in(killed) == records_in(quiet)
    assert all(len(open_repository(killed).history(key)) == 1 for key in resumed.keys)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
@pytest.mark.parametrize("where", ["pool", "here"])
def test_one_signal_finishes_what_runs(
    tmp_path: Path,
    write_call: Callable[..., Path],
    start: Callable[..., subprocess.Popen[str]],
    number: signal.Signals,
    where: str,
) -> None:
    """Nothing new is begun, the running calls are kept, none counts as failed, and the program says it was stopped."""
    for call in range(40):
        write_call(f"call{call}", ms=150)
    url = f"sqlite:///{tmp_path / 'calls.db'}"
    child = start(url, jobs=1 if where == "here" else 2, where=where)
    assert wait_for(child, "finished")
    os.killpg(child.pid, number)
    assert wait_for(child, "stopping")
    assert wait_for(child, "interrupted True")
    assert child.wait(timeout=20) == 0
    ledger = open_repository(url)
    assert 0 < ledger.count() < 40
    assert ledger.failures() == ()


@pytest.mark.parametrize("where", ["pool", "here"])
def test_second_signal_abandons_what_runs(
    tmp_path: Path, write_call: Callable[..., Path], start: Callable[..., subprocess.Popen[str]], where: str
) -> None:
    """A call that hangs does not keep the user waiting."""
    write_call("call0")
    write_call("call1", "hang")
    hanging = write_call("call2", "hang").with_name("call1.hanging")
    child = start(f"sqlite:///{tmp_path / 'calls.db'}", jobs=1 if where == "here" else 2, where=where)
    assert wait_for(child, "finished")
    while not hanging.exists():
        time.sleep(0.02)
    child.send_signal(signal.SIGINT)
    time.sleep(0.3)
    child.send_signal(signal.SIGINT)
    assert wait_for(child, "killed")
    assert wait_for(child, "interrupted True")


def test_two_batches_at_once_share_the_work(
    tmp_path: Path, write_call: Callable[..., Path], start: Callable[..., subprocess.Popen[str]]
) -> None:
    """Two programs on one folder and one database: every call is recorded once and neither fails."""
    for number in range(60):
        write_call(f"call{number}", ms=5)
    url = f"sqlite:///{tmp_path / 'calls.db'}"
    both = [start(url), start(url)]
    for child in both:
        assert wait_for(child, "interrupted False unfinished 0")
    assert len(records_in(url)) == 60
    assert open_repository(url).failures() == ()
