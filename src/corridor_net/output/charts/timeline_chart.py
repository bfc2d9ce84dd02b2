"""One pair over the years, to be printed: cost and days with their ranges, the gateway, and numbered events below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from corridor_net.render.words import Sentence, Words, say

from .svg import (
    ENGLISH,
    PALETTE,
    SMALL,
    WIDTH,
    Scale,
    box,
    colours_of,
    document,
    dot,
    label_room,
    legend_row,
    line,
    over,
    polyline,
    text,
    wrapped,
)

if TYPE_CHECKING:
    from corridor_net.analysis.years.pair_years import PairYear, Timeline
    from corridor_net.analysis.years.timeline import YearChange

LEAST_LEFT, RIGHT = 84.0, 30.0
TICKS = 5
"""Numbers at the axis of a panel, about."""
PANEL = 110.0
"""Of each of the two panels."""
EVENT = 14.0
"""From one event to the next."""
SHADE, SHADE_PROJECTED = "#c6dcec", "#e6e6e6"
CENT = 0.005
"""USD below which a change of cost is none."""
SHORTEST = 0.05
"""Days that are told; fewer would read as none."""
Value = Callable[["PairYear"], float | None]


def timeline_svg(found: Timeline, words: Words = ENGLISH) -> str:
    """Return the years of a pair as an SVG chart with its events as a list."""
    head = say(
        "{origin:name} to {destination:name}, {first}-{last}, USD of {year} a box",
        origin=found.origin,
        destination=found.destination,
        first=str(found.years[0].year),
        last=str(found.years[-1].year),
        year=str(found.price_year),
    )
    title, per = words.in_money(head)
    measures = (
        (words.in_money("USD")[0], tuple(_times(name, per) for name in ("cost_usd", "cost_p10", "cost_p90"))),
        (words.label("days"), tuple(_times(name, 1 / 24) for name in ("hours", "hours_p10", "hours_p90"))),
    )
    room = max(label_room(_scale(found.years, values, 0.0).ticks(TICKS), words) for _, values in measures)
    x = Scale.of((found.years[0].year - 0.5, found.years[-1].year + 0.5), (max(LEAST_LEFT, room + 24), WIDTH - RIGHT))
    keys = [(SHADE, words.label("10 to 90% of draws")), *_projected_key(found, words)]
    key, below = legend_row(54, keys)
    body = [*key]
    top = below + 34
    body += _numbers(found, x, top - 8)
    for unit, values in measures:
        body += _panel(found.years, x, top, unit, values, words)
        top += PANEL + 22
    body += _gateways(found.years, x, top, words)
    body += [text(x(one.year), top + 44, str(one.year), anchor="middle", kind="small") for one in found.years]
    listed, foot = _list(found, top + 76, words)
    told = "; ".join(f"{one.year}: {words.text(_in_words(one))}" for one in found.years)
    return document(foot + 20, [*body, *listed], title=title, description=told)


def _in_words(one: PairYear) -> Sentence:
    if one.no_answer or one.cost_usd is None:
        return say("no route")
    return say("{usd:m0} USD, {days:n1} days", usd=one.cost_usd, days=(one.hours or 0) / 24)


def _projected_key(found: Timeline, words: Words) -> list[tuple[str, str]]:
    return [(SHADE_PROJECTED, words.label("projection, grade D"))] if any(one.projected for one in found.years) else []


def _times(name: str, by: float) -> Value:
    def value(one: PairYear) -> float | None:
        found: float | None = getattr(one, name)
        return None if found is None else found * by

    return value


def _numbers(found: Timeline, x: Scale, y: float) -> list[str]:
    body = []
    for number, (year, _) in enumerate(found.numbered, 1):
        body += [
            dot(x(year - 0.5), y, 9, PALETTE[6]),
            text(x(year - 0.5), y + 4, str(number), anchor="middle", kind="over"),
        ]
        body.append(line(x(year - 0.5), y + 9, x(year - 0.5), y + 8 + 2 * PANEL + 22, "grid"))
    return body


def _scale(years: Sequence[PairYear], values: Sequence[Value], top: float) -> Scale:
    """Return the scale of a measure from nought to beyond its highest range."""
    tops = [value for one in years if (value := values[-1](one)) is not None]
    return Scale.of((0.0, max(tops, default=1.0) * 1.05), (top + PANEL, top))


def _panel(
    years: Sequence[PairYear], x: Scale, top: float, unit: str, values: Sequence[Value], words: Words
) -> list[str]:
    """Return one measure over the years: its range as boxes, its value as a line that is broken where there is none."""
    middle, low, high = values
    y = _scale(years, values, top)
    body = [text(x.start - label_room(y.ticks(TICKS), words), top + PANEL / 2, unit, anchor="middle", turn=-90)]
    for tick in y.ticks(TICKS):
        body += [
            line(x.start, y(tick), x.end, y(tick), "grid"),
            text(x.start - 8, y(tick) + 4, words.plain(tick), anchor="end"),
        ]
    wide = 0.7 * (x(1) - x(0))
    for one in years:
        bottom, upper, here = low(one), high(one), middle(one)
        if bottom is None or upper is None or here is None:
            body.append(text(x(one.year), y.start - 6, words.label("no route"), anchor="middle", kind="small"))
            continue
        span = say(
            "{year}: {here:n1} {unit} ({low:n1} to {high:n1})",
            year=str(one.year),
            here=here,
            unit=unit,
            low=bottom,
            high=upper,
        )
        shade = SHADE_PROJECTED if one.projected else SHADE
        body.append(
            box(
                x(one.year) - wide / 2,
                y(upper),
                round(wide, 2),
                round(y(bottom) - y(upper), 2),
                shade,
                words.text(span),
            )
        )
    for piece, dashed in _pieces(years, middle):
        points = [(x(year), y(value)) for year, value in piece]
        body.append(polyline(points, PALETTE[0], dash="5 4" if dashed else ""))
        body += [dot(*point, 3, PALETTE[0]) for point in points]
    return [*body, line(x.start, y.start, x.end, y.start)]


def _pieces(years: Sequence[PairYear], value: Value) -> list[tuple[list[tuple[int, float]], bool]]:
    """Return the line in pieces without gaps, the projected part apart; it begins at the last year of the data."""
    pieces: list[tuple[list[tuple[int, float]], bool]] = []
    before: PairYear | None = None
    for one in years:
        here, last = value(one), None if before is None else value(before)
        if here is not None:
            if before is None or last is None or before.projected != one.projected:
                start = [(before.year, last)] if before is not None and last is not None else []
                pieces.append((start, one.projected))
            pieces[-1][0].append((one.year, here))
        before = one
    return pieces


def _gateways(years: Sequence[PairYear], x: Scale, top: float, words: Words) -> list[str]:
    """Return a strip of the gateways, each year with how often it wins."""
    ways = [words.name("none" if one.no_answer else one.gateway or "by land") for one in years]
    colours, body, start = colours_of(ways), [], 0
    for number, way in enumerate(ways):
        last = number + 1 == len(ways) or ways[number + 1] != way
        if last:
            left, right = x(years[start].year - 0.5), x(years[number].year + 0.5)
            body.append(box(left, top, round(right - left, 2), 20, colours[way], way))
            body += over((left + right) / 2, top + 14, way, colours[way], right - left)
            start = number + 1
    for one in years:
        wins = "" if one.gateway_wins is None else words.share(one.gateway_wins)
        body.append(text(x(one.year), top + 32, wins, anchor="middle", kind="small"))
    return [
        text(x.start - 8, top + 14, words.label("gateway"), anchor="end"),
        text(x.start - 8, top + 32, words.label("wins"), anchor="end"),
        *body,
    ]


def _list(found: Timeline, top: float, words: Words) -> tuple[list[str], float]:
    """Return the events as numbered lines, and the y of the last."""
    room = (WIDTH - 60) / 2
    entries = [
        (f"{number}  {year}" if place == part == 0 else "", said)
        for number, (year, events) in enumerate(found.numbered, 1)
        for place, one in enumerate(events)
        for part, said in enumerate(wrapped(words.text(_effect(one)), room - 58, SMALL))
    ]
    half = -(-len(entries) // 2)
    body = [text(20, top, words.label("What moved the answer: each year against the one before"), kind="place")]
    for place, (number, said) in enumerate(entries):
        x, y = 20 + (room + 20) * (place // half), top + 18 + EVENT * (place % half)
        body += [text(x, y, number, kind="small"), text(x + 58, y, said, kind="small")]
    return body, top + 18 + EVENT * half


def _effect(one: YearChange) -> Sentence:
    """Return an event with its kind, and what it moved where that is known."""
    told = {
        "opened": say("opened: {what}", what=one.said),
        "closed": say("closed: {what}", what=one.said),
        "beside": say("on the new way, {what}", what=one.said),
    }.get(one.kind, one.said)
    if one.cost_usd is None:
        return told
    days = (one.hours or 0.0) / 24
    if abs(days) < SHORTEST:
        return say("{what}: {usd:+m0} USD", what=told, usd=one.cost_usd)
    if abs(one.cost_usd) < CENT:
        return say("{what}: {days:+n1} days", what=told, days=days)
    return say("{what}: {usd:+m0} USD, {days:+n1} days", what=told, usd=one.cost_usd, days=days)
