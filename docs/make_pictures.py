"""Draw the pictures of the README from the real output of `qa show`.

Usage: python docs/make_pictures.py DATABASE

DATABASE is the one that `make demo` writes (sqlite:///demo-results.db). Writes docs/show.png and docs/show.zh.png with
headless Chromium, which must be installed, as must a monospaced Chinese font.
"""

import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

HERE = Path(__file__).parent
WIDTH = 112
LINES = 84
PICTURES = {"show.png": ("en", "en-03"), "show.zh.png": ("zh", "zh-05")}
PAGE = """<!doctype html><meta charset="utf-8"><style>{stylesheet}
body {{ margin: 0; padding: 18px 22px; background: {background}; color: {foreground}; }}
pre {{ font: 15px/1.35 "Noto Sans Mono CJK SC", monospace; margin: 0; }}</style><pre>{code}</pre>"""


def main(database: str) -> None:
    """Run the command in each language and save a picture of what it prints."""
    for name, (language, call) in PICTURES.items():
        environment = {**os.environ, "CALLGRADE_LANG": language, "FORCE_COLOR": "1", "COLUMNS": str(WIDTH)}
        command = ["show", call, "--database", database]
        shown = subprocess.run(
            [sys.executable, "-m", "qa", *command], env=environment, capture_output=True, text=True, check=True
        ).stdout
        console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
        console.print(Text.from_ansi("\n".join([f"$ qa show {call}", "", *shown.splitlines()[:LINES]])))
        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder) / "page.html"
            page.write_text(console.export_html(theme=MONOKAI, code_format=PAGE), "utf-8")
            options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
            size = f"--window-size=1100,{(LINES + 3) * 21 + 30}"
            target = f"--screenshot={HERE / name}"
            subprocess.run(
                ["chromium", *options, f"--user-data-dir={folder}/profile", size, target, page.as_uri()],
                check=True,
                capture_output=True,
            )


if __name__ == "__main__":
    main(sys.argv[1])
