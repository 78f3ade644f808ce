"""The taught network as a small ONNX file: weights of 8 bits, checked against the network itself."""

import io
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from qa.behaviour.model import sigmoid
from qa.encoder.network import INPUTS, OnnxNetwork, TokenizerPieces, arrays
from qa.encoder.windows import Window, reading, windows
from training.encoder.calls import TaughtCall
from training.encoder.network import CallEncoder

OPSET = 17


def onnx_of(network: CallEncoder, example: Window) -> bytes:
    """The network as ONNX with 8-bit matrices and word table."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    tensors = tuple(torch.from_numpy(each) for each in arrays([example]))
    axes = {
        "ids": {0: "calls", 1: "tokens"},
        "roles": {0: "calls", 1: "tokens"},
        "spans": {0: "calls", 1: "turns", 2: "tokens"},
        "starts": {0: "calls", 1: "turns", 2: "tokens"},
        "sides": {0: "calls", 2: "turns"},
        "of_turns": {0: "calls", 1: "turns"},
        "of_call": {0: "calls"},
    }
    whole = io.BytesIO()
    torch.onnx.export(
        network.eval(), tensors, whole, input_names=list(INPUTS), output_names=["of_turns", "of_call"],
        dynamic_axes=axes, opset_version=OPSET, dynamo=False,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "whole.onnx", Path(folder) / "small.onnx"
        source.write_bytes(whole.getvalue())
        quantize_dynamic(
            source, target, weight_type=QuantType.QInt8, per_channel=True,
            op_types_to_quantize=["MatMul", "Gemm", "Gather"],
        )  # fmt: skip
        return target.read_bytes()


@torch.inference_mode()
def drift(network: CallEncoder, blob: bytes, windows: list[Window]) -> float:
    """Mean absolute difference of turn probabilities between the network and its small file."""
    small = OnnxNetwork(blob)
    found = []
    for window in windows:
        whole = network(*(torch.from_numpy(each) for each in arrays([window])))[0][0].numpy()
        found.append(np.abs(sigmoid(whole) - sigmoid(small.logits([window])[0][0])).mean())
    return float(np.mean(found))


def examples(tokenizer: Tokenizer, calls: Sequence[TaughtCall]) -> list[Window]:
    """Windows of calls, longest first."""
    pieces = TokenizerPieces(tokenizer_json(tokenizer))
    found = []
    for call in calls:
        cut = pieces.cut([reading(turn.text, call.language) for turn in call.turns])
        found += windows(cut, [turn.role == "customer" for turn in call.turns])
    return sorted(found, key=lambda window: len(window.ids), reverse=True)


def tokenizer_json(tokenizer: Tokenizer) -> bytes:
    """The tokenizer's file."""
    return str(tokenizer.to_str()).encode()
