"""One channel with both parties: who says what, from voices and from words, with an honest confidence.

First version. The mix is cut at pauses and sentence ends, voices give log odds per piece, words give log odds per
piece, and a two-state chain that dislikes changing speaker without a pause joins them.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from qa.conversation import Role, Word
from qa.diarization.cues import agent_cue, is_greeting
from qa.diarization.turns import TURN_PAUSE_S, Utterance, join
from qa.diarization.voices import tell_voices

SURE_ENOUGH = 0.65
_PIECE_PAUSE_S = 0.25
_ENDS = tuple("。！？!?.…")
_COMMAS = tuple("，,、；;")
_SHORTEST_CLAUSE_S = 1.2
_OPENING = 1.5
_VOICES_LEAD = 0.5
# Log odds against a change of speaker: inside a sentence, at a sentence end, after a pause.
_STAY_MID, _STAY_END, _STAY_PAUSE = 3.0, 0.8, 0.2


@dataclass(frozen=True, slots=True)
class Attributed:
    """A turn with its likeliest role; "unknown" below SURE_ENOUGH. `confidence` is that of the role, 0.5–1."""

    said: Utterance
    role: Role
    confidence: float


def attribute(
    said: Sequence[Utterance], *, language: str, samples: npt.NDArray[np.int16] | None = None
) -> list[Attributed]:
    """Give every utterance of one channel to the agent or the customer, and join what one of them says in a row.

    `samples` is the channel at 16 kHz; without it only words tell.
    """
    trusted = [one for one in said if not one.suspect]
    pieces = [piece for one in trusted for piece in _pieces(one)]
    if not pieces:
        return [Attributed(one, "unknown", 0.5) for one in said]
    words = np.array([agent_cue(piece.text, language=language) for piece in pieces])
    if is_greeting(pieces[0].text, language=language):
        words[0] += _OPENING
    voices = np.zeros(len(pieces))
    if samples is not None:
        found = tell_voices(samples, [(piece.start_s, piece.end_s) for piece in pieces])
        voices = _towards_agent(np.array(found.log_odds), words)
        # A short piece says little about its speaker; where voices differ clearly they lead.
        words = words * (1.0 - _VOICES_LEAD * found.strength)
    chances = _chain(words + voices, _stays(pieces))
    turns = _joined(pieces, chances)
    turns.extend(Attributed(one, "unknown", 0.5) for one in said if one.suspect)
    return sorted(turns, key=lambda turn: turn.said.start_s)


def attribute_texts(texts: Sequence[str], *, language: str) -> list[tuple[Role, float]]:
    """Roles of the turns of a transcript without speakers or audio; parties usually take turns."""
    if not texts:
        return []
    words = np.array([agent_cue(text, language=language) for text in texts])
    if is_greeting(texts[0], language=language):
        words[0] += _OPENING
    chances = _chain(words, np.full(len(texts) - 1, -1.0))
    return [_role(float(chance)) for chance in chances]


def _pieces(one: Utterance) -> list[Utterance]:
    """Cut an utterance at short pauses and sentence ends, and at commas of long clauses."""
    if not one.words:
        return [one]
    runs: list[list[Word]] = [[]]
    for word in one.words:
        run = runs[-1]
        if run:
            ended = run[-1].text.rstrip().endswith(_ENDS)
            clause = run[-1].text.rstrip().endswith(_COMMAS) and run[-1].end_s - run[0].start_s >= _SHORTEST_CLAUSE_S
            if ended or clause or word.start_s - run[-1].end_s >= _PIECE_PAUSE_S:
                runs.append([])
        runs[-1].append(word)
    return [
        Utterance(one.channel, run[0].start_s, max(word.end_s for word in run), text, tuple(run))
        for run in runs
        if (text := "".join(word.text for word in run).strip())
    ]


def _towards_agent(voices: npt.NDArray[np.float64], words: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Turn "voice 1" into "agent": the words say which voice is whose, and how surely."""
    agreement = float((np.tanh(voices) * words).sum()) / math.sqrt(len(words))
    return voices * math.tanh(agreement)


def _stays(pieces: Sequence[Utterance]) -> npt.NDArray[np.float64]:
    stays = []
    for first, second in pairwise(pieces):
        ended = first.text.endswith(_ENDS)
        pause = second.start_s - first.end_s >= _PIECE_PAUSE_S
        stays.append(_STAY_PAUSE if pause else _STAY_END if ended else _STAY_MID)
    return np.array(stays)


def _chain(odds: npt.NDArray[np.float64], stays: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Chance of "agent" for every piece of a two-state chain (forward and backward pass)."""
    count = len(odds)
    agent = 1.0 / (1.0 + np.exp(-odds))
    seen = np.stack([1.0 - agent, agent], axis=1)
    forward, backward = seen.copy(), np.ones((count, 2))
    for place in range(1, count):
        forward[place] *= forward[place - 1] @ _moves(stays[place - 1])
        forward[place] /= forward[place].sum()
    for place in range(count - 2, -1, -1):
        backward[place] = _moves(stays[place]) @ (seen[place + 1] * backward[place + 1])
        backward[place] /= backward[place].sum()
    both = forward * backward
    return np.asarray(both[:, 1] / both.sum(axis=1))


def _moves(stay: float) -> npt.NDArray[np.float64]:
    chance = 1.0 / (1.0 + math.exp(-stay))
    return np.array([[chance, 1 - chance], [1 - chance, chance]])


def _joined(pieces: Sequence[Utterance], chances: npt.NDArray[np.float64]) -> list[Attributed]:
    turns: list[Attributed] = []
    for piece, chance in zip(pieces, chances.tolist(), strict=True):
        role, confidence = _role(chance)
        last = turns[-1] if turns else None
        if last and last.role == role and piece.start_s - last.said.end_s <= TURN_PAUSE_S:
            before, now = last.said.end_s - last.said.start_s + 0.1, piece.end_s - piece.start_s + 0.1
            mean = (last.confidence * before + confidence * now) / (before + now)
            turns[-1] = replace(last, said=join(last.said, piece), confidence=mean)
        else:
            turns.append(Attributed(piece, role, confidence))
    return turns


def _role(chance: float) -> tuple[Role, float]:
    sure = max(chance, 1.0 - chance)
    if sure < SURE_ENOUGH:
        return "unknown", sure
    return ("agent" if chance > 0.5 else "customer"), sure
