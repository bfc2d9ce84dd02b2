"""One run of a study, small enough to be sent to a worker, and the pricing of draws of it.

A run is priced in one of two ways: `SearchedRun` searches the whole network in every draw, `ChoiceSetRun`
takes the cheapest of the rival routes of each pair. Both give, for some draws, cost, hours, CO2 and generalised cost of
each pair, and which gateway was used how often.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from corridor_net.analysis.route import gateway_of
from corridor_net.analysis.router import Router
from corridor_net.costing import VALUE_OF_TIME, CostModel, Objective
from corridor_net.graph.ensembles.condensed import Condensed
from corridor_net.graph.ensembles.marks import arc_marks
from corridor_net.graph.loops.compiler import can_compile
from corridor_net.uncertainty.ensembles.ensemble import Ensemble, distributions_of_router
from corridor_net.uncertainty.ensembles.pair_uncertainty import BY_LAND, Pair, counts_by
from corridor_net.uncertainty.factors.distributions import Distribution
from corridor_net.uncertainty.factors.draws import Floats
from corridor_net.uncertainty.tallies.tally import distinct

if TYPE_CHECKING:
    from corridor_net.analysis.compare import Run
    from corridor_net.graph.ensembles.amounts import Lists
    from corridor_net.graph.ensembles.plain import Kept, Rows

MARK_BITS = 44
PARTS = {
    "generalised": ("money", "timed", "hours", "co2"),
    "money": ("money", "timed", "hours", "co2"),
    "time": ("hours", "timed", "money", "co2"),
    "co2": ("co2", "timed", "hours", "money"),
}
"""What is added up along the best routes by what is least: first what weighs by itself, then three amounts."""
TIES = 1e-9
"""What generalised cost weighs where another measure is least."""

Ints = NDArray[np.int64]
_NAMING = threading.Lock()
"""Held while a run learns the gateway of a route: chunks on several threads share what it knows."""


@dataclass(frozen=True, eq=False, kw_only=True)
class ChoiceSetRun:
    """One run of a study: amounts of rival routes by tuple of figures, and whose routes they are."""

    baseline: str
    scenario: str | None
    objective: Objective
    pairs: tuple[Pair, ...]
    owner: NDArray[np.int64]
    gateways: tuple[str, ...]
    tuples: tuple[tuple[str, ...], ...]
    amounts: tuple[Floats, ...]
    distributions: dict[str, Distribution]

    @classmethod
    def of(cls, run: Run, ensemble: Ensemble) -> ChoiceSetRun:
        """Take from an ensemble what pricing needs."""
        tuples = ensemble.products
        figures = {figure for row in tuples for figure in row} | {VALUE_OF_TIME}
        return cls(
            baseline=run.baseline,
            scenario=run.scenario,
            objective=run.router.objective,
            pairs=ensemble.pairs,
            owner=ensemble.owner,
            gateways=ensemble.gateways,
            tuples=tuples,
            amounts=ensemble.amounts,
            distributions={figure: ensemble.distributions[figure] for figure in sorted(figures)},
        )

    def identity(self) -> Iterator[bytes]:
        """Yield all that decides the answers."""
        plain = (self.baseline, self.scenario, self.objective, self.pairs)
        yield repr((plain, self.gateways, self.tuples, sorted(self.distributions.items()))).encode()
        for array in (self.owner, *self.amounts):
            yield array.tobytes()

    @cached_property
    def _bounds(self) -> list[tuple[int, int]]:
        """The first route of every pair, and the one after its last; a pair's routes stand together."""
        first = np.searchsorted(self.owner, np.arange(len(self.pairs))).tolist()
        return list(itertools.pairwise([*first, len(self.owner)]))

    @cached_property
    def _filled(self) -> list[tuple[NDArray[np.int64], Floats]]:
        """Of each measure: the tuples that are in any route, and their amounts; few are in more than one."""
        rows = [np.flatnonzero(amounts.any(axis=0)) for amounts in self.amounts]
        return [
            (used, np.ascontiguousarray(amounts[:, used])) for used, amounts in zip(rows, self.amounts, strict=True)
        ]

    @cached_property
    def gates(self) -> list[str]:
        """The gateways of any route, once."""
        return list(dict.fromkeys(self.gateways))

    def price(self, factors: Floats) -> tuple[Floats, Ints]:
        """Return each quantity of the winning routes, (4, n_pairs, count), from factors (n_figures, count).

        And how often each of `gates` won, (n_pairs, n_gates).
        """
        place = {figure: row for row, figure in enumerate(self.distributions)}
        columns = np.ones((len(self.tuples), factors.shape[1]))
        for row, figures in enumerate(self.tuples):
            for figure in figures:
                columns[row] *= factors[place[figure]]
        measures = [amounts @ columns[rows] for rows, amounts in self._filled]
        time = factors[place[VALUE_OF_TIME]]
        generalised = self.objective.generalised(*measures, time_factor=time)
        weight = self.objective.weight(*measures, time_factor=time)
        money, hours, _, co2 = measures
        winner = np.array([a + np.argmin(weight[a:b], axis=0) for a, b in self._bounds])
        gate = np.array([self.gates.index(name) for name in self.gateways])
        wins = counts_by(np.arange(len(winner))[:, None], gate[winner], 1, (len(winner), len(self.gates)))
        return np.array([np.take_along_axis(one, winner, axis=0) for one in (generalised, hours, co2, money)]), wins


class Best(Protocol):
    """The best routes of all pairs of two ends in some draws: totals of each, and which they are."""

    @property
    def values(self) -> Floats:
        """Least cost, and three amounts and marks along its route, (5, n_pairs, count)."""

    def route(self, row: int, k: int) -> tuple[int, ...]:
        """Return the steps of a pair's best route in draw `k`."""


class Search(Protocol):
    """Finds them."""

    def best(self, factors: Rows, rates: Floats, kept: Kept | None = None, /) -> Best:
        """Return the best routes under factors (n_figures, count), amounts at rates (3, count).

        What is `kept` of the network before may be taken over.
        """


@dataclass(frozen=True, eq=False, kw_only=True)
class SearchedRun:
    """One run of a study: the whole network, to be searched in every draw by generalised cost.

    `steps` are what its pairs need of the network. `products` of figures, and by them the `parts`: of each step money,
    the hours that the value of time is paid for, hours, and CO2; `marks` of arcs by sea, so that those of a route add
    up to a number that tells which arcs by sea it has. `sea`: where these begin and end. `distributions` are those of
    all figures of the network.
    """

    baseline: str
    scenario: str | None
    objective: Objective
    pairs: tuple[Pair, ...]
    rows: NDArray[np.int64]
    steps: Condensed
    products: Lists
    parts: tuple[Lists, ...]
    marks: Floats
    sea: dict[int, tuple[str, str]]
    overseas: frozenset[str]
    distributions: dict[str, Distribution]
    compiled: bool

    @classmethod
    def of(
        cls,
        router: Router,
        pairs: Sequence[Pair],
        *,
        baseline: str = "",
        scenario: str | None = None,
        marks: Ints | Floats | None = None,
        compiled: bool = True,
    ) -> SearchedRun:
        """Take from a router what a search needs; `marks`: of arcs by sea.

        `compiled`: search by the compiler where it is there, which is worth loading for many draws.
        """
        index = router.impedance.index
        origins, goals = (tuple(dict.fromkeys(pair[end] for pair in pairs)) for end in (0, 1))
        rows = [origins.index(origin) * len(goals) + goals.index(goal) for origin, goal in pairs]
        steps = Condensed.of(
            router.graph, [index[o, "origin"] for o in origins], [index[d, "destination"] for d in goals]
        )
        return cls.along(
            router, steps, pairs, rows, baseline=baseline, scenario=scenario, marks=marks, compiled=compiled
        )

    @classmethod
    def along(
        cls,
        router: Router,
        steps: Condensed,
        pairs: Sequence[Pair],
        rows: Sequence[int],
        *,
        baseline: str = "",
        scenario: str | None = None,
        marks: Ints | Floats | None = None,
        compiled: bool = True,
    ) -> SearchedRun:
        """Take from a router what a search of given steps needs; `rows`: which of their ends each pair has."""
        sea = router.impedance.at_sea
        if marks is None:
            marks = np.where(sea, arc_marks(len(sea)) & (2**MARK_BITS - 1), 0)
        model = router.cost_model.along(steps.arcs)
        made = cls(
            baseline=baseline,
            scenario=scenario,
            objective=router.objective,
            pairs=tuple(pairs),
            rows=np.array(rows, np.int64),
            steps=steps,
            products=model.factors,
            parts=_parts_of(model, router.objective),
            marks=np.array([marks[list(arcs)].sum() for arcs in steps.arcs], float),
            sea={arc: router.impedance.places(arc) for arc in np.flatnonzero(sea).tolist()},
            overseas=router.network.overseas,
            distributions=distributions_of_router(router),
            compiled=compiled and can_compile(),
        )
        _ = made.search  # once, not by each of several threads
        return made

    @cached_property
    def search(self) -> Search:
        """What searches."""
        if not self.compiled:
            from corridor_net.graph.ensembles.plain import PlainSearch

            return PlainSearch(
                graph=self.steps.graph, ends=self.steps.ends, products=self.products, parts=self.parts, marks=self.marks
            )
        from corridor_net.graph.ensembles.compiled_search import CompiledSearch

        return CompiledSearch.of(
            self.steps.graph, len(self.distributions), self.steps.ends, self.products, self.parts, self.marks
        )

    def identity(self) -> Iterator[bytes]:
        """Yield all that decides the answers."""
        plain = (self.baseline, self.scenario, self.objective, self.pairs, self.steps.arcs, sorted(self.overseas))
        yield repr((plain, sorted(self.distributions.items()), self.sea)).encode()
        for first, number, size in (self.products, *self.parts):
            yield from (first.tobytes(), number.astype(np.int32).tobytes(), size.tobytes())

    @cached_property
    def figures(self) -> frozenset[str]:
        """The figures that the steps rest on, and the value of time: of `distributions`, those that count."""
        names = list(self.distributions)
        return frozenset(names[number] for number in {*self.products[1].ravel().tolist()}) | {VALUE_OF_TIME}

    @cached_property
    def gates(self) -> list[str]:
        """The gateways met so far."""
        return []

    @cached_property
    def _known(self) -> dict[str, Ints]:
        """Which of `gates` a sum of marks stands for: ascending `key` of mark and kind of origin, and its `gate`."""
        return {"key": np.array([2**62]), "gate": np.zeros(1, np.int64)}  # a last key above all

    def price(self, factors: Rows, kept: Kept | None = None) -> tuple[Floats, Ints]:
        """Return each quantity of the best routes, (4, n_pairs, count), from factors (n_figures, count).

        And how often each of `gates` was used, (n_pairs, n_gates).
        """
        found, values = self.totals(factors, kept)
        rows, sums, times, draws = distinct(values[-1])
        gate = self._gate(found, rows, sums, draws)
        wins = counts_by(rows, gate, times, (len(self.rows), len(self.gates)))
        return self.measured(values, factors), wins

    def measured(self, values: Floats, factors: Rows) -> Floats:
        """Return each of `QUANTITIES` of best routes, (4, n_pairs, count), from what `totals` has of them."""
        alone = values[0] - (self._rates(factors)[:, None] * values[1:4]).sum(axis=0)
        known = dict(zip(PARTS[self.objective.by], (alone, *values[1:4]), strict=True))
        generalised = values[0]
        if self.objective.by != "generalised":
            generalised = np.sum([price * known[name] for name, price in self._prices(factors).items()], axis=0)
        return np.array([generalised, known["hours"], known["co2"], known["money"]])

    def totals(self, factors: Rows, kept: Kept | None = None) -> tuple[Best, Floats]:
        """Return the best routes in some draws, and of each what is least, the other `PARTS`, and marks."""
        found = self.search.best(factors, self._rates(factors), kept)
        values = found.values
        in_order = np.array_equal(self.rows, np.arange(values.shape[1]))
        return found, values if in_order else values[:, self.rows]

    def _prices(self, factors: Rows) -> dict[str, Floats]:
        """Return what each part is worth in each draw."""
        dollar, hour, _, carbon = self.objective.prices
        time = factors[list(self.distributions).index(VALUE_OF_TIME)]
        one = np.ones(len(time))
        return {"money": dollar * one, "timed": hour * time, "hours": 0 * one, "co2": carbon * one}

    def _rates(self, factors: Rows) -> Floats:
        """Return what each amount weighs in each draw; of ways alike in one measure that is least, the best wins."""
        prices, scale = self._prices(factors), 1.0 if self.objective.by == "generalised" else TIES
        return np.array([scale * prices[name] for name in PARTS[self.objective.by][1:]])

    def _gate(self, found: Best, rows: Ints, sums: Floats, draws: Ints) -> Ints:
        """Return the number of the gateway of each sum of marks, of the pair at its row; seen first in its draw.

        A gateway follows from the arcs by sea, for which the marks stand, and from where the origin lies.
        """
        key = sums.astype(np.int64) * 2 + self._from_overseas[rows]
        with _NAMING:
            known = self._known
            place = np.searchsorted(known["key"][:-1], key)
            unknown = np.flatnonzero(known["key"][place] != key)
            if not len(unknown):
                return known["gate"][place]
            fresh = unknown[np.unique(key[unknown], return_index=True)[1]]
            names = [self._gateway(found, row, k) for row, k in zip(rows[fresh], draws[fresh], strict=True)]
            self.gates.extend(name for name in dict.fromkeys(names) if name not in self.gates)
            keys = np.append(known["key"], key[fresh])
            gates = np.append(known["gate"], np.array([self.gates.index(name) for name in names], np.int64))
            order = np.argsort(keys)
            known["key"], known["gate"] = keys[order], gates[order]
            return known["gate"][np.searchsorted(known["key"], key)]

    @cached_property
    def _from_overseas(self) -> Ints:
        """Whether the origin of each pair lies across the sea, as 0 or 1."""
        return np.array([origin in self.overseas for origin, _ in self.pairs], np.int64)

    def route(self, found: Best, row: int, k: int) -> tuple[int, ...]:
        """Return the arcs of a pair's best route in one of the draws of `found`."""
        return tuple(chain.from_iterable(self.steps.arcs[step] for step in found.route(int(self.rows[row]), k)))

    def _gateway(self, found: Best, row: int, k: int) -> str:
        """Return the gateway of a pair's best route in one draw."""
        sea = [self.sea[arc] for arc in self.route(found, row, k) if arc in self.sea]
        return gateway_of(self.overseas, self.pairs[row][0], sea) or BY_LAND


def _parts_of(model: CostModel, objective: Objective) -> tuple[Lists, ...]:
    money, hours, spread, co2 = model.terms.values()
    timed = hours.plus(spread, objective.reliability_ratio)
    known = {"money": money, "hours": hours, "timed": timed, "co2": co2}
    return tuple(known[name].lists for name in PARTS[objective.by])
