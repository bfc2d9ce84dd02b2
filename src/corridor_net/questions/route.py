"""The best way between two places, leg by leg, with how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from corridor_net.questions import Ask
from corridor_net.render.page import Column, Page, Table, numbers, page
from corridor_net.render.words import Sentence, say, sentence_of
from corridor_net.results import Opened, measure

if TYPE_CHECKING:
    from corridor_net.analysis.route import Route
    from corridor_net.analysis.router import Router
    from corridor_net.costing import Arc
    from corridor_net.model import Model
    from corridor_net.network.rows import Mode
    from corridor_net.uncertainty.pair_doubt import PairDoubt

GROUP = "Routes"
LAYER = "routes.geojson"
KINDS = {"crossing": "border", "board": "boarding", "terminal": "terminal"}
"""What a leg is called, where it is not called by its mode."""
SURE = 0.5
"""A gateway that is the best in a smaller share of draws is told with the others."""


@dataclass(frozen=True, kw_only=True)
class RouteAnswer(Opened):
    """The best route of a pair; what is not here is looked up in the route: `gateway`, `cost_usd`, `hours`, `legs`, …

    `doubt` are the 10-90 % ranges and how often the gateway is the best, worked out when first asked for.
    """

    QUESTION: ClassVar[str] = "route"
    OF: ClassVar[str] = "route"

    route: Route = measure()
    router: Router = measure(hidden=True)

    @cached_property
    def doubt(self) -> PairDoubt:
        """How sure the answer is."""
        from corridor_net.uncertainty.ensemble import route_doubts

        pair = (self.route.origin, self.route.destination)
        return route_doubts(self.router, {pair: self.route.arcs})[pair]

    @property
    def assumptions(self) -> list[str]:
        """What is assumed on the way, in sentences."""
        from corridor_net.analysis.notes import assumptions

        return assumptions(self.route, self.router.network)

    def to_dict(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        found = self.route
        return {
            "origin": found.origin,
            "destination": found.destination,
            "cargo": found.cargo,
            "as_of": found.as_of,
            "scenario": found.scenario,
            "by": found.minimised,
            "schedule": found.schedule,
            "assumptions": self.assumptions,
            "doubt": self.doubt.to_dict(),
            "routes": [found.as_json()],
        }

    @property
    def frame(self) -> Any:
        """The legs as a pandas DataFrame: measures in the units of their names, components as columns."""
        import pandas as pd

        rows = []
        for leg, shown in zip(self.route.legs, self.route.as_json()["legs"], strict=True):
            row = {key: value for key, value in shown.items() if key not in ("components", "source_ids")}
            parts = {f"{name}_{unit}": v for name, both in leg.components.items() for unit, v in both.items()}
            rows.append({**row, **parts, "source_ids": " ".join(leg.source_ids)})
        return pd.DataFrame(rows)

    def __str__(self) -> str:
        return str(self.route)


def answer(
    model: Model,
    origin: Annotated[str, Ask("Where the cargo starts: id, UN/LOCODE, or name in any language of the data.")],
    destination: Annotated[str, Ask("Where it goes.")],
    *,
    via: Annotated[tuple[str, ...], Ask("Node the route must pass, in any order; repeatable.", "NODE")] = (),
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

    return pair_sentence(found.route, found.doubt)


def chance(found: RouteAnswer) -> Sentence:
    """Say how often the gateway is the best, and which are otherwise."""
    from corridor_net.output.chances import others, together

    doubt = found.doubt
    best = (
        say(
            "{gateway:name} is the best gateway in {share:p0} of draws", gateway=doubt.gateway, share=doubt.gateway_wins
        )
        if found.route.gateway is not None
        else say("The way by land is the best in {share:p0} of draws", share=doubt.gateway_wins)
    )
    said = [best]
    if together(doubt):
        said = [say("{said} ({region:name} {share:p0})", said=said[0], region=doubt.region, share=doubt.region_wins)]
    rest = others(doubt, 3)
    said += [say("otherwise {rest:list}", rest=rest)] if rest else []
    return sentence_of(*said)


def view(found: RouteAnswer) -> Page:
    """Show the answer in a sentence, then the legs, then what they rest on."""
    from corridor_net.analysis.notes import assumed, weak_share
    from corridor_net.analysis.route import DIGITS_IN_TABLES

    route, weak, amounts = found.route, weak_share(found.route), found.route.leg_amounts(DIGITS_IN_TABLES)
    kind = "timetable hours only" if route.schedule else "realised hours, waiting and queues included"
    title = say("{scenario:label} ({kind:label})", scenario=route.scenario, kind=kind)
    columns = (
        Column(heading="what", kind="label"),
        Column(heading="from", kind="name"),
        Column(heading="to", kind="name"),
        *numbers("km", rank=1),
        *numbers("hours", digits=1),
        *numbers("USD"),
        *numbers("kg CO2e", rank=2),
        Column(heading="grade", rank=3),
        Column(heading="sources", rank=4),
    )
    modes = found.router.network.vocabulary.modes
    rows = tuple(_row(leg, shown, modes) for leg, shown in zip(route.legs, amounts, strict=True))
    total = ("total", "", "", route.distance_km, route.hours, route.cost_usd, route.co2_kg, "", "")
    worth = (
        ""
        if route.schedule
        else say(
            "Generalised cost {cost:m0} USD of {year}: an hour is worth {hour:m2} USD, and {spread:n1} days of spread "
            "count {ratio:n1} times as much a day.",
            cost=route.generalised_cost_usd,
            year=route.price_year,
            hour=found.router.objective.value_of_time,
            spread=route.spread_hours / 24,
            ratio=found.router.objective.reliability_ratio,
        )
    )
    return page(
        first_sentence(found),
        Table(title=title, columns=columns, rows=rows, totals=(total,)),
        chance(found),
        worth or None,
        say("Grade C or D: {usd:p0} of the cost, {hours:p0} of the hours.", usd=weak["cost_usd"], hours=weak["hours"]),
        [say("Assumed: {note}.", note=note) for note in assumed(found.route, found.router.network)],
    )


def _row(leg: Arc, shown: Mapping[str, float], modes: Mapping[str, Mode]) -> tuple[str | float | None, ...]:
    mode = modes.get(leg.mode)
    carried = (mode.vehicle_label if leg.kind in ("sail", "charter") else mode.label) if mode else leg.mode
    return (
        KINDS.get(leg.kind, carried),
        leg.from_node,
        leg.to_node if leg.to_node != leg.from_node else "",
        shown["distance_km"] if leg.distance_km else None,
        shown["hours"],
        shown["cost_usd"],
        shown["co2_kg"] if leg.co2_kg else None,
        leg.grade,
        " ".join(leg.source_ids),
    )


def layer(found: RouteAnswer) -> dict[str, Any]:
    """Give the route as a line, RFC 7946."""
    from corridor_net.output.maps.geojson import single_routes_geojson

    return single_routes_geojson([(found.router.network, found.route)])
