"""Personal numbers masked at the same length, so that times, offsets and highlights still hold.

Long digit runs (phones, identity and bank cards, order numbers), spoken or typed, keep their last two digits.
E-mail addresses keep their domain. Names and addresses are not covered.
"""

import re

_DIGITS = str.maketrans("零〇一幺二两三四五六七八九０１２３４５６７８９", "00112234567890123456789")
_RUN = re.compile(r"(?<![0-9.])(?:[0-9](?:[ \-－—，,、]?(?=[0-9]))?){7,}(?<![ \-])")
_ENGLISH = re.compile(
    r"\b(?:(?:zero|oh|o|one|two|three|four|five|six|seven|eight|nine|double|triple)[ ,\-]+){6,}"
    r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)\b",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+(?=@[A-Za-z0-9.-]+\.[A-Za-z]{2,})")
_KEEP = 2


def mask(text: str) -> str:
    """Return `text` with personal numbers and e-mail names replaced by `*`, character for character."""
    characters = list(text)
    digits = text.translate(_DIGITS)
    for match in _RUN.finditer(digits):
        places = [place for place in range(match.start(), match.end()) if digits[place].isdigit()]
        for place in places[:-_KEEP]:
            characters[place] = "*"
    for pattern in (_ENGLISH, _EMAIL):
        for match in pattern.finditer(text):
            for place in range(match.start(), match.end()):
                if characters[place].isalnum():
                    characters[place] = "*"
    return "".join(characters)
