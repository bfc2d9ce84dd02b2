"""Reading a large table column by column. What is not plainly right is left to the reading row by row, which says it.

Held to the same rules (`fields.ColumnSchema`): values that repeat are read once, numbers and texts that do not are
looked at side by side.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import MISSING, fields
from itertools import repeat
from operator import ne
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.network import columns as kept
from corridor_net.network.files.csv_file import LONGEST_CELL, PIECE, Dialect, read_text
from corridor_net.network.files.fields import ColumnSchema
from corridor_net.network.rows import TableRow

DIGITS = frozenset("0123456789.+-")
_NONE: Any = object()


class NotPlain(Exception):
    """A table that has to be read row by row: something in it is wrong, or unusual."""


def read_columns(
    path: Path, dialect: Dialect, readers: Sequence[tuple[str, ColumnSchema, bool]], make: type[TableRow]
) -> kept.Columns:
    """Return the rows of a file whose header was read: (name, what it holds, whether it is kept) of each column.

    Raises NotPlain where a cell, a row or a line is not plainly right; BadFile as `read_text`.
    """
    if dialect.comment:
        raise NotPlain
    given = {one.name: one.default for one in fields(make) if one.default is not MISSING}
    builders = [_ColumnBuilder(column, given.get(name, _NONE)) for name, column, _ in readers]
    lines = 0
    for block in _blocks(read_text(path, dialect.encoding), dialect, len(readers)):
        lines += len(block[0])
        for builder, cells in zip(builders, block, strict=True):
            builder.add(cells)
    columns = {name: one.column() for (name, _, held), one in zip(readers, builders, strict=True) if held}
    return kept.Columns(make, columns, np.arange(2, lines + 2, dtype=np.int32))


def _blocks(text: str, dialect: Dialect, width: int) -> Iterator[list[Sequence[str]]]:
    """Yield the cells below the header as columns, block by block. Each row is a line, and as wide as the header."""
    start, last = text.find("\n") + 1, len(text.rstrip("\r\n"))
    if not start:
        raise NotPlain
    unusual = {"\r", dialect.quote, dialect.escape or "\r"}
    while start < last:
        end = text.find("\n", start + PIECE, last)
        end = last if end < 0 else end
        piece = text[start:end] + "\n"
        if any(mark in piece for mark in unusual) or dialect.skip_initial_space or not dialect.delimiter.isascii():
            yield _quoted(piece, dialect, width)
        else:
            yield _unquoted(piece, dialect.delimiter, width)
        start = end + 1


def _unquoted(piece: str, delimiter: str, width: int) -> list[Sequence[str]]:
    """Return the columns of lines in which every delimiter parts two cells."""
    parts, ends_row = ord(delimiter), ord("\n")
    written = np.frombuffer(piece.encode(), np.uint8)
    marks = np.flatnonzero((written == parts) | (written == ends_row))
    expected = np.array([parts] * (width - 1) + [ends_row], np.uint8)
    if len(marks) % width or (written[marks].reshape(-1, width) != expected).any():
        raise NotPlain
    if np.diff(marks[width - 1 :: width], prepend=0).max() > LONGEST_CELL:
        raise NotPlain
    cells = piece.replace("\n", delimiter).split(delimiter)
    return [cells[column:-1:width] for column in range(width)]


def _quoted(piece: str, dialect: Dialect, width: int) -> list[Sequence[str]]:
    """Return the columns of lines in which cells may be quoted."""
    lines = io.StringIO(piece, newline="").readlines()
    try:
        rows = list(dialect.reader(iter(lines)))
    except csv.Error:
        raise NotPlain from None
    if len(rows) != len(lines) or set(map(len, rows)) != {width} or max(map(len, lines)) > LONGEST_CELL:
        raise NotPlain
    return list(zip(*rows, strict=True))


class _ColumnBuilder:
    """One column as it is read."""

    def __init__(self, column: ColumnSchema, default: Any) -> None:
        self.law, self.default = column, default
        self.known: dict[str, int] = {}
        self.values: list[Any] = []
        self.parts: list[NDArray[Any]] = []
        self.written: list[str] = []
        self.kind = ""

    def add(self, cells: Sequence[str]) -> None:
        """Add the cells of some rows; raise NotPlain for one that is not plainly right."""
        if not self.kind:
            self.kind = self._kind(cells)
        if self.kind == "numbers" and self._numbers(cells):
            return
        if self.kind == "texts":
            self._texts(cells)
            return
        alike = cells.count(cells[0]) == len(cells)
        for cell in set(cells[:1] if alike else cells).difference(self.known):
            self.known[cell] = len(self.values)
            self.values.append(self._value(cell))
        codes = repeat(self.known[cells[0]], len(cells)) if alike else map(self.known.__getitem__, cells)
        self.parts.append(np.fromiter(codes, np.int32, len(cells)))

    def _kind(self, cells: Sequence[str]) -> str:
        """Return how the column is kept, by its first rows."""
        law, distinct = self.law, len(set(cells))
        plain = law.choices is None and not law.as_text
        if law.kind == "number" and plain and distinct > len(cells) / 4 and not law.group_char:
            return "numbers" if law.decimal_char == "." and not law.patterns else "coded"
        return "texts" if law.kind == "string" and plain and distinct == len(cells) > 1 else "coded"

    def _value(self, cell: str) -> Any:
        if cell in self.law.missing:
            if self.law.required or self.default is _NONE:
                raise NotPlain
            return self.default
        try:
            return self.law.read(cell)
        except ValueError:
            raise NotPlain from None

    def _numbers(self, cells: Sequence[str]) -> bool:
        """Add plain numbers, none missing; without anything done, return False where there are others."""
        if not DIGITS.issuperset("".join(cells)) or "" in cells:
            if self.parts:
                raise NotPlain
            self.kind = "coded"
            return False
        try:
            values = np.fromiter(map(float, cells), float, len(cells))
        except ValueError:
            raise NotPlain from None
        law, good = self.law, np.isfinite(values).all()
        for limit, fits in (
            (law.minimum, np.greater_equal),
            (law.maximum, np.less_equal),
            (law.above, np.greater),
            (law.below, np.less),
        ):
            good = good and (limit is None or fits(values, limit).all())
        if not good:
            raise NotPlain
        self.parts.append(values)
        return True

    def _texts(self, cells: Sequence[str]) -> None:
        """Add texts."""
        law = self.law
        if not law.missing.isdisjoint(cells) and (law.required or self.default != "" or law.missing != {""}):
            raise NotPlain
        wrong = (not law.free_text and any(map(ne, cells, map(str.strip, cells)))) or (
            law.is_bound and any(law.fault(cell) is not None for cell in cells if cell)
        )
        if wrong:
            raise NotPlain
        self.parts.append(np.fromiter(map(len, cells), np.int64, len(cells)))
        self.written.append("".join(cells))

    def column(self) -> kept.ColumnValues:
        """Return the whole column."""
        whole: NDArray[Any] = np.concatenate(self.parts) if self.parts else np.zeros(0, np.int32)
        if self.kind == "numbers":
            return kept.Numbers(whole)
        if self.kind == "texts":
            starts = np.zeros(len(whole) + 1, np.int64)
            np.cumsum(whole, out=starts[1:])
            return kept.Texts("".join(self.written), starts)
        return kept.Coded(self.values, whole.astype(np.min_scalar_type(max(len(self.values), 1))))
