"""Decoding good recordings of every common format."""

from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from qa.audio.decode import DecodedAudio, as_float32, decode
from qa.audio.recording import recording_id

from .conftest import Writer, tones

LEFT_HZ, RIGHT_HZ, SECONDS = 400.0, 1100.0, 3.0

# name, encoder, file rate, channels
FORMATS = [
    ("pcm.wav", "pcm_s16le", 8000, 2),
    ("float.wav", "pcm_f32le", 44100, 2),
    ("same_as_output.wav", "pcm_s16le", 16000, 1),
    ("ulaw.wav", "pcm_mulaw", 8000, 2),
    ("alaw.wav", "pcm_alaw", 8000, 2),
    ("adpcm.wav", "adpcm_ima_wav", 8000, 2),
    ("call.w64", "pcm_s16le", 8000, 2),
    ("call.au", "pcm_mulaw", 8000, 2),
    ("call.aiff", "pcm_s16be", 8000, 2),
    ("call.flac", "flac", 8000, 2),
    ("call.mp3", "libmp3lame", 44100, 2),
    ("call.m4a", "aac", 48000, 2),
    ("call.aac", "aac", 48000, 2),
    ("call.mp4", "aac", 44100, 2),
    ("call.ogg", "libopus", 48000, 2),
    ("call.opus", "libopus", 48000, 2),
    ("call.webm", "libopus", 48000, 2),
    ("call.mkv", "flac", 48000, 2),
    ("call.wma", "wmav2", 44100, 2),
    ("call.amr", "libopencore_amrnb", 8000, 1),
    ("call.3gp", "libopencore_amrnb", 8000, 1),
    ("call.ulaw", "pcm_mulaw", 8000, 1),
    ("call.al", "pcm_alaw", 8000, 1),
    ("call.g722", "g722", 16000, 1),
]
CONTAINERS = {"call.ulaw": "mulaw", "call.al": "alaw", "call.wma": "asf"}


def _has(codec: str) -> bool:
    try:
        av.Codec(codec, "w")
    except av.codec.codec.UnknownCodecError:
        return False
    return True


def _pitch_hz(samples: np.ndarray) -> float:
    middle = as_float32(samples[len(samples) // 4 : -len(samples) // 4])
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    return float(spectrum.argmax() * 16000 / len(middle))


def _check_tones(decoded: DecodedAudio, channels: int) -> None:
    assert decoded.recording.channels == len(decoded.channels) == channels
    assert decoded.recording.duration_s == pytest.approx(SECONDS, abs=0.15)
    for samples, pitch in zip(decoded.channels, (LEFT_HZ, RIGHT_HZ), strict=False):
        assert samples.dtype == np.int16
        assert len(samples) / 16000 == decoded.recording.duration_s
        assert _pitch_hz(samples) == pytest.approx(pitch, abs=3)
    assert not decoded.warnings


@pytest.mark.parametrize(("name", "codec", "rate", "channels"), FORMATS, ids=[row[0] for row in FORMATS])
def test_round_trip(name: str, codec: str, rate: int, channels: int, encode: Writer, tmp_path: Path) -> None:
    """Length, channel order and pitch survive, without a warning."""
    if not _has(codec):
        pytest.skip(f"av has no encoder {codec}")
    sound = tones(*(LEFT_HZ, RIGHT_HZ)[:channels], seconds=SECONDS, rate=rate)
    path = encode(name, codec, sound, rate, CONTAINERS.get(name))
    decoded = decode(path, workdir=tmp_path)
    _check_tones(decoded, channels)
    assert decoded.recording.sample_rate_hz == (48000 if codec == "libopus" else rate)
    assert decoded.recording.id == recording_id(path)


@pytest.mark.parametrize(("name", "container"), [("call.gsm", "RAW"), ("call.wav", "WAV"), ("wav49.gsm", "WAV")])
def test_gsm_with_and_without_header(name: str, container: str, tmp_path: Path) -> None:
    """Headerless GSM goes by its suffix; a WAV under that suffix by its header."""
    sound = tones(LEFT_HZ, seconds=SECONDS, rate=8000)[0]
    soundfile.write(tmp_path / name, sound, 8000, format=container, subtype="GSM610")
    _check_tones(decode(tmp_path / name, workdir=tmp_path), 1)


def test_suffix_does_not_matter_where_a_header_is(encode: Writer, tmp_path: Path) -> None:
    """An MP3 named .wav is read as what it is."""
    path = encode("call.mp3", "libmp3lame", tones(LEFT_HZ, seconds=SECONDS, rate=44100), 44100)
    _check_tones(decode(path.rename(tmp_path / "call.wav"), workdir=tmp_path), 1)


@pytest.mark.parametrize(
    ("right_gain", "noise", "fake"),
    [(1.0, 0, True), (0.8, 20, True), (0.03, 0, False), (0.0, 0, False), (1.0, 5000, False)],
    ids=["copy", "near_copy", "crosstalk", "one_silent", "different"],
)
def test_fake_stereo(right_gain: float, noise: int, fake: bool, encode: Writer, tmp_path: Path) -> None:
    """A mono call saved as stereo is given once with a warning; leaking and silent channels are left alone."""
    chance = np.random.default_rng(0)
    left = chance.normal(0, 3000, 24000)
    right = left * right_gain + chance.normal(0, noise, 24000)
    path = encode("call.wav", "pcm_s16le", np.stack([left, right]).astype(np.int16), 8000)
    decoded = decode(path, workdir=tmp_path)
    assert decoded.fake_stereo is fake
    assert len(decoded.channels) == (1 if fake else 2)
    assert any("fake stereo" in warning.en for warning in decoded.warnings) is fake


def test_holes_in_time_stamps_become_silence(tmp_path: Path) -> None:
    """A recorder that leaves silence out keeps its clock: the second tone starts where it was said."""
    path = tmp_path / "call.mkv"
    sound = tones(LEFT_HZ, seconds=1, rate=8000)
    with av.open(str(path), "w") as out:
        stream = out.add_stream("pcm_s16le", rate=8000, layout="mono")
        for start in (0, 5):
            for piece in range(5):
                frame = av.AudioFrame.from_ndarray(sound[:, :1600], format="s16", layout="mono")
                frame.sample_rate, frame.pts = 8000, start * 8000 + piece * 1600
                out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    decoded = decode(path, workdir=tmp_path)
    assert decoded.recording.duration_s == pytest.approx(6, abs=0.1)
    loud = np.flatnonzero(np.abs(decoded.channels[0]) > 1000) / 16000
    assert not ((loud > 1.1) & (loud < 4.9)).any()
    assert [warning.en for warning in decoded.warnings] == ["gaps: 4.0 s without data were filled with silence"]
