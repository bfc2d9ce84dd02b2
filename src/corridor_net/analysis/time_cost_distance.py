"""Time and cost over distance along a route, as UNESCAP draws them, and CAREC's indicators. No drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from corridor_net.costing import Arc, Part
from corridor_net.errors import BadValue
from corridor_net.results import Result, measure, plain

from .route import Route

STANDARD_TONNES = 20.0
SECTION_KM = 500.0
"""CAREC counts cost for 20 tonnes over 500 km."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A corner of the chart: what has been covered, spent and paid when the step `label` is over."""

    distance_km: float = measure("km", 2)
    hours: float = measure("h", 2)
    cost_usd: float = measure("USD", 2)
    node: str
    label: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Border:
    """One border crossing of the route: hours and USD spent there, the change of gauge beside it included.

    Not the fixed part of the tariff by which the next carrier goes on.
    """

    crossing: str
    node: str
    hours: float = measure("h", 2)
    cost_usd: float = measure("USD", 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicators:
    """CAREC's trade facilitation indicators of the land part of a route.

    `tfi1_border_hours` and `tfi2_border_usd` are means a border, None without a border;
    `tfi3_usd_per_500_km` is for 20 tonnes; `tfi4_speed_kmh` with all stops on the way counted, and
    `tfi4_speed_without_delay_kmh` without. None without land legs.
    """

    borders: tuple[Border, ...]
    land_km: float = measure("km", 2)
    tfi1_border_hours: float | None = measure("h", 2)
    tfi2_border_usd: float | None = measure("USD", 2)
    tfi3_usd_per_500_km: float | None = measure("USD", 2)
    tfi4_speed_kmh: float | None = measure("km/h", 2)
    tfi4_speed_without_delay_kmh: float | None = measure("km/h", 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile(Result):
    """A route as a chart: its points from the start (0, 0, 0) on, and its indicators."""

    title: str
    route: Route = measure(hidden=True)
    points: tuple[Point, ...]
    indicators: Indicators

    def to_dict(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        ends = {name: getattr(self.route, name) for name in ("origin", "destination", "scenario", "gateway")}
        return {"title": self.title, **ends, "points": plain(self.points), "indicators": plain(self.indicators)}


def profile(route: Route, payload_t: float, title: str = "") -> Profile:
    """Return the profile of a route: legs with a length slope, stops rise.

    `payload_t` is the cargo's weight, for the indicator per 20 tonnes. Raises BadValue when it is not above 0.
    """
    if not payload_t > 0:
        raise BadValue(f"the payload is {payload_t:g} tonnes", hint="it must be above 0")
    start = {"node": route.origin, "label": "start", "kind": "start"}
    points = [Point(distance_km=0.0, hours=0.0, cost_usd=0.0, **start)]
    for leg in route.legs:
        before, kind = points[-1], "move" if leg.distance_km > 0 else "stop"
        points.append(
            Point(
                distance_km=before.distance_km + leg.distance_km,
                hours=before.hours + leg.hours,
                cost_usd=before.cost_usd + leg.cost_usd,
                node=leg.to_node,
                label=_label(leg),
                kind=kind,
            )
        )
    found = indicators(route.legs, payload_t)
    return Profile(title=title or route.scenario, route=route, points=tuple(points), indicators=found)


def _label(leg: Arc) -> str:
    if leg.kind == "crossing":
        return f"border {leg.asset_id}"
    if leg.kind in ("board", "charter", "sail"):
        return f"{leg.kind} {leg.asset_id}"
    return leg.mode if leg.distance_km > 0 else leg.kind


def indicators(legs: Sequence[Arc], payload_t: float) -> Indicators:
    """Return CAREC's four indicators over the land legs and the stops between them.

    A stop counts as on the way when there is a land leg before and after it with no leg by sea or air between: terminal
    work at the two ends and in ports does not. A change of gauge is counted to the border next to it, the fixed part
    of a tariff that is paid there to what is paid on the way.

        TFI1 = hours at borders / borders              TFI2 = USD at borders / borders
        TFI3 = land USD / land km x 500 x 20 / payload TFI4 = land km / (moving hours + stops on the way)
    """
    stretches = _stretches(legs)
    moving = [leg for stretch in stretches for leg in stretch if leg.distance_km > 0]
    stops = [leg for stretch in stretches for leg in stretch if leg.distance_km == 0]
    borders = _borders([leg for stretch in stretches for leg in stretch])
    km, hours = sum(leg.distance_km for leg in moving), sum(leg.hours for leg in moving)
    delayed = hours + sum(leg.hours for leg in stops)
    usd = sum(leg.cost_usd for leg in (*moving, *stops))
    count = len(borders)
    return Indicators(
        borders=tuple(borders),
        land_km=km,
        tfi1_border_hours=sum(b.hours for b in borders) / count if count else None,
        tfi2_border_usd=sum(b.cost_usd for b in borders) / count if count else None,
        tfi3_usd_per_500_km=usd / km * SECTION_KM * STANDARD_TONNES / payload_t if km else None,
        tfi4_speed_kmh=km / delayed if delayed else None,
        tfi4_speed_without_delay_kmh=km / hours if hours else None,
    )


def _stretches(legs: Sequence[Arc]) -> list[list[Arc]]:
    """Return the runs of legs from a first to a last land leg, cut where the cargo is at sea or in the air."""
    runs: list[list[Arc]] = [[]]
    for leg in legs:
        if leg.medium != "land":
            runs.append([])
        else:
            runs[-1].append(leg)
    found = []
    for run in runs:
        places = [n for n, leg in enumerate(run) if leg.distance_km > 0]
        if places:
            found.append(_with_border_at_end(run, places[0], places[-1]))
    return found


def _with_border_at_end(run: list[Arc], first: int, last: int) -> list[Arc]:
    end = last + 1
    while end < len(run) and (run[end].kind == "crossing" or "gauge_change" in run[end].components):
        end += 1
    return run[first:end]


def _to_clear(part: Part) -> bool:
    """Whether a part of an arc is money paid to pass the border, and not to be carried on."""
    return part.quantity == "cost" and part.component != "haul"


def _borders(legs: Sequence[Arc]) -> list[Border]:
    """Return each crossing with the change of gauge right before or after it."""
    borders: list[list[Arc]] = []
    waiting: list[Arc] = []
    for leg in legs:
        if leg.kind == "crossing":
            borders.append([leg, *waiting])
            waiting = []
        elif "gauge_change" in leg.components:
            if borders and borders[-1][0].to_node == leg.from_node:
                borders[-1].append(leg)
            else:
                waiting = [leg]
    return [
        Border(
            crossing=steps[0].asset_id,
            node=steps[0].to_node,
            hours=sum(step.hours for step in steps),
            cost_usd=sum(part.amount for step in steps for part in step.parts if _to_clear(part)),
        )
        for steps in borders
    ]
