"""metadata: a fact from the manifest."""

from typing import Any

from pydantic import model_validator

from qa.bilingual import Bilingual
from qa.rules.compiler import Compiler
from qa.rules.context import Context
from qa.rules.operator import Operator, Options
from qa.rules.outcome import NOT_APPLICABLE, Outcome, unknown

_FIELDS = ("agent_id", "queue", "direction")


class MetadataOptions(Options):
    """`key` is agent_id, queue, direction or an extra column of the manifest; exactly one of `equals`, `one_of`."""

    key: str
    equals: str | None = None
    one_of: tuple[str, ...] | None = None

    @model_validator(mode="after")
    def _one_test(self) -> "MetadataOptions":
        if (self.equals is None) == (self.one_of is None):
            raise ValueError("give exactly one of equals, one_of")
        return self


class Metadata(Operator):
    """The recording's value of `key` is one of those named; unknown where the manifest says nothing."""

    Options = MetadataOptions

    def compile(self, options: Any, compiler: Compiler) -> None:
        """Note the accepted values."""
        del compiler
        self.key: str = options.key
        self.accepted = {options.equals} if options.one_of is None else set(options.one_of)

    def evaluate(self, context: Context) -> Outcome:
        """Compare exactly."""
        if context.single:
            return NOT_APPLICABLE
        recording = context.call.conversation.recording
        value = getattr(recording, self.key) if self.key in _FIELDS else recording.metadata.get(self.key)
        if value is None:
            return unknown(Bilingual(f"the manifest says nothing about {self.key}", f"清单中没有 {self.key}"))
        return Outcome("hit" if value in self.accepted else "miss")
