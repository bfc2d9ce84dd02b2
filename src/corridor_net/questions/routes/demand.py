"""Which goods go which way: by what a box of each is worth, and what a day of it costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from corridor_net.questions import Ask, networks_of
from corridor_net.questions._shared import GoodsNames
from corridor_net.questions.asked.places import most_often
from corridor_net.questions.asked.values import run_of
from corridor_net.render.chart import Chart, Stacks
from corridor_net.render.page import Column, Page, numbers, page, table_of
from corridor_net.render.words import Sentence, after_by, named, say
from corridor_net.results import Result, fields_of, measure

if TYPE_CHECKING:
    from corridor_net.costing import Arc
    from corridor_net.model import Model

LAYER = "goods.geojson"
FRAME = "goods.csv"
LAND = "by land"


@dataclass(frozen=True, kw_only=True)
class Good:
    """One cargo profile on its best way; money in USD a box of the price year.

    `usd_per_day`: what a day costs the goods. `of_value`: generalised cost as a share of the value of the box, and
    `time_share` how much of the cost is time and reliability. `shares`: gateways by the logit of `gateways`.
    """

    cargo: str
    name: str
    unit: str
    grade: str
    value_usd: float = measure("USD", 2)
    usd_per_day: float = measure("USD a day", 2)
    gateway: str | None
    services: tuple[str, ...]
    cost_usd: float = measure("USD", 2)
    days: float = measure("days", 2)
    generalised_cost_usd: float = measure("USD", 2)
    of_value: float = measure("share", 4)
    time_share: float = measure("share", 4)
    shares: dict[str, float] = measure("share", 4)
    legs: tuple[Arc, ...] = measure(hidden=True)


@dataclass(frozen=True, kw_only=True)
class Goods(Result):
    """What each kind of goods does between two places, the most impatient a dollar of cost first."""

    QUESTION: ClassVar[str] = "demand"
    ROWS: ClassVar[str] = "goods"

    origin: str
    destination: str
    as_of: str
    scenario: str
    price_year: int
    goods: tuple[Good, ...]


def answer(
    model: Model,
    origin: Annotated[str, Ask("Where the goods start.")],
    destination: Annotated[str, Ask("Where they go.")],
    *,
    goods: GoodsNames = (),
) -> Goods:
    """Say by which gateway each kind of goods goes, what it costs, and how much of that is time.

    Each cargo profile of the data is routed on its own: its value of time, its reliability ratio, its freight. How many
    boxes there are of each is not known. Raises NoRoute, UnknownName as `route`; BadValue for a value of time given for
    all goods alike.

    >>> import corridor_net as cn
    >>> found = cn.load(as_of="2019-07-01").demand("yanji", "niigata", goods=["leek_40", "board_40"])
    >>> [good.cargo for good in found.goods]
    ['leek_40', 'board_40']
    """
    from corridor_net.errors import BadValue

    if model.options.value_of_time is not None:
        raise BadValue("a value of time for all goods alike leaves nothing to ask", hint="leave --value-of-time out")
    names = goods or tuple(row.cargo_id for row in model.network.rows("cargo"))
    found = [_good(model.with_options(cargo=name), origin, destination) for name in dict.fromkeys(names)]
    found.sort(key=lambda good: (-good.time_share, good.cargo))
    network = model.network
    return Goods(
        origin=network.node(origin).node_id,
        destination=network.node(destination).node_id,
        **run_of(model.router, "as_of", "scenario", "price_year"),
        goods=tuple(found),
    )


def _good(model: Model, origin: str, destination: str) -> Good:
    from corridor_net.analysis.loads.gateways import choice

    router = model.router
    cargo, route = router.impedance.cargo, router.route(origin, destination)
    time = cargo.value_of_time * router.objective.timed(route.hours, route.spread_hours)
    value = cargo.value_usd
    return Good(
        cargo=cargo.cargo_id,
        name=cargo.name,
        unit=cargo.unit,
        grade=model.network.cargo(cargo.cargo_id).grade,
        value_usd=value,
        usd_per_day=24 * cargo.value_of_time,
        **fields_of(route, "gateway", "services", "cost_usd", "days", "generalised_cost_usd"),
        of_value=route.generalised_cost_usd / value if value else 0.0,
        time_share=time / route.generalised_cost_usd if route.generalised_cost_usd else 0.0,
        shares=choice(router, origin, destination).gateways,
        legs=tuple(route.legs),
    )


def view(found: Goods) -> Page:
    """Show how goods divide over gateways, then each of them."""
    goods = table_of(
        found.goods,
        Column(heading="goods", kind="label", of="name"),
        *numbers("value, USD", of="value_usd"),
        *numbers("USD a day", of="usd_per_day"),
        Column(heading="gateway", kind="name", of=lambda good: good.gateway or LAND),
        *numbers("share", of=lambda good: good.shares.get(good.gateway or LAND), kind="share"),
        *numbers("USD", of="cost_usd"),
        *numbers("days", of="days", digits=1),
        *numbers("of its cost is time", of="time_share", kind="share", rank=1),
        *numbers("of its value", of="of_value", kind="share", rank=2),
        Column(heading="grade", rank=3, of="grade"),
        title="Goods, the most impatient first",
    )
    note = say("How many boxes there are of each is not known; shares are those of the logit of gateways.")
    return page(_first(found), goods, note)


def _first(found: Goods) -> list[Sentence]:
    most, count = most_often(good.gateway or LAND for good in found.goods)
    first, last = found.goods[0], found.goods[-1]
    time = say("Time is {time_share:p0} of what carriage costs {name:label}.", first)
    if first is not last:
        time = say(
            "Time is {time_share:p0} of what carriage costs {name:label}, {last.time_share:p0} of what it costs "
            "{last.name:label}.",
            first,
            last=last,
        )
    said = say(
        "{origin:name} to {destination:name}, {as_of}, {scenario:label}: {n} of {all} kinds of goods go by "
        "{gateway:name}.",
        found,
        n=count,
        all=len(found.goods),
        gateway=after_by(most),
    )
    return [said, time]


def charts(found: Goods) -> Mapping[str, Chart]:
    """Draw how each kind of goods divides over gateways."""
    rows = [(good.name, {name: 100 * share for name, share in good.shares.items()}) for good in found.goods]
    labels = {name: named(name) for good in found.goods for name in good.shares}
    title = say("{origin:name} to {destination:name}, {as_of}: gateways by goods", found)
    return {"goods": Stacks(title=title, unit="% of boxes", rows=rows, labels=labels)}


def layer(found: Goods) -> dict[str, Any]:
    """Give the way of each kind of goods as a line."""
    from corridor_net.output.maps.layers import DrawnWay, ways_layer

    network = networks_of(found)[0]
    return ways_layer(DrawnWay(network=network, title=good.name, steps=good.legs, row=good) for good in found.goods)
