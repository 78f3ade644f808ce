"""What the encoder reads in a call: how likely each turn is each behaviour, and what the customer is like.

A better network may take its place: anything with `model_id`, `knows`, `entry` and `read` (CallReader).
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np

from qa.catalogue import COMPLAINT
from qa.conversation import Conversation
from qa.encoder.artifact import (
    ENCODER_MODELS,
    KIND,
    NETWORK,
    TOKENIZER,
    LanguageEntry,
    Manifest,
    checked_file,
    read_manifest,
)
from qa.encoder.heads import CALL_HEADS, SPECIAL_CUSTOMERS, TURN_HEADS, call_slice
from qa.encoder.network import OnnxNetwork, TokenizerPieces, gathered
from qa.encoder.windows import reading, trusted, windows
from qa.errors import ModelError

_log = logging.getLogger("qa.encoder")
_log.addHandler(logging.NullHandler())
NO_MODEL = "none"


@dataclass(frozen=True, slots=True)
class CallReading:
    """`turns`: turn index to behaviour to logit. The rest are probabilities, 0-1, by label."""

    turns: Mapping[int, Mapping[str, float]]
    customer_type: Mapping[str, float]
    special_customer: Mapping[str, float]
    complaint_category: Mapping[str, float]
    complaint_psychology: Mapping[str, float]


class CallReader(Protocol):
    """What the program asks of an encoder."""

    @property
    def model_id(self) -> str:
        """Name of the version, for records."""
        ...

    def knows(self, language: str) -> bool:
        """Whether it reads calls of this language."""
        ...

    def read(self, conversation: Conversation) -> CallReading | None:
        """What it reads in a call; None in one that it cannot read."""
        ...

    def entry(self, language: str) -> LanguageEntry:
        """Calibration and thresholds of a language."""
        ...


class EncoderReader:
    """The published encoder, loaded on first use. `folder` holds `encoder/`, or is a version."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    @cached_property
    def _published(self) -> tuple[Path, Manifest] | None:
        try:
            folder = ENCODER_MODELS.current_folder(self._folder)
        except ModelError as error:
            if error.code != "model_missing":
                raise
            _log.info("%s", error)
            return None
        return folder, read_manifest(folder)

    @cached_property
    def _network(self) -> tuple[TokenizerPieces, OnnxNetwork]:
        if self._published is None:
            raise KeyError(KIND)
        folder, manifest = self._published
        try:
            return (
                TokenizerPieces(checked_file(folder, manifest, TOKENIZER)),
                OnnxNetwork(checked_file(folder, manifest, NETWORK)),
            )
        except ModelError:
            raise
        except Exception as error:  # noqa: BLE001 - onnxruntime and tokenizers raise types of their own
            ENCODER_MODELS.refuse(folder, "model_file", f"cannot be opened ({error})", f"无法打开（{error}）")

    @property
    def model_id(self) -> str:
        """Name of the published version, "none" without one. Raises ModelError for one that does not fit."""
        return self._published[1].version if self._published else NO_MODEL

    def knows(self, language: str) -> bool:
        """Whether it was taught this language."""
        return self._published is not None and language[:2].lower() in self._published[1].languages

    def entry(self, language: str) -> LanguageEntry:
        """What its manifest says of a language. Raises KeyError for one that it does not know."""
        if self._published is None:
            raise KeyError(language)
        return {str(name): each for name, each in self._published[1].languages.items()}[language[:2].lower()]

    def read(self, conversation: Conversation) -> CallReading | None:
        """Of every trusted turn of agent and customer; None without a model for the language, or without turns."""
        language = conversation.language[:2].lower()
        turns = trusted(conversation.turns)
        if not self.knows(language) or not turns:
            return None
        entry = self.entry(language)
        pieces, network = self._network
        customers = [turn.role == "customer" for turn in turns]
        cut = windows(pieces.cut([reading(turn.text, language) for turn in turns]), customers)
        logits, answers = gathered(cut, network.logits(cut), len(turns))
        found = {
            turn.index: {
                name: float(value)
                for name, value in zip(TURN_HEADS, logits[place], strict=True)
                if (name == COMPLAINT) == customers[place]
            }
            for place, turn in enumerate(turns)
        }
        return CallReading(
            turns=found,
            customer_type=_shares(answers, "customer_type", entry.type_temperature),
            special_customer=dict(
                zip(SPECIAL_CUSTOMERS, map(float, _sigmoid(answers[call_slice("special_customer")])), strict=True)
            ),
            complaint_category=_shares(answers, "complaint_category"),
            complaint_psychology=_shares(answers, "complaint_psychology"),
        )


def _shares(answers: np.ndarray, name: str, temperature: float = 1.0) -> dict[str, float]:
    logits = answers[call_slice(name)] / temperature
    powers = np.exp(logits - logits.max())
    return dict(zip(dict(CALL_HEADS)[name], map(float, powers / powers.sum()), strict=True))


def _sigmoid(logits: np.ndarray) -> np.ndarray:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * logits)))
