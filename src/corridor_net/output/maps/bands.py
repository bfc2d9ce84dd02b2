"""Answers about places as GeoJSON: bands around an origin, hinterlands, what closures cost. No search."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from corridor_net.analysis.criticality import Disruption
from corridor_net.analysis.loads.gateways import GatewayChoice
from corridor_net.analysis.trade.potential import band_of
from corridor_net.network import Network
from corridor_net.network.lines import link_lines
from corridor_net.output.charts.svg import SHADES, UNREACHED, colours_of
from corridor_net.render.names import names_of

from .geojson import collection, feature, line_geometry, point_of

WIDTH_DEGREES = 0.25
"""Half the width at which a reached link is drawn: some 25 km."""


def bands_geojson(network: Network, reached: Mapping[str, float], limits: Sequence[float], unit: str) -> dict[str, Any]:
    """Return a point a reached node with its band, and a polygon a band.

    A polygon is what of the land links can be reached within its limit, drawn some 25 km to either side: the
    share of a link that is reached is taken in proportion between its ends. Polygons lie in one another,
    the widest first.
    """
    bands = (_polygon(network, reached, limit, limits, unit) for limit in reversed(limits))
    features = [band for band in bands if band is not None]
    for node_id, value in sorted(reached.items()):
        node = network.nodes[node_id]
        band = band_of(value, limits)
        properties = {"title": node.name, "node_id": node_id, unit: round(value, 1), "band": band}
        properties |= {"marker-color": _shade(band, limits), "marker-size": "small"}
        features.append(feature(node_id, point_of(network, node_id), properties))
    return collection(features)


def _shade(band: float | None, limits: Sequence[float]) -> str:
    if band is None:
        return UNREACHED
    return SHADES[min(len(SHADES) - 1, list(limits).index(band) * len(SHADES) // len(limits))]


def _polygon(
    network: Network, reached: Mapping[str, float], limit: float, limits: Sequence[float], unit: str
) -> dict[str, Any] | None:
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
    if shape.is_empty:
        return None
    geometry = json.loads(shapely.to_geojson(shapely.orient_polygons(shape, exterior_cw=False)))
    colour = _shade(limit, limits)
    properties = {"title": f"within {limit:g} {unit}", "band": limit, "fill": colour, "fill-opacity": 0.35}
    properties |= {"stroke": colour, "stroke-width": 1}
    return feature(f"band-{limit:g}", geometry, properties)


def hinterland_geojson(network: Network, choices: Sequence[GatewayChoice]) -> dict[str, Any]:
    """Return a point an origin, coloured by the gateway most chosen, with all shares."""
    colours = colours_of(sorted({name for made in choices for name in made.gateways}))
    names = names_of(network)
    features = []
    for made in choices:
        node, shares = network.nodes[made.origin], made.gateways
        first = next(iter(shares))
        told = ", ".join(f"{names.get(name, name)} {share:.0%}" for name, share in shares.items())
        properties: dict[str, Any] = {"title": node.name, "description": told, "origin": made.origin, "gateway": first}
        properties |= {f"share_{name}": round(share, 4) for name, share in shares.items()}
        properties |= {"contested": made.contested, "marker-color": colours[first]}
        features.append(feature(made.origin, point_of(network, made.origin), properties))
    return collection(features)


def losses_geojson(network: Network, losses: Sequence[Disruption]) -> dict[str, Any]:
    """Return what is lost without each link, crossing (as lines) and port (as points), the graver the thicker."""
    lines, features, names = link_lines(network), [], names_of(network)
    of_crossing = {row.crossing_id.rsplit("-", 1)[0]: row.link_id for row in network.rows("crossing")}
    most = max((loss.extra_usd or 0.0 for loss in losses), default=0.0) or 1.0
    for rank, loss in enumerate(losses, 1):
        asset = loss.assets[0]
        called = names.get(asset.name, asset.name)
        properties = {"title": f"{asset.kind} {called}", "rank": rank, **loss.to_dict()}
        properties.pop("closed")
        weight = 1 + 7 * min(1.0, (loss.extra_usd or 0.0) / most) if not loss.cut_off_share else 8.0
        if asset.kind == "port":
            geometry = point_of(network, asset.name)
            properties |= {"marker-color": "#d55e00", "marker-size": "large" if weight > 4 else "small"}
        elif asset.kind in ("link", "crossing"):
            line = lines.get(asset.name if asset.kind == "link" else of_crossing.get(asset.name, ""))
            if line is None:
                continue
            geometry = line_geometry(line)
            properties |= {"stroke": "#d55e00", "stroke-width": round(weight, 1)}
        else:
            continue
        features.append(feature(f"{asset.kind}:{asset.name}", geometry, properties))
    return collection(features)
