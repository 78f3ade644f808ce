"""What the shipped file of a taught network says of calls, alone and together with the n-gram turn model."""

from collections.abc import Sequence

import numpy as np

from qa.behaviour.model import TurnModel
from qa.behaviour.signals import seen_turns
from qa.catalogue import COMPLAINT
from qa.encoder.heads import CALL_WIDTH, TURN_HEADS
from qa.encoder.network import OnnxNetwork, TokenizerPieces
from qa.encoder.windows import reading, windows
from training.encoder.calls import TaughtCall

Told = list[tuple[np.ndarray, np.ndarray]]
_EDGE = 1e-4


def told(pieces: TokenizerPieces, network: OnnxNetwork, calls: Sequence[TaughtCall]) -> Told:
    """Logits (turns, TURN_HEADS) and (CALL_WIDTH,) of whole calls."""
    found = []
    for call in calls:
        texts = pieces.cut([reading(turn.text, call.language) for turn in call.turns])
        turns, answers, size = np.zeros((len(texts), len(TURN_HEADS))), np.zeros(CALL_WIDTH), 0
        cut = windows(texts, [turn.role == "customer" for turn in call.turns])
        for window, (of_turns, of_call) in zip(cut, network.logits(cut), strict=True):
            for row, place in enumerate(window.places):
                if place >= window.fresh:
                    turns[place] = of_turns[row]
            answers += of_call * len(window.ids)
            size += len(window.ids)
        found.append((turns, answers / size))
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
                value = min(max(float(value), _EDGE), 1 - _EDGE)
                both[turn.index, head] = share * turns[turn.index, head] + (1 - share) * np.log(value / (1 - value))
        found.append((both, answers))
    return found
