"""within: something happens soon after, or shortly before, an anchor, counted in turns, seconds or both."""

from dataclasses import replace
from typing import Any, Literal

from pydantic import Field, model_validator

from qa.bilingual import Bilingual
from qa.evaluation import Deadline
from qa.rules.anchor import UNSURE_ANCHOR, Moment
from qa.rules.compiler import Compiler
from qa.rules.context import END, START, Context, Position, Scope
from qa.rules.excuses import ExcusesOptions
from qa.rules.operator import Operator, Options
from qa.rules.outcome import NOT_APPLICABLE, Outcome, any_of, unknown
from qa.scorecard import Rule

NO_TIMES = Bilingual("the transcript has no times, so seconds cannot be counted", "文字稿没有时间，无法按秒计算")
TOO_EARLY = Bilingual("it came, but too early", "出现过，但过早")
UNSURE_EXCUSE = Bilingual("it is not clear whether the delay was explained", "延迟是否已说明并不确定")


class WithinOptions(Options):
    """`turns` says of role `of`, `seconds` or both, `after` the anchor's end or `before` its begin.

    `clocks` says whether both limits must be kept or either; outside them a hit after the anchor is late, or a miss.
    `excuses` is {what: rule, up_to_s: 120}: said in time, it adds that many seconds, and its own say is not counted.
    """

    what: Rule
    after: str | Rule | None = None
    before: str | Rule | None = None
    turns: int | None = Field(default=None, ge=1, le=100)
    of: Literal["agent", "customer"] = "agent"
    seconds: float | None = Field(default=None, gt=0)
    clocks: Literal["both", "either"] = "both"
    late: bool = True
    excuses: ExcusesOptions | None = None

    @model_validator(mode="after")
    def _is_complete(self) -> "WithinOptions":
        if (self.after is None) == (self.before is None):
            raise ValueError("give after or before")
        if self.turns is None and self.seconds is None:
            raise ValueError("give turns, seconds or both")
        if self.excuses is not None and self.before is not None:
            raise ValueError("excuses explain a delay: they go with after")
        return self


class Within(Operator):
    """`what` hits close enough to the anchor; without the anchor the rule does not apply."""

    Options = WithinOptions
    version = 2

    def compile(self, options: Any, compiler: Compiler) -> None:
        """Compile `what`, the anchor and the excuse."""
        self.options: WithinOptions = options
        self.what = compiler.rule(options.what, "what")
        key = "before" if options.after is None else "after"
        self.anchor = compiler.anchor(getattr(options, key), key)
        self.excuse = None if options.excuses is None else compiler.rule(options.excuses.what, "excuses", "what")

    def evaluate(self, context: Context) -> Outcome:
        """Look in the window first, then after it."""
        if context.single:
            return self.what.evaluate(context)
        located = self.anchor.locate(context)
        if located.status == "unknown":
            return unknown(UNSURE_ANCHOR)
        moment = located.moment
        if moment is None:
            return NOT_APPLICABLE
        return self._after(moment, context) if self.options.before is None else self._before(moment, context)

    def _after(self, moment: Moment, context: Context) -> Outcome:
        turns, seconds = self.options.turns, self.options.seconds
        end = END if turns is None else context.turn_window(moment.turn_index, turns, self.options.of)
        until = None if seconds is None or moment.end_s is None else moment.end_s + seconds
        timely = self._in_time(context, Scope(moment.end, end), Scope(moment.end, END, until), moment.end_s)
        if timely.status in ("hit", "unknown"):
            return timely
        later = self.what.evaluate(context.inside(context.scope.narrowed(begin=moment.end)))
        limit = _deadline(context, end, until)
        if later.status not in ("hit", "late"):
            return replace(later, deadline=limit)
        excused = self._excused(moment, end, until, context)
        if excused is not None:
            return excused
        return Outcome("late" if self.options.late else "miss", later.evidence, later.confidence, deadline=limit)

    def _before(self, moment: Moment, context: Context) -> Outcome:
        turns, seconds = self.options.turns, self.options.seconds
        begin = START if turns is None else context.turn_window_before(moment.turn_index, turns, self.options.of)
        since = None if seconds is None or moment.begin_s is None else moment.begin_s - seconds
        by_time = Scope(end=moment.begin, since_s=since)
        timely = self._in_time(context, Scope(begin, moment.begin), by_time, moment.begin_s)
        if timely.status in ("hit", "unknown"):
            return timely
        limit = Deadline(moment.turn_index, moment.begin_s)
        later = self.what.evaluate(context.inside(context.scope.narrowed(begin=moment.begin)))
        if later.status in ("hit", "late"):
            return Outcome("late" if self.options.late else "miss", later.evidence, later.confidence, deadline=limit)
        early = self.what.evaluate(context.inside(context.scope.narrowed(end=moment.begin)))
        return replace(later, note=TOO_EARLY if early.status == "hit" else later.note, deadline=limit)

    def _in_time(self, context: Context, by_turns: Scope, by_time: Scope, anchor_s: float | None) -> Outcome:
        """What `what` says in the window. Without times turns answer alone, and seconds alone leave it unknown."""
        options = self.options
        timed = options.seconds is not None and anchor_s is not None
        windows = [by_turns] if options.turns is not None else []
        if timed or not windows:
            windows.append(by_time)
        if options.clocks == "both" and len(windows) == 2:
            windows = [by_turns.narrowed(by_time.begin, by_time.end, by_time.until_s, by_time.since_s)]
        found = [self.what.evaluate(context.inside(_overlap(context.scope, window))) for window in windows]
        outcome = any_of(found) if len(found) > 1 else found[0]
        if options.turns is None and outcome.status == "hit":
            pieces = outcome.evidence
            if not timed or (pieces and all(piece.start_s is None for piece in pieces)):
                return unknown(NO_TIMES, pieces)
        return outcome

    def _excused(self, moment: Moment, end: Position, until: float | None, context: Context) -> Outcome | None:
        """What `what` says in the window made longer by an excuse said inside it; None where there is none."""
        if self.excuse is None or self.options.excuses is None:
            return None
        window = _overlap(context.scope, Scope(moment.end, end, until))
        said = self.excuse.evaluate(context.inside(window))
        if said.status not in ("hit", "late", "unknown") or not said.evidence:
            return None
        turns, places = self.options.turns, {piece.turn_index for piece in said.evidence}
        if turns is not None:
            own = [*context.call.says(self.options.of), *context.call.says("unknown")]
            used = sum(any(first <= place <= last for place in places) for first, last in own)
            end = context.turn_window(moment.turn_index, turns + used, self.options.of)
        ends = [piece.end_s for piece in said.evidence if piece.end_s is not None]
        if until is not None and ends:
            until = max(until, max(ends) + self.options.excuses.up_to_s)
        found = self.what.evaluate(context.inside(_overlap(context.scope, Scope(moment.end, end, until))))
        if found.status != "hit":
            return None
        if said.status == "unknown":
            return unknown(UNSURE_EXCUSE, found.evidence)
        quote = said.evidence[0].quote
        return replace(found, note=Bilingual(f"the delay was explained: “{quote}”", f"延迟已说明：“{quote}”"))


def _overlap(scope: Scope, window: Scope) -> Scope:
    return scope.narrowed(window.begin, window.end, window.until_s, window.since_s)


def _deadline(context: Context, end: Position, until_s: float | None) -> Deadline | None:
    """The window's end: the last turn in it, and the second at which that turn or the time runs out."""
    turns = [turn for turn in context.call.turns[: end[0]] if not turn.suspect]
    if until_s is not None:
        turns = [turn for turn in turns if turn.start_s is None or turn.start_s <= until_s]
    if not turns:
        return None
    ends = [limit for limit in (turns[-1].end_s, until_s) if limit is not None]
    return Deadline(turns[-1].index, min(ends, default=None))
