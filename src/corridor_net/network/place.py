"""Where a cell of a table stands in its file. The file is read again, and only when there is a fault to report."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

from corridor_net.errors import Place


def cell_place(path: Path, line: int, column: int | str = 0) -> Place:
    """Return the place of a cell in the row that starts on `line`; `column` is its number from 0, or its name."""
    try:
        status = path.stat()
        lines = _lines(path, status.st_mtime_ns, status.st_size)
    except (OSError, UnicodeDecodeError):
        lines = ()
    if not 1 <= line <= len(lines):
        return Place(str(path), line or None)
    if isinstance(column, str):
        header = next(csv.reader(lines[:1]), [])
        column = header.index(column) if column in header else 0
    row, position, quoted = line - 1, 0, False
    while column:
        if position == len(lines[row]):
            if not quoted or row + 1 == len(lines):
                break
            row, position = row + 1, 0
            continue
        character = lines[row][position]
        quoted ^= character == '"'
        column -= character == "," and not quoted
        position += 1
    return Place(str(path), row + 1, position + 1, lines[row])


@lru_cache(maxsize=4)
def _lines(path: Path, changed: int, size: int) -> tuple[str, ...]:  # noqa: ARG001 - they tell one state from the next
    return tuple(path.read_text(encoding="utf-8").split("\n"))
