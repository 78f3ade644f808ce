"""From YAML rules to operators, with errors that name the criterion and the key."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from qa.errors import ScorecardError, UnknownNameError
from qa.rules.anchor import COMPLAINT, Anchor, ComplaintAnchor, CriterionAnchor, RuleAnchor
from qa.rules.matcher import PhraseBook
from qa.rules.operator import OPERATORS, Operator
from qa.scorecard import Scorecard

MAX_DEPTH = 20


@dataclass(slots=True)
class Traits:
    """What the rules of one criterion refer to: other criteria, the complaint, the call's first or last turns."""

    needs: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)


class Compiler:
    """Compiles one scorecard's rules into a shared PhraseBook."""

    def __init__(self, scorecard: Scorecard, book: PhraseBook) -> None:
        self.scorecard = scorecard
        self.book = book
        self.traits = Traits()
        self._ids = {criterion.id for criterion in scorecard.criteria}
        self._path: list[str] = []

    @property
    def place(self) -> str:
        """Dotted place of the rule being compiled."""
        return ".".join(self._path).replace(".[", "[")

    @contextmanager
    def at(self, *keys: str) -> Iterator[None]:
        """Extend the place named in errors."""
        self._path += keys
        try:
            yield
        finally:
            del self._path[len(self._path) - len(keys) :]

    def rule(self, value: Any, *keys: str) -> Operator:
        """Compile one rule found under `keys`. Raises ScorecardError."""
        with self.at(*keys):
            if not isinstance(value, dict) or len(value) != 1:
                raise self._not_one_operator(value)
            if len(self._path) > 2 * MAX_DEPTH:
                raise self.fault(f"rules nest deeper than {MAX_DEPTH} levels", f"规则嵌套超过 {MAX_DEPTH} 层")
            name, content = next(iter(value.items()))
            try:
                kind = OPERATORS.get(str(name))
            except UnknownNameError as error:
                raise self.fault(error.message.en, error.message.zh) from None
            with self.at(str(name)):
                return kind(self._options(kind, content), self)

    def rules(self, values: Any, key: str) -> tuple[Operator, ...]:
        """Compile a list of rules."""
        return tuple(self.rule(value, f"{key}[{number}]") for number, value in enumerate(values))

    def phrases(self, phrases: tuple[str, ...], lexicon: tuple[str, ...] = ()) -> frozenset[int]:
        """Numbers of literal phrases and of the named lists of the scorecard's lexicon."""
        return frozenset(number for number, _ in self.numbered(phrases, lexicon))

    def numbered(self, phrases: tuple[str, ...], lexicon: tuple[str, ...] = ()) -> list[tuple[int, str]]:
        """The same phrases, each with its number and its text."""
        texts = list(phrases)
        for name in lexicon:
            if name not in self.scorecard.lexicon:
                known = ", ".join(sorted(self.scorecard.lexicon)) or "(empty)"
                raise self.fault(f"unknown lexicon {name!r}; known: {known}", f"未知词表 {name!r}；可用：{known}")
            texts += self.scorecard.lexicon[name]
        return [(self.book.add(text, place=self.place), text) for text in texts]

    def anchor(self, value: Any, key: str) -> Anchor:
        """Compile an anchor: "complaint", a criterion id or a rule."""
        if isinstance(value, dict):
            return RuleAnchor(self.rule(value, key))
        with self.at(key):
            name = self.reference(value)
        return ComplaintAnchor() if name == COMPLAINT else CriterionAnchor(name)

    def reference(self, name: Any) -> str:
        """Check a name used in a rule, and remember that it must be judged first."""
        if name != COMPLAINT and name not in self._ids:
            known = ", ".join([COMPLAINT, *sorted(self._ids)])
            raise self.fault(f"no criterion {name!r}; known: {known}", f"没有评分项 {name!r}；可用：{known}")
        self.traits.needs.add(str(name))
        if name == COMPLAINT:
            self.traits.places.add(COMPLAINT)
        return str(name)

    def fault(self, en: str, zh: str) -> ScorecardError:
        """A ScorecardError at the current place."""
        return ScorecardError(place=self.place, en=en, zh=zh)

    def _options(self, kind: type[Operator], content: Any) -> Any:
        try:
            return kind.Options.model_validate(kind.options_from(content))
        except ValidationError as error:
            allowed = ", ".join(kind.Options.model_fields)
            wrong = "; ".join(
                f"{'.'.join(str(part) for part in item['loc']) or 'value'}: {item['msg']}"
                for item in error.errors()[:5]
            )
            raise self.fault(f"{wrong}. Allowed keys: {allowed}", f"{wrong}。允许的键：{allowed}") from None

    def _not_one_operator(self, value: Any) -> ScorecardError:
        known = ", ".join(OPERATORS.names())
        got = ", ".join(map(str, value)) if isinstance(value, dict) else repr(value)[:60]
        return self.fault(
            f"a rule is a mapping with exactly one operator, got: {got or 'nothing'}; known operators: {known}",
            f"一条规则是恰好含一个运算符的映射，实际为：{got or '空'}；可用运算符：{known}",
        )
