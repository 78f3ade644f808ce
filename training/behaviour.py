"""Command line: `python -m training.behaviour [fit|evaluate]`; alone it fits, measures and publishes.

CALLGRADE_EVAL names a folder with `turns/*.jsonl`; only counts come out of it, never a sentence.
"""

import argparse
import hashlib
import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from qa.behaviour.reader import BehaviourReader
from qa.catalogue import FORBIDDEN, REQUIRED
from qa.conversation import Conversation, Engine, Recording, Turn
from qa.errors import CallgradeError
from training.behaviour_dataset import data_digest, is_frozen, read_marked
from training.behaviour_fit import fit_turns
from training.behaviour_measure import all_sounds, figures, out_of_fold, tell, thresholds
from training.behaviour_publish import FittedTurns, publish
from training.dataset import DATA

MODELS = Path(__file__).parent.parent / "models"
LANGUAGES = ("zh", "en")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code of the error tree in qa.errors."""
    parser = argparse.ArgumentParser(prog="python -m training.behaviour", description="Train the turn-behaviour model.")
    parser.add_argument("command", nargs="?", choices=("all", "fit", "evaluate"), default="all")
    parser.add_argument("--data", type=Path, default=DATA, help="folder with <language>/*.jsonl")
    parser.add_argument("--models", type=Path, default=MODELS, help="folder that holds behaviour/")
    parser.add_argument("--jobs", type=int, default=1)
    chosen = parser.parse_args(arguments)
    try:
        if chosen.command != "evaluate":
            fitted, digest = _fit(chosen.data, chosen.jobs)
            if chosen.command == "all":
                folder = publish(fitted, digest, chosen.models)
                size = sum(path.stat().st_size for path in folder.iterdir())
                print(f"published {folder.name} ({size / 1e6:.2f} MB)")
        if chosen.command != "fit":
            _evaluate(chosen.models)
    except CallgradeError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


def fit_language(data: Path, language: str, jobs: int = 1) -> tuple[FittedTurns, str]:
    """Thresholds by cross-validation, figures on the frozen quarter, a model of all other calls, and their digest."""
    calls = read_marked(data, language)
    known, frozen = [call for call in calls if not is_frozen(call)], [call for call in calls if is_frozen(call)]
    told = out_of_fold(known, jobs=jobs)
    at = thresholds(told)
    metrics = {"cv": figures(told, at), "misheard": figures(out_of_fold(known, jobs=jobs, noisy=True), at)}
    model = fit_turns(known, all_sounds(known))
    metrics["frozen"] = figures(tell(frozen, [model] * len(frozen)), at)
    return FittedTurns(language, model, at, len(known), metrics), data_digest(known)


def _fit(data: Path, jobs: int) -> tuple[dict[str, FittedTurns], str]:
    fitted, digests = {}, []
    for language in LANGUAGES:
        started = time.monotonic()
        fitted[language], digest = fit_language(data, language, jobs)
        digests.append(digest)
        print(f"{language}: {fitted[language].calls} calls, {time.monotonic() - started:.0f} s")
        for name, row in fitted[language].metrics.items():
            print(f"  {name:<9} {_mean(row, REQUIRED)} required; {_mean(row, FORBIDDEN)} forbidden")
    return fitted, hashlib.sha256("|".join(digests).encode()).hexdigest()


def _mean(rows: Mapping[str, Mapping[str, float]], names: tuple[str, ...]) -> str:
    known = [rows[name] for name in names if name in rows]
    precision = float(np.mean([row["average_precision"] for row in known])) if known else 0.0
    spoken = [row["f1"] for row in known if "f1" in row]
    return f"AP {precision:.3f}, F1 {float(np.mean(spoken)) if spoken else 0:.3f} over {len(spoken)} of {len(known)}"


def _evaluate(models: Path) -> None:
    folder = os.environ.get("CALLGRADE_EVAL")
    if not folder:
        return
    reader = BehaviourReader(models)
    for path in sorted(Path(folder).glob("turns/*.jsonl")):
        right = {True: [0, 0], False: [0, 0]}
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            language = "zh" if any("\u3400" <= letter <= "\u9fff" for letter in row["text"]) else "en"
            conversation = Conversation(
                Recording("", "", None), language, (Turn(0, row["role"], row["text"]),), Engine("text")
            )
            least = reader.threshold(language, row["item"])
            of_turn = (reader.read(conversation) or {}).get(0, {})
            found = least is not None and of_turn.get(row["item"], 0.0) >= least
            tally = right[bool(row["should_match"])]
            tally[0] += found == bool(row["should_match"])
            tally[1] += 1
        print(f"{path.stem}: should match {right[True]}, should not {right[False]}")


if __name__ == "__main__":
    sys.exit(main())
