"""The whole network searched under every draw: what is best in each, and by which routes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from corridor_net.analysis.router import Router
from corridor_net.errors import BadValue
from corridor_net.graph.ensembles.marks import arc_marks
from corridor_net.graph.loops.compiler import can_compile
from corridor_net.graph.search.large import LARGE
from corridor_net.uncertainty.ensembles.ensemble import (
    DRAWS,
    Drawn,
    Ensemble,
    Make,
    drawn_alike,
    priced,
    uncertainty_by_pair,
    with_choice_sets,
)
from corridor_net.uncertainty.ensembles.pair_uncertainty import Pair, PairUncertainty
from corridor_net.uncertainty.ensembles.runs import MARK_BITS, Ints, SearchedRun
from corridor_net.uncertainty.factors.draws import Factors, Floats
from corridor_net.uncertainty.tallies.tally import distinct

Sure = Callable[[Router, Mapping[Pair, Sequence[int]]], dict[Pair, PairUncertainty]]
"""Says how sure given routes are (arcs by pair): `route_uncertainty` with what draws."""
HELD = 2**23
"""Numbers that the factors of draws searched together may be, so that they fit in memory."""
FEW = 10_000
"""Searches from all origins to a goal that are done sooner than the compiler is loaded."""


def can_search(router: Router, *, compiled: bool = False) -> bool:
    """Whether a network can be searched in every draw, by its measure and within seconds: else rivals are priced.

    `compiled`: by the compiler too, where it is there.
    """
    return router.by == "generalised" and (router.graph.n_arcs <= LARGE or (compiled and can_compile()))


def route_uncertainty(
    router: Router, routes: Mapping[Pair, Sequence[int]], *, make: Make | None = None
) -> dict[Pair, PairUncertainty]:
    """Return the 10-90 % ranges of given routes (arcs by pair) and how often their gateways win.

    What `run`, `route` and `compare` show beside their answers. A route that must pass a place (`via`) is priced
    like any other, and the best ways need not pass it. `make` draws in place of the figures' own ranges
    (years beyond the data, evidence, several networks alike).
    """
    return uncertainty_by_pair(drawn_beside(router, routes, make or drawn_alike()))


def drawn_beside(router: Router, routes: Mapping[Pair, Sequence[int]], make: Make) -> Drawn:
    """Return given routes (arcs by pair) in the draws that stand beside an answer, and the best ways of their pairs."""
    if not can_search(router):
        return priced(with_choice_sets(router, routes), draws=DRAWS, make=make).drawn
    return drawn(router, routes, make, DRAWS)


def drawn(router: Router, routes: Mapping[Pair, Sequence[int]], make: Make, count: int) -> Drawn:
    """Return given routes (arcs by pair), and the best ways of their pairs, in the first `count` draws."""
    searched = _searched(router, tuple(routes), count)
    factors = make(searched.distributions)
    priced = [searched.price(part, factors.kept) for part in _parts(searched, factors, count)]
    wins = np.zeros((len(routes), len(searched.gates)), np.int64)
    for _, times in priced:  # gateways are met by and by
        wins[:, : times.shape[1]] += times
    return Drawn(
        answers=Ensemble.with_routes(router, {pair: [tuple(arcs)] for pair, arcs in routes.items()}).under(
            factors, count
        ),
        best=np.concatenate([values for values, _ in priced], axis=2),
        gates=searched.gates,
        wins=wins,
    )


def best_values(router: Router, pairs: Sequence[Pair], make: Make, count: int, carried: Floats) -> Floats:
    """Return the best ways of pairs: generalised cost, kg CO2e, and what is `carried`, (3, n_pairs, count).

    `carried` is of every arc, (n_arcs,), and adds up along a way.
    """
    searched = _searched(router, pairs, count, carried)
    factors = make(searched.distributions)
    made = [searched.totals(part, factors.kept)[1] for part in _parts(searched, factors, count)]
    return np.concatenate([values[[0, 3, 4]] for values in made], axis=2)


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
    searched = _searched(router, ensemble.pairs, count, marks)
    for part in _parts(searched, factors, count):
        best, values = searched.totals(part, factors.kept)
        rows, names, times, draws = distinct(values[-1])
        for at in np.lexsort((draws, -times)).tolist():
            if int(names[at]) not in met[rows[at]]:
                met[rows[at]].add(int(names[at]))
                found[ensemble.pairs[rows[at]]][searched.route(best, rows[at], draws[at])] = None
    return Ensemble.with_routes(router, found)


def _searched(router: Router, pairs: Sequence[Pair], count: int, marks: Ints | Floats | None = None) -> SearchedRun:
    if count <= 0:
        raise BadValue(f"{count} draws", hint="1 or more")
    many = count * len({goal for _, goal in pairs}) > FEW
    return SearchedRun.of(router, pairs, marks=marks, compiled=many)


def _parts(searched: SearchedRun, factors: Factors, count: int) -> Iterator[list[Floats]]:
    """Yield the factors of some draws after the other, as the search takes them."""
    most = max(1, HELD // len(searched.distributions))
    for start in range(0, count, most):
        size = min(most, count - start)
        factors.ahead(searched.figures, start, size)
        certain = np.ones(size)
        yield [
            factors.factor(name, start, size) if name in searched.figures else certain
            for name in searched.distributions
        ]
