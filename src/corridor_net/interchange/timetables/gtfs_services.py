"""From stop times to services: patterns, their hours, how often they run, and the lanes between their stops."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.ops import substring

from corridor_net.errors import BadValue
from corridor_net.interchange.completing.services import lane_rows
from corridor_net.interchange.coordinates import line_km, straight_km
from corridor_net.interchange.defaults import DERIVED, GIVEN, SOURCE
from corridor_net.interchange.drawings import line_cells
from corridor_net.interchange.notes import Notes, agreeing, counted, some
from corridor_net.interchange.text_tables import TextTable, number_text

from .gtfs_days import WEEKDAYS, Days, hours_of

VEHICLES = {"ferry": ("ropax", "sea", "sea"), "train": ("train", "rail", "rail")}
"""Vehicle, tariff and speed of each kind, and its emission factor by the same name."""
SHORTEST_HOURS = 1 / 60
LEAST_A_WEEK = 0.01
BESIDE_DEGREES, OFF_DEGREES = 0.01, 0.5
"""A shape passes a stop again where it comes as near but for this, about 1 km; one further off than half a
degree is of another trip."""


def pattern_tables(
    calls: pd.DataFrame, nodes: pd.DataFrame, feed: dict[str, TextTable], days: Days, source: str, notes: Notes
) -> dict[str, pd.DataFrame]:
    """Return tables service, service_call and sea_lane. Raises BadValue when no pattern runs on any day."""
    calls = _without_repeats(calls)
    runs = _runs(calls, feed, days, notes)
    shapes = _shapes(feed.get("shapes"), notes)
    services: list[dict[str, str]] = []
    rows: list[dict[str, str]] = []
    legs: dict[frozenset[str], tuple[str, str, str]] = {}
    idle = []
    rows_of = calls.groupby("trip_id").indices
    for number, (key, trips) in enumerate(_patterns(calls, rows_of).items(), start=1):
        kind, route_id, stops = key[0], key[1], key[2:]
        group = calls.iloc[np.concatenate([rows_of[trip] for trip in trips])]
        total = sum(runs[trip] for trip in trips)
        name = f"{group['route'].iloc[0] or route_id}: {stops[0]} - {stops[-1]}"
        span = days.span(set(group["service_id"]))
        weekly = total * 7 / ((span[1] - span[0]).days + 1) if span else 0.0
        if span is None or weekly < LEAST_A_WEEK:
            idle.append(name)
            continue
        service_id = f"{route_id}-{number}"
        services.append(_service((service_id, name), kind, trips, group, weekly, span, days, source))
        rows += _service_calls(service_id, stops, group, source, notes)
        for here, there in itertools.pairwise(stops):
            legs.setdefault(frozenset((here, there)), (here, there, group["shape_id"].iloc[0]))
    if idle:
        count = len(idle)
        notes.warn(
            f"{counted(count, 'pattern runs', 'patterns run')} on no day of the feed, or hardly "
            f"any, and {agreeing(count, 'was', 'were')} left out: {some(idle)}"
        )
    if not services:
        raise BadValue("no pattern of the feed runs on any day", hint="look at calendar.txt and calendar_dates.txt")
    count = len(services)
    notes.assume(
        f"{counted(count, 'pattern is a service', 'patterns are services')} that "
        f"{agreeing(count, 'takes', 'take')} boxes, with default freight; the feed says passengers "
        "only"
    )
    notes.assume("sailings a week are the departures on the days of a pattern's calendar, divided by its weeks")
    if any(service["vehicle"] == "train" for service in services):
        notes.warn("trains are services like ships: routes call their legs as those of ships")
    lanes = _lanes(list(legs.values()), nodes, shapes, source, notes)
    return {"service": pd.DataFrame(services), "service_call": pd.DataFrame(rows), "sea_lane": lanes}


def _without_repeats(calls: pd.DataFrame) -> pd.DataFrame:
    """Return calls without those at the stop of the call before."""
    same = (calls["trip_id"] == calls["trip_id"].shift()) & (calls["node_id"] == calls["node_id"].shift())
    return calls[~same].reset_index(drop=True)


def _patterns(calls: pd.DataFrame, rows_of: Mapping[Any, NDArray[Any]]) -> dict[tuple[str, ...], list[str]]:
    """Return the trips of each pattern: kind, route and the stops in order."""
    kind, route, node = (calls[name].to_numpy(object) for name in ("kind", "route_id", "node_id"))
    found: dict[tuple[str, ...], list[str]] = {}
    for trip in sorted(rows_of):
        rows = rows_of[trip]
        if len(rows) > 1:
            found.setdefault((kind[rows[0]], route[rows[0]], *node[rows]), []).append(str(trip))
    return dict(sorted(found.items()))


def _runs(calls: pd.DataFrame, feed: Mapping[str, TextTable], days: Days, notes: Notes) -> dict[str, float]:
    """Return the departures of each trip on all days of the feed."""
    trips = calls.drop_duplicates("trip_id")
    count = {
        trip: float(len(days.of_service.get(service, ())))
        for trip, service in zip(trips["trip_id"], trips["service_id"], strict=True)
    }
    frequencies = feed.get("frequencies")
    if frequencies is None or not len(frequencies.frame):
        return count
    span = hours_of(frequencies, "end_time", notes) - hours_of(frequencies, "start_time", notes)
    headway = frequencies.numbers("headway_secs", notes) / 3600
    notes.fault_rows(
        (~((headway > 0) & (span > 0))).to_numpy(),
        lambda n: BadValue(
            "no departures can be counted of this row",
            place=frequencies.place(n, "headway_secs"),
            hint="headway_secs is above 0, and end_time after start_time",
        ),
    )
    known = set(feed["trips"].text("trip_id"))
    frequencies.refuse(
        ~frequencies.text("trip_id").isin(known), "trip_id", "add the trip, or correct the id", notes, " is no trip"
    )
    notes.stop_on_faults()
    daily = (span / headway).groupby(frequencies.text("trip_id")).sum()
    notes.assume(f"{counted(len(daily), 'trip leaves', 'trips leave')} at the headways of frequencies.txt")
    return {trip: runs * float(daily.get(trip, 1.0)) for trip, runs in count.items()}


def _service(
    named: tuple[str, str],
    kind: str,
    trips: list[str],
    group: pd.DataFrame,
    weekly: float,
    span: tuple[date, date],
    days: Days,
    source: str,
) -> dict[str, str]:
    vehicle, tariff, speed = VEHICLES[kind]
    dwell = (group["departure"] - group["arrival"]).dropna()
    return {
        "service_id": named[0],
        "name": named[1],
        "vehicle": vehicle,
        "carries": "container",
        "sailings_per_week": f"{weekly:.6g}",
        "circular": "0",
        "speed_id": speed,
        "first_departure": _first_departure(trips, group, days, weekly),
        "port_stay_hours": f"{dwell.median() if len(dwell) else 0:.6g}",
        "tariff_id": tariff,
        "emission_factor_id": speed,
        "valid_from": str(span[0]),
        "valid_to": str(span[1]),
        "source_id": DERIVED,
        "grade": "C",
        "basis": f"departures on the days of its calendar in {source}, divided by its weeks",
    }


def _first_departure(trips: list[str], group: pd.DataFrame, days: Days, weekly: float) -> str:
    """Return weekday and hour for a pattern of one trip that runs on one weekday, else ''."""
    if len(trips) != 1 or weekly > 1.001:
        return ""
    weekdays = {int(day) for day in (days.of_service[group["service_id"].iloc[0]].astype(int) + 3) % 7}
    hour = group["departure"].iloc[0]
    if len(weekdays) != 1 or np.isnan(hour):
        return ""
    ahead, within = divmod(float(hour), 24)
    weekday = WEEKDAYS[(weekdays.pop() + int(ahead)) % 7][:3].capitalize()
    return f"{weekday} {int(within):02d}:{round(within % 1 * 60) % 60:02d}"


def _service_calls(
    service_id: str, stops: tuple[str, ...], group: pd.DataFrame, source: str, notes: Notes
) -> list[dict[str, str]]:
    """Return the calls with hours from the first departure: the middle over the trips of the pattern."""
    order = group.groupby("trip_id").cumcount().to_numpy()
    first = group.groupby("trip_id")["departure"].transform("first")
    arrival = (group["arrival"] - first).groupby(order).median().to_numpy(float)
    departure = (group["departure"] - first).groupby(order).median().to_numpy(float)
    spread = ((group["arrival"] - first).groupby(order).agg(np.ptp)).max()
    if spread > 0.25:
        notes.assume(f"trips of pattern {service_id} differ by up to {spread:.2g} h; the middle is taken")
    _in_order(arrival, departure, service_id, notes)
    rows = []
    for number, stop in enumerate(stops):
        last = number + 1 == len(stops)
        rows.append(
            {
                "service_id": service_id,
                "call_sequence": str(number + 1),
                "node_id": stop,
                "arrival_hours": str(number_text([arrival[number].round(4)])[0]) if number else "",
                "departure_hours": "" if last else str(number_text([departure[number].round(4)])[0]),
                "source_id": GIVEN,
                "grade": "B",
                "basis": f"stop_times.txt of {source}",
            }
        )
    return rows


def _in_order(arrival: NDArray[Any], departure: NDArray[Any], service_id: str, notes: Notes) -> None:
    """Make hours grow along the pattern, by a minute where they do not; in place. NaN stays."""
    before = departure[0]
    moved = 0
    for number in range(1, len(arrival)):
        if arrival[number] <= before:
            arrival[number] = before + SHORTEST_HOURS
            moved += 1
        if departure[number] < arrival[number]:
            departure[number] = arrival[number]
        before = departure[number] if not np.isnan(departure[number]) else before
    if moved:
        notes.assume(
            f"{counted(moved, 'leg', 'legs')} of pattern {service_id} "
            f"{agreeing(moved, 'takes', 'take')} no time in the feed, and "
            f"{agreeing(moved, 'was', 'were')} given a minute{agreeing(moved, '', ' each')}"
        )


def _shapes(table: TextTable | None, notes: Notes) -> dict[str, Any]:
    """Return the drawings of shapes.txt by id."""
    if table is None or not len(table.frame):
        return {}
    points = pd.DataFrame(
        {
            "shape_id": table.text("shape_id"),
            "sequence": table.numbers("shape_pt_sequence", notes),
            "x": table.numbers("shape_pt_lon", notes),
            "y": table.numbers("shape_pt_lat", notes),
        }
    ).sort_values(["shape_id", "sequence"], kind="stable")
    notes.stop_on_faults()
    names, index = np.unique(points["shape_id"].to_numpy(str), return_inverse=True)
    counts = np.bincount(index)
    good = counts[index] > 1
    lines = shapely.linestrings(
        points[["x", "y"]].to_numpy(float)[good], indices=np.unique(index[good], return_inverse=True)[1]
    )
    return dict(zip(names[counts > 1].tolist(), np.atleast_1d(lines), strict=True))


def _lanes(
    legs: list[tuple[str, str, str]], nodes: pd.DataFrame, shapes: dict[str, Any], source: str, notes: Notes
) -> pd.DataFrame:
    """Return the lane of each two successive stops: along the shape of the trip where it passes both, else straight."""
    at = {node: (x, y) for node, x, y in zip(nodes["node_id"], nodes["x_coord"], nodes["y_coord"], strict=True)}
    here = np.array([leg[0] for leg in legs], object)
    there = np.array([leg[1] for leg in legs], object)
    ends = np.array([(*at[a], *at[b]) for a, b in zip(here, there, strict=True)])
    straight = straight_km(*ends.T)
    drawn = [_along(shapes.get(leg[2]), at[leg[0]], at[leg[1]]) for leg in legs]
    own = np.array([line is not None for line in drawn])
    plain = shapely.linestrings(ends.reshape(-1, 2, 2))
    lines = np.array([line if line is not None else plain[n] for n, line in enumerate(drawn)], object)
    if (~own).any():
        count = int((~own).sum())
        notes.assume(
            f"{counted(count, 'lane is', 'lanes are')} the straight line between "
            f"{agreeing(count, 'its', 'their')} stops, as the feed draws none"
        )
    km = np.maximum(line_km(lines), straight)
    basis = np.where(own, f"along shapes.txt of {source}", "default: straight line between the stops")
    return lane_rows(here, there, km, straight, line_cells(lines, here + " - " + there, notes), "", SOURCE, "D").assign(
        basis=basis, source_id=np.where(own, DERIVED, SOURCE), grade=np.where(own, "C", "D")
    )


def _along(shape: Any, here: tuple[float, float], there: tuple[float, float]) -> Any:
    """Return the part of a shape from one stop to the next, the stops as its ends; None where it passes one far off.

    Of a shape that passes a stop twice, as those of round trips do, it is the shortest part that goes on; where none
    does, the shape is drawn against the way that is gone.
    """
    if shape is None:
        return None
    starts, ends = _passes(shape, here), _passes(shape, there)
    onward = [(b - a, a, b) for a in starts for b in ends if b > a]
    parts = onward or [(a - b, a, b) for a in starts for b in ends if a > b]
    if not parts:
        return None
    part = substring(shape, *min(parts)[1:])
    points = [here, *part.coords[1:-1], there]
    return shapely.LineString(points) if part.geom_type == "LineString" else None


def _passes(shape: Any, stop: tuple[float, float]) -> list[float]:
    """Return how far along a shape it passes a stop, each time that it comes as near as it does; none where far off."""
    points = shapely.get_coordinates(shape)
    steps = np.diff(points, axis=0)
    lengths = np.hypot(*steps.T)
    share = ((stop - points[:-1]) * steps).sum(axis=1) / np.maximum(lengths**2, 1e-30)
    share = np.clip(share, 0.0, 1.0)
    off = np.hypot(*(points[:-1] + share[:, None] * steps - stop).T)
    if off.min() > OFF_DEGREES:
        return []
    along = np.cumsum(lengths) - lengths + share * lengths
    reach = off.min() + BESIDE_DEGREES
    near = np.flatnonzero(off <= reach)
    times = np.split(near, np.flatnonzero((np.diff(near) > 1) | (np.diff(along[near]) > 2 * reach)) + 1)
    return [float(along[one[np.argmin(off[one])]]) for one in times]
