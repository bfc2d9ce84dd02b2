"""The published end-to-end figures against what the model says, each asked for as its row says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import inf
from typing import Any

from corridor_net.costing import Impedance, Prices, impedance
from corridor_net.errors import BadValue, CorridorError
from corridor_net.network import Network

from .route import Leg, Route, Router

WITHIN = 0.25
"""A claim is met when the model is no more than this share off the published value or range."""

MOVING = ("haul", "crossing", "sail", "charter")
"""Kinds of legs that take cargo from one place to another."""


@dataclass(frozen=True, slots=True)
class Check:
    """One published figure, what the model says, and how far off it is (0 inside a published range)."""

    claim: Any
    model: float | None
    error: float | None
    remark: str = ""

    @property
    def met(self) -> bool:
        """Whether the model is within 25 %."""
        return self.error is not None and abs(self.error) <= WITHIN


def validate(network: Network) -> tuple[Check, ...]:
    """Hold the model against every row of table `published`, in its order.

    Time: days realised (all components); timed, for a trial shipment sent the fastest way to meet its sailing
    (no waiting, and no dwell before it is loaded); or by schedule (the timetable alone). A claim that counts from
    the departure of its train, lorry or ship is not charged with loading before it, one that ends on arrival not
    with unloading and release after it. Money: USD of the year of the claim.

    Error: (model - published) / published, from the nearer end of a published range; a figure
    published as "more than" is a range without an upper end.
    """
    compiled: dict[tuple[date, str], Impedance] = {}
    checks = []
    for claim in network.rows("published"):
        if claim.comparable == "no":
            checks.append(Check(claim, None, None, "not comparable: " + claim.note))
            continue
        day = max(claim.as_of, network.days[0])
        key = (day, claim.cargo_id)
        if key not in compiled:
            compiled[key] = impedance(network.as_of(day), claim.cargo_id)
        try:
            model = _ask(network, compiled[key], claim)
        except CorridorError as error:
            checks.append(Check(claim, None, None, error.message))
            continue
        checks.append(Check(claim, model, _error(claim, model)))
    return tuple(checks)


def _error(claim: Any, model: float) -> float:
    high = claim.value if claim.value_high is None else claim.value_high
    if claim.bound == "from":
        high = inf
    if claim.value <= model <= high:
        return 0.0
    nearer = claim.value if model < claim.value else high
    return float((model - nearer) / nearer)


def _ask(network: Network, compiled: Impedance, claim: Any) -> float:
    if claim.metric == "lane":
        return network.lanes[claim.origin, claim.destination].length_km
    timed = claim.basis_of_time == "timed"
    router = Router(compiled, schedule=claim.basis_of_time == "schedule")
    chooser = Router(compiled, by="time", schedule=True) if timed else router
    route = chooser.route(claim.origin, claim.destination, via=_stops(claim.via))
    if timed:
        route = router.describe(route.origin, route.destination, route.arcs)
    if claim.metric == "distance":
        return route.distance_km
    if claim.metric == "time":
        legs = _within_scope(route, claim)
        return sum(leg.hours - (_not_waited(leg) if timed else 0.0) for leg in legs) / 24
    if claim.metric == "cost":
        return route.cost_usd * _rate(network, compiled, claim)
    other = router.route(claim.origin, claim.destination, via=_stops(claim.versus_via))
    if claim.metric == "distance_saving":
        return other.distance_km - route.distance_km
    return (other.cost_usd - route.cost_usd) * _rate(network, compiled, claim)


def _rate(network: Network, compiled: Impedance, claim: Any) -> float:
    """Return units of the currency of a claim for a US dollar, in the year of its day."""
    if claim.unit == "USD":
        return 1.0
    rates, year = Prices.of(network, compiled.prices.year).rates, compiled.prices.year
    if (claim.unit, year) not in rates:
        raise BadValue(f"no exchange rate for '{claim.unit}' in {year}", hint="add the year to exchange_rate.csv")
    return float(rates[claim.unit, year])


def _stops(text: str) -> list[str]:
    return [name for name in text.split(";") if name]


def _within_scope(route: Route, claim: Any) -> tuple[Leg, ...]:
    """Return the legs a claimed time counts: from the first that moves, to the last, where the claim says so."""
    moving = [number for number, leg in enumerate(route.legs) if leg.kind in MOVING]
    if not moving:
        return route.legs
    first = moving[0] if claim.scope_from == "departure" else 0
    last = moving[-1] if claim.scope_to == "arrival" else len(route.legs) - 1
    return route.legs[first : last + 1]


def _not_waited(leg: Leg) -> float:
    """Return hours a shipment timed to its sailing does not spend: all waits, and dwell on the way out."""
    hours = leg.components.get("wait", {}).get("hours", 0.0)
    if leg.subject.endswith(("-port_out", "-ferry_out")):
        hours += leg.components.get("dwell", {}).get("hours", 0.0)
    return hours
