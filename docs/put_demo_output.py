"""Put the table that `make demo` prints into both READMEs, between the demo-output marks.

Usage: python docs/put_demo_output.py DATABASE, with the database that `make demo` wrote (sqlite:///demo-results.db).
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGES = {"README.md": "en", "README.zh-CN.md": "zh"}
COMMAND = ["score", "samples/recordings", "--manifest", "samples/manifest.csv", "--quiet", "--database"]


def main(database: str) -> None:
    """Ask for the stored results in each language; nothing is scored again."""
    for page, language in PAGES.items():
        environment = {**os.environ, "CALLGRADE_LANG": language, "COLUMNS": "118"}
        shown = subprocess.run(
            [sys.executable, "-m", "qa", *COMMAND, database],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        lines = "\n".join(line.rstrip() for line in shown.splitlines())
        text = (ROOT / page).read_text("utf-8")
        block = f"<!-- demo-output -->\n```\n{lines}\n```\n<!-- /demo-output -->"
        before, _, rest = text.partition("<!-- demo-output -->")
        after = rest.partition("<!-- /demo-output -->")[2]
        text = before + block + after
        (ROOT / page).write_text(text, "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
