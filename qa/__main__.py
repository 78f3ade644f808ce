"""`qa` and `python -m qa`."""

import sys


def main() -> None:
    """Run the command line and leave with its exit code (the table stands in qa/errors.py)."""
    from qa.cli.app import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
