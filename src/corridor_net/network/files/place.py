"""Where a cell of a table stands in its file. The file is read again, and only when there is a fault to report."""

from __future__ import annotations

import csv
from pathlib import Path

from corridor_net.errors import CorridorError, Place

from .csv_file import PLAIN, Dialect, shown_lines


def cell_place(path: Path, line: int, column: int | str = 0, dialect: Dialect = PLAIN) -> Place:
    """Return the place of a cell in the row that starts on `line`; `column` is its number from 0, or its name."""
    try:
        status = path.stat()
        lines = shown_lines(path, dialect.encoding, status.st_mtime_ns, status.st_size)
    except (OSError, ValueError, CorridorError):
        lines = ()
    if not 1 <= line <= len(lines):
        return Place(str(path), line=line or None)
    if isinstance(column, str):
        column = _number_of(column, lines, dialect)
    row, position = _cell(lines, line - 1, column, dialect)
    return Place(str(path), line=row + 1, column=position + 1, text=lines[row])


def _number_of(name: str, lines: tuple[str, ...], dialect: Dialect) -> int:
    first = next((line for line in lines if line and not (dialect.comment and line.startswith(dialect.comment))), "")
    header: list[str] = []
    try:
        header = next(dialect.reader(iter([first])), header)
    except csv.Error:
        return 0
    return header.index(name) if name in header else 0


def _cell(lines: tuple[str, ...], row: int, column: int, dialect: Dialect) -> tuple[int, int]:
    """Return line and character, from 0, where the cell of a row begins that starts on line `row`."""
    start, position, quoted = (row, 0), 0, False
    while column:
        if position == len(lines[row]):
            if not quoted or row + 1 == len(lines):
                return start if quoted else (row, position)
            row, position = row + 1, 0
            continue
        character = lines[row][position]
        quoted ^= character == dialect.quote
        column -= character == dialect.delimiter and not quoted
        position += 1
    return row, position
