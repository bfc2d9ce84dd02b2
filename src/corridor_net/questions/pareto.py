"""What else is worth its money, time or CO2e: the routes that no other beats, and when each is the best."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from corridor_net.questions import Ask
from corridor_net.render.page import Column, Page, divided, numbers, page, table_of
from corridor_net.render.words import Sentence, say
from corridor_net.results import Opened, measure

if TYPE_CHECKING:
    from corridor_net.analysis.trade_offs import TradeOff, TradeOffs
    from corridor_net.model import Model
    from corridor_net.network import Network
    from corridor_net.render.chart import Chart
    from corridor_net.render.words import Words

GROUP = "Routes"
LAYER = "pareto.geojson"
WITHOUT = {"by": "criteria choose among money, hours and co2, --criterion on the command line"}


@dataclass(frozen=True, kw_only=True)
class ParetoAnswer(Opened):
    """The front of a pair; what is not here is looked up in `trade_offs`: `routes`, `criteria`, `origin`, …"""

    QUESTION: ClassVar[str] = "pareto"
    OF: ClassVar[str] = "trade_offs"

    trade_offs: TradeOffs
    network: Network = measure(hidden=True)

    @property
    def frame(self) -> Any:
        """The routes as a pandas DataFrame."""
        return self.trade_offs.frame


def answer(
    model: Model,
    origin: Annotated[str, Ask("Where the cargo starts.")],
    destination: Annotated[str, Ask("Where it goes.")],
    *,
    criteria: Annotated[
        tuple[str, ...], Ask("money, hours or co2; repeatable; all three when left out.", "NAME", "--criterion")
    ] = (),
    epsilon: Annotated[float, Ask("Leave out routes another comes within this share of.", "SHARE")] = 0.0,
    show: Annotated[int, Ask("Routes to print, chosen to show the spread.", "N", minimum=1)] = 8,
) -> ParetoAnswer:
    """Find every route that no other beats in money, hours and CO2e at once, and when each is the best.

    Money is what is paid, a price of CO2 included; hours are counted with their spread at the reliability ratio, as in
    generalised cost. So the route of `route` is on the front, and the bands of the value of time are those of
    `breakeven`. Exact (Hansen 1980; Martins 1984). Raises NoRoute and UnknownName as `route`; BadValue for what is no
    criterion.

    >>> import corridor_net as cn
    >>> found = cn.load(as_of="2019-07-01").pareto("harbin", "niigata")
    >>> [route.gateway for route in found.routes if route.best_now]
    ['dalian']
    """
    from corridor_net.analysis.trade_offs import CRITERIA, trade_offs

    found = trade_offs(model.router, origin, destination, criteria=criteria or CRITERIA, epsilon=epsilon, show=show)
    return ParetoAnswer(trade_offs=found, network=model.network)


def view(found: ParetoAnswer) -> Page:
    """Show the routes that show the spread of the front, and the band of values of time in which each wins."""
    front = found.trade_offs
    shown = [route for route in front.routes if route.shown]
    first = say(
        "{origin:name} to {destination:name}, {day}: {count:n0|route|routes} that no other beats in "
        "{criteria:list}; {shown} "
        "that "
        "show the spread.",
        origin=front.origin,
        destination=front.destination,
        day=front.as_of,
        count=len(front.routes),
        criteria=["CO2" if one == "co2" else one for one in front.criteria],
        shown=len(shown),
    )
    spread = front.reliability_ratio > 0
    routes = table_of(
        shown,
        Column(heading="gateway", kind="name", of=lambda route: route.gateway or "by land"),
        Column(heading="services", kind="names", most=34, of="services"),
        *numbers("USD", of="cost_usd"),
        *numbers("days", of=divided("hours", 24), digits=1),
        *(numbers("with spread", of=divided("timed_hours", 24), digits=1, rank=1) if spread else ()),
        *numbers("kg CO2e", of="co2_kg"),
        *((Column(heading="best at this value of an hour", of=band_words),) if front.has_bands else ()),
    )
    hull = say(
        "{hull} of them are the best at some value of time; now an hour is worth {now:m2} USD: *.",
        hull=sum(route.value_of_time is not None for route in front.routes),
        now=front.value_of_time_now,
    )
    counted = say(
        "Hours count with their spread: {ratio:n1} h for each hour of it.",
        ratio=front.reliability_ratio,
    )
    priced = say("Money includes {price:m2} USD a tonne of CO2e.", price=front.co2_price_usd_per_t)
    return page(
        first,
        routes,
        hull if front.has_bands else None,
        counted if spread else None,
        priced if front.co2_price_usd_per_t else None,
    )


def band_words(route: TradeOff) -> Sentence:
    """Return the band of values of time in which a route is the best, marked where it is the best now."""
    if route.value_of_time is None:
        return say("never")
    low, high = route.value_of_time
    mark = " *" if route.best_now else ""
    if high is None:
        return say("from {low:m2}{mark}", low=low, mark=mark)
    return say("{low:m2} to {high:m2}{mark}", low=low, high=high, mark=mark)


def charts(found: ParetoAnswer, words: Words) -> Mapping[str, Chart]:
    """Draw the front in days and USD."""
    from corridor_net.output.charts.doubt_charts import pareto_svg
    from corridor_net.render.chart import Curves

    front = found.trade_offs
    title = say(
        "{origin:name} to {destination:name}, {day}: money against time",
        origin=front.origin,
        destination=front.destination,
        day=front.as_of,
    )
    gates = dict.fromkeys(route.gateway for route in front.routes)
    lines = [
        (
            words.name(gate or "by land"),
            [(r.hours / 24, r.cost_usd) for r in front.routes if r.gateway == gate],
        )
        for gate in gates
    ]
    drawn, unit, x = partial(pareto_svg, front, title, words), words.label("USD a box"), words.label("days")
    return {"pareto": Curves(title=words.text(title), unit=unit, x=x, lines=lines, joined=False, svg=drawn)}


def layer(found: ParetoAnswer) -> dict[str, Any]:
    """Give every route of the front as a line."""
    from corridor_net.output.maps.layers import Way, ways_layer

    model = found.asked_of
    arcs = model.router.impedance.arcs if model else ()
    return ways_layer(
        Way(network=found.network, title=f"route {number}", steps=[arcs[arc] for arc in one.arcs], row=one)
        for number, one in enumerate(found.trade_offs.routes, 1)
    )
