"""What the encoder answers: for each turn the behaviours, for the call the labels of catalogue A."""

from qa.catalogue import BEHAVIOURS
from qa.evaluation import CUSTOMER_TYPES

TURN_HEADS: tuple[str, ...] = BEHAVIOURS
SPECIAL_CUSTOMERS: tuple[str, ...] = (
    "unreasonable",
    "professional_complainer",
    "professional_enquirer",
    "furious",
    "harassing",
)
CATEGORIES: tuple[str, ...] = ("product_quality", "service_quality", "price", "other")
PSYCHOLOGIES: tuple[str, ...] = ("seeks_respect", "seeks_compensation", "seeks_venting", "hostile")
CALL_HEADS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("customer_type", CUSTOMER_TYPES),
    ("special_customer", SPECIAL_CUSTOMERS),
    ("complaint_category", CATEGORIES),
    ("complaint_psychology", PSYCHOLOGIES),
)
CALL_WIDTH = sum(len(names) for _, names in CALL_HEADS)


def call_slice(name: str) -> slice:
    """Columns of one question among the call's answers."""
    at = 0
    for each, names in CALL_HEADS:
        if each == name:
            return slice(at, at + len(names))
        at += len(names)
    raise KeyError(name)
