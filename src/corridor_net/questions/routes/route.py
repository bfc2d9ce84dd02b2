"""The best way between two places, leg by leg, with how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from corridor_net.questions import Ask
from corridor_net.questions._shared import Destination, Via
from corridor_net.questions.pages.uncertainty_words import among_rivals
from corridor_net.render.page import Column, Page, Table, elsewhere, keyed, numbers, page, table_of
from corridor_net.render.words import Sentence, say, sentence_of
from corridor_net.results import Opened, fields_of, measure

if TYPE_CHECKING:
    from corridor_net.analysis.joined import Joined
    from corridor_net.analysis.route import Route
    from corridor_net.analysis.router import Router
    from corridor_net.costing import Arc
    from corridor_net.model import Model
    from corridor_net.network.rows import Mode
    from corridor_net.uncertainty.ensembles.pair_uncertainty import PairUncertainty

LAYER = "routes.geojson"
KINDS = {"crossing": "border", "board": "boarding", "terminal": "terminal"}
"""What a leg is called, where it is not called by its mode."""
SHORT_ROUTE_KM = 100
"""Kilometres are told with a decimal up to here."""
SURE = 0.5
"""A gateway that is the best in a smaller share of draws is told with the others."""


@dataclass(frozen=True, kw_only=True)
class RouteAnswer(Opened):
    """The best route of a pair; what is not here is looked up in the route: `gateway`, `cost_usd`, `hours`, `legs`, …

    `uncertainty` are the 10-90% ranges and how often the gateway is the best, worked out when first asked for.
    """

    QUESTION: ClassVar[str] = "route"
    OF: ClassVar[str] = "route"

    route: Route = measure()
    router: Router = measure(hidden=True)

    @cached_property
    def uncertainty(self) -> PairUncertainty:
        """How sure the answer is."""
        from corridor_net.uncertainty.ensembles.searched import route_uncertainty

        pair = (self.route.origin, self.route.destination)
        return route_uncertainty(self.router, {pair: self.route.arcs})[pair]

    @cached_property
    def as_shown(self) -> Joined:
        """The route as it is told to people: links in turn of one road or line are one leg."""
        from corridor_net.analysis.joined import joined

        return joined(self.route, self.router.network)

    @property
    def assumptions(self) -> list[str]:
        """What is assumed on the way, in sentences."""
        from corridor_net.analysis.notes import assumptions

        return assumptions(self.route, self.router.network)

    def to_dict(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        return {
            **fields_of(self.route, "origin", "destination", "cargo", "as_of", "scenario"),
            "by": self.route.minimised,
            "schedule": self.route.schedule,
            "assumptions": self.assumptions,
            "uncertainty": self.uncertainty.to_dict(),
            "routes": [self.route.as_json()],
        }

    def records(self) -> list[dict[str, Any]]:
        """Return the legs: measures in the units of their names, components as columns."""
        return leg_rows(self.route)


def leg_rows(route: Route) -> list[dict[str, Any]]:
    """Return the legs of a route as flat rows: measures as shown, components as `NAME_usd` and `NAME_hours`."""
    rows = []
    for leg, shown in zip(route.legs, route.as_json()["legs"], strict=True):
        row = {key: value for key, value in shown.items() if key not in ("components", "source_ids")}
        parts = {
            f"{name}_{unit.removeprefix('cost_')}": v
            for name, both in leg.components.items()
            for unit, v in both.items()
        }
        rows.append({**row, **parts, "source_ids": " ".join(leg.source_ids)})
    return rows


def answer(
    model: Model,
    origin: Annotated[str, Ask("Where the cargo starts: id, UN/LOCODE, or name in any language of the data.")],
    destination: Destination,
    *,
    via: Via = (),
) -> RouteAnswer:
    """Find the best route between two places, leg by leg.

    Least generalised cost, or the measure named by `by`. A seaport is passed when the cargo goes through its port, not
    when a lorry drives by. Raises NoRoute with what is closed near the places, UnknownName for a place, BadValue for
    more than six to pass.

    >>> import corridor_net as cn
    >>> found = cn.load(as_of="2019-07-01").route("harbin", "niigata")
    >>> found.gateway, found.services[-1]
    ('dalian', 'busan-niigata')
    """
    return RouteAnswer(route=model.router.route(origin, destination, via=via), router=model.router)


def first_sentence(found: RouteAnswer) -> Sentence:
    """Say the answer: what it costs, how long it takes and by where, each with its range."""
    from corridor_net.output.pair_text import pair_sentence

    return pair_sentence(found.route, found.uncertainty)


def chance(found: RouteAnswer) -> Sentence:
    """Say how often the gateway is the best, and which are otherwise."""
    from corridor_net.output.chances import others, together

    uncertainty = found.uncertainty
    said = say("The way by land is the best in {gateway_wins:p0} of draws", uncertainty)
    if found.route.gateway is not None:
        said = say("{gateway:name} is the best gateway in {gateway_wins:p0} of draws", uncertainty)
    if together(uncertainty):
        said = say("{said} ({region:name} {region_wins:p0})", uncertainty, said=said)
    rest = others(uncertainty, 3)
    return sentence_of(said, *([say("otherwise {rest:list}", rest=rest)] if rest else []))


def not_known(found: RouteAnswer) -> tuple[()]:  # noqa: ARG001 (a question's function takes its answer)
    """Say nothing beside the answer: what is assumed on the way names them."""
    return ()


def view(found: RouteAnswer) -> Page:
    """Show the answer in a sentence, then the legs, then what they rest on."""
    from corridor_net.analysis.notes import assumed, weak_share

    route = found.route
    worth = say(
        "Generalised cost {generalised_cost_usd:m0} USD of {price_year}: an hour is worth {objective.value_of_time:m2} "
        "USD, and {spread_hours:d1} days of spread count {objective.reliability_ratio:n1} times as much a day.",
        route,
        objective=found.router.objective,
    )
    return page(
        first_sentence(found),
        _legs(found),
        chance(found),
        among_rivals(found.router),
        None if route.schedule else worth,
        say("Grade C or D: {cost_usd:p0} of the cost, {hours:p0} of the hours.", **weak_share(route)),
        [say("Assumed: {note}.", note=note) for note in assumed(route, found.router.network)],
    )


def _legs(found: RouteAnswer) -> Table:
    from corridor_net.analysis.route import DIGITS_IN_TABLES

    told, modes = found.as_shown, found.router.network.vocabulary.modes
    route, digits = told.route, 0 if found.route.distance_km >= SHORT_ROUTE_KM else 1
    amounts = route.leg_amounts({**DIGITS_IN_TABLES, "distance_km": digits})
    kind = "timetable hours only" if route.schedule else "realised hours, waiting and queues included"
    table = table_of(
        [_Leg(arc=arc, shown=of, called=name) for arc, of, name in zip(route.legs, amounts, told.called, strict=True)],
        Column(heading="what", kind="label", of=lambda leg: _what(leg.arc, modes)),
        *((Column(heading="road or line", of="called"),) if told.named else ()),
        Column(heading="from", kind="name", of="arc.from_node"),
        Column(heading="to", kind="name", of=lambda leg: elsewhere(leg.arc)),
        *numbers("km", of=lambda leg: leg.shown["distance_km"] if leg.arc.distance_km else None, digits=digits, rank=1),
        *numbers("hours", of=keyed("shown", "hours"), digits=1),
        *numbers("USD", of=keyed("shown", "cost_usd")),
        *numbers("kg CO2e", of=lambda leg: leg.shown["co2_kg"] if leg.arc.co2_kg else None, rank=2),
        Column(heading="grade", rank=3, of="arc.grade"),
        Column(heading="sources", rank=4, of=lambda leg: " ".join(leg.arc.source_ids)),
        title=say("{scenario:label} ({kind:label})", route, kind=kind),
    )
    totals = {"km": route.distance_km, "hours": route.hours, "USD": route.cost_usd, "kg CO2e": route.co2_kg}
    total = ("total", *(totals.get(str(column.heading), "") for column in table.columns[1:]))
    return replace(table, totals=(total,))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Leg:
    """A leg as it is told: its amounts rounded so that they add up, and the road or line that it is."""

    arc: Arc
    shown: Mapping[str, float]
    called: str


def _what(leg: Arc, modes: Mapping[str, Mode]) -> str:
    """Return what a leg is called: by its kind, else by its mode, at sea by the vehicle of it."""
    mode = modes.get(leg.mode)
    carried = (mode.vehicle_label if leg.kind in ("sail", "charter") else mode.label) if mode else leg.mode
    return KINDS.get(leg.kind, carried)


def layer(found: RouteAnswer) -> dict[str, Any]:
    """Give the route as a line, RFC 7946."""
    from corridor_net.output.maps.geojson import single_routes_geojson

    return single_routes_geojson([(found.router.network, found.route)])
