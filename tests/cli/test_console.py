"""Names, moments and output files."""

import pytest

from qa.cli.call_table import call_names
from qa.cli.console import output, printable
from qa.cli.wording import moment, score_text
from qa.errors import UsageError


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["/a/x.wav", "/b/y.wav"], ["x.wav", "y.wav"]),
        (["/a/x.wav", "/b/x.wav"], ["a/x.wav", "b/x.wav"]),
        (["/a/x.wav", "/a/x.wav"], ["x.wav", "x.wav"]),
        ([""], [""]),
        ([], []),
    ],
)
def test_call_names(paths, names):
    """As short as tells calls apart."""
    assert call_names(paths) == names


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, ""), (0.0, "0:00"), (59.99, "0:59"), (61, "1:01"), (3600, "1:00:00"), (7325, "2:02:05")],
)
def test_moment(seconds, text):
    """m:ss, with hours when there are some."""
    assert moment(seconds) == text


@pytest.mark.parametrize(
    ("scores", "text"),
    [
        ((85.0, 85.0, 85.0), "85"),
        ((85.5, 70.0, 90.0), "85.5 (70–90)"),
        ((None, 0.0, 100.0), "–"),
        ((0.0, None, None), "0"),
    ],
)
def test_score_text(scores, text):
    """The interval is shown when something is undetermined."""
    assert score_text(*scores) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("对不起 é", "对不起 é"),
        ("a\x1b[2Jb", "a\ufffd[2Jb"),
        ("a\nb\tc", "a\nb\tc"),
        ("x\u202efdp", "x\ufffdfdp"),
        ("\x00", "\ufffd"),
    ],
)
def test_printable(text, shown):
    """Control characters are replaced one for one, so that offsets hold."""
    assert printable(text) == shown
    assert len(printable(text)) == len(text)


def stop_half_way(path):
    """Fail while a file is being written."""
    with output(str(path)) as stream:
        stream.write("new")
        raise RuntimeError


def test_a_failed_write_keeps_the_old_file(tmp_path):
    """Half an output never replaces a whole one."""
    path = tmp_path / "out.txt"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(RuntimeError):
        stop_half_way(path)
    assert [(file.name, file.read_text(encoding="utf-8")) for file in tmp_path.iterdir()] == [("out.txt", "old")]


def test_output_into_no_folder(tmp_path):
    """UsageError before anything is written."""
    with pytest.raises(UsageError), output(str(tmp_path / "no" / "out.txt")):
        pass
