"""JSON Lines: one record a line, in UTF-8, unescaped."""

import json
from collections.abc import Iterable
from typing import TextIO

from qa.record import Record

# These end a line for some readers (JavaScript, str.splitlines) though JSON allows them inside a string.
_LINE_ENDS = {ord(character): f"\\u{ord(character):04x}" for character in "\u0085\u2028\u2029"}


def write_jsonl(records: Iterable[Record], stream: TextIO) -> None:
    """Write one JSON object a line."""
    for record in records:
        stream.write(json_line(record))


def json_line(value: Record) -> str:
    """One line of JSON with its line end. A value that JSON has no number for (NaN) raises ValueError."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False).translate(_LINE_ENDS) + "\n"
