"""A scorecard compiled: every criterion's rules, in the order in which they can be judged."""

from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from qa.errors import ScorecardError
from qa.rules.anchor import COMPLAINT
from qa.rules.compiler import Compiler, Traits
from qa.rules.explanations import check_template
from qa.rules.matcher import PhraseBook
from qa.rules.operator import OPERATORS, Operator
from qa.scorecard import Criterion, Scorecard


@dataclass(frozen=True, slots=True)
class CompiledCriterion:
    """A criterion with its operators; `operator` is the versioned name that findings carry."""

    criterion: Criterion
    rule: Operator
    applies_when: Operator | None
    operator: str
    traits: Traits


@dataclass(frozen=True, slots=True)
class Form:
    """All that judging needs. `order` names criteria and "complaint", each after what it depends on.

    `referred` are the criteria that other rules look at: their rules are asked even where they do not apply.
    """

    scorecard: Scorecard
    book: PhraseBook
    criteria: Mapping[str, CompiledCriterion]
    complaint: Operator | None
    categories: Mapping[str, frozenset[int]]
    order: tuple[str, ...]
    referred: frozenset[str]


def compile_form(scorecard: Scorecard, *, merge_accents: bool = False) -> Form:
    """Compile every rule. Raises ScorecardError naming the file, the criterion and the key at fault."""
    try:
        return _compiled(scorecard, merge_accents=merge_accents)
    except ScorecardError as error:
        # Rules know their place in the form, but not the file that the form came from.
        raise ScorecardError(
            path=scorecard.source, place=error.place, code=error.code, en=error.message.en, zh=error.message.zh
        ) from error


def _compiled(scorecard: Scorecard, *, merge_accents: bool) -> Form:
    book = PhraseBook(scorecard.language, merge_accents=merge_accents)
    compiler = Compiler(scorecard, book)
    criteria = {item.id: _criterion(item, compiler) for item in scorecard.criteria}
    graph = {name: set(item.traits.needs) for name, item in criteria.items()}
    complaint = None
    compiler.traits = Traits()
    if scorecard.complaint is not None:
        complaint = compiler.rule(scorecard.complaint, COMPLAINT)
    graph[COMPLAINT] = set(compiler.traits.needs)
    categories: dict[str, frozenset[int]] = {}
    for category, phrases in scorecard.complaint_categories.items():
        with compiler.at("complaint_categories", category):
            categories[category] = compiler.phrases(phrases)
    for name in scorecard.lexicon:
        # Lists that no rule uses yet are checked too, so that a typing error does not wait for its first use.
        with compiler.at("lexicon"):
            compiler.phrases((), (name,))
    return Form(scorecard, book, criteria, complaint, categories, _order(graph), frozenset().union(*graph.values()))


def _criterion(criterion: Criterion, compiler: Compiler) -> CompiledCriterion:
    compiler.traits = Traits()
    with compiler.at(criterion.id):
        rule = compiler.rule(criterion.rule, "rule")
        applies_when = None
        if criterion.applies_when is not None:
            applies_when = compiler.rule(criterion.applies_when, "applies_when")
        for verdict, template in criterion.say.items():
            with compiler.at("say", verdict):
                check_template(template, place=compiler.place)
    name = next(iter(criterion.rule))
    version = OPERATORS.get(name).version
    return CompiledCriterion(criterion, rule, applies_when, f"{name}.v{version}", compiler.traits)


def _order(graph: dict[str, set[str]]) -> tuple[str, ...]:
    try:
        return tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        circle = " → ".join(reversed(error.args[1]))
        raise ScorecardError(
            place=str(error.args[1][0]),
            en=f"rules depend on each other in a circle: {circle}",
            zh=f"规则相互循环依赖：{circle}",
        ) from None
