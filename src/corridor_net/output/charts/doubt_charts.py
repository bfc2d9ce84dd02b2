"""Charts of doubt and of choice: ranges (fans), what moves an answer (tornado), trade-offs of money and time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corridor_net.analysis.trade_offs import TradeOff, TradeOffs
from corridor_net.render.chart import Whiskers
from corridor_net.render.words import Sentence, Words, after_by, say
from corridor_net.uncertainty.pair_doubt import PairDoubt, Spread
from corridor_net.uncertainty.swings import Swing

from .svg import (
    ENGLISH,
    HEIGHT,
    PALETTE,
    WIDTH,
    Rows,
    Said,
    Scale,
    axes,
    box,
    document,
    dot,
    legend_row,
    line,
    polyline,
    text,
)

SHADES = ("#c6dcec", "#0072b2", "#222")
"""10 to 90 %, the median, and the answer itself."""
Points = tuple[float, float | None, float]
"""Low, mark (None: no mark) and high."""


def fan_svg(
    doubts: Mapping[str, PairDoubt],
    answers: Mapping[str, tuple[float, float]],
    title: Said,
    words: Words = ENGLISH,
    *,
    inline: bool = False,
) -> str:
    """Return the 10-90 % ranges of USD and of days, one row an origin, the median as a mark, how often it wins.

    `answers` are USD and hours at the figures as they are: the point beside each range.
    """
    title, rows = words.text(title), [(words.name(origin), doubt) for origin, doubt in doubts.items()]
    places = Rows([label for label, _ in rows], 90.0)
    top, foot, left = places.top, places.foot, places.left + 64
    half = (WIDTH - left - 40) / 2
    body = [*places.words(), text(left - 10, top - 14, words.label("wins"), anchor="end", kind="small")]
    shades = tuple(zip(SHADES, map(words.label, ("10 to 90 % of draws", "median", "this answer")), strict=True))
    key, _ = legend_row(20, 52, WIDTH - 40, shades)
    body += key
    usd, hours = zip(*(answers[origin] for origin in doubts), strict=True)
    panels = (
        (left, words.label("USD a box"), [_points(d.route.cost_usd, 1) for _, d in rows], usd),
        (left + half + 30, words.label("days"), [_points(d.route.hours, 24) for _, d in rows], [h / 24 for h in hours]),
    )
    names = [label for label, _ in rows]
    for start, unit, values, points in panels:
        x = _across(values, start, start + half - 10, points)
        body += _ranges(x, places, unit, list(zip(names, values, strict=True)), words)
        body += [dot(x(at), places.y(k) + places.tall / 2, 4, SHADES[2]) for k, at in enumerate(points)]
    for number, (_, doubt) in enumerate(rows):
        body.append(text(left - 10, places.base(number), words.share(doubt.gateway_wins), anchor="end"))
    described = "; ".join(words.text(_range(label, d.route.cost_usd.p10, d.route.cost_usd.p90)) for label, d in rows)
    return document(foot + 48, body, title=title, description=described, inline=inline)


def spans_svg(chart: Whiskers, words: Words = ENGLISH) -> str:
    """Return ranges, one a row, each with its mark."""
    places = Rows([label for label, *_ in chart.rows], 60.0)
    rows = [(label, (low, mark, high)) for label, low, mark, high in chart.rows]
    x = _across([values for _, values in rows], places.left + 10, WIDTH - 40)
    body = [*places.words(), *_ranges(x, places, chart.unit, rows, words)]
    told = "; ".join(words.text(_spread(label, chart.unit, values)) for label, values in rows)
    return document(places.foot + 48, body, title=chart.title, description=told)


def _across(values: Sequence[Points], start: float, end: float, points: Sequence[float] = ()) -> Scale:
    """Return the scale that holds ranges, and points beside them."""
    low, high = min(*points, *(v[0] for v in values)), max(*points, *(v[2] for v in values))
    edge = (high - low) * 0.05 or 1.0
    return Scale(max(low - edge, 0), high + edge, start, end)


def _ranges(x: Scale, places: Rows, unit: str, rows: Sequence[tuple[str, Points]], words: Words) -> list[str]:
    """Return ranges with their marks over a scale, what is pointed at told."""
    top, foot, tall = places.top, places.foot, places.tall
    body = [text((x.start + x.end) / 2, foot + 36, unit, anchor="middle")]
    for value in x.ticks(6):
        body += [line(x(value), top - 4, x(value), foot, "grid")]
        body += [text(x(value), foot + 17, words.plain(value), anchor="middle")]
    for number, (name, values) in enumerate(rows):
        (low, mark, high), y, told = values, places.y(number), words.text(_spread(name, unit, values))
        body.append(box(x(low), y + tall / 6, round(x(high) - x(low), 2), round(tall * 2 / 3, 2), SHADES[0], told))
        if mark is not None:
            body.append(box(x(mark) - 2, y, 4, tall, SHADES[1], told))
    return body


def _spread(name: str, unit: str, values: Points) -> Sentence:
    low, mark, high = values
    told = {"name": name, "low": low, "high": high, "unit": unit}
    if mark is None:
        return say("{name}: {low:n1} to {high:n1} {unit}", **told)
    return say("{name}: {low:n1} to {high:n1} {unit}, median {middle:n1}", **told, middle=mark)


def _range(name: str, low: float, high: float) -> Sentence:
    return say("{name}: {low:m0} to {high:m0} USD", name=name, low=low, high=high)


def _points(spread: Spread, unit: float) -> tuple[float, float, float]:
    return spread.p10 / unit, spread.p50 / unit, spread.p90 / unit


def tornado_svg(swings: Sequence[Swing], title: Said, words: Words = ENGLISH, *, inline: bool = False) -> str:
    """Return how far each figure alone moves the answer: bars from its 10 % to its 90 % value, the widest first.

    A bar ends in the name of the gateway that then wins, where that is another.
    """
    title = words.text(title)
    low = min((min(s.low_usd, s.high_usd) for s in swings), default=0.0)
    high = max((max(s.low_usd, s.high_usd) for s in swings), default=1.0)
    edge = (high - low) * 0.12 or 1.0
    shades = (PALETTE[5], words.label("figure at its 10 % value")), (PALETTE[4], words.label("at its 90 % value"))
    key, top = legend_row(20, 56, WIDTH - 40, shades)
    places = Rows([words.figure(s.figure) for s in swings], top + 30)
    left, top, foot = places.left + 44, places.top, places.foot
    x = Scale(min(low, 0) - edge, max(high, 0) + edge, left, WIDTH - 40)
    body = [
        *key,
        *places.words(),
        text(left - 10, top - 8, words.label("grade"), anchor="end", kind="small"),
    ]
    for value in x.ticks():
        body += [line(x(value), top - 4, x(value), foot, "grid")]
        body += [text(x(value), foot + 17, words.plain(value, sign=True), anchor="middle")]
    usual = _usual([gate for s in swings for gate in (s.gateway_low, s.gateway_high)])
    for number, swing in enumerate(swings):
        base, what = places.base(number), places.labels[number]
        body.append(text(left - 14, base, swing.grade, anchor="end"))
        ends = (
            (swing.low_usd, PALETTE[5], "10 %", swing.gateway_low),
            (swing.high_usd, PALETTE[4], "90 %", swing.gateway_high),
        )
        for value, colour, at, gate in ends:
            start, end = sorted((x(0), x(value)))
            way = after_by(gate)
            told = say(
                "{what} at its {at} value: {usd:+m0} USD, by {gateway:name}", what=what, at=at, usd=value, gateway=way
            )
            body.append(box(start, places.y(number), round(end - start, 2), places.tall, colour, words.text(told)))
            if gate != usual:
                side = (end + 4, "start") if value >= 0 else (start - 4, "end")
                body.append(text(side[0], base, words.name(gate), anchor=side[1], kind="small"))
    body += [
        line(x(0), top - 4, x(0), foot),
        text((x.start + x.end) / 2, foot + 36, words.label("USD of generalised cost a box, change"), anchor="middle"),
    ]
    described = "; ".join(words.text(_swing(words.figure(s.figure), s)) for s in swings)
    return document(foot + 50, body, title=title, description=described, inline=inline)


def _swing(what: str, swing: Swing) -> Sentence:
    return say("{name}: {low:+m0} to {high:+m0} USD", name=what, low=swing.low_usd, high=swing.high_usd)


def _usual(gates: Sequence[str]) -> str:
    return max(dict.fromkeys(gates), key=gates.count, default="")


def pareto_svg(found: TradeOffs, title: Said, words: Words = ENGLISH, *, inline: bool = False) -> str:
    """Return the front in days and USD: a dot a route in the colour of its gateway, and who wins by value of time.

    Days are those that the value of time is paid for, spread included.
    """
    routes, title = found.routes, words.text(title)
    gates = sorted({r.gateway or "" for r in routes})
    colours = {gate: PALETTE[n % len(PALETTE)] for n, gate in enumerate(gates)}
    days, usd = [r.timed_hours / 24 for r in routes], [r.cost_usd for r in routes]

    def span(values: Sequence[float]) -> tuple[float, float]:
        edge = (max(values) - min(values)) * 0.08 or 1.0
        return max(min(values) - edge, 0.0), max(values) + edge

    ratio = found.reliability_ratio
    spread = say("days, and {ratio:n1} of a day for each of their spread", ratio=ratio)
    unit = words.text(spread if ratio else "days")
    key, top = legend_row(20, 56, WIDTH - 40, [(colours[g], words.name(g or "by land")) for g in gates])
    x, y = Scale(*span(days), 90, WIDTH - 60), Scale(*span(usd), HEIGHT - 84, top + 24)
    body = [*key, *axes(x, y, unit, words.label("USD a box"), words)]
    hull = [r for r in routes if r.value_of_time is not None]
    body.append(polyline([(x(r.timed_hours / 24), y(r.cost_usd)) for r in hull], "#888", width=1.5, dash="5 3"))
    for r in sorted(routes, key=lambda r: r.shown):
        place = x(r.timed_hours / 24), y(r.cost_usd)
        told = words.text(say("{gateway:name}: {amounts}", gateway=r.gateway or "by land", amounts=_amounts(r)))
        if r.shown:
            body.append(dot(*place, 7.5, "#222"))
        body.append(dot(*place, 5.5 if r.shown else 3, colours[r.gateway or ""], told))
    for r in hull:
        low, high = r.value_of_time or (0.0, None)
        band = (
            say("from {low:m2} USD/h", low=low)
            if high is None
            else say("{low:m2} to {high:m2} USD/h", low=low, high=high)
        )
        body.append(text(x(r.timed_hours / 24) + 10, y(r.cost_usd) - 8, words.text(band), kind="place"))
    note = say(
        "{count:n0|route|routes} that no other beats in {criteria:list}; ringed: {ringed}, for their spread. "
        "Dashed: the best "
        "by value of time, now {now:m2} USD/h.",
        count=len(routes),
        criteria=["CO2" if one == "co2" else one for one in found.criteria],
        ringed=sum(r.shown for r in routes),
        now=found.value_of_time_now,
    )
    body.append(text(20, HEIGHT - 18, words.text(note), kind="small"))
    told = "; ".join(words.text(_amounts(r)) for r in routes if r.shown)
    return document(HEIGHT, body, title=title, description=told, inline=inline)


def _amounts(route: TradeOff) -> Sentence:
    return say(
        "{usd:m0} USD, {days:n1} days, {kg:n0} kg CO2e",
        usd=route.cost_usd,
        days=route.hours / 24,
        kg=route.co2_kg,
    )
