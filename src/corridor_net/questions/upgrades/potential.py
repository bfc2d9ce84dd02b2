"""In which goods can a region trade: what carriage leaves of each, city by city, what keeps it, what upgrades raise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from corridor_net.analysis.access import THETA
from corridor_net.errors import BadValue, NoRoute
from corridor_net.questions import Ask, Progress, networks_of
from corridor_net.questions._shared import CustomsFlow, GoodsNames
from corridor_net.questions.pages.sectors import Sector, Sectors, cities_csv
from corridor_net.questions.pages.sectors import view as view
from corridor_net.render.chart import Bars, Chart, Stacks
from corridor_net.render.words import say
from corridor_net.results import plain

if TYPE_CHECKING:
    from corridor_net.analysis.trade.boxed import Boxed
    from corridor_net.analysis.trade.sectors import Carried
    from corridor_net.model import Model
    from corridor_net.network import Network
    from corridor_net.network.rows import CargoProfile
    from corridor_net.questions.asked.sector_trade import SectorTrade
    from corridor_net.render.words import Words
    from corridor_net.scenario import Study

LAYER = "cities.geojson"
WITHOUT = {
    "cargo": "name goods with --good",
    "value_of_time": "each kind of goods has its own, in table cargo",
    "by": "each goes where its generalised cost is least",
}
BASELINE = "baseline"


def answer(  # noqa: PLR0913 (each is an option of the command)
    model: Model,
    *upgrades: Annotated[
        str, Ask("Scenarios, each by itself, or one study; the default study when none.", names="scenario")
    ],
    goods: GoodsNames = (),
    origins: Annotated[
        tuple[str, ...], Ask("City; repeatable. All of the study, or data.", metavar="NODE", option="--from")
    ] = (),
    destination: Annotated[str | None, Ask("Where goods go; the study's focus.", metavar="NODE", option="--to")] = None,
    trade: Annotated[
        str | None,
        Ask("Table of cargo, musd a year; or a file of trade statistics, with --of and --with.", metavar="FILE"),
    ] = None,
    seller: Annotated[str | None, Ask("Who sells, in trade statistics.", metavar="PARTY", option="--of")] = None,
    buyer: Annotated[str | None, Ask("Who buys, in trade statistics.", metavar="PARTY", option="--with")] = None,
    flow: CustomsFlow = None,
    theta: Annotated[float, Ask("Trade elasticity.", metavar="THETA")] = THETA,
    progress: Progress | None = None,
) -> Sectors:
    """Rank kinds of goods by how much of their trade carriage leaves, with what keeps them and what upgrades raise.

    Each cargo profile goes its own best way from every city, now and after each upgrade by itself. Carriage at a share
    `G / V` of the value leaves `(1 + G / V)^-theta` of the trade that there would be at no cost. Raises NoRoute where
    nothing reaches the destination; UnknownName, BadValue and ScenarioError for what is not right.

    >>> import corridor_net as cn
    >>> asked = {"goods": ["parts_40", "board_40"], "origins": ["yanji"]}
    >>> found = cn.load(as_of="2019-07-01").potential("primorye-2", **asked)
    >>> [sector.cargo for sector in found.sectors]
    ['parts_40', 'board_40']
    """
    from corridor_net.analysis.trade.sectors import raised_most
    from corridor_net.questions.asked.sector_trade import sector_trade
    from corridor_net.questions.asked.study import study_for

    if not 0 < theta < 100:
        raise BadValue(f"the trade elasticity is {theta:g}", hint=f"above 0, for example {THETA:g}")
    study = study_for(model, upgrades, origins=origins, destinations=(destination,) if destination else ())
    base = study.main_baseline.apply(model.base)
    rows = _goods(base, goods)
    cities, goal = _ends(base, study)
    traded = sector_trade(base, trade, seller, buyer, flow)
    by_scenario = _carried(model, study, base, [row.cargo_id for row in rows], cities, goal, theta, progress)
    now = by_scenario.pop(BASELINE)
    names, packages = _short_names(rows), _packages(study)
    sectors = []
    for row in rows:
        if row.cargo_id in now:
            after = [one[row.cargo_id] for one in by_scenario.values() if row.cargo_id in one]
            singles = {one.scenario: one.left / now[row.cargo_id].left - 1 for one in after}
            best = raised_most({name: rise for name, rise in singles.items() if name not in packages})
            sectors.append(_sector(row, names[row.cargo_id], now[row.cargo_id], after, best, traded.get(row.cargo_id)))
    if not sectors:
        raise NoRoute(f"no city has a route to {base.nodes[goal].name} for any goods on {base.day}")
    return Sectors(
        destination=goal,
        as_of=str(base.day),
        baseline=study.main_baseline.name,
        origins=cities,
        upgrades=tuple(by_scenario),
        packages=packages,
        titles={one.name: one.title for one in study.scenarios},
        price_year=_price_year(model, base),
        theta=theta,
        sectors=tuple(sorted(sectors, key=lambda one: (-one.now.left, one.cargo))),
        unreached=tuple(names[row.cargo_id] for row in rows if row.cargo_id not in now),
        network=base,
    )


def _packages(study: Study) -> tuple[str, ...]:
    """Return the scenarios that only join others of the study: together these do more than any by itself."""
    names = {one.name for one in study.scenarios}
    return tuple(
        one.name
        for one in study.scenarios
        if names & {*one.lineage} - {one.name} and not any(step[1] == one.name for step in one.steps)
    )


def _goods(network: Network, names: Sequence[str]) -> list[CargoProfile]:
    return [network.cargo(name) for name in dict.fromkeys(names)] if names else list(network.rows("cargo"))


def _short_names(rows: Sequence[CargoProfile]) -> dict[str, str]:
    """Return the names of goods without that of their box, wherever that tells them apart."""
    short = {}
    for row in rows:
        box, _, goods = row.name.partition(", ")
        short[row.cargo_id] = goods if goods and "container" in box else row.name
    told = list(short.values())
    return {row.cargo_id: short[row.cargo_id] if told.count(short[row.cargo_id]) == 1 else row.name for row in rows}


def _ends(network: Network, study: Study) -> tuple[tuple[str, ...], str]:
    file = study.file
    goal = network.node(file.focus or (file.destinations or network.places_of("market"))[0]).node_id
    names = file.origins or network.places_of("origin")
    cities = tuple(dict.fromkeys(network.node(name).node_id for name in names))
    if cities == (goal,):
        raise BadValue(f"origin and destination are both '{goal}'")
    return tuple(city for city in cities if city != goal), goal


def _price_year(model: Model, network: Network) -> int:
    from corridor_net.costing.money import Prices

    return Prices.of(network, model.options.price_year).year


def _carried(
    model: Model,
    study: Study,
    base: Network,
    goods: Sequence[str],
    cities: Sequence[str],
    goal: str,
    theta: float,
    progress: Progress | None,
) -> dict[str, dict[str, Carried]]:
    """Return how each kind of goods is carried under each scenario, the baseline first; what no city sends is left out.

    Only cities count that send it now.
    """
    from corridor_net.analysis.trade.sectors import carried, ways_to, weights_of

    weights = weights_of(base, cities)
    found: dict[str, dict[str, Carried]] = {}
    for number, scenario in enumerate((None, *study.scenarios)):
        name = scenario.name if scenario else BASELINE
        if progress:
            progress(name, number, 1 + len(study.scenarios))
        network = scenario.apply(base) if scenario else base
        first = found.get(BASELINE)
        made: dict[str, Carried] = {}
        boxed = _boxed(network, list(first or goods), study.file.price_year)
        for good in first or goods:
            router = boxed[good].router(
                good,
                schedule=model.options.schedule,
                co2_price_usd_per_t=study.file.co2_price_usd_per_t or 0.0,
                scenario=name,
            )
            sent = [way.origin for way in first[good].ways] if first else cities
            ways = ways_to(router, sent, goal)
            if ways:
                counted = {way.origin: weights[way.origin] for way in ways} if first is None else {}
                counted = counted or {city: weights[city] for city in sent}
                made[good] = carried(router, name, ways, counted, theta)
        found[name] = made
    return found


def _boxed(network: Network, goods: Sequence[str], price_year: int | None) -> dict[str, Boxed]:
    """Return the network compiled for the box of each kind of goods, once a kind of box."""
    from corridor_net.analysis.trade.boxed import Boxed

    by_unit: dict[str, list[str]] = {}
    for good in goods:
        by_unit.setdefault(network.cargo(good).cargo_unit, []).append(good)
    made = {unit: Boxed.of(network, names, price_year) for unit, names in by_unit.items()}
    return {good: made[network.cargo(good).cargo_unit] for good in goods}


def _sector(
    row: CargoProfile,
    name: str,
    now: Carried,
    after: Sequence[Carried],
    best: tuple[str | None, float],
    traded: SectorTrade | None,
) -> Sector:
    from corridor_net.analysis.trade.sectors import storage_of

    keeps = storage_of(row)
    return Sector(
        cargo=row.cargo_id,
        name=name,
        unit=row.cargo_unit,
        grade=row.grade,
        value_usd=now.value_usd,
        keeps_days=(keeps.low, keeps.high) if keeps else None,
        now=now,
        after=tuple(after),
        best=best[0],
        rise=best[1],
        spoils=keeps is not None and now.late_days > keeps.low,
        trade_musd=traded.musd if traded else None,
        more_musd=traded.musd * best[1] if traded else None,
        advantage=traded.advantage if traded else None,
        payload_t=row.payload_t,
        packing=row.packing,
        basis=row.basis,
    )


def charts(found: Sectors) -> Mapping[str, Chart]:
    """Draw what carriage asks of each sector, and what upgrades raise."""
    asked = [(one.name, {name: 100 * share for name, share in one.now.parts.items()}) for one in found.sectors]
    labels = {name: name for _, parts in asked for name in parts}
    title = say("What carriage to {destination:name} asks", found)
    stacks = Stacks(title=title, unit="% of value", rows=asked, labels=labels, digits=1)
    raised = [(say("{name:label}: {best:label}", one), 100 * one.rise) for one in found.sectors if one.best]
    bars = Bars(title="What the best upgrade adds to the trade of each sector", unit="% of its trade", rows=raised)
    return {"asked": stacks, "raised": bars} if raised else {"asked": stacks}


def layer(found: Sectors) -> dict[str, Any]:
    """Give the cities as points: the gateway, days and cost of the first sector that each can send."""
    from corridor_net.output.maps.layers import places_layer

    first = {way.origin: {"goods": one.cargo, **plain(way)} for one in found.sectors[::-1] for way in one.now.ways}
    return places_layer(networks_of(found)[0], first, by="gateway")


def files(found: Sectors, words: Words) -> Mapping[str, str | bytes]:
    """Give every city, kind of goods and scenario as a table, and a page for each sector."""
    from corridor_net.questions.pages.sector_profile import profiles

    return {**profiles(found, words), "cities.csv": cities_csv(found)}
