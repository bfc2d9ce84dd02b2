"""Turning a `Network` into other people's types: networkx, GeoPandas."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from .lines import lane_line, link_lines, wkt_line

if TYPE_CHECKING:
    import geopandas
    import networkx

    from .network import Network

__all__ = ["link_lines", "to_geodataframes", "to_networkx", "wkt_line"]


def to_networkx(network: Network) -> networkx.MultiDiGraph:
    """Return a MultiDiGraph of nodes, links and the legs of services that hold on the network's day."""
    import networkx as nx

    graph = nx.MultiDiGraph(day=str(network.day))
    for node in network.active("node"):
        graph.add_node(
            node.node_id,
            name=node.name,
            country=node.country,
            node_type=node.node_type,
            x=node.x_coord,
            y=node.y_coord,
        )
    for link in network.active("link"):
        data = {
            "mode": link.mode,
            "length_km": link.length_km,
            "source_id": link.source_id,
            "grade": link.grade,
        }
        graph.add_edge(link.from_node_id, link.to_node_id, key=link.link_id, **data)
        if not link.directed:
            graph.add_edge(link.to_node_id, link.from_node_id, key=link.link_id, **data)
    for service in network.active("service"):
        calls = network.calls.get(service.service_id, ())
        for here, there in itertools.pairwise(calls):
            lane = network.lanes.get((here.node_id, there.node_id))
            graph.add_edge(
                here.node_id,
                there.node_id,
                key=f"{service.service_id}:{here.call_sequence}",
                mode="sea",
                length_km=lane.length_km if lane else None,
                source_id=service.source_id,
                grade=service.grade,
            )
    return graph


def to_geodataframes(network: Network) -> dict[str, geopandas.GeoDataFrame]:
    """Return `nodes`, `links` and `sea_lanes` as GeoDataFrames in EPSG:4326."""
    import geopandas as gpd
    from shapely.geometry import LineString, Point

    def frame(rows: tuple[Any, ...], shapes: list[Any], names: tuple[str, ...]) -> Any:
        data = {name: [getattr(row, name) for row in rows] for name in names}
        return gpd.GeoDataFrame(data, geometry=shapes, crs="EPSG:4326")

    nodes, links, lanes = network.active("node"), network.active("link"), network.tables["sea_lane"]
    lines = link_lines(network)
    return {
        "nodes": frame(
            nodes,
            [Point(n.x_coord, n.y_coord) for n in nodes],
            ("node_id", "name", "node_type", "country", "population", "source_id", "grade"),
        ),
        "links": frame(
            links,
            [LineString(lines[link.link_id]) for link in links],
            (
                "link_id",
                "from_node_id",
                "to_node_id",
                "mode",
                "gauge_mm",
                "length_km",
                "country",
                "corridor",
                "source_id",
                "grade",
            ),
        ),
        "sea_lanes": frame(
            lanes,
            [LineString(lane_line(network, lane)) for lane in lanes],
            ("lane_id", "from_node_id", "to_node_id", "length_km", "length_nmi", "ratio", "gates"),
        ),
    }
