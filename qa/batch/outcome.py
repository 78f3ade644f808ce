"""What became of one call, and of a whole batch."""

from dataclasses import dataclass
from typing import Literal

from qa.batch.ledger import Key
from qa.batch.progress import ProgressReport
from qa.batch.source import CallSource
from qa.bilingual import Bilingual
from qa.errors import CallgradeError, InputError

# scored: evaluated and recorded now; known: recorded before (or by another process meanwhile); failed: see `error`.
Status = Literal["scored", "known", "failed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one call. `key` is None where the file could not even be read.

    `audio_s` is the length of the call in seconds where known, `elapsed_s` what the work took. `error` is an InputError
    when only this call failed; any other kind stops the batch. `traceback` is for the log, never for people.
    """

    source: CallSource
    status: Status
    key: Key | None = None
    audio_s: float | None = None
    elapsed_s: float = 0.0
    error: CallgradeError | None = None
    traceback: str = ""


@dataclass(frozen=True, slots=True)
class BatchEvent:
    """Told to the caller while a batch runs.

    planned: before the first call. finished: after each call, with its outcome. stopping: asked to stop, `running`
    calls are being finished. killed: asked twice, running calls are abandoned.
    """

    kind: Literal["planned", "finished", "stopping", "killed"]
    progress: ProgressReport
    outcome: Outcome | None = None
    running: int = 0


@dataclass(frozen=True, slots=True)
class BatchSummary:
    """Result of a batch. `keys` are those of all calls that are recorded, in the order of the sources.

    `unfinished` counts calls that were not tried to the end because the batch was interrupted.
    """

    scored: int
    known: int
    failures: tuple[Outcome, ...]
    keys: tuple[Key, ...]
    interrupted: bool
    unfinished: int
    elapsed_s: float
    audio_s: float


def failure(code: str, source: CallSource, **facts: object) -> InputError:
    """Error of a call that did not fail by itself: code internal, crashed, timeout or memory."""
    text = FAILURES[code]
    return InputError(en=text.en.format(**facts), zh=text.zh.format(**facts), path=source.path, code=code)


FAILURES: dict[str, Bilingual] = {
    "internal": Bilingual(
        "could not be scored because of an error in Callgrade ({reason}); the log has the details, please report it",
        "因 Callgrade 内部错误未能评分（{reason}）；详情见日志，请反馈给我们",
    ),
    "timeout": Bilingual(
        "took longer than {allowed:.0f} s and was stopped; allow more with --timeout, or cut the recording",
        "处理超过 {allowed:.0f} 秒，已停止；可用 --timeout 放宽时限，或切分录音",
    ),
    "crashed": Bilingual(
        "the process that scored this call died ({reason}), perhaps for want of memory; try it alone with --jobs 1",
        "处理该通话的进程意外终止（{reason}），可能是内存不足；请用 --jobs 1 单独重试",
    ),
    "memory": Bilingual(
        "needed more memory than there is; use a smaller model or fewer --jobs, or cut the recording",
        "所需内存超过可用内存；请换用较小的模型、减少 --jobs，或切分录音",
    ),
}
