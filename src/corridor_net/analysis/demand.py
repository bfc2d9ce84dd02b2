"""A demand: annual TEU by origin and destination, and the table it is read from."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from pathlib import Path

from corridor_net.errors import BadFile, BadValue, CorridorError, raise_all
from corridor_net.network import Network
from corridor_net.network.user_table import read_user_table


@dataclass(frozen=True, slots=True)
class Demand:
    """Annual TEU from an origin to a destination."""

    origin: str
    destination: str
    teu: float


def read_demand(path: Path, network: Network) -> tuple[Demand, ...]:
    """Read a table of demand: CSV with the columns origin, destination, teu.

    Raises
    ------
    BadFile
        The file cannot be read, or lacks a column.
    FileFaults, BadValue, UnknownName
        Every unknown place and every teu that is not a number of 0 or more, each with its place.
    """
    found: list[Demand] = []
    faults: list[CorridorError] = []
    for row in read_user_table(path, ("origin", "destination", "teu"), "the table of demand"):
        ends, teu = [], row.number("teu")
        for name in ("origin", "destination"):
            try:
                ends.append(network.node(row.cells[name]).node_id)
            except CorridorError as error:
                faults.append(type(error)(error.message, place=row.place(name), hint=error.hint))
        if teu is None or not 0 <= teu < inf:
            message, hint = f"teu is '{row.cells['teu']}'", "a number of 0 or more"
            faults.append(BadValue(message, place=row.place("teu"), hint=hint))
        elif len(ends) == 2:
            found.append(Demand(ends[0], ends[1], teu))
    raise_all(faults)
    if not found:
        raise BadFile(f"'{path}' holds no demand")
    return tuple(found)
