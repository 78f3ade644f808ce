"""What the header of a file states about its length, read without a decoder.

libav takes the length of a WAV from the file's size and estimates that of an MP3 without a length tag, so a cut file
looks whole. These few bytes tell what the recorder meant to write.
"""

import struct
from dataclasses import dataclass
from typing import BinaryIO

# Recorders that write to a pipe cannot go back and put in the size; they leave one of these.
_UNKNOWN_SIZES = range(0x7FFFF000, 0x100000000)
_MAX_CHUNKS = 64


@dataclass(frozen=True, slots=True)
class WaveLength:
    """Seconds by the data size in the header, and seconds for which the file has bytes after the header."""

    stated_s: float
    room_s: float


def wave_length(source: BinaryIO, size: int) -> WaveLength | None:
    """Read the RIFF or RF64 header of `source` (`size` bytes long).

    None: not a WAV, damaged, no size stated, or compressed with a byte rate of zero. The position is left at the start.
    """
    try:
        return _parse(source, size)
    except struct.error:
        return None
    finally:
        source.seek(0)


def _parse(source: BinaryIO, size: int) -> WaveLength | None:
    source.seek(0)
    magic, _, form = struct.unpack("<4sI4s", source.read(12))
    if magic not in (b"RIFF", b"RF64") or form != b"WAVE":
        return None
    byte_rate = 0
    long_size: int | None = None
    for _ in range(_MAX_CHUNKS):
        name, length = struct.unpack("<4sI", source.read(8))
        start = source.tell()
        if name == b"ds64":
            long_size = struct.unpack("<QQ", source.read(16))[1]
        elif name == b"fmt ":
            byte_rate = struct.unpack("<HHII", source.read(12))[3]
        elif name == b"data":
            stated = long_size if magic == b"RF64" and long_size is not None else length
            unknown = stated == 0 or (magic == b"RIFF" and stated in _UNKNOWN_SIZES)
            if unknown or not byte_rate:
                return None
            return WaveLength(stated_s=stated / byte_rate, room_s=(size - start) / byte_rate)
        source.seek(start + length + length % 2)
    return None


def has_length_tag(source: BinaryIO) -> bool:
    """Whether an MP3 states its length (Xing, Info or VBRI tag in the first frame). Position left at the start."""
    source.seek(0)
    head = source.read(10)
    start = 0
    if head[:3] == b"ID3" and len(head) == 10:
        start = 10 + sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
    source.seek(start)
    frame = source.read(4096)
    source.seek(0)
    return any(tag in frame for tag in (b"Xing", b"Info", b"VBRI"))
