"""A small tokenizer out of the base network's: only pieces that Chinese and English calls use."""

import json
import re
from collections.abc import Iterable
from typing import Any

from tokenizers import Tokenizer

_SPECIAL = 4
_CHINESE = re.compile(r"▁?[\u4e00-\u9fff]+")
_LATIN = re.compile(r"▁?[a-z']+")
_OTHER = re.compile(r"▁?[0-9?!.,:;@#%&*()/+~\"'-]{1,3}")
CHINESE_PIECES, LATIN_PIECES = 9_000, 9_000
"""So many of the likeliest pieces are kept beside all that the written calls use; unigram order is the base's."""


def trimmed(base: dict[str, Any], texts: Iterable[str]) -> tuple[Tokenizer, list[int]]:
    """The tokenizer, and for each of its ids the id in the base network's table."""
    vocabulary = base["model"]["vocab"]
    whole = Tokenizer.from_str(json.dumps(_form(base, list(range(len(vocabulary)))), ensure_ascii=False))
    kept = set(range(_SPECIAL))
    kept |= {piece for each in whole.encode_batch(list(texts), add_special_tokens=False) for piece in each.ids}
    chinese = latin = 0
    for at, (piece, _) in enumerate(vocabulary):  # the base's order is by likelihood
        bare = piece.removeprefix("▁")
        if _OTHER.fullmatch(piece) or (_CHINESE.fullmatch(piece) and len(bare) == 1):
            kept.add(at)
        elif _CHINESE.fullmatch(piece) and chinese < CHINESE_PIECES:
            chinese += 1
            kept.add(at)
        elif _LATIN.fullmatch(piece) and latin < LATIN_PIECES:
            latin += 1
            kept.add(at)
    order = sorted(kept)
    return Tokenizer.from_str(json.dumps(_form(base, order), ensure_ascii=False)), order


def _form(base: dict[str, Any], order: list[int]) -> dict[str, Any]:
    vocabulary = base["model"]["vocab"]
    special = [
        {"id": at, "content": vocabulary[at][0], "single_word": False, "lstrip": False, "rstrip": False,
         "normalized": False, "special": True}
        for at in range(_SPECIAL)
    ]  # fmt: skip
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": special,
        "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFKC"}, {"type": "Lowercase"}]},
        "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
        "post_processor": None,
        "decoder": None,
        "model": {"type": "Unigram", "unk_id": 3, "vocab": [vocabulary[at] for at in order], "byte_fallback": False},
    }
