"""Charts of doubt and of choice: ranges (fans), what moves an answer (tornado), trade-offs of money and time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corridor_net.analysis.trade_offs import TradeOff, TradeOffs
from corridor_net.render.words import Sentence, Words, after_by, say
from corridor_net.uncertainty.ensemble import PairDoubt, Spread
from corridor_net.uncertainty.swings import Swing

from .svg import ENGLISH, PALETTE, Said, Scale, axes, box, document, dot, legend_row, line, polyline, text, width_of

WIDTH = 1080.0
SHADES = ("#c6dcec", "#0072b2", "#222")
"""10 to 90 %, the median, and the answer itself."""


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
    left = max((width_of(label) for label, _ in rows), default=0) + 84
    half = (WIDTH - left - 40) / 2
    top = 90.0
    foot = top + 22 * len(rows)
    body = [
        text(20, 26, title, kind="title"),
        text(left - 10, top - 14, words.label("wins"), anchor="end", kind="small"),
    ]
    shades = tuple(zip(SHADES, map(words.label, ("10 to 90 % of draws", "median", "this answer")), strict=True))
    key, _ = legend_row(20, 52, WIDTH - 40, shades)
    body += key
    usd, hours = zip(*(answers[origin] for origin in doubts), strict=True)
    panels = (
        (left, words.label("USD a box"), [_points(d.route.cost_usd, 1) for _, d in rows], usd),
        (left + half + 30, words.label("days"), [_points(d.route.hours, 24) for _, d in rows], [h / 24 for h in hours]),
    )
    for start, unit, values, points in panels:
        low, high = min(*points, *(v[0] for v in values)), max(*points, *(v[2] for v in values))
        edge = (high - low) * 0.05 or 1.0
        x = Scale(max(low - edge, 0), high + edge, start, start + half - 10)
        for value in x.ticks(6):
            body += [line(x(value), top - 4, x(value), foot, "grid")]
            body += [text(x(value), foot + 17, words.plain(value), anchor="middle")]
        body.append(text((x.start + x.end) / 2, foot + 36, unit, anchor="middle"))
        for number, (p10, p50, p90) in enumerate(values):
            told = words.text(
                say(
                    "{name}: {low:n1} to {high:n1} {unit}, median {middle:n1}",
                    name=rows[number][0],
                    low=p10,
                    high=p90,
                    unit=unit,
                    middle=p50,
                )
            )
            body.append(box(x(p10), top + 22 * number + 4, round(x(p90) - x(p10), 2), 12, SHADES[0], told))
            body.append(box(x(p50) - 2, top + 22 * number + 1, 4, 18, SHADES[1], told))
            body.append(dot(x(points[number]), top + 22 * number + 10, 4, SHADES[2], told))
    for number, (label, doubt) in enumerate(rows):
        y = top + 22 * number + 14
        body += [
            text(left - 60, y, label, anchor="end"),
            text(left - 10, y, words.share(doubt.gateway_wins), anchor="end"),
        ]
    described = "; ".join(words.text(_range(label, d.route.cost_usd.p10, d.route.cost_usd.p90)) for label, d in rows)
    return document(WIDTH, foot + 48, body, title=title, description=described, inline=inline)


def _range(name: str, low: float, high: float) -> Sentence:
    return say("{name}: {low:m0} to {high:m0} USD", name=name, low=low, high=high)


def _points(spread: Spread, unit: float) -> tuple[float, float, float]:
    return spread.p10 / unit, spread.p50 / unit, spread.p90 / unit


def tornado_svg(swings: Sequence[Swing], title: Said, words: Words = ENGLISH, *, inline: bool = False) -> str:
    """Return how far each figure alone moves the answer: bars from its 10 % to its 90 % value, the widest first.

    A bar ends in the name of the gateway that then wins, where that is another.
    """
    title = words.text(title)
    left = max((width_of(words.figure(s.figure)) for s in swings), default=0) + 62
    low = min((min(s.low_usd, s.high_usd) for s in swings), default=0.0)
    high = max((max(s.low_usd, s.high_usd) for s in swings), default=1.0)
    edge = (high - low) * 0.12 or 1.0
    x = Scale(min(low, 0) - edge, max(high, 0) + edge, left, WIDTH - 40)
    shades = (PALETTE[5], words.label("figure at its 10 % value")), (PALETTE[4], words.label("at its 90 % value"))
    key, top = legend_row(20, 54, WIDTH - 40, shades)
    top += 28
    foot = top + 24 * len(swings)
    body = [
        text(20, 26, title, kind="title"),
        *key,
        text(left - 10, top - 8, words.label("grade"), anchor="end", kind="small"),
    ]
    for value in x.ticks():
        body += [line(x(value), top - 4, x(value), foot, "grid")]
        body += [text(x(value), foot + 17, words.plain(value, sign=True), anchor="middle")]
    usual = _usual([gate for s in swings for gate in (s.gateway_low, s.gateway_high)])
    for number, swing in enumerate(swings):
        y, what = top + 24 * number, words.figure(swing.figure)
        body += [text(left - 48, y + 14, what, anchor="end"), text(left - 14, y + 14, swing.grade, anchor="end")]
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
            body.append(box(start, y + 2, round(end - start, 2), 17, colour, words.text(told)))
            if gate != usual:
                side = (end + 4, "start") if value >= 0 else (start - 4, "end")
                body.append(text(side[0], y + 15, words.name(gate), anchor=side[1], kind="small"))
    body += [
        line(x(0), top - 4, x(0), foot),
        text((x.start + x.end) / 2, foot + 36, words.label("USD of generalised cost a box, change"), anchor="middle"),
    ]
    described = "; ".join(words.text(_swing(words.figure(s.figure), s)) for s in swings)
    return document(WIDTH, foot + 50, body, title=title, description=described, inline=inline)


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
    key, top = legend_row(20, 54, WIDTH - 40, [(colours[g], words.name(g or "by land")) for g in gates])
    x, y = Scale(*span(days), 90, WIDTH - 60), Scale(*span(usd), top + 420, top + 24)
    body = [text(20, 26, title, kind="title"), *key, *axes(x, y, unit, words.label("USD a box"), words)]
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
        criteria=found.criteria,
        ringed=sum(r.shown for r in routes),
        now=found.value_of_time_now,
    )
    body.append(text(20, top + 480, words.text(note), kind="small"))
    told = "; ".join(words.text(_amounts(r)) for r in routes if r.shown)
    return document(WIDTH, top + 494, body, title=title, description=told, inline=inline)


def _amounts(route: TradeOff) -> Sentence:
    return say(
        "{usd:m0} USD, {days:n1} days, {kg:n0} kg CO2e",
        usd=route.cost_usd,
        days=route.hours / 24,
        kg=route.co2_kg,
    )
