"""`qa` as a process: what is imported, help pages, pipes, signals, unexpected errors."""

import os
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from qa.cli.failure import guarded
from qa.errors import RecordingError

QA = [sys.executable, "-m", "qa"]


def environment(**extra):
    """This process's environment with an interface language."""
    return {**os.environ, "CALLGRADE_LANG": "en", "OMP_NUM_THREADS": "1", **extra}


def process(command, **extra):
    """Run a command to its end."""
    return subprocess.run(
        command, check=False, capture_output=True, encoding="utf-8", timeout=120, env=environment(**extra)
    )


def qa(*arguments, **extra):
    """Run `qa` as a process."""
    return process([*QA, *map(str, arguments)], **extra)


HEAVY = "numpy spacy sklearn av faster_whisper ctranslate2 sqlalchemy rich pebble opencc"


@pytest.mark.parametrize("page", [["--help"], ["score", "--help"], ["scorecard", "--help"]])
def test_help_imports_nothing_heavy(page):
    """Help must not wait for libraries that only scoring needs."""
    code = (
        "import sys\nfrom qa.cli.app import run\n"
        f"assert run({page!r}) == 0\nprint([m for m in {HEAVY!r}.split() if m in sys.modules])"
    )
    done = process([sys.executable, "-c", code])
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


def test_transcripts_need_no_audio_package(calls, card, tmp_path):
    """Scoring ready transcripts loads neither decoder nor recogniser."""
    arguments = ["score", str(calls), "--scorecard", str(card), "--database", str(tmp_path / "d.db"), "-q"]
    code = (
        "import sys\nfrom qa.cli.app import run\n"
        f"assert run({arguments!r}) == 0\n"
        "print([m for m in ('av', 'faster_whisper', 'ctranslate2') if m in sys.modules])"
    )
    done = process([sys.executable, "-c", code])
    assert done.stdout.splitlines()[-1:] == ["[]"], done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--help"], "查看一通电话"),
        (["score", "--help"], "显示本说明"),
        (["score", "--nope"], "没有选项 --nope"),
        (["show"], "缺少参数"),
        (["bogus"], "没有命令"),
        (["scorecard"], "用法："),
        (["score", "x", "--jobs", "many"], "--jobs"),
        (["--version"], "评分表 zh-service"),
    ],
)
def test_chinese_pages(arguments, told):
    """Help, mistakes and versions in Chinese."""
    done = qa(*arguments, CALLGRADE_LANG="zh")
    assert told in done.stdout + done.stderr
    assert "Usage:" not in done.stdout + done.stderr


def test_version():
    """Program, model and scorecards."""
    out = qa("--version").stdout
    assert out.startswith("callgrade ")
    assert "customer-type model ct-" in out
    assert "scorecard en-service" in out


def test_doctor(tmp_path):
    """Every line has a verdict; an unusable database is a failure with exit 5."""
    (tmp_path / "text.db").write_text("this is not a database, only a text that is long enough", encoding="utf-8")
    done = qa("doctor", "--database", tmp_path / "text.db")
    verdicts = {line.split(":")[0][4:].strip(): line[:4].strip() for line in done.stdout.splitlines()}
    assert done.returncode == 5
    assert verdicts["database"] == "FAIL"
    assert verdicts["Python"] == verdicts["packages"] == verdicts["scorecard en-service"] == "ok"


def test_closed_pipe_is_silent():
    """`qa ... | head -1` ends without noise."""
    command = f"{sys.executable} -m qa scorecard schema | head -1"
    done = process(["bash", "-o", "pipefail", "-c", command])
    assert (done.returncode, done.stdout, done.stderr) == (0, "{\n", "")


def recorded(database):
    """Number of calls in the database, 0 while it is being made."""
    try:
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
            return connection.execute("select count(*) from evaluations").fetchone()[0]
    except sqlite3.Error:
        return 0


@pytest.mark.slow
def test_interrupted_run_goes_on(calls, card, tmp_path):
    """Ctrl-C: exit 130, what is done is kept, no output; the same command then finishes the rest."""
    text = (calls / "good.json").read_text(encoding="utf-8")
    for number in range(198):
        (calls / f"{number}.json").write_text(text.replace("seven", f"seven {number}"), encoding="utf-8")
    database, out = tmp_path / "d.db", tmp_path / "out.jsonl"
    command = ["score", calls, "--scorecard", card, "--database", database, "--format", "jsonl", "--out", out]
    running = subprocess.Popen([*QA, *map(str, command)], stderr=subprocess.PIPE, encoding="utf-8", env=environment())
    deadline = time.monotonic() + 60
    while recorded(database) < 3 and running.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    assert running.poll() is None, running.communicate()
    running.send_signal(signal.SIGINT)
    _, told = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "interrupted" in told
    assert not out.exists()
    assert 3 <= recorded(database) < 200
    assert qa(*command).returncode == 0
    assert (recorded(database), len(out.read_text(encoding="utf-8").splitlines())) == (200, 200)


def unexpected():
    """A fault of ours."""
    raise ZeroDivisionError("ouch")


def refused():
    """A deliberate error."""
    raise RecordingError(en="too long", zh="太长", path="a.wav", place="channel 2")


def stopped():
    """Ctrl-C outside a batch."""
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("command", "code", "told"),
    [
        (unexpected, 1, "internal error: ZeroDivisionError: ouch. Run again with CALLGRADE_DEBUG=1"),
        (refused, 3, "error: a.wav, channel 2: too long"),
        (stopped, 130, "interrupted"),
    ],
)
def test_errors_become_one_line(command, code, told, capsys, monkeypatch):
    """The traceback only comes with CALLGRADE_DEBUG=1."""
    monkeypatch.setenv("CALLGRADE_LANG", "en")
    monkeypatch.delenv("CALLGRADE_DEBUG", raising=False)
    assert guarded(command) == code
    err = capsys.readouterr().err
    assert err.startswith(told)
    assert "Traceback" not in err
    monkeypatch.setenv("CALLGRADE_DEBUG", "1")
    guarded(command)
    assert "Traceback" in capsys.readouterr().err
