"""Ready transcripts: every format is read, and what is wrong is named."""

import gzip
import json
from pathlib import Path

import pytest

from qa.conversation import Transcript
from qa.errors import TranscriptError
from qa.transcription import replay
from qa.transcription.engine import TRANSCRIBERS, TranscriptionSource
from qa.transcription.replay import read_transcript

TURNS = [
    {"role": "agent", "start": 0.5, "end": 2.0, "text": "您好，请问有什么可以帮您？"},
    {"role": "customer", "start": 2.5, "end": 4.0, "text": "我要查话费。"},
]


def written(folder: Path, content: object, name: str = "call.json") -> Path:
    """Write text, bytes or JSON."""
    path = folder / name
    data = content if isinstance(content, str | bytes) else json.dumps(content, ensure_ascii=False)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def brief(transcript: Transcript) -> list[tuple[str | None, float | None, float | None, str]]:
    """What the tests look at."""
    return [(part.speaker, part.start_s, part.end_s, part.text) for part in transcript.segments]


EXPECTED = [("agent", 0.5, 2.0, "您好，请问有什么可以帮您？"), ("customer", 2.5, 4.0, "我要查话费。")]
VTT = """WEBVTT

00:00.500 --> 00:02.000
<v 坐席>您好，请问有什么可以帮您？

2
00:00:02.500 --> 00:00:04.000 align:left
<v.loud 客户>我要<b>查</b>话费。</v>
"""
SRT = """1
00:00:00,500 --> 00:00:02,000
坐席：您好，请问有什么可以帮您？

2
00:00:02,500 --> 00:00:04,000
[客户]: 我要查话费。
"""
CSV = "开始,结束,角色,内容\n0.5,0:02,坐席,您好，请问有什么可以帮您？\n2.5,00:00:04.0,客户,我要查话费。\n".replace(
    "您好，", '"您好，'
).replace("帮您？", '帮您？"')
VCON = {
    "vcon": "0.4.0",
    "uuid": "0190a0c0-0000-8000-8000-000000000000",
    "parties": [{"name": "Li", "meta": {"role": "agent"}}, {"name": "Customer"}],
    "dialog": [{"type": "recording", "url": "https://example.invalid/call.wav"}],
    "analysis": [
        {"type": "summary", "body": "…"},
        {
            "type": "transcript",
            "encoding": "json",
            "body": json.dumps(
                {
                    "segments": [
                        {"party": index, "start": t["start"], "end": t["end"], "text": t["text"]}
                        for index, t in enumerate(TURNS)
                    ]
                }
            ),
        },
    ],
}
WHISPER = {
    "language": "zh",
    "segments": [
        {"speaker": t["role"].upper(), "start": t["start"], "end": t["end"], "text": " " + t["text"]} for t in TURNS
    ],
}
CPP = {
    "result": {"language": "zh"},
    "transcription": [
        {"speaker": t["role"], "offsets": {"from": t["start"] * 1000, "to": t["end"] * 1000}, "text": t["text"]}
        for t in TURNS
    ],
}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("own.json", {"id": "x", "lang": "zh", "turns": TURNS, "gold": {"a": 1}}),
        ("cues.vtt", VTT),
        ("cues.srt", SRT),
        ("turns.csv", CSV),
        ("turns-gb.csv", CSV.encode("gb18030")),
        ("turns-bom.csv", CSV.encode("utf-8-sig")),
        ("turns-16.csv", CSV.encode("utf-16")),
        ("semicolon.csv", "role;start;end;text\nagent;0,5;2;您好，请问有什么可以帮您？\n客户;2,5;4;我要查话费。"),
        ("call.vcon", VCON),
        ("zipped.vcon", gzip.compress(json.dumps(VCON).encode())),
        ("whisper.json", WHISPER),
        ("cpp.json", CPP),
        ("misnamed.srt", VTT),
    ],
)
def test_formats(tmp_path: Path, name: str, content: object) -> None:
    """One conversation, told by content in every format, comes out the same."""
    transcript = read_transcript(written(tmp_path, content, name))
    assert brief(transcript) == EXPECTED
    assert transcript.language == "zh"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"start": 3.0, "end": 1.0}, "turn 2: it ends at 1 s"),
        ({"start": -1}, "turn 2: start is -1"),
        ({"end": float("nan")}, "turn 2: end is nan"),
        ({"end": float("inf")}, "turn 2: end is inf"),
        ({"end": 700_000}, "turn 2: end is 700000"),
        ({"end": 10**400}, "turn 2: end is 1000"),
        ({"start": "soon"}, "turn 2: start is 'soon'"),
        ({"start": True}, "turn 2: start is True"),
        ({"text": 7}, "turn 2: the text is int"),
        ({"text": None}, "turn 2: the text is NoneType"),
        ({"text": "啊" * 200_000}, "turn 2: 200000 characters"),
    ],
)
def test_impossible_turns_are_named(tmp_path: Path, change: dict[str, object], message: str) -> None:
    """Impossible times and texts are errors that name file and turn, in both languages."""
    path = written(tmp_path, {"turns": [TURNS[0], TURNS[1] | change]})
    with pytest.raises(TranscriptError) as caught:
        read_transcript(path)
    assert message in caught.value.in_language("en")
    assert caught.value.path == str(path)
    assert caught.value.message.zh


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "transcript_empty"),
        ("  \n", "transcript_empty"),
        ({"turns": []}, "transcript_empty"),
        ({"turns": [{"role": "agent", "text": "  "}]}, "transcript_empty"),
        ({"segments": []}, "transcript_empty"),
        ({"name": "package", "version": "1.0"}, "transcript_format"),
        ("[1, 2, 3]", "transcript_format"),
        ("[" * 100_000, "transcript_format"),
        ("{broken", "transcript_format"),
        ("just a letter to a friend", "transcript_format"),
        ("name,age\nAnn,7\n", "transcript_format"),
        (b"\xff\xfe\xff", "transcript_encoding"),
        (b"RIFF\x00\xff\xfe\xffWAVE\x81\x00", "transcript_encoding"),
        (b"\x1f\x8bbroken", "TranscriptError"),
        ({"turns": {"a": 1}}, "TranscriptError"),
        ({"turns": ["hello"]}, "transcript_turn"),
        ("WEBVTT\n\n", "transcript_empty"),
        ({"vcon": "0.4.0", "critical": ["lawful"], "parties": []}, "vcon_critical"),
        ({"vcon": "0.4.0", "parties": [], "analysis": 3, "dialog": [5]}, "transcript_empty"),
    ],
)
def test_what_is_no_transcript(tmp_path: Path, content: object, code: str) -> None:
    """Other files are refused with a stable code."""
    with pytest.raises(TranscriptError) as caught:
        read_transcript(written(tmp_path, content))
    assert caught.value.code == code


def test_missing_and_huge_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file, a folder, and more than the limit (also after unpacking) are errors."""
    for path in (tmp_path / "absent.json", tmp_path):
        with pytest.raises(TranscriptError, match="no such file"):
            read_transcript(path)
    monkeypatch.setattr(replay, "MAX_BYTES", 1000)
    for data in (b"x" * 1001, gzip.compress(b"x" * 100_000)):
        with pytest.raises(TranscriptError, match="larger than"):
            read_transcript(written(tmp_path, data))


def test_times_and_roles_may_be_absent(tmp_path: Path) -> None:
    """A chat without times and with unknown names keeps the names as labels, and its turn numbers."""
    turns = [{"text": "hello"}, {"role": "小王", "text": ""}, {"role": "Advisor 2", "text": "how are you", "start": 1}]
    transcript = read_transcript(written(tmp_path, {"turns": turns}))
    assert brief(transcript) == [
        (None, None, None, "hello"),
        ("小王", None, None, ""),
        ("agent", 1.0, None, "how are you"),
    ]
    assert transcript.language == "en"


def test_words_without_times_are_interpolated(tmp_path: Path) -> None:
    """WhisperX leaves out times of words such as numbers; they go between their neighbours."""
    words = [
        {"word": "pay", "start": 1.0, "end": 1.4, "score": 0.9},
        {"word": "20"},
        {"word": "30"},
        {"word": "now", "start": 2.0, "end": 2.4},
        {"word": "please"},
    ]
    segment = {"start": 1.0, "end": 3.0, "text": "pay 20 30 now please", "words": words}
    (part,) = read_transcript(written(tmp_path, {"segments": [segment]})).segments
    assert [word.start_s for word in part.words] == pytest.approx([1.0, 1.4, 1.7, 2.0, 2.4])
    assert [word.end_s for word in part.words] == pytest.approx([1.4, 1.7, 2.0, 2.4, 3.0])
    assert part.words[0].probability == 0.9


def test_voice_tags_are_unescaped(tmp_path: Path) -> None:
    """Entities become characters, two voices of a cue become two turns."""
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Agent>A &amp; B &lt;c&gt;\n<v Customer>Yes: it is\n"
    transcript = read_transcript(written(tmp_path, text, "a.vtt"))
    assert [(part.speaker, part.text) for part in transcript.segments] == [
        ("agent", "A & B <c>"),
        ("customer", "Yes: it is"),
    ]


def test_other_language_is_a_warning(tmp_path: Path) -> None:
    """French is read as French, with a warning that rules do not exist for it."""
    transcript = read_transcript(written(tmp_path, {"lang": "fr-FR", "turns": [{"role": "agent", "text": "Bonjour"}]}))
    assert transcript.language == "fr"
    assert len(transcript.warnings) == 1


def test_unprintable_characters_are_dropped(tmp_path: Path) -> None:
    """NUL and lone surrogates would break the store later."""
    path = written(tmp_path, '{"turns": [{"role": "agent", "text": "a\\u0000b\\ud800c"}]}')
    assert read_transcript(path).segments[0].text == "abc"


def test_replay_is_a_transcriber(tmp_path: Path) -> None:
    """The registry's `replay` reads the file; `language` fills in only what nothing tells."""
    transcriber = TRANSCRIBERS.get("replay")()
    stated = transcriber.transcribe(TranscriptionSource(written(tmp_path, {"turns": TURNS})), language="en")
    assert (stated.language, stated.engine.name) == ("zh", "replay")
    digits = written(tmp_path, {"turns": [{"role": "agent", "text": "12345"}]}, "digits.json")
    assert transcriber.transcribe(TranscriptionSource(digits), language="zh-CN").language == "zh"
