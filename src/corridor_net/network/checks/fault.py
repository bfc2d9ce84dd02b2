"""How a check reports: one finding for each thing it looked at, None where it is good."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corridor_net.errors import CorridorError, Place, RowRef
from corridor_net.network.network import Network
from corridor_net.network.place import cell_place
from corridor_net.network.rows import row_id

Findings = Iterator[CorridorError | None]


def ref(table: str, row: Any) -> RowRef:
    """Return the table and id of a row."""
    return table, row_id(table, row)


def found(network: Network, table: str, row: Any, column: str, error: CorridorError, *others: RowRef) -> CorridorError:
    """Return the error with its cell and place; a row that stands in no file (line 0) has no place yet."""
    error.place = place_of(network, table, row.line, column)
    return error.about(table, row_id(table, row), column, *others)


def place_of(network: Network, table: str, line: int, column: str) -> Place | None:
    """Return the place of a cell of a table of the network, None for a row that was not read from a file."""
    return cell_place(Path(network.folder) / f"{table}.csv", line, column) if line else None
