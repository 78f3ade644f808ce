"""Writes a model version so that a reader never sees half of one: into a temporary folder, renamed, then CURRENT."""

import csv
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

from qa.customer_type.artifact import (
    CURRENT,
    KIND,
    LIBRARIES,
    MANIFEST,
    PARTS,
    LanguageModel,
    Manifest,
    load_model,
    read_manifest,
)
from qa.customer_type.signals import signals_digest
from qa.errors import ModelError
from qa.evaluation import CUSTOMER_TYPES
from training.card import card, gate_part
from training.fit import Fitted
from training.holdout import Holdout, arrays, write_holdout
from training.metrics import measure
from training.noise import Doubt
from training.plots import confusion_svg, reliability_svg
from training.rival import holdout_of, version_in_use

CANDIDATE = ".candidate"
CARD, GATE = "card.md", "gate.json"


def version_name(fitted: Mapping[str, Fitted], data_sha256: str) -> str:
    """Name that follows from calls, code and libraries alone: the same inputs give the same version."""
    parts: list[Any] = [data_sha256, signals_digest(), {name: installed_version(name) for name in LIBRARIES}]
    parts += [
        [model.language, model.recipe, model.temperature, model.threshold, model.metrics.get("excerpt_weights")]
        for model in fitted.values()
    ]
    return "ct-" + hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:10]


def write_candidate(fitted: Mapping[str, Fitted], data_sha256: str, models: Path) -> Path:
    """Write a version that nobody uses yet, `<models>/customer_type/.candidate/<version>`, and return its folder.

    A language that was not fitted keeps the model of the version in use. The candidate before it is removed.
    """
    home = models / KIND
    (home / CANDIDATE).mkdir(parents=True, exist_ok=True)
    name = version_name(fitted, data_sha256)
    working = Path(tempfile.mkdtemp(prefix=".new-", dir=home))
    try:
        manifest = _write(working, name, fitted, data_sha256, models)
        for entry in manifest.languages.values():
            load_model(working, entry)
        holdout = holdout_of(fitted, models)
        write_holdout(working, holdout)
        for language in fitted:
            _write_pictures(working, language, holdout)
            _write_doubts(working / f"label-noise-{language}.csv", fitted[language].doubts)
        working.chmod(0o755)
        shutil.rmtree(home / CANDIDATE)
        (home / CANDIDATE).mkdir()
        return working.rename(home / CANDIDATE / name)
    finally:
        shutil.rmtree(working, ignore_errors=True)


def candidate_folder(models: Path) -> Path | None:
    """The folder of the candidate, None where nothing was fitted since the last publication."""
    found = sorted((models / KIND / CANDIDATE).glob(f"*/{MANIFEST}"))
    return found[0].parent if found else None


def put_candidate_in_use(models: Path, candidate: Path, gate: Sequence[Mapping[str, Any]]) -> Path:
    """Make the candidate a version, with what the gate said of it, and point CURRENT at it."""

    def fill(working: Path) -> None:
        shutil.copytree(candidate, working, dirs_exist_ok=True)
        (working / GATE).write_text(json.dumps(list(gate), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        text = (working / CARD).read_text(encoding="utf-8")
        (working / CARD).write_text(text + gate_part(gate), encoding="utf-8")
        for noise in working.glob("label-noise-*.csv"):
            noise.unlink()  # for the people who label, not for those who use the model
        manifest = Manifest.model_validate_json((working / MANIFEST).read_bytes())
        for entry in manifest.languages.values():
            load_model(working, entry)

    folder = put_in_use(models / KIND, candidate.name, fill)
    shutil.rmtree(candidate)
    return folder


def put_in_use(home: Path, name: str, fill: Callable[[Path], None]) -> Path:
    """Make version `name` of `fill`'s files in one step: written aside, checked, renamed, then CURRENT."""
    working = Path(tempfile.mkdtemp(prefix=".new-", dir=home))
    try:
        fill(working)
        working.chmod(0o755)
        final = home / name
        if final.exists():
            shutil.rmtree(final)
        working.rename(final)
    finally:
        shutil.rmtree(working, ignore_errors=True)
    point_at(home, name)
    return final


def point_at(home: Path, name: str) -> None:
    """Make `name` the version in use, in one step."""
    handle, temporary = tempfile.mkstemp(prefix=".current-", dir=home)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(name + "\n")
    Path(temporary).chmod(0o644)
    Path(temporary).replace(home / CURRENT)


def versions(models: Path) -> list[tuple[str, str, bool]]:
    """(version, created_at, in use) of all published versions, newest first."""
    home = models / KIND
    pointer = home / CURRENT
    used = pointer.read_text(encoding="utf-8").strip() if pointer.is_file() else ""
    found = []
    for path in home.glob(f"*/{MANIFEST}"):
        manifest = json.loads(path.read_text(encoding="utf-8"))
        found.append((manifest["version"], manifest["created_at"], manifest["version"] == used))
    return sorted(found, key=lambda item: item[1], reverse=True)


def _write(folder: Path, name: str, fitted: Mapping[str, Fitted], data_sha256: str, models: Path) -> Manifest:
    from skops.io import dumps

    entries = _kept_languages(folder, fitted, models)
    for language, model in sorted(fitted.items()):
        blob = dumps({name: getattr(model.model, name) for name in PARTS})
        (folder / f"{language}.skops").write_bytes(blob)
        entries[language] = LanguageModel(
            file=f"{language}.skops",
            sha256=hashlib.sha256(blob).hexdigest(),
            size_bytes=len(blob),
            temperature=model.temperature,
            threshold=model.threshold,
            recipe=model.recipe,
            calls=model.calls,
            metrics=model.metrics,
        )
    manifest = Manifest(
        format=1,
        kind="customer_type",
        version=name,
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        labels=CUSTOMER_TYPES,
        signals_sha256=signals_digest(),
        data_sha256=data_sha256,
        libraries={library: installed_version(library) for library in LIBRARIES},
        languages=dict(sorted(entries.items())),
    )
    (folder / MANIFEST).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    (folder / CARD).write_text(card(manifest, list(fitted)), encoding="utf-8")
    return manifest


def _kept_languages(folder: Path, fitted: Mapping[str, Fitted], models: Path) -> dict[str, LanguageModel]:
    """Copy the models of languages that were not fitted from the version in use, where it still fits this program."""
    current = models / KIND / version_in_use(models)
    try:
        manifest = read_manifest(current)
    except ModelError:
        return {}
    kept = {language: entry for language, entry in manifest.languages.items() if language not in fitted}
    for entry in kept.values():
        shutil.copy(current / entry.file, folder / entry.file)
    return kept


def _write_pictures(folder: Path, language: str, holdout: Holdout) -> None:
    truth, probabilities = arrays(holdout.of(language))
    if not len(truth):
        return
    version = f"{language}, n={len(truth)}"
    (folder / f"reliability-{language}.svg").write_text(
        reliability_svg(truth, probabilities, f"Reliability 可靠性 ({version})"), encoding="utf-8"
    )
    table = measure(truth, probabilities)["confusion"]
    (folder / f"confusion-{language}.svg").write_text(
        confusion_svg(table, f"Confusion 混淆矩阵 ({version})"), encoding="utf-8"
    )


def _write_doubts(path: Path, doubts: Sequence[Doubt]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["rank", "call", "label", "likelier", "lead", "suspect"])
        for rank, doubt in enumerate(doubts, 1):
            row = [doubt.call, doubt.label, doubt.likelier, doubt.lead, "yes" if doubt.suspect else ""]
            writer.writerow([rank, *row])
