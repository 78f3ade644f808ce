"""Bad recordings: refused with a stable code, or read as far as possible with a warning."""

import shutil
import struct
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.audio.decode import AudioLimits, decode
from qa.errors import RecordingError

from .conftest import Writer, riff, tones

SECOND = tones(440, seconds=1, rate=8000).tobytes()


def _cue_only_video(path: Path) -> None:
    with av.open(str(path), "w") as out:
        stream = out.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for _ in range(10):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")))
        out.mux(stream.encode(None))


BAD: dict[str, tuple[bytes | Callable[[Path], None], str]] = {
    "empty.wav": (b"", "empty"),
    "random.wav": (np.random.default_rng(0).bytes(50_000), "refused_format"),
    "text.wav": (b"Agent: hello, how can I help you?\n" * 50, "refused_format"),
    "text.mp3": ("坐席：您好。\n".encode() * 500, "refused_format"),
    "concat.wav": (b"ffconcat version 1.0\nfile 'other.wav'\n", "refused_format"),
    "playlist.wav": (b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nother.wav\n#EXT-X-ENDLIST\n", "refused_format"),
    "dash.mp4": (b'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"></MPD>', "refused_format"),
    "session.wav": (b"v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n", "refused_format"),
    "subtitle.wav": (b"1\n00:00:01,000 --> 00:00:02,000\nhello\n\n" * 9, "refused_format"),
    "header_only.wav": (riff(b""), "no_samples"),
    "absurd.wav": (b"RIFF" + b"\xff" * 200, "refused_format"),
    "rate.wav": (riff(SECOND, rate=1_000_000), "sample_rate"),
    "slow.wav": (riff(SECOND, rate=100), "sample_rate"),
    "many.wav": (riff(SECOND * 8, channels=8), "too_many_channels"),
    "silent.mp4": (_cue_only_video, "no_audio"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_recordings_are_refused(name: str, tmp_path: Path) -> None:
    """Each has its code, names the file, and leaves nothing in the work folder; its neighbour stays unread."""
    content, code = BAD[name]
    (tmp_path / "other.wav").write_bytes(riff(SECOND))
    work = tmp_path / "work"
    work.mkdir()
    path = tmp_path / name
    if callable(content):
        content(path)
    else:
        path.write_bytes(content)
    with pytest.raises(RecordingError) as caught:
        decode(path, workdir=work)
    assert caught.value.code == code
    assert name in caught.value.in_language("zh")
    assert name in caught.value.in_language("en")
    assert not list(work.iterdir())


def test_surround_sound_is_refused(encode: Writer, tmp_path: Path) -> None:
    """7.1 has no agent and customer channel; the message says how to pick two."""
    path = encode("call.flac", "flac", tones(*range(200, 1000, 100), seconds=1, rate=48000), 48000)
    with pytest.raises(RecordingError, match=r"has 8 channels.*pan=stereo") as caught:
        decode(path, workdir=tmp_path)
    assert caught.value.code == "too_many_channels"


def test_moov_less_m4a_is_refused(encode: Writer, tmp_path: Path) -> None:
    """An MP4 cut before its index cannot be read."""
    path = encode("call.m4a", "aac", tones(440, seconds=3, rate=16000), 16000)
    path.write_bytes(path.read_bytes()[:-1500])
    with pytest.raises(RecordingError) as caught:
        decode(path, workdir=tmp_path)
    assert caught.value.code == "refused_format"


@pytest.mark.parametrize("limit_s", [10.0, 3600.0])
def test_longer_than_allowed_is_refused_before_decoding(limit_s: float, sparse_call: Path, tmp_path: Path) -> None:
    """Ten hours against a short limit: the header is enough."""
    with pytest.raises(RecordingError, match=r"lasts 36000 s \(stated by its header\)") as caught:
        decode(sparse_call, limits=AudioLimits(max_duration_s=limit_s), workdir=tmp_path)
    assert caught.value.code == "too_long"


def test_longer_than_allowed_is_refused_while_decoding(tmp_path: Path) -> None:
    """A header may state nothing or too little; the cap holds while sound comes out."""
    path = tmp_path / "call.wav"
    path.write_bytes(riff(SECOND * 20, stated=0xFFFFFFFF))
    assert decode(path, workdir=tmp_path).recording.duration_s == pytest.approx(20)
    shrunk = tmp_path / "call.flac"
    _flac_stating(shrunk, seconds=20, stated_s=1)
    with pytest.raises(RecordingError, match="decoded so far") as caught:
        decode(shrunk, limits=AudioLimits(max_duration_s=10), workdir=tmp_path)
    assert caught.value.code == "too_long"


def _flac_stating(path: Path, *, seconds: int, stated_s: int) -> None:
    import soundfile

    soundfile.write(path, tones(440, seconds=seconds, rate=8000)[0], 8000)
    content = bytearray(path.read_bytes())
    # STREAMINFO: the low 36 bits of bytes 18..26 are the number of samples.
    (packed,) = struct.unpack(">Q", content[18:26])
    content[18:26] = struct.pack(">Q", packed >> 36 << 36 | stated_s * 8000)
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("stated_s", "held_s", "words"),
    [
        (10, 3, "truncated: header says 10.0 s, decoded 3.0 s"),
        (100_000, 3, "truncated: header says 100000.0 s, decoded 3.0 s"),
        (2, 10, "lying header: it says 2.0 s, the file holds 10.0 s, decoded 2.0 s"),
        (10, 10, None),
        (10, 9.5, None),
    ],
)
def test_wav_length_against_header(stated_s: int, held_s: float, words: str | None, tmp_path: Path) -> None:
    """The data size in the header is compared with what came out."""
    path = tmp_path / "call.wav"
    path.write_bytes(riff((SECOND * 10)[: int(held_s * 16000)], stated=stated_s * 16000))
    assert [warning.en for warning in decode(path, workdir=tmp_path).warnings] == ([words] if words else [])


@pytest.mark.parametrize("unknown", [0, 0x7FFFFFFF, 0xFFFFFFFF, 0x7FFFF000])
def test_wav_from_a_pipe_has_no_stated_length(unknown: int, tmp_path: Path) -> None:
    """Recorders that cannot seek leave a mark in place of the size: no warning, everything is read."""
    path = tmp_path / "call.wav"
    path.write_bytes(riff(SECOND * 3, stated=unknown))
    decoded = decode(path, workdir=tmp_path)
    assert decoded.recording.duration_s == pytest.approx(3)
    assert not decoded.warnings


@pytest.mark.parametrize(
    ("name", "codec"), [("call.mp3", "libmp3lame"), ("call.flac", "flac"), ("call.amr", "libopencore_amrnb")]
)
def test_truncated_compressed_files(name: str, codec: str, encode: Writer, tmp_path: Path) -> None:
    """Half a file gives half the sound, and says so wherever the header states a length."""
    path = encode(name, codec, tones(440, seconds=10, rate=8000), 8000)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    decoded = decode(path, workdir=tmp_path)
    assert decoded.recording.duration_s == pytest.approx(5, abs=1.5)
    assert any("truncated: header says 10" in warning.en for warning in decoded.warnings) is (name != "call.amr")


def test_bad_packets_are_skipped_and_reported(encode: Writer, tmp_path: Path) -> None:
    """Damage in the middle is said and filled with silence, so that later sound keeps its time."""
    path = encode("call.m4a", "aac", tones(440, 700, seconds=20, rate=8000), 8000)
    content = bytearray(path.read_bytes())
    middle = content.index(b"mdat") + (len(content) - content.index(b"mdat")) // 2
    content[middle : middle + 8000] = np.random.default_rng(0).bytes(8000)
    path.write_bytes(content)
    decoded = decode(path, workdir=tmp_path)
    assert decoded.recording.duration_s == pytest.approx(20, abs=0.5)
    assert any("could not be decoded and were skipped" in warning.en for warning in decoded.warnings)


def _outcome(path: Path, work: Path) -> int | str:
    """Number of samples, or code of the refusal."""
    try:
        return len(decode(path, workdir=work).channels[0])
    except RecordingError as error:
        return error.code


SEEDS = {"call.wav": "pcm_mulaw", "call.mp3": "libmp3lame", "call.m4a": "aac", "call.ogg": "libopus"}


@pytest.mark.parametrize("name", SEEDS)
def test_mutated_files_decode_or_are_refused(name: str, encode: Writer, tmp_path: Path) -> None:
    """Whatever bytes are changed, the outcome is sound of sane length or a coded refusal."""
    rate = 48000 if name == "call.ogg" else 8000
    original = encode(name, SEEDS[name], tones(440, seconds=1, rate=rate), rate).read_bytes()

    places = st.one_of(st.integers(0, min(200, len(original) - 1)), st.integers(0, len(original) - 1))
    changes = st.lists(st.tuples(places, st.integers(0, 255)), min_size=1, max_size=12)

    @settings(max_examples=8, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(changes)
    def mutate(edits: list[tuple[int, int]]) -> None:
        content = bytearray(original)
        for place, value in edits:
            content[place] = value
        path = tmp_path / f"mutated{Path(name).suffix}"
        path.write_bytes(content)
        work = tmp_path / "work"
        work.mkdir()
        outcome = _outcome(path, work)
        shutil.rmtree(work)
        assert outcome not in ("crashed", "timeout", "out_of_memory", 0)

    mutate()
