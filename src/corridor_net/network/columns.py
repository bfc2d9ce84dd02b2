"""Tables as columns: the values of all rows side by side, and rows that are made when they are looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, Protocol, overload

import numpy as np
from numpy.typing import NDArray

from .rows.row import TableRow

Codes = NDArray[np.int64]
"""Which of some distinct values each row has."""
BLOCK = 8_192
"""Rows made together when all are looked at in turn."""


class ColumnValues(Protocol):
    """The values of one column."""

    def __getitem__(self, row: int) -> Any:
        """Return the value of a row."""

    def listed(self, start: int, stop: int) -> list[Any]:
        """Return the values of some rows in turn."""

    def taken(self, rows: Codes) -> ColumnValues:
        """Return the column of some rows."""


class Coded:
    """A column of values that repeat."""

    def __init__(self, values: list[Any], codes: NDArray[Any]) -> None:
        self.values, self.codes = values, codes

    def __getitem__(self, row: int) -> Any:
        return self.values[self.codes[row]]

    def listed(self, start: int, stop: int) -> list[Any]:
        """Return the values of some rows in turn."""
        return [self.values[code] for code in self.codes[start:stop].tolist()]

    def taken(self, rows: Codes) -> Coded:
        """Return the column of some rows."""
        return Coded(self.values, self.codes[rows])


class Numbers:
    """A column of numbers, no cell of it empty."""

    def __init__(self, values: NDArray[np.float64]) -> None:
        self.values = values

    def __getitem__(self, row: int) -> float:
        return float(self.values[row])

    def listed(self, start: int, stop: int) -> list[float]:
        """Return the values of some rows in turn."""
        found: list[float] = self.values[start:stop].tolist()
        return found

    def taken(self, rows: Codes) -> Numbers:
        """Return the column of some rows."""
        return Numbers(self.values[rows])


class Texts:
    """A column of texts that hardly repeat: one long text, and where each begins."""

    def __init__(self, text: str, starts: NDArray[np.int64]) -> None:
        self.text, self.starts = text, starts

    def __getitem__(self, row: int) -> str:
        return self.text[self.starts[row] : self.starts[row + 1]]

    def listed(self, start: int, stop: int) -> list[str]:
        """Return the values of some rows in turn."""
        text = self.text
        return [text[a:b] for a, b in pairwise(self.starts[start : stop + 1].tolist())]

    def taken(self, rows: Codes) -> Coded:
        """Return the column of some rows."""
        return Coded([self[row] for row in rows.tolist()], np.arange(len(rows)))


class Columns(Sequence[Any]):
    """The rows of a large table, kept as columns. A row is made whenever it is looked at, until all are `whole`."""

    def __init__(self, make: type[TableRow], columns: Mapping[str, ColumnValues], lines: NDArray[np.int32]) -> None:
        self.make, self.columns, self.lines = make, columns, lines
        self.rows: tuple[Any, ...] | None = None

    def __len__(self) -> int:
        return len(self.lines)

    @overload
    def __getitem__(self, row: int) -> Any: ...
    @overload
    def __getitem__(self, row: slice) -> tuple[Any, ...]: ...
    def __getitem__(self, row: int | slice) -> Any:
        if self.rows is not None:
            return self.rows[row]
        if isinstance(row, slice):
            return tuple(self[one] for one in range(*row.indices(len(self))))
        place = range(len(self))[row]
        return self.make(line=int(self.lines[place]), **{name: column[place] for name, column in self.columns.items()})

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows) if self.rows is not None else self._made()

    def _made(self) -> Iterator[Any]:
        names = (*self.columns, "line")
        for start in range(0, len(self), BLOCK):
            listed = [column.listed(start, start + BLOCK) for column in self.columns.values()]
            for values in zip(*listed, self.lines[start : start + BLOCK].tolist(), strict=True):
                yield self.make(**dict(zip(names, values, strict=True)))

    def whole(self) -> tuple[Any, ...]:
        """Return the rows, made once: from now on each is the same object whenever it is looked at."""
        if self.rows is None:
            self.rows = tuple(self._made())
        return self.rows

    def holding(self, day: date) -> NDArray[np.bool_]:
        """Return which rows of a dated table hold on a day."""
        firsts, kind = self.firsts(("valid_from", "valid_to"))
        return np.array([self[first].holds_on(day) for first in firsts], bool)[kind]

    def active(self, day: date, gone: frozenset[str], stands_at: Sequence[str]) -> Columns:
        """Return the rows that hold on a day, without those that name a node of `gone` in a column of `stands_at`."""
        good = self.holding(day)
        for column in stands_at if gone else ():
            nodes, code = self.coded(column)
            good &= ~np.array([node in gone for node in nodes], bool)[code]
        return self if good.all() else self.taken(np.flatnonzero(good))

    def taken(self, rows: Codes) -> Columns:
        """Return the table of some rows."""
        columns = {name: column.taken(rows) for name, column in self.columns.items()}
        return Columns(self.make, columns, self.lines[rows])

    def coded(self, column: str) -> tuple[list[Any], Codes]:
        """Return the distinct values of a column, and which of them each row has."""
        kept = self.columns.get(column)
        if kept is None:  # not in the file: every row has the value its class gives
            return ([getattr(self[0], column)] if len(self) else []), np.zeros(len(self), np.int64)
        if isinstance(kept, Coded):
            return kept.values, kept.codes.astype(np.int64)
        return _coded(kept.listed(0, len(self)))

    def firsts(self, names: Sequence[str]) -> tuple[list[int], Codes]:
        """Return the first row of every distinct tuple of values of some columns, and which of them each row has."""
        if not len(self):
            return [], np.zeros(0, np.int64)
        found = [self.coded(name) for name in names]
        return joint([codes for _, codes in found], [len(values) for values, _ in found])

    def differ(self, names: Sequence[str]) -> bool:
        """Whether no two rows have the same values of some columns."""
        column = self.columns.get(names[0]) if len(names) == 1 else None
        if column is not None and not isinstance(column, Coded):
            return len(set(column.listed(0, len(self)))) == len(self)
        return len(self.firsts(names)[0]) == len(self)

    def values(self, names: Sequence[str]) -> list[Any]:
        """Return the distinct values of a column, or tuples of values of some columns."""
        kept = self.columns.get(names[0]) if len(names) == 1 else None
        if kept is not None and not isinstance(kept, Coded):
            return list(dict.fromkeys(kept.listed(0, len(self))))
        found = [self.coded(name) for name in names]
        if len(found) == 1:
            return found[0][0]
        firsts = self.firsts(names)[0]
        listed = ([values[code] for code in codes[firsts].tolist()] for values, codes in found)
        return list(zip(*listed, strict=True))


class ById(Mapping[str, Any]):
    """The rows of a large table by the id in one of its columns."""

    def __init__(self, rows: Columns, column: str) -> None:
        self.rows = rows
        self.number = {name: row for row, name in enumerate(texts(rows, column))}

    def __getitem__(self, name: str) -> Any:
        return self.rows[self.number[name]]

    def __contains__(self, name: object) -> bool:
        return name in self.number

    def __iter__(self) -> Iterator[str]:
        return iter(self.number)

    def __len__(self) -> int:
        return len(self.number)


def _coded(values: Sequence[Any]) -> tuple[list[Any], Codes]:
    known = {value: number for number, value in enumerate(dict.fromkeys(values))}
    return list(known), np.fromiter(map(known.__getitem__, values), np.int64, len(values))


def by_id(rows: Sequence[TableRow], column: str) -> Mapping[str, Any]:
    """Return the rows by the id in a column."""
    return ById(rows, column) if isinstance(rows, Columns) else {getattr(row, column): row for row in rows}


def coded(rows: Sequence[TableRow], column: str) -> tuple[list[Any], Codes]:
    """Return the distinct values of a column, and which of them each row has."""
    return rows.coded(column) if isinstance(rows, Columns) else _coded([getattr(row, column) for row in rows])


def floats(rows: Sequence[TableRow], column: str) -> NDArray[np.float64]:
    """Return the numbers of a column without empty cells."""
    if not isinstance(rows, Columns):
        return np.fromiter((getattr(row, column) for row in rows), float, len(rows))
    kept = rows.columns[column]
    return kept.values if isinstance(kept, Numbers) else np.array(kept.listed(0, len(rows)), float)


def texts(rows: Sequence[TableRow], column: str) -> list[str]:
    """Return the texts of a column."""
    if not isinstance(rows, Columns):
        return [getattr(row, column) for row in rows]
    return rows.columns[column].listed(0, len(rows))


def first_met(codes: Codes) -> dict[int, int]:
    """Return the first row of each code that is met, by code."""
    known, first = np.unique(codes, return_index=True)
    return dict(zip(known.tolist(), first.tolist(), strict=True))


def joint(columns: Sequence[Codes], sizes: Sequence[int]) -> tuple[list[int], Codes]:
    """Return the first row of every distinct tuple of codes, in the order of rows, and which of them each row has."""
    whole, span = np.zeros(len(columns[0]), np.int64), 1
    for codes, size in zip(columns, sizes, strict=True):
        if size < 2:
            continue
        if span * size > 2**62:
            whole = np.unique(whole, return_inverse=True)[1]
            span = int(whole.max(initial=0)) + 1
        whole, span = whole * size + codes, span * size
    if span == 1:
        return ([0] if len(whole) else []), whole
    _, first, inverse = np.unique(whole, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return first[order].tolist(), rank[inverse]


def distinct(codes: Codes) -> Codes:
    """Return the distinct codes, ascending."""
    listed = np.sort(codes)
    first = np.ones(len(listed), bool)
    first[1:] = listed[1:] != listed[:-1]
    return listed[first]
