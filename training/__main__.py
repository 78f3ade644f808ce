"""`python -m training …` is `qa train …`: dataset, fit, evaluate, publish, rollback, list; alone it publishes."""

import sys
from collections.abc import Sequence

from qa.cli.app import run


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    return run(["train", *(sys.argv[1:] if arguments is None else arguments)])


if __name__ == "__main__":
    sys.exit(main())
