"""Figures on the frozen quarter of the written calls, as the manifests of the published models say them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qa.artifact import CURRENT, MANIFEST

KINDS = ("encoder", "behaviour")
"""Models that tell turns; the first that is published is quoted."""


def manifest(models: Path, kind: str) -> dict[str, Any] | None:
    """The manifest of the version in use; None where none is published."""
    pointer = models / kind / CURRENT
    if not pointer.is_file():
        return None
    text = (models / kind / pointer.read_text(encoding="utf-8").strip() / MANIFEST).read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def versions(models: Path) -> list[str]:
    """Names of the versions in use."""
    found = [manifest(models, kind) for kind in ("customer_type", *KINDS)]
    return [each["version"] for each in found if each]


def frozen(models: Path) -> list[str]:
    """Markdown lines: turns of the model that tells them, then the customer type."""
    chosen = next((found for kind in KINDS if (found := manifest(models, kind))), None)
    lines = [] if chosen is None else _turn_tables(chosen)
    type_rows = [row for kind in ("customer_type", "encoder") for row in _type_rows(manifest(models, kind) or {})]
    if type_rows:
        lines += ["| model | language | calls | customer type, macro-F1 | special customers, pooled F1 |"]
        lines += ["|---|---|---|---|---|", *type_rows, ""]
    return lines


def _turn_tables(chosen: Mapping[str, Any]) -> list[str]:
    lines = []
    for language, entry in sorted(chosen["languages"].items(), reverse=True):
        rows = entry.get("metrics", {}).get("frozen", {})
        if not rows:
            continue
        lines += [f"Turns, `{chosen['version']}`, {language}:", ""]
        lines += ["| behaviour | turns | precision | recall | F1 | average precision |", "|---|---|---|---|---|---|"]
        lines += [
            f"| {name} | {row.get('turns', '–')} | {_number(row, 'precision')} | {_number(row, 'recall')} "
            f"| {_number(row, 'f1')} | {_number(row, 'average_precision')} |"
            for name, row in rows.items()
            if isinstance(row, Mapping)
        ]
        lines.append("")
    return lines


def _type_rows(chosen: Mapping[str, Any]) -> list[str]:
    """Both kinds of manifest: holdout of the classifier, frozen calls of the encoder."""
    rows = []
    for language, entry in sorted(chosen.get("languages", {}).items(), reverse=True):
        metrics = entry.get("metrics", {})
        measured = metrics.get("frozen_calls") or metrics.get("frozen") or metrics.get("holdout") or {}
        f1 = "type_macro_f1" if "type_macro_f1" in measured else "macro_f1"
        if f1 in measured:
            cells = (measured.get("calls", "–"), _number(measured, f1), _number(measured, "special_pooled_f1"))
            rows.append(f"| `{chosen['version']}` | {language} | {' | '.join(map(str, cells))} |")
    return rows


def _number(row: Mapping[str, Any], name: str) -> str:
    if row.get(name) is None:
        return "–"
    ends = row.get(f"{name}_interval") or row.get(f"{name}_95")
    interval = f" ({ends[0]:.2f}–{ends[1]:.2f})" if ends else ""
    return f"{row[name]:.2f}{interval}"
