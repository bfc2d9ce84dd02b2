"""The best route between two places, with all its measures by leg and component. No drawing, no printing."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any, overload

import numpy as np

from corridor_net.costing import MINIMISED, Arc
from corridor_net.rounding import fitted, fitted_units

DIGITS = {"distance_km": 1, "hours": 2, "cost_usd": 2, "co2_kg": 2, "spread_hours": 2}
"""Decimals of the measures of a leg in files."""
TOTALS = {"cost_usd": 2, "hours": 2, "spread_hours": 2, "co2_kg": 2, "generalised_cost_usd": 2, "distance_km": 1}
"""Decimals of the measures of a whole route, in the order of every file."""
BOARDING, CROSSING = ("board", "charter"), "crossing"
"""Kinds of steps that board a service or a ship on demand, and that pass a border."""
DIGITS_IN_TABLES = {"distance_km": 0, "hours": 1, "cost_usd": 0, "co2_kg": 0}
"""Decimals of the measures where people read them."""


class Legs(Sequence[Arc]):
    """Some arcs of a network in their order, by the timetable where asked; all are made when one is looked at."""

    def __init__(self, arcs: Sequence[Arc], numbers: Sequence[int], *, by_timetable: bool = False) -> None:
        self.arcs, self.numbers, self.by_timetable = arcs, numbers, by_timetable

    @cached_property
    def made(self) -> tuple[Arc, ...]:
        """The legs themselves."""
        steps = (self.arcs[number] for number in self.numbers)
        return tuple(step.by_timetable() if self.by_timetable else step for step in steps)

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, place: int) -> Arc: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Arc, ...]: ...
    def __getitem__(self, place: int | slice) -> Arc | tuple[Arc, ...]:
        return self.made[place]

    def __eq__(self, other: object) -> bool:
        return self.made == (other.made if isinstance(other, Legs) else other)

    def __hash__(self) -> int:
        return hash(self.made)

    def __reduce__(self) -> tuple[type[tuple[Arc, ...]], tuple[tuple[Arc, ...]]]:
        """Return the legs alone, not the network they are of."""
        return tuple, (self.made,)


@dataclass(frozen=True, kw_only=True)
class Route:
    """A route with all its measures, whichever of them was minimised.

    `cost_usd`, `generalised_cost_usd`: USD of `price_year` per box; `hours`; `spread_hours`: sum of the
    standard deviations of all that takes time (see `Objective`; 0 by the timetable); `co2_kg`: well to wheel;
    `gateway`: the port where the cargo takes to the sea or the air (from across the sea: where it lands); None by
    land. `gateways`: that of each passage, in order.

    >>> import corridor_net as cn
    >>> route = cn.load(as_of="2019-07-01").router.route("harbin", "niigata")
    >>> abs(round(sum(leg.cost_usd for leg in route.legs) - route.cost_usd, 6)), route.gateways
    (0.0, ('dalian',))
    """

    origin: str
    destination: str
    cargo: str
    as_of: str
    scenario: str
    minimised: str
    schedule: bool
    price_year: int
    cost_usd: float
    hours: float
    spread_hours: float
    co2_kg: float
    generalised_cost_usd: float
    distance_km: float
    gateway: str | None
    crossings: tuple[str, ...]
    services: tuple[str, ...]
    legs: Sequence[Arc] = field(repr=False)
    arcs: tuple[int, ...] = field(repr=False, default=())
    gateways: tuple[str, ...] = ()
    projected_from: str = ""
    """The last day of the data, where the route is of a day beyond them."""

    @property
    def days(self) -> float:
        """Hours / 24."""
        return self.hours / 24

    @property
    def minimised_amount(self) -> float:
        """What was minimised: USD, hours or kg CO2e."""
        return float(getattr(self, MINIMISED[self.minimised]))

    @property
    def ports(self) -> tuple[str, ...]:
        """The ports where the cargo goes on board a ship or an aircraft, in order; a train is boarded by land."""
        aboard = (leg.from_node for leg in self.legs if leg.kind in BOARDING and leg.medium != "land")
        return tuple(dict.fromkeys(aboard))

    def component(self, quantity: str) -> dict[str, float]:
        """Return totals by component; `quantity` is `cost_usd` or `hours`."""
        totals: dict[str, float] = {}
        for leg in self.legs:
            for name, parts in leg.components.items():
                if quantity in parts:
                    totals[name] = totals.get(name, 0.0) + parts[quantity]
        return totals

    def grade_shares(self) -> dict[str, dict[str, float]]:
        """Return the share of cost and of hours that rests on figures of each grade."""
        shares: dict[str, dict[str, float]] = {"cost_usd": {}, "hours": {}}
        for quantity, total in (("cost_usd", self.cost_usd), ("hours", self.hours)):
            for leg in self.legs:
                for grade, amount in leg.by_grade[quantity].items():
                    shares[quantity][grade] = shares[quantity].get(grade, 0.0) + amount
            shares[quantity] = {
                grade: amount / total if total else 0.0 for grade, amount in sorted(shares[quantity].items())
            }
        return shares

    def leg_amounts(self, digits: Mapping[str, int] | None = None) -> list[dict[str, Any]]:
        """Return the measures of each leg as they are shown: rounded so that they add up to the route's.

        `digits` are the decimals of each measure; those of the JSON shape when not given. By the timetable no leg has a
        spread.
        """
        return amounts_of_legs([self], digits)[0]

    def as_json(self) -> dict[str, Any]:
        """Return one entry of `routes` in the documented JSON shape."""
        legs = zip(self.legs, self.leg_amounts(), strict=True)
        return {
            **totals_of(self),
            "price_year": self.price_year,
            **({"projected_from": self.projected_from, "grade": "D"} if self.projected_from else {}),
            "gateway": self.gateway,
            "gateways": list(self.gateways),
            "crossings": list(self.crossings),
            "services": list(self.services),
            "legs": [leg_json(leg, amounts) for leg, amounts in legs],
        }

    def __str__(self) -> str:
        lines = [
            f"{self.origin} to {self.destination} as of {self.as_of}: {self.cost_usd:,.0f} USD, "
            f"{self.days:.1f} days, {self.co2_kg:,.0f} kg CO2e, {self.distance_km:,.0f} km, "
            f"gateway {', '.join(self.gateways) or 'none'}"
        ]
        lines += [
            f"  {leg.mode:<9}{leg.from_node} - {leg.to_node}: {shown['distance_km']:,.0f} km, {shown['hours']:.1f} h, "
            f"{shown['cost_usd']:,.0f} USD ({leg.asset_id})"
            for leg, shown in zip(self.legs, self.leg_amounts(DIGITS_IN_TABLES), strict=True)
        ]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        from corridor_net.errors import markup

        cells = "".join(
            f"<tr><td>{markup(leg.mode)}</td><td>{markup(leg.from_node)}</td><td>{markup(leg.to_node)}</td>"
            f"<td>{shown['distance_km']:,.0f}</td><td>{shown['hours']:.1f}</td><td>{shown['cost_usd']:,.0f}</td>"
            f"<td>{shown['co2_kg']:,.0f}</td><td>{leg.grade}</td></tr>"
            for leg, shown in zip(self.legs, self.leg_amounts(DIGITS_IN_TABLES), strict=True)
        )
        head = "".join(f"<th>{name}</th>" for name in ("mode", "from", "to", "km", "hours", "USD", "kg CO2e", "grade"))
        return f"<p>{markup(str(self).splitlines()[0])}</p><table><tr>{head}</tr>{cells}</table>"


def amounts_of_legs(routes: Sequence[Route], digits: Mapping[str, int] | None = None) -> list[list[dict[str, Any]]]:
    """Return `leg_amounts` of many routes at once."""
    owner = np.repeat(np.arange(len(routes)), [len(route.legs) for route in routes])
    legs = [leg for route in routes for leg in route.legs]
    columns: dict[str, list[float | None]] = {}
    for name, places in (digits or DIGITS).items():
        totals = [getattr(route, name) for route in routes]
        units = fitted_units([getattr(leg, name) for leg in legs], owner, totals, places)
        columns[name] = (units / 10**places).tolist()
    if not digits:
        known = [not route.schedule for route in routes for _ in route.legs]
        columns["spread_hours"] = [
            own if told else None for own, told in zip(columns["spread_hours"], known, strict=True)
        ]
    rows = (dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True))
    return [list(islice(rows, len(route.legs))) for route in routes]


def leg_json(leg: Arc, amounts: Mapping[str, Any]) -> dict[str, Any]:
    """Return a leg in the documented JSON shape; `amounts` are those shown of it (`Route.leg_amounts`)."""
    components = leg.components
    for quantity in ("cost_usd", "hours"):
        named = {name: parts[quantity] for name, parts in components.items() if quantity in parts}
        shown = fitted(list(named.values()), DIGITS[quantity], amounts[quantity])
        for name, value in zip(named, shown, strict=True):
            components[name][quantity] = value
    return {
        "from": leg.from_node,
        "to": leg.to_node,
        "mode": leg.mode,
        "kind": leg.kind,
        "asset_id": leg.asset_id,
        **amounts,
        "components": components,
        "source_ids": list(leg.source_ids),
        "grade": leg.grade,
    }


def totals_of(measured: Any) -> dict[str, float | None]:
    """Return the measures of a route or trip as in every file; by the timetable there is no spread."""
    unknown = ("spread_hours",) if measured.schedule else ()
    return {
        name: None if name in unknown else round(getattr(measured, name), digits) for name, digits in TOTALS.items()
    }


def services_of(steps: Iterable[Arc]) -> tuple[str, ...]:
    """Return the services that are boarded, in order and once; `charter` for a ship on demand."""
    return tuple(dict.fromkeys(step.asset_id for step in steps if step.kind in BOARDING))


def crossings_of(steps: Iterable[Arc]) -> tuple[str, ...]:
    """Return the border crossings that are passed, in order."""
    return tuple(step.asset_id for step in steps if step.kind == CROSSING)


def gateway_of(overseas: Container[str], origin: str, sea: Sequence[tuple[str, str]]) -> str | None:
    """Return the port where the cargo first takes to the sea or the air; from across the sea, where it lands last.

    `overseas` are the nodes across the sea (`Network.overseas`), `sea` the two ends of each step that leaves land.
    """
    if not sea:
        return None
    if origin not in overseas:
        return sea[0][0]
    landed = [there for _, there in sea if there not in overseas]
    return landed[-1] if landed else None


def gateways_of(overseas: Container[str], steps: Sequence[Arc]) -> tuple[str, ...]:
    """Return the gateway of each passage by sea or air, in order: where it begins, or, from across the sea, lands.

    A passage is all voyages and flights with no way by land between them: a transhipment does not end it.
    """
    passages: list[list[Arc]] = []
    ashore = True
    for step in steps:
        if step.leaves_land:
            passages += [[]] if ashore else []
            passages[-1].append(step)
            ashore = False
        elif step.distance_km:
            ashore = True
    found = (p[0].from_node if p[0].from_node not in overseas else p[-1].to_node for p in passages)
    return tuple(dict.fromkeys(gate for gate in found if gate not in overseas))
