"""A demand: annual TEU by origin and destination, of one year or over years, and the tables it is read from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from corridor_net.costing.objective import MOST
from corridor_net.errors import BadFile, BadValue, CorridorError, Place, raise_all
from corridor_net.network import Network
from corridor_net.network.files.fields import NUMBER
from corridor_net.network.files.user_table import read_user_table


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
    found: list[DemandRow] = []
    faults: list[CorridorError] = []
    columns, known = ("origin", "destination", *needed), tuple(optional or ())
    for row in read_user_table(path, columns, "the table of demand", known):
        before, numbers, ends = len(faults), {}, []
        readers = {**needed, **{name: read for name, read in (optional or {}).items() if row.cells.get(name)}}
        for name in ("origin", "destination", *readers):
            try:
                if name in readers:
                    numbers[name] = readers[name](row.cells[name])
                else:
                    ends.append(network.node(row.cells[name]).node_id)
            except CorridorError as error:
                faults.append(type(error)(error.message, place=row.place(name), hint=error.hint))
        if len(faults) == before:
            place = row.place("origin")
            found.append(DemandRow(origin=ends[0], destination=ends[1], numbers=numbers, place=place))
    raise_all(faults)
    if not found:
        raise BadFile(f"'{path}' holds no demand")
    return found


def amount(cell: str) -> float:
    """Return the TEU of a cell; raise BadValue for what is no number of 0 or more."""
    value = float(cell) if NUMBER.fullmatch(cell) else -1.0
    if not 0 <= value <= MOST:
        raise BadValue(f"teu is '{cell[:40]}'", hint=f"a number of 0 or more, {MOST:g} at most")
    return value
