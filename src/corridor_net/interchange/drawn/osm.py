"""OpenStreetMap: railways with their gauge, roads by class, ferries; .osm, .osm.gz, .osm.pbf and JSON of Overpass."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from corridor_net.errors import BadFile, BadValue, Place
from corridor_net.interchange.gauges import gauge_of, gauges_called
from corridor_net.interchange.listed.frames import TRUE
from corridor_net.interchange.notes import Notes, agreeing, counted, some
from corridor_net.interchange.options import ImportOptions
from corridor_net.interchange.raw import Raw, beside, numbered
from corridor_net.network.files.foreign import is_json

from .noding import Noded, split
from .overpass import Corner, OsmWay, Overpass, refuse_stopped

ROADS = ("motorway", "trunk", "primary", "secondary", "motorway_link", "trunk_link", "primary_link", "secondary_link")
TAGS: dict[str, tuple[str, ...]] = {"railway": ("rail",), "highway": ROADS, "route": ("ferry",)}
"""What is taken when nothing is asked."""
MODES = {"railway": "rail", "highway": "road", "route": "waterway", "waterway": "waterway"}
KEPT = ("name", "gauge", "oneway", "junction", "maxspeed", "electrified", "usage", "service", "layer")


def parse_tags(text: str) -> dict[str, tuple[str, ...]]:
    """Return the tags of a text such as `railway=rail,highway=primary`; raise BadValue for what is no tag.

    >>> parse_tags("railway=rail,highway=trunk,highway=primary")
    {'railway': ('rail',), 'highway': ('trunk', 'primary')}
    """
    found: dict[str, tuple[str, ...]] = {}
    for part in filter(None, (word.strip() for word in text.split(","))):
        key, sign, value = part.partition("=")
        if not sign or key not in MODES or not value:
            raise BadValue(
                f"'{part}' is no tag", hint=f"key=value with the key {', '.join(MODES)}; for example railway=rail"
            )
        found[key] = (*found.get(key, ()), value)
    return found


def read_osm(
    path: Path,
    options: ImportOptions,
    notes: Notes,
    *,
    tags: Mapping[str, Sequence[str]] | str | None = None,
) -> Raw:
    """Read ways with these tags, split where they share a node. Raises BadFile for what is no OpenStreetMap file."""
    wanted = dict((parse_tags(tags) if isinstance(tags, str) else tags) or TAGS)
    ways = _ways(path, wanted, notes)
    if not ways["id"]:
        notes.stop_on_faults()
        asked = ", ".join(f"{key}={value}" for key, values in wanted.items() for value in values)
        hint = "--tags says what to take, such as railway=rail, or railway=* for all"
        raise BadValue(f"'{path.name}' has no way with {asked}", hint=hint)
    points = np.column_stack((ways.pop("lon"), ways.pop("lat")))
    refs, owner = np.array(ways.pop("ref"), np.int64), np.array(ways.pop("owner"), np.int64)
    _, first, vertex = np.unique(refs, return_index=True, return_inverse=True)
    noded = split(points, owner, vertex, first)
    notes.assume("ways meet where they share a node of OpenStreetMap; dead ends were kept")
    rows = pd.DataFrame(ways).iloc[noded.parent].reset_index(drop=True)
    return _raw(path, rows, _gauges(rows, path, options, notes), (noded, refs), notes)


def _ways(path: Path, wanted: Mapping[str, Sequence[str]], notes: Notes) -> dict[str, list[Any]]:
    """Return the ways as columns, and their vertices as `ref`, `lon`, `lat` and the number of the way as `owner`."""
    found: dict[str, list[Any]] = {name: [] for name in ("id", "key", "value", *KEPT, "ref", "lon", "lat", "owner")}
    cut = 0
    if not path.is_file():
        raise BadFile(f"'{path}' is no file", place=Place(str(path)), hint="a file .osm, .osm.gz, .osm.pbf or .json")
    for way, key, value in _of_json(path, wanted, notes) if _is_overpass(path) else _of_osmium(path, wanted):
        runs = [list(nodes) for placed, nodes in itertools.groupby(way.nodes, key=bool) if placed]
        cut += sum(map(len, runs)) < len(way.nodes)
        for nodes in runs:
            if len(nodes) > 1:
                _add(found, way, (key, value), nodes)
    if cut and not found["id"]:
        hint = "nodes stand before ways, with ids above 0: 'osmium sort' and 'osmium renumber' make them so"
        notes.fault(
            BadFile(f"'{path.name}' has the place of no node of {cut:,} ways", place=Place(str(path)), hint=hint)
        )
    elif cut:
        notes.warn(
            f"{counted(cut, 'way goes', 'ways go')} beyond the extract; only "
            f"{agreeing(cut, 'its', 'their')} part inside was taken"
        )
    return found


def _is_overpass(path: Path) -> bool:
    """Whether a file is JSON, by how it begins or by its name."""
    return is_json(path) or path.name.casefold().removesuffix(".gz").endswith(".json")


def _of_json(path: Path, wanted: Mapping[str, Sequence[str]], notes: Notes) -> Iterator[tuple[OsmWay, str, str]]:
    """Yield what `_of_osmium` does of an answer of Overpass."""
    answer = Overpass.read(path)
    if answer.numbered:
        notes.assume("ways of which the file gives no nodes meet where they have the same place")
    taken = set()
    for way in answer.ways.values():
        key = next((key for key, values in wanted.items() if _is_wanted(way.tags.get(key), values)), None)
        if key is not None:
            taken.add(way.id)
            yield way, key, way.tags[key]
    routes = answer.routes.values() if "route" in wanted else ()
    named = {ref: value for value, refs in routes if _is_wanted(value, wanted["route"]) for ref in refs}
    for way in answer.ways.values():
        if way.id in named and way.id not in taken and not way.tags.get("highway"):
            yield way, "route", named[way.id]


def _of_osmium(path: Path, wanted: Mapping[str, Sequence[str]]) -> Iterator[tuple[OsmWay, str, str]]:
    """Yield ways with a tag that is wanted, and that tag; then ways that a route of such a tag alone names."""
    try:
        import osmium  # noqa: F401 - an extra: its lack is said in plain words
    except ModuleNotFoundError:
        raise BadValue("reading OpenStreetMap needs osmium", hint="pip install 'corridor-net[osm]'") from None
    refuse_stopped(path)
    try:
        yield from _chosen(path, wanted)
    except Exception as error:  # noqa: BLE001 - whatever a damaged file makes osmium raise
        message = f"'{path.name}' cannot be read as OpenStreetMap: {error}"
        hint = "is it whole? .osm, .osm.gz, .osm.pbf and the JSON of Overpass are read"
        raise BadFile(message, place=Place(str(path)), hint=hint) from None


def _chosen(path: Path, wanted: Mapping[str, Sequence[str]]) -> Iterator[tuple[OsmWay, str, str]]:
    import osmium

    def ways(some_of_them: Any) -> Iterator[OsmWay]:
        file = osmium.FileProcessor(str(path)).with_locations().with_filter(some_of_them)
        return (
            OsmWay(way.id, way.tags, _corners(way))
            for way in file
            if isinstance(way, osmium.osm.Way) and not way.deleted
        )

    taken = set()
    for way in ways(osmium.filter.KeyFilter(*wanted)):
        key = next((key for key, values in wanted.items() if _is_wanted(way.tags.get(key), values)), None)
        if key is not None:
            taken.add(way.id)
            yield way, key, way.tags.get(key)
    named: dict[int, str] = {}
    relations: Any = osmium.FileProcessor(str(path), osmium.osm.RELATION) if "route" in wanted else ()
    for relation in relations:
        if _is_wanted(value := relation.tags.get("route"), wanted["route"]):
            named |= {member.ref: value for member in relation.members if member.type == "w"}
    left = set(named) - taken
    for way in ways(osmium.filter.IdFilter(left)) if left else ():
        if not way.tags.get("highway"):
            yield way, "route", named[way.id]


def _corners(way: Any) -> list[Corner | None]:
    """Return the nodes of a way, None for one whose place the file does not have."""
    return [(node.ref, node.lon, node.lat) if node.location.valid() else None for node in way.nodes]


def _is_wanted(value: str | None, values: Sequence[str]) -> bool:
    return value is not None and (value in values or "*" in values)


def _add(found: dict[str, list[Any]], way: OsmWay, tag: tuple[str, str], nodes: list[Any]) -> None:
    number = len(found["id"])
    found["id"].append(str(way.id))
    found["key"].append(tag[0])
    found["value"].append(tag[1])
    for name in KEPT:
        found[name].append(way.tags.get(name) or "")
    found["name"][-1] = found["name"][-1] or way.tags.get("ref") or ""  # a road without a name has a number
    for ref, lon, lat in nodes:
        found["ref"].append(ref)
        found["lon"].append(lon)
        found["lat"].append(lat)
        found["owner"].append(number)


def _raw(path: Path, rows: pd.DataFrame, gauges: pd.Series, at: tuple[Noded, Any], notes: Notes) -> Raw:
    noded, refs = at
    one_way, backward = _directions(rows)
    ids = numbered(rows["id"], first=True)
    nodes = refs[noded.at].astype(str).astype(object)
    here, there = nodes[noded.here], nodes[noded.there]
    lines = noded.lines.copy()
    import shapely

    lines[backward] = shapely.reverse(lines[backward])
    mode = rows["key"].map(MODES)
    if (rows["key"] == "route").any():
        notes.assume("ferries are waterways that may be used at any hour: OpenStreetMap says nothing of sailings here")
    links = pd.DataFrame(
        {
            "link_id": ids,
            "name": rows["name"],
            "from_node_id": np.where(backward, there, here),
            "to_node_id": np.where(backward, here, there),
            "directed": one_way.astype(int),
            "mode": mode,
            "gauge_mm": gauges.where(mode == "rail", ""),
            "geometry": lines,
        }
    )
    return Raw.of(
        pd.DataFrame({"node_id": nodes, "x_coord": noded.lon, "y_coord": noded.lat}),
        links,
        source=path.name,
        crs="EPSG:4326",
        link_attributes=beside(rows[["key", "value", *KEPT]], "link_id", ids),
        origin={"format": "osm"},
    )


def _directions(rows: pd.DataFrame) -> tuple[Any, Any]:
    """Return which pieces are one-way, and which against the way they are drawn."""
    text = rows["oneway"].str.casefold()
    backward = (text == "-1").to_numpy()
    implied = rows["junction"].isin(("roundabout", "circular")) | rows["value"].isin(("motorway", "motorway_link"))
    road = rows["key"] == "highway"
    one_way = (road & (text.isin(TRUE) | (implied & ~text.isin(("no", "0", "false"))))).to_numpy()
    return one_way | (backward & road.to_numpy()), backward & road.to_numpy()


def _gauges(rows: pd.DataFrame, path: Path, options: ImportOptions, notes: Notes) -> pd.Series:
    """Return gauges such as `1520` or `1435;1520`; '' where the tag is empty or says none.

    A name that several gauges have is a fault, unless the mapping file says which is meant.
    """
    texts, named = rows["gauge"], options.names.gauges
    made = {text: gauge_of(text, named) or "" for text in pd.unique(texts)}
    odd = [text for text, gauge in made.items() if text and not gauge]
    for text in odd:
        part, may_be = gauges_called(text, named)
        if not may_be:
            continue
        first = rows["id"][texts == text].iloc[0]
        notes.fault(
            BadValue(
                f"the gauge of way {first} is '{part}', which may be {', '.join(may_be)} mm",
                place=Place(f"{path} (way {first})"),
                hint=f"say which in a mapping file (--mapping FILE): gauge,{part},{may_be[0]}",
            )
        )
    notes.stop_on_faults()
    if odd:
        notes.warn(f"gauges that are not known were passed over: {some(odd)}")
    return texts.map(made)
