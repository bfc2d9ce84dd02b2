"""A demand over years by kind of goods: boxes, what each year asks of links, crossings, ports and services.

Cargo divides over the routes that `gateways` looks at, by the shares of its logit; the network is that of one day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from corridor_net.analysis.router import Router
from corridor_net.appraisal.years import Floats
from corridor_net.errors import BadValue, NoRoute, UnknownName, did_you_mean
from corridor_net.network import Network

from .demand import Freight
from .equilibrium import ALPHA, BETA
from .gateways import Option, choice
from .liner import SHIPS
from .traffic import DAYS_A_YEAR

Asset = tuple[str, str]
"""What kind of thing is used, and its id."""
RouterOf = Callable[[str], Router]
"""Gives the router of a cargo profile."""


@dataclass(frozen=True, eq=False, kw_only=True)
class LaidDemand:
    """A demand laid on the network: for each freight what one box of it uses, and how long it is on the way.

    `uses` is TEU by asset, `tonnes` tonnes by link, `lorries` boxes by crossing, per box; `days` the mean days.
    """

    freight: tuple[Freight, ...]
    uses: tuple[dict[Asset, float], ...]
    tonnes: tuple[dict[Asset, float], ...]
    lorries: tuple[dict[Asset, float], ...]
    days: tuple[float, ...]
    cut_off: tuple[tuple[str, str, str], ...]
    routers: Mapping[str, Router] = field(repr=False)

    def sums(self, of: Sequence[Mapping[Asset, float]], boxes: Sequence[Floats]) -> dict[Asset, Floats]:
        """Return by asset what all freight asks of it by year; `boxes` are those of each freight by year."""
        found: dict[Asset, Floats] = {}
        for used, count in zip(of, boxes, strict=True):
            for asset, each in used.items():
                found[asset] = found.get(asset, np.zeros_like(count)) + each * count
        return found


def lay(freight: Sequence[Freight], router_of: RouterOf, scale_per_usd: float) -> LaidDemand:
    """Return a demand laid on the network by the shares of `gateways.choice`; what has no route is in `cut_off`.

    Raises BadValue where nothing has a route.
    """
    routers: dict[str, Router] = {}
    kept, uses, tonnes, lorries, days, cut_off = [], [], [], [], [], []
    for one in freight:
        router = routers.setdefault(one.cargo, router_of(one.cargo))
        try:
            options = choice(router, one.origin, one.destination, scale_per_usd=scale_per_usd).options
        except NoRoute:
            cut_off.append((one.origin, one.destination, one.cargo))
            continue
        cargo = router.impedance.cargo
        kept.append(one)
        uses.append(_weighed(router, options, cargo.teu, ("link", "crossing", "port", "service", "leg")))
        tonnes.append(_weighed(router, options, cargo.payload_t, ("link",)))
        lorries.append(_weighed(router, options, 1.0, ("crossing",)))
        days.append(sum(option.share * float(router.hours[list(option.arcs)].sum()) / 24 for option in options))
    if not kept:
        raise BadValue("no goods of the demand have a route", hint="name places that cargo reaches on the day")
    if not any(count > 0 for one in kept for count in one.boxes.values()):
        raise BadValue("there is no demand: all amounts are 0", hint="amounts above 0")
    return LaidDemand(
        freight=tuple(kept),
        uses=tuple(uses),
        tonnes=tuple(tonnes),
        lorries=tuple(lorries),
        days=tuple(days),
        cut_off=tuple(cut_off),
        routers=routers,
    )


def _weighed(router: Router, options: Sequence[Option], each: float, kinds: Sequence[str]) -> dict[Asset, float]:
    found: dict[Asset, float] = {}
    for option in options:
        for asset in _assets(router, option.arcs):
            if asset[0] in kinds:
                found[asset] = found.get(asset, 0.0) + option.share * each
    return found


def _assets(router: Router, arcs: Sequence[int]) -> Iterator[Asset]:
    """Yield what a route uses; a port once for each box loaded there and once for each landed."""
    for arc in (router.impedance.arcs[number] for number in arcs):
        if arc.kind == "haul":
            yield "link", arc.asset_id
        elif arc.kind == "crossing":
            yield "crossing", arc.asset_id
        elif arc.kind == "board":
            yield "port", arc.from_node
            yield "service", arc.asset_id
        elif arc.kind == "sail":
            yield "leg", arc.key.rpartition(":")[0]
            if arc.key.endswith(":land"):
                yield "port", arc.to_node
        elif arc.kind == "charter":
            yield "port", arc.from_node
            yield "port", arc.to_node
            yield "service", "charter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """What an asset can do a year, in a unit, and how a year's TEU, tonnes or lorries are counted against it."""

    amount: float
    unit: str


def capacities(network: Network, rooms: Mapping[str, float]) -> dict[Asset, Capacity]:
    """Return what is known of the capacity of crossings (lorries), links (tonnes) and services (TEU), a year.

    A service can carry the room of its ship times its sailings; `rooms` are TEU by service, in place of what ships of
    its kind hold. Raises UnknownName for a service that is not there.
    """
    found: dict[Asset, Capacity] = {}
    for row in network.active("crossing"):
        if row.capacity_per_day:
            found["crossing", row.crossing_id] = Capacity(amount=row.capacity_per_day * DAYS_A_YEAR, unit="lorries")
    for row in network.active("link"):
        if row.capacity_mt_per_year:
            found["link", row.link_id] = Capacity(amount=1e6 * row.capacity_mt_per_year, unit="t")
    known = {row.service_id: row for row in network.active("service")}
    for name in rooms:
        if name not in known:
            hint = did_you_mean(name, list(known), otherwise="a service that runs on the day")
            raise UnknownName(f"no service '{name}' runs on {network.day}", hint=hint)
    for name, row in known.items():
        room = rooms.get(name, SHIPS[row.vehicle].room_teu if row.vehicle in SHIPS else None)
        if room:
            found["service", name] = Capacity(amount=room * row.sailings_per_week * DAYS_A_YEAR / 7, unit="TEU")
    return found


Load = tuple[Floats, Floats, Capacity | None]
"""TEU by year, what counts against the capacity by year, and the capacity where one is known."""


def loads(laid: LaidDemand, boxes: Sequence[Floats], rooms: Mapping[str, float]) -> dict[Asset, Load]:
    """Return what the years ask of each asset.

    Of a service the fullest leg counts. Links count tonnes, crossings boxes, each on a lorry of its own.
    """
    network = next(iter(laid.routers.values())).network
    known = capacities(network, rooms)
    teu = laid.sums(laid.uses, boxes)
    counted = laid.sums(laid.tonnes, boxes) | laid.sums(laid.lorries, boxes)
    for (kind, key), amounts in teu.items():
        if kind == "leg":
            service = key.removeprefix("sail:").rpartition(":")[0]
            fullest = counted.get(("service", service), np.zeros_like(amounts))
            counted["service", service] = np.maximum(fullest, amounts)
    found = {}
    for asset, amounts in teu.items():
        if asset[0] != "leg":
            found[asset] = amounts, counted.get(asset, amounts), known.get(asset)
    return found


def queue_factor(use: float) -> float:
    """Return what the queue of a crossing is multiplied by at a share of its capacity: `1 + ALPHA use ^ BETA`."""
    return float(1 + ALPHA * use**BETA)
