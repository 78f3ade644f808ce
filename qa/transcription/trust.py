"""Marks recognised text that nobody said, so that it never fires a rule.

Whisper writes stock phrases of video subtitles into silence and music, loops, and hears the other party's voice
leaking into a channel.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from qa.conversation import Interval, Segment
from qa.shadow import shadow
from qa.transcription.guard import is_loop

_SPEECH_SHARE = 0.3
# Speech activity misses soft beginnings and ends.
_ACTIVITY_MARGIN_S = 0.2
_COPY_LIKENESS = 0.8
_COPY_CHARACTERS = 4
_COPY_START_S = 1.0

_SUBTITLES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(请|請)?不吝点赞.*",
        r".*(点赞|订阅|转发|打赏)支持明镜.*",
        r"明镜(需要您的支持|与点点栏目).*",
        r"(中文)?字幕(由|制作|志愿者|提供|组|校对|翻译|by).{0,20}",
        r"(由|本字幕).{0,12}(字幕组|社区提供|提供字幕).*",
        r".{0,8}amaraorg.*",
        r"(请)?(记得)?(点赞|订阅|关注)(我的|我们的)?(频道)?(点赞|订阅|关注|转发|收藏|小铃铛|打开|和|并|开启|、|，)*",
        r"(感谢|谢谢)(您的|大家的?|你的|各位)?(观看|收看|收听)(本(期|集|次)(视频|节目))?(我们)?(下期|下次|下集)?(再见|再会)?",
        r"(我们)?(下期|下集)(视频|节目)?(再见|再会)",
        r"优优独播剧场yoyotelevisionseriesexclusive",
        r"(词曲|作词|作曲|编曲).{0,12}",
        r"(thanks|thankyou)(so much|somuch|verymuch)?forwatching(thisvideo|myvideo|everyone|guys)?(seeyou.*|bye.*)?",
        r"(please|dontforgetto)*(likeand|like)?subscribe(to(my|our|the|this)(youtube)?channel)?(formore\w{0,12})?",
        r"(subtitles|captions|transcription|transcribed|translated)by.*",
        r"(seeyou|illseeyou)in(the|my)nextvideo.*",
    )
)
_SILENT = re.compile(r"[\W_]+", re.UNICODE)


def mark_suspects(segments: tuple[Segment, ...], activity: Sequence[Interval]) -> tuple[Segment, ...]:
    """Return the segments with `suspect` set where the text is not to be trusted; earlier marks stay.

    `activity` empty means that it is unknown: nothing is then marked as silence.
    """
    marked = [
        segment if segment.suspect else replace(segment, suspect=_reason(segment, activity)) for segment in segments
    ]
    copied = _copies(marked)
    return tuple(
        replace(segment, suspect="copied") if number in copied else segment for number, segment in enumerate(marked)
    )


def is_subtitle(text: str) -> bool:
    """Whether the whole of `text` is a stock phrase of video subtitles."""
    plain = _plain(text)
    return bool(plain) and any(pattern.fullmatch(plain) for pattern in _SUBTITLES)


def _plain(text: str) -> str:
    return _SILENT.sub("", shadow(text))


def _reason(segment: Segment, activity: Sequence[Interval]) -> str:
    if is_subtitle(segment.text):
        return "subtitle"
    if is_loop(segment.text):
        return "loop"
    return "silence" if activity and _in_silence(segment, activity) else ""


def _in_silence(segment: Segment, activity: Sequence[Interval]) -> bool:
    """Whether too few of the words fall on speech activity of the channel."""
    spans = [(word.start_s, word.end_s) for word in segment.words]
    if not spans and segment.start_s is not None and segment.end_s is not None:
        spans = [(segment.start_s, segment.end_s)]
    if not spans:
        return False
    first, last = spans[0][0] - _ACTIVITY_MARGIN_S, spans[-1][1] + _ACTIVITY_MARGIN_S
    speech = [
        (piece.start_s - _ACTIVITY_MARGIN_S, piece.end_s + _ACTIVITY_MARGIN_S)
        for piece in activity
        if piece.channel == segment.channel and piece.end_s > first and piece.start_s < last
    ]
    spoken = sum(1 for start, end in spans if any(begin <= (start + end) / 2 <= stop for begin, stop in speech))
    return spoken < _SPEECH_SHARE * len(spans)


def _copies(segments: Sequence[Segment]) -> set[int]:
    """Numbers of segments that repeat, at the same time, what another channel says more clearly."""
    copied: set[int] = set()
    for number, segment in enumerate(segments):
        if segment.suspect or segment.start_s is None or number in copied:
            continue
        for other in range(number + 1, len(segments)):
            partner = segments[other]
            if partner.start_s is None or partner.start_s - segment.start_s > _COPY_START_S:
                break
            if partner.channel != segment.channel and not partner.suspect and _alike(segment.text, partner.text):
                copied.add(other if _clearness(partner) <= _clearness(segment) else number)
    return copied


def _alike(one: str, other: str) -> bool:
    first, second = _plain(one), _plain(other)
    if min(len(first), len(second)) < _COPY_CHARACTERS:
        return False
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= _COPY_LIKENESS


def _clearness(segment: Segment) -> float:
    words = segment.words
    return sum(word.probability for word in words) / len(words) if words else 0.0
