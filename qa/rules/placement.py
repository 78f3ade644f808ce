"""Who must say it and where in the call: role, first and last turns, first and last seconds."""

from typing import Literal

from pydantic import Field

from qa.conversation import Turn
from qa.evaluation import Evidence
from qa.rules.compiler import Compiler
from qa.rules.context import Context
from qa.rules.operator import Options

Answer = Literal["yes", "no", "unsure"]


class PlacementOptions(Options):
    """Turns are counted over what the role says until another side speaks, seconds from the start or the end.

    Turns whose role is less sure than `min_role_confidence` count like those of an unknown speaker.
    """

    role: Literal["agent", "customer"] = "agent"
    first_turns: int | None = Field(default=None, ge=1, le=100)
    last_turns: int | None = Field(default=None, ge=1, le=100)
    first_s: float | None = Field(default=None, gt=0)
    last_s: float | None = Field(default=None, gt=0)
    min_role_confidence: float | None = Field(default=None, gt=0, le=1)


class Placement:
    """Checks turns and evidence against the options."""

    def __init__(self, options: PlacementOptions, compiler: Compiler) -> None:
        self.options = options
        if options.first_turns or options.first_s:
            compiler.traits.places.add("first")
        if options.last_turns or options.last_s:
            compiler.traits.places.add("last")

    def allows_turn(self, turn: Turn, context: Context) -> Answer:
        """Whether a turn's role and place fit; "unsure" where its role is not known."""
        if turn.role not in (self.options.role, "unknown"):
            return "no"
        if not context.single:
            own = context.call.says(self.options.role)
            first, last = self.options.first_turns, self.options.last_turns
            if first and len(own) >= first and turn.index > own[first - 1][1]:
                return "no"
            if last and len(own) >= last and turn.index < own[-last][0]:
                return "no"
        least = self.options.min_role_confidence
        if turn.role == "unknown" or (least is not None and turn.role_confidence < least):
            return "unsure"
        return "yes"

    def allows_time(self, piece: Evidence, context: Context) -> Answer:
        """Whether the seconds fit; "unsure" where seconds are asked for and not known."""
        first, last = self.options.first_s, self.options.last_s
        if context.single or (first is None and last is None):
            return "yes"
        if piece.start_s is None:
            return "unsure"
        if first is not None and piece.start_s >= first:
            return "no"
        duration = context.call.duration_s
        if last is not None and (duration is None or piece.start_s < duration - last):
            return "unsure" if duration is None else "no"
        return "yes"
