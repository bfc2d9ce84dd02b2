"""What every origin pays to every destination: money, hours, CO2e and gateway, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, overload

from corridor_net.errors import BadValue, did_you_mean
from corridor_net.questions import Ask
from corridor_net.render.page import Column, Page, Table, numbers, page
from corridor_net.render.words import say
from corridor_net.results import Result, measure

if TYPE_CHECKING:
    from corridor_net.analysis.pair_totals import PairTotals
    from corridor_net.model import Model

GROUP = "Routes"
CALLED = {
    "generalised_cost_usd": "generalised USD",
    "cost_usd": "USD",
    "hours": "hours",
    "co2_kg": "kg CO2e",
}
MEASURES = {"generalised": "generalised_cost_usd", "money": "cost_usd", "time": "hours", "co2": "co2_kg"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The best route of one pair in totals per box; all None where there is none."""

    origin: str
    destination: str
    cost_usd: float | None = measure("USD", 2)
    hours: float | None = measure("h", 2)
    co2_kg: float | None = measure("kg CO2e", 2)
    generalised_cost_usd: float | None = measure("USD", 2)
    distance_km: float | None = measure("km", 1)
    gateway: str | None


@dataclass(frozen=True, kw_only=True)
class Matrix(Result):
    """The best routes of all pairs, origin by origin; `array` gives one measure as (n_origins, n_destinations)."""

    ROWS: ClassVar[str] = "pairs"
    QUESTION: ClassVar[str] = "matrix"

    as_of: str
    scenario: str
    cargo: str
    by: str
    price_year: int
    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    pairs: Sequence[Pair]
    totals: PairTotals = measure(hidden=True)

    def array(self, quantity: str = "generalised_cost_usd") -> Any:
        """Return a measure of all pairs as a numpy array (n_origins, n_destinations); NaN where there is no route.

        Raises BadValue for another measure than those of `Pair`.
        """
        from corridor_net.analysis.pair_totals import MEASURES as SUMS

        if quantity not in SUMS:
            raise BadValue(f"a matrix has no '{quantity}'", hint=did_you_mean(quantity, SUMS))
        return self.totals.sums[:, :, SUMS.index(quantity)].copy()


def answer(
    model: Model,
    *,
    origins: Annotated[tuple[str, ...], Ask("Origin; repeatable. Those of table market.", "NODE", "--from")] = (),
    destinations: Annotated[
        tuple[str, ...], Ask("Destination; repeatable. Those of table market.", "NODE", "--to")
    ] = (),
) -> Matrix:
    """Find the best route of every origin to every destination, all in one go.

    A pair of a place with itself, or without a route, is there with None in every measure. Raises UnknownName.

    >>> import corridor_net as cn
    >>> found = cn.load(as_of="2019-07-01").matrix(origins=["harbin", "hunchun"], destinations=["niigata", "tokyo"])
    >>> found.array("hours").shape
    (2, 2)
    """
    from corridor_net.analysis.pair_totals import pair_totals

    network, router = model.network, model.router
    starts = _places(model, origins, "origin")
    goals = _places(model, destinations, "market")
    found = pair_totals(router, starts, goals)
    return Matrix(
        as_of=str(network.day),
        scenario=router.scenario,
        cargo=router.impedance.cargo.cargo_id,
        by=router.by,
        price_year=router.impedance.prices.year,
        origins=starts,
        destinations=goals,
        pairs=Pairs(starts, goals, found),
        totals=found,
    )


def _places(model: Model, names: tuple[str, ...], role: str) -> tuple[str, ...]:
    nodes = [model.network.node(name).node_id for name in names] or [m.node_id for m in model.network.markets(role)]
    return tuple(dict.fromkeys(nodes))


class Pairs(Sequence[Pair]):
    """The pairs of a matrix, each made when it is looked at."""

    def __init__(self, origins: tuple[str, ...], destinations: tuple[str, ...], found: PairTotals) -> None:
        self.origins, self.destinations, self.found = origins, destinations, found

    def __len__(self) -> int:
        return len(self.origins) * len(self.destinations)

    @overload
    def __getitem__(self, number: int) -> Pair: ...
    @overload
    def __getitem__(self, number: slice) -> tuple[Pair, ...]: ...
    def __getitem__(self, number: int | slice) -> Pair | tuple[Pair, ...]:
        if isinstance(number, slice):
            return tuple(self[one] for one in range(*number.indices(len(self))))
        row, column = divmod(range(len(self))[number], len(self.destinations))
        values = self.found.sums[row, column].tolist()
        cost, hours, co2, generalised, km = (None,) * 5 if isnan(values[0]) else values
        return Pair(
            origin=self.origins[row],
            destination=self.destinations[column],
            cost_usd=cost,
            hours=hours,
            co2_kg=co2,
            generalised_cost_usd=generalised,
            distance_km=km,
            gateway=self.found.gateways[row][column],
        )


def view(found: Matrix) -> Page:
    """Show what is minimised for every pair, then the gateways."""
    measured, digits = MEASURES[found.by], 1 if found.by == "time" else 0
    reached = sum(pair.cost_usd is not None for pair in found.pairs)
    wide = len(found.destinations)
    rows = [found.pairs[n : n + wide] for n in range(0, len(found.pairs), wide)]
    heads = numbers(
        *(say("{goal:name}", goal=goal) for goal in found.destinations), digits=digits, money=measured.endswith("_usd")
    )
    table = Table(
        title=say(
            "{what:label}, {cargo:name}, {scenario:label}",
            what=CALLED[measured],
            cargo=found.cargo,
            scenario=found.scenario,
        ),
        columns=(Column(heading="from", kind="name"), *heads),
        rows=tuple((row[0].origin, *(getattr(pair, measured) for pair in row)) for row in rows),
    )
    ports = Table(
        title="gateway",
        columns=(
            Column(heading="from", kind="name"),
            *(Column(heading=say("{goal:name}", goal=d), kind="name") for d in found.destinations),
        ),
        rows=tuple((row[0].origin, *(pair.gateway or "" for pair in row)) for row in rows),
    )
    first = say(
        "{reached} of {all} pairs have a route on {day}; prices of {year}.",
        reached=reached,
        all=len(found.pairs),
        day=found.as_of,
        year=found.price_year,
    )
    return page(first, table, ports)
