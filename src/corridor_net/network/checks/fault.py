"""How a check reports: one finding for each thing it looked at, None where it is good."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from corridor_net.errors import CorridorError, RowRef
from corridor_net.network.network import Network
from corridor_net.network.rows import TableRow, row_id, rows_named


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFinding:
    """A fault of a cell, and the other rows it is about. Its place is looked up only when it is reported."""

    table: str
    row: TableRow
    column: str
    error: CorridorError
    others: tuple[RowRef, ...] = ()

    def fault(self, network: Network) -> CorridorError:
        """Return the error with its cell and place; a row that stands in no file (line 0) has no place."""
        self.error.place = network.place(self.table, self.row, self.column)
        return self.error.about(self.table, row_id(self.table, self.row), self.column, *self.others)

    def touches(self, rows: frozenset[RowRef]) -> bool:
        """Whether the finding is about one of these rows."""
        return ref(self.table, self.row) in rows or not rows.isdisjoint(self.others)


Findings = Iterator[CheckFinding | None]
Wanted = frozenset[RowRef] | None
"""The rows to look at; None: all."""


def ref(table: str, row: TableRow) -> RowRef:
    """Return the table and id of a row."""
    return table, row_id(table, row)


def rows_of(network: Network, table: str, wanted: Wanted) -> Iterable[Any]:
    """Return the rows of a table that are to be looked at."""
    if wanted is None:
        return network.rows(table)
    return rows_named(table, network.rows(table), {name for of, name in wanted if of == table})


def found(table: str, row: TableRow, column: str, error: CorridorError, *others: RowRef) -> CheckFinding:
    """Return a fault of a cell."""
    return CheckFinding(table=table, row=row, column=column, error=error, others=others)
