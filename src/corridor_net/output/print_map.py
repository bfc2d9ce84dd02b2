"""Maps for print as SVG: coast, borders, routes, marked places, legend, scale bar, north, sources. No computing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import atan2, degrees

import numpy as np

from corridor_net.errors import markup
from corridor_net.network import Network

from .map_data import UNITS_PER_KM, basemap, line_path, project
from .svg import document, legend_row, text, width_of

WIDTH, PANEL_TOP, MARGIN = 1080.0, 44.0, 60.0
FINE = 0.7
"""Neighbouring places in one square of so many pixels are drawn as one."""
BORDERS = "Coast and borders: made with Natural Earth. Borders as drawn there, without any opinion on territory."
"""Said wherever borders are drawn."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on the map: a disc, or a square for a port; `words` show when pointed at."""

    node_id: str
    colour: str
    radius: float
    words: str
    square: bool = False
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line on the map: places in steps as `map_data` gives them."""

    steps: Sequence[int]
    colour: str
    width: float
    words: str = ""


@dataclass(frozen=True, slots=True)
class _View:
    """From places (units of 100 m) to the panel: `place * k + (x, y)`."""

    k: float
    x: float
    y: float
    width: float
    height: float

    @classmethod
    def round(cls, places: Sequence[tuple[float, float]], width: float) -> _View:
        xs, ys = [p[0] for p in places], [p[1] for p in places]
        k = (width - 2 * MARGIN) / max(max(xs) - min(xs), 1000)
        height = min(max((max(ys) - min(ys)) * k + 2 * MARGIN, 420), 900)
        k = min(k, (height - 2 * MARGIN) / max(max(ys) - min(ys), 1000))
        middle = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
        return cls(k, width / 2 - k * middle[0], height / 2 - k * middle[1], width, height)

    def at(self, x: float, y: float) -> tuple[float, float]:
        return round(x * self.k + self.x, 1), round(y * self.k + self.y, 1)

    def path(self, steps: Sequence[int], *, closed: bool = False) -> str:
        """Return the path of a line, or nothing when it lies outside; places less than 0.7 pixel apart are one."""
        places = np.asarray(steps, float).reshape(-1, 2).cumsum(axis=0) * self.k + (self.x, self.y)
        if (places.max(axis=0) < -20).any() or (places.min(axis=0) > (self.width + 20, self.height + 20)).any():
            return ""
        cells = np.rint(places / FINE)
        moved = np.append(True, (np.diff(cells, axis=0) != 0).any(axis=1))
        moved[-1] = True
        if closed and moved.sum() < 4:
            return ""
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places[moved].tolist()) + ("z" if closed else "")


@lru_cache(maxsize=8)
def _ground(view: _View) -> str:
    """Return sea, land, graticule, coast and borders as they are seen."""
    ground = basemap()
    land = "".join(view.path(ring, closed=True) for ring in ground["land"])
    return (
        f'<rect width="{view.width:g}" height="{view.height:g}" fill="#fff"/>'
        f'<path d="{view.path(ground["frame"], closed=True)}" fill="#e3edf4"/>'
        f'<path d="{land}" fill="#f8f6f0" fill-rule="evenodd"/>'
        f'<path d="{"".join(_graticule(view))}" fill="none" stroke="#b9c4cc" stroke-width=".5"/>'
        f'<path d="{"".join(map(view.path, ground["coast"]))}" fill="none" stroke="#8fa6b5" stroke-width=".8"/>'
        f'<path d="{"".join(map(view.path, ground["border"]))}" fill="none" stroke="#a08f99" '
        'stroke-width="1.1" stroke-dasharray="5 3"/>'
    )


def map_svg(
    network: Network,
    title: str,
    marks: Sequence[Mark],
    strokes: Sequence[Stroke],
    legend: Iterable[tuple[str, str]],
    notes: Sequence[str],
    *,
    inline: bool = False,
) -> str:
    """Return a map of the marked places and lines; `legend` as (colour, words), `notes` below it."""
    nodes = [network.nodes[mark.node_id] for mark in marks]
    places = {
        n.node_id: p for n, p in zip(nodes, project([(n.x_coord, n.y_coord) for n in nodes]).tolist(), strict=True)
    }
    corners = [tuple(p) for p in places.values()] + [p for s in strokes for p in line_path(s.steps)]
    view = _View.round(corners, WIDTH - 40)
    panel = [_ground(view)]
    for stroke in sorted(strokes, key=lambda s: -s.width):
        told = f"<title>{markup(stroke.words)}</title>" if stroke.words else ""
        panel.append(
            f'<path d="{view.path(stroke.steps)}" fill="none" stroke="{stroke.colour}" stroke-width="{stroke.width:g}" '
            f'stroke-linejoin="round" stroke-linecap="round" stroke-opacity=".85">{told}</path>'
        )
    panel += [_drawn(mark, view.at(*places[mark.node_id])) for mark in reversed(marks)]
    panel += _labels(network, marks, places, view)
    panel += [*_scale_bar(view), *_north(view)]
    foot = PANEL_TOP + view.height + 26
    key, foot = legend_row(20, foot, WIDTH - 40, legend)
    below = [text(20, foot + 20 + 15 * n, words, kind="small") for n, words in enumerate((*notes, BORDERS))]
    frame = (
        f'<svg x="20" y="{PANEL_TOP:g}" width="{view.width:g}" height="{view.height:g}" '
        f'viewBox="0 0 {view.width:g} {view.height:g}">{"".join(panel)}</svg>'
    )
    body = [text(20, 28, title, kind="title"), frame, *key, *below]
    described = "; ".join(mark.words for mark in marks)
    return document(WIDTH, foot + 30 + 15 * len(below), body, title=title, description=described, inline=inline)


def _drawn(mark: Mark, place: tuple[float, float]) -> str:
    x, y = place
    fill = "#fff" if mark.hollow else mark.colour
    edge = f'stroke="{mark.colour}" stroke-width="2.5"' if mark.hollow else 'stroke="#fff" stroke-width="1.2"'
    told = f"<title>{markup(mark.words)}</title>"
    if mark.square:
        r = mark.radius
        return (
            f'<rect x="{x - r:g}" y="{y - r:g}" width="{2 * r:g}" height="{2 * r:g}" fill="{fill}" {edge}>{told}</rect>'
        )
    return f'<circle cx="{x:g}" cy="{y:g}" r="{mark.radius:g}" fill="{fill}" {edge}>{told}</circle>'


def _labels(network: Network, marks: Sequence[Mark], places: Mapping[str, Sequence[float]], view: _View) -> list[str]:
    """Place names beside their marks, the first marks first; one that would cover another is left out."""
    taken = [(view.width - 60, 0.0, view.width, 70.0), (0.0, view.height - 34, 210.0, view.height)]
    spots = {mark.node_id: view.at(*places[mark.node_id]) for mark in marks}
    taken += [(x - m.radius, y - m.radius, x + m.radius, y + m.radius) for m in marks for x, y in [spots[m.node_id]]]
    drawn = []
    for mark in marks:
        (x, y), name = spots[mark.node_id], network.nodes[mark.node_id].name
        wide, r = width_of(name, 11.5), mark.radius
        sides = ((x + r + 4, y + 4), (x - r - 4 - wide, y + 4), (x - wide / 2, y - r - 5), (x - wide / 2, y + r + 13))
        corners = ((x + r, y - r), (x + r, y + r + 10), (x - r - wide, y - r), (x - r - wide, y + r + 10))
        for left, base in (*sides, *corners):
            box = (left - 2, base - 11, left + wide + 2, base + 3)
            inside = box[0] > 2 and box[2] < view.width - 2 and box[1] > 2 and box[3] < view.height - 2
            if inside and not any(o[0] < box[2] and o[2] > box[0] and o[1] < box[3] and o[3] > box[1] for o in taken):
                taken.append(box)
                drawn.append(text(round(left, 1), round(base, 1), name, kind="place"))
                break
    return drawn


def _graticule(view: _View) -> list[str]:
    meridians = [[(float(lon), float(lat)) for lat in range(25, 66)] for lon in range(100, 166, 5)]
    parallels = [[(float(lon), float(lat)) for lon in range(100, 166)] for lat in range(25, 66, 5)]
    lines = []
    for points in (*meridians, *parallels):
        places = project(points)
        flat = np.concatenate([places[:1], np.diff(places, axis=0)]).ravel().tolist()
        lines.append(view.path(flat))
    return lines


def _scale_bar(view: _View) -> list[str]:
    km = next((n for n in (500, 200, 100, 50, 20, 10) if n * UNITS_PER_KM * view.k < 180), 5)
    long, y = km * UNITS_PER_KM * view.k, view.height - 14
    return [
        f'<path d="M14 {y - 6:g}v6h{long:.1f}v-6" fill="none" stroke="#222" stroke-width="1.5"/>',
        text(round(20 + long, 1), y, f"{km} km", kind="place"),
    ]


def _north(view: _View) -> list[str]:
    """Return an arrow to true north as it is at the arrow's own place."""
    x, y = view.width - 30, 34.0
    grid = [(float(lon), float(lat)) for lon in range(100, 166) for lat in range(25, 66)]
    places = project(grid)
    gap = np.hypot(places[:, 0] * view.k + view.x - x, places[:, 1] * view.k + view.y - y)
    lon, lat = grid[int(np.argmin(gap))]
    (x0, y0), (x1, y1) = project([(lon, lat), (lon, lat + 0.5)]).tolist()
    turn = degrees(atan2(x1 - x0, y0 - y1))
    arrow = '<path d="M0 -18L6 8L0 3L-6 8Z" fill="#222"/><text y="21" text-anchor="middle" class="place">N</text>'
    return [f'<g transform="translate({x:g} {y:g}) rotate({turn:.1f})">{arrow}</g>']
