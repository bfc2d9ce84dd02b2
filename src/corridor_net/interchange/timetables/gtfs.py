"""GTFS timetables of ferries and trains: a service a pattern, with its hours and how often it runs."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridor_net.errors import BadFile, BadValue, Place, did_you_mean
from corridor_net.interchange.completing.borders import with_countries
from corridor_net.interchange.completing.complete import assembled, node_rows
from corridor_net.interchange.completing.services import port_terminals
from corridor_net.interchange.coordinates import to_degrees
from corridor_net.interchange.defaults import prices_until
from corridor_net.interchange.encodings import decoded
from corridor_net.interchange.imported import Imported
from corridor_net.interchange.notes import Notes, counted
from corridor_net.interchange.options import ImportOptions
from corridor_net.interchange.raw import NODE_COLUMNS, Raw, with_columns
from corridor_net.interchange.text_tables import TextTable, parse_table, read_table

from .gtfs_days import Days, hours_of, running_days
from .gtfs_places import refuse_exchanged
from .gtfs_services import pattern_tables

KINDS = {"ferry": {4, *range(1000, 1100), *range(1200, 1300)}, "train": {2, *range(100, 118)}}
"""Route types of GTFS, and of its extension, by kind of vehicle."""
NEEDED = ("stops", "routes", "trips", "stop_times")


def import_gtfs(
    path: Path, options: ImportOptions, notes: Notes, kinds: Sequence[str] = ("ferry", "train")
) -> Imported:
    """Return stops as nodes, lanes between successive stops, and services with calls. Raises what `read_gtfs` does."""
    feed, days, calls, nodes = read_gtfs(path, notes, kinds)
    raw = Raw(
        nodes=nodes,
        links=pd.DataFrame({"geometry": []}, dtype=object),
        source=path.resolve().name,
        origin={"format": "gtfs"},
    )
    if not (options.swap_xy or options.crs):
        refuse_exchanged(nodes, feed.get("agency"), path)
    raw = to_degrees(raw.but(crs="EPSG:4326"), options, notes)
    nodes = with_countries(raw.nodes, options, notes)
    made = pattern_tables(calls, nodes, feed, days, path.name, notes)
    day = _busiest_day(made["service"])
    raw = raw.but(own={"day": day})
    notes.warn(
        f"services hold from {days.first} to {days.last}: the package is seen on {day}; --as-of asks for another day"
    )
    prices_of_day = prices_until(int(day[:4]), notes)
    trains = set(calls["node_id"][calls["kind"] == "train"])
    kind = nodes["node_id"].isin(trains)
    ports = nodes["node_id"].to_numpy(object)
    tables = {
        "node": node_rows(
            nodes.assign(node_type=np.where(kind, "rail_station", "seaport")), f"in stops.txt of {path.name}"
        ),
        "terminal": pd.concat(
            [port_terminals(ports[~kind.to_numpy()]), port_terminals(ports[kind.to_numpy()], operation="transfer")]
        ),
        **prices_of_day,
        **made,
    }
    return assembled(raw, tables, options, notes)


def read_gtfs(
    path: Path, notes: Notes, kinds: Sequence[str] = ("ferry", "train")
) -> tuple[dict[str, TextTable], Days, pd.DataFrame, pd.DataFrame]:
    """Return the tables of a feed, its days, the calls of trips of some kinds, and the stops these call at.

    Raises BadFile where a file is missing, BadValue when the feed has no route of `kinds`.
    """
    feed = _feed(path, notes)
    days = running_days(feed.get("calendar"), feed.get("calendar_dates"), notes)
    calls = _calls(feed, kinds, notes)
    nodes, of_stop = _nodes(feed["stops"], notes)
    calls = calls.assign(node_id=calls["stop_id"].map(of_stop))
    lost = ~calls["node_id"].isin(set(nodes["node_id"]))
    if lost.any():
        raise BadValue(
            f"{counted(int(lost.sum()), 'stop time names', 'stop times name')} a stop that "
            "stops.txt does not have, or gives no place: the first '"
            f"{calls['stop_id'][lost].iloc[0]}'",
            hint="is the feed whole?",
        )
    return feed, days, calls, nodes[nodes["node_id"].isin(set(calls["node_id"]))].reset_index(drop=True)


def _feed(path: Path, notes: Notes) -> dict[str, TextTable]:
    """Return the tables of a feed, a folder or a zip file, by name."""
    found: dict[str, TextTable] = {}
    optional = ("calendar", "calendar_dates", "frequencies", "shapes", "agency")
    if path.is_dir():
        for name in (*NEEDED, *optional):
            if (path / f"{name}.txt").exists():
                found[name] = read_table(path / f"{name}.txt", notes)
    else:
        found = _unpacked(path, (*NEEDED, *optional), notes)
    for name in NEEDED:
        if name not in found:
            raise BadFile(
                f"'{path}' has no {name}.txt", place=Place(str(path)), hint="GTFS is a folder or a zip file with it"
            )
    return found


def _unpacked(path: Path, names: Sequence[str], notes: Notes) -> dict[str, TextTable]:
    try:
        with zipfile.ZipFile(path) as archive:
            there = {Path(name).name: name for name in archive.namelist()}
            return {
                name: parse_table(
                    decoded(archive.read(there[f"{name}.txt"]), Path(f"{name}.txt"), notes), Path(f"{path}/{name}.txt")
                )
                for name in names
                if f"{name}.txt" in there
            }
    except (OSError, zipfile.BadZipFile) as error:
        raise BadFile(f"'{path}' cannot be read as a GTFS feed: {error}", place=Place(str(path))) from None


def _calls(feed: dict[str, TextTable], kinds: Sequence[str], notes: Notes) -> pd.DataFrame:
    """Return the stop times of trips of these kinds in order, with route, service and kind of each."""
    for name in kinds:
        if name not in KINDS:
            hint = did_you_mean(name, KINDS, otherwise="one or several of: ferry, train; roads come by other doors")
            raise BadValue(f"unknown kind '{name}' of vehicle", hint=hint)
    routes = feed["routes"]
    number = routes.numbers("route_type", notes).fillna(-1).astype(int)
    notes.stop_on_faults()
    kind = pd.Series("", index=number.index, dtype=object)
    for name in kinds:
        kind = kind.mask(number.isin(KINDS[name]), name)
    if (kind == "").all():
        there = ", ".join(f"{value} ({count:,})" for value, count in number.value_counts().items())
        raise BadValue(
            f"the feed has no route of a {' or a '.join(kinds)}; its route types are {there}",
            hint="ferries are route type 4, trains 2; roads and rails come by other doors",
        )
    chosen = pd.DataFrame(
        {
            "route_id": routes.text("route_id"),
            "kind": kind,
            "route": routes.text("route_long_name").where(
                routes.text("route_long_name") != "", routes.text("route_short_name")
            ),
        }
    )
    trips = feed["trips"]
    for table, column in ((feed["stops"], "stop_id"), (routes, "route_id"), (trips, "trip_id")):
        _refuse_doubled(table, column, notes)
    notes.stop_on_faults()
    trip = pd.DataFrame({name: trips.text(name) for name in ("trip_id", "route_id", "service_id", "shape_id")})
    trip = trip.merge(chosen[kind != ""], on="route_id")
    times = feed["stop_times"]
    keep = times.text("trip_id").isin(set(trip["trip_id"])).to_numpy()
    times = TextTable(frame=times.frame[keep], path=times.path, delimiter=times.delimiter, headers=times.headers)
    calls = pd.DataFrame(
        {
            "trip_id": times.text("trip_id"),
            "stop_id": times.text("stop_id"),
            "sequence": times.numbers("stop_sequence", notes),
            "arrival": hours_of(times, "arrival_time", notes),
            "departure": hours_of(times, "departure_time", notes),
        }
    )
    notes.stop_on_faults()
    where = np.lexsort((calls["sequence"], calls["trip_id"].to_numpy(str)))
    _refuse_disorder(calls.iloc[where].reset_index(drop=True), where, times, notes)
    return calls.iloc[where].merge(trip, on="trip_id")


def _refuse_disorder(calls: pd.DataFrame, where: NDArray[Any], times: TextTable, notes: Notes) -> None:
    """Note faults of calls, in order, that stand twice or go back in time, and of trips that begin at no time."""
    again = calls["trip_id"] == calls["trip_id"].shift()
    both = calls[["arrival", "departure"]]
    latest = both.max(axis=1).groupby(calls["trip_id"]).cummax().groupby(calls["trip_id"]).shift()
    faults = (
        (~again & both.isna().all(axis=1), "begins at no time", "write the time of the first stop"),
        (again & (calls["sequence"] == calls["sequence"].shift()), "has two stops of one stop_sequence", "number them"),
        (both.min(axis=1) < latest, "goes back in time", "times after midnight go on: 25:10:00 is 01:10 of next day"),
        (
            calls["departure"] < calls["arrival"],
            "leaves before it arrives",
            "departure_time is not before arrival_time",
        ),
    )
    for bad, what, hint in faults:
        notes.fault_rows(bad, partial(_disorder, calls, where, times, what, hint))
    notes.stop_on_faults()


def _disorder(calls: pd.DataFrame, where: NDArray[Any], times: TextTable, what: str, hint: str, n: int) -> BadValue:
    return BadValue(f"trip '{calls['trip_id'].iloc[n]}' {what}", place=times.place(int(where[n])), hint=hint)


def _refuse_doubled(table: TextTable, column: str, notes: Notes) -> None:
    ids = table.text(column)
    notes.fault_rows(
        ids.duplicated(),
        lambda n: BadValue(
            f"{column} '{ids.iloc[n]}' stands twice", place=table.place(n, column), hint="each id must stand once"
        ),
    )


def _nodes(table: TextTable, notes: Notes) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return stops as nodes, platforms as their station, and the node of each stop."""
    ids = table.text("stop_id")
    parent = table.text("parent_station")
    whole = parent.isin(set(ids))
    nodes = pd.DataFrame(
        {
            "node_id": ids,
            "name": table.text("stop_name"),
            "x_coord": table.numbers("stop_lon", notes),
            "y_coord": table.numbers("stop_lat", notes),
        }
    )
    notes.stop_on_faults()
    if whole.any():
        notes.assume(f"{counted(int(whole.sum()), 'platform is its', 'platforms are their')} station")
    of_stop = dict(zip(ids, parent.where(whole, ids), strict=True))
    placed = nodes["x_coord"].notna() & nodes["y_coord"].notna()
    return with_columns(nodes[placed].drop_duplicates("node_id"), NODE_COLUMNS), of_stop


def _busiest_day(services: pd.DataFrame) -> str:
    """Return the first day on which most services hold."""
    first, last = services["valid_from"].to_numpy(str), services["valid_to"].to_numpy(str)
    days = np.unique(first)
    held = [int(((first <= day) & (day <= last)).sum()) for day in days]
    return str(days[int(np.argmax(held))])
