"""One label: what a person said of a call. Labels are never changed; the newest of a call and kind counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from qa.bilingual import Bilingual
from qa.encoder.heads import CATEGORIES, SPECIAL_CUSTOMERS
from qa.evaluation import CUSTOMER_TYPES

CUSTOMER_TYPE, SPECIAL_CUSTOMER, COMPLAINT_CATEGORY = "customer_type", "special_customer", "complaint_category"
NONE = "none"
"""Not a special customer; no complaint."""
UNCLEAR = "unclear"
"""The label is taken back, or people cannot agree: the call is not learned from."""
SOURCES = ("import", "review", "file")
VALUES: Mapping[str, tuple[str, ...]] = {
    CUSTOMER_TYPE: CUSTOMER_TYPES,
    SPECIAL_CUSTOMER: (*SPECIAL_CUSTOMERS, NONE),
    COMPLAINT_CATEGORY: (*CATEGORIES, NONE),
}
KINDS = tuple(VALUES)
MAX_NOTE = 2000
# What people write in a Chinese table.
_ALIASES = {
    "客户类型": CUSTOMER_TYPE,
    "特殊客户": SPECIAL_CUSTOMER,
    "投诉类别": COMPLAINT_CATEGORY,
    "要求型": "demanding",
    "困惑型": "confused",
    "激动型": "agitated",
    "无理取闹型": "unreasonable",
    "专业投诉型": "professional_complainer",
    "专业咨询型": "professional_enquirer",
    "暴怒型": "furious",
    "骚扰型": "harassing",
    "产品质量": "product_quality",
    "服务质量": "service_quality",
    "价格": "price",
    "其他": "other",
    "无": NONE,
    "不明确": UNCLEAR,
}


class LabelFault(Exception):
    """What is wrong with a label; `message` is for people."""

    def __init__(self, en: str, zh: str) -> None:
        self.message = Bilingual(en, zh)
        super().__init__(en)


@dataclass(frozen=True, slots=True)
class Label:
    """`call` is a recording id (sha256). `made_at` None means the moment in which the label is stored."""

    call: str
    kind: str
    value: str
    author: str
    made_at: datetime | None
    source: str = "import"
    note: str = ""


def kind_of(text: str) -> str:
    """The kind that `text` names, in either language. Raises LabelFault."""
    name = _ALIASES.get(text.strip(), text.strip().lower())
    if name not in VALUES:
        _refuse("kind", "类别", text, KINDS)
    return name


def value_of(kind: str, text: str) -> str:
    """The value that `text` names; several special customers are separated by `;`. Raises LabelFault."""
    parts = [part.strip() for part in text.replace("；", ";").replace("、", ";").split(";") if part.strip()]
    names = sorted({_ALIASES.get(part, part.lower()) for part in parts})
    if names == [UNCLEAR]:
        return UNCLEAR
    bad = [name for name in names if name not in VALUES[kind]]
    alone = kind != SPECIAL_CUSTOMER or NONE in names
    if not names or bad or (alone and len(names) > 1):
        _refuse("value", "标签", text, (*VALUES[kind], UNCLEAR))
    return ";".join(names)


def source_of(text: str) -> str:
    """Where a label comes from; empty means an import. Raises LabelFault."""
    name = text.strip().lower() or SOURCES[0]
    if name not in SOURCES:
        _refuse("source", "来源", text, SOURCES)
    return name


def _refuse(en: str, zh: str, got: str, known: tuple[str, ...]) -> NoReturn:
    shown = got.strip()[:60]
    raise LabelFault(
        f"the {en} {shown!r} is unknown; allowed: {', '.join(known)}", f"{zh} {shown!r} 未知；可用：{'、'.join(known)}"
    )
