"""From what a door read to a whole package: units, lengths, countries, costs, terminals, crossings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from corridor_net.errors import BadValue, UnknownName, did_you_mean
from corridor_net.interchange.completing.parts import describe_parts
from corridor_net.interchange.coordinates import ends_of, line_km, shrink_schematic, straight_km, to_degrees
from corridor_net.interchange.defaults import (
    DERIVED,
    GIVEN,
    SOURCE,
    country_rows,
    default_rows,
    prices,
    sources,
    vocabulary,
)
from corridor_net.interchange.drawings import drawn_elsewhere, geometry_rows
from corridor_net.interchange.imported import Imported
from corridor_net.interchange.notes import Notes, agreeing, counted, some
from corridor_net.interchange.options import ImportOptions
from corridor_net.interchange.package import table_columns
from corridor_net.interchange.raw import NODE_COLUMNS, Raw
from corridor_net.interchange.text_tables import number_text

from .borders import crossings, with_countries
from .identity import gauges, identified, refuse_countries
from .own_columns import kept_beside, with_own, without_strangers
from .suspicions import lengths_in_km, speeds_in_kmh, times_in_hours
from .terminals import terminal_rows

COSTS = ("tariff", "speed", "operation", "emission_factor", "cargo")
SMALLEST_KM = 0.001
MEASURED_DIGITS = 7
"""Decimals of a measured length in km: a tenth of a millimetre."""
SLOWEST_KMH, FASTEST_KMH = 1.0, 1e6


def complete(raw: Raw, options: ImportOptions, notes: Notes) -> Imported:
    """Return the whole package of a network that a door read; every assumption is noted.

    Raises the faults found, all together where they can be found together.
    """
    raw = identified(raw, notes)
    crs = "" if options.schematic else options.crs or raw.crs
    raw = to_degrees(raw, options, notes)
    raw = lengths_in_km(raw, options, notes)
    raw = times_in_hours(raw, options, notes)
    raw = speeds_in_kmh(raw, options, notes)
    if raw.origin:
        said = {"crs": crs, "length_unit": raw.length_unit, "speed_unit": raw.speed_unit}
        raw = raw.but(origin={**raw.origin, **said})
    links = _with_lengths(raw, options, notes)
    nodes = shrink_schematic(raw.nodes, links) if options.schematic else raw.nodes
    nodes = with_countries(nodes, options, notes, links)
    links = _with_countries(nodes, links)
    refuse_countries(raw, "node", nodes["country"], notes)
    refuse_countries(raw, "link", links["country"], notes)
    _describe(nodes, links, notes, raw)
    tables: dict[str, pd.DataFrame] = {
        **_cost_tables(raw),
        "node": node_rows(nodes, f"in {raw.source}"),
        "geometry": geometry_rows(links, raw.source, notes),
        "terminal": terminal_rows(nodes, links, raw, options, notes),
        "crossing": crossings(nodes, links, options, notes),
    }
    tables["speed"], speed_id = _speeds(links, tables["speed"], raw.source)
    tables["link"] = _link_rows(links, speed_id, raw.source)
    raw = without_strangers(raw, tables, notes)
    if raw.own_columns:
        for name in ("node", "link"):
            tables[name] = with_own(tables[name], raw, name)
    given = {name: frame for name, frame in raw.tables.items() if name not in COSTS}
    if "link" in given:
        tables["speed"] = _cost_tables(raw)["speed"]
    return assembled(raw, {**tables, **given}, options, notes)


def assembled(raw: Raw, tables: Mapping[str, pd.DataFrame], options: ImportOptions, notes: Notes) -> Imported:
    """Return the package of these tables: columns in order, prices and their sources added, all as text."""
    index, rates, shipped_sources = prices()
    countries = country_rows(code for code in tables["node"]["country"] if code)
    made = {
        **vocabulary(),
        **{name: default_rows(name) for name in COSTS},
        "source": sources(raw.source),
        "deflator": index,
        "exchange_rate": rates,
        "country": countries,
        "market": _market_rows(tables["node"], options),
        **tables,
    }
    known = pd.concat([made["source"], sources(raw.source), shipped_sources]).drop_duplicates("source_id")
    used = {name for frame in made.values() if "source_id" in frame for name in frame["source_id"]}
    made["source"] = known[known["source_id"].isin(used)]
    whole = {name: _in_order(made.get(name), columns) for name, columns in table_columns().items()}
    costs = [name for name in COSTS if (made[name]["source_id"] == SOURCE).any()]
    if costs:
        notes.assume(
            f"costs are defaults of grade D in {', '.join(f'{name}.csv' for name in costs)}: rows whose basis begins"
            " with 'default' are to be replaced by figures of your own"
        )
    return Imported(
        title=options.title or f"Network imported from {raw.source}",
        tables=whole,
        assumptions=tuple(notes.assumptions),
        warnings=tuple(notes.warnings),
        origin=dict(raw.origin),
        own=_own(raw, made["node"], options),
        node_attributes=kept_beside(raw, "node"),
        link_attributes=kept_beside(raw, "link"),
    )


def _own(raw: Raw, nodes: pd.DataFrame, options: ImportOptions) -> dict[str, Any]:
    """Return the properties of the package: the day of the source, and borders that are open, as asked."""
    own = {**raw.own, "schematic": True} if options.schematic else dict(raw.own)
    countries = sorted(set(nodes["country"]))
    if options.borders != "open" or len(countries) < 2 or "crossing" in raw.tables:
        return own
    return {**own, "customsAreas": {"imported": countries}}


def _cost_tables(raw: Raw) -> dict[str, pd.DataFrame]:
    """Return the tables of costs: those given, and defaults for the rest unless the links name all their costs."""
    made = {}
    for name in COSTS:
        given, default = raw.tables.get(name), default_rows(name)
        key = f"{name}_id"
        if given is None:
            made[name] = default
        elif "link" in raw.tables:
            made[name] = given
        else:
            made[name] = pd.concat([given, default[~default[key].isin(given[key])]], ignore_index=True).fillna("")
    return made


def _in_order(frame: pd.DataFrame | None, columns: list[str]) -> pd.DataFrame:
    if frame is None or not len(frame.columns):
        return pd.DataFrame(columns=columns, dtype=object)
    made = {
        name: frame[name].to_numpy(object) if name in frame else np.full(len(frame), "", object) for name in columns
    }
    return pd.DataFrame(made, columns=columns)


# links


def _with_lengths(raw: Raw, options: ImportOptions, notes: Notes) -> pd.DataFrame:
    """Return the links with `length` in km, `grade`, `basis` and `source_id` for each, and a speed where known."""
    links = raw.links
    length = links["length"].to_numpy(float)
    drawn = np.round(line_km(links["geometry"].to_numpy(object)), MEASURED_DIGITS)
    straight = np.round(straight_km(*ends_of(raw.nodes, links)), MEASURED_DIGITS)
    given, measured = np.isfinite(length), np.isfinite(drawn)
    apart = ~given & measured & (drawn < straight)
    if apart.any():
        count = int(apart.sum())
        notes.warn(
            f"{counted(count, 'drawing is', 'drawings are')} shorter than the straight line "
            f"between {agreeing(count, 'its', 'their')} nodes, which was taken: "
            f"{some(list(links['link_id'][apart]))}"
        )
        drawn = np.where(apart, straight, drawn)
    if (~given & measured).any():
        count = int((~given & measured).sum())
        notes.assume(
            f"{counted(count, 'length was', 'lengths were')} measured along the drawing, on the ellipsoid WGS 84"
        )
    lost = ~given & ~measured
    if lost.any():
        notes.assume(
            f"{counted(int(lost.sum()), 'length is', 'lengths are')} the straight line between the "
            "nodes: neither length nor drawing is given"
        )
    km = np.where(given, length, np.where(measured, drawn, straight))
    tiny = ~(km >= SMALLEST_KM)
    if tiny.any():
        widest = float(straight[tiny].max())
        count = int(tiny.sum())
        notes.assume(
            f"{counted(count, 'link', 'links')} shorter than 1 m {agreeing(count, 'was', 'were')} "
            f"given 1 m, or {agreeing(count, 'its', 'their')} time at 1 km/h (on the map up to "
            f"{widest:.3g} km): {some(list(links['link_id'][tiny]))}"
        )
        km = np.where(tiny, np.fmax(SMALLEST_KM, links["hours"].to_numpy(float) * SLOWEST_KMH), km)
    basis = np.full(len(links), "", object)
    basis[~given & measured] = "length along the drawing on the ellipsoid WGS 84"
    basis[lost] = "default: straight line between the nodes on the ellipsoid WGS 84"
    basis[tiny] = "default: 1 m in place of less"
    grade = np.where(given & ~tiny, "B", np.where(lost | tiny, "D", "C"))
    source = np.where(given & ~tiny, GIVEN, np.where(lost | tiny, SOURCE, DERIVED))
    gauge = gauges(raw, links["gauge_mm"].where(links["mode"] == "rail", ""), options.names.gauges, notes)
    unsaid = ((links["mode"] == "rail") & (gauge == "")).to_numpy()
    if unsaid.any():
        notes.assume(
            f"{counted(int(unsaid.sum()), 'rail link has', 'rail links have')} the gauge "
            f"{options.gauge_mm} mm, as none is said"
        )
        gauge = gauge.where(~unsaid, options.gauge_mm)
    speed = _speed_of(raw, km, notes)
    return links.assign(length=km, basis=basis, grade=grade, source_id=source, gauge_mm=gauge, speed=speed)


def _speed_of(raw: Raw, km: NDArray[Any], notes: Notes) -> NDArray[Any]:
    """Return km/h of each link by its time, else by its speed; NaN where neither is said.

    Raises BadValue for links slower than a walk: their units are wrong.
    """
    links = raw.links
    speed, hours = links["speed"].to_numpy(float), links["hours"].to_numpy(float)
    timed = hours > 0
    speed = np.where(timed, km / np.where(timed, hours, 1.0), speed)
    instant = (hours == 0) & ~timed
    if instant.any():
        count = int(instant.sum())
        notes.assume(
            f"{counted(count, 'link', 'links')} that {agreeing(count, 'takes', 'take')} no time "
            f"{agreeing(count, 'was', 'were')} given {FASTEST_KMH:,.0f} km/h"
        )
        speed = np.where(instant, FASTEST_KMH, speed)
    ids = links["link_id"].to_numpy(object)
    notes.fault_rows(
        speed < SLOWEST_KMH * 0.999,
        lambda n: BadValue(
            f"link '{ids[n]}' is slower than {SLOWEST_KMH:g} km/h: {km[n]:.4g} km at {speed[n]:.3g} km/h",
            place=raw.place("link", n),
            hint="are the units right? --length-unit, --time-unit and --speed-unit say them",
        ),
    )
    notes.stop_on_faults()
    unknown = ~np.isfinite(speed)
    if unknown.any():
        count = int(unknown.sum())
        notes.assume(
            f"{counted(count, 'link has', 'links have')} the default speed of "
            f"{agreeing(count, 'its', 'their')} mode, as none is said"
        )
    return speed


def _with_countries(nodes: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    country = nodes.set_index("node_id")["country"]
    first = links["from_node_id"].map(country)
    return links.assign(country=links["country"].where(links["country"] != "", first))


def _speeds(links: pd.DataFrame, defaults: pd.DataFrame, source: str) -> tuple[pd.DataFrame, NDArray[Any]]:
    """Return the table of speeds, one row a mode and distinct speed, and the speed id of each link."""
    mode, speed = links["mode"].to_numpy(object), links["speed"].to_numpy(float)
    known = np.isfinite(speed)
    text = np.full(len(links), "", object)
    text[known] = [f"{value:.12g}" for value in speed[known].tolist()]
    speed_id = np.where(known, mode + "_" + text, mode)
    ids, first = np.unique(speed_id[known].astype(str), return_index=True)
    rows = pd.DataFrame(
        {
            "speed_id": ids,
            "speed_kmh": text[known][first],
            "source_id": GIVEN,
            "grade": "C",
            "basis": f"speed or time of the links in {source}, taken as a commercial speed",
        }
    )
    return pd.concat([defaults, rows.astype(object)], ignore_index=True).fillna(""), speed_id


def _link_rows(links: pd.DataFrame, speed_id: NDArray[Any], source: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "link_id": links["link_id"],
            "name": links["name"],
            "from_node_id": links["from_node_id"],
            "to_node_id": links["to_node_id"],
            "directed": links["directed"].astype(int).astype(str),
            "mode": links["mode"],
            "gauge_mm": links["gauge_mm"],
            "length_km": number_text(links["length"]),
            "speed_id": speed_id,
            "tariff_id": links["mode"],
            "emission_factor_id": links["mode"],
            "country": links["country"],
            "geometry_id": np.where(shapely.is_missing(links["geometry"].to_numpy(object)), "", links["link_id"]),
            "source_id": links["source_id"],
            "grade": links["grade"],
            "basis": links["basis"].where(links["basis"] != "", f"as given in {source}"),
        }
    )


# nodes


def node_rows(nodes: pd.DataFrame, where: str) -> pd.DataFrame:
    """Return the rows of table `node`, as given `where`."""
    return nodes[list(NODE_COLUMNS)].assign(
        node_type=nodes["node_type"].where(nodes["node_type"] != "", "junction"),
        x_coord=number_text(nodes["x_coord"]),
        y_coord=number_text(nodes["y_coord"]),
        source_id=GIVEN,
        grade="B",
        basis=f"as given {where}",
    )


def _market_rows(nodes: pd.DataFrame, options: ImportOptions) -> pd.DataFrame:
    """Return origins and markets as named by the options. Raises UnknownName for a place that is not a node."""
    named = [(name, "origin") for name in options.origins] + [(name, "market") for name in options.markets]
    known = dict(zip(nodes["name"], nodes["node_id"], strict=True)) | {node: node for node in nodes["node_id"]}
    regions = dict(zip(nodes["node_id"], nodes["country"], strict=True))
    rows = []
    for name, role in named:
        if name not in known:
            raise UnknownName(
                f"unknown node '{name}'", hint=did_you_mean(name, known, otherwise="name an id or a name")
            )
        rows.append((known[name], role, regions[known[name]], SOURCE, "D", "named when the network was imported"))
    return pd.DataFrame(rows, columns=["node_id", "role", "region", "source_id", "grade", "basis"], dtype=object)


def _describe(nodes: pd.DataFrame, links: pd.DataFrame, notes: Notes, raw: Raw) -> None:
    at = pd.Index(nodes["node_id"])
    here, there = at.get_indexer(links["from_node_id"]), at.get_indexer(links["to_node_id"])
    x, y = nodes["x_coord"].to_numpy(float), nodes["y_coord"].to_numpy(float)
    lanes = raw.tables.get("sea_lane", pd.DataFrame({"from_node_id": [], "to_node_id": []}))
    first = np.r_[here, at.get_indexer(lanes["from_node_id"])].astype(np.int64)
    second = np.r_[there, at.get_indexer(lanes["to_node_id"])].astype(np.int64)
    describe_parts(list(nodes["node_id"]), x, y, first, second, notes)
    far = drawn_elsewhere(links, x[here], y[here], x[there], y[there])
    if far.any():
        ids = links["link_id"].to_numpy(object)[far]
        count = int(far.sum())
        notes.warn(
            f"{counted(count, 'drawing begins', 'drawings begin')} or "
            f"{agreeing(count, 'ends', 'end')} more than 1 km from "
            f"{agreeing(count, 'its', 'their')} nodes: {some(list(ids))}"
        )
