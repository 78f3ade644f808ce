"""Every operator on its case table: hits, misses, what does not apply, and look-alikes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from qa.rules.operator import OPERATORS

CASES = Path(__file__).parent / "cases"
TABLES = {path.stem: YAML(typ="safe").load(path) for path in sorted(CASES.glob("*.yaml"))}
ROWS = [
    pytest.param(table, case, id=f"{name}-{case['name']}") for name, table in TABLES.items() for case in table["cases"]
]


@pytest.mark.parametrize(("table", "case"), ROWS)
def test_case(table: dict[str, Any], case: dict[str, Any], form: Callable[..., Any], judge: Callable[..., Any]) -> None:
    """The verdict, and where the case names them the turns, quotes and kind of match, are as written."""
    criterion = {
        "id": "tried",
        "kind": case.get("kind", "required"),
        "rule": case.get("rule", table.get("rule")),
    }
    if "applies_when" in case:
        criterion["applies_when"] = case["applies_when"]
    others = [{"id": name, "rule": rule} for name, rule in table.get("others", {}).items()]
    card = form(
        criterion,
        *others,
        language=case.get("language", table.get("language", "zh")),
        lexicon=table.get("lexicon", {}),
        complaint=table.get("complaint"),
        complaint_categories=table.get("complaint_categories", {}),
        homophones=case.get("homophones", True),
    )
    finding = judge(card, case).findings[0]
    assert finding.verdict == case["expect"], finding
    if "at" in case:
        assert [piece.turn_index for piece in finding.evidence] == case["at"]
    if "quotes" in case:
        assert [piece.quote for piece in finding.evidence] == case["quotes"]
    if "match" in case:
        assert {piece.match for piece in finding.evidence} == {case["match"]}


@pytest.mark.parametrize("name", OPERATORS.names())
def test_every_operator_has_a_table(name: str) -> None:
    """Each operator's table shows a hit, a miss, a call it cannot judge or does not apply to, and a look-alike."""
    cases = TABLES[name]["cases"]
    verdicts = {case["expect"] for case in cases}
    assert "met" in verdicts
    assert verdicts & {"not_applicable", "undetermined"}
    if name != "always":
        assert "not_met" in verdicts
        assert any(case.get("look_alike") for case in cases)
