"""Documents cannot rot: links resolve, commands exist, both READMEs say the same, no machine paths."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "samples" / "README.md"])
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")


def commands(page: Path) -> list[str]:
    """Lines of fenced blocks that call qa."""
    blocks = re.findall(r"```[a-z]*\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    lines = [line.split(" #")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if re.match(r"(\.venv/bin/)?qa ", line) and "…" not in line]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_resolve(page):
    """Every relative link and picture is a file of the project."""
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text("utf-8"))
    missing = [name for name in targets if "://" not in name and not (page.parent / name).exists()]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_exist(page):
    """Each `qa` command in a page has the subcommand and the options that it names."""
    from typer.main import get_command

    from qa.cli.app import app

    known = get_command(app).commands
    for line in commands(page):
        words = shlex.split(line)[1:]
        if not words or words[0].startswith("-"):
            continue
        assert words[0] in known, line
        command = known[words[0]]
        if hasattr(command, "commands"):
            assert words[1] in command.commands, line
            command = command.commands[words[1]]
        options = {name for parameter in command.params for name in [*parameter.opts, *parameter.secondary_opts]}
        used = {word.split("=")[0] for word in words if word.startswith("--")}
        assert used <= {*options, "--help"}, line


def test_readmes_say_the_same():
    """Both languages have the same headings in number, the same commands and the same links to documents."""
    english, chinese = (page.read_text("utf-8") for page in READMES)
    assert len(re.findall(r"^#+ ", english, re.M)) == len(re.findall(r"^#+ ", chinese, re.M))
    assert commands(READMES[0]) == commands(READMES[1])
    documents = [set(re.findall(r"\]\((docs/[a-z.]+(?:md|json))\)", text)) for text in (english, chinese)]
    assert documents[0] == documents[1]


def test_readme_names_the_make_targets():
    """`make demo` and `make test` stand in the README and in the Makefile, and CI calls the latter."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in ("demo", "test"):
        assert f"make {target}" in READMES[0].read_text("utf-8")
        assert re.search(rf"^{target}:", makefile, re.M)
    assert "make test" in (ROOT / ".ci" / "run").read_text("utf-8")


def test_no_foreign_paths_in_tracked_text():
    """Nothing tracked names a path of one machine or a folder outside the checkout."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    pattern = "/" + "work/|\\.\\./" + "shared"
    found = subprocess.run(
        ["git", "grep", "-nIE", pattern], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout
    assert not found


def test_python_module_starts():
    """`python -m qa --version` works from a checkout."""
    run = subprocess.run(
        [sys.executable, "-m", "qa", "--version"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.startswith("callgrade ")
