"""Find the calls in files and folders.

A folder is searched with all its subfolders; hidden files are passed over. A transcript beside a recording of the same
name is that recording's reference and no call of its own. Links that lead out of the folder are refused.
"""

import os
import stat
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from qa.audio.recording import safe_path
from qa.batch.found import Found, without_duplicates
from qa.batch.kinds import is_transcript, kind_of, natural
from qa.batch.pairing import as_calls
from qa.errors import InputError, UsageError

Transcripts = Literal["ignore", "prefer", "only"]


def discover(paths: Sequence[Path], *, transcripts: Transcripts = "ignore") -> Found:
    """Find the calls under `paths` in natural order.

    `transcripts`: "ignore" recognises recordings even where a transcript lies beside them, "prefer" uses that
    transcript, "only" scores transcripts and leaves recordings out. Transcripts without a recording are always calls.
    Raises UsageError for a path that does not exist, cannot be read, or is no file or folder.
    """
    search = _Search()
    for path in paths:
        search.begin(path)
    calls, left_out = as_calls(search.files, transcripts)
    sources, same_bytes = without_duplicates(calls)
    return Found(
        sources=sources,
        failures=tuple(search.failures),
        duplicates=same_bytes,
        left_out=dict(search.left_out + left_out),
    )


class _Search:
    def __init__(self) -> None:
        self.files: list[Path] = []
        self.failures: list[InputError] = []
        self.left_out: Counter[str] = Counter()
        self._seen: set[Path] = set()

    def begin(self, path: Path) -> None:
        """Search one path that the user named."""
        try:
            mode = path.stat().st_mode
            if stat.S_ISDIR(mode):
                os.scandir(path).close()
        except (OSError, ValueError) as error:
            raise _unusable(path, error) from error
        if stat.S_ISDIR(mode):
            self._folder(path, path)
        elif stat.S_ISREG(mode):
            self._named(path.resolve() if path.is_symlink() else path)
        else:
            raise UsageError(
                en="is neither a file nor a folder; name recordings, transcripts or folders that hold them",
                zh="既不是文件也不是文件夹；请指定录音、文本或其所在文件夹",
                path=path,
                code="not_regular",
            )

    def _named(self, path: Path) -> None:
        if path.suffix.lower() == ".csv" and not is_transcript(path):
            raise UsageError(
                en="this CSV is not a transcript (a header with role and text); a list of calls goes to --manifest",
                zh="该 CSV 不是通话文本（表头应含 role 与 text）；通话清单请用 --manifest 指定",
                path=path,
                code="csv_not_a_transcript",
            )
        self._add(path)

    def _folder(self, folder: Path, root: Path) -> None:
        try:
            entries = sorted(folder.iterdir(), key=natural)
        except OSError as error:
            self.failures.append(_unreadable(folder, error))
            return
        for entry in entries:
            if not entry.name.startswith("."):
                self._entry(entry, root)

    def _entry(self, entry: Path, root: Path) -> None:
        try:
            mode = entry.lstat().st_mode
        except OSError as error:
            self.failures.append(_unreadable(entry, error))
            return
        if stat.S_ISLNK(mode):
            self._link(entry, root)
        elif stat.S_ISDIR(mode):
            self._folder(entry, root)
        elif kind_of(entry) is None:
            self.left_out["other_file"] += 1
        elif not stat.S_ISREG(mode):
            self.failures.append(
                InputError(
                    en="is a pipe, socket or device, not a file; only regular files are read",
                    zh="这是管道、套接字或设备，不是普通文件；只读取普通文件",
                    path=entry,
                    code="not_regular",
                )
            )
        elif kind_of(entry) == "transcript" and not is_transcript(entry):
            self.left_out["not_a_transcript"] += 1
        else:
            self._add(entry)

    def _link(self, link: Path, root: Path) -> None:
        # A link inside the folder is passed over: what it points to is found by itself.
        if kind_of(link) is None and not link.is_dir():
            self.left_out["other_file"] += 1
            return
        try:
            safe_path(link, root)
        except InputError as error:
            self.failures.append(error)
        else:
            self.left_out["link"] += 1

    def _add(self, path: Path) -> None:
        real = path.resolve()
        if real not in self._seen:
            self._seen.add(real)
            self.files.append(path)


def _unusable(path: Path, error: OSError | ValueError) -> UsageError:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        en, zh, code = "does not exist; check the name", "不存在，请检查名称", "missing"
    else:
        reason = getattr(error, "strerror", None) or str(error)
        en, zh, code = f"cannot be read: {reason}", f"无法读取：{reason}", "unreadable"
    return UsageError(en=en, zh=zh, path=str(path).replace("\0", "\\0"), code=code)


def _unreadable(path: Path, error: OSError) -> InputError:
    return InputError(
        en=f"cannot be read: {error.strerror}; check its permissions",
        zh=f"无法读取：{error.strerror}；请检查权限",
        path=path,
        code="unreadable",
    )
