"""What was wrong with a recording that could be decoded all the same."""

from collections.abc import Mapping
from typing import Any

from qa.audio.wave_header import WaveLength
from qa.bilingual import Bilingual

_WHOLE = 0.9
# libav guesses the length of these from the bit rate, or the header has none.
_NO_STATED_LENGTH = frozenset({"aac", "mpegts", "mpeg", "flv"})

FAKE_STEREO = Bilingual(
    "fake stereo: both channels hold the same sound; read as one mono channel",
    "伪立体声：两个声道内容相同；按单声道处理",
)


def decode_warnings(
    answer: Mapping[str, Any], *, decoded_s: float, wave: WaveLength | None, length_tag: bool
) -> tuple[Bilingual, ...]:
    """Sentences about lengths that do not fit, bad packets, read errors, gaps and further tracks.

    `answer` is the decoding process's; `wave` the WAV header's length; `length_tag` whether an MP3 states its length.
    """
    found: list[Bilingual] = []
    found += _length(answer, decoded_s, wave, length_tag)
    if bad := answer["bad_packets"]:
        found.append(
            Bilingual(
                f"damaged: {bad} packet(s) could not be decoded and were skipped",
                f"文件受损：{bad} 个数据包无法解码，已跳过",
            )
        )
    if answer["stopped"]:
        found.append(
            Bilingual(
                f"damaged: reading stopped at {decoded_s:.1f} s ({answer['stopped']})",
                f"文件受损：在 {decoded_s:.1f} 秒处停止读取（{answer['stopped']}）",
            )
        )
    if (gaps := answer["gaps_s"]) >= 1:
        found.append(
            Bilingual(
                f"gaps: {gaps:.1f} s without data were filled with silence",
                f"数据缺失：{gaps:.1f} 秒无数据，已用静音填补",
            )
        )
    if (tracks := answer["tracks"]) > 1:
        found.append(Bilingual(f"{tracks} sound tracks; only the first is read", f"有 {tracks} 条音轨；只读取第一条"))
    return tuple(found)


def _length(answer: Mapping[str, Any], decoded_s: float, wave: WaveLength | None, length_tag: bool) -> list[Bilingual]:
    kind = str(answer["format"])
    stated = wave.stated_s if wave else answer["stated_s"]
    if kind in _NO_STATED_LENGTH or (kind == "mp3" and not length_tag):
        return []
    if stated is not None and decoded_s < _WHOLE * stated:
        return [
            Bilingual(
                f"truncated: header says {stated:.1f} s, decoded {decoded_s:.1f} s",
                f"文件不完整：文件头声明 {stated:.1f} 秒，实际解码 {decoded_s:.1f} 秒",
            )
        ]
    longest = max(wave.room_s if wave else 0.0, decoded_s)
    if stated is not None and stated < _WHOLE * longest and longest - stated > 1:
        return [
            Bilingual(
                f"lying header: it says {stated:.1f} s, the file holds {longest:.1f} s, decoded {decoded_s:.1f} s",
                f"文件头不实：声明 {stated:.1f} 秒，文件含 {longest:.1f} 秒，实际解码 {decoded_s:.1f} 秒",
            )
        ]
    return []
