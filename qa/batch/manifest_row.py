"""What one row of a manifest says of its call."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime

from qa.batch.source import CallMetadata
from qa.bilingual import Bilingual

# Header words, lower-case, → field. Everything else is kept as extra metadata under its own name.
COLUMNS: dict[str, str] = {
    **dict.fromkeys(("path", "file", "recording", "录音", "录音文件", "文件", "文件路径", "路径"), "path"),
    **dict.fromkeys(("started_at", "start_time", "开始时间", "通话时间", "呼叫时间"), "started_at"),
    **dict.fromkeys(("agent_id", "agent", "坐席工号", "坐席", "座席工号", "工号"), "agent_id"),
    **dict.fromkeys(("queue", "skill", "队列", "技能组"), "queue"),
    **dict.fromkeys(("direction", "方向", "呼叫方向"), "direction"),
    **dict.fromkeys(("agent_channel", "坐席声道", "座席声道"), "agent_channel"),
    **dict.fromkeys(("ring_s", "振铃秒数", "振铃时长"), "ring_s"),
}
_CHANNELS = {
    **dict.fromkeys(("0", "left", "l", "左", "左声道"), 0),
    **dict.fromkeys(("1", "right", "r", "右", "右声道"), 1),
}
_DIRECTIONS = {
    **dict.fromkeys(("inbound", "in", "呼入", "来电"), "inbound"),
    **dict.fromkeys(("outbound", "out", "呼出", "外呼", "去电"), "outbound"),
}
_DATE_WORDS = str.maketrans({"年": "-", "月": "-", "日": " ", "/": "-", "时": ":", "分": ":", "秒": ""})
_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d")
_LONGEST_RING_S = 3600.0


class RowError(Exception):
    """A cell that cannot be understood."""

    def __init__(self, code: str, en: str, zh: str) -> None:
        super().__init__(en)
        self.code = code
        self.message = Bilingual(en, zh)


def metadata_of(cells: Mapping[str, str], extra: Mapping[str, str]) -> CallMetadata:
    """Metadata from the known cells of one row. A blank cell is unknown. Raises RowError naming the bad cell."""
    return CallMetadata(
        started_at=_moment(cells.get("started_at", "")),
        agent_id=cells.get("agent_id") or None,
        queue=cells.get("queue") or None,
        direction=_direction(cells.get("direction", "")),
        agent_channel=_channel(cells.get("agent_channel", "")),
        ring_s=_ring(cells.get("ring_s", "")),
        extra={name: value for name, value in extra.items() if value},
    )


def _moment(text: str) -> datetime | None:
    """ISO 8601 or a written date; without a time zone it is the clock of this computer. Returned in UTC."""
    if not text:
        return None
    try:
        return _parsed(text).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise RowError(
            "bad_date",
            f"started_at {text!r} is not a time; write for example 2025-03-07 14:30 or 2025-03-07T14:30:00+08:00",
            f"开始时间 {text!r} 无法识别；请写成 2025-03-07 14:30 或 2025-03-07T14:30:00+08:00",
        ) from None


def _parsed(text: str) -> datetime:
    if not text.isdigit():
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    plain = " ".join(text.translate(_DATE_WORDS).split()).rstrip(":")
    for form in _FORMATS:
        try:
            return datetime.strptime(plain, form)  # noqa: DTZ007 - the caller attaches the zone
        except ValueError:
            continue
    raise ValueError(text)


def _direction(text: str) -> str | None:
    return _DIRECTIONS.get(text.lower(), text) or None


def _channel(text: str) -> int | None:
    if not text:
        return None
    if text.lower() in _CHANNELS:
        return _CHANNELS[text.lower()]
    raise RowError(
        "bad_channel",
        f"agent_channel {text!r} is not a channel; allowed are left (0) and right (1)",
        f"坐席声道 {text!r} 无效；可填 左（0）或 右（1）",
    )


def _ring(text: str) -> float | None:
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if 0 <= seconds <= _LONGEST_RING_S:
        return seconds
    raise RowError(
        "bad_ring",
        f"ring_s {text!r} is not a number of seconds from 0 to {_LONGEST_RING_S:.0f}",
        f"振铃秒数 {text!r} 无效；应为 0 到 {_LONGEST_RING_S:.0f} 的秒数",
    )
