"""How near the markets are to each origin, what each scenario changes, and what is reached within so many hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import nan
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from corridor_net.analysis.access import WITHIN_DAYS
from corridor_net.questions import Ask
from corridor_net.render.chart import Chart, Stacks
from corridor_net.render.page import Column, Page, Table, dashed, keyed, numbers, page, table_of
from corridor_net.render.words import named, say
from corridor_net.results import Result, measure
from corridor_net.rounding import fitted

if TYPE_CHECKING:
    from corridor_net.analysis.router import Router
    from corridor_net.analysis.trade.potential import Gain, Potential
    from corridor_net.model import Model
    from corridor_net.network import Network

LAYER = "access.geojson"
WITHOUT = {"by": "access is by generalised cost; a value of time of 0 counts money alone"}
HOURS = (24.0, 72.0, 168.0, 240.0, 336.0)
USD = (500.0, 1000.0, 2000.0, 3000.0, 4000.0)
NEAREST = ("none is reached", None)
"""The market with the largest weight, and its share, of an origin that reaches none."""


@dataclass(frozen=True, kw_only=True)
class AccessAnswer(Result):
    """The access of each origin without scenarios, and what each scenario alone is worth to it."""

    QUESTION: ClassVar[str] = "access"
    ROWS: ClassVar[str] = "access"

    as_of: str
    cargo: str
    access: tuple[Potential, ...]
    gains: Mapping[str, tuple[Gain, ...]]
    limits: tuple[float, ...] = measure(hidden=True)
    quantity: str = measure(hidden=True)
    router: Router = measure(hidden=True)

    @property
    def network(self) -> Network:
        """The network that was asked."""
        return self.router.network


def answer(
    model: Model,
    *origins: Annotated[str, Ask("Origins; those of table market when left out.")],
    theta: Annotated[float, Ask("Trade elasticity of market access.", metavar="X")] = 5.03,
    elasticity: Annotated[float, Ask("Of flows with generalised cost, for gains.", metavar="X")] = 0.0,
    within: Annotated[tuple[float, ...], Ask("Bands to draw with --out: hours; repeatable.", metavar="LIMIT")] = (),
    cost: Annotated[bool, Ask("The bands are of USD in place of hours.")] = False,
) -> AccessAnswer:
    """Measure access to the markets, and what each scenario alone changes; --out draws bands around each origin.

    Market access is the sum of GDP x (1 + G / V)^-theta over markets, `G` the generalised cost of a box and `V` its
    value (Reed and Trubetskoy 2019); gains are by the rule of half. Raises UnknownName for an origin; BadValue for
    `theta` not above 0, `elasticity` below 0, limits not above 0.

    >>> import corridor_net as cn
    >>> found = cn.load(as_of="2019-07-01").access("harbin")
    >>> round(sum(found.access[0].by_destination.values()), 6)
    1.0
    """
    from corridor_net.analysis.trade.potential import all_trips, checked_limits, gain, nearness

    before = model.before
    network, router = before.network, before.router
    names = [network.node(name).node_id for name in origins] or network.places_of("origin")
    limits = checked_limits(within or (USD if cost else HOURS))
    trips = all_trips(router, names)
    found = tuple(nearness(router, trips, name, theta=theta) for name in names)
    gains: dict[str, tuple[Gain, ...]] = {}
    for scenario in model.scenarios:
        changed = replace(model, day=before.day, scenarios=(scenario,)).router
        after = all_trips(changed, names)
        gains[changed.scenario] = tuple(
            gain(router, changed, trips, after, name, elasticity=elasticity, theta=theta) for name in names
        )
    return AccessAnswer(
        as_of=str(network.day),
        cargo=router.impedance.cargo.cargo_id,
        access=found,
        gains=gains,
        limits=limits,
        quantity="cost_usd" if cost else "hours",
        router=router,
    )


def view(found: AccessAnswer) -> Page:
    """Show the measures of every origin, where the days and USD go, and what each scenario is worth."""
    cargo = found.router.impedance.cargo.name
    first = say("Access to the markets on {as_of}, {cargo:label}.", found, cargo=cargo)
    unit = found.router.network.market_unit
    note = say("Market access, Hansen and the days' columns in {unit:label}; so are the weights.", unit=unit)
    return page(
        first,
        _measures(found),
        note,
        _spent(found, "Days by mode, mean over markets", 1),
        _spent(found, "USD by mode, mean over markets", 0),
        [_gains(name, of) for name, of in found.gains.items()],
    )


def _measures(found: AccessAnswer) -> Table:
    within = (say("≤{days} d", days=days) for days in WITHIN_DAYS)
    return table_of(
        found.access,
        Column(heading="from", kind="name", of="origin"),
        *numbers("markets", of="markets", rank=3),
        *numbers("market access", of="market_access", digits=1),
        *numbers("Hansen", of="hansen", digits=1, rank=4),
        *numbers("logsum USD", of=dashed("logsum_usd"), rank=5),
        *numbers("mean USD gen.", of=dashed("mean_generalised_usd")),
        *numbers("mean days", of=dashed("mean_hours", 24), digits=1),
        *numbers(*within, of=[keyed("within", days) for days in WITHIN_DAYS], rank=2),
        Column(heading="largest weight", kind="name", rank=1, of=lambda p: (p.nearest or NEAREST)[0]),
        *numbers("share", of=lambda p: (p.nearest or NEAREST)[1], kind="share", rank=1),
    )


def _spent(found: AccessAnswer, title: str, digits: int) -> Table:
    from corridor_net.analysis.trade.potential import TERMINAL

    modes = {**{name: row.label for name, row in found.network.vocabulary.modes.items()}, TERMINAL: TERMINAL}
    rows = []
    for p in found.access:
        amounts = [p.by_mode[mode].hours / 24 if digits else p.by_mode[mode].cost_usd for mode in modes if p.by_mode]
        rows.append((p.origin, *(fitted(amounts, digits) if amounts else (nan,) * len(modes))))
    columns = (Column(heading="from", kind="name"), *numbers(*modes.values(), digits=digits, money=not digits))
    return Table(title=title, columns=columns, rows=tuple(rows))


def _gains(name: str, of: tuple[Gain, ...]) -> Table:
    return table_of(
        of,
        Column(heading="from", kind="name", of="origin"),
        *numbers("USD", of=dashed("gain_usd"), kind="change"),
        *numbers("mean of", of="markets"),
        *numbers("market access", of=dashed("market_access_change"), kind="rise", digits=1),
        Column(heading="gained", kind="names", of="gained"),
        Column(heading="lost", kind="names", of="lost"),
        title=say("{name}: what it is worth a box, by the rule of half", name=name),
    )


def charts(found: AccessAnswer) -> Mapping[str, Chart]:
    """Draw where the days to the markets go, a bar an origin."""
    from corridor_net.analysis.trade.potential import TERMINAL

    rows = [(named(p.origin), {name: one.hours / 24 for name, one in p.by_mode.items()}) for p in found.access]
    labels = {name: mode.label for name, mode in found.network.vocabulary.modes.items()} | {TERMINAL: TERMINAL}
    title = say("Days to the markets by mode, {as_of}, mean by weight", found)
    return {"days": Stacks(title=title, unit="days", rows=rows, labels=labels, digits=1)}


def layer(found: AccessAnswer) -> dict[str, Any]:
    """Give the origins as points, with their access."""
    from corridor_net.output.maps.layers import places_layer

    return places_layer(found.network, {one.origin: one for one in found.access})


def files(found: AccessAnswer) -> Mapping[str, str | bytes]:
    """Draw bands around each origin: what is reached within each limit."""
    from corridor_net.analysis.trade.potential import reach
    from corridor_net.output.files import to_json
    from corridor_net.output.maps.bands import bands_geojson

    unit = "USD" if found.quantity == "cost_usd" else "hours"
    return {
        f"bands-{p.origin}.geojson": to_json(
            bands_geojson(found.network, reach(found.router, p.origin, found.quantity), found.limits, unit)
        )
        for p in found.access
    }
