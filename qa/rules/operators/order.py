"""before and after: something happens before or after the first hit of an anchor."""

from dataclasses import replace
from typing import Any, Literal

from pydantic import Field

from qa.evaluation import Deadline
from qa.rules.anchor import UNSURE_ANCHOR, Located, Moment
from qa.rules.compiler import Compiler
from qa.rules.context import Context
from qa.rules.operator import Operator, Options
from qa.rules.outcome import Outcome, unknown
from qa.scorecard import Rule

AnchorValue = str | Rule | tuple[str, ...]


class _Ordered(Operator):
    """Shared: `what` and the earliest of one or more anchors."""

    def compile(self, options: Any, compiler: Compiler) -> None:
        """Compile `what` and the anchors."""
        self.what = compiler.rule(options.what, "what")
        values = options.anchor if isinstance(options.anchor, tuple) else (options.anchor,)
        self.anchors = [compiler.anchor(value, "anchor") for value in values]
        self.otherwise: Literal["late", "miss"] = getattr(options, "otherwise", "miss")

    def locate(self, context: Context) -> Located:
        """The earliest anchor; unknown where none is sure and one may be there."""
        found = [anchor.locate(context) for anchor in self.anchors]
        moments: list[Moment] = [each.moment for each in found if each.moment is not None]
        if moments:
            return Located("hit", min(moments, key=lambda moment: moment.begin))
        return Located("unknown" if any(each.status == "unknown" for each in found) else "miss")


class BeforeOptions(Options):
    """`anchor` is a rule, "complaint", a criterion id or a list of ids; `else` says what a hit only after it is."""

    what: Rule
    anchor: AnchorValue
    otherwise: Literal["late", "miss"] = Field(default="late", alias="else")


class Before(_Ordered):
    """`what` hits before the anchor's first hit, or anywhere where the anchor never comes."""

    Options = BeforeOptions

    def evaluate(self, context: Context) -> Outcome:
        """A hit only after the anchor is late (or a miss, by `else`)."""
        anywhere = self.what.evaluate(context)
        if context.single or anywhere.status == "not_applicable":
            return anywhere
        located = self.locate(context)
        limit = Deadline(located.moment.turn_index, located.moment.begin_s) if located.moment else None
        if anywhere.status == "miss":
            return replace(anywhere, deadline=limit)
        if located.status == "unknown":
            return unknown(UNSURE_ANCHOR, anywhere.evidence)
        if located.moment is None:
            return anywhere
        early = self.what.evaluate(context.inside(context.scope.narrowed(end=located.moment.begin)))
        if early.status in ("hit", "late", "unknown") or anywhere.status == "unknown":
            return early if early.status != "miss" else anywhere
        return Outcome(self.otherwise, anywhere.evidence, anywhere.confidence, deadline=limit)


class AfterOptions(Options):
    """`anchor` is a rule, "complaint", a criterion id or a list of ids."""

    what: Rule
    anchor: AnchorValue


class After(_Ordered):
    """`what` hits after the anchor's first hit; without the anchor it is a miss."""

    Options = AfterOptions

    def evaluate(self, context: Context) -> Outcome:
        """Look only after the anchor."""
        if context.single:
            return self.what.evaluate(context)
        located = self.locate(context)
        if located.status == "unknown":
            anywhere = self.what.evaluate(context)
            return anywhere if anywhere.status == "miss" else unknown(UNSURE_ANCHOR, anywhere.evidence)
        if located.moment is None:
            return Outcome("miss")
        return self.what.evaluate(context.inside(context.scope.narrowed(begin=located.moment.end)))
