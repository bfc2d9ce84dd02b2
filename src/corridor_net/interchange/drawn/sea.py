"""A sea network of lines with a table of ports: each port joins the nearest corner, lanes are found along the lines."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from corridor_net.errors import BadValue
from corridor_net.interchange.completing.borders import with_countries
from corridor_net.interchange.completing.complete import assembled, node_rows
from corridor_net.interchange.completing.services import lane_rows, port_terminals, ship_rows
from corridor_net.interchange.coordinates import into_range, line_km, straight_km
from corridor_net.interchange.defaults import DERIVED, SOURCE, default_rows
from corridor_net.interchange.drawings import line_cells
from corridor_net.interchange.imported import Imported
from corridor_net.interchange.layers import any_table
from corridor_net.interchange.listed.frames import NODE_NAMES, need_columns, node_frame
from corridor_net.interchange.mapping import with_our_names
from corridor_net.interchange.notes import Notes, agreeing, counted, some
from corridor_net.interchange.options import ImportOptions
from corridor_net.interchange.raw import NODE_COLUMNS, Raw, numbered, with_columns

from .lines import degrees, exploded, raw_of_lines, read_lines, refuse_same_lines
from .noding import Noded, node_lines

if TYPE_CHECKING:
    import geopandas

ARCTIC = 72.0
"""Degrees north, beyond North Cape, from which a lane leads through ice."""
MOST_PORTS = 400
"""Lanes are made between every two ports: 400 have 79,800."""


def import_lines(
    paths: list[Path],
    options: ImportOptions,
    notes: Notes,
    *,
    ports: Path | None = None,
    in_folder: bool = False,
) -> Raw | Imported:
    """Return the network of files of lines; with a table of ports, the sea between them.

    Files that were found `in_folder`, and not named one by one, may not hold the same lines.
    """
    frame, source = read_lines(paths, options, notes), some([path.name for path in paths])
    if in_folder and len(paths) > 1:
        refuse_same_lines(frame, paths, notes)
    if ports is None:
        return raw_of_lines(frame, None, options, notes, source=source)
    return import_sea(frame, ports, options, notes, source=source)


def import_sea(
    frame: geopandas.GeoDataFrame, ports: Path, options: ImportOptions, notes: Notes, *, source: str
) -> Imported:
    """Return ports, the lanes between every two of them along the lines, and charter or services to sail them.

    Raises BadValue for too many ports, or ports too far from the lines.
    """
    nodes, place = _ports(ports, options, notes)
    _, lines = exploded(frame, notes, source)
    crs = frame.crs.to_string() if frame.crs is not None else ""
    lines = degrees(lines, options.crs or crs, options, notes)
    joins, km = join_ports(nodes, lines)
    far = km > options.join_km
    notes.fault_rows(
        far,
        lambda n: BadValue(
            f"port '{nodes['node_id'].iloc[n]}' lies {km[n]:,.0f} km from the sea network",
            place=place(n),
            hint=f"correct its coordinates, leave it out, or --join-km {np.ceil(km[n]):.0f}",
        ),
    )
    notes.stop_on_faults()
    notes.assume(
        f"each port is joined to the nearest corner of the sea network by a straight line, up to {km.max():.1f} km"
    )
    noded = node_lines(np.concatenate((lines, joins)), options.nodes_at, options.snap_m, notes)
    nodes = with_countries(nodes, options, notes)
    lanes = lanes_between(nodes, noded, source, notes)
    raw = Raw(nodes=nodes, links=pd.DataFrame(), source=source, origin={"format": "sea"})
    return assembled(raw, _tables(nodes, lanes, options, notes, source), options, notes)


def _ports(path: Path, options: ImportOptions, notes: Notes) -> tuple[pd.DataFrame, Any]:
    """Return the ports as nodes: ids are their UN/LOCODE, else their id or name."""
    table = with_our_names(any_table(path, notes), options.names, NODE_NAMES, notes)
    places = ("geometry",) if "geometry" in table.frame else ("x_coord", "y_coord")
    need_columns(table, places, "ports")
    nodes = node_frame(table, notes)
    ids = nodes["node_id"].where(nodes["node_id"] != "", nodes["unlocode"])
    nodes = nodes.assign(
        node_id=ids.where(ids != "", nodes["name"]),
        name=nodes["name"].where(nodes["name"] != "", ids),
        node_type="seaport",
        country=nodes["country"].where(nodes["country"].str.len() == 2, ""),
    )
    notes.fault_rows(
        (nodes["node_id"] == "").to_numpy(),
        lambda n: BadValue(
            "a port has neither id, nor UN/LOCODE, nor name",
            place=table.place(n),
            hint="fill in one of them, or say in a mapping file (--mapping) which column is name",
        ),
    )
    twice = nodes["node_id"].duplicated().to_numpy()
    if twice.any():
        nodes = nodes.assign(node_id=numbered(nodes["node_id"]), unlocode=nodes["unlocode"].mask(twice, ""))
        count = int(twice.sum())
        notes.warn(
            f"{counted(count, 'port has', 'ports have')} the id of a port before "
            f"{agreeing(count, 'it,', 'them,')} and got a number behind it: "
            f"{some(list(nodes['node_id'][twice]))}; are they the same port?"
        )
    x, y = nodes["x_coord"].to_numpy(float), nodes["y_coord"].to_numpy(float)
    exchanged = (
        "write longitude and latitude in degrees; are the two exchanged? a mapping file (--mapping) says which is which"
    )
    notes.fault_rows(
        ~((np.abs(x) <= 360) & (np.abs(y) <= 90)),
        lambda n: BadValue(
            f"port '{nodes['node_id'].iloc[n]}' has no place: longitude {x[n]:g}, latitude {y[n]:g}",
            place=table.place(n),
            hint=exchanged if abs(x[n]) <= 90 < abs(y[n]) else "write longitude and latitude in degrees",
        ),
    )
    notes.stop_on_faults()
    nodes = nodes.assign(x_coord=into_range(x))
    notes.fault_rows(
        nodes.duplicated(["x_coord", "y_coord"]).to_numpy(),
        lambda n: BadValue(
            f"port '{nodes['node_id'].iloc[n]}' lies where a port before it lies",
            place=table.place(n),
            hint="no lane leads from a place to itself: leave one out, or correct its coordinates",
        ),
    )
    notes.stop_on_faults()
    if len(nodes) > MOST_PORTS or len(nodes) < 2:
        raise BadValue(f"{len(nodes):,} ports", hint=f"2 to {MOST_PORTS}: lanes are made between every two of them")
    return with_columns(nodes, NODE_COLUMNS), table.place


def join_ports(nodes: pd.DataFrame, lines: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return a line from each port to the nearest corner of the lines, and its length in km."""
    corners = np.unique(shapely.get_coordinates(lines), axis=0)
    x, y = nodes["x_coord"].to_numpy(float), nodes["y_coord"].to_numpy(float)
    joins, km = [], []
    for lon, lat in zip(x, y, strict=True):
        far = straight_km(np.full(len(corners), lon), np.full(len(corners), lat), corners[:, 0], corners[:, 1])
        best = int(np.argmin(far))
        joins.append([(lon, lat), tuple(corners[best])])
        km.append(float(far[best]))
    return np.asarray(shapely.linestrings(joins), object), np.array(km)


def lanes_between(nodes: pd.DataFrame, noded: Noded, source: str, notes: Notes) -> pd.DataFrame:
    """Return the shortest way along the lines between every two ports; warns of ports it does not reach."""
    import networkx as nx

    km = line_km(noded.lines)
    graph = nx.Graph()
    graph.add_nodes_from(range(len(noded.lon)))
    for number, (a, b, length) in enumerate(zip(noded.here.tolist(), noded.there.tolist(), km.tolist(), strict=True)):
        if a != b and length < graph.get_edge_data(a, b, {"km": np.inf})["km"]:
            graph.add_edge(a, b, km=length, line=number)
    x, y = nodes["x_coord"].to_numpy(float), nodes["y_coord"].to_numpy(float)
    at = {(round(lon, 7), round(lat, 7)): n for n, (lon, lat) in enumerate(zip(noded.lon, noded.lat, strict=True))}
    places = [at[round(lon, 7), round(lat, 7)] for lon, lat in zip(x, y, strict=True)]
    ways: list[tuple[int, int, float, Any]] = []
    unreached = []
    for first, start in enumerate(places[:-1]):
        far, paths = nx.single_source_dijkstra(graph, start, weight="km")
        for second in range(first + 1, len(places)):
            if places[second] in far:
                ways.append((first, second, far[places[second]], _way(graph, paths[places[second]], noded)))
            else:
                unreached.append(f"{nodes['node_id'][first]} - {nodes['node_id'][second]}")
    if unreached:
        count = len(unreached)
        notes.warn(
            f"{counted(count, 'pair', 'pairs')} of ports {agreeing(count, 'is', 'are')} not joined "
            f"by the sea network: {some(unreached)}"
        )
    if not ways:
        raise BadValue("no two ports are joined by the sea network", hint="--snap joins lines that nearly meet")
    notes.assume(f"{counted(len(ways), 'sea lane is', 'sea lanes are')} the shortest way along the lines of {source}")
    _warn_of_ice(ways, y, nodes["node_id"], notes)
    one, two = (np.array([way[end] for way in ways]) for end in (0, 1))
    names = nodes["node_id"].to_numpy(object)[one] + " - " + nodes["node_id"].to_numpy(object)[two]
    return lane_rows(
        nodes["node_id"].to_numpy(object)[one],
        nodes["node_id"].to_numpy(object)[two],
        np.array([way[2] for way in ways]),
        straight_km(x[one], y[one], x[two], y[two]),
        line_cells(_linestrings([way[3] for way in ways]), names, notes),
        f"shortest way along the lines of {source}, on the ellipsoid WGS 84",
        DERIVED,
        "C",
    )


def _warn_of_ice(ways: list[tuple[int, int, float, Any]], y: NDArray[np.float64], ids: pd.Series, notes: Notes) -> None:
    """Warn of lanes through the ice of the Arctic between ports south of it: they are short, and rarely sailed."""
    icy = [f"{ids[a]} - {ids[b]}" for a, b, _, way in ways if max(y[a], y[b]) < ARCTIC < np.max(np.asarray(way)[:, 1])]
    if icy:
        count = len(icy)
        notes.warn(
            f"{counted(count, 'sea lane', 'sea lanes')} between ports further south "
            f"{agreeing(count, 'leads', 'lead')} beyond {ARCTIC:g}° N, through ice: {some(icy)}; "
            "leave those lines out of the sea network if ships are not to sail there"
        )


def _linestrings(ways: list[NDArray[Any]]) -> NDArray[Any]:
    counts = [len(way) for way in ways]
    return np.asarray(
        shapely.linestrings(np.concatenate(ways), indices=np.repeat(np.arange(len(ways)), counts)), object
    )


def _way(graph: Any, path: list[int], noded: Noded) -> NDArray[Any]:
    """Return the points along a path, each once."""
    pieces = []
    for here, there in itertools.pairwise(path):
        number = graph.edges[here, there]["line"]
        points = shapely.get_coordinates(noded.lines[number])
        pieces.append(points if noded.here[number] == here else points[::-1])
    return np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])


def _tables(
    nodes: pd.DataFrame, lanes: pd.DataFrame, options: ImportOptions, notes: Notes, source: str
) -> dict[str, pd.DataFrame]:
    tables = {
        "node": node_rows(nodes, f"with {source}"),
        "sea_lane": lanes,
        "terminal": port_terminals(nodes["node_id"].to_numpy(object), charter=not options.sailings_per_week),
    }
    if options.sailings_per_week:
        tables |= services_on(lanes, options, notes)
        return tables
    tables["cargo"] = default_rows("cargo").assign(may_charter="yes")
    notes.assume(
        "ships are chartered, with the default rate, between ports of two countries: --sailings N makes services"
    )
    country = nodes["country"]
    if country.nunique() == 1:
        notes.warn(
            "all ports are of one country, and charter runs between countries only: use --sailings, or --countries"
        )
    return tables


def services_on(lanes: pd.DataFrame, options: ImportOptions, notes: Notes) -> dict[str, pd.DataFrame]:
    """Return a service there and back on each lane, as often as asked."""
    notes.assume(f"a service sails there and back on every lane, {options.sailings_per_week:g} times a week")
    ids = lanes["lane_id"].str.removeprefix("sea-").to_numpy(object)
    made = {"source_id": SOURCE, "grade": "D", "basis": "default: as often as asked when the network was imported"}
    names = lanes["from_node_id"] + " - " + lanes["to_node_id"]
    service = ship_rows(ids, names, f"{options.sailings_per_week:g}", "1", made)
    ends = ("from_node_id", "to_node_id", "from_node_id")
    calls = [
        pd.DataFrame({"service_id": ids, "call_sequence": str(n + 1), "node_id": lanes[end].to_numpy(object), **made})
        for n, end in enumerate(ends)
    ]
    return {"service": service, "service_call": pd.concat(calls).sort_values("service_id", kind="stable")}
