"""What every origin pays to every destination: money, hours, CO2e and gateway, as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from operator import itemgetter
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, overload

from corridor_net.errors import BadValue, did_you_mean
from corridor_net.questions import Ask, networks_of
from corridor_net.questions.asked.places import DESTINATIONS, ORIGINS, PAIRS, asked_ends
from corridor_net.questions.asked.values import run_of
from corridor_net.render.chart import Chart, Grid
from corridor_net.render.page import Column, Page, Table, numbers, page, table_of
from corridor_net.render.words import Sentence, named, say
from corridor_net.results import Result, measure

if TYPE_CHECKING:
    from corridor_net.analysis.pair_totals import PairTotals
    from corridor_net.model import Model

LAYER = "pairs.geojson"
CALLED = {
    "generalised_cost_usd": "generalised USD",
    "cost_usd": "USD",
    "hours": "hours",
    "co2_kg": "kg CO2e",
}
LEAST_CHANGE = 1e-9
"""A share by which a measure changes; less is the rounding of sums."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureChange:
    """What scenarios change of one measure over the pairs with a route before and after, as shares of before.

    `mean` is the plain mean over these pairs; `most` the greatest fall, that of `origin` and `destination`, and 0 where
    none falls; `less` counts the pairs with less than before.
    """

    quantity: str
    pairs: int
    less: int
    mean: float = measure("share", 6)
    most: float = measure("share", 6)
    origin: str | None
    destination: str | None


@dataclass(frozen=True, kw_only=True)
class Matrix(Result):
    """The best routes of pairs, as asked; `array` gives a measure as (n_origins, n_destinations).

    `changes` is what the scenarios change, where that was asked for.
    """

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
    changes: tuple[MeasureChange, ...] = ()
    totals: PairTotals = measure(hidden=True)

    def array(self, quantity: str = "generalised_cost_usd") -> Any:
        """Return a measure of all pairs as a numpy array (n_origins, n_destinations).

        NaN where there is no route, and for pairs that were not asked for. Raises BadValue for another measure than
        those of `Pair`.
        """
        from corridor_net.analysis.pair_totals import MEASURES as SUMS

        if quantity not in SUMS:
            raise BadValue(f"a matrix has no '{quantity}'", hint=did_you_mean(quantity, SUMS))
        return self.totals.sums[:, :, SUMS.index(quantity)].copy()

    def grid(self, quantity: str) -> list[list[Any]]:
        """Return a measure, or `gateway`, as a list of rows, None where there is no route or none was asked for."""
        if quantity == "gateway":
            return [list(row) for row in self.totals.gateways]
        return [[None if isnan(value) else value for value in row] for row in self.array(quantity).tolist()]

    @property
    def minimised(self) -> str:
        """The measure that is minimised."""
        from corridor_net.costing import MINIMISED

        return MINIMISED[self.by]

    @property
    def is_whole(self) -> bool:
        """Whether every origin was asked with every destination."""
        return len(self.pairs) == len(self.origins) * len(self.destinations)


def answer(
    model: Model,
    *,
    origins: Annotated[tuple[str, ...], ORIGINS] = (),
    destinations: Annotated[tuple[str, ...], DESTINATIONS] = (),
    pairs: Annotated[tuple[str, ...], PAIRS] = (),
    change: Annotated[bool, Ask("What the scenarios change over all pairs: mean and most.")] = False,
) -> Matrix:
    """Find the best route of every origin to every destination, or of some pairs, all in one go.

    A pair of a place with itself, or without a route, is there with None in every measure. In Python a pair may be two
    places: `pairs=[("harbin", "niigata"), ("yanji", "tokyo")]`. Raises UnknownName for a place, BadValue for what is no
    pair, for pairs beside origins or destinations, and for a change without a scenario.

    >>> import corridor_net as cn
    >>> found = cn.load(as_of="2019-07-01").matrix(origins=["harbin", "hunchun"], destinations=["niigata", "tokyo"])
    >>> found.array("hours").shape
    (2, 2)
    """
    from corridor_net.analysis.pair_totals import pair_totals

    router = model.router
    if change and model.scenario is None:
        raise BadValue("without a scenario nothing changes", hint="name one with --scenario")
    starts, goals, asked = asked_ends(model, origins, destinations, pairs)
    found = pair_totals(router, starts, goals)
    every: Sequence[Pair] = MatrixPairs(starts, goals, found)
    if asked:
        found = found.of(asked, starts, goals)
        every = tuple(MatrixPairs(starts, goals, found).of(*ends) for ends in asked)
    return Matrix(
        **run_of(router, "as_of", "scenario", "cargo", "by", "price_year"),
        origins=starts,
        destinations=goals,
        pairs=every,
        changes=_changes(pair_totals(model.before.router, starts, goals), found, starts, goals) if change else (),
        totals=found,
    )


def _changes(
    before: PairTotals, after: PairTotals, starts: Sequence[str], goals: Sequence[str]
) -> tuple[MeasureChange, ...]:
    """Return the change of each measure over the pairs that have a route before and after; none where no pair has."""
    import numpy as np

    from corridor_net.analysis.pair_totals import MEASURES as SUMS

    made = []
    for measured in ("hours", "generalised_cost_usd", "cost_usd", "co2_kg"):
        old, new = (side.sums[:, :, SUMS.index(measured)] for side in (before, after))
        shares = np.divide(new, old, out=np.full(old.shape, np.nan), where=old > 0) - 1
        if np.isnan(shares).all():
            return ()
        row, column = divmod(int(np.nanargmin(shares)), len(goals))
        less = int(np.count_nonzero(shares < -LEAST_CHANGE))
        made.append(
            MeasureChange(
                quantity=measured,
                pairs=int(np.count_nonzero(~np.isnan(shares))),
                less=less,
                mean=float(np.nanmean(shares)),
                most=float(shares[row, column]) if less else 0.0,
                origin=starts[row] if less else None,
                destination=goals[column] if less else None,
            )
        )
    return tuple(made)


class MatrixPairs(Sequence[Pair]):
    """The pairs of a matrix, each made when it is looked at."""

    def __init__(self, origins: tuple[str, ...], destinations: tuple[str, ...], found: PairTotals) -> None:
        self.origins, self.destinations, self.found = origins, destinations, found

    def __len__(self) -> int:
        return len(self.origins) * len(self.destinations)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, MatrixPairs):
            return NotImplemented
        mine = self.origins, self.destinations, self.found
        return mine == (other.origins, other.destinations, other.found)

    __hash__ = None  # type: ignore[assignment]

    @overload
    def __getitem__(self, number: int) -> Pair: ...
    @overload
    def __getitem__(self, number: slice) -> tuple[Pair, ...]: ...
    def __getitem__(self, number: int | slice) -> Pair | tuple[Pair, ...]:
        if isinstance(number, slice):
            return tuple(self[one] for one in range(*number.indices(len(self))))
        return self._pair(*divmod(range(len(self))[number], len(self.destinations)))

    def of(self, origin: str, destination: str) -> Pair:
        """Return the pair of two places."""
        return self._pair(self.origins.index(origin), self.destinations.index(destination))

    def _pair(self, row: int, column: int) -> Pair:
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
    """Show what is minimised for every pair, then the gateways of each origin; pairs that were chosen as a list."""
    first = say(
        "{reached} of {all} pairs have a route on {as_of}; prices of {price_year}.",
        found,
        reached=sum(pair.cost_usd is not None for pair in found.pairs),
        all=len(found.pairs),
    )
    changed = _changed(found) if found.changes else None
    if not found.is_whole:
        return page(first, changed, _listed(found))
    measured, digits = found.minimised, 1 if found.by == "time" else 0
    heads = numbers(
        *(say("{goal:name}", goal=goal) for goal in found.destinations), digits=digits, money=measured.endswith("_usd")
    )
    table = Table(
        title=say("{what:label}, {cargo:name}, {scenario:label}", found, what=CALLED[measured]),
        columns=(Column(heading="from", kind="name"), *heads),
        rows=tuple((start, *row) for start, row in zip(found.origins, found.grid(measured), strict=True)),
    )
    return page(first, changed, table, _gateways(found))


def _gateways(found: Matrix) -> Table:
    """Return by which gateways each origin reaches its destinations, the most used first, each with how many."""

    def counted(row: tuple[str, list[Any]]) -> Sentence:
        most = Counter(gateway for gateway in row[1] if gateway).most_common()
        return say("{ports:list}", ports=[say("{port:name} {count}", port=port, count=count) for port, count in most])

    return table_of(
        zip(found.origins, found.grid("gateway"), strict=True),
        Column(heading="from", kind="name", of=itemgetter(0)),
        Column(heading="gateway", of=counted),
        title="By which gateway, to how many destinations",
    )


def _changed(found: Matrix) -> Table:
    return table_of(
        found.changes,
        Column(heading="what", kind="label", of=lambda one: CALLED[one.quantity]),
        *numbers("mean", "most", of=("mean", "most"), kind="rise", digits=2),
        Column(heading="from", kind="name", of=lambda one: one.origin or ""),
        Column(heading="to", kind="name", of=lambda one: one.destination or ""),
        *numbers("pairs with less", of="less"),
        title=say(
            "What {scenario:label} changes over {pairs:n0|pair|pairs}, against before",
            found.changes[0],
            scenario=found.scenario,
        ),
    )


def _listed(found: Matrix) -> Table:
    return table_of(
        found.pairs,
        Column(heading="from", kind="name", of="origin"),
        Column(heading="to", kind="name", of="destination"),
        *numbers("USD", "hours", "kg CO2e", of=("cost_usd", "hours", "co2_kg")),
        Column(heading="gateway", kind="name", of=lambda pair: pair.gateway or ""),
    )


def charts(found: Matrix) -> Mapping[str, Chart]:
    """Draw what is minimised for every pair, as a table of colours."""
    measured = found.minimised
    return {
        "matrix": Grid(
            title=say("{cargo:name}, {scenario:label}, {as_of}", found),
            unit=CALLED[measured],
            rows=list(map(named, found.origins)),
            columns=list(map(named, found.destinations)),
            values=found.grid(measured),
        )
    }


def layer(found: Matrix) -> dict[str, Any]:
    """Give the pairs that have a route as straight lines."""
    from corridor_net.output.maps.layers import pairs_layer

    return pairs_layer(networks_of(found)[0], (pair for pair in found.pairs if pair.cost_usd is not None))
