"""Bad input of every kind, through the command that a user runs.

Each is one clear message that names the file, the exit code is right, and the rest of the batch is scored.
"""

import json
import os
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest

ROOT = Path(__file__).parent.parent
GOOD = ROOT / "samples" / "recordings" / "zh-01-lookup.json"


def riff(data: bytes, *, size: int | None = None, channels: int = 1) -> bytes:
    """A 16-bit 8 kHz WAV whose header states `size` data bytes."""
    size = len(data) if size is None else size
    form = struct.pack("<HHIIHH", 1, channels, 8000, 16000 * channels, 2 * channels, 16)
    return (
        b"RIFF" + struct.pack("<I", 36 + size) + b"WAVEfmt \x10\0\0\0" + form + b"data" + struct.pack("<I", size) + data
    )


def ten_hours(path: Path) -> None:
    """Ten hours of silence that take no room on the disk."""
    size = 10 * 3600 * 16000
    path.write_bytes(riff(b"", size=size))
    os.truncate(path, 44 + size)


def silent_video(path: Path) -> None:
    """A video without a sound track."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for _ in range(5):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")))
        out.mux(stream.encode(None))


def truncated_mp3(path: Path) -> None:
    """The first half of an mp3 of ten seconds of tone: no speech in it."""
    whole = path.with_suffix(".whole")
    with av.open(str(whole), "w", format="mp3") as out:
        stream = out.add_stream("libmp3lame", rate=16000, layout="mono")
        tone = (np.sin(np.arange(160_000) / 6) * 8000).astype(np.int16).reshape(1, -1)
        for start in range(0, 160_000, 1152):
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(tone[:, start : start + 1152]), "s16", "mono")
            frame.sample_rate = 16000
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    content = whole.read_bytes()
    whole.unlink()
    path.write_bytes(content[: len(content) // 2])


def turns(*rows: dict[str, object]) -> bytes:
    """A transcript in our own format."""
    return json.dumps({"turns": list(rows)}).encode()


SECOND = (np.sin(np.arange(8000) / 3) * 8000).astype(np.int16).tobytes()
# file name → what it holds, and a part of the message that names its fault
BAD = {
    "empty.wav": (b"", "empty"),
    "random.mp3": (np.random.default_rng(1).bytes(40_000), "not a sound file"),
    "text.wav": (b"Good morning, how can I help?\n" * 40, "not a sound file"),
    "cut.wav": (riff(SECOND, size=160_000), "no speech"),
    "cut.mp3": (truncated_mp3, "no speech"),
    "ten-hours.wav": (ten_hours, "longer than|limit|hours"),
    "no-sound.mp4": (silent_video, "no sound|no audio"),
    "surround.wav": (riff(SECOND * 8, channels=8), "8 channels"),
    "pipe.wav": (os.mkfifo, "pipe"),
    "concat.wav": (b"ffconcat version 1.0\nfile 'cut.wav'\n", "not a sound file"),
    "playlist.wav": (b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\ncut.wav\n", "not a sound file"),
    "reversed.json": (turns({"role": "agent", "text": "hello", "start": 5, "end": 1}), "before its start"),
    "absurd.json": (turns({"role": "agent", "text": "hello", "start": 1e12, "end": 2e12}), "absurd|days|longest"),
    "broken.vtt": (b"WEBVTT\n\n00:00:05.000 --> 00:00:01.000\nhello\n", "before its start"),
}


def qa(*arguments: object, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command line in English on a database of its own."""
    environment = {**os.environ, "CALLGRADE_LANG": "en", "COLUMNS": "400", "OMP_NUM_THREADS": "1"}
    environment["CALLGRADE_DATABASE"] = f"sqlite:///{folder / 'bad-input.db'}"
    command = [sys.executable, "-m", "qa", *map(str, arguments)]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    """One folder with every bad file, a link out of it and one good call, scored once."""
    outer = tmp_path_factory.mktemp("bad")
    folder = outer / "calls"
    folder.mkdir()
    for name, (content, _) in BAD.items():
        if callable(content):
            content(folder / name)
        else:
            (folder / name).write_bytes(content)
    shutil.copy(GOOD, folder / "good.json")
    (outer / "secret.wav").write_bytes(riff(SECOND))
    (folder / "link.wav").symlink_to(outer / "secret.wav")
    run = qa("score", folder, "--format", "jsonl", "--out", outer / "out.jsonl", folder=outer)
    records = [json.loads(line) for line in (outer / "out.jsonl").read_text("utf-8").splitlines()]
    return run, records


def test_the_rest_of_the_batch_is_scored(batch):
    """Exit 3, and the good call has its record."""
    run, records = batch
    assert run.returncode == 3, run.stderr
    assert [Path(record["recording"]["path"]).name for record in records] == ["good.json"]


@pytest.mark.parametrize("name", [*BAD, "link.wav"])
def test_each_bad_file_is_named(batch, name):
    """One line in the failure table, with the file and its fault."""
    fault = BAD[name][1] if name in BAD else "outside|link"
    lines = [line for line in batch[0].stderr.splitlines() if f"/{name}" in line]
    assert len(lines) == 1, batch[0].stderr
    assert any(part in lines[0] for part in fault.split("|")), lines[0]


ROW = "path,started_at,agent_id\n"
MANIFESTS = [
    ("out of the folder", (ROW + "../outside.json,,A1\ncall.json,,A2\n").encode(), 3, "row 2", 1),
    ("duplicate rows", (ROW + "call.json,,A1\ncall.json,,A1\n").encode(), 3, "row 3", 1),
    ("bad date", (ROW + "call.json,someday,A1\n").encode(), 3, "row 2", 0),
    ("missing column", b"title,agent\ncall.json,A1\n", 2, "path", 0),
    ("GB18030", "录音,坐席工号\ncall.json,甲一\n".encode("gb18030"), 0, "", 1),
]


@pytest.mark.parametrize(("name", "content", "code", "message", "scored"), MANIFESTS, ids=[row[0] for row in MANIFESTS])
def test_manifest(tmp_path, name, content, code, message, scored):
    """Bad rows are named by number and the other rows are scored; a manifest that is no manifest is a usage error."""
    folder = tmp_path / "calls"
    folder.mkdir()
    shutil.copy(GOOD, folder / "call.json")
    shutil.copy(GOOD, tmp_path / "outside.json")
    (folder / "manifest.csv").write_bytes(content)
    out = tmp_path / "out.jsonl"
    run = qa("score", "--manifest", folder / "manifest.csv", "--format", "jsonl", "--out", out, folder=tmp_path)
    assert run.returncode == code, run.stderr
    assert message in run.stderr
    assert (len(out.read_text("utf-8").splitlines()) if out.exists() else 0) == scored


CARD = (
    'id: mine\nversion: "1"\ntitle: T\nlanguage: zh\npass_mark: 60\nsections:\n- title: S\n  criteria:\n'
    "  - {id: greeting, title: G, kind: required, points: 5, rule: RULE}\n"
)
SCORECARDS = [
    ("broken YAML", "id: [1", 2, "broken YAML"),
    ("unknown key", CARD.replace("RULE", "{always: true}") + "colour: red\n", 2, "colour"),
    ("unknown operator", CARD.replace("RULE", "{shouts: {}}"), 2, "phrase_said"),
    ("regex bomb", CARD.replace("RULE", "{regex: {pattern: '(.+)+$x'}}"), 0, ""),
]


@pytest.mark.parametrize(("name", "text", "code", "message"), SCORECARDS, ids=[row[0] for row in SCORECARDS])
def test_scorecard(tmp_path, name, text, code, message):
    """A bad scorecard is a usage error that names file and place; a slow pattern is stopped and the call still scored."""
    card = tmp_path / "mine.yaml"
    card.write_text(text, "utf-8")
    run = qa("score", GOOD, "--scorecard", card, "--format", "jsonl", "--out", tmp_path / "out.jsonl", folder=tmp_path)
    assert run.returncode == code, run.stderr
    assert message in run.stderr
    if code:
        assert "mine.yaml" in run.stderr


def test_every_command_names_the_scorecard(tmp_path):
    """`qa try` and `qa scorecard check` name the file of a rule that does not compile, as `qa score` does."""
    card = tmp_path / "mine.yaml"
    card.write_text(CARD.replace("RULE", "{shouts: {}}"), "utf-8")
    for command in (["try", "您好", "--scorecard", card], ["scorecard", "check", card]):
        run = qa(*command, folder=tmp_path)
        assert run.returncode == 2, run.stderr
        assert "mine.yaml, greeting.rule" in run.stderr


FOREIGN = [
    ("greek", "Καλημέρα σας, πώς μπορώ να βοηθήσω;"),
    ("arabic", "صباح الخير كيف يمكنني مساعدتك"),
    ("empty-looking", "\u200b\u200b"),
]


@pytest.mark.parametrize(("name", "text"), FOREIGN, ids=[row[0] for row in FOREIGN])
def test_foreign_script(tmp_path, name, text):
    """A language that no scorecard serves is said so; nothing is made up."""
    (tmp_path / "call.json").write_bytes(turns({"role": "agent", "text": text}, {"role": "customer", "text": text}))
    run = qa("score", tmp_path / "call.json", "--format", "jsonl", "--out", tmp_path / "out.jsonl", folder=tmp_path)
    assert run.returncode in (0, 3), run.stderr
    lines = (tmp_path / "out.jsonl").read_text("utf-8").splitlines() if (tmp_path / "out.jsonl").exists() else []
    for record in map(json.loads, lines):
        assert record["customer_type"]["abstained"]
        assert record["warnings"]
    assert lines or "call.json" in run.stderr
