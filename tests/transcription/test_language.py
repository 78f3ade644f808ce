"""Language by name, script and detection."""

import pytest

from qa.transcription.language import language_code, language_of_text, preferred_language


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("zh-CN", "zh"),
        ("zh_TW", "zh"),
        ("Mandarin", "zh"),
        ("EN-gb", "en"),
        ("english", "en"),
        ("fr", "fr"),
        ("中文", "zh"),
    ],
)
def test_names(name: str, code: str) -> None:
    """Usual names of a language give its code."""
    assert language_code(name) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("您好，请问有什么可以帮您", "zh"),
        ("我的 iPhone 15 Pro Max 连不上 WiFi 了", "zh"),
        ("Hello, how can I help?", "en"),
        ("ありがとうございます、お電話", "ja"),
        ("안녕하세요 고객님", "ko"),
        ("Здравствуйте", "und"),
        ("12345 …", "und"),
    ],
)
def test_scripts(text: str, code: str) -> None:
    """The script tells the language of a transcript that does not."""
    assert language_of_text(text) == code


@pytest.mark.parametrize(
    ("probabilities", "code"),
    [
        ({"zh": 0.4, "ja": 0.5}, "zh"),
        ({"en": 0.3, "cy": 0.6}, "en"),
        ({"ja": 0.9, "zh": 0.05}, "ja"),
        ({"yue": 0.5, "en": 0.3}, "zh"),
        ({}, "zh"),
    ],
)
def test_detection_prefers_chinese_and_english(probabilities: dict[str, float], code: str) -> None:
    """Another language must be nearly certain."""
    assert preferred_language(probabilities) == code
