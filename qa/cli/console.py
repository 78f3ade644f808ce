"""Where output goes: data to stdout, messages to stderr, colour only for people, files whole or not at all."""

import os
import sys
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from qa.bilingual import Bilingual
from qa.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

PLAIN_WIDTH = 120
"""Width in columns where the output is not a terminal and COLUMNS is not set."""
_KEPT_CONTROLS = "\n\t"
# These turn the writing direction, so that a name can look like another one.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def wants_colour(stream: TextIO) -> bool:
    """True for a terminal, unless NO_COLOR or TERM=dumb says otherwise; FORCE_COLOR asks for it elsewhere."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (stream.isatty() and os.environ.get("TERM") != "dumb")


def console_on(stream: TextIO) -> "Console":
    """A rich console that wraps Chinese by its width; plain text where colour is not wanted."""
    from rich.console import Console

    width = None if stream.isatty() else int(_digits(os.environ.get("COLUMNS", "")) or PLAIN_WIDTH)
    return Console(
        file=stream,
        width=width,
        no_color=not wants_colour(stream),
        color_system=("auto" if stream.isatty() else "standard") if wants_colour(stream) else None,
        force_terminal=wants_colour(stream) or stream.isatty(),
        highlight=False,
        markup=False,
        emoji=False,
    )


def _digits(text: str) -> str:
    return text if text.isdecimal() and int(text) >= 20 else ""


def say(text: Bilingual | str) -> None:
    """Write one message line to stderr."""
    print(printable(str(text)), file=sys.stderr, flush=True)


def printable(text: str) -> str:
    """Replace control characters: a file name or transcript must not steer the terminal."""
    if text.isprintable():
        return text
    return "".join("\ufffd" if _steers(character) else character for character in text)


def _steers(character: str) -> bool:
    if character in _KEPT_CONTROLS:
        return False
    return character in _TURNING or unicodedata.category(character) in ("Cc", "Cs")


@contextmanager
def output(destination: str) -> Iterator[TextIO]:
    """Text stream to stdout for "-", else to a file that appears only when it is complete.

    Raises UsageError where the file cannot be written.
    """
    if destination == "-":
        _utf8(sys.stdout)
        yield sys.stdout
        sys.stdout.flush()
        return
    path = Path(destination)
    if path.exists() and not path.is_file():
        # A device or pipe (/dev/null) cannot be replaced by a rename.
        with _writable(path), path.open("w", encoding="utf-8", newline="") as stream:
            yield stream
        return
    with _writable(path):
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        with _writable(path):
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def check_destination(destination: str) -> None:
    """Raise UsageError before the work starts when `destination` cannot be written."""
    path = Path(destination)
    if destination == "-" or (path.exists() and not path.is_dir() and os.access(path, os.W_OK)):
        return
    if path.is_dir() or not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise _not_writable(path, "")


@contextmanager
def _writable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _not_writable(path, f" ({error.strerror})") from error


def _not_writable(path: Path, reason: str) -> UsageError:
    return UsageError(
        path=path,
        code="output",
        en=f"the output cannot be written there{reason}; give a file in an existing, writable folder to --out",
        zh=f"无法写入该输出文件{reason}；请在 --out 中给出可写文件夹内的文件名",
    )


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _utf8(stream: TextIO) -> None:
    # JSON and Chinese text must not depend on the locale of a cron job.
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
