"""What the version in use says about held-out calls, as fairly as can be known. See training.holdout."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from qa.customer_type.artifact import CURRENT, KIND, MANIFEST, load_model, read_manifest
from qa.customer_type.model import tempered
from qa.errors import ModelError
from training.dataset import Call
from training.fit import Fitted, predict
from training.holdout import Answer, Holdout, hashed, read_holdout
from training.stored import ORIGIN


def holdout_of(fitted: Mapping[str, Fitted], models: Path) -> Holdout:
    """The new model's answers beside those of the version in use under `models`."""
    pairs = [pair for _, model in sorted(fitted.items()) for pair in model.answers]
    version = version_in_use(models)
    known = rival_answers(models / KIND / version, [call for call, _ in pairs]) if version else {}
    answers = tuple(
        Answer(
            call.id,
            call.language,
            hashed(call.group),
            call.label,
            tuple(round(float(value), 6) for value in probabilities),
            known.get(call.id),
            call.drawn,
        )
        for call, probabilities in pairs
    )
    return Holdout(answers, version)


def version_in_use(models: Path) -> str:
    """The name in CURRENT, empty where there is none."""
    pointer = models / KIND / CURRENT
    return pointer.read_text(encoding="utf-8").strip() if pointer.is_file() else ""


def recorded_figures(models: Path, version: str) -> dict[str, tuple[float, float]]:
    """Macro-F1 on its own holdout that a version states, with the low end of its 95 % interval; by language."""
    path = models / KIND / version / MANIFEST
    if not version or not path.is_file():
        return {}
    languages = json.loads(path.read_text(encoding="utf-8")).get("languages", {})
    found = {name: entry.get("metrics", {}).get("holdout") for name, entry in languages.items()}
    return {name: (one["macro_f1"], one["macro_f1_95"][0]) for name, one in found.items() if one}


def rival_answers(folder: Path, calls: Sequence[Call]) -> dict[str, tuple[float, ...]]:
    """Kept answers first; what the version says now only for calls that it cannot have learned from."""
    kept = read_holdout(folder)
    answers = {answer.id: answer.probabilities for answer in kept.answers} if kept else {}
    # A version from before answers were kept was made from files and has learned its own holdout.
    fair = [call for call in calls if call.id not in answers and (kept is not None or call.origin == ORIGIN)]
    return {**{call.id: answers[call.id] for call in calls if call.id in answers}, **_live(folder, fair)}


def _live(folder: Path, calls: Sequence[Call]) -> dict[str, tuple[float, ...]]:
    try:
        manifest = read_manifest(folder)
        models = {language: load_model(folder, entry) for language, entry in manifest.languages.items()}
    except ModelError:
        # Made by other versions of libraries or cues: it cannot answer any more.
        return {}
    found: dict[str, tuple[float, ...]] = {}
    for language, model in models.items():
        mine = [call for call in calls if call.language == language]
        if mine:
            answers: np.ndarray = tempered(predict(model, mine), manifest.languages[language].temperature)
            found.update((call.id, tuple(map(float, row))) for call, row in zip(mine, answers, strict=True))
    return found
