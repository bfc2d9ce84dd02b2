"""The best ways of many pairs, leg by leg, as one table and one map."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from corridor_net.errors import BadValue, NoRoute
from corridor_net.questions.asked.places import DESTINATIONS, ORIGINS, PAIRS, asked_ends
from corridor_net.questions.asked.values import run_of
from corridor_net.questions.routes.route import leg_rows
from corridor_net.render.page import Column, Page, Table, numbers, page, table_of
from corridor_net.render.words import say
from corridor_net.results import Result, fields_of, measure

if TYPE_CHECKING:
    from corridor_net.analysis.route import Route
    from corridor_net.model import Model
    from corridor_net.network import Network

LAYER = "routes.geojson"
MOST = 10
"""Legs that are printed."""


@dataclass(frozen=True, kw_only=True)
class Routes(Result):
    """The best routes of pairs, origin by origin; `without` are the pairs that have none.

    `frame` has a row a leg. A pair of a place with itself is not asked.
    """

    QUESTION: ClassVar[str] = "routes"

    as_of: str
    scenario: str
    cargo: str
    by: str
    schedule: bool
    price_year: int
    routes: tuple[Route, ...]
    without: tuple[tuple[str, str], ...]
    network: Network = measure(hidden=True)

    def to_dict(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        found = [{**fields_of(one, "origin", "destination"), **one.as_json()} for one in self.routes]
        return {**super().to_dict(), "routes": found}

    def records(self) -> list[dict[str, Any]]:
        """Return the legs of all routes: origin, destination and the number of the leg first."""
        return [
            {**fields_of(one, "origin", "destination"), "leg": number, **row}
            for one in self.routes
            for number, row in enumerate(leg_rows(one), 1)
        ]


def answer(
    model: Model,
    *,
    origins: Annotated[tuple[str, ...], ORIGINS] = (),
    destinations: Annotated[tuple[str, ...], DESTINATIONS] = (),
    pairs: Annotated[tuple[str, ...], PAIRS] = (),
) -> Routes:
    """Find the best way of every origin to every destination, or of some pairs, each leg by leg.

    Where totals are enough, `matrix` has them sooner. In Python a pair may be two places:
    `pairs=[("harbin", "niigata"), ("yanji", "tokyo")]`. Raises UnknownName for a place, BadValue for what is no pair,
    for pairs beside origins or destinations, and where every pair is of one place; NoRoute where no pair has a route.

    >>> import corridor_net as cn
    >>> found = cn.load(as_of="2019-07-01").routes(origins=["harbin", "hunchun"], destinations=["niigata"])
    >>> [route.gateway for route in found.routes]
    ['dalian', 'dalian']
    """
    from corridor_net.analysis.routes import routes

    router = model.router
    starts, goals, asked = asked_ends(model, origins, destinations, pairs)
    asked = [pair for pair in asked or [(here, there) for here in starts for there in goals] if pair[0] != pair[1]]
    if not asked:
        raise BadValue(f"origin and destination are both '{starts[0]}'")
    found = routes(router, asked)
    if not found:
        raise NoRoute(
            f"none of {len(asked)} pairs has a route on {model.network.day}",
            hint="'route' says of one pair what is closed",
        )
    reached = {(one.origin, one.destination) for one in found}
    return Routes(
        **run_of(router, "as_of", "scenario", "cargo", "by", "price_year"),
        schedule=router.schedule,
        routes=tuple(found),
        without=tuple(pair for pair in asked if pair not in reached),
        network=model.network,
    )


def view(found: Routes) -> Page:
    """Show a row a pair, then the legs that most of the routes take."""
    first = say(
        "{reached} of {all} pairs have a route on {as_of}; prices of {price_year}.",
        found,
        reached=len(found.routes),
        all=len(found.routes) + len(found.without),
    )
    ways = table_of(
        found.routes,
        Column(heading="from", kind="name", of="origin"),
        Column(heading="to", kind="name", of="destination"),
        *numbers("USD", of="cost_usd"),
        *numbers("days", of="days", digits=1),
        *numbers("kg CO2e", of="co2_kg", rank=2),
        *numbers("km", of="distance_km", rank=3),
        Column(heading="gateway", kind="name", of=lambda route: route.gateway or "by land"),
        Column(heading="services", kind="names", most=34, rank=1, of="services"),
        title=say("{scenario:label}, {cargo:name}", found),
    )
    without = say("No route: {pairs:list}.", pairs=[say("{a:name} - {b:name}", a=a, b=b) for a, b in found.without])
    return page(first, ways, _busiest(found), without if found.without else None)


def _busiest(found: Routes) -> Table:
    """Return the legs on which cargo moves by how many of the routes take them, the most used first."""
    moved = [leg for route in found.routes for leg in route.legs if leg.distance_km]
    taken = Counter(leg.key for leg in moved)
    legs = {leg.key: leg for leg in moved}
    return table_of(
        [(legs[key], count) for key, count in taken.most_common(MOST)],
        Column(heading="from", kind="name", of=lambda row: row[0].from_node),
        Column(heading="to", kind="name", of=lambda row: row[0].to_node),
        Column(heading="by", kind="label", of=lambda row: row[0].mode),
        *numbers("routes", of=lambda row: row[1]),
        title="What most of the routes have in common",
    )


def layer(found: Routes) -> dict[str, Any]:
    """Give the routes as lines, RFC 7946, each with its totals and legs."""
    from corridor_net.output.maps.geojson import single_routes_geojson

    return single_routes_geojson((found.network, route) for route in found.routes)
