"""A demand: annual TEU by origin and destination, of one year or over years, and the tables it is read from."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path

from corridor_net.errors import BadFile, BadValue, CorridorError, Place, raise_all
from corridor_net.network import Network


@dataclass(frozen=True, slots=True)
class Demand:
    """Annual TEU from an origin to a destination."""

    origin: str
    destination: str
    teu: float


Reader = Callable[[str], float]
"""Reads a cell; raises BadValue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandRow:
    """One row of a table of demand: its ends, and its numbers by column (optional ones that are empty left out)."""

    origin: str
    destination: str
    numbers: dict[str, float]
    place: Place


def read_demand(path: Path, network: Network) -> tuple[Demand, ...]:
    """Read a table of demand: CSV with the columns origin, destination, teu.

    Raises
    ------
    BadFile
        The file cannot be read, or lacks a column.
    FileFaults, BadValue, UnknownName
        Every unknown place and every teu that is not a number of 0 or more, each with its place.
    """
    rows = read_rows(path, network, {"teu": amount})
    return tuple(Demand(row.origin, row.destination, row.numbers["teu"]) for row in rows)


def read_rows(
    path: Path, network: Network, needed: Mapping[str, Reader], optional: Mapping[str, Reader] | None = None
) -> list[DemandRow]:
    """Read a table with the columns origin, destination, those of `needed`, and those of `optional` that it has.

    Raises as `read_demand`.
    """
    readers = {**needed, **(optional or {})}
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        columns = ", ".join(("origin", "destination", *needed))
        raise BadFile(f"cannot read '{path}': {reason}", hint=f"a CSV with the columns {columns}") from None
    lines = text.splitlines()
    rows = _numbered(path, lines)
    names = [name.strip() for name in rows[0][1]] if rows else []
    absent = [name for name in ("origin", "destination", *needed) if name not in names]
    if absent:
        place = Place(str(path), 1, 1, lines[0] if lines else "")
        raise BadFile(f"the table of demand lacks the column '{absent[0]}'", place=place)
    found: list[DemandRow] = []
    faults: list[CorridorError] = []
    for number, row in rows[1:]:
        if not any(cell.strip() for cell in row):
            continue
        line = lines[number - 1]
        cells = dict(zip(names, [cell.strip() for cell in row], strict=False))
        ends, numbers = [], {}
        for name, column in _in_order(names, row, line, readers):
            cell, place = cells.get(name, ""), Place(str(path), number, column, line)
            try:
                if name not in readers:
                    ends.append(network.node(cell).node_id)
                elif cell or name in needed:
                    numbers[name] = readers[name](cell)
            except CorridorError as error:
                faults.append(type(error)(error.message, place=place, hint=error.hint))
        if len(ends) == 2:
            found.append(
                DemandRow(origin=ends[0], destination=ends[1], numbers=numbers, place=Place(str(path), number))
            )
    raise_all(faults)
    if not found:
        raise BadFile(f"'{path}' holds no demand")
    return found


def _in_order(
    names: Sequence[str], row: Sequence[str], line: str, readers: Mapping[str, Reader]
) -> Iterator[tuple[str, int]]:
    """Yield the columns that are read, ends first, each with the character where its cell begins."""
    starts, at = {}, 0
    for name, cell in zip(names, row, strict=False):
        here = line.find(cell, at)
        starts[name] = max(here, at) + 1
        at = max(here, at) + len(cell)
    for name in ("origin", "destination", *readers):
        if name in names:
            yield name, starts.get(name, 1)


def _numbered(path: Path, lines: list[str]) -> list[tuple[int, list[str]]]:
    """Return the rows, each with the number of the line it ends on; raise BadFile for what is no CSV."""
    reader = csv.reader(lines)
    try:
        found = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        place = Place(str(path), reader.line_num, 1, lines[max(reader.line_num - 1, 0)])
        raise BadFile(f"the table of demand is no CSV: {error}", place=place) from None
    return found


def amount(cell: str) -> float:
    """Return the TEU of a cell; raise BadValue for what is no number of 0 or more."""
    try:
        value = float(cell)
    except ValueError:
        value = -1.0
    if not 0 <= value < inf:
        raise BadValue(f"teu is '{cell}'", hint="a number of 0 or more")
    return value
