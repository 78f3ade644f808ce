"""The plug point for output formats of `qa score`."""

from collections.abc import Iterable
from typing import Protocol, TextIO

from qa.record import Record
from qa.registry import Registry


class Exporter(Protocol):
    """Writes records (see docs/evaluation.schema.json), masked already where they must be, as text."""

    def __call__(self, records: Iterable[Record], stream: TextIO) -> None:
        """Write all records, in their order, to `stream` (opened with newline="")."""
        ...


EXPORTERS: Registry[Exporter] = Registry(
    "output format",
    group="qa.exporters",
    built_in={"jsonl": "qa.report.jsonl:write_jsonl", "csv": "qa.report.csv_table:write_csv"},
)
