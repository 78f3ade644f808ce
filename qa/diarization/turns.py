"""Turns from words: who holds the floor on which channel, from word times and pauses.

Segments of a recogniser may span several turns and long silences, so their own times are not used when there are
words. In every turn with words, the words' texts put together are the turn's text (spaces included).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.conversation import Segment, Word

# A pause this long ends an utterance, if the other party speaks in it.
UTTERANCE_PAUSE_S = 0.7
# One speaker's utterances with nobody between stay one turn up to this pause (people breathe and search for words).
TURN_PAUSE_S = 3.0
# The other party's word in a shorter gap is overlap, not a change of speaker.
_ROOM_S = 0.2


@dataclass(frozen=True, slots=True)
class Utterance:
    """Words said in one go on one channel, or the text of a segment without words. Times in seconds."""

    channel: int
    start_s: float
    end_s: float
    text: str
    words: tuple[Word, ...] = ()
    suspect: str = ""


def utterances(segments: Sequence[Segment], *, language: str, pause_s: float = UTTERANCE_PAUSE_S) -> list[Utterance]:
    """Cut timed segments at pauses of `pause_s`, ordered by start; suspect segments stay apart."""
    result: list[Utterance] = []
    for segment in segments:
        if segment.words:
            words = _spaced(segment.words, language)
            for run in _runs(words, pause_s):
                result.append(_utterance(segment.channel, run, segment.suspect))
        elif segment.start_s is not None and segment.text:
            end_s = segment.end_s if segment.end_s is not None else segment.start_s
            result.append(Utterance(segment.channel, segment.start_s, end_s, segment.text, suspect=segment.suspect))
    return sorted((one for one in result if one.text), key=lambda one: (one.start_s, one.channel))


def turns_by_channel(said: Sequence[Utterance], *, turn_pause_s: float = TURN_PAUSE_S) -> list[Utterance]:
    """Join utterances of a channel while the other channels are silent in the pause between them."""
    turns: list[Utterance] = []
    last: dict[tuple[int, str], int] = {}
    for one in said:
        key = (one.channel, one.suspect)
        place = last.get(key)
        if place is not None and _continues(turns[place], one, said, turn_pause_s):
            turns[place] = join(turns[place], one)
        else:
            last[key] = len(turns)
            turns.append(one)
    return sorted(turns, key=lambda one: (one.start_s, one.channel))


def join(first: Utterance, second: Utterance) -> Utterance:
    """Put two utterances of one speaker together; a space marks the seam."""
    words = first.words + _seam(second.words) if first.words and second.words else ()
    text = "".join(word.text for word in words).strip() if words else f"{first.text} {second.text}"
    return replace(first, end_s=max(first.end_s, second.end_s), text=text, words=words)


def _continues(turn: Utterance, one: Utterance, said: Sequence[Utterance], turn_pause_s: float) -> bool:
    pause = one.start_s - turn.end_s
    if pause > turn_pause_s:
        return False
    if pause < _ROOM_S:
        return True
    for other in said:
        if other.start_s >= one.start_s:
            break
        if other.channel == one.channel or other.suspect:
            continue
        inside = min(other.end_s, one.start_s) - max(other.start_s, turn.end_s)
        # Somebody who began while this speaker went on, and is nearly done, took no turn in the pause.
        if inside > min(_ROOM_S, (other.end_s - other.start_s) / 2):
            return False
    return True


def _utterance(channel: int, words: tuple[Word, ...], suspect: str) -> Utterance:
    text = "".join(word.text for word in words).strip()
    return Utterance(channel, words[0].start_s, max(word.end_s for word in words), text, words, suspect)


def _runs(words: Sequence[Word], pause_s: float) -> list[tuple[Word, ...]]:
    runs: list[list[Word]] = [[words[0]]]
    for word in words[1:]:
        if word.start_s - runs[-1][-1].end_s >= pause_s:
            runs.append([])
        runs[-1].append(word)
    return [tuple(run) for run in runs]


def _spaced(words: tuple[Word, ...], language: str) -> tuple[Word, ...]:
    """Give words of files that leave out spaces their space back."""
    if language == "zh" or any(word.text.startswith(" ") for word in words[1:]):
        return words
    return tuple(word if word.text.startswith(" ") else replace(word, text=" " + word.text) for word in words)


def _seam(words: tuple[Word, ...]) -> tuple[Word, ...]:
    first = words[0]
    return words if first.text.startswith(" ") else (replace(first, text=" " + first.text), *words[1:])
