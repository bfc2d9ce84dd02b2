"""The sectors and their page: their order with reasons, what carriage asks of each, cities, what upgrades raise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, ClassVar

from corridor_net.analysis.access import left_share
from corridor_net.analysis.trade.sectors import LEAST_RISE, raised_most
from corridor_net.questions.asked.places import most_often
from corridor_net.render.page import Column, Page, Table, keyed, numbers, page, table_of
from corridor_net.render.words import Sentence, say
from corridor_net.results import Result, measure

if TYPE_CHECKING:
    from corridor_net.analysis.trade.sectors import Carried
    from corridor_net.network import Network


@dataclass(frozen=True, kw_only=True)
class Sector:
    """One kind of goods: how it is carried now and after each upgrade, means over cities; `best` raises it most.

    `keeps_days` are the low and high end of its storage life, None where it does not spoil. `spoils`: once in 50 times
    it is on the way for longer than the low end. `rise` is what `best` adds to its trade, a share of it; `more_musd`
    the same of `trade_musd`, where trade is given; `advantage` its revealed comparative advantage, where that is known.
    """

    cargo: str
    name: str
    unit: str
    grade: str
    value_usd: float = measure("USD", 2)
    keeps_days: tuple[float, float] | None = measure("days", 1)
    now: Carried
    after: tuple[Carried, ...]
    best: str | None
    rise: float = measure("share", 4)
    spoils: bool
    trade_musd: float | None = measure("million USD a year", 3)
    more_musd: float | None = measure("million USD a year", 3)
    advantage: float | None = measure("", 4)
    payload_t: float = measure("t", 2)
    packing: str
    basis: str = measure(hidden=True)

    @property
    def gateway(self) -> str:
        """Where most cities send it."""
        return most_often(way.gateway for way in self.now.ways)[0]

    def rise_by(self, one: Carried) -> float:
        """Return what an upgrade adds to its trade, a share of it."""
        return one.left / self.now.left - 1


@dataclass(frozen=True, kw_only=True)
class Sectors(Result):
    """The sectors, that first of which carriage leaves most; `unreached` are goods that no city can send.

    `packages` are upgrades that only join others of them; what raises most is told of the others.
    """

    QUESTION: ClassVar[str] = "potential"
    ROWS: ClassVar[str] = "sectors"

    destination: str
    as_of: str
    baseline: str
    origins: tuple[str, ...]
    upgrades: tuple[str, ...]
    packages: tuple[str, ...]
    titles: dict[str, str]
    price_year: int
    theta: float = measure("", 4)
    sectors: tuple[Sector, ...]
    unreached: tuple[str, ...]
    network: Network = measure(hidden=True)


def view(found: Sectors) -> Page:
    """Show the sectors in their order with reasons, what carriage asks of each, and what each upgrade raises."""
    return page(
        _first(found),
        _upgrades(found),
        say("What joins several upgrades is in the table of upgrades alone: {packages:list}.", found)
        if found.packages
        else None,
        _spoiled(found),
        _order(found),
        _asked(found),
        _by_upgrade(found),
        _cities(found),
        *_end(found),
    )


def _first(found: Sectors) -> Sentence:
    first, last = found.sectors[0], found.sectors[-1]
    if first is last:
        return say(
            "To {destination:name}, {as_of}: carriage of {first.name:label} asks {first.now.of_value:p0} of the value "
            "and leaves {first.now.left:p0} of the trade.",
            found,
            first=first,
        )
    return say(
        "To {destination:name}, {as_of}: carriage stands least in the way of {first.name:label}: it asks "
        "{first.now.of_value:p0} of the value and leaves {first.now.left:p0} of the trade; most in the way of "
        "{last.name:label}: {last.now.of_value:p0}, {last.now.left:p0}.",
        found,
        first=first,
        last=last,
    )


def _upgrades(found: Sectors) -> Sentence | None:
    if not found.upgrades:
        return None
    raised = [one for one in found.sectors if one.best]
    if not raised:
        return say("No upgrade adds anything to the trade of any sector.")
    top = max(raised, key=lambda one: one.rise)
    if len(found.sectors) == 1:
        return say("{best:label} adds most, {rise:p0} of its trade.", top)
    most, count = most_often(str(one.best) for one in raised)
    return say(
        "{most:label} adds most to {n} of {all} sectors, and most of all to {name:label}, {rise:p0} of its trade."
        if most == top.best
        else "{most:label} adds most to {n} of {all} sectors; {best:label} adds {rise:p0} to {name:label}, the largest "
        "share of all.",
        top,
        most=most,
        n=count,
        all=len(found.sectors),
    )


def _spoiled(found: Sectors) -> list[Sentence]:
    return [
        say(
            "{name:label} may spoil on the way: {now.days:n1} days as a rule, {now.late_days:n1} once in 50 times; it "
            "keeps {keeps_days[0]:n0} to {keeps_days[1]:n0}.",
            one,
        )
        for one in found.sectors
        if one.spoils and one.keeps_days
    ]


def _order(found: Sectors) -> Table:
    traded = any(one.trade_musd is not None for one in found.sectors)
    more = numbers("more, million USD", of="more_musd", digits=2, kind="change") if traded else ()
    told = any(one.advantage is not None for one in found.sectors)
    advantage = numbers("advantage", of="advantage", digits=2, rank=1) if told else ()
    return table_of(
        found.sectors,
        Column(heading="sector, the most open first", kind="label", of="name"),
        Column(heading="mostly by", kind="name", rank=3, of="gateway"),
        *numbers("of value", of="now.of_value", kind="share"),
        *numbers("left of trade", of="now.left", kind="share"),
        Column(heading="what keeps it", of=_keeper),
        *numbers("days", of="now.days", digits=1),
        *numbers("once in 50", of="now.late_days", digits=1, rank=4),
        Column(heading="keeps, days", rank=2, of=_days_kept),
        Column(heading="raised by", kind="label", rank=1, of=lambda one: one.best or "nothing"),
        *numbers("rise", of="rise", kind="rise", rank=1),
        *more,
        *advantage,
        Column(heading="grade", rank=5, of="grade"),
        title="Sectors: means over the cities, by their trade",
    )


def _days_kept(one: Sector) -> Sentence | str:
    return say("{low:g}-{high:g}", low=one.keeps_days[0], high=one.keeps_days[1]) if one.keeps_days else ""


def _keeper(one: Sector) -> Sentence | str:
    if not one.now.of_value:
        return say("spoils") if one.spoils else ""
    keeper = one.now.keeper
    told = say("{keeper:label}, {share:p0} of it", keeper=keeper, share=one.now.parts[keeper] / one.now.of_value)
    return say("spoils; {told}", told=told) if one.spoils else told


def _asked(found: Sectors) -> Table:
    names = list(dict.fromkeys(name for one in found.sectors for name in one.now.parts))
    return table_of(
        found.sectors,
        Column(heading="sector", kind="label", of="name"),
        *numbers("value, USD", of="value_usd"),
        *numbers(*names, of=[keyed("now.parts", name, 0.0) for name in names], digits=1, kind="share"),
        *numbers("all", of="now.of_value", digits=1, kind="share"),
        title="What carriage asks, a share of the value of a box",
    )


def _by_upgrade(found: Sectors) -> Table | None:
    if not found.upgrades:
        return None
    rows = sorted((_raised(name, found.sectors) for name in found.upgrades), key=lambda row: (-row[-1], row[0]))
    return table_of(
        rows,
        Column(heading="upgrade", kind="label", of=itemgetter(0)),
        Column(heading="raises most", kind="label", rank=1, of=itemgetter(1)),
        *numbers("by", digits=1, kind="rise", of=itemgetter(2)),
        Column(heading="then", kind="label", rank=2, of=itemgetter(3)),
        *numbers("by", digits=1, kind="rise", rank=2, of=itemgetter(4)),
        *numbers("mean of all", digits=1, kind="rise", of=itemgetter(5)),
        title="What each upgrade, alone, adds to the trade of sectors",
    )


def _raised(upgrade: str, sectors: Sequence[Sector]) -> tuple[str, str, float | None, str, float | None, float]:
    rises = {one.name: one.rise_by(carried) for one in sectors for carried in one.after if carried.scenario == upgrade}
    order = sorted((name for name in rises if rises[name] > LEAST_RISE), key=lambda name: (-rises[name], name))
    first, second = [*order, "", ""][:2] if order else ["nothing", ""]
    mean = sum(rises.values()) / len(rises) if rises else 0.0
    return upgrade, first, rises.get(first), second, rises.get(second), mean


def _cities(found: Sectors) -> Table | None:
    """Return the cities, that of which carriage leaves most first; means over the sectors, each counted as one."""
    rows = [row for row in (_city(found, city) for city in found.origins) if row]
    if len(found.sectors) < 2 and len(rows) < 2:
        return None
    return table_of(
        sorted(rows, key=lambda row: (-row[1], row[0])),
        Column(heading="city", kind="name", of=itemgetter(0)),
        *numbers("left of trade", kind="share", of=itemgetter(1)),
        Column(heading="mostly by", kind="name", of=itemgetter(2)),
        *numbers("sectors", of=itemgetter(3)),
        Column(heading="raised by", kind="label", of=itemgetter(4)),
        *numbers("rise", digits=1, kind="rise", of=itemgetter(5)),
        title="Cities: means over the sectors",
    )


def _city(found: Sectors, city: str) -> tuple[str, float, str, int, str, float] | None:
    left: dict[str, list[float]] = {}
    gateways: list[str] = []
    for one in found.sectors:
        for carried in (one.now, *one.after):
            for way in (way for way in carried.ways if way.origin == city):
                share = left_share(way.generalised_cost_usd, one.value_usd, found.theta)
                left.setdefault(carried.scenario, []).append(share)
                gateways += [way.gateway] if carried is one.now else []
    now = left.pop("baseline", [])
    if not now:
        return None
    singles = {name: sum(shares) / sum(now) - 1 for name, shares in left.items() if name not in found.packages}
    best, rise = raised_most(singles)
    return (city, sum(now) / len(now), *most_often(gateways), best or "nothing", rise)


def _end(found: Sectors) -> list[Sentence | None]:
    known = any(one.trade_musd is not None for one in found.sectors)
    left = say(
        "Left of trade: (1 + cost of carriage / value) ^ -{theta:g}; prices, quality and tariffs are not in it. "
        "{cities}; how much is traded of each sector is {known}.",
        found,
        cities=say("{origins:n0|city|cities}", found),
        known=say("given") if known else say("not known: give --trade"),
    )
    return [left, say("No city has a route for: {unreached:list}.", found) if found.unreached else None]


def cities_csv(found: Sectors) -> str:
    """Return every kind of goods from every city under every scenario as CSV."""
    from corridor_net.network.files.csv_cells import to_csv

    keepers = list(dict.fromkeys(name for one in found.sectors for name in one.now.parts))
    columns = (
        *("cargo", "origin", "scenario", "gateway", "services", "cost_usd", "days", "late_days"),
        *("generalised_cost_usd", "of_value"),
        *(f"{name.lower()}_of_value" for name in keepers),
    )
    rows = [
        (
            *(one.cargo, way.origin, carried.scenario, way.gateway, " ".join(way.services)),
            *(round(amount, 2) for amount in (way.cost_usd, way.days, way.late_days, way.generalised_cost_usd)),
            round(way.generalised_cost_usd / one.value_usd, 4),
            *(round(way.by.get(name, 0.0) / one.value_usd, 4) for name in keepers),
        )
        for one in found.sectors
        for carried in (one.now, *one.after)
        for way in carried.ways
    ]
    return to_csv(columns, rows)
