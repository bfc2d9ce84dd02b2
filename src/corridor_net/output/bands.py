"""Bands of time or cost around an origin, as GeoJSON: nodes, and polygons along what is reached. No search."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from corridor_net.analysis.potential import band_of
from corridor_net.network import Network
from corridor_net.network.convert import link_lines

from .geojson import collection

WIDTH_DEGREES = 0.25
"""Half the width at which a reached link is drawn: some 25 km."""
SHADES = ("#440154", "#3b528b", "#21918c", "#5ec962", "#fde725")
"""Viridis in five steps, near to far."""


def bands_geojson(network: Network, reached: Mapping[str, float], limits: Sequence[float], unit: str) -> dict[str, Any]:
    """Return a point a reached node with its band, and a polygon a band where shapely is installed.

    A polygon is what of the land links can be reached within its limit, drawn some 25 km to either side: the
    share of a link that is reached is taken in proportion between its ends. Polygons lie in one another,
    the widest first.
    """
    features: list[dict[str, Any]] = []
    try:
        import shapely  # noqa: F401 (polygons need it)

        features += [_polygon(network, reached, limit, limits, unit) for limit in reversed(limits)]
    except ImportError:
        pass
    for node_id, value in sorted(reached.items()):
        node = network.nodes[node_id]
        band = band_of(value, limits)
        properties = {"title": node.name, "node_id": node_id, unit: round(value, 1), "band": band}
        properties |= {"marker-color": _shade(band, limits), "marker-size": "small"}
        point = {"type": "Point", "coordinates": [node.x_coord, node.y_coord]}
        features.append({"type": "Feature", "id": node_id, "geometry": point, "properties": properties})
    return collection(f for f in features if f["geometry"] is not None)


def _shade(band: float | None, limits: Sequence[float]) -> str:
    if band is None:
        return "#999999"
    return SHADES[min(len(SHADES) - 1, list(limits).index(band) * len(SHADES) // len(limits))]


def _polygon(
    network: Network, reached: Mapping[str, float], limit: float, limits: Sequence[float], unit: str
) -> dict[str, Any]:
    import shapely
    from shapely.ops import substring

    lines = link_lines(network)
    parts: list[Any] = []
    for link in network.active("link"):
        line = shapely.LineString(lines[link.link_id])
        start, end = reached.get(link.from_node_id), reached.get(link.to_node_id)
        if start is None or end is None or min(start, end) > limit:
            continue
        share = 1.0 if max(start, end) <= limit else (limit - min(start, end)) / (max(start, end) - min(start, end))
        parts.append(
            substring(line, 0, share, normalized=True)
            if start <= end
            else substring(line, 1 - share, 1, normalized=True)
        )
    shape = shapely.union_all([shapely.buffer(part, WIDTH_DEGREES, quad_segs=4) for part in parts])
    shape = shapely.set_precision(shapely.simplify(shape, 0.02), 0.001)
    geometry = (
        json.loads(shapely.to_geojson(shapely.orient_polygons(shape, exterior_cw=False)))
        if not shape.is_empty
        else None
    )
    colour = _shade(limit, limits)
    properties = {"title": f"within {limit:g} {unit}", "band": limit, "fill": colour, "fill-opacity": 0.35}
    properties |= {"stroke": colour, "stroke-width": 1}
    return {"type": "Feature", "id": f"band-{limit:g}", "geometry": geometry, "properties": properties}
