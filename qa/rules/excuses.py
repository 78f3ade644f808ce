"""Words that make a wait acceptable, such as 稍等，我查一下 or "bear with me": a rule, and how far it reaches."""

from pydantic import Field

from qa.rules.operator import Options
from qa.scorecard import Rule


class ExcusesOptions(Options):
    """`what` is the rule that finds the excuse; it covers no wait longer than `up_to_s` seconds."""

    what: Rule
    up_to_s: float = Field(default=120, gt=0)


class WaitExcusesOptions(ExcusesOptions):
    """The excuse is said at most `near_s` seconds before the wait begins or after it ends."""

    near_s: float = Field(default=10, gt=0, le=120)
