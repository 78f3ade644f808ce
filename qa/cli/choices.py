"""Values of options that take one of a few words."""

from enum import StrEnum


class Language(StrEnum):
    """Language of a call."""

    zh = "zh"
    en = "en"
    auto = "auto"

    @property
    def code(self) -> str | None:
        """The language, None when it is to be detected."""
        return None if self is Language.auto else self.value


class Channel(StrEnum):
    """Stereo channel on which the agent speaks."""

    left = "left"
    right = "right"

    @property
    def number(self) -> int:
        """0 for left, 1 for right."""
        return 0 if self is Channel.left else 1


class References(StrEnum):
    """What to do with the ready transcript that lies beside a recording."""

    ignore = "ignore"
    prefer = "prefer"
    only = "only"
