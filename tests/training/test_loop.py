"""The loop on real files: label, train, gate, publish, score again, go back; and what the gate keeps out."""

import csv
import json
import random
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from qa.cli.app import run
from qa.evaluation import CUSTOMER_TYPES
from training.dataset import Call, read_calls
from training.regressions import case_line
from training.splits import is_held_out

CARD = """
id: tiny
version: "1"
title: Tiny
language: zh
pass_mark: 60
sections:
  - title: All
    criteria:
      - {id: greeting, title: Says hello, kind: required, points: 10, rule: {phrase_said: {phrases: [您好]}}}
"""
EACH = 67
# One recipe, and what 50 held-out calls can show.
QUICK = ("--no-files", "--recipe", "cues", "--agitated-floor", "0.5", "--margin", "0.1")


class Loop(NamedTuple):
    """A folder with a first model, a scored database of 201 calls, and their true labels by call name."""

    folder: Path
    models: Path
    database: Path
    truth: dict[str, str]

    def call(self, *arguments: object) -> int:
        """Run `qa`."""
        return run([str(argument) for argument in arguments])

    def score(self, *more: str) -> int:
        """Score the calls."""
        card = ("--scorecard", self.folder / "tiny.yaml", "--database", self.database, "--quiet")
        return self.call("score", self.folder / "calls", *card, "--format", "jsonl", "--out", "/dev/null", *more)

    def label(self, flipped: float = 0.0) -> set[str]:
        """Import labels of which a share is flipped; returns the names of those calls."""
        chance = random.Random(3)
        flips = set()
        with (self.folder / "labels.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(["call", "value", "author"])
            for name, label in self.truth.items():
                said = label
                if chance.random() < flipped:
                    said = chance.choice([other for other in CUSTOMER_TYPES if other != label])
                    flips.add(name)
                writer.writerow([name, said, "li"])
        assert self.call("labels", "import", self.folder / "labels.csv", "--database", self.database) == 0
        return flips

    def used(self) -> str:
        """The version in use."""
        return (self.models / "customer_type" / "CURRENT").read_text().strip()

    def models_of_calls(self) -> set[str]:
        """Models that judged the newest evaluation of each call."""
        newest = (
            "SELECT record FROM evaluations WHERE row_id IN (SELECT max(row_id) FROM evaluations GROUP BY recording_id)"
        )
        with sqlite3.connect(self.database) as connection:
            return {json.loads(row[0])["customer_type"]["model_id"] for row in connection.execute(newest)}


def of_each_type(calls: Sequence[Call], count: int) -> list[Call]:
    """The first calls of every type."""
    return [call for target in range(3) for call in [one for one in calls if one.target == target][:count]]


@pytest.fixture(scope="module")
def loop(tmp_path_factory: pytest.TempPathFactory) -> Loop:
    """A weak first model of 54 written calls, and 201 other calls, scored with it."""
    folder = tmp_path_factory.mktemp("loop")
    calls = [call for call in read_calls(language="zh") if not call.excerpt and len(call.turns) >= 4]
    random.Random(7).shuffle(calls)
    first = [
        *of_each_type([call for call in calls if not is_held_out(call)], 10),
        *of_each_type([call for call in calls if is_held_out(call)], 8),
    ]
    rest = of_each_type([call for call in calls if call not in first], EACH)
    (folder / "data" / "zh").mkdir(parents=True)
    (folder / "data" / "zh" / "first.jsonl").write_text("\n".join(map(case_line, first)), encoding="utf-8")
    (folder / "tiny.yaml").write_text(CARD, encoding="utf-8")
    (folder / "calls").mkdir()
    for call in rest:
        turns = [{"role": role, "text": text} for role, text in call.turns]
        path = folder / "calls" / f"{call.id}.json"
        path.write_text(json.dumps({"id": call.id, "lang": "zh", "turns": turns}), encoding="utf-8")
    made = Loop(folder, folder / "models", folder / "calls.db", {call.id: call.label for call in rest})
    options = ("--data", folder / "data", "--recipe", "cues", "--agitated-floor", 0)
    assert made.call("train", "--models", made.models, *options) == 0
    return made


@pytest.fixture(autouse=True)
def own_models(loop: Loop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command uses the models of the test."""
    monkeypatch.setenv("CALLGRADE_MODELS", str(loop.models))
    monkeypatch.setenv("CALLGRADE_LANG", "en")
    monkeypatch.delenv("CALLGRADE_EVAL", raising=False)


@pytest.mark.slow
def test_the_whole_loop(loop: Loop, capsys: pytest.CaptureFixture[str]) -> None:
    """Labels → train → card → gate → publish → score again → spoiled labels are kept out → back."""
    first = loop.used()
    assert loop.score() == 0
    loop.label()
    assert loop.call("train", *QUICK, "--database", loop.database) == 0
    second = loop.used()
    assert second != first
    folder = loop.models / "customer_type" / second
    names = {path.name for path in folder.iterdir()}
    assert {"zh.skops", "manifest.json", "card.md", "gate.json", "reliability-zh.svg", "confusion-zh.svg"} <= names
    assert all(check["passed"] for check in json.loads((folder / "gate.json").read_text("utf-8")))
    assert all(word in (folder / "card.md").read_text("utf-8") for word in ("201 labelled calls", "201 通人工标注通话"))
    assert "against " + first in capsys.readouterr().out

    # Stored evaluations stay as they are until they are scored again.
    assert loop.models_of_calls() == {first}
    assert loop.score("--force") == 0
    assert loop.models_of_calls() == {second}

    flips = loop.label(flipped=0.3)
    noise = loop.folder / "noise.csv"
    assert loop.call("train", "dataset", "--no-files", "--database", loop.database, "--out", noise) == 0
    found = noise_order(loop, noise)
    assert len(found) == len(loop.truth)
    assert len(flips & set(found[: len(found) // 2])) >= 0.7 * len(flips)
    before = loop.used()
    assert loop.call("train", *QUICK, "--database", loop.database) == 4
    told = capsys.readouterr().err
    assert "✗ zh: labels" in told
    assert "label-noise-zh.csv" in told
    assert "stays in use" in told
    assert loop.used() == before
    assert loop.call("train", "list") == 0
    assert f"* {second}" in capsys.readouterr().out

    assert loop.call("train", "rollback") == 0
    assert loop.used() == first
    assert loop.models_of_calls() == {second}
    assert loop.call("train", "publish") == 2
    assert "run `qa train fit` again" in capsys.readouterr().err


def noise_order(loop: Loop, file: Path) -> list[str]:
    """Call names in the order of doubt."""
    with sqlite3.connect(loop.database) as connection:
        names = dict(connection.execute("SELECT recording_id, name FROM evaluations"))
    with file.open(encoding="utf-8") as stream:
        return [names[row["call"]].removesuffix(".json") for row in csv.DictReader(stream)]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("publish",), "no candidate"),
        (("rollback", "ct-none"), "no version 'ct-none'"),
        (("rollback",), "no version before"),
        (("fit", "--no-files", "--database", "DATABASE"), "too few labelled calls"),
        (("fit", "--excerpts", "much"), "give two weights"),
        (("fit", "--recipe", "magic"), "known: cues"),
        (("init", "--models", "MODELS"), "not empty"),
    ],
)
def test_what_cannot_be_done(
    loop: Loop, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: Sequence[str], told: str
) -> None:
    """Exit 2 with the reason; nothing in use changes."""
    from qa.store.database import open_database

    open_database(f"sqlite:///{tmp_path / 'new.db'}").dispose()
    models = tmp_path / "models" / "customer_type"
    models.mkdir(parents=True)
    before = loop.used()
    place = {"DATABASE": str(tmp_path / "new.db"), "MODELS": str(loop.models)}
    options = () if "--models" in arguments else ("--models", str(models.parent))
    assert loop.call("train", *(place.get(word, word) for word in arguments), *options) == 2
    assert told in capsys.readouterr().err
    assert loop.used() == before


def test_init_copies_the_models(tmp_path: Path, loop: Loop) -> None:
    """A folder of one's own starts with all models that are in use."""
    assert loop.call("train", "init", "--models", tmp_path / "own") == 0
    assert (tmp_path / "own" / "customer_type" / "CURRENT").read_text().strip() == loop.used()


BROKEN: list[tuple[str, Callable[[dict], object], str]] = [
    ("labels", lambda manifest: manifest.update(labels=["a", "b", "c"]), "labels"),
    ("library", lambda manifest: manifest["libraries"].update({"scikit-learn": "0.24.2"}), "pip install"),
]


@pytest.mark.parametrize(("change", "told"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_rollback_refuses_what_does_not_fit(
    loop: Loop, capsys: pytest.CaptureFixture[str], change: Callable[[dict], object], told: str
) -> None:
    """A version with another label set or of another library is not put in use; the message names the fix."""
    old = loop.models / "customer_type" / "ct-old"
    old.mkdir(exist_ok=True)
    manifest = json.loads((loop.models / "customer_type" / loop.used() / "manifest.json").read_text("utf-8"))
    manifest.update(version="ct-old", created_at="2020-01-01T00:00:00+00:00")
    change(manifest)
    (old / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    before = loop.used()
    assert loop.call("train", "rollback", "ct-old") == 5
    said = capsys.readouterr().err
    assert told in said
    assert "python -m training" in said
    assert loop.used() == before
