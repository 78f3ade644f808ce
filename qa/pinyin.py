"""Toneless pinyin of one character, from pypinyin once per character."""

from functools import lru_cache


@lru_cache(maxsize=30_000)
def toneless(word: str) -> str:
    """Pinyin of a single Chinese character without its tone; anything else unchanged."""
    if len(word) != 1 or not "\u3400" <= word <= "\u9fff":
        return word
    from pypinyin import lazy_pinyin

    return str(lazy_pinyin(word)[0])
