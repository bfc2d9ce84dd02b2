"""A week of departures as a chart: when one leaves, when it arrives, by which gateway. No computing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from corridor_net.analysis.timetables.journeys import Journey
from corridor_net.network.clock import hours_at
from corridor_net.render.words import Words, say

from .svg import ENGLISH, HEIGHT, WIDTH, Said, Scale, axes, colours_of, document, dot, legend_row, line, text


def profile_svg(
    journeys: Sequence[Journey], start: datetime, title: Said, words: Words = ENGLISH, *, inline: bool = False
) -> str:
    """Return days on the way over the departure, from `start` on: each arrival up to the latest departure for it."""
    first, title = start, words.text(title)
    colours = colours_of(sorted({one.gateway or "" for one in journeys}))
    key, top = legend_row(56, [(colour, words.name(gate or "by land")) for gate, colour in colours.items()])
    leaves = [(hours_at(one.departs) - hours_at(first)) / 24 for one in journeys]
    arrives = [leave + one.hours / 24 for leave, one in zip(leaves, journeys, strict=True)]
    x = Scale.of((0.0, max(leaves[-1], 0.5)), (90, WIDTH - 40))
    begins = [0.0, *leaves[:-1]]
    taken = [
        one.hours / 24 if one.moves else arrive - begin
        for one, arrive, begin in zip(journeys, arrives, begins, strict=True)
    ]
    ends = [*taken, *(arrive - leave for leave, arrive in zip(leaves, arrives, strict=True))]
    spread = max(ends) - min(ends) or 1.0
    y = Scale.of((max(min(ends) - 0.25 * spread, 0.0), max(ends) + 0.1 * spread), (HEIGHT - 84, top + 24))
    body: list[str] = []
    body += [*key, *axes(x, y, words.label("days after the first departure"), words.label("days on the way"), words)]
    for one, before, leave, first_days, arrive in zip(journeys, begins, leaves, taken, arrives, strict=True):
        colour = colours[one.gateway or ""]
        told = say(
            "leave by {leaves:moment}, arrive {arrives:moment}, {usd:m0} USD",
            leaves=(one.departs, None),
            arrives=(one.arrives, None),
            usd=one.cost_usd,
        )
        body.append(
            f'<line x1="{x(before):g}" y1="{y(first_days):g}" x2="{x(leave):g}" y2="{y(arrive - leave):g}" '
            f'stroke="{colour}" stroke-width="2.5"/>'
        )
        body += [
            line(x(leave), y(arrive - leave), x(leave), y.start, "grid"),
            dot(x(leave), y(arrive - leave), 4, colour, words.text(told)),
        ]
    note = say(
        "Dots: the latest departure for an arrival; lines fall because who leaves later waits less, and are level "
        "where nothing is waited for. Local times."
    )
    body.append(text(20, HEIGHT - 18, words.text(note), kind="small"))
    described = "; ".join(
        words.text(say("leave by {leaves:moment}: {days:n1} days", leaves=(one.departs, None), days=one.hours / 24))
        for one in journeys
    )
    return document(HEIGHT, body, title=title, description=described, inline=inline)
