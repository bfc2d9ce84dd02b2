"""Maps for print as SVG: coast, borders, routes, marked places, legend, scale bar, north, sources. No computing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import atan2, ceil, degrees, floor

import numpy as np

from corridor_net.errors import markup
from corridor_net.network import Network
from corridor_net.output.charts.svg import (
    ENGLISH,
    SMALL,
    Box,
    Said,
    beads,
    document,
    legend_column,
    line,
    overlap,
    text,
    width_of,
    wrapped,
)
from corridor_net.render.words import Words, say, sentence_of

from .basemap import attribution, basemap
from .map_data import line_path
from .projection import UNITS_PER_KM, MapProjection, dense, projection_of

WIDE, HIGH = 1280.0, 720.0
"""Of a map: a slide of 16:9, with more room for names than a chart has."""
PANEL_TOP, MARGIN, BESIDE = 46.0, 44.0, 270.0
"""Where the panel begins, what is free inside of it, and how wide legend and notes are at its right."""
FINE = 0.7
"""Neighbouring places in one square of so many pixels are drawn as one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A place on the map: a disc, or a square for a port; `words` show when pointed at."""

    node_id: str
    colour: str
    radius: float
    words: Said
    square: bool = False
    hollow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """A line on the map: places in steps as `map_data` gives them."""

    steps: Sequence[int]
    colour: str
    width: float
    words: Said = ""


FEW = 40
"""Of no more marks each name may be led far from its mark."""
LEAST = 50
"""A map shows at least so much each way, in units of 100 m: 5 km."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    """From places (units of 100 m) to the panel: `place * k + (x, y)`."""

    k: float
    x: float
    y: float
    width: float
    height: float

    @classmethod
    def round(cls, places: Sequence[tuple[float, float]], width: float, height: float) -> _View:
        xs, ys = [p[0] for p in places], [p[1] for p in places]
        k = (width - 2 * MARGIN) / max(max(xs) - min(xs), LEAST)
        k = min(k, (height - 2 * MARGIN) / max(max(ys) - min(ys), LEAST))
        middle = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
        return cls(k=k, x=width / 2 - k * middle[0], y=height / 2 - k * middle[1], width=width, height=height)

    def at(self, x: float, y: float) -> tuple[float, float]:
        return round(x * self.k + self.x, 1), round(y * self.k + self.y, 1)

    def back(self, x: float, y: float) -> tuple[float, float]:
        """Return the place that is seen at a pixel."""
        return (x - self.x) / self.k, (y - self.y) / self.k

    def holds(self, box: Box) -> bool:
        """Return whether a box lies on the panel."""
        return box[0] > 2 and box[2] < self.width - 2 and box[1] > 2 and box[3] < self.height - 2

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


def _ground(network: Network, view: _View) -> str:
    """Return sea, land, graticule, coast and borders as they are seen; of a schematic network nothing but white."""
    projection = projection_of(network)
    if projection.schematic:
        return f'<rect width="{view.width:g}" height="{view.height:g}" fill="#fff"/>'
    projection = projection.covering(*view.back(0, 0), *view.back(view.width, view.height))
    ground = basemap(network, projection)
    land = "".join(view.path(ring, closed=True) for ring in ground["land"])
    return (
        f'<rect width="{view.width:g}" height="{view.height:g}" fill="#fff"/>'
        f'<path d="{view.path(ground["frame"], closed=True)}" fill="#e3edf4"/>'
        f'<path d="{land}" fill="#f8f6f0" fill-rule="evenodd"/>'
        f'<path d="{"".join(_graticule(view, projection))}" fill="none" stroke="#b9c4cc" stroke-width=".5"/>'
        f'<path d="{"".join(map(view.path, ground["coast"]))}" fill="none" stroke="#8fa6b5" stroke-width=".8"/>'
        f'<path d="{"".join(map(view.path, ground["border"]))}" fill="none" stroke="#a08f99" '
        'stroke-width="1.1" stroke-dasharray="5 3"/>'
    )


def map_svg(
    network: Network,
    title: Said,
    marks: Sequence[Mark],
    strokes: Sequence[Stroke],
    legend: Iterable[tuple[str, Said]],
    notes: Sequence[Said],
    words: Words = ENGLISH,
    *,
    inline: bool = False,
) -> str:
    """Return a map of the marked places and lines; `legend` as (colour, words), `notes` below it; both at the right."""
    projection, title = projection_of(network), words.text(title)
    nodes = [network.nodes[mark.node_id] for mark in marks]
    places = {
        n.node_id: p
        for n, p in zip(nodes, projection.project([(n.x_coord, n.y_coord) for n in nodes]).tolist(), strict=True)
    }
    corners = [tuple(p) for p in places.values()] + [p for s in strokes for p in line_path(s.steps)]
    view = _View.round(corners, WIDE - BESIDE - 60, HIGH - PANEL_TOP - 20)
    panel = [_ground(network, view)]
    for stroke in sorted(strokes, key=lambda s: -s.width):
        told = f"<title>{markup(words.text(stroke.words))}</title>" if stroke.words else ""
        panel.append(
            f'<path d="{view.path(stroke.steps)}" fill="none" stroke="{stroke.colour}" stroke-width="{stroke.width:g}" '
            f'stroke-linejoin="round" stroke-linecap="round" stroke-opacity=".85">{told}</path>'
        )
    panel += [_drawn(mark, view.at(*places[mark.node_id]), words) for mark in reversed(marks)]
    panel += _labels(network, marks, strokes, places, view, words)
    panel += [] if projection.schematic else [*_scale_bar(view, projection, words), *_north(view, projection)]
    left = 40 + view.width
    key, foot = legend_column(left, PANEL_TOP + 12, BESIDE, ((colour, words.text(one)) for colour, one in legend))
    said = [*map(words.text, notes), words.text(sentence_of(projection.words)), words.label(attribution(network))]
    lines = [part for one in said if one for part in (*wrapped(one, BESIDE, SMALL), "")]
    beside = [text(left, foot + 30 + 15 * n, part, kind="small") for n, part in enumerate(lines) if part]
    frame = (
        f'<svg x="20" y="{PANEL_TOP:g}" width="{view.width:g}" height="{view.height:g}" '
        f'viewBox="0 0 {view.width:g} {view.height:g}">{"".join(panel)}</svg>'
    )
    body = [frame, *key, *beside]
    described = "; ".join(words.text(mark.words) for mark in marks)
    return document(
        max(HIGH, foot + 30 + 15 * len(lines)), body, title=title, description=described, inline=inline, width=WIDE
    )


def _drawn(mark: Mark, place: tuple[float, float], words: Words) -> str:
    x, y = place
    fill = "#fff" if mark.hollow else mark.colour
    edge = f'stroke="{mark.colour}" stroke-width="2.5"' if mark.hollow else 'stroke="#fff" stroke-width="1.2"'
    told = f"<title>{markup(words.text(mark.words))}</title>"
    if mark.square:
        r = mark.radius
        return (
            f'<rect x="{x - r:g}" y="{y - r:g}" width="{2 * r:g}" height="{2 * r:g}" fill="{fill}" {edge}>{told}</rect>'
        )
    return f'<circle cx="{x:g}" cy="{y:g}" r="{mark.radius:g}" fill="{fill}" {edge}>{told}</circle>'


def _labels(
    network: Network,
    marks: Sequence[Mark],
    strokes: Sequence[Stroke],
    places: Mapping[str, Sequence[float]],
    view: _View,
    words: Words,
) -> list[str]:
    """Place names beside their marks, ports first, off the lines where there is such a place.

    One that would cover another name or a mark is led away by a thin line; where that has no room, it is left out.
    """
    taken, lines = _Taken(), _Taken()
    taken.add((view.width - 60, 0.0, view.width, 70.0))
    taken.add((0.0, view.height - 34, 210.0, view.height))
    spots = {mark.node_id: view.at(*places[mark.node_id]) for mark in marks}
    for mark in marks:
        (x, y), r = spots[mark.node_id], mark.radius
        taken.add((x - r, y - r, x + r, y + r))
    for stroke in strokes:
        for bead in beads((view.at(*place) for place in line_path(stroke.steps)), 1.0):
            lines.add(bead)
    drawn = []
    for mark in sorted(marks, key=lambda mark: not mark.square):
        (x, y), name = spots[mark.node_id], words.names.get(mark.node_id, network.nodes[mark.node_id].name)
        wide = width_of(name, 12)
        best = _best(_beside(x, y, mark.radius, wide, spread=len(marks) <= FEW), wide, taken, lines, view)
        if best is not None:
            taken.add(best.box(wide))
            drawn += best.drawn(x, y, name, wide)
    return drawn


def _best(places: Iterable[_Place], wide: float, taken: _Taken, lines: _Taken, view: _View) -> _Place | None:
    """Return the first free place off the lines, else the first on one; one that is led to where no other is free."""
    for _, some in groupby(places, key=lambda place: place.led):
        free = [place for place in some if view.holds(box := place.box(wide)) and not taken.meets(box)]
        if free:
            return next((place for place in free if not lines.meets(place.box(wide))), free[0])
    return None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a name may stand: the left end of its foot, and whether a thin line leads to it."""

    left: float
    base: float
    led: bool = False

    def box(self, wide: float) -> Box:
        return self.left - 2, self.base - 11, self.left + wide + 2, self.base + 3

    def drawn(self, x: float, y: float, name: str, wide: float) -> list[str]:
        name_ = text(round(self.left, 1), round(self.base, 1), name, kind="place")
        if not self.led:
            return [name_]
        near = min(max(x, self.left), self.left + wide), min(max(y, self.base - 9), self.base)
        return [line(x, y, round(near[0], 1), round(near[1], 1)), name_]


def _beside(x: float, y: float, r: float, wide: float, *, spread: bool) -> Iterator[_Place]:
    """Return where a name may stand, the best first: at the sides of its mark, at its corners, then further away."""
    for left, base in ((x + r + 4, y + 4), (x - r - 4 - wide, y + 4), (x - wide / 2, y - r - 5)):
        yield _Place(left, base)
    yield _Place(x - wide / 2, y + r + 13)
    for left in (x + r, x - r - wide):
        for base in (y - r, y + r + 10):
            yield _Place(left, base)
    for far in (18, 30, 44) if spread else (18,):
        for dx, dy in ((1, -0.6), (1, 0.6), (-1, -0.6), (-1, 0.6), (0.3, -1), (0.3, 1), (-0.3, -1), (-0.3, 1)):
            yield _Place(x + dx * far - (wide if dx < 0 else 0), y + dy * far + 4, led=True)


CELL = 40.0
"""Side of the squares by which boxes are looked up, in pixels."""


class _Taken:
    """Boxes that are taken, looked up by the squares they lie in."""

    def __init__(self) -> None:
        self.cells: dict[tuple[int, int], list[Box]] = {}

    def add(self, box: Box) -> None:
        for cell in self._cells(box):
            self.cells.setdefault(cell, []).append(box)

    def meets(self, box: Box) -> bool:
        near = (other for cell in self._cells(box) for other in self.cells.get(cell, ()))
        return any(overlap(box, other) for other in near)

    def _cells(self, box: Box) -> Iterator[tuple[int, int]]:
        for column in range(int(box[0] // CELL), int(box[2] // CELL) + 1):
            for row in range(int(box[1] // CELL), int(box[3] // CELL) + 1):
                yield column, row


def _graticule(view: _View, projection: MapProjection) -> list[str]:
    """Return meridians and parallels over the window: 5 degrees apart, 15 or 30 where it is wide."""
    west, south, east, north = projection.window
    apart = next((n for n in (5, 15) if max(east - west, north - south) / n < 20), 30)
    across = range(ceil(west / apart) * apart, floor(east) + 1, apart)
    up = range(ceil(south / apart) * apart, floor(north) + 1, apart)
    lines = [[(float(lon), south), (float(lon), north)] for lon in across]
    lines += [[(west, float(lat)), (east, float(lat))] for lat in up]
    drawn = []
    for points in lines:
        places = projection.project(dense(points, 1.0))
        flat = np.concatenate([places[:1], np.diff(places, axis=0)]).ravel().tolist()
        drawn.append(view.path(flat))
    return drawn


def _scale_bar(view: _View, projection: MapProjection, words: Words) -> list[str]:
    """Return a bar that is true where it stands: as long there as so many km on the ground."""
    y = view.height - 14
    here = projection.scale([view.back(14, y)])[0]
    pixels = UNITS_PER_KM * view.k * float(here)
    km = next((n for n in (2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1) if n * pixels < 180), 0.5)
    return [
        f'<path class="bar" d="M14 {y - 6:g}v6h{km * pixels:.1f}v-6" fill="none" stroke="#222" stroke-width="1.5"/>',
        text(round(20 + km * pixels, 1), y, words.text(say("{km:g} km", km=float(km))), kind="place"),
    ]


def _north(view: _View, projection: MapProjection) -> list[str]:
    """Return an arrow to true north as it is at the arrow's own place."""
    x, y = view.width - 30, 34.0
    lon, lat = projection.unproject([view.back(x, y)])[0]
    (x0, y0), (x1, y1) = projection.project([(lon, lat), (lon, min(lat + 0.1, 90.0))]).tolist()
    turn = degrees(atan2(x1 - x0, y0 - y1))
    arrow = '<path d="M0 -18L6 8L0 3L-6 8Z" fill="#222"/><text y="21" text-anchor="middle" class="place">N</text>'
    return [f'<g transform="translate({x:g} {y:g}) rotate({turn:.1f})">{arrow}</g>']
