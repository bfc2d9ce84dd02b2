"""A layer as a map with matplotlib: land and borders, its lines and places in their colours, names, scale, sources."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.network import Network
from corridor_net.output.charts.plots import WIDE, head, new_axes

from .basemap import attribution, basemap
from .projection import UNITS_PER_KM, MapProjection, projection_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SEA, LAND, COAST, BORDER = "#e3edf4", "#f8f6f0", "#8fa6b5", "#a08f99"
NAMED = 40
"""Places at most that are named."""
LEGEND = 8
"""Colours at most that are named."""
MARGIN = 0.12
"""Share of the extent that is shown beyond it on each side."""


def draw_map(network: Network, layer: dict[str, Any], title: str, ax: Axes | None = None) -> Axes:
    """Draw a FeatureCollection over land and borders, on the projection of the network; return the Axes."""
    projection = projection_of(network)
    features = _by_step(layer["features"], network)
    drawn = [(one, _parts(one["geometry"], projection)) for one in features]
    window = _window([part for _, parts in drawn for part in parts])
    high = WIDE * (window[3] - window[1]) / (window[2] - window[0])
    made = ax if ax is not None else new_axes(min(max(high, 4.0), 10.0) + 0.8)
    _ground(made, network, projection.covering(*window))
    for one, parts in drawn:
        told = one["properties"]
        for part in parts:
            if len(part) > 1:
                wide = 0.8 * float(told.get("stroke-width", 2))
                made.plot(
                    part[:, 0], part[:, 1], color=told.get("stroke", "#555555"), linewidth=wide, alpha=0.9, zorder=3
                )
            else:
                size = {"small": 14, "large": 90}.get(str(told.get("marker-size")), 42)
                colour = told.get("marker-color", "#555555")
                made.scatter(part[:, 0], part[:, 1], color=colour, s=size, zorder=4, edgecolors="white", linewidths=0.8)
    _names(made, network, features, projection, (0.09 * (window[2] - window[0]), 0.025 * (window[3] - window[1])))
    _legend(made, network, features)
    made.set(xlim=(window[0], window[2]), ylim=(window[3], window[1]), aspect="equal", xticks=[], yticks=[])
    head(made, title, 96)
    _foot(made, network, projection, window)
    return made


def _by_step(features: Sequence[dict[str, Any]], network: Network) -> Sequence[dict[str, Any]]:
    """Return the steps of a route that is alone, in the colours of their modes; other features as they are."""
    if len(features) != 1 or "legs" not in features[0]["properties"]:
        return features
    from .layers import steps_layer

    legs = [_Step(leg) for leg in json.loads(features[0]["properties"]["legs"])]
    return [one for one in steps_layer(network, "", legs)["features"] if one["geometry"]["type"] != "Point"]


class _Step(dict[str, Any]):
    """A leg as a route's feature has it, with its ends, mode and asset_id as attributes too."""

    def __getattr__(self, name: str) -> Any:
        return self[name.removesuffix("_node")]


def _parts(geometry: dict[str, Any], projection: MapProjection) -> list[NDArray[np.float64]]:
    """Return the lines, rings or points of a geometry on the map."""
    nested = geometry["coordinates"]
    if geometry["type"] == "MultiPolygon":
        nested = [ring for area in nested for ring in area]
    listed = {"Point": [[nested]], "LineString": [nested]}.get(geometry["type"], nested)
    return [projection.project(line).astype(float) for line in listed]


def _window(parts: Iterable[NDArray[np.float64]]) -> tuple[float, float, float, float]:
    """Return left, top, right, bottom of what is shown: the places, some way beyond, and not too slender."""
    places = np.concatenate([np.zeros((0, 2)), *parts])
    low, high = (places.min(axis=0), places.max(axis=0)) if len(places) else (np.zeros(2), np.ones(2))
    size = np.maximum(high - low, 100.0 * UNITS_PER_KM)
    size = np.maximum(size, 0.5 * size[::-1]) * (1 + 2 * MARGIN)
    middle = (low + high) / 2
    (left, top), (right, bottom) = middle - size / 2, middle + size / 2
    return float(left), float(top), float(right), float(bottom)


def _ground(ax: Axes, network: Network, projection: MapProjection) -> None:
    """Draw sea, land, coasts and borders; a schematic network has none."""
    from matplotlib.collections import LineCollection
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    ground = basemap(network, projection)
    lines = {name: [_places(steps) for steps in ground[name]] for name in ("land", "coast", "border")}
    ax.set_facecolor("white" if projection.schematic else SEA)
    rings = [ring for ring in lines["land"] if len(ring) > 2]
    if rings:
        # holes of land are rings that run the other way round
        shape = Path.make_compound_path(*(Path(ring, closed=True) for ring in rings))
        ax.add_patch(PathPatch(shape, facecolor=LAND, edgecolor="none", zorder=1))
    ax.add_collection(LineCollection(lines["coast"], colors=COAST, linewidths=0.6, zorder=2))
    ax.add_collection(LineCollection(lines["border"], colors=BORDER, linewidths=0.8, linestyles="--", zorder=2))


def _places(steps: Sequence[int]) -> NDArray[np.float64]:
    return np.asarray(steps, float).reshape(-1, 2).cumsum(axis=0)


def _names(
    ax: Axes, network: Network, features: Sequence[dict[str, Any]], projection: MapProjection, room: tuple[float, float]
) -> None:
    """Name the places that features name, the first before the others, each once; no name where there is no `room`."""
    places: dict[str, None] = {}
    for one in features:
        told = one["properties"]
        for name in ("node_id", "origin", "destination", "gateway", "from", "to"):
            if told.get(name) in network.nodes:
                places.setdefault(told[name])
    chosen = list(places)[:NAMED]
    nodes = [network.nodes[name] for name in chosen]
    at = projection.project([(node.x_coord, node.y_coord) for node in nodes])
    points = [one["properties"] for one in features if one["geometry"]["type"] == "Point"]
    taken: list[tuple[float, float]] = []
    drawn = {one.get("node_id", one.get("origin")) for one in points}
    for node, (x, y) in zip(nodes, at.tolist() if nodes else [], strict=True):
        if node.node_id not in drawn:
            ax.scatter(x, y, s=12, color="#222222", zorder=5)
        if any(abs(x - left) < room[0] and abs(y - top) < room[1] for left, top in taken):
            continue
        taken.append((x, y))
        ax.annotate(
            node.name,
            (x, y),
            (5, 4),
            textcoords="offset points",
            fontsize=9,
            zorder=6,
            clip_on=True,
            path_effects=_halo(),
        )


def _halo() -> list[Any]:
    from matplotlib.patheffects import withStroke

    return [withStroke(linewidth=3, foreground="white")]


def _legend(ax: Axes, network: Network, features: Sequence[dict[str, Any]]) -> None:
    """Say what the colours mean, by what goes with each of them: mode, gateway, scenario, year or way."""
    from matplotlib.lines import Line2D

    lines = [one for one in features if one["geometry"]["type"] != "Point"]
    told = [one["properties"] for one in lines or features]
    colours = [one.get("stroke") or one.get("marker-color") for one in told]
    for name in ("mode", "gateway", "most", "scenario", "year", "way"):
        pairs = {(str(one[name]), colour) for one, colour in zip(told, colours, strict=True) if one.get(name)}
        if 1 < len(pairs) <= LEGEND and len({colour for _, colour in pairs}) == len({what for what, _ in pairs}):
            named = [
                Line2D([], [], color=colour, linewidth=3, label=_called(what, network))
                for what, colour in sorted(pairs)
            ]
            ax.legend(handles=named, loc="best", fontsize=9, framealpha=0.9)
            return


def _called(what: str, network: Network) -> str:
    modes = network.vocabulary.modes
    return modes[what].label if what in modes else network.nodes[what].name if what in network.nodes else what


def _foot(ax: Axes, network: Network, projection: MapProjection, window: tuple[float, float, float, float]) -> None:
    """Draw a scale bar, and say below whose coasts and which projection these are."""
    said = [words for words in (f"{projection.words}.", attribution(network)) if words]
    if not projection.schematic:
        left, _, right, bottom = window
        start, foot = left + 0.03 * (right - left), bottom - 0.03 * (right - left)
        scale = float(projection.scale([(start, foot)])[0])
        across = (right - left) / UNITS_PER_KM / scale
        km = max(step * 10**power for power in range(5) for step in (1, 2, 5) if step * 10**power <= across / 5)
        end = start + km * scale * UNITS_PER_KM
        ax.plot([start, end], [foot, foot], color="#222222", linewidth=3, solid_capstyle="butt", zorder=6)
        ax.annotate(f"{km:,} km", (start, foot), (0, 5), textcoords="offset points", fontsize=8, zorder=6)
    ax.set_xlabel(" ".join(said), fontsize=7, loc="left", color="#555555", wrap=True)
