"""Frames of nodes and links, with our names, usual names, or those of a mapping file; and tables beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from corridor_net.errors import BadValue, UnknownName, did_you_mean
from corridor_net.interchange.cells import clock_times, degrees_of, with_units
from corridor_net.interchange.coordinates import straight_km
from corridor_net.interchange.headers import MEASURED, statistics_of, unit_in
from corridor_net.interchange.mapping import modes_of, with_our_names
from corridor_net.interchange.notes import Notes, agreeing, counted, some
from corridor_net.interchange.options import ImportOptions
from corridor_net.interchange.osm_keys import modes_by_keys
from corridor_net.interchange.package import table_columns
from corridor_net.interchange.raw import Raw, beside
from corridor_net.interchange.shapes import shapes_of
from corridor_net.interchange.text_tables import TextTable, significant

NODE_NAMES = ("node_id", "name", "x_coord", "y_coord", "country", "unlocode", "population", "geometry")
LINK_NAMES = (
    "link_id",
    "from_node_id",
    "to_node_id",
    "name",
    "directed",
    "mode",
    "gauge_mm",
    "length_km",
    "length",
    "speed_kmh",
    "speed",
    "travel_time",
    "country",
    "geometry",
)
TRUE = frozenset({"1", "true", "yes", "y", "t", "1.0"})
FALSE = frozenset({"0", "false", "no", "n", "f", "0.0", ""})
AGAINST = frozenset({"-1", "-1.0", "reverse"})
SAME_PLACE_KM = 0.1


def raw_of(
    nodes: TextTable | None,
    links: TextTable,
    options: ImportOptions,
    notes: Notes,
    *,
    source: str,
    lines: NDArray[Any] | None = None,
) -> Raw:
    """Return the network of two tables of text; `lines` are shapely lines of the links, if these have no WKT column.

    Without a table of nodes, these are where the drawings of the links begin and end.
    """
    links = with_our_names(links, options.names, LINK_NAMES, notes)
    drawn = lines if lines is not None else lines_of(links, "geometry", notes)
    made, kept, units = _links(links, drawn, options, notes)
    notes.stop_on_faults()
    if nodes is None:
        made_nodes = _nodes_of_ends(made, options, notes, source)
    else:
        nodes = with_our_names(nodes, options.names, NODE_NAMES, notes)
        need_columns(nodes, ("node_id",), "nodes")
        made_nodes = node_frame(nodes, notes)
    notes.stop_on_faults()

    def place(table: str, position: int, column: str = "") -> Any:
        if table == "link":
            return links.place(int(kept[position]), column)
        return nodes.place(position, column) if nodes is not None else None

    return Raw.of(
        made_nodes,
        made,
        source=source,
        crs=crs_of(links if nodes is None else nodes),
        length_unit=units["length"],
        speed_unit=units["speed"],
        time_unit=units["travel_time"],
        said_by="the column" if units["length"] else "",
        link_attributes=_others(links, "link_id", made["link_id"], kept, notes),
        node_attributes=None if nodes is None else _others(nodes, "node_id", made_nodes["node_id"], None, notes),
        own_columns=True,
        place=place,
    )


def crs_of(table: TextTable) -> str:
    """Return the system that the shapes of a table name, where they are its places; '' for none."""
    return "" if "x_coord" in table.frame else shapes_of(table.text("geometry"))[1]


def _axis(table: TextTable, column: str, letters: str, notes: Notes) -> pd.Series:
    """Return the coordinates of a column, plain numbers or degrees with minutes and letters."""
    degrees = degrees_of(table.text(column), letters)
    return table.numbers(column, notes) if degrees is None else degrees


def node_frame(table: TextTable, notes: Notes) -> pd.DataFrame:
    """Return the nodes of a table under our names."""
    x, y = (_axis(table, *axis, notes) for axis in (("x_coord", "EW"), ("y_coord", "NS")))
    if "x_coord" not in table.frame and "geometry" in table.frame:
        points = shapes_of(table.text("geometry"))[0]
        x, y = (pd.Series(axis(points), index=table.frame.index) for axis in (shapely.get_x, shapely.get_y))
    return pd.DataFrame(
        {
            "node_id": table.text("node_id"),
            "name": table.text("name"),
            "node_type": "",
            "country": table.text("country").str.upper(),
            "x_coord": x,
            "y_coord": y,
            "unlocode": table.text("unlocode"),
            "population": table.text("population"),
        }
    )


def _links(
    table: TextTable, lines: NDArray[Any], options: ImportOptions, notes: Notes
) -> tuple[pd.DataFrame, NDArray[Any], dict[str, str]]:
    """Return the links that cargo may use, their positions in the table, and the units that columns say."""
    need_columns(table, ("from_node_id", "to_node_id"), "links")
    figures = {ours: measured(table, ours, notes) for ours in MEASURED}
    made = link_frame(table, link_modes(table, options, notes), directions(table, options, notes))
    speed, hours = figures["speed"][0], figures["travel_time"][0]
    if speed.notna().any() and hours.notna().any():
        notes.assume("times of links are not read where their speeds are said")
        hours = hours.where(speed.isna())
    made = made.assign(length=figures["length"][0], speed=speed, hours=hours, geometry=lines)
    return (*usable(made, notes), {ours: unit for ours, (_, unit) in figures.items()})


def link_frame(table: TextTable, modes: tuple[pd.Series, pd.Series], directed: pd.Series) -> pd.DataFrame:
    """Return what a table says of links, but for numbers and drawings, with their modes and the gauges of these."""
    made = {name: table.text(name) for name in ("link_id", "name", "from_node_id", "to_node_id")}
    mode, gauge = modes
    return pd.DataFrame(
        {
            **made,
            "directed": directed,
            "mode": mode,
            "gauge_mm": table.text("gauge_mm").where(gauge == "", gauge),
            "country": table.text("country").str.upper(),
        }
    )


def usable(links: pd.DataFrame, notes: Notes) -> tuple[pd.DataFrame, NDArray[Any]]:
    """Return links whose mode is not 'skip', and their positions; what was left out is noted."""
    left = (links["mode"] == "skip").to_numpy()
    if left.any():
        count = int(left.sum())
        ends = links["from_node_id"] + "-" + links["to_node_id"]
        named = links["link_id"].where(links["link_id"] != "", ends)
        notes.warn(
            f"{counted(count, 'link', 'links')} that {agreeing(count, 'carries', 'carry')} no "
            f"freight {agreeing(count, 'was', 'were')} left out: "
            f"{some(list(named[left]))}"
        )
    return links[~left].reset_index(drop=True), np.flatnonzero(~left)


def link_modes(table: TextTable, options: ImportOptions, notes: Notes) -> tuple[pd.Series, pd.Series]:
    """Return mode and gauge of each link: of its column, of the options, of what it is called elsewhere, or road."""
    if "mode" in table.frame and not (table.text("mode") == "").all():
        values = table.text("mode", options.mode or "road")
        return modes_of(values, options.names, table.name)
    if options.mode:
        return modes_of(pd.Series(options.mode, index=table.frame.index, dtype=object), options.names, table.name)
    values = _modes_unsaid(table)
    by_keys = modes_by_keys(table)
    if by_keys is not None:
        notes.assume(f"modes of {table.name} are told by its keys of OpenStreetMap: railway, highway, route")
        unknown = int((by_keys == "").sum())
        if unknown:
            notes.warn(
                f"{counted(unknown, 'row has', 'rows have')} no value of railway, highway or route that is known: "
                "railways where a gauge is given, else roads"
            )
        values = by_keys.where(by_keys != "", values)
    elif (values == "rail").any():
        notes.assume("links with a gauge are railways, and others roads, as no mode is said")
    else:
        notes.assume("every link is a road, as no mode is said")
    return modes_of(values, options.names, table.name)


def _modes_unsaid(table: TextTable) -> pd.Series:
    """Return rail where a link has a gauge, else road."""
    return pd.Series(np.where(table.text("gauge_mm") == "", "road", "rail"), index=table.frame.index, dtype=object)


def directions(table: TextTable, options: ImportOptions, notes: Notes) -> pd.Series:
    """Return 1 for one-way links, -1 for those against their drawing, 0 for both ways.

    Of the options, of the column, else both. `B`, `F` and `T` are both, from the first and to the first node.
    """
    if options.directed:
        return pd.Series(int(options.directed == "yes"), index=table.frame.index)
    if (table.text("directed") == "").all():
        notes.assume("every link may be used both ways, as nothing is said: --directed yes makes them one-way")
        return pd.Series(0, index=table.frame.index)
    text = table.text("directed")
    words = dict.fromkeys(TRUE, 1) | dict.fromkeys(FALSE, 0) | dict.fromkeys(AGAINST, -1)
    if "B" in set(text):
        notes.assume("B, F and T in the column of directions are: both ways, along the drawing, against it")
        words |= {"b": 0, "f": 1, "t": -1}
    if set(text) & {"FT", "TF"}:
        notes.assume("FT and TF in the column of directions are: along the drawing, and against it")
        words = {word: way for word, way in words.items() if word not in FALSE} | {"": 0, "b": 0, "ft": 1, "tf": -1}
    way = pd.Series([words.get(cell.casefold(), np.nan) for cell in text], index=text.index, dtype=float)
    unsure = text.isin(("F", "T")) & ("B" not in set(text))
    hint = "1 or true, 0 or false, -1 against the drawing; or B, FT, TF"
    table.refuse(way.isna() | unsure, "directed", hint, notes)
    return way.fillna(0).astype(int)


def need_columns(table: TextTable, columns: Sequence[str], what: str) -> None:
    """Raise BadValue when a table lacks a column that is needed."""
    have = [str(name) for name in table.frame.columns]
    lost = [name for name in columns if name not in have]
    if lost:
        raise BadValue(
            f"the table of {what} has no column {' and no '.join(lost)}",
            place=table.place(0) if len(table.frame) else None,
            hint=did_you_mean(lost[0], have, otherwise=f"columns: {', '.join(have)};")
            + " a mapping file (--mapping) says which is which",
        )


def lines_of(table: TextTable, column: str, notes: Notes) -> NDArray[Any]:
    """Return the shapes of a column as shapely lines, None where empty; what is no line is noted as a fault."""
    cells = table.text(column)
    return only_lines(shapes_of(cells)[0], cells != "", lambda n: table.place(n, column), notes)


def only_lines(lines: NDArray[Any], given: Any, place: Any, notes: Notes) -> NDArray[Any]:
    """Return lines, multi-lines of one part made single; anything else is noted as a fault with its `place`."""
    lines = np.asarray(lines, object)
    several = shapely.get_type_id(lines) == shapely.GeometryType.MULTILINESTRING
    if several.any():
        joined = shapely.line_merge(lines[several])
        lines[several] = np.where(shapely.get_num_geometries(joined) == 1, shapely.get_geometry(joined, 0), joined)
    kind = shapely.get_type_id(lines)
    bad = np.asarray(given) & ((kind != shapely.GeometryType.LINESTRING) | shapely.is_empty(lines))
    notes.fault_rows(
        bad,
        lambda n: BadValue(
            "the geometry is not one line", place=place(n), hint="WKT such as LINESTRING (20.1 45.2, 20.3 45.3)"
        ),
    )
    lines[np.asarray(bad) | (kind == -1)] = None
    return np.asarray(shapely.force_2d(lines), object)


def _nodes_of_ends(links: pd.DataFrame, options: ImportOptions, notes: Notes, source: str) -> pd.DataFrame:
    """Return the nodes that links name, where their drawings begin and end. Warns when one lies at two places."""
    lines = links["geometry"].to_numpy(object)
    ids = pd.concat([links["from_node_id"], links["to_node_id"]], ignore_index=True)
    told = {"name": "", "node_type": "", "country": "", "unlocode": "", "population": ""}
    if shapely.is_missing(lines).any() and options.schematic:
        notes.assume("nodes are the ends of the links: no table of nodes came with them")
        found = pd.DataFrame({"node_id": ids[ids != ""].unique()}, dtype=object)
        return found.assign(x_coord=np.nan, y_coord=np.nan, **told)
    if shapely.is_missing(lines).any():
        raise BadValue(
            f"{source} has no table of nodes, and links without a drawing",
            hint="give a table of nodes too, or --schematic to draw the network without coordinates",
        )
    points = [shapely.get_coordinates(shapely.get_point(lines, end)) for end in (0, -1)]
    found = pd.DataFrame(
        {
            "node_id": ids,
            "x_coord": np.r_[points[0][:, 0], points[1][:, 0]],
            "y_coord": np.r_[points[0][:, 1], points[1][:, 1]],
        }
    )
    nodes = found.drop_duplicates("node_id").reset_index(drop=True)
    same = found.merge(nodes, on="node_id", suffixes=("", "_first"))
    if (found["x_coord"].abs() <= 180).all() and (found["y_coord"].abs() <= 90).all():
        km = straight_km(*(same[c].to_numpy(float) for c in ("x_coord", "y_coord", "x_coord_first", "y_coord_first")))
        apart = same["node_id"][km > SAME_PLACE_KM].drop_duplicates()
        if len(apart):
            notes.warn(
                f"{counted(len(apart), 'node lies', 'nodes lie')} at two places, up to "
                f"{km.max():.3g} km apart: {some(list(apart))}"
            )
    notes.assume("nodes lie where the drawings of their links begin and end")
    return nodes.assign(**told)


def _others(table: TextTable, key: str, ids: pd.Series, kept: NDArray[Any] | None, notes: Notes) -> pd.DataFrame | None:
    """Return the columns of a table that we have no name for, by id."""
    ours = {*NODE_NAMES, *LINK_NAMES}
    columns = [name for name in table.frame.columns if name not in ours]
    if not columns:
        return None
    notes.unread([name for name in columns if name not in table_columns()[key.removesuffix("_id")]], table.name)
    return beside(table.frame[columns] if kept is None else table.frame[columns].iloc[kept], key, ids)


def measured(table: TextTable, ours: str, notes: Notes) -> tuple[pd.Series, str]:
    """Return the lengths, speeds or times of a table, and the unit that its column, or each cell, names; else ''."""
    column = next((name for name in (f"{ours}_km", f"{ours}_kmh") if name in table.frame), ours)
    if column not in table.frame:
        return pd.Series(np.nan, index=table.frame.index), ""
    cells, header = table.text(column), (table.headers or {}).get(column, column)
    columns = [(table.headers or {}).get(name, name) for name in table.frame.columns]
    named = "" if statistics_of(header, columns) else unit_in(header, ours)
    clock = clock_times(cells, named) if ours == "travel_time" else None
    if clock is not None:
        _say_clock(cells, clock[1], table.name, notes)
        return pd.Series(clock[0], index=cells.index), clock[1]
    apart = with_units(cells, MEASURED[ours])
    if apart is not None:
        numbers, times, unit = apart
        values = table.numbers(column, notes, numbers)
        return values.where(times == 1, significant(values.to_numpy(float) * times)), unit
    usual = {"length_km": "km", "speed_kmh": "km/h"}.get(column, "")
    return table.numbers(column, notes), usual or named


def _say_clock(cells: pd.Series, unit: str, name: str, notes: Notes) -> None:
    """Note how times written with colons were read; those that may be either are noted with their unit."""
    example = next(cell for cell in cells if ":" in cell)
    three = unit == "h" and example.count(":") == 2
    parts = (
        "hours, minutes and seconds" if three else {"h": "hours and minutes", "min": "minutes and seconds"}.get(unit)
    )
    if parts:
        notes.assume(f"times such as '{example}' in {name} were read as {parts}")


def package_table(table: TextTable, name: str) -> pd.DataFrame:
    """Return a table that stands for one of the package; raise UnknownName for another table or column."""
    known = table_columns()
    if name not in known:
        raise UnknownName(
            f"unknown table '{name}'",
            place=table.whole,
            hint=did_you_mean(name, known, otherwise=f"tables: {', '.join(known)}"),
        )
    columns = known[name]
    key = f"{name}_id"
    if key in columns and key not in table.frame:
        raise BadValue(f"table '{name}' has no column {key}", place=table.whole, hint="each row needs its id")
    for column in table.frame.columns:
        if column not in columns:
            raise UnknownName(
                f"unknown column '{column}' in the table '{name}'",
                place=table.whole,
                hint=did_you_mean(column, columns, otherwise=f"columns: {', '.join(columns)}"),
            )
    return table.frame.reset_index(drop=True)
