"""written: the call is a chat or message thread, not speech."""

from typing import Any

from qa.rules.compiler import Compiler
from qa.rules.context import Context
from qa.rules.operator import Operator, Options
from qa.rules.outcome import MISS, Outcome


class WrittenOptions(Options):
    """`written: true`, or false for speech."""

    value: bool = True


class Written(Operator):
    """No turn has a time, as in chats and message threads; one sentence alone counts as speech."""

    Options = WrittenOptions
    wraps = "value"

    def compile(self, options: Any, compiler: Compiler) -> None:
        """Note the answer asked for."""
        del compiler
        self.asked: bool = options.value

    def evaluate(self, context: Context) -> Outcome:
        """Compare with the share of turns that have times."""
        written = not context.single and context.features.get("timed_turn_ratio") == 0
        return Outcome("hit") if written == self.asked else MISS
