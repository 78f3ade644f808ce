"""Writes a turn-behaviour model version in one step, with its card. See training.publish for the other model."""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

from qa.artifact import LIBRARIES, MANIFEST
from qa.behaviour.artifact import KIND, LanguageModel, Manifest, load_model, stored
from qa.behaviour.grams import columns_digest
from qa.behaviour.model import TurnModel
from qa.catalogue import BEHAVIOURS
from training.publish import put_in_use

_HEAD = """# Turn-behaviour model {version} / 话轮行为模型 {version}

Says how likely one turn of a call is each behaviour of the catalogue (agent) or a complaint (customer), from its words,
their sound (Chinese) and what was said before. Made {created} by `python -m training.behaviour` from calls written for
this project; data sha256 `{data}`. Figures: `cv` = five folds by call, thresholds chosen on the same folds, so a little
flattering; `frozen` = a quarter of the calls, fitted without them; `misheard` = cv with simulated recognition errors.
Written calls are easier than real ones. A threshold of "-" means that the model is not sure enough and stays silent.

按词语、读音和上文判断一轮话属于哪种行为。由 `python -m training.behaviour` 用本项目自行撰写的通话训练。
cv 为按通话划分的五折交叉验证；frozen 为未参与训练的四分之一通话；misheard 为模拟识别错误后的 cv。
撰写的通话比真实通话容易。阈值为 “-” 表示模型把握不足，不作判断。
"""


@dataclass(frozen=True, slots=True)
class FittedTurns:
    """A fitted model of one language with all that its manifest says."""

    language: str
    model: TurnModel
    thresholds: Mapping[str, float | None]
    calls: int
    metrics: Mapping[str, Any]


def publish(fitted: Mapping[str, FittedTurns], data_sha256: str, models: Path) -> Path:
    """Write `<models>/behaviour/<version>` and point CURRENT at it. Returns the version's folder."""
    home = models / KIND
    home.mkdir(parents=True, exist_ok=True)
    blobs = {language: _blob(each.model) for language, each in sorted(fitted.items())}
    parts = [data_sha256, columns_digest(), [_sha(blob) for blob in blobs.values()]]
    name = "tb-" + _sha(json.dumps([*parts, [dict(each.thresholds) for each in fitted.values()]]).encode())[:10]

    def fill(working: Path) -> None:
        manifest = _write(working, name, fitted, blobs, data_sha256)
        for language, entry in manifest.languages.items():
            load_model(working, language, entry)

    return put_in_use(home, name, fill)


def _write(
    folder: Path, name: str, fitted: Mapping[str, FittedTurns], blobs: Mapping[str, bytes], data_sha256: str
) -> Manifest:
    entries = {}
    for language, blob in blobs.items():
        each = fitted[language]
        (folder / f"{language}.skops").write_bytes(blob)
        entries[language] = LanguageModel(
            file=f"{language}.skops",
            sha256=_sha(blob),
            size_bytes=len(blob),
            thresholds=dict(each.thresholds),
            calls=each.calls,
            metrics=dict(each.metrics),
        )
    manifest = Manifest(
        format=1,
        kind="behaviour",
        version=name,
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        behaviours=BEHAVIOURS,
        columns_sha256=columns_digest(),
        data_sha256=data_sha256,
        libraries={library: installed_version(library) for library in LIBRARIES},
        languages=entries,  # type: ignore[arg-type]
    )
    (folder / MANIFEST).write_text(manifest.model_dump_json(indent=1) + "\n", encoding="utf-8")
    (folder / "card.md").write_text(card(manifest), encoding="utf-8")
    return manifest


def card(manifest: Manifest) -> str:
    """Markdown text of the card."""
    lines = [_HEAD.format(version=manifest.version, created=manifest.created_at, data=manifest.data_sha256[:16])]
    for language, entry in manifest.languages.items():
        lines.append(f"\n## {language} ({entry.calls} calls)\n")
        lines.append("| behaviour | turns | threshold | cv P / R / F1 | cv AP | frozen P / R / F1 | misheard F1 |")
        lines.append("|---|---|---|---|---|---|---|")
        for name in BEHAVIOURS:
            cv, frozen, misheard = (entry.metrics[each].get(name, {}) for each in ("cv", "frozen", "misheard"))
            threshold = entry.thresholds[name]
            lines.append(
                f"| {name} | {cv.get('turns', 0)} | {'-' if threshold is None else threshold} | {_three(cv)} "
                f"| {cv.get('average_precision', '-')} | {_three(frozen)} | {misheard.get('f1', '-')} |"
            )
    libraries = ", ".join(f"{name} {version}" for name, version in manifest.libraries.items())
    return "\n".join(lines) + f"\n\nLibraries 依赖版本: {libraries}\n"


def _three(row: Mapping[str, Any]) -> str:
    return f"{row['precision']} / {row['recall']} / {row['f1']}" if "f1" in row else "-"


def _blob(model: TurnModel) -> bytes:
    from skops.io import dumps

    return dumps(stored(model), compression=zipfile.ZIP_DEFLATED, compresslevel=9)


def _sha(blob: bytes) -> str:
    return hashlib.sha256(blob).hexdigest()
