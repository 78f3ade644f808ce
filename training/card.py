"""The model card: what the model is for, what it learned from, how good it is; English and Chinese."""

from collections.abc import Mapping, Sequence
from typing import Any

from qa.customer_type.artifact import LanguageModel, Manifest

_HEAD = """# Customer-type model {version} / 客户类型模型 {version}

Says whether the customer of a call is demanding, confused or agitated, from the words. Made {created} by
`python -m training` from calls written for this project (Apache-2.0, see training/data/README.md){own_en}; data sha256
`{data}`. Below the threshold it abstains. Written calls are easier than real ones: expect lower figures on real calls,
and check the model on calls of your own before you act on it. It must not be used to judge customers as persons.

根据通话文字判断客户属于要求型、困惑型还是激动型。由 `python -m training` 用本项目自行撰写的通话训练（Apache-2.0，
见 training/data/README.md）{own_zh}。概率低于阈值时不作判断。撰写的通话比真实通话容易，真实通话上的准确率会更低；
使用前请先用自己的通话检验。不得用于评价客户个人。

| 语言 | calls 通话 | recipe 方法 | T | threshold 阈值 | F1 domains 新行业 | F1 channels 新渠道 | F1 holdout 留出 |
|---|---|---|---|---|---|---|---|
"""


def card(manifest: Manifest, fitted: Sequence[str] = ()) -> str:
    """Markdown text of the card; `fitted` are the languages that have pictures."""
    own = sum(entry.metrics.get("origins", {}).get("database", 0) for entry in manifest.languages.values())
    head = _HEAD.format(
        version=manifest.version,
        created=manifest.created_at,
        data=manifest.data_sha256[:16],
        own_en=f" and {own} labelled calls of your own database" if own else "",
        own_zh=f"，以及自有数据库中 {own} 通人工标注通话" if own else "",
    )
    lines = [_row(language, entry) for language, entry in manifest.languages.items()]
    details = [_details(language, entry) for language, entry in manifest.languages.items()]
    pictures = [
        f"![reliability 可靠性 {language}](reliability-{language}.svg) "
        f"![confusion 混淆矩阵 {language}](confusion-{language}.svg)"
        for language in sorted(fitted)
        if manifest.languages[language].metrics.get("holdout")
    ]
    libraries = ", ".join(f"{name} {version}" for name, version in manifest.libraries.items())
    return (
        head
        + "\n".join(lines)
        + "\n\n"
        + "\n".join([*details, "", *pictures])
        + f"\n\nLibraries 依赖版本: {libraries}\n"
    )


def gate_part(gate: Sequence[Mapping[str, Any]]) -> str:
    """What the gate said, for the end of the card."""
    lines = [f"- {'✓' if row['passed'] else '✗'} {row['check']}: {row['en']}. {row['zh']}。" for row in gate]
    return "\n## Gate 发布检查\n\n" + "\n".join(lines) + "\n"


def _row(language: str, entry: LanguageModel) -> str:
    figures = [_figure(entry, name) for name in ("cross_validation", "cross_channel", "holdout")]
    cells = [language, entry.calls, entry.recipe, entry.temperature, entry.threshold, *figures]
    return "| " + " | ".join(map(str, cells)) + " |"


def _figure(entry: LanguageModel, name: str) -> str:
    found = entry.metrics.get(name)
    if not found:
        return "-"
    low, high = found["macro_f1_95"]
    return f"{found['macro_f1']:.3f} ({low:.3f}-{high:.3f}), n={found['calls']}"


def _details(language: str, entry: LanguageModel) -> str:
    found = entry.metrics.get("holdout") or entry.metrics["cross_validation"]
    each = ", ".join(f"{name} {value:.3f}" for name, value in found["f1"].items())
    return (
        f"- {language}: F1 {each}; calibration error 校准误差 {found['calibration_error']:.3f}; "
        f"confusion 混淆矩阵 (rows = truth 行为真值) {found['confusion']}"
    )
