"""The operator shown in docs/scorecards.md, loaded as a stranger's package would be."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qa.errors import DuplicateNameError, ScorecardError
from qa.registry import Registry
from qa.rules.catalogue import operator_table
from qa.rules.operator import OPERATORS

DOCUMENT = Path(__file__).parents[2] / "docs" / "scorecards.md"


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts the documented file and its entry point, under a name, where an installed package would be."""
    text = DOCUMENT.read_text(encoding="utf-8")
    source = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    point = re.search(r'\[project.entry-points."(.+)"\]\n(\w+) = "(.+)"', text)
    assert source
    assert point

    def _install(name: str) -> None:
        (tmp_path / "callgrade_monologue.py").write_text(source[1], encoding="utf-8")
        info = tmp_path / "callgrade_monologue-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Name: callgrade-monologue\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[{point[1]}]\n{name or point[2]} = {point[3]}\n")
        monkeypatch.syspath_prepend(tmp_path)
        # The registry of this process has read its entry points already; it is put back after the test.
        fresh: Registry[Any] = Registry(OPERATORS.kind, group=OPERATORS.group, built_in=OPERATORS._targets)
        for attribute, value in vars(fresh).items():
            monkeypatch.setattr(OPERATORS, attribute, value)

    return _install


@pytest.mark.parametrize(
    ("case", "verdict"),
    [
        ({"turns": ["A 一", "A 二", "A 三", "C 好"]}, "met"),
        ({"turns": ["A 一", "C 好", "A 二", "C 好", "A 三"]}, "not_met"),
        ({"turns": ["A 一", "C 二", "C 三", "C 四"]}, "not_met"),
        ({"turns": ["A 一", "A 二", "A 三"], "timed": False}, "undetermined"),
    ],
    ids=["hit", "miss", "look-alike", "without times"],
)
def test_the_documented_operator_judges(
    install: Callable[[str], None],
    form: Callable[..., Any],
    judge: Callable[..., Any],
    case: dict[str, Any],
    verdict: str,
) -> None:
    """One file and its entry point are enough: the scorecard may use the operator, and findings name its version."""
    install("")
    finding = judge(form({"id": "tried", "rule": {"monologue": {"seconds": 25}}}), case).findings[0]
    assert (finding.verdict, finding.operator) == (verdict, "monologue.v1")
    assert "| `monologue` (v1) | One say of the role lasts at least `seconds`" in operator_table()


def test_its_options_are_checked(
    install: Callable[[str], None], form: Callable[..., Any], judge: Callable[..., Any]
) -> None:
    """A wrong key names those that are allowed."""
    install("")
    with pytest.raises(ScorecardError, match="Allowed keys: role, seconds"):
        judge(form({"id": "tried", "rule": {"monologue": {"minutes": 1}}}), {"turns": ["A 一"]})


def test_a_taken_name_is_refused(install: Callable[[str], None]) -> None:
    """A package cannot replace an operator."""
    install("within")
    with pytest.raises(DuplicateNameError):
        OPERATORS.names()
