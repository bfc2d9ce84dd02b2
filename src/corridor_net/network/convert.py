"""Turning a `Network` into other people's types: networkx, GeoPandas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .lines import lane_line, link_lines
from .passable import passable_links, passages

if TYPE_CHECKING:
    import geopandas
    import networkx

    from .network import Network
    from .rows import TableRow


def to_networkx(network: Network) -> networkx.MultiDiGraph:
    """Return the physical network of the day as a MultiDiGraph: places, and what boxes can pass between them.

    An edge is one direction of a link, or a leg of a service; its key is the link's id, or the service's with the
    number of the call. What is closed on the day is not there (`passable.passages`). Edges carry no hours and no
    money: most of both lie in terminals, at borders and in waiting, which are no edges here. For these ask
    `Model.to_networkx`, whose shortest paths are those of `Model.route`; asked of this graph they end in BadValue.
    """
    from .measured_graph import MeasuredGraph

    graph = MeasuredGraph(day=str(network.day))
    for node in network.active("node"):
        graph.add_node(
            node.node_id,
            name=node.name,
            country=node.country,
            node_type=node.node_type,
            x=node.x_coord,
            y=node.y_coord,
        )
    for passage in passages(network):
        graph.add_edge(
            passage.from_node_id,
            passage.to_node_id,
            key=passage.passage_id,
            kind=passage.kind,
            mode=passage.mode,
            name=passage.row.name,
            length_km=passage.length_km,
            source_id=passage.row.source_id,
            grade=passage.row.grade,
        )
    return graph


def to_geodataframes(network: Network) -> dict[str, geopandas.GeoDataFrame]:
    """Return `nodes`, `links` and `sea_lanes` as GeoDataFrames in EPSG:4326.

    Links are those that boxes can pass on the day; one that is open in one direction alone leads from `from_node_id`
    to `to_node_id` in that direction, is drawn so, and has `directed` 1. Sea lanes are those of any day.
    """
    import geopandas as gpd
    from shapely.geometry import LineString, Point

    def columns(rows: Sequence[TableRow], *names: str) -> dict[str, list[Any]]:
        return {name: [getattr(row, name) for row in rows] for name in names}

    def frame(data: dict[str, list[Any]], shapes: list[Any]) -> Any:
        return gpd.GeoDataFrame(data, geometry=shapes, crs="EPSG:4326")

    nodes, lanes = network.active("node"), network.tables["sea_lane"]
    lines = link_lines(network)
    ways = passable_links(network)
    links = tuple(of[0].row for of in ways.values())
    turned = [of[0].from_node_id != of[0].row.from_node_id for of in ways.values()]
    names = {node.node_id: node.name for node in network.rows("node")}
    shapes = [
        LineString(lines[link.link_id][::-1] if back else lines[link.link_id])
        for link, back in zip(links, turned, strict=True)
    ]
    ends = {end: [getattr(of[0], end) for of in ways.values()] for end in ("from_node_id", "to_node_id")}
    told = {
        **columns(links, "link_id", "name"),
        **ends,
        **{end.replace("node_id", "name"): [names[node] for node in of_end] for end, of_end in ends.items()},
        "directed": [int(len(of) == 1) for of in ways.values()],
        **columns(links, "mode", "gauge_mm", "length_km", "country", "corridor", "source_id", "grade"),
    }
    at = columns(nodes, "node_id", "name", "node_type", "country", "population", "source_id", "grade")
    sailed = columns(lanes, "lane_id", "from_node_id", "to_node_id", "length_km", "length_nmi", "ratio", "gates")
    return {
        "nodes": frame(at, [Point(n.x_coord, n.y_coord) for n in nodes]),
        "links": frame(told, shapes),
        "sea_lanes": frame(sailed, [LineString(lane_line(network, lane)) for lane in lanes]),
    }
