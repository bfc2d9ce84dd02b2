"""Time and cost over distance along a route, as UNESCAP draws them, and CAREC's indicators. No drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from corridor_net.errors import BadValue

from .route import Leg, Route

STANDARD_TONNES = 20.0
SECTION_KM = 500.0
"""CAREC counts cost for 20 tonnes over 500 km."""


@dataclass(frozen=True, slots=True)
class Point:
    """A corner of the chart: what has been covered, spent and paid when the step `label` is over."""

    distance_km: float
    hours: float
    cost_usd: float
    node: str
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class Border:
    """One border crossing of the route: hours and USD spent there, the change of gauge beside it included."""

    crossing: str
    node: str
    hours: float
    cost_usd: float


@dataclass(frozen=True, slots=True)
class Indicators:
    """CAREC's trade facilitation indicators of the land part of a route.

    `tfi1_border_hours` and `tfi2_border_usd` are means a border, None without a border;
    `tfi3_usd_per_500_km` is for 20 tonnes; `tfi4_speed_kmh` with all stops on the way counted, and
    `tfi4_speed_without_delay_kmh` without. None without land legs.
    """

    borders: tuple[Border, ...]
    land_km: float
    tfi1_border_hours: float | None
    tfi2_border_usd: float | None
    tfi3_usd_per_500_km: float | None
    tfi4_speed_kmh: float | None
    tfi4_speed_without_delay_kmh: float | None


@dataclass(frozen=True, slots=True)
class Profile:
    """A route as a chart: its points from the start (0, 0, 0) on, and its indicators."""

    title: str
    route: Route
    points: tuple[Point, ...]
    indicators: Indicators

    def to_dict(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        return {
            "title": self.title,
            "origin": self.route.origin,
            "destination": self.route.destination,
            "scenario": self.route.scenario,
            "gateway": self.route.gateway,
            "points": [_rounded(asdict(point)) for point in self.points],
            "indicators": _rounded(asdict(self.indicators)),
        }


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 2)
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return [_rounded(item) for item in value] if isinstance(value, (list, tuple)) else value


def profile(route: Route, payload_t: float, title: str = "") -> Profile:
    """Return the profile of a route: legs with a length slope, stops rise.

    `payload_t` is the cargo's weight, for the indicator per 20 tonnes. Raises BadValue when it is not above 0.
    """
    if not payload_t > 0:
        raise BadValue(f"the payload is {payload_t:g} tonnes", hint="it must be above 0")
    km = hours = usd = 0.0
    points = [Point(0.0, 0.0, 0.0, route.origin, "start", "start")]
    for leg in route.legs:
        km, hours, usd = km + leg.distance_km, hours + leg.hours, usd + leg.cost_usd
        points.append(Point(km, hours, usd, leg.to_node, _label(leg), "move" if leg.distance_km > 0 else "stop"))
    return Profile(title or route.scenario, route, tuple(points), indicators(route.legs, payload_t))


def _label(leg: Leg) -> str:
    if leg.kind == "crossing":
        return f"border {leg.subject}"
    if leg.kind in ("board", "charter", "sail"):
        return f"{leg.kind} {leg.subject}"
    return leg.mode if leg.distance_km > 0 else leg.kind


def indicators(legs: Sequence[Leg], payload_t: float) -> Indicators:
    """Return CAREC's four indicators over the land legs and the stops between them.

    A stop counts as on the way when there is a land leg before and after it with no leg by sea or air between: terminal
    work at the two ends and in ports does not. A change of gauge is counted to the border next to it.

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
        tuple(borders),
        km,
        sum(b.hours for b in borders) / count if count else None,
        sum(b.cost_usd for b in borders) / count if count else None,
        usd / km * SECTION_KM * STANDARD_TONNES / payload_t if km else None,
        km / delayed if delayed else None,
        km / hours if hours else None,
    )


def _stretches(legs: Sequence[Leg]) -> list[list[Leg]]:
    """Return the runs of legs from a first to a last land leg, cut where the cargo is at sea or in the air."""
    runs: list[list[Leg]] = [[]]
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


def _with_border_at_end(run: list[Leg], first: int, last: int) -> list[Leg]:
    end = last + 1
    while end < len(run) and (run[end].kind == "crossing" or "gauge_change" in run[end].components):
        end += 1
    return run[first:end]


def _borders(legs: Sequence[Leg]) -> list[Border]:
    """Return each crossing with the change of gauge right before or after it."""
    found: list[Border] = []
    waiting: Leg | None = None
    for leg in legs:
        if leg.kind == "crossing":
            extra = (waiting.hours, waiting.cost_usd) if waiting else (0.0, 0.0)
            found.append(Border(leg.subject, leg.to_node, leg.hours + extra[0], leg.cost_usd + extra[1]))
            waiting = None
        elif "gauge_change" in leg.components:
            if found and found[-1].node == leg.from_node:
                last = found[-1]
                found[-1] = Border(last.crossing, last.node, last.hours + leg.hours, last.cost_usd + leg.cost_usd)
            else:
                waiting = leg
    return found
