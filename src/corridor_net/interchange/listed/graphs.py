"""networkx graphs, and their files: node-link JSON and GraphML. A graph comes back as it went."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd
import shapely

from corridor_net.errors import BadValue
from corridor_net.interchange.headers import ALIASES, parted, unit_in
from corridor_net.interchange.notes import Notes, some
from corridor_net.interchange.options import ImportOptions
from corridor_net.interchange.raw import Raw, numbered
from corridor_net.interchange.text_tables import text_frame

from .frames import raw_of

if TYPE_CHECKING:
    from corridor_net.interchange.imported import Imported

LONGITUDE = ("x", "lon", "lng", "longitude", "x_coord", "Longitude")
LATITUDE = ("y", "lat", "latitude", "y_coord", "Latitude")
LENGTHS = ("length_km", "length", "length_m", "distance", "distance_km", "weight")
SPEEDS = {"speed_kph": "km/h", "speed_kmh": "km/h", "free_speed": "", "speed": ""}
OWN = ("link_id", "name", "mode", "gauge_mm", "country", "directed")


def raw_of_graph(graph: nx.Graph, options: ImportOptions, notes: Notes, *, source: str) -> Raw:
    """Return the network of a graph; all attributes are kept beside, as JSON, so that the graph comes back the same.

    Raises BadValue for a graph without edges, or with two nodes that are written the same.
    """
    if not hasattr(graph, "number_of_edges"):
        raise BadValue(f"a {type(graph).__name__} is no graph of networkx", hint="give a networkx.Graph")
    if not graph.number_of_edges():
        raise BadValue("the graph has no edges", hint="a network needs links")
    nodes, ids = _nodes(graph, options)
    links, length, speed_unit = _links(graph, ids)
    osm = _from_osm(graph)
    if length != "length_km" and length != "":
        notes.assume(f"lengths are the edge attribute '{length}'")
    if osm:
        notes.assume("lengths are in metres, as graphs of OpenStreetMap have them")
    drawn = _drawings(graph)
    raw = raw_of(
        text_frame(nodes, "nodes"),
        text_frame(links, "edges"),
        _directed(graph, options),
        notes,
        source=source,
        lines=drawn,
    )
    return raw.but(
        crs=str(graph.graph.get("crs", "") or ""),
        length_unit=unit_in(length, "length") or ("m" if osm else ""),
        speed_unit=speed_unit,
        said_by=f"the edge attribute {length}",
        node_attributes=_as_json(
            ids.values(), [{"id": node, **data} for node, data in graph.nodes(data=True)], "node_id"
        ),
        link_attributes=_edge_json(graph, raw.links["link_id"], links),
        origin={
            "format": "networkx",
            "directed": graph.is_directed(),
            "multigraph": graph.is_multigraph(),
            "graph": _json_text(dict(graph.graph)),
        },
    )


def _directed(graph: nx.Graph, options: ImportOptions) -> ImportOptions:
    from dataclasses import replace

    return options if options.directed else replace(options, directed="yes" if graph.is_directed() else "no")


def _nodes(graph: nx.Graph, options: ImportOptions) -> tuple[pd.DataFrame, dict[Any, str]]:
    ids = {node: node if isinstance(node, str) else str(node) for node in graph}
    if len(set(ids.values())) < len(ids):
        twice = next(name for name, count in Counter(ids.values()).items() if count > 1)
        raise BadValue(
            f"two nodes are written '{twice}'",
            hint="relabel the nodes so that each has its text",
        )
    rows = []
    for node, data in graph.nodes(data=True):
        x, y = _position(data)
        rows.append((ids[node], str(data.get("name", "") or ""), x, y, str(data.get("country", "") or "")))
    columns = ["node_id", "name", "x_coord", "y_coord", "country"]
    frame = pd.DataFrame(rows, columns=columns, dtype=object).astype({"x_coord": float, "y_coord": float})
    lost = frame["x_coord"].isna() | frame["y_coord"].isna()
    if not options.schematic and lost.any():
        raise BadValue(
            f"{int(lost.sum()):,} of {len(frame):,} nodes have no position: {some(list(frame['node_id'][lost]))}",
            hint="node attributes x and y, lon and lat, or pos; or schematic (--schematic) to draw it without any",
        )
    return frame, ids


def _position(data: Mapping[str, Any]) -> tuple[float, float]:
    x, y = (next((data[name] for name in names if name in data), None) for names in (LONGITUDE, LATITUDE))
    try:
        if x is None and "pos" in data:
            x, y = data["pos"][:2]
        return float(x), float(y)  # type: ignore[arg-type]
    except (KeyError, OverflowError, TypeError, ValueError):
        return float("nan"), float("nan")


def _edges(graph: nx.Graph) -> list[tuple[Any, Any, Any, dict[str, Any]]]:
    if graph.is_multigraph():
        return list(graph.edges(keys=True, data=True))
    return [(u, v, None, data) for u, v, data in graph.edges(data=True)]


def _links(graph: nx.Graph, ids: Mapping[Any, str]) -> tuple[pd.DataFrame, str, str]:
    """Return the links with our columns, the attribute lengths were taken from, and the unit of speeds."""
    edges = _edges(graph)
    names = {name for *_, data in edges for name in data}
    length = next((name for name in LENGTHS if name in names), "") or _with_unit(names, "length")
    speed = next((name for name in SPEEDS if name in names), "") or _with_unit(names, "speed")
    time = _with_unit(names, "travel_time")
    made: dict[str, list[Any]] = {
        "from_node_id": [ids[u] for u, *_ in edges],
        "to_node_id": [ids[v] for _, v, *_ in edges],
    }
    if length:
        made["length"] = [data.get(length) for *_, data in edges]
    if time:
        made[f"travel_time_{unit_in(time, 'travel_time')}"] = [data.get(time) for *_, data in edges]
    if speed:
        made["speed"] = [data.get(speed) for *_, data in edges]
    for name in OWN:
        if name in names and name != "directed":
            made[name] = [_scalar(data.get(name)) for *_, data in edges]
    frame = pd.DataFrame({name: _column(cells) for name, cells in made.items()})
    if "link_id" not in frame or frame["link_id"].isna().any() or frame["link_id"].duplicated().any():
        frame["link_id"] = numbered(frame["from_node_id"] + "-" + frame["to_node_id"])
    return frame, length, SPEEDS.get(speed, "") or unit_in(speed, "speed")


def _with_unit(names: Iterable[Any], ours: str) -> str:
    """Return the attribute that stands for a column of ours and ends with a unit, such as `length_mi`; '' for none."""
    words = ALIASES[ours].split()
    return next(
        (name for name in sorted(map(str, names)) if unit_in(name, ours) and parted(name, ours)[0] in words), ""
    )


def _column(cells: list[Any]) -> pd.Series:
    """Return cells as pandas sees them, texts as they are: one that no file can hold is told with its column later."""
    return pd.Series(cells, dtype=object if any(isinstance(cell, str) for cell in cells) else None)


def _scalar(value: Any) -> Any:
    return value[0] if isinstance(value, (list, tuple)) and value else value


def _from_osm(graph: nx.Graph) -> bool:
    return "osmnx" in str(graph.graph.get("created_with", "")).casefold() or (
        "crs" in graph.graph and any("osmid" in data for *_, data in _edges(graph)[:1])
    )


def _drawings(graph: nx.Graph) -> Any:
    """Return the edge attribute `geometry` as lines, along each edge; None where there is none."""
    edges = _edges(graph)
    shapes = [data.get("geometry") for *_, data in edges]
    texts = np.array([shape if isinstance(shape, str) else None for shape in shapes], object)
    read = shapely.from_wkt(texts, on_invalid="ignore")
    made = np.array([None] * len(edges), object)
    for number, shape in enumerate(shapes):
        line = shape if isinstance(shape, shapely.LineString) else read[number]
        made[number] = line if isinstance(line, shapely.LineString) else None
    return made


# attributes as JSON, and back


def _json_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, shapely.Geometry):
        return {"wkt": shapely.to_wkt(value, rounding_precision=-1)}
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    return str(value)


def _mark(value: Any) -> Any:
    """Return a value whose tuples JSON can tell from lists."""
    if isinstance(value, tuple):
        return {"tuple": [_mark(item) for item in value]}
    if isinstance(value, list):
        return [_mark(item) for item in value]
    if isinstance(value, dict):
        return {name: _mark(item) for name, item in value.items()}
    return value


def _unmark(value: Any) -> Any:
    if isinstance(value, list):
        return [_unmark(item) for item in value]
    if isinstance(value, dict):
        if set(value) == {"tuple"}:
            return tuple(_unmark(item) for item in value["tuple"])
        if set(value) == {"wkt"}:
            return shapely.from_wkt(value["wkt"])
        return {name: _unmark(item) for name, item in value.items()}
    return value


def _as_json(ids: Any, rows: list[dict[Any, Any]], key: str) -> pd.DataFrame:
    return pd.DataFrame({key: list(ids), "attributes": [_json_text(_mark(row)) for row in rows]}, dtype=object)


def _edge_json(graph: nx.Graph, used: pd.Series, links: pd.DataFrame) -> pd.DataFrame:
    rows = [{"ends": [u, v], "key": key, "data": data} for u, v, key, data in _edges(graph)]
    frame = _as_json(links["link_id"], rows, "link_id")
    loop = (links["from_node_id"] == links["to_node_id"]).to_numpy()
    used_there = frame["link_id"].isin(set(used)) & ~loop
    return frame.assign(corridor_net_used=used_there.astype(int).astype(str))


def to_networkx(imported: Imported) -> nx.Graph:
    """Return the graph a package was made of: same class, nodes, edges, keys and attributes.

    Links taken out of the package are taken out of the graph; changed lengths are changed in it.
    Raises BadValue for a package that was not made of a graph.
    """
    origin = imported.origin
    if origin.get("format") != "networkx" or imported.node_attributes is None or imported.link_attributes is None:
        raise BadValue(
            "the package was not made of a networkx graph", hint="Network.to_networkx makes one of any package"
        )
    kinds = {
        (False, False): nx.Graph,
        (True, False): nx.DiGraph,
        (False, True): nx.MultiGraph,
        (True, True): nx.MultiDiGraph,
    }
    graph = kinds[bool(origin["directed"]), bool(origin["multigraph"])]()
    graph.graph.update(_unmark(json.loads(origin["graph"])))
    there = set(imported.nodes["node_id"])
    for node_id, text in zip(imported.node_attributes["node_id"], imported.node_attributes["attributes"], strict=True):
        if node_id in there:
            data = _unmark(json.loads(text))
            graph.add_node(data.pop("id"), **data)
    links = set(imported.links["link_id"])
    rows = imported.link_attributes
    for link_id, text, used in zip(rows["link_id"], rows["attributes"], rows["corridor_net_used"], strict=True):
        if used == "1" and link_id not in links:
            continue
        edge = _unmark(json.loads(text))
        u, v = edge["ends"]
        if graph.is_multigraph():
            graph.add_edge(u, v, key=edge["key"], **edge["data"])
        else:
            graph.add_edge(u, v, **edge["data"])
    return graph
