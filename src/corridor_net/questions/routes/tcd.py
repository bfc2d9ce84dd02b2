"""Where time and money go along the way, over distance, with CAREC's indicators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from corridor_net.questions import Ask, networks_of
from corridor_net.questions._shared import Destination, Origin
from corridor_net.render.chart import Chart, Curves
from corridor_net.render.page import Column, Page, Table, numbers, page, table_of
from corridor_net.render.words import Sentence, say
from corridor_net.results import Result, measure

if TYPE_CHECKING:
    from corridor_net.analysis.route import Route
    from corridor_net.analysis.time_cost_distance import Profile
    from corridor_net.model import Model
    from corridor_net.render.words import Words

LAYER = "ways.geojson"


@dataclass(frozen=True, kw_only=True)
class Profiles(Result):
    """One profile a way: the best, ways through other places, and the best under the scenarios."""

    QUESTION: ClassVar[str] = "tcd"

    as_of: str
    cargo: str
    profiles: tuple[Profile, ...]
    through: tuple[str, ...] = measure(hidden=True, default=())

    def records(self) -> list[dict[str, Any]]:
        """Return the points of all profiles."""
        return [{"profile": one["title"], **point} for one in self.to_dict()["profiles"] for point in one["points"]]


def answer(
    model: Model,
    origin: Origin,
    destination: Destination,
    *,
    through: Annotated[tuple[str, ...], Ask("Draw the best way through it too; repeatable.", metavar="NODE")] = (),
) -> Profiles:
    """Show time and cost over distance: the best way, ways through other places, and under the scenarios.

    Legs with a length slope, stops rise (UNESCAP's time-cost-distance method), and CAREC's four indicators of the land
    part. Raises NoRoute and UnknownName as `route`.

    >>> import corridor_net as cn
    >>> found = cn.load(as_of="2019-07-01").tcd("harbin", "niigata", through=["vladivostok"])
    >>> [profile.route.gateway for profile in found.profiles]
    ['dalian', 'vladivostok']
    """
    from corridor_net.analysis.time_cost_distance import profile

    router = model.before.router
    payload = router.impedance.cargo.payload_t
    nodes = model.network.nodes

    def titled(route: Route) -> Profile:
        by = f", by {nodes[route.gateway].name}" if route.gateway else ""
        return profile(route, payload, f"{route.scenario}{by}")

    found = [titled(router.route(origin, destination))]
    for name in through:
        route = router.route(origin, destination, via=[name])
        found.append(profile(route, payload, f"through {model.network.node(name).name}"))
    if model.scenario is not None:
        found.append(titled(model.router.route(origin, destination)))
    return Profiles(
        as_of=str(model.network.day),
        cargo=router.impedance.cargo.cargo_id,
        profiles=tuple(found),
        through=tuple(model.network.node(name).node_id for name in through),
    )


def view(found: Profiles) -> Page:
    """Show the indicators side by side, then each way stop by stop."""
    titles = [_title(found, number) for number in range(len(found.profiles))]
    speeds = ("indicators.tfi4_speed_kmh", "indicators.tfi4_speed_without_delay_kmh")
    measured = table_of(
        found.profiles,
        Column(heading="way", kind="label", of=lambda one: titles[found.profiles.index(one)]),
        *numbers("land km", of="indicators.land_km"),
        *numbers("borders", of=lambda one: len(one.indicators.borders)),
        *numbers("TFI1 hours a border", of="indicators.tfi1_border_hours", digits=1),
        *numbers("TFI2 USD a border", of="indicators.tfi2_border_usd"),
        *numbers("TFI3 USD per 500 km", of="indicators.tfi3_usd_per_500_km"),
        *numbers("TFI4 km/h", "without stops", of=speeds, digits=1, rank=1),
        title="Indicators of the land part",
    )
    note = say(
        "TFI1, TFI2: hours and money a border; TFI3: money for 20 t over 500 km of land; TFI4: km/h on land, with "
        "stops."
    )
    return page(list(map(_points, titles, found.profiles)), measured, note)


def _title(found: Profiles, number: int) -> Sentence:
    """Return what a way is called: the baseline's, those through a place, then that of the scenario."""
    if 0 < number <= len(found.through):
        return say("through {place:name}", place=found.through[number - 1])
    route = found.profiles[number].route
    return say("{scenario:label}, by {gateway:name}" if route.gateway else "{scenario:label}", route)


def _points(title: Sentence, one: Profile) -> Table:
    return table_of(
        zip(one.points, one.points[1:], strict=False),
        Column(heading="to", kind="name", of=lambda step: step[1].node),
        Column(heading="by", kind="step", most=30, of=lambda step: step[1].label),
        *numbers("km", of=lambda step: step[1].distance_km),
        *numbers("hours", of=lambda step: step[1].hours, digits=1),
        *numbers("USD", of=lambda step: step[1].cost_usd),
        *numbers("+ hours", of=lambda step: step[1].hours - step[0].hours, digits=1, rank=1, adds="steps"),
        *numbers("+ USD", of=lambda step: step[1].cost_usd - step[0].cost_usd, rank=1, adds="steps"),
        title=say("{title}: {hours:d1} days, {cost_usd:m0} USD", one.points[-1], title=title),
    )


def charts(found: Profiles) -> Mapping[str, Chart]:
    """Draw all ways in one chart."""
    from corridor_net.output.charts.charts import time_cost_distance_svg

    title = say("{origin:name} to {destination:name}, {as_of}: time and cost over distance", found.profiles[0].route)
    titles = [_title(found, number) for number in range(len(found.profiles))]
    lines = [
        (named, [(point.distance_km, point.hours / 24) for point in one.points])
        for named, one in zip(titles, found.profiles, strict=True)
    ]

    def drawn(words: Words) -> str:
        told = [replace(one, title=words.text(named)) for named, one in zip(titles, found.profiles, strict=True)]
        return time_cost_distance_svg(told, title, words)

    x, unit = say("km from the origin"), say("days since departure")
    return {"time-cost-distance": Curves(title=title, unit=unit, x=x, lines=lines, svg=drawn)}


def layer(found: Profiles) -> dict[str, Any]:
    """Give each way as a line."""
    from corridor_net.output.maps.layers import DrawnWay, ways_layer

    network = networks_of(found)[0]
    return ways_layer(
        DrawnWay(network=network, title=one.title, steps=one.route.legs, row=one.route) for one in found.profiles
    )
