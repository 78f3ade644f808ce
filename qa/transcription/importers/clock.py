"""Times as people write them: 75.2, 1:15.2, 00:01:15,200."""

import re

_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2}(?:[.,]\d{1,9})?)")
_PLAIN = re.compile(r"-?\d{1,12}(?:[.,]\d{1,9})?(?:e[+-]?\d{1,3})?", re.IGNORECASE)


def clock_seconds(text: str) -> object:
    """Seconds of a written time, None when blank, the text itself when it is no time (a later check names it)."""
    plain = text.strip().removesuffix("s").strip()
    if not plain:
        return None
    if clock := _CLOCK.fullmatch(plain):
        hours, minutes, seconds = clock.groups()
        return int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds.replace(",", "."))
    return float(plain.replace(",", ".")) if _PLAIN.fullmatch(plain) else text
