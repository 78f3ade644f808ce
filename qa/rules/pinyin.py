"""Toneless pinyin of one character, from pypinyin once per character."""

from functools import lru_cache

_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"))


@lru_cache(maxsize=30_000)
def toneless(word: str) -> str:
    """Pinyin of a single Chinese character without its tone; anything else unchanged."""
    if len(word) != 1 or not "\u3400" <= word <= "\u9fff":
        return word
    from pypinyin import lazy_pinyin

    return str(lazy_pinyin(word)[0])


def merged(word: str) -> str:
    """`toneless` with the pairs z/zh, c/ch, s/sh and n/ng told no longer apart, for southern accents."""
    sound = toneless(word)
    if sound == word:
        return word
    for long, short in _INITIALS:
        if sound.startswith(long):
            sound = short + sound[2:]
    return sound[:-1] if sound.endswith("ng") else sound


def is_word(text: str) -> bool:
    """True where `text` is itself an ordinary Chinese word, so hardly a mis-heard other one."""
    from pypinyin.constants import PHRASES_DICT

    return text in PHRASES_DICT
