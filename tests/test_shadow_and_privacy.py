"""Same-length copies: the matching text and the masked text."""

import pytest

from qa.privacy import mask
from qa.shadow import shadow

SHADOWS = [
    ("對不起，給您添麻煩了", "对不起,给您添麻烦了"),
    ("ＡＢＣ１２３　Ok", "abc123 ok"),
    ("您等著，著名的著作", "您等着,著名的著作"),
    ("頭髮發財皇后", "头发发财皇后"),
]


@pytest.mark.parametrize(("text", "expected"), SHADOWS)
def test_shadow(text, expected):
    """Simplified, half-width, lower case; never another length."""
    assert shadow(text) == expected


def test_shadow_keeps_length_of_odd_characters():
    """Characters whose lower case is longer stay as they are."""
    assert len(shadow("İstanbul ﬁ 𠮷", language="en")) == len("İstanbul ﬁ 𠮷")


MASKED = [
    ("电话138-1234-5678对吗", "电话***-****-**78对吗"),
    ("一三八一二三四五六七八", "*********七八"),
    ("身份证11010519491231002X", "身份证***************02X"),
    ("mail zhang.san@example.com", "mail *****.***@example.com"),
    ("工号八八零二，金额1234.50元，二零二六年", "工号八八零二，金额1234.50元，二零二六年"),
    ("oh seven seven one two three four", "** ***** ***** *** *** ***** ****"),
]


@pytest.mark.parametrize(("text", "expected"), MASKED)
def test_mask(text, expected):
    """Long numbers and mail names are hidden at the same length, short numbers stay."""
    assert mask(text) == expected
