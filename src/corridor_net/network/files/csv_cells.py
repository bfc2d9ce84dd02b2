"""CSV as every file of ours is written: one spelling of a boolean, nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""First characters that make a spreadsheet take a cell of text for a formula (OWASP, CSV injection)."""
ENDS = "\r\n"
"""Of lines while they are written, so that cells that hold either character are quoted; files have the second alone."""
_FIRST = frozenset(RUNS)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def cell(value: Any) -> Any:
    """Return what is written for a value: text that a spreadsheet would run gets an apostrophe in front.

    Numbers, also those given as text, stay.

    >>> cell("=1+1"), cell(True), cell("-4.10")
    ("'=1+1", 'true', '-4.10')
    """
    if isinstance(value, str):
        runs = value[:1] in _FIRST and len(value) > 1 and not _NUMBER.fullmatch(value)
        return f"'{value}" if runs else value
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


def as_given(text: str) -> str:
    """Return the text for which `cell` wrote this one.

    >>> as_given("'=1+1"), as_given("'s")
    ('=1+1', "'s")
    """
    return text[1:] if text.startswith("'") and cell(text[1:]) == text else text


def frame_csv(frame: pd.DataFrame) -> str:
    """Return a table of pandas as CSV of such cells; what is missing is an empty cell."""
    safe = frame.copy()
    for number, (_, column) in enumerate(frame.items()):
        if column.dtype.kind not in "iufcmM":
            safe.isetitem(number, column.map(cell, na_action="ignore"))
    safe.columns = [cell(name) for name in frame.columns]
    return str(safe.to_csv(index=False, lineterminator="\n"))


def to_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return CSV with a header: None is an empty cell, a boolean `true` or `false`.

    Text that a spreadsheet would run gets an apostrophe in front; numbers, also those given as text, stay.

    >>> to_csv(("a", "b", "c"), [("=1+1", True, "-4.10")])
    "a,b,c\\n'=1+1,true,-4.10\\n"
    """
    return "".join(f"{line}\n" for line in lines_of((columns, *rows)))


def lines_of(rows: Iterable[Iterable[Any]]) -> list[str]:
    """Return rows of `to_csv` without their ends of lines."""
    lines: list[str] = []
    writer = csv.writer(SimpleNamespace(write=lines.append), lineterminator=ENDS)  # a row is written at a time
    writer.writerows([None if value is None else cell(value) for value in row] for row in rows)
    return [line[: -len(ENDS)] for line in lines]
