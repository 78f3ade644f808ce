"""Makes tiny_work importable by name, here and in worker processes (they inherit sys.path)."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def write_call(tmp_path: Path) -> Callable[..., Path]:
    """Write one call file for tiny_work: what it should do, and for how many milliseconds."""

    def write(name: str, do: str = "score", ms: int = 0) -> Path:
        path = tmp_path / "calls" / f"{name}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({"name": name, "do": do, "ms": ms, "turns": []}), encoding="utf-8")
        return path

    return write


@pytest.fixture
def own_json() -> Callable[[Path], Path]:
    """Write a small ready transcript; its bytes differ from path to path."""

    def write(path: Path) -> Path:
        turns = [{"role": "agent", "text": f"hello from {path.name}"}, {"role": "customer", "text": "hello"}]
        path.write_text(json.dumps({"id": path.stem, "lang": "en", "turns": turns}), encoding="utf-8")
        return path

    return write
