"""Charts as SVG text, for print and for the report: each from the data of one analysis. No computing of answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import fsum
from types import MappingProxyType
from typing import Any

from corridor_net.analysis.time_cost_distance import Point, Profile
from corridor_net.render.chart import Bars, Chart, Curves, Grid, Stacks, Stretches, Whiskers
from corridor_net.render.words import Sentence, Words, say
from corridor_net.rounding import fitted

from .rows import Laid, Panel, Piece, panel_of_spreads, rows_svg, spread_of, spread_words
from .svg import (
    ENGLISH,
    HEIGHT,
    PALETTE,
    SHADES,
    SMALL,
    UNREACHED,
    WIDTH,
    Box,
    Rows,
    Said,
    Scale,
    axes,
    beads,
    beside,
    box,
    colours_of,
    document,
    dot,
    legend_row,
    luminance,
    overlap,
    polyline,
    shade_of,
    text,
    width_of,
)


def chart_svg(chart: Chart, words: Words = ENGLISH, *, inline: bool = False) -> str:
    """Return a chart as SVG: as it draws itself, else in its plain form."""
    if chart.svg is not None:
        return chart.svg(words)
    chart = chart.in_words(words)
    if isinstance(chart, Curves):
        return curves_svg(chart, words)
    if isinstance(chart, Grid):
        return grid_svg(chart, words)
    return rows_svg(laid_out(chart, words), chart.title, words, inline=inline)


def laid_out(chart: Chart, words: Words = ENGLISH) -> Laid:
    """Return a chart of rows as it is laid out."""
    return LAID[type(chart)](chart, words)


def curves_svg(chart: Curves, words: Words = ENGLISH) -> str:
    """Return lines over one axis, each with its name; dots alone where they are not joined."""
    colours = colours_of(name for name, _ in chart.lines)
    key, top = legend_row(56, ((colour, name) for name, colour in colours.items()))
    points = [point for _, line_ in chart.lines for point in line_]
    across, up = ([point[n] for point in points] for n in (0, 1))
    y = Scale.of((min(0.0, *up), max(up) * 1.04), (HEIGHT - 84, top + 24))
    x = Scale.of((min(across), max(across)), (beside(y, words), WIDTH - 60))
    body = [*key, *axes(x, y, chart.x, chart.unit, words)]
    for name, line_ in chart.lines:
        places = [(x(a), y(b)) for a, b in line_]
        body += [polyline(places, colours[name])] if chart.joined else [dot(*at, 4, colours[name]) for at in places]
    return document(HEIGHT, body, title=chart.title, description=f"{chart.unit}: {'; '.join(colours)}")


def time_cost_distance_svg(
    profiles: Sequence[Profile], title: Said, words: Words = ENGLISH, *, inline: bool = False
) -> str:
    """Return the UNESCAP chart: hours (left) and USD (right) over km, one line a route, stops as steps."""
    title, names = words.text(title), words.names
    key = [(PALETTE[n % len(PALETTE)], words.label(p.title)) for n, p in enumerate(profiles)]
    body, below = legend_row(56, key)
    longest = max(p.points[-1].distance_km for p in profiles)
    unit, per = words.in_money("USD a box")
    measures = ((76, words.label("days since departure"), _days), (616, unit, lambda point: point.cost_usd * per))
    for left, measure, value in measures:
        x = Scale.of((0, longest), (left, left + 420))
        y = Scale.of((0, max(value(p.points[-1]) for p in profiles) * 1.04), (HEIGHT - 60, below + 24))
        body += axes(x, y, words.label("km from the origin"), measure, words)
        for place, profile in enumerate(profiles):
            body += _curve(profile, x, y, value, PALETTE[place % len(PALETTE)], 2.5 if place else 4, words)
        body += step_names(profiles, x, y, value, names)
    described = "; ".join(_described(p, words) for p in profiles)
    return document(HEIGHT, body, title=title, description=described, inline=inline)


def _days(point: Point) -> float:
    return point.hours / 24


def _described(profile: Profile, words: Words) -> str:
    end = profile.points[-1]
    return words.text(
        say(
            "{name}: {km:n0} km, {days:n1} days, {usd:m0} USD",
            name=words.label(profile.title),
            km=end.distance_km,
            days=end.hours / 24,
            usd=end.cost_usd,
        )
    )


def _curve(
    profile: Profile,
    x: Scale,
    y: Scale,
    value: Callable[[Point], float],
    colour: str,
    width: float,
    words: Words,
) -> list[str]:
    points = [(x(p.distance_km), y(value(p))) for p in profile.points]
    body = [polyline(points, colour, width=width)]
    for before, here in zip(profile.points, profile.points[1:], strict=False):
        if here.kind == "stop" and value(here) > value(before):
            told = say(
                "{place:name}, {what}: {hours:+n1} h, {usd:+m0} USD",
                place=here.node,
                what=words.step(here.label),
                hours=here.hours - before.hours,
                usd=here.cost_usd - before.cost_usd,
            )
            place = x(here.distance_km), y((value(here) + value(before)) / 2)
            body += [dot(*place, 4.5, "#fff"), dot(*place, 3.5, colour, words.text(told))]
    return body


NAMED_RISE = 0.02
"""Part of the axis that a step rises at the least to be named."""
BESIDE = tuple((dx, dy, anchor) for dy in (4, -9, 17, -22, 30, -35) for dx, anchor in ((9, "start"), (-9, "end")))
"""Where a name may stand beside its step, the best first: to the right, to the left, above, below."""


def step_names(
    profiles: Sequence[Profile], x: Scale, y: Scale, value: Callable[[Point], float], names: Mapping[str, str]
) -> list[str]:
    """Return the names of the places where time or money is spent standing, once at each distance, where there is room.

    A name stands on no other name, and on no line where there is a place without one.
    """
    taken: list[Box] = []
    drawn = [box_ for one in profiles for box_ in beads([(x(p.distance_km), y(value(p))) for p in one.points], 2.0)]
    body: list[str] = []
    named: set[tuple[str, float]] = set()
    for node, km, low, high in _steps_of(profiles, value):
        if (node, km) in named or high - low < NAMED_RISE * (y.high - y.low):
            continue
        name, middle = names.get(node, node), y((low + high) / 2)
        wide = width_of(name, 12)
        spots = []
        for dx, dy, anchor in BESIDE:
            left = x(km) + dx - (wide if anchor == "end" else 0)
            box_ = (left, middle + dy - 11, left + wide, middle + dy + 3)
            inside = left >= x.start - 40 and box_[2] <= x.end + 60
            if inside and not any(overlap(box_, other) for other in taken):
                crossed = any(overlap(box_, other) for other in drawn)
                spots.append((crossed, box_, dx, dy, anchor))
        if spots:
            _, box_, dx, dy, anchor = min(spots, key=lambda spot: spot[0])
            taken.append(box_)
            named.add((node, km))
            body.append(text(round(x(km) + dx, 1), round(middle + dy, 1), name, anchor=anchor, kind="place"))
    return body


def _steps_of(profiles: Sequence[Profile], value: Callable[[Point], float]) -> list[tuple[str, float, float, float]]:
    """Return each place where a profile stands: its km, and from where to where it rises, the highest rise first."""
    found: dict[tuple[int, str], tuple[str, float, float, float]] = {}
    for number, profile in enumerate(profiles):
        for before, here in zip(profile.points, profile.points[1:], strict=False):
            if here.kind == "stop":
                _, km, low, _ = found.get((number, here.node), ("", here.distance_km, value(before), 0.0))
                found[number, here.node] = (here.node, km, low, value(here))
    return sorted(found.values(), key=lambda one: one[2] - one[3])


def stacks(chart: Stacks, words: Words = ENGLISH) -> Laid:
    """Lay out stacked bars, the total at the end; numbers in a bar add up to it."""
    names = dict.fromkeys((*chart.labels, *(name for _, amounts in chart.rows for name in amounts)))
    used = [name for name in names if any(amounts.get(name) for _, amounts in chart.rows)]
    called = {name: chart.labels.get(name) or words.label(name.replace("_", " ")) for name in used}
    colours = colours_of(used)
    rows, told = [], []
    for label, amounts in chart.rows:
        total = fsum(amounts.values())
        shown = fitted([amounts.get(name, 0.0) for name in used], chart.digits, total)
        start, pieces = 0.0, []
        for name, rounded in zip(used, shown, strict=True):
            amount = amounts.get(name, 0.0)
            if amount > 0:
                figure = words.number(rounded, chart.digits)
                said = f"{label}, {called[name]}: {figure} {chart.unit}"
                piece = Piece(low=start, high=start + amount, colour=colours[name], told=said, inside=(figure,))
                pieces.append(piece)
                start += amount
        if pieces:
            pieces[-1] = replace(pieces[-1], after=words.number(total, chart.digits))
        rows.append(pieces)
        told.append(f"{label}: {words.number(total, chart.digits)} {chart.unit}")
    most = max((sum(amounts.values()) for _, amounts in chart.rows), default=0.0)
    return Laid(
        labels=[label for label, _ in chart.rows],
        panels=[Panel(unit=chart.unit, rows=rows, low=0.0, high=most * 1.08 or 1.0)],
        told="; ".join(told),
        key=[(colour, called[name]) for name, colour in colours.items()],
    )


RELEVANT = 4.0
"""How many times the value that holds now bands are drawn to; beyond the last threshold they end sooner."""


def bands(chart: Stretches, words: Words = ENGLISH) -> Laid:
    """Lay out what holds from value to value of a figure; the axis ends soon after the last threshold that is near."""
    ends = [edge for _, found in chart.rows for low, high, _ in found for edge in (low, high or 0.0)]
    near = [edge for edge in ends if not chart.now or edge <= RELEVANT * chart.now]
    last = max(1.25 * max(near, default=0.0), 2 * (chart.now or 0.0)) or 1.0
    colours = colours_of(what for _, found in chart.rows for low, _, what in found if low < last)
    rows, told = [], []
    for label, found in chart.rows:
        from_there = [words.text(say("{what} from {low:g3}", what=what, low=low)) for low, _, what in found]
        rows.append(
            [
                Piece(
                    low=low,
                    high=min(last, last if high is None else high),
                    colour=colours[what],
                    told=words.text(_held(label, (low, high, what), chart.unit)),
                    inside=(from_low, what) if low > 0 else (what,),
                )
                for (low, high, what), from_low in zip(found, from_there, strict=True)
                if low < last
            ]
        )
        told.append(f"{label}: {', '.join(from_there)}")
    now = None
    if chart.now is not None:
        now = chart.now, words.text(say("now {value}", value=words.plain(float(f"{chart.now:.4g}"))))
    return Laid(
        labels=[label for label, _ in chart.rows],
        panels=[Panel(unit=chart.unit, rows=rows, low=0.0, high=last)],
        told="; ".join(told),
        key=[(colour, what) for what, colour in colours.items()],
        now=now,
    )


def _held(name: str, band: tuple[float, float | None, str], unit: str) -> Sentence:
    low, high, what = band
    told = {"name": name, "what": what, "low": low, "unit": unit}
    if high is None:
        return say("{name}: {what} from {low:n2} {unit} on", **told)
    return say("{name}: {what} from {low:n2} to {high:n2} {unit}", **told, high=high)


def bars(chart: Bars, words: Words = ENGLISH) -> Laid:
    """Lay out plain bars, negative ones to the left of zero, with their values."""
    values = [value for _, value in chart.rows]
    low, high = min([0.0, *values]), max([0.0, *values])
    digits = 0 if max(-low, high) >= 20 else 1 if max(-low, high) >= 2 else 2
    edge = 0.1 * (high - low) or 1.0
    rows = [
        [
            Piece(
                low=0.0,
                high=value,
                colour=PALETTE[value < 0],
                told=f"{label}: {words.number(value, max(digits, 1))} {chart.unit}",
                after=words.number(value, digits),
            )
        ]
        for label, value in chart.rows
    ]
    return Laid(
        labels=[label for label, _ in chart.rows],
        panels=[Panel(unit=chart.unit, rows=rows, low=low - (edge if low < 0 else 0.0), high=high + edge)],
        told="; ".join(f"{label}: {words.number(value, 1)} {chart.unit}" for label, value in chart.rows),
    )


def spans(chart: Whiskers, words: Words = ENGLISH) -> Laid:
    """Lay out ranges, each with its mark."""
    told = [words.text(spread_words(label, chart.unit, ends)) for label, *ends in chart.rows]
    rows = [spread_of(low, mark, high, said) for (_, low, mark, high), said in zip(chart.rows, told, strict=True)]
    return Laid(
        labels=[label for label, *_ in chart.rows],
        panels=[panel_of_spreads(chart.unit, rows)],
        told="; ".join(told),
    )


LAID: Mapping[type[Chart], Callable[[Any, Words], Laid]] = MappingProxyType(
    {Bars: bars, Stacks: stacks, Stretches: bands, Whiskers: spans}
)


def grid_svg(chart: Grid, words: Words = ENGLISH) -> str:
    """Return a value at each crossing of a row and a column, the lower the darker; numbers where they have room."""
    known = [value for row in chart.values for value in row if value is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    deep = max((width_of(name, SMALL) for name in chart.columns), default=0.0)
    places = Rows(chart.rows, 50 + deep)
    left = places.left + 10
    wide = (WIDTH - 30 - left) / max(len(chart.columns), 1)
    body = places.words()
    for column, name in enumerate(chart.columns):
        body.append(text(round(left + wide * (column + 0.5) + 4, 1), places.top - 6, name, kind="small", turn=-90))
    for row, (label, values) in enumerate(zip(chart.rows, chart.values, strict=True)):
        for column, value in enumerate(values):
            x, y = round(left + wide * column, 1), places.y(row)
            told = f"{label} - {chart.columns[column]}: {words.number(value, chart.digits)} {chart.unit}"
            shade = UNREACHED if value is None else shade_of((value - low) / ((high - low) or 1.0))
            body.append(box(x, y, round(wide - 1, 1), round(places.step - 1, 1), shade, told))
            said = words.number(value, chart.digits)
            if width_of(said, SMALL) < wide - 3:
                kind = "small over" if luminance(shade) < 0.5 else "small over dark"
                base = round(y + places.step / 2 + 4, 1)
                body.append(text(round(x + wide / 2, 1), base, said, anchor="middle", kind=kind))
    ends = [words.number(value, chart.digits) for value in (low, high)]
    foot, steps = places.foot + 14, len(SHADES)
    for step in range(steps):
        body.append(box(left + 60 + 40 * step, foot, 40, 10, SHADES[step]))
    body.append(text(left + 54, foot + 9, ends[0], anchor="end", kind="small"))
    body.append(text(left + 66 + 40 * steps, foot + 9, f"{ends[1]}  {chart.unit}", kind="small"))
    told = f"{chart.unit}: {ends[0]} - {ends[1]}; {len(chart.rows)} x {len(chart.columns)}"
    return document(foot + 26, body, title=chart.title, description=told)
