"""Packs the speech of one channel into windows for the recogniser and maps times back.

Whisper reads 30 s at a time. Silence costs as much as speech, so long pauses are shortened; short ones stay as they
are, because speech glued without a pause makes the recogniser stop early.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qa.conversation import Interval
from qa.transcription.engine import SAMPLE_RATE_HZ, Samples

WINDOW_S = 28.0
PADDING_S = 0.2
KEPT_PAUSE_S = 0.8
# A word is surely spoken this long before its end.
_WORD_TAIL_S = 0.15
_NEAR_S = 0.5
# The batched pipeline rounds clip starts down to 10 ms frames.
_FRAME = SAMPLE_RATE_HZ // 100

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Window:
    """Pieces of one channel, seconds in the recording, played one after another.

    `speech` are the unpadded speech intervals inside, for clamping words and for counting speech seconds.
    """

    pieces: tuple[Span, ...]
    speech: tuple[Span, ...]

    @property
    def duration_s(self) -> float:
        """Length of the packed audio."""
        return sum(end - start for start, end in self.pieces)

    @property
    def speech_s(self) -> float:
        """Seconds of speech inside."""
        return sum(end - start for start, end in self.speech)

    def audio(self, samples: Samples) -> npt.NDArray[np.float32]:
        """Packed audio, float32 in [-1, 1), of a whole number of 10 ms frames."""
        parts = [samples[_place(start) : _place(end)] for start, end in self.pieces]
        packed = np.concatenate(parts).astype(np.float32) / 32768.0
        return np.pad(packed, (0, -len(packed) % _FRAME))

    def original(self, start_s: float, end_s: float) -> Span:
        """Map the packed time of a word to the recording.

        The first word after a pause is given the whole pause by the recogniser, only its end is right: so the end
        says which piece it belongs to, and its start moves to where speech begins.
        """
        borders = [0.0]
        for start, end in self.pieces:
            borders.append(borders[-1] + end - start)
        anchor = min(max(end_s - _WORD_TAIL_S, start_s, 0.0), borders[-1])
        number = max(0, min(bisect_right(borders, anchor) - 1, len(self.pieces) - 1))
        piece_start, piece_end = self.pieces[number]
        shift = piece_start - borders[number]
        first = min(max(start_s + shift, piece_start), piece_end)
        last = min(max(end_s + shift, first), piece_end)
        return clamp_to_speech(first, last, self.speech)


def clamp_to_speech(start_s: float, end_s: float, speech: Sequence[Span]) -> Span:
    """Cut silence off a word that drifted into a pause; a word far from any speech stays as it is."""
    anchor = max(start_s, end_s - _WORD_TAIL_S)
    nearest = min(speech, key=lambda span: max(span[0] - anchor, anchor - span[1], 0.0), default=None)
    if nearest is None or max(nearest[0] - anchor, anchor - nearest[1]) > _NEAR_S:
        return start_s, end_s
    first = max(start_s, nearest[0])
    last = min(end_s, max(nearest[1], first))
    if end_s <= nearest[0]:
        return nearest[0], nearest[0]
    if start_s >= nearest[1]:
        return start_s, end_s
    return first, last


def pack(speech: Sequence[Span], samples: Samples, *, window_s: float = WINDOW_S) -> list[Window]:
    """Pack sorted speech intervals (seconds) of one channel into windows of at most `window_s`."""
    end_s = len(samples) / SAMPLE_RATE_HZ
    spans = _split_long(speech, samples, window_s - 2 * PADDING_S)
    windows: list[Window] = []
    pieces: list[Span] = []
    inside: list[Span] = []
    for number, (start, end) in enumerate(spans):
        before = start - spans[number - 1][1] if number else start
        after = spans[number + 1][0] - end if number + 1 < len(spans) else end_s - end
        piece = (start - _padding(before, first=not number), end + _padding(after, first=number + 1 == len(spans)))
        joined = _add_piece(pieces, piece)
        if pieces and _length(joined) > window_s:
            windows.append(Window(tuple(pieces), tuple(inside)))
            joined, inside = [piece], []
        pieces = joined
        inside.append((start, end))
    if pieces:
        windows.append(Window(tuple(pieces), tuple(inside)))
    return windows


def within(activity: Sequence[Interval], channel: int, end_s: float) -> list[Span]:
    """Speech of one channel in order, merged where it overlaps and cut to [0, `end_s`]."""
    merged: list[Span] = []
    for piece in sorted((piece for piece in activity if piece.channel == channel), key=lambda piece: piece.start_s):
        start, end = max(0.0, piece.start_s), min(end_s, piece.end_s)
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        elif end > start:
            merged.append((start, end))
    return merged


def joined(speech: Sequence[Span], *, pause_s: float = KEPT_PAUSE_S) -> list[Span]:
    """Join speech over pauses shorter than `pause_s`: a phrase is recognised better whole."""
    result: list[Span] = []
    for start, end in speech:
        if result and start - result[-1][1] < pause_s:
            result[-1] = (result[-1][0], end)
        else:
            result.append((start, end))
    return result


def copied_channels(channels: Sequence[Samples]) -> dict[int, int]:
    """Channels that repeat an earlier one sample by sample ("fake stereo"), with that earlier one."""
    copies: dict[int, int] = {}
    for number in range(1, len(channels)):
        for original in range(number):
            if original not in copies and np.array_equal(channels[number], channels[original]):
                copies[number] = original
                break
    return copies


def _padding(gap_s: float, *, first: bool) -> float:
    """Neighbours share the pause between them, so that no word is heard twice."""
    return max(0.0, min(PADDING_S, gap_s if first else gap_s / 2))


def _add_piece(pieces: list[Span], piece: Span) -> list[Span]:
    if not pieces:
        return [piece]
    last_start, last_end = pieces[-1]
    gap = piece[0] - last_end
    if gap <= KEPT_PAUSE_S:
        return [*pieces[:-1], (last_start, max(last_end, piece[1]))]
    half = KEPT_PAUSE_S / 2
    return [*pieces[:-1], (last_start, last_end + half), (piece[0] - half, piece[1])]


def _split_long(speech: Sequence[Span], samples: Samples, longest_s: float) -> list[Span]:
    result: list[Span] = []
    for start, end in speech:
        begin = start
        while end - begin > longest_s:
            cut = _quietest(samples, begin + longest_s * 0.6, begin + longest_s)
            result.append((begin, cut))
            begin = cut
        result.append((begin, end))
    return result


def _quietest(samples: Samples, start_s: float, end_s: float) -> float:
    """Middle of the quietest 50 ms between two times: the place where a cut harms least."""
    stretch = np.asarray(samples[_place(start_s) : _place(end_s)], dtype=np.float32)
    size = SAMPLE_RATE_HZ // 20
    count = len(stretch) // size
    if not count:
        return end_s
    energy = np.square(stretch[: count * size].reshape(count, size)).mean(axis=1)
    return start_s + (int(energy.argmin()) + 0.5) * size / SAMPLE_RATE_HZ


def _length(pieces: Sequence[Span]) -> float:
    return sum(end - start for start, end in pieces)


def _place(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE_HZ)
