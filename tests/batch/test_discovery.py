"""What is found in files and folders, and what is left out."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.batch.discovery import discover
from qa.batch.found import LEFT_OUT
from qa.errors import UsageError


@pytest.fixture
def folder(tmp_path: Path, own_json: Callable[[Path], Path]) -> Path:
    """A folder as people keep it: calls, references, lists, notes, hidden files."""
    base = tmp_path / "calls"
    (base / "march").mkdir(parents=True)
    for name in ("call10.wav", "call2.WAV", "march/call1.flac", ".hidden.wav", "notes.txt", "README.md"):
        (base / name).write_bytes(name.encode())
    own_json(base / "call2.json")
    own_json(base / "march" / "chat.json")
    (base / "march" / "sub.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nhello\n", encoding="utf-8")
    (base / "expected.json").write_text('{"call2": {"verdicts": {"greeting": "met"}}}', encoding="utf-8")
    (base / "labels.jsonl").write_text('{"id": "call2"}\n', encoding="utf-8")
    (base / "manifest.csv").write_text("path,queue\ncall2.WAV,q\n", encoding="utf-8")
    (base / "turns.csv").write_text("role,text\nagent,hello\n", encoding="utf-8")
    return base


def named(paths: list[Path], folder: Path, **options: str) -> list[tuple[str, str | None]]:
    """(path in the folder, name of the reference) of each call found."""
    found = discover(paths, **options)  # type: ignore[arg-type]
    return [
        (source.path.relative_to(folder).as_posix(), source.reference.name if source.reference else None)
        for source in found.sources
    ]


ALONE = [("march/chat.json", None), ("march/sub.srt", None)]
MODES = [
    (
        "ignore",
        [("call2.WAV", None), ("call10.wav", None), ("march/call1.flac", None), *ALONE, ("turns.csv", None)],
        {"other_file": 3, "not_a_transcript": 2, "reference": 1},
    ),
    (
        "prefer",
        [("call2.WAV", "call2.json"), ("call10.wav", None), ("march/call1.flac", None), *ALONE, ("turns.csv", None)],
        {"other_file": 3, "not_a_transcript": 2},
    ),
    (
        "only",
        [("call2.json", None), *ALONE, ("turns.csv", None)],
        {"other_file": 3, "not_a_transcript": 2, "recording": 3},
    ),
]


@pytest.mark.parametrize(("mode", "calls", "left_out"), MODES, ids=[mode[0] for mode in MODES])
def test_folder(folder: Path, mode: str, calls: list[tuple[str, str | None]], left_out: dict[str, int]) -> None:
    """Natural order, references by name, and a count of everything that is left out."""
    found = discover([folder], transcripts=mode)  # type: ignore[arg-type]
    assert named([folder], folder, transcripts=mode) == calls
    assert found.left_out == left_out
    assert set(found.left_out) <= set(LEFT_OUT)
    assert found.failures == ()


def test_same_file_twice_is_one_call(folder: Path) -> None:
    """A path given twice, by its folder and through a link, is one call."""
    link = folder.parent / "link.wav"
    link.symlink_to(folder / "call10.wav")
    assert named([folder / "call10.wav", link, folder / "march" / ".." / "call10.wav"], folder) == [
        ("call10.wav", None)
    ]


def test_same_bytes_are_one_call(folder: Path) -> None:
    """A copy under another name is told, not scored; empty files are kept, each has its own failure."""
    (folder / "call11.wav").write_bytes((folder / "call10.wav").read_bytes())
    for name in ("empty1.wav", "empty2.wav"):
        (folder / name).touch()
    found = discover([folder])
    assert [(twin.path.name, twin.of.name) for twin in found.duplicates] == [("call11.wav", "call10.wav")]
    assert {"empty1.wav", "empty2.wav"} <= {source.path.name for source in found.sources}


def test_links_in_a_folder(folder: Path) -> None:
    """Links out of the folder, broken ones and loops are refused as failures; links inside it are passed over."""
    outside = folder.parent / "outside"
    outside.mkdir()
    (outside / "secret.wav").write_bytes(b"secret")
    (folder / "out.wav").symlink_to(outside / "secret.wav")
    (folder / "outfolder").symlink_to(outside)
    (folder / "broken.wav").symlink_to(folder / "nowhere.wav")
    (folder / "loop.wav").symlink_to(folder / "loop.wav")
    (folder / "inside.wav").symlink_to(folder / "call10.wav")
    (folder / "march" / "up").symlink_to(folder)
    found = discover([folder])
    refused = {Path(failure.path).name: failure.code for failure in found.failures}
    assert refused == {"out.wav": "outside", "outfolder": "outside", "broken.wav": "missing", "loop.wav": "unreadable"}
    # `up` is seen from the folder that was named, so it lies inside.
    assert found.left_out["link"] == 2
    assert all("secret" not in source.path.name for source in found.sources)


def test_pipes_and_sockets_in_a_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A named pipe called like a recording is refused without being opened."""
    os.mkfifo(folder / "pipe.wav")
    monkeypatch.chdir(folder)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.wav")
        found = discover([folder])
    assert {Path(failure.path).name: failure.code for failure in found.failures} == {
        "pipe.wav": "not_regular",
        "socket.wav": "not_regular",
    }


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("nowhere.wav", "missing"),
        ("call10.wav/x", "missing"),
        ("pipe.wav", "not_regular"),
        ("a\0b.wav", "unreadable"),
        ("manifest.csv", "csv_not_a_transcript"),
    ],
)
def test_bad_path_is_a_usage_error(folder: Path, name: str, code: str) -> None:
    """What the user named and cannot be used ends the command with a sentence in both languages."""
    os.mkfifo(folder / "pipe.wav")
    with pytest.raises(UsageError) as caught:
        discover([folder / name])
    assert caught.value.code == code
    assert caught.value.message.zh != caught.value.message.en


def test_named_files_are_taken_at_their_word(folder: Path) -> None:
    """A file named by the user is tried whatever it is called; its failure is told when it is scored."""
    assert named([folder / "notes.txt", folder / "expected.json", folder / ".hidden.wav"], folder) == [
        ("notes.txt", None),
        ("expected.json", None),
        (".hidden.wav", None),
    ]


def test_damaged_transcript_is_not_passed_over(folder: Path) -> None:
    """A transcript that was cut off is still a call, so that its failure is seen."""
    (folder / "cut.json").write_text('{"id": "cut", "turns": [{"role": "agent", "te', encoding="utf-8")
    assert ("cut.json", None) in named([folder], folder)


def test_names_that_are_not_utf8(folder: Path) -> None:
    """File names in another encoding (old archives) are found."""
    odd = os.fsdecode("通话.wav".encode("gb18030"))
    (folder / odd).write_bytes(b"odd")
    assert odd in [source.path.name for source in discover([folder]).sources]
