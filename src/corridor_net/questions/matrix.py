"""What every origin pays to every destination: money, hours, CO2e and gateway, as a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from corridor_net.errors import BadValue
from corridor_net.questions import Ask, networks_of
from corridor_net.render.page import Column, Page, Table, numbers, page
from corridor_net.render.words import Sentence, say
from corridor_net.results import Result, measure

if TYPE_CHECKING:
    from corridor_net.analysis.compare import Trip
    from corridor_net.model import Model
    from corridor_net.render.chart import Chart
    from corridor_net.render.words import Words

GROUP = "Routes"
LAYER = "pairs.geojson"
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
    """The best routes of pairs, as asked; `array` gives a measure as (n_origins, n_destinations)."""

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
        """Return a measure of all pairs as a numpy array (n_origins, n_destinations).

        NaN where there is no route, and for pairs that were not asked for.
        """
        import numpy as np

        values = [[np.nan if value is None else value for value in row] for row in self.grid(quantity)]
        return np.array(values, float).reshape(len(self.origins), len(self.destinations))

    def grid(self, quantity: str) -> list[list[Any]]:
        """Return a measure as a list of rows, None where there is no route or none was asked for."""
        found = {(pair.origin, pair.destination): getattr(pair, quantity) for pair in self.pairs}
        return [[found.get((start, goal)) for goal in self.destinations] for start in self.origins]

    @property
    def is_whole(self) -> bool:
        """Whether every origin was asked with every destination."""
        return len(self.pairs) == len(self.origins) * len(self.destinations)


def answer(
    model: Model,
    *,
    origins: Annotated[tuple[str, ...], Ask("Origin; repeatable. Those of table market.", "NODE", "--from")] = (),
    destinations: Annotated[
        tuple[str, ...], Ask("Destination; repeatable. Those of table market.", "NODE", "--to")
    ] = (),
    pairs: Annotated[
        tuple[str, ...], Ask("Pair, in place of origins and destinations; repeatable.", "ORIGIN:DESTINATION", "--pair")
    ] = (),
) -> Matrix:
    """Find the best route of every origin to every destination, or of some pairs, all in one go.

    A pair of a place with itself, or without a route, is there with None in every measure. In Python a pair may be two
    places: `pairs=[("harbin", "niigata"), ("yanji", "tokyo")]`. Raises UnknownName for a place, BadValue for what is no
    pair, and for pairs beside origins or destinations.

    >>> import corridor_net as cn
    >>> found = cn.load(as_of="2019-07-01").matrix(origins=["harbin", "hunchun"], destinations=["niigata", "tokyo"])
    >>> found.array("hours").shape
    (2, 2)
    """
    from corridor_net.analysis.compare import trips

    network, router = model.network, model.router
    if pairs and (origins or destinations):
        raise BadValue("pairs have their own origins and destinations", hint="leave out those, or the pairs")
    if pairs:
        asked = list(dict.fromkeys(_pair_of(model, pair) for pair in pairs))
        starts, goals = (tuple(dict.fromkeys(ends)) for ends in zip(*asked, strict=True))
    else:
        starts, goals = _places(model, origins, "origin"), _places(model, destinations, "market")
        asked = [(start, goal) for start in starts for goal in goals]
    found = trips(router, starts, goals)
    return Matrix(
        as_of=str(network.day),
        scenario=router.scenario,
        cargo=router.impedance.cargo.cargo_id,
        by=router.by,
        price_year=router.impedance.prices.year,
        origins=starts,
        destinations=goals,
        pairs=tuple(_pair(*ends, found.get(ends)) for ends in asked),
    )


def _pair_of(model: Model, pair: Any) -> tuple[str, str]:
    """Return the ids of a pair: of ORIGIN:DESTINATION, or of two places; raise BadValue for what is neither."""
    ends = pair.split(":") if isinstance(pair, str) else pair
    try:
        origin, destination = ends
    except (TypeError, ValueError):
        from corridor_net.questions._examples import a_pair

        hint = f"ORIGIN:DESTINATION, for example {a_pair(model.network)}"
        raise BadValue(f"{pair!r} is no pair", hint=hint) from None
    return model.network.node(origin).node_id, model.network.node(destination).node_id


def _places(model: Model, names: tuple[str, ...], role: str) -> tuple[str, ...]:
    nodes = [model.network.node(name).node_id for name in names] or [m.node_id for m in model.network.markets(role)]
    return tuple(dict.fromkeys(nodes))


def _pair(origin: str, destination: str, trip: Trip | None) -> Pair:
    names = ("cost_usd", "hours", "co2_kg", "generalised_cost_usd", "distance_km", "gateway")
    return Pair(origin=origin, destination=destination, **{name: getattr(trip, name, None) for name in names})


def view(found: Matrix) -> Page:
    """Show what is minimised for every pair, then the gateways; pairs that were chosen as a list."""
    first = say(
        "{reached} of {all} pairs have a route on {day}; prices of {year}.",
        reached=sum(pair.cost_usd is not None for pair in found.pairs),
        all=len(found.pairs),
        day=found.as_of,
        year=found.price_year,
    )
    if not found.is_whole:
        return page(first, _listed(found))
    measured, digits = MEASURES[found.by], 1 if found.by == "time" else 0
    heads = numbers(
        *(say("{goal:name}", goal=goal) for goal in found.destinations), digits=digits, money=measured.endswith("_usd")
    )
    table = Table(
        title=_title(found),
        columns=(Column(heading="from", kind="name"), *heads),
        rows=tuple((start, *row) for start, row in zip(found.origins, found.grid(measured), strict=True)),
    )
    gates = zip(found.origins, found.grid("gateway"), strict=True)
    ports = Table(
        title="gateway",
        columns=(
            Column(heading="from", kind="name"),
            *(Column(heading=say("{goal:name}", goal=d), kind="name") for d in found.destinations),
        ),
        rows=tuple((start, *(gateway or "" for gateway in row)) for start, row in gates),
    )
    return page(first, table, ports)


def _title(found: Matrix) -> Sentence:
    what = CALLED[MEASURES[found.by]]
    return say("{what:label}, {cargo:label}, {scenario:label}", what=what, cargo=found.cargo, scenario=found.scenario)


def _listed(found: Matrix) -> Table:
    columns = (
        Column(heading="from", kind="name"),
        Column(heading="to", kind="name"),
        *numbers("USD", "hours", "kg CO2e"),
        Column(heading="gateway", kind="name"),
    )
    rows = tuple((p.origin, p.destination, p.cost_usd, p.hours, p.co2_kg, p.gateway or "") for p in found.pairs)
    return Table(columns=columns, rows=rows)


def charts(found: Matrix, words: Words) -> Mapping[str, Chart]:
    """Draw what is minimised for every pair, as a table of colours."""
    from corridor_net.render.chart import Grid

    measured = MEASURES[found.by]
    return {
        "matrix": Grid(
            title=f"{words.label(found.cargo)}, {words.label(found.scenario)}, {found.as_of}",
            unit=CALLED[measured],
            rows=[words.name(name) for name in found.origins],
            columns=[words.name(name) for name in found.destinations],
            values=found.grid(measured),
        )
    }


def layer(found: Matrix) -> dict[str, Any]:
    """Give the pairs that have a route as straight lines."""
    from corridor_net.output.layers import pairs_layer

    return pairs_layer(networks_of(found)[0], (pair for pair in found.pairs if pair.cost_usd is not None))
