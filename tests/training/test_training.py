"""Training end to end on a small share of the calls, and its parts."""

import json
from pathlib import Path

import numpy as np
import pytest

from qa.customer_type.classifier import load_classifier
from qa.customer_type.model import tempered
from qa.errors import UsageError
from training.__main__ import main
from training.augment import views
from training.dataset import DATA, Call, digest, read_calls, targets
from training.fit import best_temperature, best_threshold, fit_calls, predict
from training.metrics import measure
from training.publish import point_at, versions
from training.splits import folds, is_held_out


def small(language: str, each: int = 8) -> list[Call]:
    """A few whole calls of every type."""
    calls = [call for call in read_calls(language=language) if not call.excerpt]
    by_type = [[call for call in calls if call.target == target] for target in range(3)]
    return [call for some in by_type for call in some[:: max(1, len(some) // each)][:each]]


def test_same_calls_same_model() -> None:
    """Two fits on the same calls give the same probabilities, and the digest follows from the calls."""
    calls = small("zh")
    one, two = (predict(fit_calls(calls, ["turns_cues"])["turns_cues"], calls[:5]) for _ in range(2))
    assert np.array_equal(one, two)
    assert digest(calls) == digest(small("zh"))
    assert digest(calls) != digest(calls[1:])


def test_end_to_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Data folder in, published version out; the version's name is the same the next time."""
    for language in ("zh", "en"):
        (tmp_path / "data" / language).mkdir(parents=True)
        whole = [call for call in read_calls(language=language) if not call.excerpt]
        chosen = {call.id for call in small(language, 12)}
        for place in range(3):
            chosen |= {call.id for call in [one for one in whole if is_held_out(one) and one.target == place][:7]}
        for path in sorted((DATA / language).glob("*.jsonl")):
            lines = [line for line in path.read_text(encoding="utf-8").splitlines() if json.loads(line)["id"] in chosen]
            (tmp_path / "data" / language / path.name).write_text("\n".join(lines), encoding="utf-8")
    models = tmp_path / "models"
    command = ["--data", str(tmp_path / "data"), "--models", str(models), "--recipe", "cues", "--agitated-floor", "0"]
    assert main(command) == 0
    first = load_classifier(models).model_id
    assert main(command) == 0
    assert load_classifier(models).model_id == first
    assert main(["list", "--models", str(models)]) == 0
    assert f"* {first}" in capsys.readouterr().out
    assert main(["rollback", "no-such", "--models", str(models)]) == 2
    assert sorted(path.name for path in (models / "customer_type").iterdir()) == sorted(
        [".candidate", "CURRENT", first]
    )


def test_pointing_back(tmp_path: Path) -> None:
    """CURRENT is replaced as a whole and an older version can be put in use again."""
    for name in ("a", "b"):
        (tmp_path / "customer_type" / name).mkdir(parents=True)
        manifest = {"version": name, "created_at": f"2026-01-0{1 + (name == 'b')}"}
        (tmp_path / "customer_type" / name / "manifest.json").write_text(json.dumps(manifest))
    for name in ("b", "a"):
        point_at(tmp_path / "customer_type", name)
        assert [found for found, _, used in versions(tmp_path) if used] == [name]
    assert [name for name, _, _ in versions(tmp_path)] == ["b", "a"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "not a labelled call"),
        ('{"id": "x", "lang": "zh", "domain": "d", "channel": "chat", "turns": []}', "not a labelled call"),
        ('{"id":"x","lang":"en","domain":"d","channel":"chat","turns":[{"role":"customer","text":"a"}],'
         '"labels":{"customer_type":"demanding"}}', "lies in zh/"),
        ('{"id":"x","lang":"zh","domain":"d","channel":"chat","turns":[{"role":"customer","text":"a"}],'
         '"labels":{"customer_type":"happy"}}', "'happy' is unknown"),
        ('{"id":"x","lang":"zh","domain":"d","channel":"chat","turns":[{"role":"bot","text":"a"}],'
         '"labels":{"customer_type":"demanding"}}', "another role"),
        ('{"id":"x","lang":"zh","domain":"d","channel":"chat","turns":[{"role":"agent","text":"a"}],'
         '"labels":{"customer_type":"demanding"}}', "never speaks"),
    ],
)  # fmt: skip
def test_bad_data_names_file_and_line(tmp_path: Path, line: str, said: str) -> None:
    """A bad line stops the training with its place."""
    (tmp_path / "zh").mkdir()
    (tmp_path / "zh" / "bad.jsonl").write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=said) as caught:
        read_calls(tmp_path)
    assert (caught.value.path, caught.value.place) == (str(tmp_path / "zh" / "bad.jsonl"), "line 2")


@pytest.mark.parametrize("by", ["domain", "channel"])
def test_folds_keep_groups_together(by: str) -> None:
    """No domain (or channel) is trained on and measured at once; every call is measured once."""
    calls = read_calls(language="zh")
    measured: list[int] = []
    for train, test in folds(calls, by):
        assert not {getattr(calls[place], by) for place in train} & {getattr(calls[place], by) for place in test}
        measured.extend(test)
    assert sorted(measured) == list(range(len(calls)))


def test_holdout_is_frozen_and_about_a_fifth() -> None:
    """The holdout depends on the id alone."""
    calls = read_calls()
    assert 0.12 < np.mean([is_held_out(call) for call in calls]) < 0.28
    assert [is_held_out(Call(f"zh-bank-{n:03}", "zh", "", "", (), "demanding")) for n in range(1, 9)] == [
        is_held_out(Call(f"zh-bank-{n:03}", "en", "other", "chat", (("customer", "x"),), "agitated"))
        for n in range(1, 9)
    ]


def test_views_keep_label_and_complaints() -> None:
    """Augmented views never change the label, and complaint marks stay on the customer's words."""
    for call in small("zh", 4):
        assert views(call) == views(call)
        for view in views(call):
            assert view.label == call.label
            assert all(view.turns[place][0] == "customer" for place in view.complaints)
            assert len(view.complaints) == len(call.complaints)


def test_measure_and_calibration() -> None:
    """Known predictions give known figures; overconfident ones are flattened; bad guesses are abstained from."""
    truth = np.array([0, 1, 2, 0, 1, 2])
    perfect = np.eye(3)[truth]
    found = measure(truth, perfect)
    assert (found["macro_f1"], found["calibration_error"]) == (1.0, 0.0)
    wrong = measure(truth, np.eye(3)[(truth + 1) % 3])
    assert (wrong["macro_f1"], wrong["calibration_error"]) == (0.0, 1.0)
    mixed = np.tile([0.9, 0.05, 0.05], (60, 1))
    half = np.array([0, 1, 2] * 20)
    assert best_temperature(half, mixed) > 1.5
    flat = np.tile([0.36, 0.32, 0.32], (60, 1))
    assert best_threshold(half, flat) > 0.36
    assert best_threshold(np.zeros(60, dtype=int), flat) < 0.36
    assert np.allclose(tempered(mixed, 3.0).sum(axis=1), 1)


def test_targets_follow_the_labels() -> None:
    """Targets are places in the fixed label order."""
    assert set(targets(small("en"))) == {0, 1, 2}
