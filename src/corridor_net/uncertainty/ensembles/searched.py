"""The whole network searched under every draw: what is best in each, and by which routes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from corridor_net.analysis.router import Router
from corridor_net.errors import BadValue
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
from corridor_net.uncertainty.ensembles.runs import Ints, SearchedRun
from corridor_net.uncertainty.factors.draws import Factors, Floats

Sure = Callable[[Router, Mapping[Pair, Sequence[int]]], dict[Pair, PairUncertainty]]
"""Says how sure given routes are (arcs by pair): `route_uncertainty` with what draws."""
HELD = 2**23
"""Numbers that the factors of draws searched together may be, so that they fit in memory."""
FEW = 10_000
"""Searches from all origins to a goal that are done sooner than the compiler is loaded."""


def can_search(router: Router, *, compiled: bool = False) -> bool:
    """Whether a network can be searched in every draw within seconds: else rivals are priced.

    `compiled`: by the compiler too, where it is there.
    """
    return router.graph.n_arcs <= LARGE or (compiled and can_compile())


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
    searched = searched_run(router, tuple(routes), count)
    factors = make(searched.distributions)
    priced = [searched.price(part, factors.kept) for part in parts(searched, factors, count)]
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
    searched = searched_run(router, pairs, count, carried)
    factors, found = make(searched.distributions), []
    for part in parts(searched, factors, count):
        values = searched.totals(part, factors.kept)[1]
        generalised, _, co2, _ = searched.measured(values, part)
        found.append(np.array([generalised, co2, values[4]]))
    return np.concatenate(found, axis=2)


def searched_run(router: Router, pairs: Sequence[Pair], count: int, marks: Ints | Floats | None = None) -> SearchedRun:
    """Return what searches a network for pairs in so many draws; raise BadValue for draws not above 0."""
    if count <= 0:
        raise BadValue(f"{count} draws", hint="1 or more")
    many = compiled_for(count, len({goal for _, goal in pairs}))
    return SearchedRun.of(router, pairs, marks=marks, compiled=many)


def compiled_for(count: int, n_goals: int) -> bool:
    """Whether so many draws of ways to so many goals are worth loading the compiler for."""
    return count * n_goals > FEW


def parts(searched: SearchedRun, factors: Factors, count: int, first: int = 0) -> Iterator[list[Floats]]:
    """Yield the factors of draws `first` to `count - 1`, some after the other, as the search takes them."""
    most = max(1, HELD // len(searched.distributions))
    for start in range(first, count, most):
        size = min(most, count - start)
        factors.ahead(searched.figures, start, size)
        certain = np.ones(size)
        yield [
            factors.factor(name, start, size) if name in searched.figures else certain
            for name in searched.distributions
        ]
