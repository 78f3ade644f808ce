"""A batch in which calls hang, die, eat memory or are bad."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
import tiny_work

from qa.batch.outcome import BatchEvent
from qa.errors import WeightsError
from qa.store.repository import open_repository

# What a call does → code of its failure, and how the worker died where it did.
SPOILERS = [
    ("hang", "timeout", ""),
    ("die", "crashed", "SIGKILL"),
    ("segfault", "crashed", "SIGSEGV"),
    ("leave", "crashed", "exit code 7"),
    ("eat", "memory", ""),
    ("bad", "bad_file", "bad file"),
    ("bug", "internal", "KeyError"),
]


def test_spoilers_fail_alone(tmp_path: Path, write_call: Callable[..., Path], caplog: pytest.LogCaptureFixture) -> None:
    """Every bad call is one failure with its code; the good ones around it are all recorded."""
    for number in range(14):
        write_call(f"good{number}", ms=2)
    for number, (do, _, _) in enumerate(SPOILERS):
        write_call(f"good{number * 2}-{do}", do)
    url = f"sqlite:///{tmp_path / 'calls.db'}"
    with caplog.at_level(logging.ERROR, logger="qa.batch"):
        summary = tiny_work.run(tmp_path / "calls", url, jobs=2, timeout_s=4.0, memory_bytes=1024**3, in_process=False)
    ledger = open_repository(url)
    failed = {outcome.source.path.stem.split("-")[1]: outcome for outcome in summary.failures}
    assert summary.scored == 14
    assert ledger.count() == 14
    for do, code, word in SPOILERS:
        assert failed[do].error is not None
        assert failed[do].error.code == code
        assert word in failed[do].error.message.en
    assert {failure.code for failure in ledger.failures()} == {code for _, code, _ in SPOILERS}
    assert "KeyError" in caplog.text
    assert all("13800138000" not in failure.message.en for failure in ledger.failures())


@pytest.mark.parametrize(
    ("do", "code"), [("bad", "bad_file"), ("bug", "internal"), ("hang", "timeout")], ids=["bad", "bug", "hang"]
)
def test_in_process_means_the_same(tmp_path: Path, write_call: Callable[..., Path], do: str, code: str) -> None:
    """Transcripts with one job run without a child and fail in the same way."""
    for name in ("a", "c"):
        write_call(name)
    write_call("b", do)
    summary = tiny_work.run(tmp_path / "calls", f"sqlite:///{tmp_path / 'calls.db'}", timeout_s=1.0)
    assert summary.scored == 2
    assert [outcome.error.code for outcome in summary.failures if outcome.error] == [code]


@pytest.mark.parametrize("in_process", [True, False])
def test_missing_weights_end_the_batch(tmp_path: Path, write_call: Callable[..., Path], in_process: bool) -> None:
    """An error that would hit every call is raised once, and no call is marked as failed."""
    for name in ("a", "b", "c"):
        write_call(name, "no_weights")
    url = f"sqlite:///{tmp_path / 'calls.db'}"
    with pytest.raises(WeightsError):
        tiny_work.run(tmp_path / "calls", url, jobs=2, in_process=in_process)
    assert open_repository(url).failures() == ()


def test_second_run_skips_and_success_clears_failures(tmp_path: Path, write_call: Callable[..., Path]) -> None:
    """A recorded call is known; a call that failed is tried again, counted, and its failure goes when it succeeds."""
    url = f"sqlite:///{tmp_path / 'calls.db'}"
    write_call("good")
    broken = write_call("broken", "bad")
    tiny_work.run(tmp_path / "calls", url)
    again = tiny_work.run(tmp_path / "calls", url)
    ledger = open_repository(url)
    assert (again.scored, again.known, len(again.failures)) == (0, 1, 1)
    assert [(failure.tries, failure.place) for failure in ledger.failures()] == [(2, "turn 3")]
    broken.write_text(broken.read_text(encoding="utf-8").replace("bad", "score"), encoding="utf-8")
    mended = tiny_work.run(tmp_path / "calls", url)
    assert (mended.scored, mended.known, len(mended.keys)) == (1, 1, 2)


def test_force_scores_again_and_keeps_history(tmp_path: Path, write_call: Callable[..., Path]) -> None:
    """With force the call has one current row and the former one is superseded."""
    url = f"sqlite:///{tmp_path / 'calls.db'}"
    write_call("good")
    tiny_work.run(tmp_path / "calls", url)
    summary = tiny_work.run(tmp_path / "calls", url, force=True)
    ledger = open_repository(url)
    history = ledger.history(summary.keys[0])
    assert (summary.scored, ledger.count(), len(history)) == (1, 1, 2)
    assert [call.superseded_at is None for call in history] == [False, True]


def test_events_count_up_to_the_end(tmp_path: Path, write_call: Callable[..., Path]) -> None:
    """The caller hears of the plan first, then of every call, and the last report is complete."""
    for number in range(5):
        write_call(f"call{number}")
    heard: list[BatchEvent] = []
    tiny_work.run(tmp_path / "calls", f"sqlite:///{tmp_path / 'calls.db'}", on_event=heard.append)
    assert [event.kind for event in heard] == ["planned", *["finished"] * 5]
    assert [event.progress.calls_done for event in heard] == [0, 1, 2, 3, 4, 5]
    assert heard[-1].progress.share == 1.0
    assert heard[-1].progress.eta_s == 0.0
