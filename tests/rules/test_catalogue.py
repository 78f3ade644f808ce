"""The documentation of the rule language is what the code accepts."""

from collections.abc import Callable
from pathlib import Path

import pytest

from qa.rules.catalogue import measure_table, operator_notes, operator_table
from qa.rules.judge import Judge
from qa.rules.operator import OPERATORS
from qa.scorecard import parse_scorecard

DOCUMENT = Path(__file__).parents[2] / "docs" / "scorecards.md"


@pytest.mark.parametrize("generated", [operator_table, operator_notes, measure_table])
def test_generated_parts_are_current(generated: Callable[[], str]) -> None:
    """docs/scorecards.md holds what the docstrings say, letter for letter."""
    assert generated() in DOCUMENT.read_text(encoding="utf-8")


def test_the_chinese_part_names_every_operator() -> None:
    """The table in Chinese has a row, or a share of one, for each operator."""
    chinese = DOCUMENT.read_text(encoding="utf-8").split("## 中文说明")[1]
    assert not [name for name in OPERATORS.names() if f"`{name}`" not in chinese]


def test_the_example_form_compiles() -> None:
    """The whole form shown in docs/scorecards.md can be used as it stands."""
    text = DOCUMENT.read_text(encoding="utf-8")
    example = text.split("```yaml\n", 1)[1].split("```", 1)[0]
    judge = Judge(parse_scorecard(example.encode(), where="docs/scorecards.md"))
    assert [found.id for found in judge.find("您好，光明公司客服")] == ["greeting"]
