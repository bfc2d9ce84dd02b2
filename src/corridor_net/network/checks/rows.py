"""Checks of single rows and of names: cells within their columns, keys, drawings at their nodes, one name one node."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from corridor_net.errors import BadValue, CorridorError, RowRef
from corridor_net.network.earth import geodesic_km
from corridor_net.network.files.fields import ColumnSchema
from corridor_net.network.lines import apart_km, ends_of, turned
from corridor_net.network.names import folded, listed
from corridor_net.network.network import Network
from corridor_net.network.reading.keys import find_doubles, find_strangers
from corridor_net.network.reading.package import held_columns
from corridor_net.network.reading.read import REMEMBERED
from corridor_net.network.rows import Geometry, Link, SeaLane, TableRow
from corridor_net.network.wkt import Coordinates, wkt_line

from .fault import CheckFinding, Findings, Wanted, found, ref, rows_of

NEAR_DEGREES = 0.005
"""Within this of its node a drawing ends less than a kilometre away, wherever that is."""


def cells(network: Network, wanted: Wanted = None) -> Findings:
    """Every cell is one that its column may hold."""
    for name, table in network.package.tables.items():
        if wanted is not None and all(table_of != name for table_of, _ in wanted):
            continue
        held = held_columns(name)
        columns = [
            (column, attrgetter(column.name), set[Any]())
            for column in table.columns.values()
            if column.name in held and not column.as_text and (column.is_bound or column.required)
        ]
        for row in rows_of(network, name, wanted):
            wrong = [_wrong(name, row, column, value(row), good) for column, value, good in columns]
            yield from filter(None, wrong) if any(wrong) else (None,)


def _wrong(table: str, row: TableRow, column: ColumnSchema, value: Any, good: set[Any]) -> CheckFinding | None:
    """Return what is wrong with a value, None when it may stand in the column; `good` are values known to be so."""
    if value in good:
        return None
    empty = value is None or value == ""
    wrong = ("is missing" if column.required else None) if empty else column.fault(value)
    if wrong is None:
        if len(good) < REMEMBERED:
            good.add(value)
        return None
    text = f"'{column.name}' is missing" if empty else f"{column.name} = '{value}': {wrong}"
    return found(table, row, column.name, BadValue(text))


def keys(network: Network, wanted: Wanted = None) -> Findings:
    """No two rows of one key hold on one day, no row ends before it begins, every row that is named is there."""
    tables = [name for name in network.package.tables if wanted is None or any(of == name for of, _ in wanted)]
    kept: list[CheckFinding] = []

    def report(kind: Any, table: str, row: TableRow, column: str, make: Any, *others: RowRef) -> None:  # noqa: ARG001
        kept.append(found(table, row, column, make(), *others))

    some = None if wanted is None else {name: list(rows_of(network, name, wanted)) for name in tables}
    find_doubles(network.tables, network.package, report, some)
    find_strangers(network.tables, network.package, report, {}, tables)
    yield from kept
    for name in tables:
        for _ in network.rows(name):
            yield None


def names(network: Network) -> Findings:
    """A name is that of one node."""
    shared = dict(network.names.shared())
    told = set()
    for table, column in (("node_name", "name"), ("node", "name"), ("node", "unlocode")):
        for row in network.rows(table):
            name = folded(getattr(row, column))
            if name not in shared or name in told:
                yield None
                continue
            told.add(name)
            others = [("node", node) for node in shared[name]]
            error = BadValue(
                f"'{getattr(row, column)}' is the name of {len(others)} nodes: {listed(shared[name])}",
                hint="asked by this name, no node can be told; change one of the names",
            )
            yield found(table, row, column, error, *others)


def drawings(network: Network, wanted: Wanted = None) -> Findings:
    """Every drawing ends at its nodes: within 1 km and a tenth of the straight line between them."""
    drawn = {row.geometry_id: row for row in network.rows("geometry")}
    redrawn = drawn.keys() if wanted is None else {name for table, name in wanted if table == "geometry"}
    links = {link.link_id for link in rows_of(network, "link", wanted)}
    for link in network.rows("link"):
        row = drawn.get(link.geometry_id)
        if row is not None and (link.link_id in links or link.geometry_id in redrawn):
            yield _drawing(network, "geometry", row, link, ref("link", link))
    for lane in rows_of(network, "sea_lane", wanted):
        yield _drawing(network, "sea_lane", lane, lane)


def _drawing(
    network: Network, table: str, row: Geometry | SeaLane, owner: Link | SeaLane, *others: RowRef
) -> CheckFinding | None:
    error = _far_from(wkt_line(row.geometry), ends_of(network, owner))
    return None if error is None else found(table, row, "geometry", error, *others)


def _far_from(line: Coordinates, ends: Coordinates) -> CorridorError | None:
    if all(
        abs(a - b) <= NEAR_DEGREES
        for here, there in zip((line[0], line[-1]), ends, strict=True)
        for a, b in zip(here, there, strict=True)
    ):
        return None
    limit = 1 + 0.1 * geodesic_km(*ends[0], *ends[-1])
    apart = apart_km(turned(line, ends), ends)
    if apart <= limit:
        return None
    swapped = tuple((y, x) for x, y in line)
    exchanged = all(abs(y) <= 90 for _, y in swapped) and apart_km(turned(swapped, ends), ends) <= limit
    hint = "longitude and latitude seem to be exchanged" if exchanged else "correct the drawing or the nodes"
    return BadValue(f"the drawing ends {apart:,.0f} km from its node, farther than {limit:,.0f} km", hint=hint)
