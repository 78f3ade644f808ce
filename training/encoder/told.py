"""What the shipped file of a taught network says of calls, alone and together with the n-gram turn model."""

from collections.abc import Sequence

import numpy as np

from qa.behaviour.blend import mean_logit
from qa.behaviour.model import TurnModel
from qa.behaviour.signals import seen_turns
from qa.catalogue import COMPLAINT
from qa.encoder.heads import TURN_HEADS
from qa.encoder.network import OnnxNetwork, TokenizerPieces, gathered
from qa.encoder.windows import reading, windows
from training.encoder.calls import TaughtCall

Told = list[tuple[np.ndarray, np.ndarray]]


def told(pieces: TokenizerPieces, network: OnnxNetwork, calls: Sequence[TaughtCall]) -> Told:
    """Logits (turns, TURN_HEADS) and (CALL_WIDTH,) of whole calls."""
    found = []
    for call in calls:
        texts = pieces.cut([reading(turn.text, call.language) for turn in call.turns])
        cut = windows(texts, [turn.role == "customer" for turn in call.turns])
        found.append(gathered(cut, network.logits(cut), len(texts)))
    return found


def with_ngrams(encoded: Told, model: TurnModel, calls: Sequence[TaughtCall], share: float) -> Told:
    """The blend that qa.behaviour.blend makes: `share` of the network's logit, the rest of the n-gram model's."""
    found = []
    for call, (turns, answers) in zip(calls, encoded, strict=True):
        seen = seen_turns(call.turns, call.language)
        probability, complaint = model.predict(seen)
        both = turns.copy()
        for row, turn in enumerate(seen):
            for head, name in enumerate(TURN_HEADS):
                value = complaint[row] if name == COMPLAINT else probability[row, model.heads.index(name)]
                both[turn.index, head] = mean_logit(float(value), turns[turn.index, head], share)
        found.append((both, answers))
    return found
