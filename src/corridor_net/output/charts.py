"""Charts as SVG text, for print and for the report: each from the data of one analysis. No computing of answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from corridor_net.analysis.time_cost_distance import Point, Profile

from .svg import PALETTE, Scale, axes, document, dot, legend, polyline, text


def time_cost_distance_svg(profiles: Sequence[Profile], title: str) -> str:
    """Return the UNESCAP chart: hours (left) and USD (right) over km, one line a route, stops as steps."""
    width, height, foot = 1080, 470, 380
    body = [text(20, 26, title, kind="title")]
    longest = max(p.points[-1].distance_km for p in profiles)
    for left, words, value in ((80, "days since departure", _days), (600, "USD a box", _usd)):
        x = Scale(0, longest, left, left + 420)
        y = Scale(0, max(value(p.points[-1]) for p in profiles) * 1.04, foot, 56)
        body += axes(x, y, "km from the origin", words)
        for place, profile in enumerate(profiles):
            body += _curve(profile, x, y, value, PALETTE[place % len(PALETTE)], 2 if place else 5)
    body += legend(80, foot + 58, [(PALETTE[n % len(PALETTE)], p.title) for n, p in enumerate(profiles)])
    described = "; ".join(_told(p) for p in profiles)
    return document(width, height + 18 * max(0, len(profiles) - 2), body, title=title, description=described)


def _days(point: Point) -> float:
    return point.hours / 24


def _usd(point: Point) -> float:
    return point.cost_usd


def _told(profile: Profile) -> str:
    end = profile.points[-1]
    return f"{profile.title}: {end.distance_km:,.0f} km, {end.hours / 24:.1f} days, {end.cost_usd:,.0f} USD"


def _curve(
    profile: Profile, x: Scale, y: Scale, value: Callable[[Point], float], colour: str, width: float
) -> list[str]:
    points = [(x(p.distance_km), y(value(p))) for p in profile.points]
    body = [polyline(points, colour, width=width)]
    for before, here in zip(profile.points, profile.points[1:], strict=False):
        if here.kind == "stop" and value(here) > value(before):
            added = f"+{here.hours - before.hours:.1f} h, +{here.cost_usd - before.cost_usd:,.0f} USD"
            words = f"{here.node}, {here.label}: {added}"
            body.append(dot(x(here.distance_km), y((value(here) + value(before)) / 2), 3, colour, words))
    return body
