"""The operators as a Markdown table and notes, for docs/scorecards.md and the command line."""

from typing import Any, get_args

from pydantic.fields import FieldInfo

from qa.features.table import NAMES as MEASURES
from qa.rules.operator import OPERATORS, Operator


def operator_table() -> str:
    """One row an operator: versioned name, what it says, options with their defaults."""
    rows = ["| operator | holds when | options |", "|---|---|---|"]
    for name in OPERATORS.names():
        kind = OPERATORS.get(name)
        meaning = (kind.__doc__ or "").strip().splitlines()[0]
        rows.append(f"| `{name}` (v{kind.version}) | {meaning} | {_options(kind)} |")
    return "\n".join(rows) + "\n"


def operator_notes() -> str:
    """One line an operator: what its options mean, from the docstring of its options model."""
    notes = []
    for name in OPERATORS.names():
        meaning = " ".join((OPERATORS.get(name).Options.__doc__ or "").split())
        notes.append(f"- `{name}`: {meaning}")
    return "\n".join(notes) + "\n"


def measure_table() -> str:
    """One row a measure: name with its unit, meaning."""
    rows = ["| measure | meaning |", "|---|---|"]
    rows += [f"| `{name}` | {meaning} |" for name, meaning in MEASURES.items()]
    return "\n".join(rows) + "\n"


def _options(kind: type[Operator]) -> str:
    if kind.always_wraps:
        return "the value itself"
    listed = [_option(field.alias or name, field) for name, field in kind.Options.model_fields.items()]
    return ("the value itself, or " if kind.wraps else "") + ", ".join(listed)


def _option(name: str, field: FieldInfo) -> str:
    choices = f" ({'/'.join(map(str, get_args(field.annotation)))})" if _is_choice(field.annotation) else ""
    if field.is_required():
        return f"**{name}**{choices}"
    default = field.get_default(call_default_factory=True)
    if default in (None, (), {}):
        return f"{name}{choices}"
    shown = "[" + ", ".join(map(str, default)) + "]" if isinstance(default, tuple) else str(default).lower()
    return f"{name}{choices} = {shown}"


def _is_choice(annotation: Any) -> bool:
    arguments = get_args(annotation)
    return bool(arguments) and all(isinstance(each, str) for each in arguments)
