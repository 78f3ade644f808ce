"""The phrase syntax: what expands, and what is refused with a sentence."""

import pytest

from qa.errors import ScorecardError
from qa.rules.phrases import parse_phrase


@pytest.mark.parametrize(
    ("phrase", "language", "forms"),
    [
        ("真的抱歉", "zh", [[("真", "的", "抱", "歉")]]),
        ("真(的|)抱歉", "zh", [[("真", "的", "抱", "歉")], [("真", "抱", "歉")]]),
        ("甲(乙(丙|丁)|戊)", "zh", [[("甲", "乙", "丙")], [("甲", "乙", "丁")], [("甲", "戊")]]),
        ("甲 乙，丙", "zh", [[("甲", "乙", "丙")]]),
        ("甲*乙", "zh", [[("甲",), ("乙",)]]),
        ("*甲*", "zh", [[("甲",)]]),
        ("打12315 OK", "zh", [[("打", "12315", "ok")]]),
        ("不（行|可以）", "zh", [[("不", "行")], [("不", "可", "以")]]),
        ("apologi(s|z)e", "en", [[("apologize",)]]),
        ("We'll * don't", "en", [[("we", "will"), ("do", "not")]]),
        ("CANNOT", "en", [[("can", "not")]]),
    ],
)
def test_expands(phrase: str, language: str, forms: list[list[tuple[str, ...]]]) -> None:
    """Each phrase gives exactly these forms, in order, once each."""
    assert [list(form.parts) for form in parse_phrase(phrase, language=language)] == forms


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("甲(乙", "without its )"),
        ("甲)乙", "without its ("),
        ("甲|乙", "only inside"),
        ("", "no words"),
        ("(甲|)", "no words"),
        ("，。", "no words"),
        ("*", "no words"),
        ("甲^乙", "only first"),
        ("^*甲", "says nothing"),
        ("(甲|乙)" * 9, "more than 256"),
        ("(" + "|".join("甲" * 300) + ")", "more than 256"),
        ("甲" * 1001, "longer than"),
    ],
)
def test_refuses(phrase: str, said: str) -> None:
    """A broken phrase names itself and what is wrong."""
    with pytest.raises(ScorecardError) as caught:
        parse_phrase(phrase, language="zh", place="here")
    assert said in caught.value.in_language("en")
    assert caught.value.place == "here"


def test_edges() -> None:
    """^ and $ may differ between the alternatives of one phrase."""
    forms = parse_phrase("(^甲|乙$)", language="zh")
    assert [(form.at_start, form.at_end) for form in forms] == [(True, False), (False, True)]
