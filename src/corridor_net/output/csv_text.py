"""CSV as every file of ours is written: one spelling of a boolean, nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from types import SimpleNamespace
from typing import Any

from corridor_net.network.files.csv_cells import cell

ENDS = "\r\n"
"""Of lines while they are written, so that cells that hold either character are quoted; files have the second alone."""


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
