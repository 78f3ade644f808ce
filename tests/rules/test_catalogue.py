"""The documentation of the rule language is what the code accepts."""

from pathlib import Path

from qa.rules.catalogue import operator_table
from qa.rules.judge import Judge
from qa.scorecard import parse_scorecard

DOCUMENT = Path(__file__).parents[2] / "docs" / "scorecards.md"


def test_the_operator_table_is_current() -> None:
    """docs/scorecards.md holds the generated table, letter for letter."""
    assert operator_table() in DOCUMENT.read_text(encoding="utf-8")


def test_the_example_form_compiles() -> None:
    """The whole form shown in docs/scorecards.md can be used as it stands."""
    text = DOCUMENT.read_text(encoding="utf-8")
    example = text.split("```yaml\n", 1)[1].split("```", 1)[0]
    judge = Judge(parse_scorecard(example.encode(), where="docs/scorecards.md"))
    assert [found.id for found in judge.find("您好，光明公司客服")] == ["greeting"]
