"""A service of the network as a liner: what each pair's boxes pay by it and by other ways, and its ship's account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, inf
from typing import Any

import numpy as np

from corridor_net.analysis.router import Router
from corridor_net.appraisal.liner import Liner, ShipAccount, logsum_usd
from corridor_net.costing.sailing import HOURS_PER_WEEK, headway_wait
from corridor_net.errors import BadValue, NoRoute, UnknownName, did_you_mean
from corridor_net.graph import Weighted
from corridor_net.network.rows import Service

from .demand import Freight
from .gateways import SCALE_PER_USD, ChoiceSets, path_sizes
from .traffic import DAYS_A_YEAR

WEEKS_A_YEAR = DAYS_A_YEAR / 7


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipKind:
    """What a ship of a kind is and asks, in USD of `price_year`; each figure with its source and grade in the docs."""

    room_teu: float
    charter_usd_per_day: float
    fuel_t_per_day_at_sea: float
    fuel_t_per_day_in_port: float
    port_dues_usd_per_call: float
    price_year: int


SHIPS: Mapping[str, ShipKind] = {
    "container_ship": ShipKind(
        room_teu=342,  # Sunny Linden, in these waters in 2014-17 (Korea Shipping Gazette; grade A)
        charter_usd_per_day=4600,  # 700 TEU, Far East, January 2017, crew within (SeaNews, IHS; grade A)
        fuel_t_per_day_at_sea=12,  # 14 knots; grade D
        fuel_t_per_day_in_port=1.5,  # grade D
        port_dues_usd_per_call=3000,  # tonnage, pilots, tugs, agent; grade D
        price_year=2017,
    ),
    "ropax": ShipKind(
        room_teu=130,  # Eastern Dream (Cruise, 18 November 2019; grade A)
        charter_usd_per_day=12000,  # 11,500 GT of 1993, crew within; grade D
        fuel_t_per_day_at_sea=32,  # 18 knots; grade D
        fuel_t_per_day_in_port=3,  # grade D
        port_dues_usd_per_call=6000,  # grade D
        price_year=2017,
    ),
}
"""Ships by the vehicle of a service."""
FUEL_USD_PER_T, FUEL_PRICE_YEAR = 379.0, 2018
"""High-sulphur fuel oil at Singapore, mean of December 2018 (Argus; grade A)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipFigures:
    """Figures that take the place of those of a kind of ship, in USD of the network's prices; None: its kind's own.

    `ships`: how many there are; as many as the present sailings need when None.
    """

    ships: int | None = None
    room_teu: float | None = None
    charter_usd_per_day: float | None = None
    fuel_usd_per_t: float | None = None
    port_dues_usd_per_call: float | None = None


OWN_FIGURES = ShipFigures()


@dataclass(frozen=True, kw_only=True)
class LinerService:
    """A service as a liner: its row, its ship's account, and what it may carry."""

    row: Service
    account: ShipAccount
    liner: Liner
    pairs: tuple[tuple[str, str], ...]
    left_out: tuple[tuple[str, str], ...]


def service_of(
    router: Router,
    service_id: str,
    streams: Sequence[Freight],
    year: int,
    *,
    growth: float = 0.0,
    scale_per_usd: float = SCALE_PER_USD,
    figures: ShipFigures = OWN_FIGURES,
    other_income_usd: float = 0.0,
) -> LinerService:
    """Return a service with what it may carry in a year; `figures` take the place of those of its kind of ship.

    Pairs that no way joins, the line or another, are left out. Raises UnknownName for a service that is not there,
    BadValue for one that does not run on the day or carries no boxes, and for a demand that is none.
    """
    row = _row(router, service_id)
    kind = SHIPS.get(row.vehicle, SHIPS["ropax" if row.vehicle == "roro" else "container_ship"])
    prices, teu = router.impedance.prices, router.impedance.cargo.teu
    per_year = prices.usd(1.0, "USD", kind.price_year)
    own = [router.impedance.arcs[number] for number in router.impedance.of_asset(row.service_id)]
    legs = [arc for arc in own if arc.key.endswith(":land")]
    hours_at_sea = sum(part.amount for arc in legs for part in arc.parts if part.quantity == "hours")
    hours_in_port = len(legs) * row.port_stay_hours
    fuel = _given(figures.fuel_usd_per_t, prices.usd(FUEL_USD_PER_T, "USD", FUEL_PRICE_YEAR))
    charter = _given(figures.charter_usd_per_day, kind.charter_usd_per_day * per_year)
    dues = _given(figures.port_dues_usd_per_call, kind.port_dues_usd_per_call * per_year)
    account = ShipAccount(
        days_at_sea=hours_at_sea / 24,
        days_in_port=hours_in_port / 24,
        calls=len(legs),
        charter_usd_per_day=charter,
        fuel_t_per_day_at_sea=kind.fuel_t_per_day_at_sea,
        fuel_t_per_day_in_port=kind.fuel_t_per_day_in_port,
        fuel_usd_per_t=fuel,
        port_dues_usd_per_call=dues,
    )
    rounds = HOURS_PER_WEEK / (hours_at_sea + hours_in_port)
    fleet = figures.ships if figures.ships is not None else max(1, ceil(row.sailings_per_week / rounds - 1e-9))
    if fleet < 1:
        raise BadValue(f"{fleet} ships", hint="1 or more")
    found, left_out = _by_pair(router, row, streams, year, growth, scale_per_usd)
    columns = np.array(found).T if found else np.zeros((5, 0))
    if not len(found) or not columns[0].sum() > 0:
        raise BadValue(
            f"there is no demand that {row.name} could carry in {year}", hint="give other traffic with --traffic FILE"
        )
    liner = Liner(
        boxes_per_week=columns[0],
        fixed_usd=columns[1],
        wait_usd=columns[2],
        other_usd=columns[3],
        freight_usd=columns[4],
        scale_per_usd=scale_per_usd,
        sailing_usd=account.cost_usd,
        room_boxes=_given(figures.room_teu, kind.room_teu) / teu,
        most_sailings=fleet * rounds,
        other_income_usd=other_income_usd,
    )
    kept = tuple((s.origin, s.destination) for s in streams if (s.origin, s.destination) not in left_out)
    return LinerService(row=row, account=account, liner=liner, pairs=kept, left_out=tuple(left_out))


def _given(figure: float | None, own: float) -> float:
    return own if figure is None else figure


def _row(router: Router, service_id: str) -> Any:
    every = {row.service_id for row in router.network.rows("service")}
    running = {row.service_id: row for row in router.network.active("service") if row.carries == "container"}
    if service_id in running and router.impedance.of_asset(service_id):
        return running[service_id]
    if service_id in every:
        raise BadValue(
            f"'{service_id}' does not carry boxes on {router.network.day}",
            hint="choose a day on which it runs, with --as-of",
        )
    raise UnknownName(f"unknown service '{service_id}'", hint=did_you_mean(service_id, every))


def _by_pair(
    router: Router, row: Service, streams: Sequence[Freight], year: int, growth: float, scale: float
) -> tuple[list[tuple[float, ...]], list[tuple[str, str]]]:
    """Return boxes a week, fixed cost by the line, cost of its wait, worth of other ways, and freight, by pair."""
    boards = [n for n in router.impedance.of_asset(row.service_id) if router.impedance.arcs[n].kind == "board"]
    closed = router.generalised.copy()
    closed[boards] = inf
    others = ChoiceSets(router, closed)
    forward, back = Weighted.of(router.graph, closed), Weighted.of(router.graph.reversed(), closed)
    mean, spread = headway_wait(1.0)
    wait = router.impedance.cargo.value_of_time * router.objective.timed(mean, spread)
    found: list[tuple[float, ...]] = []
    left_out: list[tuple[str, str]] = []
    trees: dict[tuple[str, str], Any] = {}
    for stream in streams:
        ends = (stream.origin, "origin"), (stream.destination, "destination")
        try:
            for end, weighted in zip(ends, (forward, back), strict=True):
                if end not in trees:
                    trees[end] = weighted.one_to_all(router.end_state(*end))
        except NoRoute:
            left_out.append((stream.origin, stream.destination))
            continue
        there, home = (trees[end] for end in ends)
        by_line = [_by_line(router, n, wait / row.sailings_per_week, there, home, row) for n in boards]
        fixed, freight = min(by_line, default=(inf, 0.0))
        other = _other(others, stream, scale)
        if fixed == inf and other == inf:
            left_out.append((stream.origin, stream.destination))
            continue
        boxes = float(stream.by_year([year], growth)[0]) / WEEKS_A_YEAR
        found.append((boxes, fixed, wait, other, freight))
    return found, left_out


def _by_line(router: Router, board: int, wait: float, there: Any, home: Any, row: Service) -> tuple[float, float]:
    """Return what a box pays that boards here once, without the wait, and what of it the ship earns, USD."""
    arc = router.impedance.arcs[board]
    fixed = float(there.distance[arc.tail] + router.generalised[board] - wait + home.distance[arc.head])
    if not fixed < inf:
        return inf, 0.0
    steps = [arc, *(router.impedance.arcs[n] for n in home.path(arc.head)[::-1].tolist())]
    own = [part for step in steps if step.asset_id == row.service_id for part in step.parts]
    return fixed, sum(part.amount for part in own if part.component == "freight" and part.quantity == "cost")


def _other(others: ChoiceSets, stream: Freight, scale: float) -> float:
    """Return what the ways without the line are worth together, as `gateways.choice` counts them; inf without any."""
    try:
        routes = others.between(stream.origin, stream.destination)
    except NoRoute:
        return inf
    costs = np.array([float(others.cost[arcs].sum()) for arcs in routes])
    return logsum_usd(costs, np.array(path_sizes(routes, others.cost)), scale)
