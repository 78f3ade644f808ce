"""The encoder's network in onnxruntime: windows in, logits out. One thread, no file access, no download."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from qa.encoder.heads import CALL_WIDTH, TURN_HEADS
from qa.encoder.windows import Window

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

_PAD = 1
INPUTS = ("ids", "roles", "spans", "starts", "sides")


class TokenizerPieces:
    """Pieces by a tokenizer of the `tokenizers` library, from its JSON."""

    def __init__(self, blob: bytes) -> None:
        from tokenizers import Tokenizer

        self._tokenizer: Tokenizer = Tokenizer.from_str(blob.decode())

    def cut(self, texts: Sequence[str]) -> list[list[int]]:
        """Token numbers of each text."""
        return [list(each.ids) for each in self._tokenizer.encode_batch(list(texts), add_special_tokens=False)]


class OnnxNetwork:
    """Runs the network. Loaded from bytes, so a file that points to other files is refused by onnxruntime."""

    def __init__(self, blob: bytes, threads: int = 1) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session: InferenceSession = onnxruntime.InferenceSession(
            blob, options, providers=["CPUExecutionProvider"]
        )

    def logits(self, batch: Sequence[Window]) -> list[tuple[np.ndarray, np.ndarray]]:
        """For each window (places, TURN_HEADS) and (CALL_WIDTH,)."""
        found: list[tuple[np.ndarray, np.ndarray]] = []
        for window in batch:
            turns, call = self._session.run(None, dict(zip(INPUTS, arrays([window]), strict=True)))
            found.append((turns[0, : len(window.places)], call[0]))
        return found


def gathered(
    cut: Sequence[Window], logits: Sequence[tuple[np.ndarray, np.ndarray]], places: int
) -> tuple[np.ndarray, np.ndarray]:
    """Logits of a call from those of its windows: (places, TURN_HEADS) and (CALL_WIDTH,).

    Each place is answered by the window in which it is fresh; the call by all, weighed by their length.
    """
    turns, answers, size = np.zeros((places, len(TURN_HEADS))), np.zeros(CALL_WIDTH), 0
    for window, (of_turns, of_call) in zip(cut, logits, strict=True):
        for row, place in enumerate(window.places):
            if place >= window.fresh:
                turns[place] = of_turns[row]
        answers += of_call * len(window.ids)
        size += len(window.ids)
    return turns, answers / size


def arrays(batch: Sequence[Window]) -> tuple[np.ndarray, ...]:
    """Windows as the network's five inputs, padded to the longest: see INPUTS."""
    tokens, turns = max(len(each.ids) for each in batch), max(len(each.places) for each in batch)
    ids = np.full((len(batch), tokens), _PAD, dtype=np.int64)
    roles = np.zeros((len(batch), tokens), dtype=np.int64)
    spans, starts = (np.zeros((len(batch), turns, tokens), dtype=np.float32) for _ in range(2))
    sides = np.zeros((len(batch), 2, turns), dtype=np.float32)
    for row, window in enumerate(batch):
        ids[row, : len(window.ids)] = window.ids
        roles[row, : len(window.roles)] = window.roles
        for turn, (begin, end) in enumerate(window.spans):
            spans[row, turn, begin:end] = 1 / max(end - begin, 1)
            starts[row, turn, end] = 1
            sides[row, 0 if window.roles[end] else 1, turn] = 1
    sides /= np.maximum(sides.sum(-1, keepdims=True), 1)
    return ids, roles, spans, starts, sides
