"""Progress on stderr: a bar for people, a line every few seconds for a log."""

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

from qa.batch.outcome import BatchEvent
from qa.batch.progress import ProgressReport
from qa.bilingual import Bilingual
from qa.cli.console import console_on, say
from qa.cli.wording import moment

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

EVERY_S = 5.0


class ProgressLine:
    """Shows the events of a batch; with `quiet` only that it is stopping."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._told_at = time.monotonic()
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> "ProgressLine":
        if not self._quiet and sys.stderr.isatty():
            from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

            self._bar = Progress(
                SpinnerColumn(),
                BarColumn(),
                TextColumn("{task.description}"),
                console=console_on(sys.stderr),
                transient=True,
            )
            self._task = self._bar.add_task("", total=1.0)
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, event: BatchEvent) -> None:
        """Take one event."""
        if event.kind in ("stopping", "killed"):
            say(_stopping(event))
        elif not self._quiet:
            self._show(event.progress)

    def _show(self, report: ProgressReport) -> None:
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=report.share, description=progress_text(report))
            return
        now = time.monotonic()
        # Short runs stay silent; the end is told by the result.
        if now - self._told_at >= EVERY_S:
            self._told_at = now
            say(progress_text(report))


def progress_text(report: ProgressReport) -> str:
    """How far a batch is, e.g. "3 of 20 calls, 4:10 of 31:05 of sound, 13 %, about 0:42 left"."""
    share = f"{report.share * 100:.0f} %"
    done, total = moment(report.audio_done_s), moment(report.audio_total_s)
    sound = report.audio_total_s > 0
    left = "" if report.eta_s is None or report.calls_done == report.calls_total else moment(report.eta_s)
    said = Bilingual(
        f"{report.calls_done} of {report.calls_total} calls"
        + (f", {done} of {total} of sound" if sound else "")
        + f", {share}"
        + (f", about {left} left" if left else ""),
        f"已处理 {report.calls_done}／{report.calls_total} 通"
        + (f"，录音 {done}／{total}" if sound else "")
        + f"，{share}"
        + (f"，约剩 {left}" if left else ""),
    )
    return str(said)


def _stopping(event: BatchEvent) -> Bilingual:
    if event.kind == "killed":
        return Bilingual("stopped; running calls are abandoned", "已停止，放弃正在处理的通话")
    return Bilingual(
        f"stopping: finishing {event.running} running calls; Ctrl-C again abandons them",
        f"正在停止：等待 {event.running} 通处理完；再按一次 Ctrl-C 立即放弃",
    )
