"""Charts of rows: a label, and beside it what lies along a scale: bars, stacks, bands and ranges are all drawn here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from corridor_net.render.words import Sentence, Words, say

from .svg import SHADES_OF_UNCERTAINTY, WIDTH, Rows, Scale, box, document, dot, legend_row, line, over, text, width_of

GAP = 30.0
"""Between two panels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What lies along a row, from `low` to `high`: a bar, the narrower bar of a range, a mark or a dot.

    `told` is said where it is pointed at; `inside` are words to stand in it, the first that have room; `after` stand
    beyond its end.
    """

    low: float
    high: float
    colour: str
    told: str = ""
    inside: tuple[str, ...] = ()
    after: str = ""
    shape: Literal["bar", "range", "mark", "dot"] = "bar"


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Rows over one scale, from `low` to `high`; numbers at it have a sign where it is of changes."""

    unit: str
    rows: Sequence[Sequence[Piece]]
    low: float
    high: float
    signed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A chart of rows before it is drawn: labels, panels beside one another, what colours mean, what holds now.

    `beside` is a column between labels and panels: its heading, and a cell a row. `told` describes the chart in words.
    """

    labels: Sequence[str]
    panels: Sequence[Panel]
    told: str
    key: Sequence[tuple[str, str]] = ()
    beside: tuple[str, Sequence[str]] = ("", ())
    now: tuple[float, str] | None = None


def rows_svg(laid: Laid, title: str, words: Words, *, inline: bool = False) -> str:
    """Return a chart of rows as SVG."""
    key, below = legend_row(56, laid.key)
    heading, cells = laid.beside
    places = Rows(laid.labels, (below if laid.key else 34.0) + (34 if laid.now or heading else 26))
    left = places.left + (64 if heading else 10)
    wide = (WIDTH - 30 - left + GAP) / len(laid.panels) - GAP
    body = [*key, *places.words()]
    if heading:
        body.append(text(left - 10, places.top - 8, heading, anchor="end", kind="small"))
        body += [text(left - 12, places.base(n), cell, anchor="end") for n, cell in enumerate(cells)]
    for number, panel in enumerate(laid.panels):
        start = left + number * (wide + GAP)
        x = Scale.of((panel.low, panel.high), (start, start + wide))
        at = x(laid.now[0]) if laid.now and laid.now[0] <= panel.high else None
        body += _panel(panel, places, x, words, at)
        if laid.now and at is not None:
            body.append(line(at, places.top - 8, at, places.foot, "now"))
            body.append(text(at, places.top - 12, laid.now[1], anchor="middle"))
    return document(places.foot + 50, body, title=title, description=laid.told, inline=inline)


def _panel(panel: Panel, places: Rows, x: Scale, words: Words, now: float | None) -> list[str]:
    top, foot = places.top, places.foot
    body = [text((x.start + x.end) / 2, foot + 36, panel.unit, anchor="middle")]
    for value in x.ticks():
        body.append(line(x(value), top - 4, x(value), foot, "grid"))
        body.append(text(x(value), foot + 17, words.plain(value, sign=panel.signed), anchor="middle"))
    for number, pieces in enumerate(panel.rows):
        for piece in pieces:
            body += _piece(piece, places, number, x, now)
    return [*body, line(x(0), top - 4, x(0), foot)] if panel.low <= 0 <= panel.high else body


def _piece(piece: Piece, places: Rows, number: int, x: Scale, now: float | None) -> list[str]:
    y, tall = places.y(number), places.tall
    start, end = sorted((x(piece.low), x(piece.high)))
    if piece.shape == "dot":
        return [dot(start, y + tall / 2, 4, piece.colour, piece.told)]
    if piece.shape == "mark":
        return [box(start - 2, y, 4, tall, piece.colour, piece.told)]
    inset = tall / 6 if piece.shape == "range" else 0
    size = round(tall - 2 * inset, 2)
    body = [box(start, round(y + inset, 2), round(end - start, 2), size, piece.colour, piece.told)]
    base = places.base(number)
    body += next(filter(None, (_inside(one, (start, end), base, piece.colour, now) for one in piece.inside)), [])
    if piece.after:
        edge, anchor = (start - 6, "end") if piece.high < piece.low else (end + 6, "start")
        body.append(text(edge, base, piece.after, anchor=anchor))
    return body


def _inside(words: str, ends: tuple[float, float], base: float, colour: str, now: float | None) -> list[str]:
    """Return words in the middle of a bar; where a line at `now` would go through them, in that of its longer side."""
    start, end = ends
    if now is not None and abs((start + end) / 2 - now) < width_of(words) / 2 + 4:
        start, end = max((start, now), (now, end), key=lambda side: side[1] - side[0])
    return over(round((start + end) / 2, 2), base, words, colour, end - start)


def spread_of(low: float, mark: float | None, high: float, told: str) -> list[Piece]:
    """Return a range, with its mark where it has one."""
    made = [Piece(low=low, high=high, colour=SHADES_OF_UNCERTAINTY[0], told=told, shape="range")]
    if mark is not None:
        made.append(Piece(low=mark, high=mark, colour=SHADES_OF_UNCERTAINTY[1], told=told, shape="mark"))
    return made


def panel_of_spreads(unit: str, rows: Sequence[Sequence[Piece]]) -> Panel:
    """Return ranges over a scale that holds them, some way beyond, but below nought only where one is."""
    pieces = [piece for row in rows for piece in row]
    low, high = min((p.low for p in pieces), default=0.0), max((p.high for p in pieces), default=0.0)
    edge = (high - low) * 0.05 or 1.0
    return Panel(unit=unit, rows=rows, low=low - edge if low < 0 else max(low - edge, 0), high=high + edge)


def spread_words(name: str, unit: str, ends: Sequence[float | None]) -> Sentence:
    """Say a range, and its mark where it has one."""
    low, mark, high = ends
    told = {"name": name, "low": low, "high": high, "unit": unit}
    if mark is None:
        return say("{name}: {low:n1} to {high:n1} {unit}", **told)
    return say("{name}: {low:n1} to {high:n1} {unit}, median {middle:n1}", **told, middle=mark)
