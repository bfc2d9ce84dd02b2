"""Lines of any format of geographic information: nodes are made where they meet. Or a sea network with its ports."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from corridor_net.errors import BadFile, BadValue, Place
from corridor_net.interchange.completing.parts import components
from corridor_net.interchange.coordinates import find_crs, into_range, line_km, to_degrees
from corridor_net.interchange.headers import ALIASES, plain
from corridor_net.interchange.layers import has_shapes, layers_wanted, read_shapes
from corridor_net.interchange.listed.frames import (
    LINK_NAMES,
    directions,
    link_frame,
    link_modes,
    measured,
    only_lines,
    raw_of,
    usable,
)
from corridor_net.interchange.mapping import check_columns, with_our_names
from corridor_net.interchange.notes import Notes, agreeing, counted, some
from corridor_net.interchange.options import ImportOptions, names_in
from corridor_net.interchange.osm_keys import modes_by_keys
from corridor_net.interchange.overlaps import refuse_overlaps
from corridor_net.interchange.raw import Raw, beside, numbered
from corridor_net.interchange.shapes import are_shapes, shapes_of
from corridor_net.interchange.text_tables import FEATURE, TextTable, read_table, text_frame

from .noding import Noded, node_lines

if TYPE_CHECKING:
    import geopandas


def read_lines(paths: list[Path], options: ImportOptions, notes: Notes) -> geopandas.GeoDataFrame:
    """Read a layer of lines of each file, all in the system of the first; of several, `file` says which of them.

    Where the lines have a column `file`, it is `source_file` that says it.

    Raises BadFile when one cannot be read, BadValue when a layer must be named, or only some files name their system.
    """
    layers = [one for path in paths for one in _layers(path, options)]
    if len(layers) == 1:
        return _read_one(*layers[0], options, notes)
    frames = {(path, layer): _read_one(path, layer, options, notes) for path, layer in layers}
    several = {path for path, _ in layers if sum(path == one for one, _ in layers) > 1}
    which_file = "file"
    if any(which_file in frame for frame in frames.values()):
        which_file = "source_file"
        notes.assume("lines have a column 'file' already: 'source_file' says of which file each is")
    for (path, layer), frame in frames.items():
        said = layer if len(paths) == 1 else f"{path.stem}[{layer}]" if path in several else path.stem
        frames[path, layer] = _drawn_in(frame, "geometry").assign(**{which_file: said})
    first = next(iter(frames.values())).crs
    for (path, _), frame in frames.items():
        if (frame.crs is None) != (first is None) and not options.crs:
            which = path if frame.crs is None else paths[0]
            message = f"'{which.name}' says no coordinate system, and others do"
            raise BadValue(message, place=Place(str(which)), hint="--crs EPSG:nnnn with the system of all")
    same = [frame if first is None or frame.crs is None else frame.to_crs(first) for frame in frames.values()]
    return pd.concat(same, ignore_index=True)


def refuse_same_lines(frame: geopandas.GeoDataFrame, paths: list[Path], notes: Notes) -> None:
    """Raise BadValue where two of the files that were read have, for the most part, the same ends and modes."""
    points, of_line = shapely.get_coordinates(frame.geometry.to_numpy(), return_index=True)
    first, last = (np.searchsorted(of_line, np.unique(of_line), side) for side in ("left", "right"))
    apart = max(np.ptp(points, axis=0).max(initial=0.0) * SAME, SAME)
    ends = np.rint(np.stack((points[first], points[last - 1]), axis=1) / apart).tolist()
    rows = frame.iloc[of_line[first]]
    mode = _modes_said(rows)
    file = rows["source_file" if "source_file" in rows else "file"]
    found: dict[str, list[tuple[object, ...]]] = {path.stem: [] for path in paths}
    for name, here, how in zip(file, ends, mode, strict=True):
        found.setdefault(name, []).append((*map(tuple, sorted(here)), how))  # whichever way it is drawn
    refuse_overlaps(found, [], Place(str(paths[0].parent)), notes)


def _modes_said(rows: geopandas.GeoDataFrame) -> list[str]:
    """Return what tells the mode of each line: a column of modes, else keys of OpenStreetMap."""
    column = next((name for name in rows.columns if plain(str(name)) in MODE_NAMES), None)
    if column is not None:
        return [str(mode) for mode in rows[column]]
    by_keys = modes_by_keys(text_frame(pd.DataFrame(rows.drop(columns=rows.geometry.name)), "lines"))
    return [""] * len(rows) if by_keys is None else by_keys.tolist()


def _drawn_in(frame: geopandas.GeoDataFrame, name: str) -> geopandas.GeoDataFrame:
    """Return a frame whose drawings stand in the column of a name: joined by columns, others would be lost."""
    if frame.geometry.name == name:
        return frame
    return frame.drop(columns=name, errors="ignore").rename_geometry(name)


def _layers(path: Path, options: ImportOptions) -> list[tuple[Path, str]]:
    """Return a file with each of its layers that are to be read; a table of text has one."""
    if path.suffix.casefold() in TABLES:
        return [(path, path.stem)]
    asked = "" if path.stem in names_in(options.layer) else options.layer
    return [(path, layer) for layer in layers_wanted(path, "Line", asked)]


def _read_one(path: Path, layer: str, options: ImportOptions, notes: Notes) -> geopandas.GeoDataFrame:
    if path.suffix.casefold() in TABLES:
        return _of_table(read_table(path, notes))
    frame = read_shapes(path, layer, options.crs, notes)
    if not has_shapes(frame):
        raise BadFile(f"'{path.name}' has no drawings", place=Place(str(path)), hint="import tables reads plain tables")
    return frame


def _of_table(table: TextTable) -> geopandas.GeoDataFrame:
    """Return the lines of a table of text: those of the first column with shapes in its cells."""
    import geopandas

    column = next((name for name in table.frame if are_shapes(table.text(name))), None)
    if column is None:
        raise BadFile(f"'{table.name}' has no drawings", place=table.whole, hint="import tables reads plain tables")
    shapes, crs = shapes_of(table.text(column))
    frame = geopandas.GeoDataFrame(table.frame.drop(columns=column), geometry=shapes, crs=crs or None)
    frame.attrs["delimiter"] = table.delimiter
    return frame


SAME = 1e-6
"""Share of the extent of all lines within which ends are the same."""
MODE_NAMES = ALIASES["mode"].split()
TABLES = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm")
"""Ends of names of tables of text, whose lines stand in cells."""
OWN_NAMES = tuple(name for name in LINK_NAMES if name not in ("geometry", "from_node_id", "to_node_id"))
"""What a line says of itself: its nodes are made where it meets others."""


def raw_of_lines(
    links: geopandas.GeoDataFrame,
    nodes: geopandas.GeoDataFrame | None,
    options: ImportOptions,
    notes: Notes,
    *,
    source: str,
) -> Raw:
    """Return the network of lines: with the nodes they name if `nodes` are given, else noded where they meet."""
    if not has_shapes(links):
        raise BadValue("no geometry column", hint="give a GeoDataFrame, or use from_frames")
    crs = links.crs.to_string() if links.crs is not None else ""
    if nodes is not None:
        if links.crs is not None and nodes.crs is not None:
            nodes = nodes.to_crs(links.crs)
        table = pd.DataFrame(nodes.drop(columns=nodes.geometry.name)).assign(
            x_coord=nodes.geometry.x, y_coord=nodes.geometry.y
        )
        plain = text_frame(pd.DataFrame(links.drop(columns=links.geometry.name)), "lines")
        shapes = links.geometry.to_numpy()
        drawn = only_lines(shapes, ~shapely.is_missing(shapes), lambda _: None, notes)
        return raw_of(text_frame(table, "nodes"), plain, options, notes, source=source, lines=drawn).but(crs=crs)
    table, lines = exploded(links, notes, source)
    lines = degrees(lines, options.crs or crs, options, notes)
    noded = node_lines(lines, options.nodes_at, options.snap_m, notes)
    return _raw_of_pieces(table, noded, options, notes, source)


def exploded(frame: geopandas.GeoDataFrame, notes: Notes, source: str) -> tuple[TextTable, NDArray[Any]]:
    """Return the attributes as text, and single lines: multi-lines in their parts, what is no line left out.

    Raises BadValue when no line is left.
    """
    shapes = np.asarray(frame.geometry.to_numpy(), object)
    table = text_frame(pd.DataFrame(frame.drop(columns=frame.geometry.name)), source)
    table = replace(table, delimiter=frame.attrs.get("delimiter", table.delimiter))
    several = shapely.get_type_id(shapes) == shapely.GeometryType.MULTILINESTRING
    several &= shapely.get_num_geometries(shapes) > 1
    parts, index = shapely.get_parts(shapely.force_2d(shapes), return_index=True)
    while (shapely.get_type_id(parts) >= shapely.GeometryType.MULTIPOINT).any():
        parts, inner = shapely.get_parts(parts, return_index=True)
        index = index[inner]
    kind = shapely.get_type_id(parts)
    with np.errstate(all="ignore"):  # one beyond all numbers is infinite
        good = (kind == shapely.GeometryType.LINESTRING) & (shapely.length(parts) > 0)
    if several.any():
        made = int(good[several[index]].sum())
        notes.assume(
            f"{counted(several.sum(), 'line', 'lines')} of several parts became {counted(made, 'line', 'lines')}"
        )
    if (~good).any() or shapely.is_missing(shapes).any():
        left = int((~good).sum() + shapely.is_missing(shapes).sum())
        notes.warn(
            f"{counted(left, 'shape', 'shapes')} that {agreeing(left, 'is', 'are')} no line, or "
            f"{agreeing(left, 'has', 'have')} no length, {agreeing(left, 'was', 'were')} left out"
        )
    if not good.any():
        raise BadValue("there is no line among the shapes", hint="is it the right file, and the right layer (--layer)?")
    kept = table.frame.iloc[index[good]].reset_index(drop=True).assign(**{FEATURE: index[good]})
    return TextTable(frame=kept, path=table.path, delimiter=table.delimiter), np.asarray(parts[good], object)


def degrees(lines: NDArray[Any], crs: str, options: ImportOptions, notes: Notes) -> NDArray[Any]:
    """Return lines in longitude and latitude, in range. Raises BadValue as `coordinates.to_degrees`."""
    points = shapely.get_coordinates([*shapely.get_point(lines, 0), *shapely.get_point(lines, -1)])
    nodes = pd.DataFrame({"node_id": "end of a line", "x_coord": points[:, 0], "y_coord": points[:, 1]})
    made = Raw(
        nodes=nodes,
        links=pd.DataFrame({"geometry": lines}),
        source="lines",
        crs="" if options.crs else crs and find_crs(crs).to_string(),
    )
    moved = to_degrees(made, options, notes).links["geometry"].to_numpy(object)
    if shapely.is_missing(moved).any():
        raise BadValue("--schematic needs a table of nodes and links", hint="lines have nodes only where they lie")
    return np.asarray(shapely.transform(moved, lambda p: np.column_stack((into_range(p[:, 0]), p[:, 1]))), object)


def _raw_of_pieces(table: TextTable, noded: Noded, options: ImportOptions, notes: Notes, source: str) -> Raw:
    """Return the network of noded lines: ids are those of the lines, with a number where a line was cut."""
    check_columns(options.names, (table,))
    table = with_our_names(table, options.names, OWN_NAMES, notes)
    speed, speed_unit = measured(table, "speed", notes)
    hours, time_unit = measured(table, "travel_time", notes)
    lengths = _lengths_of_pieces(table, noded, options, notes)
    rows = link_frame(table, link_modes(table, options, notes), directions(table, options, notes))
    rows = rows.assign(link_id=_line_ids(table, notes), speed=speed)
    notes.stop_on_faults()
    links = rows.iloc[noded.parent].reset_index(drop=True)
    ids = np.array([f"n{number + 1}" for number in range(len(noded.lon))], object)
    links = links.assign(
        link_id=numbered(links["link_id"], first=True),
        from_node_id=ids[noded.here],
        to_node_id=ids[noded.there],
        length=lengths[0],
        hours=_shared(hours.where(speed.isna()), table, noded),
        geometry=noded.lines,
    )
    _say_rule(noded, options, notes)
    _say_doubled(links, notes)
    links, kept = usable(links, notes)
    nodes = pd.DataFrame({"node_id": ids, "x_coord": noded.lon, "y_coord": noded.lat})
    used = nodes["node_id"].isin({*links["from_node_id"], *links["to_node_id"]})
    extra = [name for name in table.frame.columns if name not in (*OWN_NAMES, FEATURE)]
    notes.unread(extra, source)
    attributes = table.frame[extra].iloc[noded.parent[kept]]
    return Raw.of(
        nodes[used],
        links,
        source=source,
        crs="EPSG:4326",
        placed=True,
        length_unit=lengths[1],
        said_by="the column" if lengths[1] else "",
        speed_unit=speed_unit,
        time_unit=time_unit,
        link_attributes=beside(attributes, "link_id", links["link_id"]) if extra else None,
        origin={"format": "lines"},
    )


def _lengths_of_pieces(
    table: TextTable, noded: Noded, options: ImportOptions, notes: Notes
) -> tuple[NDArray[Any], str]:
    """Return the length of each piece of the length its feature names, and the unit that the column names.

    NaN where none is named. A column of lengths without a unit is passed over, and said to be, unless the user names
    the unit: lengths that programs add by themselves are in units of the map.
    """
    given, unit = measured(table, "length", notes)
    if given.notna().any() and not (unit or options.length_unit or options.measured):
        notes.warn("the column of lengths says no unit and was passed over: --length-unit reads it")
    if not (unit or options.length_unit):
        given = given * np.nan
    return _shared(given, table, noded), unit


def _shared(given: pd.Series, table: TextTable, noded: Noded) -> NDArray[Any]:
    """Return what features name divided among their pieces, by the share that each has of the drawing."""
    drawn, feature = line_km(noded.lines), table.frame[FEATURE].to_numpy(np.int64)[noded.parent]
    shares: NDArray[Any] = given.to_numpy(float)[noded.parent] * (drawn / np.bincount(feature, drawn)[feature])
    return shares


def _line_ids(table: TextTable, notes: Notes) -> pd.Series:
    """Return the ids of the lines, or numbers where they have none."""
    ids = table.text("link_id")
    if (ids != "").all():
        return ids
    if (ids != "").any():
        notes.assume("lines were numbered, as some have no id")
    return pd.Series([f"l{number + 1}" for number in range(len(ids))], index=ids.index, dtype=object)


def _say_doubled(links: pd.DataFrame, notes: Notes) -> None:
    """Warn of links that lie on each other, whichever way they are drawn."""
    drawn = shapely.to_wkb(shapely.normalize(links["geometry"].to_numpy(object)))
    twice = pd.Series(drawn).duplicated().to_numpy()
    if twice.any():
        notes.warn(
            f"{counted(int(twice.sum()), 'link lies', 'links lie')} on another one: "
            f"{some(list(links['link_id'][twice]))}"
        )


def _say_rule(noded: Noded, options: ImportOptions, notes: Notes) -> None:
    rules = {
        "ends": "lines meet at their ends only",
        "corners": "lines meet at their ends, and at corners they share; lines that only cross do not meet",
        "crossings": "lines meet at their ends, at corners they share, and where they cross",
    }
    notes.assume(f"{rules[options.nodes_at]} (--nodes-at {options.nodes_at})")
    label = components(len(noded.lon), noded.here, noded.there)
    parts = len(np.unique(label))
    notes.assume(
        f"the lines form {counted(parts, 'connected part;', 'connected parts;')} "
        f"{noded.parts_of_ends:,} if only their ends counted"
    )
    if parts > 1:
        notes.warn(
            "lines that should meet and do not: --snap METRES joins ends that lie as far apart, --nodes-at crossings"
            " joins lines where they cross"
        )
    dangling = int((np.bincount(np.r_[noded.here, noded.there], minlength=len(noded.lon)) == 1).sum())
    notes.assume(
        f"{counted(dangling, 'node is a', 'nodes are')} dead {agreeing(dangling, 'end', 'ends')} "
        f"and {agreeing(dangling, 'was', 'were')} kept"
    )
