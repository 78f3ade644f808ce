"""Sounds as rules compare them: toneless pinyin, with accents merged where asked."""

from qa.pinyin import toneless

__all__ = ["is_word", "merged", "toneless"]

_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"))


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
