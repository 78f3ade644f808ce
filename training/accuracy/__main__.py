"""Command line: `python -m training.accuracy [--write]` measures on the folder that CALLGRADE_EVAL names.

Prints Markdown; `--write` puts it between the markers of docs/accuracy.md. Counts only: no sentence is ever printed.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from qa.cli.judging import SentenceJudge
from qa.errors import CallgradeError, UsageError
from qa.pipeline import evaluate_call
from qa.settings import Settings, scorecards_by_language
from training.accuracy import published, tables
from training.accuracy.answers import records_of, turn_counts
from training.accuracy.counts import Counts, count
from training.accuracy.gold import gold_sets, turn_files

VARIABLE = "CALLGRADE_EVAL"
ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "accuracy.md"
MODELS = ROOT / "models"
BEGIN, END = "<!-- accuracy:begin -->", "<!-- accuracy:end -->"
NOTE = (
    "A defect is something required that is missing or late, or a forbidden act. Intervals are 95 %, from 1,000 draws "
    "of the calls (of the turns for single turns); an interval without width, such as all of two right, only says that "
    "no draw differs. A defect left “undetermined” is missed; an abstention on the customer type is wrong. A defect "
    "raised where the criterion does not apply by the gold has its own column: it counts in the macro-F1 of the "
    "criteria, not in precision. Evidence is asked for where the defect was found and the gold names its turns."
)


def main(arguments: list[str] | None = None) -> int:
    """Measure and print, or write; returns the exit code of the error tree in qa.errors."""
    parser = argparse.ArgumentParser(prog="python -m training.accuracy", description="Measure on labelled calls.")
    parser.add_argument("--write", action="store_true", help="replace the tables between the markers of the page")
    parser.add_argument("--page", type=Path, default=PAGE, help="the page that --write changes")
    parser.add_argument("--models", type=Path, default=MODELS, help="folder of published models")
    chosen = parser.parse_args(arguments)
    try:
        folder = os.environ.get(VARIABLE)
        if not folder or not Path(folder).is_dir():
            raise UsageError(
                path=folder,
                en=f"set {VARIABLE} to the folder of labelled calls",
                zh=f"请把 {VARIABLE} 设为已标注通话的文件夹",
            )
        if chosen.write:
            _parts(chosen.page)
        lines = list(report(Path(folder), chosen.models))
        if chosen.write:
            write(chosen.page, lines)
        else:
            print("\n".join(lines))
    except CallgradeError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


def report(folder: Path, models: Path) -> Iterator[str]:
    """Markdown lines of all figures."""
    cards = scorecards_by_language(Settings()).values()
    names = ", ".join(f"`{name}`" for name in published.versions(models))
    said = ", ".join(f"`{card.id}` {card.version}" for card in cards)
    yield f"Models {names}; scorecards {said}; measured on {datetime.now(UTC).date()} by `python -m training.accuracy`."
    yield from ("", NOTE, "")
    frozen = published.frozen(models)
    if frozen:
        yield from ("## Frozen quarter of the written calls", "", *frozen)
    sets = measured(folder, models)
    if sets:
        yield from ("## Calls and dialogues", "", *tables.summary(sets))
    for name, counts in sets.items():
        yield from (f"### Criteria: {name}, {counts.calls} calls", "", *tables.criteria(counts))
    judge = SentenceJudge()
    files = {name: turn_counts(path, gold, judge) for name, (path, gold) in turn_files(folder).items()}
    if files:
        yield from ("## Single turns", "", *tables.turns(files))


def measured(folder: Path, models: Path) -> dict[str, Counts]:
    """Counts of every set; says on standard error how long each took."""
    scorer = evaluate_call(Settings(models_folder=str(models)))
    sets = {}
    for name, calls in gold_sets(folder).items():
        started = time.monotonic()
        sets[name] = count(calls, records_of(calls, scorer))
        print(f"{name}: {len(calls)} calls, {time.monotonic() - started:.0f} s", file=sys.stderr)
    return sets


def write(page: Path, lines: list[str]) -> None:
    """Replace what stands between the markers of a page."""
    before, after = _parts(page)
    text = "\n".join([before + BEGIN, "", *lines]).rstrip() + f"\n\n{END}{after}"
    page.write_text(text, encoding="utf-8")


def _parts(page: Path) -> tuple[str, str]:
    """What stands before and after the markers; UsageError when they are not there once each, in order."""
    text = page.read_text(encoding="utf-8") if page.is_file() else ""
    before, begun, rest = text.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not begun or not ended or BEGIN in rest or END in before + after:
        raise UsageError(path=page, en=f"needs {BEGIN} and {END}, once each", zh=f"需要 {BEGIN} 与 {END} 各一次")
    return before, after


if __name__ == "__main__":
    sys.exit(main())
