"""Charts as SVG text, for print and for the report: each from the data of one analysis. No computing of answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import fsum
from types import MappingProxyType

from corridor_net.analysis.time_cost_distance import Point, Profile
from corridor_net.render.chart import Bars, Chart, Curves, Interval, Stacks, Stretches, Whiskers
from corridor_net.render.words import Sentence, Words, say
from corridor_net.rounding import fitted

from .doubt_charts import spans_svg
from .svg import (
    ENGLISH,
    HEIGHT,
    PALETTE,
    WIDTH,
    Box,
    Rows,
    Said,
    Scale,
    axes,
    beads,
    box,
    document,
    dot,
    legend,
    legend_row,
    line,
    over,
    polyline,
    text,
    width_of,
)

NO_LABELS: Mapping[str, str] = MappingProxyType({})


def chart_svg(chart: Chart, words: Words = ENGLISH) -> str:
    """Return a chart as SVG: as it draws itself, else in its plain form; empty for what has neither."""
    if chart.svg is not None:
        return chart.svg(words)
    chart = chart.told(words)
    if isinstance(chart, Bars):
        return bars_svg(chart.rows, chart.title, chart.unit, words)
    if isinstance(chart, Stacks):
        return components_svg(chart.rows, chart.title, chart.unit, words, labels=chart.labels, digits=chart.digits)
    if isinstance(chart, Stretches):
        return bands_svg(chart.rows, chart.title, chart.unit, words, now=chart.now)
    if isinstance(chart, Whiskers):
        return spans_svg(chart, words)
    return curves_svg(chart, words) if isinstance(chart, Curves) else ""


def curves_svg(chart: Curves, words: Words = ENGLISH) -> str:
    """Return lines over one axis, each with its name; dots alone where they are not joined."""
    colours = dict(zip((name for name, _ in chart.lines), PALETTE, strict=False))
    key, top = legend_row(20, 56, WIDTH - 40, ((colour, name) for name, colour in colours.items()))
    points = [point for _, line_ in chart.lines for point in line_]
    across, up = ([point[n] for point in points] for n in (0, 1))
    x = Scale(min(across), max(across), 90, WIDTH - 60)
    y = Scale(min(0.0, *up), max(up) * 1.04, HEIGHT - 84, top + 24)
    body = [*key, *axes(x, y, chart.x, chart.unit, words)]
    for name, line_ in chart.lines:
        places = [(x(a), y(b)) for a, b in line_]
        body += [polyline(places, colours[name])] if chart.joined else [dot(*at, 4, colours[name]) for at in places]
    return document(HEIGHT, body, title=chart.title, description=f"{chart.unit}: {'; '.join(colours)}")


def time_cost_distance_svg(
    profiles: Sequence[Profile], title: Said, words: Words = ENGLISH, *, inline: bool = False
) -> str:
    """Return the UNESCAP chart: hours (left) and USD (right) over km, one line a route, stops as steps."""
    foot = HEIGHT - 96 - 18 * len(profiles)
    title, names = words.text(title), words.names
    body: list[str] = []
    longest = max(p.points[-1].distance_km for p in profiles)
    measures = ((80, words.label("days since departure"), _days), (600, words.label("USD a box"), _usd))
    for left, measure, value in measures:
        x = Scale(0, longest, left, left + 420)
        y = Scale(0, max(value(p.points[-1]) for p in profiles) * 1.04, foot, 56)
        body += axes(x, y, words.label("km from the origin"), measure, words)
        for place, profile in enumerate(profiles):
            body += _curve(profile, x, y, value, PALETTE[place % len(PALETTE)], 2.5 if place else 5, words)
        body += step_names(profiles, x, y, value, names)
    body += legend(80, foot + 58, [(PALETTE[n % len(PALETTE)], words.label(p.title)) for n, p in enumerate(profiles)])
    described = "; ".join(_told(p, words) for p in profiles)
    return document(HEIGHT, body, title=title, description=described, inline=inline)


def _days(point: Point) -> float:
    return point.hours / 24


def _usd(point: Point) -> float:
    return point.cost_usd


def _told(profile: Profile, words: Words) -> str:
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
            body.append(dot(x(here.distance_km), y((value(here) + value(before)) / 2), 3, colour, words.text(told)))
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
            if inside and not any(_overlap(box_, other) for other in taken):
                crossed = any(_overlap(box_, other) for other in drawn)
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


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def components_svg(
    rows: Sequence[tuple[Said, Mapping[str, float]]],
    title: Said,
    unit: str,
    words: Words = ENGLISH,
    *,
    labels: Mapping[str, str] = NO_LABELS,
    digits: int = 0,
    inline: bool = False,
) -> str:
    """Return stacked bars: one row a route, its amounts by component in `unit`, the total at the end.

    `labels` are those of the components, in the order of the bars; others follow as they come. Numbers have `digits`
    decimals; those in a bar add up to the one at its end.
    """
    title, unit = words.text(title), words.label(unit)
    bars = [(words.text(label), amounts) for label, amounts in rows]
    called = {name: name.replace("_", " ") for _, amounts in bars for name in amounts}
    called |= {name: words.label(label) for name, label in labels.items()}
    names = dict.fromkeys((*labels, *(name for _, amounts in bars for name in amounts)))
    used = [name for name in names if any(amounts.get(name) for _, amounts in bars)]
    colours = {name: PALETTE[number % len(PALETTE)] for number, name in enumerate(used)}
    most = max((sum(amounts.values()) for _, amounts in bars), default=0)
    key, top = legend_row(20, 56, WIDTH - 40, ((colours[name], called[name]) for name in used))
    places = Rows([label for label, _ in bars], top + 26)
    x, top, foot = Scale(0, most * 1.02, places.left + 10, WIDTH - 90), places.top, places.foot
    body = [*key, *places.words()]
    for value in x.ticks():
        body += [line(x(value), top - 4, x(value), foot, "grid")]
        body += [text(x(value), foot + 17, words.plain(value), anchor="middle")]
    for number, (label, amounts) in enumerate(bars):
        start = 0.0
        total = fsum(amounts.values())
        shown = fitted([amounts.get(name, 0.0) for name in used], digits, total)
        for name, rounded in zip(used, shown, strict=True):
            amount = amounts.get(name, 0.0)
            if amount > 0:
                place, wide = x(start), x(start + amount) - x(start)
                figure = words.number(rounded, digits)
                body.append(
                    box(
                        place,
                        places.y(number),
                        round(wide, 2),
                        places.tall,
                        colours[name],
                        f"{label}, {called[name]}: {figure} {unit}",
                    )
                )
                body += over(round(place + wide / 2, 2), places.base(number), figure, colours[name], wide)
                start += amount
        body.append(text(x(start) + 8, places.base(number), words.number(total, digits)))
    body += [line(x.start, foot, x.end, foot), text((x.start + x.end) / 2, foot + 36, unit, anchor="middle")]
    told = "; ".join(f"{label}: {words.number(fsum(amounts.values()), digits)} {unit}" for label, amounts in bars)
    return document(foot + 50, body, title=title, description=told, inline=inline)


def bands_svg(
    rows: Sequence[tuple[str, Sequence[Interval]]],
    title: Said,
    unit: str,
    words: Words = ENGLISH,
    *,
    now: float | None = None,
    most: float | None = None,
    inline: bool = False,
) -> str:
    """Return threshold bands: one row a subject, coloured by what holds from value to value of a figure.

    Values above `most` are not drawn; without it the axis ends a quarter beyond the last threshold.
    """
    title, unit = words.text(title), words.label(unit)
    said = [(words.label(label), [(low, high, words.text(what)) for low, high, what in spans]) for label, spans in rows]
    ends = [edge for _, intervals in rows for low, high, _ in intervals for edge in (low, high or 0.0)]
    last = most or max(1.25 * max(ends, default=0.0), 2 * (now or 0.0)) or 1.0
    known = {str(what): words.text(what) for _, intervals in rows for low, _, what in intervals if low < last}
    holders = list(dict.fromkeys(known[key] for key in sorted(known)))  # in each language the same colours
    colours = {what: PALETTE[number % len(PALETTE)] for number, what in enumerate(holders)}
    key, top = legend_row(20, 56, WIDTH - 40, ((colours[what], what) for what in holders))
    places = Rows([label for label, _ in said], top + 34)
    x, top, foot = Scale(0, last, places.left + 10, WIDTH - 30), places.top, places.foot
    body = [*key, *places.words()]
    for value in x.ticks(10):
        body += [
            line(x(value), top - 4, x(value), foot + 4),
            text(x(value), foot + 19, words.plain(value), anchor="middle"),
        ]
    for number, (label, intervals) in enumerate(said):
        for low, high, what in intervals:
            if low >= last:
                continue
            begin, end = x(low), x(min(last, last if high is None else high))
            told = (
                say("{name}: {what} from {low:n2} {unit} on", name=label, what=what, low=low, unit=unit)
                if high is None
                else say(
                    "{name}: {what} from {low:n2} to {high:n2} {unit}",
                    name=label,
                    what=what,
                    low=low,
                    high=high,
                    unit=unit,
                )
            )
            body.append(
                box(begin, places.y(number), round(end - begin, 2), places.tall, colours[what], words.text(told))
            )
            middle, room = round((begin + end) / 2, 2), end - begin
            from_there = over(middle, places.base(number), words.text(_from(what, low)), colours[what], room)
            body += (low > 0 and from_there) or over(middle, places.base(number), what, colours[what], room)
    if now is not None and now <= last:
        told_now = words.text(say("now {value}", value=words.plain(float(f"{now:.4g}"))))
        body += [line(x(now), top - 8, x(now), foot, "now"), text(x(now), top - 12, told_now, anchor="middle")]
    body += [line(x.start, foot, x.end, foot), text((x.start + x.end) / 2, foot + 38, unit, anchor="middle")]
    shown = [(label, [words.text(_from(what, low)) for low, _, what in spans]) for label, spans in said]
    described = "; ".join(f"{label}: {', '.join(spans)}" for label, spans in shown)
    return document(foot + 52, body, title=title, description=described, inline=inline)


def _from(what: str, low: float) -> Sentence:
    return say("{what} from {low:n2}", what=what, low=low)


def bars_svg(rows: Sequence[tuple[str, float]], title: str, unit: str, words: Words = ENGLISH) -> str:
    """Return plain bars, one a row, negative ones to the left of zero, with their values."""
    values = [value for _, value in rows]
    low, high = min(0.0, *values), max(0.0, *values)
    places = Rows([label for label, _ in rows], 60)
    x = Scale(low, high * 1.02 or 1.0, places.left + (70 if low < 0 else 10), WIDTH - 90)
    top, foot = places.top, places.foot
    digits = 0 if max(-low, high) >= 20 else 1 if max(-low, high) >= 2 else 2
    body = places.words()
    for value in x.ticks():
        body += [line(x(value), top - 4, x(value), foot, "grid")]
        body += [text(x(value), foot + 17, words.plain(value), anchor="middle")]
    for number, (label, value) in enumerate(rows):
        start, end = sorted((x(0), x(value)))
        colour = PALETTE[0] if value >= 0 else PALETTE[1]
        told = f"{label}: {words.number(value, max(digits, 1))} {unit}"
        body.append(box(start, places.y(number), round(end - start, 2), places.tall, colour, told))
        place = (end + 6, "start") if value >= 0 else (start - 6, "end")
        body.append(text(place[0], places.base(number), words.number(value, digits), anchor=place[1]))
    body += [line(x(0), top - 4, x(0), foot), text((x.start + x.end) / 2, foot + 36, unit, anchor="middle")]
    told = "; ".join(f"{label}: {words.number(value, 1)} {unit}" for label, value in rows)
    return document(foot + 50, body, title=title, description=told)
