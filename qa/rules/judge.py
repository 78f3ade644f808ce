"""Judge: a scorecard's rules over one call, or over one sentence for `qa try`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.behaviour.reader import BehaviourReader
from qa.bilingual import Bilingual
from qa.conversation import Conversation, Engine, Recording, Role, Turn
from qa.evaluation import Complaint, CustomerType, Evidence, Finding, MatchKind
from qa.features.table import NAMES, SCHEMA_VERSION, Features
from qa.rules.anchor import COMPLAINT
from qa.rules.context import Call, Context
from qa.rules.explanations import explain
from qa.rules.form import CompiledCriterion, Form, compile_form
from qa.rules.outcome import MISS, Outcome
from qa.rules.verdict import Decision, decide, excused
from qa.scorecard import Scorecard

DEFAULT_CATEGORY = "service_quality"
MAX_EVIDENCE = 12


@dataclass(frozen=True, slots=True)
class Judgement:
    """Everything the rules say about one call: one finding a criterion, in form order."""

    complaint: Complaint
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A criterion that one sentence touches."""

    id: str
    match: MatchKind
    confidence: float


class Judge:
    """Compiles a scorecard once and judges any number of calls with it."""

    def __init__(
        self, scorecard: Scorecard, *, merge_accents: bool = False, behaviours: BehaviourReader | None = None
    ) -> None:
        """Raises ScorecardError naming the criterion and key at fault.

        `merge_accents` lets homophones ignore z/zh, c/ch, s/sh and n/ng. `behaviours` reads turns for the operator
        `said`; without it the published model is used, and loaded by the first rule that asks.
        """
        self.form: Form = compile_form(scorecard, merge_accents=merge_accents)
        self.scorecard = scorecard
        self._behaviours = behaviours or BehaviourReader()

    def judge(self, conversation: Conversation, features: Features, customer_type: CustomerType) -> Judgement:
        """Judge one call. Never raises for what the call holds: what cannot be judged is undetermined."""
        context = Context(Call(conversation, self.form.book, self._behaviours), features, customer_type)
        findings: dict[str, Finding] = {}
        for name in self.form.order:
            if name == COMPLAINT:
                context = self._with_complaint(context)
                continue
            item = self.form.criteria[name]
            decision = excused(item, context)
            outcome = MISS
            if decision is None or name in self.form.referred:
                outcome = context.outcomes[name] = item.rule.evaluate(context)
            if decision is None:
                decision = decide(item, outcome, context)
            context.verdicts[name] = decision.verdict
            findings[name] = self._finding(item, decision, outcome, context)
        return Judgement(context.complaint, tuple(findings[item.id] for item in self.scorecard.criteria))

    def find(self, text: str, role: Role = "agent", context: str | Sequence[str | Turn] = ()) -> tuple[Found, ...]:
        """Criteria that one sentence touches, wherever in a call it would stand.

        `context` holds the turns before it (texts of the other side, or turns). Place limits, order, the complaint and
        other conditions do not count; the role, guards and `unless` do.
        """
        earlier = [context] if isinstance(context, str) else list(context)
        turns: list[Turn] = []
        other: Role = "customer" if role == "agent" else "agent"
        for piece in earlier:
            turn = Turn(0, other, piece) if isinstance(piece, str) else piece
            turns.append(replace(turn, index=len(turns)))
        turns.append(Turn(len(turns), role, text))
        conversation = Conversation(Recording("", "", None), self.scorecard.language, tuple(turns), Engine("text"))
        view = Context(
            Call(conversation, self.form.book, self._behaviours),
            Features(SCHEMA_VERSION, dict.fromkeys(NAMES)),
            CustomerType("demanding", {}, True, ""),
            single=True,
        )
        return tuple(self._found(view, len(turns) - 1))

    def _found(self, context: Context, last: int) -> list[Found]:
        # References to other criteria need their outcomes, so the order is the same as for a call.
        for name in self.form.order:
            if name != COMPLAINT:
                context.outcomes[name] = self.form.criteria[name].rule.evaluate(context)
        found: list[Found] = []
        for item in self.scorecard.criteria:
            outcome = context.outcomes[item.id]
            own = [piece for piece in outcome.evidence if piece.turn_index == last]
            if outcome.status in ("hit", "late") and own:
                best = max(own, key=lambda piece: (piece.match not in ("homophone", "similar"), piece.confidence))
                found.append(Found(item.id, best.match, best.confidence))
        return found

    def _with_complaint(self, context: Context) -> Context:
        if self.form.complaint is None:
            return context
        outcome = self.form.complaint.evaluate(context)
        if outcome.status == "unknown":
            weak = Complaint(False, evidence=outcome.evidence)
            return replace(context, complaint=weak, complaint_status="unknown")
        customer = _by_customer(outcome, context)
        if outcome.status not in ("hit", "late") or not customer:
            return context
        begins = customer[0].turn_index
        category = self._category(context, begins)
        complaint = Complaint(True, begins, category, tuple(customer[:MAX_EVIDENCE]))
        return replace(context, complaint=complaint, complaint_status="hit")

    def _category(self, context: Context, begins: int) -> str:
        counts = {}
        for name, phrases in self.form.categories.items():
            hits = context.call.hits(phrases)
            counts[name] = sum(
                hit.turn_index >= begins and context.call.turns[hit.turn_index].role == "customer" for hit in hits
            )
        best = max(counts, key=lambda name: counts[name], default=DEFAULT_CATEGORY)
        return best if counts.get(best) else DEFAULT_CATEGORY

    def _finding(self, item: CompiledCriterion, decision: Decision, outcome: Outcome, context: Context) -> Finding:
        begins = context.complaint.evidence[0] if context.complaint.evidence else None
        note: Bilingual | None = decision.note
        return Finding(
            criterion_id=item.criterion.id,
            verdict=decision.verdict,
            operator=item.operator,
            confidence=round(decision.confidence, 3),
            evidence=decision.evidence[:MAX_EVIDENCE],
            explanation=explain(
                item.criterion,
                decision.verdict,
                language=self.scorecard.language,
                said=decision.said,
                complaint=begins,
                note=note,
            ),
            deadline=outcome.deadline if decision.verdict in ("late", "not_met") else None,
        )


def _by_customer(outcome: Outcome, context: Context) -> list[Evidence]:
    return [piece for piece in outcome.evidence if context.call.turns[piece.turn_index].role == "customer"]
