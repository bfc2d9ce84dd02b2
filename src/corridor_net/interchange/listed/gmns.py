"""GMNS, the General Modeling Network Specification: as it is written down, and as it is met."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from corridor_net.errors import BadFile, Place
from corridor_net.interchange.cells import MISSING
from corridor_net.interchange.headers import MODE_OF, parted, plain
from corridor_net.interchange.mapping import MODES, check_columns, mapped_columns, modes_of, with_our_names
from corridor_net.interchange.notes import Notes, counted, some
from corridor_net.interchange.options import ImportOptions, NameMap
from corridor_net.interchange.raw import LINK_COLUMNS, NODE_COLUMNS, Raw, beside, with_columns
from corridor_net.interchange.text_tables import TextTable, cut_names, read_table

from . import gmns_own
from .frames import crs_of, directions, lines_of, link_frame, need_columns, node_frame, usable

NODE = ("node_id", "name", "x_coord", "y_coord", "node_type", "zone_id", "country", "unlocode", "population")
LINK = (
    "link_id",
    "name",
    "from_node_id",
    "to_node_id",
    "directed",
    "geometry_id",
    "geometry",
    "parent_link_id",
    "dir_flag",
    "length",
    "facility_type",
    "free_speed",
    "lanes",
    "allowed_uses",
    "jurisdiction",
    "gauge_mm",
    "country",
    "link_type",
)
TYPES = ("city", "border_station", "river_port", "seaport", "rail_junction", "rail_station", "market_city", "zone")
"""Kinds of node that we have ourselves; others stay in the attributes."""
SEA = frozenset({"sea", "ferry"})


def read_gmns(path: Path, options: ImportOptions, notes: Notes) -> Raw:
    """Read a folder of GMNS tables. Raises BadFile where node.csv or link.csv is missing or lacks its columns."""
    folder = path if path.is_dir() else path.parent
    nodes, links = _needed(folder, "node", notes), _needed(folder, "link", notes)
    check_columns(options.names, (nodes, links))
    nodes, links = _named(nodes, NODE, options.names, notes), _named(links, LINK, options.names, notes)
    links, units = _with_units(links, notes)
    if "x_coord" not in nodes.frame:
        nodes = with_our_names(nodes, options.names, ("geometry",), notes)
    places = ("geometry",) if "geometry" in nodes.frame else ("x_coord", "y_coord")
    need_columns(nodes, ("node_id", *places), "nodes (node.csv)")
    need_columns(links, ("link_id", "from_node_id", "to_node_id"), "links (link.csv)")
    config = _config(folder, notes)
    for table, known in ((nodes, NODE), (links, LINK)):
        notes.unread([name for name in table.frame.columns if name not in (*known, "geometry")], table.name)
    made, kept = _links(folder, links, options, notes)
    points = with_columns(_nodes(nodes, notes), NODE_COLUMNS)
    notes.stop_on_faults()
    tables: dict[str, pd.DataFrame] = {}
    if config.get("dataset_name") == gmns_own.NAME:
        legs = gmns_own.sea_legs(made, links.text("facility_type").iloc[kept])
        if legs.any():
            lanes = links.text("geometry_id").iloc[kept][legs].to_numpy(object)
            tables = gmns_own.service_tables(made[legs], lanes, points, notes)
            made, kept = made[~legs].reset_index(drop=True), kept[~legs]
    if (
        links.text("facility_type").iloc[kept].str.casefold().isin(SEA) & (made["mode"] == "waterway").to_numpy()
    ).any():
        notes.assume("sea and ferry links are waterways that may be used at any hour: GMNS says nothing of sailings")
    used = np.zeros(len(links.frame), int)
    used[kept[(made["from_node_id"] != made["to_node_id"]).to_numpy()]] = 1
    return Raw(
        nodes=points,
        links=with_columns(made, LINK_COLUMNS),
        tables=tables,
        source=f"{folder.resolve().name} (GMNS)",
        crs=config.get("crs", "") or crs_of(nodes),
        length_unit=units.get("length", "") or config.get("long_length", ""),
        speed_unit=units.get("speed", "") or config.get("speed", ""),
        said_by="the column" if "length" in units else "config.csv",
        node_attributes=_attributes(nodes, "node_id"),
        link_attributes=_attributes(links, "link_id").assign(**{gmns_own.USED: used.astype(str)}),
        origin={
            "format": "gmns",
            "config": config,
            "node_columns": dict(nodes.headers or {}),
            "link_columns": dict(links.headers or {}),
        },
        place=lambda of, n, column="": links.place(int(kept[n]), column) if of == "link" else nodes.place(n, column),
    )


def _table(folder: Path, name: str, notes: Notes) -> TextTable | None:
    found = sorted(f for f in folder.iterdir() if f.name.casefold() in (f"{name}.csv", f"{name}s.csv"))
    return read_table(found[0], notes) if found else None


def _needed(folder: Path, name: str, notes: Notes) -> TextTable:
    table = _table(folder, name, notes)
    if table is None:
        raise BadFile(
            f"'{folder}' has no {name}.csv",
            place=Place(str(folder)),
            hint="GMNS is a folder with node.csv and link.csv",
        )
    return table


def _named(table: TextTable, known: tuple[str, ...], names: NameMap, notes: Notes) -> TextTable:
    """Return the table under the names of GMNS: by the mapping file, as they are, or cut to ten characters."""
    mapped = mapped_columns(table, names, known)
    wanted = [name for name in known if name not in mapped.values()]
    columns = {**cut_names(table.frame.columns, wanted), **mapped}
    cut = [theirs for theirs, ours in columns.items() if len(theirs) < len(ours) and theirs not in mapped]
    if cut:
        notes.assume(f"column names of {table.name} are cut to ten characters: {some(cut)}")
    return table.renamed(columns)


def _config(folder: Path, notes: Notes) -> dict[str, str]:
    """Return the first row of config.csv: units and coordinate system among it; empty when there is none."""
    table = _table(folder, "config", notes)
    if table is None or not len(table.frame):
        return {}
    row = {str(name).casefold(): str(value).strip() for name, value in table.frame.iloc[0].items()}
    return {name: "" if value.casefold() in MISSING else value for name, value in row.items()}


def _attributes(table: TextTable, key: str) -> pd.DataFrame:
    """Return all columns under their names in the file, after the id of each row."""
    theirs = table.renamed(table.headers or {}).frame
    return beside(theirs.drop(columns=key, errors="ignore"), key, table.text(key))


def _nodes(table: TextTable, notes: Notes) -> pd.DataFrame:
    kind = table.text("node_type").str.casefold()
    centroids = kind == "centroid"
    if centroids.any():
        notes.assume(
            f"{counted(int(centroids.sum()), 'centroid is a zone:', 'centroids are zones:')} paths "
            "begin and end there, and pass through none"
        )
    return node_frame(table, notes).assign(node_type=np.where(centroids, "zone", kind.where(kind.isin(TYPES), "")))


def _with_units(links: TextTable, notes: Notes) -> tuple[TextTable, dict[str, str]]:
    """Return links whose lengths and speeds stand under names with a unit, such as `length_mi`, and these units."""
    units = {}
    for ours, column in (("length", "length"), ("speed", "free_speed")):
        for theirs in [] if column in links.frame else [str(name) for name in links.frame.columns]:
            base, unit = parted(theirs.removeprefix("vdf_"), ours)
            if unit and base in (ours, column):
                notes.assume(f"the column {theirs} of {links.name} was read as {column}")
                links, units[ours] = links.renamed({theirs: column}), unit
                break
    return links, units


def _links(folder: Path, table: TextTable, options: ImportOptions, notes: Notes) -> tuple[pd.DataFrame, NDArray[Any]]:
    lines = _geometry(folder, table, notes)
    backwards = (table.text("dir_flag") == "-1").to_numpy() & ~shapely.is_missing(lines)
    lines[backwards] = shapely.reverse(lines[backwards])
    made = link_frame(table, _modes(folder, table, options, notes), _directed(table, options, notes))
    length, speed = (table.numbers(column, notes) for column in ("length", "free_speed"))
    made = made.assign(length=length, speed=_speeds_by_type(folder, table, speed, notes), geometry=lines)
    return usable(made, notes)


def _directed(table: TextTable, options: ImportOptions, notes: Notes) -> pd.Series:
    """Return 1 for one-way links: of `directed`; where it is empty, of `dir_flag`, else both ways."""
    stated = "directed" in table.frame and (table.text("directed") != "").any()
    flag = table.text("dir_flag")
    if options.directed or stated or (flag == "").all():
        return directions(table, options, notes)
    flag = flag.str.removesuffix(".0")
    table.refuse(~flag.isin(("1", "-1", "0", "")), "dir_flag", "1 or -1 for one-way links, 0 for both ways", notes)
    notes.assume("links with dir_flag 1 or -1 are one-way, those with 0 both ways, as 'directed' is not said")
    return flag.isin(("1", "-1")).astype(int)


def _geometry(folder: Path, table: TextTable, notes: Notes) -> NDArray[Any]:
    """Return the drawing of each link: its own, else that of geometry.csv; None where there is none."""
    own = lines_of(table, "geometry", notes)
    drawings = _table(folder, "geometry", notes)
    if drawings is None or "geometry_id" not in table.frame:
        return own
    drawings = drawings.renamed(cut_names(drawings.frame.columns, ("geometry_id", "geometry")))
    need_columns(drawings, ("geometry_id", "geometry"), "drawings (geometry.csv)")
    lines = lines_of(drawings, "geometry", notes)
    at = pd.Index(drawings.text("geometry_id"))
    if not at.is_unique:
        count = int(at.duplicated().sum())
        notes.warn(
            f"{counted(count, 'geometry_id stands', 'geometry_id stand')} twice in geometry.csv; the first is used"
        )
        lines, at = lines[~at.duplicated()], at[~at.duplicated()]
    wanted = table.text("geometry_id")
    found = at.get_indexer(wanted)
    lost = (wanted != "").to_numpy() & (found < 0)
    if lost.any():
        notes.warn(
            f"{counted(int(lost.sum()), 'link names', 'links name')} a drawing that geometry.csv "
            f"does not have: {some(list(wanted[lost]))}"
        )
    joined = np.where(found >= 0, lines[found], None) if len(lines) else np.full(len(wanted), None, object)
    return np.asarray(np.where(shapely.is_missing(own), joined, own), object)


def _modes(folder: Path, table: TextTable, options: ImportOptions, notes: Notes) -> tuple[pd.Series, pd.Series]:
    """Return mode and gauge of each link: of the options, the mapping file, allowed_uses, then facility_type."""
    if options.mode:
        return modes_of(pd.Series(options.mode, index=table.frame.index, dtype=object), options.names, table.name)
    uses = table.text("allowed_uses")
    kinds = table.text("facility_type")
    groups = _use_groups(folder, notes)
    pairs = list(zip(uses, kinds, strict=True))
    modes = {pair: _mode_of(*pair, groups, options.names, notes) for pair in dict.fromkeys(pairs)}
    if (uses == "").all() and (kinds == "").all():
        notes.assume("every link is a road, as neither allowed_uses nor facility_type is said")
    whole = pd.Series([modes[pair] for pair in pairs], index=table.frame.index, dtype=object)
    return modes_of(whole, options.names, table.name)


def _use_groups(folder: Path, notes: Notes) -> dict[str, list[str]]:
    table = _table(folder, "use_group", notes)
    if table is None or not {"use_group", "uses"} <= set(table.frame.columns):
        return {}
    return {
        group.casefold(): _words(uses) for group, uses in zip(table.text("use_group"), table.text("uses"), strict=True)
    }


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[;,|\s]+", text.casefold().strip("[]\"' ")) if word not in ("", "none")]


def _mode_of(uses: str, kind: str, groups: Mapping[str, list[str]], names: NameMap, notes: Notes) -> str:
    """Return the mode of a link: the first its uses allow among road, rail and waterway, else 'skip'.

    Uses that are not said, or are `all`, say nothing: the facility type does.
    """
    for text in (uses, kind):
        if text in names.modes:
            return str(names.modes[text])
    words: set[str] = set()
    seen: set[str] = set()
    todo = _words(uses)
    while todo:
        word = todo.pop()
        if word not in seen:
            seen.add(word)
            todo += groups.get(word, [])
            words |= set() if word in groups else {word}
    if words <= {"all"}:
        words = {word for word in [plain(kind)] if word in MODE_OF} or {"road"}
    modes = {MODE_OF.get(plain(word)) for word in words}
    for mode in MODES:
        if mode in modes:
            return mode
    if modes == {"skip"}:
        return "skip"
    notes.assume(
        f"links for {' '.join(sorted(words))} are roads, as these uses are not known; a mapping file can say more"
    )
    return "road"


def _speeds_by_type(folder: Path, table: TextTable, speed: pd.Series, notes: Notes) -> pd.Series:
    """Fill speeds that are empty from the table of link types, where it has them."""
    types = _table(folder, "link_type", notes)
    if types is None or not speed.isna().any():
        return speed
    column = next((name for name in types.frame.columns if name.casefold() in ("free_speed", "speed")), None)
    if column is None:
        return speed
    key = next((name for name in ("link_type", "facility_type") if name in table.frame and name in types.frame), None)
    if key is None:
        return speed
    by_type = pd.Series(types.numbers(column, notes).to_numpy(), index=types.text(key).to_numpy())
    found = table.text(key).map(by_type[~by_type.index.duplicated()])
    filled = int((speed.isna() & found.notna()).sum())
    if filled:
        notes.assume(f"{counted(filled, 'speed is that', 'speeds are those')} of the link's type in {types.name}")
    return speed.fillna(found)
