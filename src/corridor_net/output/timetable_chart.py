"""A week of departures as a chart: when one leaves, when it arrives, by which gateway. No computing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from corridor_net.analysis.journeys import Journey
from corridor_net.network.clock import hours_at, local_time

from .svg import PALETTE, Scale, axes, document, dot, legend_row, line, text

WIDTH = 1080.0


def profile_svg(
    journeys: Sequence[Journey], start: datetime, title: str, names: Mapping[str, str], *, inline: bool = False
) -> str:
    """Return days on the way over the departure, from `start` on: each arrival up to the latest departure for it."""
    first = start
    gates = sorted({one.gateway or "" for one in journeys})
    colours = {gate: PALETTE[n % len(PALETTE)] for n, gate in enumerate(gates)}
    key, top = legend_row(20, 54, WIDTH - 40, [(colours[gate], names.get(gate, "by land")) for gate in gates])
    leaves = [(hours_at(one.departs) - hours_at(first)) / 24 for one in journeys]
    arrives = [leave + one.hours / 24 for leave, one in zip(leaves, journeys, strict=True)]
    x = Scale(0.0, max(leaves[-1], 0.5), 90, WIDTH - 40)
    begins = [0.0, *leaves[:-1]]
    taken = [
        one.hours / 24 if one.moves else arrive - begin
        for one, arrive, begin in zip(journeys, arrives, begins, strict=True)
    ]
    longest = max(taken)
    y = Scale(0.0, longest * 1.06, top + 340, top + 24)
    body = [text(20, 26, title, kind="title"), *key, *axes(x, y, "days after the first departure", "days on the way")]
    for one, before, leave, first_days, arrive in zip(journeys, begins, leaves, taken, arrives, strict=True):
        colour = colours[one.gateway or ""]
        words = f"leave by {local_time(one.departs)}, arrive {local_time(one.arrives)}, {one.cost_usd:,.0f} USD"
        body.append(
            f'<line x1="{x(before):g}" y1="{y(first_days):g}" x2="{x(leave):g}" y2="{y(arrive - leave):g}" '
            f'stroke="{colour}" stroke-width="2.5"/>'
        )
        body += [
            line(x(leave), y(arrive - leave), x(leave), y.start, "grid"),
            dot(x(leave), y(arrive - leave), 4, colour, words),
        ]
    body.append(
        text(
            20,
            top + 396,
            "Dots: the latest departure for an arrival; lines fall because who leaves later waits less, and are level "
            "where nothing is waited for. Local times.",
            kind="small",
        )
    )
    told = "; ".join(f"leave by {local_time(one.departs)}: {one.hours / 24:.1f} days" for one in journeys)
    return document(WIDTH, top + 408, body, title=title, description=told, inline=inline)
