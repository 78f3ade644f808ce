"""Command line: `python -m training [fit|evaluate|publish|list]`; alone it does dataset, fit, evaluate and publish."""

import argparse
import sys
import time
from pathlib import Path
from typing import Any

from qa.errors import CallgradeError, UsageError
from training.dataset import DATA, balance, digest, near_duplicates, read_calls
from training.external import measure_external
from training.fit import Fitted, fit_language
from training.publish import point_at, publish, versions

MODELS = Path(__file__).parent.parent / "models"


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code of the error tree in qa.errors."""
    parser = argparse.ArgumentParser(prog="python -m training", description="Train the customer-type model.")
    parser.add_argument("command", nargs="?", choices=("all", "fit", "evaluate", "publish", "list"), default="all")
    parser.add_argument("version", nargs="?", help="publish: an existing version to put in use again")
    parser.add_argument("--data", type=Path, default=DATA, help="folder with <language>/*.jsonl")
    parser.add_argument("--models", type=Path, default=MODELS, help="folder that holds customer_type/")
    parser.add_argument("--recipes", nargs="*", default=[], help="limit the recipes that compete")
    parser.add_argument("--jobs", type=int, default=1)
    chosen = parser.parse_args(arguments)
    try:
        return _run(chosen)
    except CallgradeError as error:
        print(error, file=sys.stderr)
        return error.exit_code


def _run(chosen: argparse.Namespace) -> int:
    if chosen.command == "list":
        for name, created, used in versions(chosen.models):
            print(f"{'*' if used else ' '} {name}  {created}")
        return 0
    if chosen.command == "evaluate":
        measure_external(chosen.models, print)
        return 0
    if chosen.command == "publish" and chosen.version:
        return _put_in_use(chosen.models, chosen.version)
    fitted, data_sha256 = _fit(chosen)
    if chosen.command != "fit":
        folder = publish(fitted, data_sha256, chosen.models)
        size = sum(path.stat().st_size for path in folder.iterdir())
        print(f"published {folder.name} ({size / 1e6:.2f} MB)")
        measure_external(chosen.models, print)
    return 0


def _fit(chosen: argparse.Namespace) -> tuple[dict[str, Fitted], str]:
    calls = read_calls(chosen.data)
    print(f"{len(calls)} calls: " + "; ".join(f"{name} {dict(count)}" for name, count in balance(calls).items()))
    pairs = near_duplicates(calls)
    if pairs:
        raise UsageError(path=chosen.data, en=f"near-duplicate calls: {pairs[:5]}", zh=f"通话几乎重复：{pairs[:5]}")
    fitted = {}
    for language in sorted({call.language for call in calls}):
        started = time.monotonic()
        fitted[language] = fit_language(calls, language, jobs=chosen.jobs, names=chosen.recipes)
        _show(fitted[language], time.monotonic() - started)
    return fitted, digest(calls)


def _show(model: Fitted, seconds: float) -> None:
    print(f"{model.language}: {model.recipe}, T={model.temperature}, threshold={model.threshold}, {seconds:.0f} s")
    for name, score in model.metrics["recipes"].items():
        print(f"    {name:<12} {score}")
    for name in ("cross_validation", "cross_channel", "holdout"):
        _show_measure(name, model.metrics.get(name))


def _show_measure(name: str, found: dict[str, Any] | None) -> None:
    if found:
        print(
            f"  {name:<17} macro-F1 {found['macro_f1']:.3f} {found['macro_f1_95']} n={found['calls']} "
            f"ECE {found['calibration_error']:.3f} confusion {found['confusion']}"
        )


def _put_in_use(models: Path, name: str) -> int:
    known = [version for version, _, _ in versions(models)]
    if name not in known:
        raise UsageError(
            path=models, en=f"no version {name!r}; there are {known}", zh=f"没有版本 {name!r}；现有 {known}"
        )
    point_at(models / "customer_type", name)
    print(f"in use: {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
