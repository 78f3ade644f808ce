"""Every error that Callgrade raises on purpose.

CallgradeError
├── InputError             one file is bad; the rest of a batch goes on       exit 3
│   ├── RecordingError     a recording cannot be read or is refused
│   ├── TranscriptError    a ready transcript cannot be read
│   └── RecognitionError   speech recognition failed, timed out or ran out of memory
├── UsageError             the command, manifest or configuration is wrong    exit 2
│   ├── ManifestError
│   ├── ScorecardError
│   ├── UnknownNameError
│   └── DuplicateNameError
└── EnvironmentFault       something that should be installed is not          exit 5
    ├── WeightsError       recognition weights missing or altered
    ├── ModelError         customer-type model missing, altered or refused
    └── DatabaseError

A message says what was got, what is allowed and what to do, in English and Chinese.
"""

from pathlib import Path

from qa.bilingual import Bilingual

EXIT_OK = 0
EXIT_INTERNAL = 1
EXIT_USAGE = 2
EXIT_SOME_FAILED = 3
EXIT_GATE_MISSED = 4
EXIT_ENVIRONMENT = 5
EXIT_INTERRUPTED = 130


class CallgradeError(Exception):
    """Base of all deliberate errors.

    `path` is the file at fault, `place` where in it (line, row, key, turn), `code` a stable short name.
    """

    exit_code = EXIT_INTERNAL

    def __init__(
        self,
        *,
        en: str,
        zh: str,
        path: str | Path | None = None,
        place: str = "",
        code: str = "",
    ) -> None:
        self.message = Bilingual(en, zh)
        self.path = str(path) if path is not None else ""
        self.place = place
        self.code = code or type(self).__name__
        super().__init__(self.in_language("en"))

    def in_language(self, language: str | None = None) -> str:
        """One line: file, place, message."""
        where = ", ".join(part for part in (self.path, self.place) if part)
        text = self.message.in_language(language)
        return f"{where}: {text}" if where else text

    def __str__(self) -> str:
        return self.in_language()

    def __reduce__(self) -> tuple[object, ...]:
        # Keyword-only arguments do not survive the default pickling that worker processes use.
        return _rebuild, (type(self), self.message, self.path, self.place, self.code)


def _rebuild(kind: type[CallgradeError], message: Bilingual, path: str, place: str, code: str) -> CallgradeError:
    return kind(en=message.en, zh=message.zh, path=path or None, place=place, code=code)


class InputError(CallgradeError):
    """One input file is bad."""

    exit_code = EXIT_SOME_FAILED


class RecordingError(InputError):
    """A recording cannot be read, or is refused for its kind, size or place."""


class TranscriptError(InputError):
    """A ready transcript cannot be read."""


class RecognitionError(InputError):
    """Speech recognition of one recording failed, timed out or ran out of memory."""


class UsageError(CallgradeError):
    """The command line, manifest or configuration is wrong."""

    exit_code = EXIT_USAGE


class ManifestError(UsageError):
    """The manifest as a whole cannot be used."""


class ScorecardError(UsageError):
    """A scorecard is not valid."""


class UnknownNameError(UsageError):
    """A plug-in name is not known; the message lists the known ones."""


class DuplicateNameError(UsageError):
    """Two plug-ins claim one name."""


class EnvironmentFault(CallgradeError):
    """Something that should be installed or reachable is not."""

    exit_code = EXIT_ENVIRONMENT


class WeightsError(EnvironmentFault):
    """Recognition weights are missing or altered."""


class ModelError(EnvironmentFault):
    """The customer-type model is missing, altered or made by other versions."""


class DatabaseError(EnvironmentFault):
    """The database cannot be opened or has the wrong version."""
