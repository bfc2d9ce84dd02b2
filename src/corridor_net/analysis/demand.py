"""A demand: annual TEU by origin and destination, and the table it is read from."""

from __future__ import annotations

import csv
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


def read_demand(path: Path, network: Network) -> tuple[Demand, ...]:
    """Read a table of demand: CSV with the columns origin, destination, teu.

    Raises
    ------
    BadFile
        The file cannot be read, or lacks a column.
    FileFaults, BadValue, UnknownName
        Every unknown place and every teu that is not a number of 0 or more, each with its place.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise BadFile(
            f"cannot read '{path}': {reason}", hint="a CSV with the columns origin, destination, teu"
        ) from None
    lines = text.splitlines()
    rows = _numbered(path, lines)
    names = [name.strip() for name in rows[0][1]] if rows else []
    absent = [name for name in ("origin", "destination", "teu") if name not in names]
    if absent:
        place = Place(str(path), 1, 1, lines[0] if lines else "")
        raise BadFile(f"the table of demand lacks the column '{absent[0]}'", place=place)
    found: list[Demand] = []
    faults: list[CorridorError] = []
    for number, row in rows[1:]:
        if not any(cell.strip() for cell in row):
            continue
        cells = dict(zip(names, [cell.strip() for cell in row], strict=False))
        ends, teu = [], 0.0
        for name in ("origin", "destination", "teu"):
            cell = cells.get(name, "")
            column = lines[number - 1].find(cell) + 1 if cell else 1
            place = Place(str(path), number, column, lines[number - 1])
            try:
                if name == "teu":
                    teu = _amount(cell)
                else:
                    ends.append(network.node(cell).node_id)
            except CorridorError as error:
                faults.append(type(error)(error.message, place=place, hint=error.hint))
        if len(ends) == 2:
            found.append(Demand(ends[0], ends[1], teu))
    raise_all(faults)
    if not found:
        raise BadFile(f"'{path}' holds no demand")
    return tuple(found)


def _numbered(path: Path, lines: list[str]) -> list[tuple[int, list[str]]]:
    """Return the rows, each with the number of the line it ends on; raise BadFile for what is no CSV."""
    reader = csv.reader(lines)
    try:
        found = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        place = Place(str(path), reader.line_num, 1, lines[max(reader.line_num - 1, 0)])
        raise BadFile(f"the table of demand is no CSV: {error}", place=place) from None
    return found


def _amount(cell: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        value = -1.0
    if not 0 <= value < inf:
        raise BadValue(f"teu is '{cell}'", hint="a number of 0 or more")
    return value
