"""Writes a model version so that a reader never sees half of one: into a temporary folder, renamed, then CURRENT."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

from qa.customer_type.artifact import CURRENT, KIND, LIBRARIES, MANIFEST, PARTS, LanguageModel, Manifest, load_model
from qa.customer_type.signals import signals_digest
from qa.evaluation import CUSTOMER_TYPES
from training.card import card
from training.fit import Fitted


def version_name(fitted: Mapping[str, Fitted], data_sha256: str) -> str:
    """Name that follows from calls, code and libraries alone: the same inputs give the same version."""
    parts: list[Any] = [data_sha256, signals_digest(), {name: installed_version(name) for name in LIBRARIES}]
    parts += [[model.language, model.recipe, model.temperature, model.threshold] for model in fitted.values()]
    return "ct-" + hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:10]


def publish(fitted: Mapping[str, Fitted], data_sha256: str, models: Path) -> Path:
    """Write `<models>/customer_type/<version>` and point CURRENT at it. Returns the version's folder."""
    home = models / KIND
    home.mkdir(parents=True, exist_ok=True)
    name = version_name(fitted, data_sha256)

    def fill(working: Path) -> None:
        manifest = _write(working, name, fitted, data_sha256)
        for entry in manifest.languages.values():
            load_model(working, entry)

    return put_in_use(home, name, fill)


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


def _write(folder: Path, name: str, fitted: Mapping[str, Fitted], data_sha256: str) -> Manifest:
    from skops.io import dumps

    entries = {}
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
        languages=entries,
    )
    (folder / MANIFEST).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    (folder / "card.md").write_text(card(manifest), encoding="utf-8")
    return manifest
