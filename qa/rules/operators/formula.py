"""formula: rules joined by and, or, not and brackets, with the usual precedence."""

import re
from typing import Any, Literal, NamedTuple

from pydantic import Field

from qa.rules.compiler import Compiler
from qa.rules.context import Context
from qa.rules.operator import Operator, Options
from qa.rules.outcome import Outcome, all_of, any_of, negation
from qa.scorecard import Rule

MAX_DEPTH = 20
_TOKEN = re.compile(r"\s*(?:([()（）])|(\w+)|(\S))")
_WORDS = {"and": "and", "且": "and", "or": "or", "或": "or", "not": "not", "非": "not", "（": "(", "）": ")"}


class FormulaOptions(Options):
    """`expression` over the names in `rules` and ids of criteria: `not` binds before `and`, `and` before `or`."""

    expression: str = Field(min_length=1, max_length=1000)
    rules: dict[str, Rule] = Field(default_factory=dict)


class _Node(NamedTuple):
    kind: Literal["name", "not", "and", "or"]
    name: str = ""
    children: tuple["_Node", ...] = ()


class Formula(Operator):
    """The expression is true: rules joined by `and`, `or`, `not` (且, 或, 非) and brackets."""

    Options = FormulaOptions
    wraps = "expression"

    def compile(self, options: Any, compiler: Compiler) -> None:
        """Parse the expression; compile the rules it names, and note the criteria. Raises ScorecardError."""
        self.tree = _Parser(options.expression, compiler).parse()
        used = set(_names(self.tree))
        for unused in sorted(set(options.rules) - used):
            raise compiler.fault(f"rule {unused!r} is not in the expression", f"表达式中没有用到规则 {unused!r}")
        self.rules = {name: compiler.rule(rule, "rules", name) for name, rule in options.rules.items()}
        for name in sorted(used - set(options.rules)):
            compiler.reference(name)

    def evaluate(self, context: Context) -> Outcome:
        """Three-valued, as `all`, `any` and `not`."""
        return self._value(self.tree, context)

    def _value(self, node: _Node, context: Context) -> Outcome:
        if node.kind == "name":
            if node.name in self.rules:
                return self.rules[node.name].evaluate(context)
            if node.name == "complaint":
                return Outcome(context.complaint_status, context.complaint.evidence)
            return context.outcomes[node.name]
        if node.kind == "not":
            return negation(self._value(node.children[0], context))
        join = all_of if node.kind == "and" else any_of
        return join(self._value(child, context) for child in node.children)


class _Parser:
    """Recursive descent: or over and over not over names and brackets."""

    def __init__(self, text: str, compiler: Compiler) -> None:
        self.compiler = compiler
        self.tokens = [_WORDS.get(word, word) for word in _words(text.rstrip())]
        self.at = 0

    def parse(self) -> _Node:
        """The whole expression."""
        node = self._joined("or", 0)
        if self.at < len(self.tokens):
            raise self._fault()
        return node

    def _joined(self, word: Literal["or", "and"], depth: int) -> _Node:
        if depth > MAX_DEPTH:
            raise self.compiler.fault(f"brackets nest deeper than {MAX_DEPTH}", f"括号嵌套超过 {MAX_DEPTH} 层")
        children = [self._joined("and", depth) if word == "or" else self._single(depth)]
        while self._next() == word:
            self.at += 1
            children.append(self._joined("and", depth) if word == "or" else self._single(depth))
        return children[0] if len(children) == 1 else _Node(word, children=tuple(children))

    def _single(self, depth: int) -> _Node:
        negations = 0
        while self._next() == "not":
            negations += 1
            self.at += 1
        word = self._next()
        if word == "(":
            self.at += 1
            node = self._joined("or", depth + 1)
            if self._next() != ")":
                raise self._fault()
        elif word and word not in ("and", "or", ")") and (word[0].isalpha() or word[0] == "_"):
            node = _Node("name", word)
        else:
            raise self._fault()
        self.at += 1
        # A double negation is not nothing: late becomes a hit by it.
        for _ in range(min(negations, 2 + negations % 2)):
            node = _Node("not", children=(node,))
        return node

    def _next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def _fault(self) -> Exception:
        where = self._next() or "the end"
        return self.compiler.fault(
            f"the expression is broken at {where!r}; it has names, and, or, not and brackets",
            f"表达式在 {where!r} 处有误；可用名称、and、or、not 与括号",
        )


def _words(text: str) -> list[str]:
    return [next(filter(None, match.groups())) for match in _TOKEN.finditer(text)]


def _names(node: _Node) -> list[str]:
    return [node.name] if node.kind == "name" else [name for child in node.children for name in _names(child)]
