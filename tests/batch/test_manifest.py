"""Manifests as people and spreadsheets write them, and bad ones."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import openpyxl
import pytest

from qa.batch.discovery import discover
from qa.batch.manifest import described_by, read_manifest
from qa.errors import ManifestError

CHINESE = "录音,坐席工号,队列,开始时间,方向,坐席声道,振铃秒数,地区\na.wav,A1,售后,2025-03-03T09:12:00+08:00,呼入,右,4.5,华东\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with three recordings (different bytes), a pipe-free world outside, and a link that leads there."""
    base = tmp_path / "calls"
    (base / "sub").mkdir(parents=True)
    for number, name in enumerate(("a.wav", "b.wav", "sub/c.mp3")):
        (base / name).write_bytes(bytes([number + 1]) * (number + 10))
    (tmp_path / "outside.wav").write_bytes(b"outside")
    (base / "link.wav").symlink_to(tmp_path / "outside.wav")
    return base


def _xlsx(path: Path, rows: list[list[object]]) -> None:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)


# name → bytes of a manifest that says the same of a.wav
ENCODINGS = [
    ("utf-8", CHINESE.encode()),
    ("utf-8-sig", CHINESE.encode("utf-8-sig")),
    ("gb18030", CHINESE.encode("gb18030")),
    ("utf-16", CHINESE.encode("utf-16")),
    ("utf-16 without mark", CHINESE.replace("录音", "path").encode("utf-16-le")),
    ("semicolons", CHINESE.replace(",", ";").encode()),
    ("tabs", CHINESE.replace(",", "\t").encode()),
    ("crlf", CHINESE.replace("\n", "\r\n").encode()),
    ("blank lines", f"\n{CHINESE}\n,,,,,,,\n".encode()),
    (
        "english",
        CHINESE.replace(
            CHINESE.split("\n", maxsplit=1)[0], "Path,agent_id,Queue,started at,direction,agent_channel,ring_s,地区"
        ).encode(),
    ),
]


@pytest.mark.parametrize("data", [data for _, data in ENCODINGS], ids=[name for name, _ in ENCODINGS])
def test_every_encoding_says_the_same(folder: Path, data: bytes) -> None:
    """Encodings, delimiters and header languages change nothing."""
    (folder / "manifest.csv").write_bytes(data)
    found = read_manifest(folder / "manifest.csv")
    (source,) = found.sources
    metadata = source.metadata
    assert source.path == folder / "a.wav"
    assert metadata.started_at == datetime(2025, 3, 3, 1, 12, tzinfo=UTC)
    assert (metadata.agent_id, metadata.queue, metadata.direction) == ("A1", "售后", "inbound")
    assert (metadata.agent_channel, metadata.ring_s, dict(metadata.extra)) == (1, 4.5, {"地区": "华东"})
    assert found.failures == ()


def test_xlsx(folder: Path) -> None:
    """A workbook's dates and numbers arrive as a CSV's would."""
    moment = datetime(2025, 3, 3, 9, 12)  # noqa: DTZ001 - spreadsheets know no zones
    _xlsx(
        folder / "m.xlsx",
        [["路径", "工号", "开始时间", "坐席声道"], ["a.wav", 1001.0, moment, 0], [None] * 4, ["sub/c.mp3"]],
    )
    first, second = read_manifest(folder / "m.xlsx").sources
    assert (first.metadata.agent_id, first.metadata.agent_channel) == ("1001", 0)
    assert first.metadata.started_at == moment.astimezone(UTC)
    assert second.path == folder / "sub" / "c.mp3"


# one bad row → code of its failure
BAD_ROWS = [
    ("missing.wav,,,", "missing"),
    ("../outside.wav,,,", "outside"),
    ("sub/../../outside.wav,,,", "outside"),
    ("/etc/hostname,,,", "outside"),
    ("link.wav,,,", "outside"),
    ("a\0.wav,,,", "bad_name"),
    (".,,,", "not_regular"),
    ("sub,,,", "not_regular"),
    (",2025-01-01,,", "no_path"),
    ("a.wav,,,", "duplicate_row"),
    ("./sub/../a.wav,,,", "duplicate_row"),
    ("b.wav,2025-02-30 10:00,,", "bad_date"),
    ("b.wav,yesterday,,", "bad_date"),
    ("b.wav,20250101,,", "bad_date"),
    ("b.wav,,middle,", "bad_channel"),
    ("b.wav,,2,", "bad_channel"),
    ("b.wav,,,-1", "bad_ring"),
    ("b.wav,,,nan", "bad_ring"),
    ("b.wav,,,soon", "bad_ring"),
    ("b.wav,,,,surplus", "too_many_cells"),
    (f"{'x' * 5000}.wav,,,", "unreadable"),
]


@pytest.mark.parametrize(("row", "code"), BAD_ROWS)
def test_bad_row_fails_alone(folder: Path, row: str, code: str) -> None:
    """A bad row is one failure that names manifest and row; the rows before and after it are calls."""
    text = f"path,started_at,agent_channel,ring_s\na.wav,,,\n{row}\nsub/c.mp3,,left,\n"
    (folder / "m.csv").write_text(text, encoding="utf-8")
    found = read_manifest(folder / "m.csv")
    assert [source.path.name for source in found.sources] == ["a.wav", "c.mp3"]
    assert [(failure.code, failure.place) for failure in found.failures] == [(code, "m.csv row 3")]
    assert found.failures[0].message.zh != found.failures[0].message.en


BAD_MANIFESTS = [
    ("empty", b"", "empty"),
    ("blank", b"\n\n", "empty"),
    ("header only", b"path,queue\n", "empty"),
    ("no path", b"file_id,queue\na.wav,x\n", "no_path_column"),
    ("twice", b"path,queue,queue\na.wav,x,y\n", "duplicate_column"),
    ("two names of one column", "path,录音\na.wav,b.wav\n".encode(), "duplicate_column"),
    ("binary", b"\x81\x00\xff\xfe\xfd" * 30, "encoding"),
    ("broken xlsx", b"PK\x03\x04 not a zip", "not_xlsx"),
    ("field too long", b"path\n" + b"x" * 200_000, "not_csv"),
]


@pytest.mark.parametrize(
    ("data", "code"), [case[1:] for case in BAD_MANIFESTS], ids=[case[0] for case in BAD_MANIFESTS]
)
def test_unusable_manifest(folder: Path, data: bytes, code: str) -> None:
    """A manifest that is useless as a whole says why."""
    (folder / "m.csv").write_bytes(data)
    with pytest.raises(ManifestError) as caught:
        read_manifest(folder / "m.csv")
    assert caught.value.code == code
    assert "m.csv" in str(caught.value)


DATES = [
    ("2025-03-07T14:30:00Z", datetime(2025, 3, 7, 14, 30, tzinfo=UTC)),
    ("2025-03-07T14:30:00+08:00", datetime(2025, 3, 7, 14, 30, tzinfo=timezone(timedelta(hours=8)))),
    ("2025-03-07 14:30", datetime(2025, 3, 7, 14, 30).astimezone()),
    ("2025/3/7 14:30:05", datetime(2025, 3, 7, 14, 30, 5).astimezone()),
    ("2025年3月7日 14时30分", datetime(2025, 3, 7, 14, 30).astimezone()),
    ("2025年3月7日", datetime(2025, 3, 7).astimezone()),
]


@pytest.mark.parametrize(("text", "moment"), DATES)
def test_dates(folder: Path, text: str, moment: datetime) -> None:
    """Dates as ISO 8601, as spreadsheets and as people write them; without a zone it is the local clock."""
    (folder / "m.csv").write_text(f"path,started_at\na.wav,{text}\n", encoding="utf-8")
    assert read_manifest(folder / "m.csv").sources[0].metadata.started_at == moment


def test_same_bytes_are_scored_once(folder: Path) -> None:
    """Two names of one recording are one call, and it is said so."""
    (folder / "copy.wav").write_bytes((folder / "a.wav").read_bytes())
    (folder / "m.csv").write_text("path\na.wav\ncopy.wav\n", encoding="utf-8")
    found = read_manifest(folder / "m.csv")
    assert [source.path.name for source in found.sources] == ["a.wav"]
    assert [(twin.path.name, twin.of.name) for twin in found.duplicates] == [("copy.wav", "a.wav")]


@pytest.mark.parametrize(
    ("transcripts", "calls"),
    [
        ("ignore", [("a.wav", None), ("b.wav", None)]),
        ("prefer", [("a.wav", "a.json"), ("b.wav", None)]),
        ("only", [("a.json", None)]),
    ],
)
def test_transcripts_beside_recordings(
    folder: Path, transcripts: str, calls: list[tuple[str, str | None]], own_json: Callable[[Path], Path]
) -> None:
    """A manifest finds the reference transcripts as discovery does."""
    own_json(folder / "a.json")
    (folder / "m.csv").write_text("path,agent_id\na.wav,A1\nb.wav,A2\n", encoding="utf-8")
    found = read_manifest(folder / "m.csv", transcripts=transcripts)  # type: ignore[arg-type]
    named = [(source.path.name, source.reference.name if source.reference else None) for source in found.sources]
    assert named == calls
    assert found.sources[0].metadata.agent_id == "A1"


def test_manifest_describes_given_paths(folder: Path) -> None:
    """Paths decide what is scored, the manifest what is known of it."""
    (folder / "m.csv").write_text("path,agent_id\na.wav,A1\nsub/c.mp3,C1\ngone.wav,X\n", encoding="utf-8")
    found = described_by(discover([folder / "a.wav", folder / "b.wav"]), read_manifest(folder / "m.csv"))
    assert [(source.path.name, source.metadata.agent_id) for source in found.sources] == [
        ("a.wav", "A1"),
        ("b.wav", None),
    ]
    assert found.left_out == {"not_asked": 1}
    assert [failure.code for failure in found.failures] == ["missing"]
