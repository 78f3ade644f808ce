"""Measures the published model on calls that are not ours: only counts come out, never a sentence.

CALLGRADE_EVAL names a folder with `dialogues/dev_labels.jsonl`, `dialogues/dev/*.json` and `calls/{zh,en}/*.json`.
An abstention counts as wrong.
"""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from qa.conversation import Conversation, Engine, Recording, Turn
from qa.customer_type.classifier import load_classifier
from qa.evaluation import CUSTOMER_TYPES
from qa.features.extractor import extract

VARIABLE = "CALLGRADE_EVAL"


def measure_external(models: Path, say: Callable[[str], None]) -> None:
    """Say macro-F1 and confusion by language and set; says nothing where the variable is not set."""
    folder = os.environ.get(VARIABLE)
    if not folder:
        return
    classifier = load_classifier(models)
    tables: dict[tuple[str, str], np.ndarray] = {}
    for name, language, truth, conversation in _labelled(Path(folder)):
        answer = classifier.classify(conversation, extract(conversation))
        guess = len(CUSTOMER_TYPES) if answer.abstained else CUSTOMER_TYPES.index(answer.label)
        table = tables.setdefault((name, language), np.zeros((3, 4), dtype=int))
        table[CUSTOMER_TYPES.index(truth), guess] += 1
    for (name, language), table in sorted(tables.items()):
        right = np.diag(table[:, :3])
        f1 = 2 * right / np.maximum(table.sum(axis=1) + table[:, :3].sum(axis=0), 1)
        say(
            f"{name} {language}: n={table.sum()} macro-F1 {f1.mean():.3f} confusion (last = abstained) {table.tolist()}"
        )


def _labelled(folder: Path) -> Iterator[tuple[str, str, str, Conversation]]:
    for line in (folder / "dialogues" / "dev_labels.jsonl").read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        if label["customer_type"] in CUSTOMER_TYPES:
            raw = json.loads((folder / "dialogues" / "dev" / f"{label['id']}.json").read_text(encoding="utf-8"))
            yield "dialogues", raw["lang"], label["customer_type"], _conversation(raw)
    for path in sorted(folder.glob("calls/*/*.json")):
        raw = json.loads(path.read_text(encoding="utf-8"))
        yield "calls", raw["lang"], raw["gold"]["customer_type"], _conversation(raw)


def _conversation(raw: dict[str, Any]) -> Conversation:
    turns = tuple(
        Turn(index, turn["role"], turn["text"], turn.get("start"), turn.get("end"))
        for index, turn in enumerate(raw["turns"])
    )
    return Conversation(Recording(id="0" * 64, path="", duration_s=None), raw["lang"], turns, Engine("replay"))
