"""The gate's questions, each on its own; the comparison, the noise report and the pictures behind them."""

import json
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from qa.customer_type.artifact import KIND, current_folder, load_model, read_manifest
from qa.customer_type.model import CallModel
from qa.errors import UsageError
from qa.evaluation import CUSTOMER_TYPES
from training.dataset import Call, read_calls
from training.fit import ExcerptWeights, fit_calls
from training.gate import checks
from training.holdout import Answer, Holdout, compare, read_holdout, write_holdout
from training.loop import weights_of
from training.noise import confident_errors, doubts
from training.plots import confusion_svg, learning_curve_svg, reliability_svg
from training.regressions import case_line, read_cases, wrong_cases


def answers(count: int, right: float, rival: float | None, *, truth: str = "") -> tuple[Answer, ...]:
    """Held-out calls; the new model and the rival are right on a share of each type."""
    made = []
    for number in range(count):
        place = number % 3 if not truth else CUSTOMER_TYPES.index(truth)
        at = (number // 3) / max(count / 3, 1)
        new, old = (tuple(np.eye(3)[place if at < share else (place + 1) % 3]) for share in (right, rival or 0))
        name = CUSTOMER_TYPES[place]
        made.append(
            Answer(f"c{number}", "zh", f"g{number}", name, new, old if rival is not None else None, drawn=False)
        )
    return tuple(made)


CASES = [
    ("better", Holdout(answers(90, 0.9, 0.7), "old"), {}, []),
    ("the same", Holdout(answers(90, 0.9, 0.9), "old"), {}, []),
    ("worse", Holdout(answers(90, 0.8, 0.95), "old"), {}, ["not worse"]),
    ("first version", Holdout(answers(90, 0.9, None), ""), {}, []),
    ("too few calls", Holdout(answers(12, 1, 1), "old"), {}, ["not worse", "agitated"]),
    ("agitated missed", Holdout(answers(90, 0.7, 0.7), "old"), {}, ["agitated"]),
    ("older version states less", Holdout(answers(90, 0.9, None), "old"), {"recorded": {"zh": (0.95, 0.85)}}, []),
    (
        "older version states more",
        Holdout(answers(90, 0.8, None), "old"),
        {"recorded": {"zh": (0.95, 0.85)}},
        ["not worse"],
    ),
    ("labels contradict", Holdout(answers(90, 0.9, 0.9), "old"), {"contradicted": {"zh": [40, 100]}}, ["labels"]),
    ("few labels", Holdout(answers(90, 0.9, 0.9), "old"), {"contradicted": {"zh": [9, 20]}}, []),
    ("nothing held out", Holdout((), "old"), {}, ["holdout"]),
]


@pytest.mark.parametrize(("holdout", "more", "failed"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_questions(holdout: Holdout, more: dict, failed: list[str]) -> None:
    """Exactly what is wrong is refused, in both languages."""
    found = checks(holdout, {}, [], **more)
    wrong = [check for check in found if not check.passed]
    assert len(wrong) == len(failed)
    assert all(any(name in check.name for check in wrong) for name in failed)
    assert all(check.told.en and check.told.zh for check in found)


def test_comparison_is_paired() -> None:
    """Models that answer alike differ by nothing, surely; versions of one story are drawn together."""
    same = compare(answers(60, 0.7, 0.7))
    assert same is not None
    assert (same.difference, same.low, same.high) == (0, 0, 0)
    better = compare(answers(60, 0.9, 0.5))
    assert better is not None
    assert 0.2 < better.low < better.difference < better.high
    assert compare(answers(60, 0.9, None)) is None


def test_answers_are_kept(tmp_path: Path) -> None:
    """Written and read again; another label set or no file is no answer."""
    holdout = Holdout((*answers(3, 1, 1), *answers(1, 1, None)), "old")
    write_holdout(tmp_path, holdout)
    assert read_holdout(tmp_path) == holdout
    raw = json.loads((tmp_path / "holdout.json").read_text())
    (tmp_path / "holdout.json").write_text(json.dumps({**raw, "labels": ["calm", "angry"]}))
    assert read_holdout(tmp_path) is None
    assert read_holdout(tmp_path / "nowhere") is None


def test_flipped_labels_come_first() -> None:
    """Confident errors are the flips; the ranking puts them before everything else."""
    random = np.random.default_rng(0)
    truth = np.arange(300) % 3
    given = np.where(random.random(300) < 0.2, (truth + 1) % 3, truth)
    probabilities = np.full((300, 3), 0.1) + 0.7 * np.eye(3)[truth]
    flips = given != truth
    assert np.array_equal(confident_errors(given, probabilities), flips)
    calls = [Call(f"c{n:03}", "zh", "d", "chat", (), CUSTOMER_TYPES[place]) for n, place in enumerate(given)]
    first = {doubt.call for doubt in doubts(calls, probabilities)[: flips.sum()]}
    assert first == {calls[place].id for place in np.flatnonzero(flips)}


def few(**wanted: bool) -> list[Call]:
    """A few Chinese calls of each type, whole ones or excerpts."""
    calls = [call for call in read_calls(language="zh") if call.excerpt == wanted.get("excerpt", False)]
    return [call for target in range(3) for call in [one for one in calls if one.target == target][:8]]


def test_excerpts_may_be_left_out_or_weighed() -> None:
    """Weight 0 is the same as not having them; any other weight is not."""
    whole, both = few(), [*few(), *few(excerpt=True)]

    def table(calls: Sequence[Call], weights: ExcerptWeights) -> np.ndarray:
        model: CallModel = fit_calls(calls, ["cues"], weights)["cues"]
        return np.asarray(model.call[-1].coef_)

    assert table(both, ExcerptWeights(0, 0.5)).shape == table(whole, ExcerptWeights()).shape
    assert not np.allclose(table(both, ExcerptWeights(0, 0.5)), table(both, ExcerptWeights(0, 0)))
    assert not np.allclose(table(both, ExcerptWeights(0, 0.5)), table(both, ExcerptWeights(0, 1)))
    assert weights_of("auto") is None
    assert weights_of("0,1") == ExcerptWeights(0, 1)
    with pytest.raises(UsageError, match="two weights"):
        weights_of("2,1")


def test_regression_cases(tmp_path: Path) -> None:
    """A wrong case is named with what was said; a bad file is named with its line; none is fine."""
    calls = few()
    model = fit_calls(calls, ["cues"])["cues"]
    assert read_cases(tmp_path) == []
    path = tmp_path / "regressions.jsonl"
    path.write_text("\n".join(map(case_line, calls)), encoding="utf-8")
    wrong = wrong_cases(read_cases(tmp_path), {"zh": model})
    assert len(wrong) < len(calls) / 2
    other = CUSTOMER_TYPES[(calls[0].target + 1) % 3]
    spoiled = case_line(calls[0]).replace(f'"{calls[0].label}"', f'"{other}"')
    path.write_text(spoiled, encoding="utf-8")
    failed = checks(Holdout(answers(90, 1, 1), "old"), {"zh": model}, read_cases(tmp_path))[-1]
    assert (failed.passed, calls[0].id in failed.told.en) == (False, True)
    path.write_text("\n{}", encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read_cases(tmp_path)
    assert (caught.value.path, caught.value.place) == (str(path), "line 2")


def test_shipped_cases_are_right() -> None:
    """The model in the repository answers its own regression cases."""
    models = Path(__file__).parents[2] / "models"
    folder = current_folder(models)
    loaded = {name: load_model(folder, entry) for name, entry in read_manifest(folder).languages.items()}
    cases = read_cases(models / KIND)
    assert {case.label for case in cases if case.language == "zh"} == set(CUSTOMER_TYPES)
    assert wrong_cases(cases, loaded) == []


@pytest.mark.parametrize(
    "picture",
    [
        lambda: reliability_svg(np.array([0, 1, 2]), np.eye(3), "R <1>"),
        lambda: confusion_svg([[3, 0, 1], [0, 0, 0], [1, 1, 5]], "C"),
        lambda: learning_curve_svg([(10, 0.5), (100, 0.8)], "L"),
    ],
    ids=["reliability", "confusion", "curve"],
)
def test_pictures_are_svg(picture) -> None:
    """Well-formed, titled, and without scripts."""
    root = ET.fromstring(picture())
    assert root.tag.endswith("svg")
    assert root[0].text
    assert not [part for part in root.iter() if part.tag.endswith("script")]
