"""The page of the sectors: their order with reasons, what carriage asks of each, cities, and what upgrades raise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from corridor_net.analysis.access import left_share
from corridor_net.analysis.trade.sectors import LEAST_RISE
from corridor_net.render.page import Cell, Column, Page, Table, keyed, numbers, page, table_of
from corridor_net.render.words import Sentence, say

if TYPE_CHECKING:
    from corridor_net.questions.potential import Sector, Sectors


def page_of(found: Sectors) -> Page:
    """Return the page."""
    return page(
        _first(found),
        _upgrades(found),
        _spoiled(found),
        _order(found),
        _asked(found),
        _by_upgrade(found),
        _cities(found),
        *_end(found),
    )


def _first(found: Sectors) -> Sentence:
    first, last = found.sectors[0], found.sectors[-1]
    head = {
        "goal": found.destination,
        "day": found.as_of,
        "name": first.name,
        "share": first.now.of_value,
        "left": first.now.left,
    }
    if first is last:
        return say(
            "To {goal:name}, {day}: carriage of {name:label} asks {share:p0} of the value and leaves {left:p0} of the "
            "trade.",
            **head,
        )
    return say(
        "To {goal:name}, {day}: carriage stands least in the way of {name:label}: it asks {share:p0} of the value and "
        "leaves {left:p0} of the trade; most in the way of {last:label}: {most:p0}, {least:p0}.",
        **head,
        last=last.name,
        most=last.now.of_value,
        least=last.now.left,
    )


def _upgrades(found: Sectors) -> Sentence | None:
    if not found.upgrades:
        return None
    raised = [one for one in found.sectors if one.best]
    if not raised:
        return say("No upgrade adds anything to the trade of any sector.")
    top = max(raised, key=lambda one: one.rise)
    if len(found.sectors) == 1:
        return say("{best:label} adds most, {rise:p0} of its trade.", best=top.best, rise=top.rise)
    counts: dict[str, int] = {}
    for one in raised:
        counts[str(one.best)] = counts.get(str(one.best), 0) + 1
    most = max(counts, key=lambda name: (counts[name], name))
    if most == top.best:
        return say(
            "{most:label} adds most to {n} of {all} sectors, and most of all to {name:label}, {rise:p0} of its trade.",
            most=most,
            n=counts[most],
            all=len(found.sectors),
            rise=top.rise,
            name=top.name,
        )
    return say(
        "{most:label} adds most to {n} of {all} sectors; {best:label} adds {rise:p0} to {name:label}, the largest "
        "share of all.",
        most=most,
        n=counts[most],
        all=len(found.sectors),
        best=top.best,
        rise=top.rise,
        name=top.name,
    )


def _spoiled(found: Sectors) -> list[Sentence]:
    return [
        say(
            "{name:label} may spoil on the way: {days:n1} days as a rule, {late:n1} once in 50 times; it keeps "
            "{low:n0} to {high:n0}.",
            name=one.name,
            days=one.now.days,
            late=one.now.late_days,
            low=one.keeps_days[0],
            high=one.keeps_days[1],
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
        Column(heading="keeps, days", rank=2, of=lambda one: "-".join(f"{day:g}" for day in one.keeps_days or ())),
        Column(heading="raised by", kind="label", rank=1, of=lambda one: one.best or "nothing"),
        *numbers("rise", of="rise", kind="rise", rank=1),
        *more,
        *advantage,
        Column(heading="grade", rank=5, of="grade"),
        title="Sectors: means over the cities, by their trade",
    )


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
    columns = (
        Column(heading="upgrade", kind="label"),
        Column(heading="raises most", kind="label", rank=1),
        *numbers("by", digits=1, kind="rise"),
        Column(heading="then", kind="label", rank=2),
        *numbers("by", digits=1, kind="rise", rank=2),
        *numbers("mean of all", digits=1, kind="rise"),
    )
    rows: list[tuple[Cell, ...]] = [_raised(name, found.sectors) for name in found.upgrades]
    rows.sort(key=lambda row: (-float(str(row[-1])), str(row[0])))
    return Table(title="What each upgrade, alone, adds to the trade of sectors", columns=columns, rows=tuple(rows))


def _raised(upgrade: str, sectors: Sequence[Sector]) -> tuple[Cell, ...]:
    rises = {one.name: one.rise_by(carried) for one in sectors for carried in one.after if carried.scenario == upgrade}
    order = sorted(rises, key=lambda name: (-rises[name], name))[:2]
    first, second = [*order, "", ""][:2]
    mean = sum(rises.values()) / len(rises) if rises else 0.0
    return upgrade, first, rises.get(first), second, rises.get(second), mean


def _cities(found: Sectors) -> Table | None:
    """Return the cities, that of which carriage leaves most first; means over the sectors, each counted as one."""
    rows: list[tuple[Cell, ...]] = [row for row in (_city(found, city) for city in found.origins) if row]
    if len(found.sectors) < 2 and len(rows) < 2:
        return None
    columns = (
        Column(heading="city", kind="name"),
        *numbers("left of trade", kind="share"),
        Column(heading="mostly by", kind="name"),
        *numbers("sectors"),
        Column(heading="raised by", kind="label"),
        *numbers("rise", digits=1, kind="rise"),
    )
    rows.sort(key=lambda row: (-float(str(row[1])), str(row[0])))
    return Table(title="Cities: means over the sectors", columns=columns, rows=tuple(rows))


def _city(found: Sectors, city: str) -> tuple[Cell, ...] | None:
    left: dict[str, list[float]] = {}
    gateways: dict[str, int] = {}
    for one in found.sectors:
        for carried in (one.now, *one.after):
            for way in carried.ways:
                if way.origin == city:
                    share = left_share(way.generalised_cost_usd, one.value_usd, found.theta)
                    left.setdefault(carried.scenario, []).append(share)
                    if carried is one.now:
                        gateways[way.gateway] = gateways.get(way.gateway, 0) + 1
    now = left.pop("baseline", [])
    if not now:
        return None
    gateway = max(gateways, key=lambda name: (gateways[name], name))
    rises = {name: sum(shares) / sum(now) - 1 for name, shares in left.items()}
    best = max(rises, key=lambda name: rises[name], default="")
    rise = rises.get(best, 0.0)
    helped = rise > LEAST_RISE
    return city, sum(now) / len(now), gateway, gateways[gateway], best if helped else "nothing", rise if helped else 0.0


def _end(found: Sectors) -> list[Sentence]:
    lines = [
        say(
            "Left of trade: (1 + cost of carriage / value) ^ -{theta}; prices, quality and tariffs are not in it. "
            "{cities}; how much is traded of each sector is {known}.",
            theta=f"{found.theta:g}",
            cities=say("1 city")
            if len(found.origins) == 1
            else say("{count:n0|city|cities}", count=len(found.origins)),
            known=say("given")
            if any(one.trade_musd is not None for one in found.sectors)
            else say("not known: give --trade"),
        )
    ]
    if found.unreached:
        lines.append(say("No city has a route for: {names:list}.", names=found.unreached))
    return lines


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
