"""The whole network searched under every draw: what is best in each, and by which routes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from corridor_net.analysis.compare import Run
from corridor_net.errors import BadValue
from corridor_net.graph.ensembles.marks import arc_marks
from corridor_net.uncertainty.ensembles.ensemble import Drawn, Ensemble
from corridor_net.uncertainty.ensembles.pair_doubt import Pair
from corridor_net.uncertainty.ensembles.runs import MARK_BITS, SearchedRun
from corridor_net.uncertainty.factors.draws import Factors, Floats
from corridor_net.uncertainty.tallies.tally import distinct

HELD = 2**23
"""Numbers that the factors of draws searched together may be, so that they fit in memory."""


def drawn(run: Run, pairs: Iterable[Pair], factors: Factors, count: int) -> Drawn:
    """Return the routes of pairs of a run, and the best ways, in the first `count` draws."""
    routes = {pair: [run.trips[pair].arcs] for pair in pairs}
    searched = SearchedRun.of(run.router, tuple(routes))
    priced = [searched.price(part) for part in _parts(searched, factors, count)]
    wins = np.zeros((len(routes), len(searched.gates)), np.int64)
    for _, times in priced:  # gateways are met by and by
        wins[:, : times.shape[1]] += times
    return Drawn(
        answers=Ensemble.with_routes(run.router, routes).under(factors, count),
        best=np.concatenate([values for values, _ in priced], axis=2),
        gates=searched.gates,
        wins=wins,
    )


def completed(ensemble: Ensemble, factors: Factors, count: int) -> Ensemble:
    """Return an ensemble with every route that is best in one of the first `count` draws among its rivals.

    Pricing these draws is exact afterwards. Raises BadValue where something else than generalised cost is least.
    """
    router = ensemble.router
    if router.by != "generalised":
        raise BadValue(f"cannot search by {router.by} in every draw", hint="leave --by at generalised")
    found: dict[Pair, dict[tuple[int, ...], None]] = {pair: {} for pair in ensemble.pairs}
    marks = arc_marks(router.graph.n_arcs) & (2**MARK_BITS - 1)
    met: list[set[int]] = [set() for _ in found]
    for row, route in zip(ensemble.owner.tolist(), ensemble.routes, strict=True):
        found[ensemble.pairs[row]][route] = None
        met[row].add(int(marks[list(route)].sum()))
    searched = SearchedRun.of(router, ensemble.pairs, marks=marks)
    for part in _parts(searched, factors, count):
        best, values = searched.totals(part)
        rows, names, times, draws = distinct(values[-1])
        for at in np.lexsort((draws, -times)).tolist():
            if int(names[at]) not in met[rows[at]]:
                met[rows[at]].add(int(names[at]))
                found[ensemble.pairs[rows[at]]][searched.route(best, rows[at], draws[at])] = None
    return Ensemble.with_routes(router, found)


def _parts(searched: SearchedRun, factors: Factors, count: int) -> Iterator[Floats]:
    """Yield the factors of some draws after the other, as the search takes them."""
    most = max(1, HELD // len(searched.doubts))
    for start in range(0, count, most):
        size = min(most, count - start)
        yield np.array([factors.factor(figure, start, size) for figure in searched.doubts])
