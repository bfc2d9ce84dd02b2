"""Where time and money go along the way, over distance, with CAREC's indicators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from corridor_net.questions import Ask, networks_of
from corridor_net.render.page import Column, Page, Table, numbers, page
from corridor_net.render.words import Sentence, say
from corridor_net.results import Result, measure

if TYPE_CHECKING:
    from corridor_net.analysis.route import Route
    from corridor_net.analysis.time_cost_distance import Profile
    from corridor_net.model import Model
    from corridor_net.render.chart import Chart
    from corridor_net.render.words import Words

GROUP = "Routes"
LAYER = "ways.geojson"


@dataclass(frozen=True, kw_only=True)
class Profiles(Result):
    """One profile a way: the best, ways through other places, and the best under the scenarios."""

    QUESTION: ClassVar[str] = "tcd"

    as_of: str
    cargo: str
    profiles: tuple[Profile, ...]
    through: tuple[str, ...] = measure(hidden=True, default=())

    @property
    def frame(self) -> Any:
        """The points of all profiles as a pandas DataFrame."""
        import pandas as pd

        return pd.DataFrame(
            [{"profile": one["title"], **point} for one in self.to_dict()["profiles"] for point in one["points"]]
        )


def answer(
    model: Model,
    origin: Annotated[str, Ask("Where the cargo starts.")],
    destination: Annotated[str, Ask("Where it goes.")],
    *,
    through: Annotated[tuple[str, ...], Ask("Draw the best way through it too; repeatable.", "NODE")] = (),
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
    measured = Table(
        title="Indicators of the land part",
        columns=(
            Column(heading="way", kind="label"),
            *numbers("land km"),
            *numbers("borders"),
            *numbers("TFI1 hours a border", digits=1),
            *numbers("TFI2 USD a border", "TFI3 USD per 500 km"),
            *numbers("TFI4 km/h", "without stops", digits=1, rank=1),
        ),
        rows=tuple(
            (
                title,
                one.indicators.land_km,
                float(len(one.indicators.borders)),
                one.indicators.tfi1_border_hours,
                one.indicators.tfi2_border_usd,
                one.indicators.tfi3_usd_per_500_km,
                one.indicators.tfi4_speed_kmh,
                one.indicators.tfi4_speed_without_delay_kmh,
            )
            for title, one in zip(titles, found.profiles, strict=True)
        ),
    )
    note = say(
        "TFI1, TFI2: hours and USD a border; TFI3: USD for 20 t over 500 km of land; TFI4: km/h on land, with stops."
    )
    return page(list(map(_points, titles, found.profiles)), measured, note)


def _title(found: Profiles, number: int) -> Sentence:
    """Return what a way is called: the baseline's, those through a place, then that of the scenario."""
    if 0 < number <= len(found.through):
        return say("through {place:name}", place=found.through[number - 1])
    route = found.profiles[number].route
    told = {"scenario": route.scenario, "gateway": route.gateway}
    return say("{scenario:label}, by {gateway:name}" if route.gateway else "{scenario:label}", **told)


def _points(title: Sentence, one: Profile) -> Table:
    last = one.points[-1]
    return Table(
        title=say("{title}: {days:n1} days, {usd:m0} USD", title=title, days=last.hours / 24, usd=last.cost_usd),
        columns=(
            Column(heading="to", kind="name"),
            Column(heading="by", kind="step"),
            *numbers("km"),
            *numbers("hours", digits=1),
            *numbers("USD"),
            *numbers("+ hours", digits=1, rank=1),
            *numbers("+ USD", rank=1),
        ),
        rows=tuple(
            (
                here.node,
                here.label,
                here.distance_km,
                here.hours,
                here.cost_usd,
                here.hours - before.hours,
                here.cost_usd - before.cost_usd,
            )
            for before, here in zip(one.points, one.points[1:], strict=False)
        ),
    )


def charts(found: Profiles, words: Words) -> Mapping[str, Chart]:
    """Draw all ways in one chart."""
    from corridor_net.output.charts.charts import time_cost_distance_svg
    from corridor_net.render.chart import Curves

    route = found.profiles[0].route
    title = say(
        "{origin:name} to {destination:name}, {run}: time and cost over distance",
        origin=route.origin,
        destination=route.destination,
        run=str(found.as_of),
    )
    named = [replace(one, title=words.text(_title(found, number))) for number, one in enumerate(found.profiles)]
    lines = [(one.title, [(point.distance_km, point.hours / 24) for point in one.points]) for one in named]
    drawn = partial(time_cost_distance_svg, named, title, words)
    x, unit = words.label("km from the origin"), words.label("days since departure")
    return {"time-cost-distance": Curves(title=words.text(title), unit=unit, x=x, lines=lines, svg=drawn)}


def layer(found: Profiles) -> dict[str, Any]:
    """Give each way as a line."""
    from corridor_net.output.maps.layers import Way, ways_layer

    network = networks_of(found)[0]
    return ways_layer(
        Way(network=network, title=one.title, steps=one.route.legs, row=one.route) for one in found.profiles
    )
