"""What else is worth its money, time or CO2e: the routes that no other beats, and when each is the best."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

from corridor_net.questions import Ask, networks_of
from corridor_net.questions._shared import Destination, Origin
from corridor_net.questions.asked.places import by_gateway
from corridor_net.render.chart import Chart, Curves
from corridor_net.render.page import Column, Page, divided, numbers, page, table_of
from corridor_net.render.words import Sentence, say

if TYPE_CHECKING:
    from corridor_net.analysis.trade_offs import TradeOff, TradeOffs
    from corridor_net.model import Model

LAYER = "pareto.geojson"
WITHOUT = {"by": "criteria choose among money, hours and co2, --criterion on the command line"}


def answer(
    model: Model,
    origin: Origin,
    destination: Destination,
    *,
    criteria: Annotated[
        tuple[str, ...],
        Ask("money, hours or co2; repeatable; all three when left out.", metavar="NAME", option="--criterion"),
    ] = (),
    epsilon: Annotated[float, Ask("Leave out routes another comes within this share of.", metavar="SHARE")] = 0.0,
    show: Annotated[int, Ask("Routes to print, chosen to show the spread.", metavar="N", minimum=1)] = 8,
) -> TradeOffs:
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

    return trade_offs(model.router, origin, destination, criteria=criteria or CRITERIA, epsilon=epsilon, show=show)


def view(found: TradeOffs) -> Page:
    """Show the routes that show the spread of the front, and the band of values of time in which each wins."""
    shown = [route for route in found.routes if route.shown]
    first = say(
        "{origin:name} to {destination:name}, {as_of}: {routes:n0|route|routes} that no other beats in "
        "{criteria:list}; {shown} that show the spread.",
        found,
        criteria=["CO2" if one == "co2" else one for one in found.criteria],
        shown=len(shown),
    )
    spread = found.reliability_ratio > 0
    routes = table_of(
        shown,
        Column(heading="gateway", kind="name", of=lambda route: route.gateway or "by land"),
        Column(heading="services", kind="names", most=34, of="services"),
        *numbers("USD", of="cost_usd"),
        *numbers("days", of=divided("hours", 24), digits=1),
        *(numbers("with spread", of=divided("timed_hours", 24), digits=1, rank=1) if spread else ()),
        *numbers("kg CO2e", of="co2_kg"),
        *((Column(heading="best at this value of an hour", of=band_words),) if found.has_bands else ()),
    )
    hull = say(
        "{hull} of them are the best at some value of time; now an hour is worth {value_of_time_now:m2} USD: *.",
        found,
        hull=sum(route.value_of_time is not None for route in found.routes),
    )
    counted = say("Hours count with their spread: {reliability_ratio:n1} h for each hour of it.", found)
    priced = say("Money includes {co2_price_usd_per_t:m2} USD a tonne of CO2e.", found)
    return page(
        first,
        routes,
        hull if found.has_bands else None,
        counted if spread else None,
        priced if found.co2_price_usd_per_t else None,
    )


def band_words(route: TradeOff) -> Sentence:
    """Return the band of values of time in which a route is the best, marked where it is the best now."""
    if route.value_of_time is None:
        return say("never")
    mark = " *" if route.best_now else ""
    if route.value_of_time[1] is None:
        return say("from {value_of_time[0]:m2}{mark}", route, mark=mark)
    return say("{value_of_time[0]:m2} to {value_of_time[1]:m2}{mark}", route, mark=mark)


def charts(found: TradeOffs) -> Mapping[str, Chart]:
    """Draw the front in days and USD."""
    from corridor_net.output.charts.uncertainty_charts import pareto_svg

    title = say("{origin:name} to {destination:name}, {as_of}: money against time", found)
    points = by_gateway(found.routes, lambda route: (route.hours / 24, route.cost_usd))
    drawn = partial(pareto_svg, found, title)
    return {"pareto": Curves(title=title, unit="USD a box", x="days", lines=points, joined=False, svg=drawn)}


def layer(found: TradeOffs) -> dict[str, Any]:
    """Give every route of the front as a line."""
    from corridor_net.output.maps.layers import DrawnWay, ways_layer

    model = found.asked_of
    arcs = model.router.impedance.arcs if model else ()
    return ways_layer(
        DrawnWay(network=networks_of(found)[0], title=f"route {number}", steps=[arcs[arc] for arc in one.arcs], row=one)
        for number, one in enumerate(found.routes, 1)
    )
