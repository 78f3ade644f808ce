"""Text in both languages of the interface: every message a person reads exists in Chinese and English."""

import locale
import os
from typing import Literal, NamedTuple

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


class Bilingual(NamedTuple):
    """One message in both interface languages."""

    en: str
    zh: str

    def in_language(self, language: str | None = None) -> str:
        """Return the message in `language`, by default the interface language."""
        return self.zh if (language or interface_language()) == "zh" else self.en

    def __str__(self) -> str:
        return self.in_language()


def interface_language() -> Language:
    """Language of messages: CALLGRADE_LANG (zh or en), else the locale, else English."""
    asked = os.environ.get("CALLGRADE_LANG", "").lower()
    if not asked:
        for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
            asked = os.environ.get(name, "").lower()
            if asked:
                break
        else:
            asked = (locale.getlocale()[0] or "").lower()
    return "zh" if asked.startswith(("zh", "chinese")) else "en"
