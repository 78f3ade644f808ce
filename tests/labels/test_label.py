"""Values that a label may have, in both languages."""

import pytest

from qa.labels.label import CUSTOMER_TYPE, SPECIAL_CUSTOMER, LabelFault, kind_of, source_of, value_of


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (CUSTOMER_TYPE, "Agitated", "agitated"),
        (CUSTOMER_TYPE, "困惑型", "confused"),
        (CUSTOMER_TYPE, "unclear", "unclear"),
        (SPECIAL_CUSTOMER, "harassing; furious", "furious;harassing"),
        (SPECIAL_CUSTOMER, "暴怒型、骚扰型", "furious;harassing"),
        (SPECIAL_CUSTOMER, "无", "none"),
        ("complaint_category", "价格", "price"),
    ],
)
def test_values(kind: str, text: str, value: str) -> None:
    """Names in either language become one code."""
    assert value_of(kind_of(kind), text) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (CUSTOMER_TYPE, "happy"),
        (CUSTOMER_TYPE, "agitated;confused"),
        (CUSTOMER_TYPE, "none"),
        (SPECIAL_CUSTOMER, "none;furious"),
        (SPECIAL_CUSTOMER, ";"),
    ],
)
def test_other_values_are_refused(kind: str, text: str) -> None:
    """A value of another kind, or two where one is meant."""
    with pytest.raises(LabelFault, match="allowed"):
        value_of(kind, text)


def test_other_kinds_and_sources_are_refused() -> None:
    """An unknown kind or source lists the known ones."""
    with pytest.raises(LabelFault, match="customer_type"):
        kind_of("mood")
    with pytest.raises(LabelFault, match="review"):
        source_of("rumour")
    assert source_of("") == "import"
