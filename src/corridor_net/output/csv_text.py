"""CSV as every file of ours is written: one spelling of a boolean, nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""First characters that make a spreadsheet take a cell of text for a formula (OWASP, CSV injection)."""
ENDS = "\r\n"
"""Of lines while they are written, so that cells that hold either character are quoted; files have the second alone."""
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def to_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return CSV with a header: None is an empty cell, a boolean `true` or `false`.

    Text that a spreadsheet would run gets an apostrophe in front; numbers, also those given as text, stay.

    >>> to_csv(("a", "b", "c"), [("=1+1", True, "-4.10")])
    "a,b,c\\n'=1+1,true,-4.10\\n"
    """
    return "".join(f"{line_of(row)}\n" for row in (columns, *rows))


def line_of(cells: Iterable[Any]) -> str:
    """Return one row of `to_csv` without its end of line."""
    text = io.StringIO()
    csv.writer(text, lineterminator=ENDS).writerow([cell(value) for value in cells])
    return text.getvalue()[: -len(ENDS)]


def cell(value: Any) -> Any:
    """Return what is written for a value."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and len(value) > 1 and value.startswith(RUNS) and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value
