"""A demand: goods by origin and destination, of one year or over years, and the table that it is read from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import nan
from pathlib import Path
from typing import Any

from corridor_net.appraisal.years import Floats, checked_rate, traffic_by_year, whole_year
from corridor_net.costing.objective import MOST
from corridor_net.errors import BadFile, BadValue, CorridorError, Place, raise_all
from corridor_net.network import Network
from corridor_net.network.files.fields import NUMBER
from corridor_net.network.files.user_table import UserRow, read_user_table

AMOUNTS = ("tonnes", "boxes", "teu")
"""What a table may count goods in; one of them. Goods of one kind are counted in the last."""
OPTIONAL = ("cargo", "year", "growth")
Reader = Callable[[str], Any]
"""Reads a cell; raises CorridorError."""


@dataclass(frozen=True, slots=True)
class Demand:
    """Annual TEU from an origin to a destination."""

    origin: str
    destination: str
    teu: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Freight:
    """Boxes a year of one kind of goods between two places; growth outside these years, None: the general one."""

    origin: str
    destination: str
    cargo: str
    boxes: dict[int, float]
    growth: float | None = None

    def by_year(self, years: Sequence[int], growth: float, more: float = 0.0) -> Floats:
        """Return boxes of each year; `more` is added to the growth. Raises BadValue as `traffic_by_year`."""
        return traffic_by_year(self.boxes, (growth if self.growth is None else self.growth) + more, years)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandRow:
    """One row of a table of demand; `year` and `growth` are None where it says none."""

    origin: str
    destination: str
    cargo: str
    boxes: float
    year: int | None
    growth: float | None
    place: Place


def read_demand(path: Path, network: Network, cargo: str | None = None) -> tuple[Demand, ...]:
    """Read a demand of one year and one kind of goods (the usual one): a table with origin, destination, teu.

    Raises
    ------
    BadFile
        The file cannot be read, or lacks a column.
    FileFaults, BadValue, UnknownName
        Every unknown place, every teu that is not a number of 0 or more, and goods of another kind, each with its
        place; and a table of several years.
    """
    usual = cargo or network.default_cargo
    rows = read_rows(path, network, usual, one_kind=True)
    years = {row.year for row in rows}
    if len(years) > 1:
        raise BadValue(f"'{path}' is of several years", hint="a demand of one year: one row for each pair")
    teu = _teu(network, usual)
    return tuple(Demand(row.origin, row.destination, row.boxes * teu) for row in rows)


def read_freight(path: Path, network: Network, usual: str, year: int, *, one_kind: bool = False) -> tuple[Freight, ...]:
    """Read a demand over years: rows of the same goods and pair are joined; one without a year is of `year`.

    Raises as `read_rows`, and for what stands twice for a year.
    """
    found: dict[tuple[str, str, str], Freight] = {}
    faults: list[CorridorError] = []
    for row in read_rows(path, network, usual, one_kind=one_kind):
        key, when = (row.origin, row.destination, row.cargo), year if row.year is None else row.year
        known = found.get(key)
        if known and when in known.boxes:
            told = f"{row.origin} to {row.destination} stands twice for {when}"
            faults.append(BadValue(told, place=row.place, hint="add them up"))
        boxes = {**(known.boxes if known else {}), when: row.boxes}
        growth = known.growth if known and row.growth is None else row.growth
        found[key] = Freight(origin=key[0], destination=key[1], cargo=key[2], boxes=boxes, growth=growth)
    raise_all(faults)
    return tuple(found.values())


def read_rows(path: Path, network: Network, usual: str, *, one_kind: bool) -> list[DemandRow]:
    """Read a table: origin, destination, one of tonnes, boxes and teu, and where wanted cargo, year and growth.

    Rows without a cargo are of `usual`; with `one_kind` they are counted in teu, and none is of other goods. Raises
    BadFile for a table that is none; every unknown place and cargo, and every number that is none, at once, each with
    its place.
    """
    amounts = AMOUNTS[-1:] if one_kind else AMOUNTS
    needed = ("origin", "destination", *(amounts if one_kind else ()))
    rows = read_user_table(path, needed, "the table of demand", OPTIONAL)
    if not rows:
        raise BadFile(f"'{path}' holds no demand")
    told = [name for name in amounts if name in rows[0].cells]
    if len(told) != 1:
        raise BadFile(
            f"'{path}' counts goods in {' and '.join(told) or 'nothing'}", hint=f"one column of {', '.join(amounts)}"
        )
    read = read_cells(rows, network, told[0], {"year": _year, "growth": _growth}, only=usual if one_kind else None)
    return [_made(row, cells, network, usual, told[0]) for row, cells in zip(rows, read, strict=True)]


def read_cells(
    rows: Sequence[UserRow], network: Network, told: str, more: Mapping[str, Reader], *, only: str | None = None
) -> list[dict[str, Any]]:
    """Return what rows say of pairs of places: ends, the amount in column `told`, cargo (`only` this one), and `more`.

    Optional cells that are empty are left out. Raises every fault at once, each with its place.
    """
    readers: dict[str, Reader] = {
        "origin": lambda cell: network.node(cell).node_id,
        "destination": lambda cell: network.node(cell).node_id,
        told: partial(_amount, told),
        "cargo": partial(_cargo, network, only),
        **more,
    }
    faults: list[CorridorError] = []
    read = [_read(row, readers, faults) for row in rows]
    raise_all(faults)
    return read


def _read(row: UserRow, readers: Mapping[str, Reader], faults: list[CorridorError]) -> dict[str, Any]:
    """Return what is read of a row, optional cells that are empty left out; faults get their places."""
    found: dict[str, Any] = {}
    for name, read in readers.items():
        if name in OPTIONAL and not row.cells.get(name):
            continue
        try:
            found[name] = read(row.text(name))
        except CorridorError as error:
            faults.append(error.moved(row.place(name)))
    if "origin" in found and found["origin"] == found.get("destination"):
        faults.append(BadValue("origin and destination are one", place=row.place("origin"), hint="two places"))
    return found


def _made(row: UserRow, cells: Mapping[str, Any], network: Network, usual: str, told: str) -> DemandRow:
    cargo = cells.get("cargo", usual)
    unit = {"tonnes": network.cargo(cargo).payload_t, "boxes": 1.0, "teu": _teu(network, cargo)}[told]
    return DemandRow(
        origin=cells["origin"],
        destination=cells["destination"],
        cargo=cargo,
        boxes=cells[told] / unit,
        year=cells.get("year"),
        growth=cells.get("growth"),
        place=row.place("origin"),
    )


def _teu(network: Network, cargo: str) -> float:
    return network.vocabulary.cargo_units[network.cargo(cargo).cargo_unit].teu


def _amount(name: str, cell: str) -> float:
    value = float(cell) if NUMBER.fullmatch(cell) else -1.0
    if not 0 <= value <= MOST:
        raise BadValue(f"{name} is '{cell[:40]}'", hint=f"a number of 0 or more, {MOST:g} at most")
    return value


def _cargo(network: Network, only: str | None, cell: str) -> str:
    name = network.cargo(cell).cargo_id
    if only not in (None, name):
        raise BadValue(f"the row is of '{name}', and all is asked of '{only}'", hint=f"ask of it with --cargo {name}")
    return name


def _year(cell: str) -> int:
    number = float(cell) if NUMBER.fullmatch(cell) else nan
    return whole_year(int(number) if number.is_integer() else cell, "the year")


def _growth(cell: str) -> float:
    if not NUMBER.fullmatch(cell):
        raise BadValue(f"growth is '{cell}'", hint="a share a year, for example 0.03")
    return checked_rate(float(cell), "the growth of traffic")
