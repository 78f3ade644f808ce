"""How long a recording probably is, told without decoding it: for progress and time limits only."""

import struct

from qa.audio.recording import open_recording
from qa.audio.wave_header import wave_length
from qa.batch.source import CallSource
from qa.errors import InputError

# Usual bytes of a second of telephone or voice-recorder sound; corrected by what finished calls turn out to be.
_BYTES_PER_SECOND = {
    ".wav": 16_000,
    ".flac": 16_000,
    ".mp3": 4_000,
    ".m4a": 6_000,
    ".ogg": 3_000,
    ".opus": 3_000,
    ".amr": 1_600,
    ".gsm": 1_650,
}
_USUAL = 8_000
_BASE_LIMIT_S = 600.0
_LIMIT_PER_AUDIO_SECOND = 20.0


def audio_seconds(source: CallSource) -> float:
    """Likely length of the call in seconds, 0 for a ready transcript or a file that cannot be read."""
    if source.kind == "transcript" or source.reference is not None:
        return 0.0
    try:
        with open_recording(source.path) as stream:
            size = source.path.stat().st_size
            if (length := wave_length(stream, size)) is not None:
                return min(length.stated_s, length.room_s)
            stated = _flac_seconds(stream.read(42))
    except (InputError, OSError):
        return 0.0
    return stated or size / _BYTES_PER_SECOND.get(source.path.suffix.lower(), _USUAL)


def time_limit_s(source: CallSource) -> float:
    """Seconds after which the work on one call is stopped unless the user says otherwise; far above the usual."""
    return _BASE_LIMIT_S + _LIMIT_PER_AUDIO_SECOND * audio_seconds(source)


def _flac_seconds(head: bytes) -> float | None:
    if len(head) < 42 or head[:4] != b"fLaC":
        return None
    packed = struct.unpack(">Q", head[18:26])[0]
    rate, samples = packed >> 44, packed & ((1 << 36) - 1)
    return samples / rate if rate and samples else None
