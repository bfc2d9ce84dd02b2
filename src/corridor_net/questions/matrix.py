"""What every origin pays to every destination: money, hours, CO2e and gateway, as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from corridor_net.questions import Ask
from corridor_net.render.page import Column, Page, Table, numbers, page
from corridor_net.render.words import say
from corridor_net.results import Result, measure

if TYPE_CHECKING:
    from corridor_net.analysis.compare import Trip
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
    pairs: tuple[Pair, ...]

    def array(self, quantity: str = "generalised_cost_usd") -> Any:
        """Return a measure of all pairs as a numpy array (n_origins, n_destinations); NaN where there is no route."""
        import numpy as np

        values = [getattr(pair, quantity) for pair in self.pairs]
        shape = (len(self.origins), len(self.destinations))
        return np.array([np.nan if value is None else value for value in values]).reshape(shape)


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
    from corridor_net.analysis.compare import trips

    network, router = model.network, model.router
    starts = _places(model, origins, "origin")
    goals = _places(model, destinations, "market")
    found = trips(router, starts, goals)
    return Matrix(
        as_of=str(network.day),
        scenario=router.scenario,
        cargo=router.impedance.cargo.cargo_id,
        by=router.by,
        price_year=router.impedance.prices.year,
        origins=starts,
        destinations=goals,
        pairs=tuple(_pair(start, goal, found.get((start, goal))) for start in starts for goal in goals),
    )


def _places(model: Model, names: tuple[str, ...], role: str) -> tuple[str, ...]:
    nodes = [model.network.node(name).node_id for name in names] or [m.node_id for m in model.network.markets(role)]
    return tuple(dict.fromkeys(nodes))


def _pair(origin: str, destination: str, trip: Trip | None) -> Pair:
    names = ("cost_usd", "hours", "co2_kg", "generalised_cost_usd", "distance_km", "gateway")
    return Pair(origin=origin, destination=destination, **{name: getattr(trip, name, None) for name in names})


def view(found: Matrix) -> Page:
    """Show what is minimised for every pair, then the gateways."""
    measured, digits = MEASURES[found.by], 1 if found.by == "time" else 0
    reached = sum(pair.cost_usd is not None for pair in found.pairs)
    rows = [found.pairs[n : n + len(found.destinations)] for n in range(0, len(found.pairs), len(found.destinations))]
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
