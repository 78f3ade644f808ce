"""Which language a text or a recording is in."""

from collections.abc import Mapping

_NAMES = {
    "zh": (
        "zh",
        "cmn",
        "yue",
        "chinese",
        "mandarin",
        "cantonese",
        "putonghua",
        "zho",
        "chi",
        "中文",
        "汉语",
        "普通话",
        "国语",
    ),
    "en": ("en", "eng", "english", "英文", "英语"),
}
_PREFERRED = ("zh", "en")
# Another language is believed only when the recogniser leaves Chinese and English this little.
_OTHER_AT_LEAST = 0.7


def language_code(name: str) -> str:
    """Return zh or en for any usual name of them ("zh-CN", "Mandarin"), else the name's lower-case first part."""
    plain = name.strip().lower().replace("_", "-")
    short = plain.split("-")[0]
    for code, names in _NAMES.items():
        if plain in names or short in names:
            return code
    return short


def language_of_text(text: str) -> str:
    """Language by script: zh, ja, ko, en for Latin letters, "und" for others or none."""
    han = kana = hangul = latin = other = 0
    for character in text:
        code = ord(character)
        if 0x4E00 <= code <= 0x9FFF or 0x3400 <= code <= 0x4DBF:
            han += 1
        elif 0x3040 <= code <= 0x30FF:
            kana += 1
        elif 0xAC00 <= code <= 0xD7AF:
            hangul += 1
        elif character.isalpha():
            if code < 0x250:
                latin += 1
            else:
                other += 1
    if kana > 0.1 * (han + kana):
        return "ja"
    if hangul > han:
        return "ko"
    # A Latin word has about five letters, a Han character is most of a word.
    if han and han >= latin / 5 and han >= other:
        return "zh"
    return "en" if latin and latin >= other else "und"


def preferred_language(probabilities: Mapping[str, float]) -> str:
    """Choose from detection probabilities: Chinese or English unless another language is nearly certain."""
    known = {code: probabilities.get(code, 0.0) for code in _PREFERRED}
    known["zh"] += probabilities.get("yue", 0.0)
    likeliest = max(probabilities, key=lambda code: probabilities[code], default="zh")
    if likeliest not in (*_PREFERRED, "yue") and probabilities[likeliest] >= _OTHER_AT_LEAST:
        return likeliest
    return max(known, key=lambda code: known[code])
