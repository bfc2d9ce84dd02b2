"""Given routes under many draws: each one's cost, hours and CO2 in every draw, which wins, and how often.

Of a pair these are its answer, or its answer and rivals: the best, and the cheapest with each other set of crossings
and ports (`graph.beside.gates`), where a network cannot be searched in every draw; `by_gateway` finds
every route that wins in one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from corridor_net.analysis.loads.gateways import WideChoiceSets
from corridor_net.analysis.router import Router
from corridor_net.costing import VALUE_OF_TIME, CostModel
from corridor_net.costing.cost_model import Columns, product_columns
from corridor_net.errors import BadValue, NoRoute
from corridor_net.uncertainty.ensembles.pair_uncertainty import (
    BY_LAND,
    Pair,
    PairUncertainty,
    chances,
    counts_by,
    ranges_of,
)
from corridor_net.uncertainty.ensembles.shares import Shares
from corridor_net.uncertainty.factors.distributions import Distribution, distributions_of
from corridor_net.uncertainty.factors.draws import Factors, Floats, Streams

DRAWS = 2000
"""Draws beside an answer, the same everywhere, so that every face shows the same ranges."""
Make = Callable[[Mapping[str, Distribution]], Factors]
"""Makes the draws of figures from their distributions."""


def distributions_of_router(router: Router) -> dict[str, Distribution]:
    """Return the distribution of every figure of a router, and of the value of time."""
    return distributions_of(router.impedance.parameters, (*router.cost_model.figures, VALUE_OF_TIME))


@dataclass(frozen=True, eq=False, kw_only=True)
class Ensemble:
    """A router with the rival routes of some pairs, ready to be priced under draws."""

    router: Router
    pairs: tuple[Pair, ...]
    routes: tuple[tuple[int, ...], ...]
    owner: NDArray[np.int64]
    gateways: tuple[str, ...]

    @classmethod
    def of(
        cls,
        router: Router,
        pairs: Iterable[Pair],
        base: Ensemble | None = None,
        best: Mapping[Pair, Sequence[int]] | None = None,
    ) -> Ensemble:
        """Find the rivals of every pair; pairs without a route are left out.

        With `base`, another ensemble of the same pairs (the baseline's), its rivals are taken over, arc by arc,
        where they still exist, and the best of this router is added: far quicker than looking for all again. `best`
        holds best routes (arcs) that are known.
        """
        found: dict[Pair, list[tuple[int, ...]]] = {}
        place = router.impedance.numbers if base else {}
        sets = WideChoiceSets(router)
        for pair in pairs:
            try:
                listed = sets.between(*pair) if base is None else _taken_over(router, pair, base, place, best)
            except NoRoute:
                continue
            found[pair] = [tuple(arcs) for arcs in listed]
        return cls.with_routes(router, found)

    @property
    def model(self) -> CostModel:
        """What the arcs are made of."""
        return self.router.cost_model

    @cached_property
    def _priced(self) -> tuple[tuple[tuple[str, ...], ...], tuple[Floats, ...]]:
        return self.model.of_routes(self.routes)

    @property
    def products(self) -> tuple[tuple[str, ...], ...]:
        """The products of figures that the routes are made of."""
        return self._priced[0]

    @property
    def amounts(self) -> tuple[Floats, ...]:
        """USD, hours, hours of spread and kg CO2e by route and product, each (n_routes, n_products)."""
        return self._priced[1]

    @cached_property
    def distributions(self) -> dict[str, Distribution]:
        """The distribution of every figure of the router, and of the value of time."""
        return distributions_of_router(self.router)

    def figures(self, pairs: Iterable[Pair] | None = None) -> tuple[str, ...]:
        """Return the figures that are not certain behind the routes, or those of some pairs, sorted."""
        wanted = set(range(len(self.pairs)) if pairs is None else map(self.pairs.index, pairs))
        routes = (route for own, route in zip(self.owner.tolist(), self.routes, strict=True) if own in wanted)
        met = map(self.model.product, self.model.met(chain.from_iterable(routes)))
        names = {*chain.from_iterable(met), VALUE_OF_TIME}
        return tuple(sorted(name for name in names if self.distributions[name].kind != "certain"))

    def region(self, gateway: str) -> str:
        """Return the province of a gateway: itself where none is named."""
        node = self.router.network.nodes.get(gateway)
        return node.province if node is not None and node.province else gateway

    def under(self, factors: Factors, draws: int, start: int = 0) -> Priced:
        """Price every rival in draws `start` to `start + draws - 1`."""
        return self.price(factors.columns(draws, start), draws)

    def price(self, factor: Columns, count: int) -> Priced:
        """Price every rival in every draw; `factor` gives the factors of a figure, shape (count,)."""
        measures, generalised, weight = self.measured(factor, count)
        winner = np.empty((len(self.pairs), count), np.int64)
        for number in range(len(self.pairs)):
            rows = np.flatnonzero(self.owner == number)
            winner[number] = rows[np.argmin(weight[rows], axis=0)]
        money, hours, _, co2 = measures
        return Priced(ensemble=self, winner=winner, money=money, hours=hours, co2=co2, generalised=generalised)

    def measured(self, factor: Columns, count: int) -> tuple[tuple[Floats, ...], Floats, Floats]:
        """Return of every rival in every draw USD, hours, spread and kg CO2e, generalised cost, and what is least."""
        columns = product_columns(self.products, factor, count)
        measures = tuple(_product(amounts, columns) for amounts in self.amounts)
        objective, time = self.router.objective, factor(VALUE_OF_TIME)
        generalised = objective.generalised(*measures, time_factor=time)
        return measures, generalised, objective.weight(*measures, time_factor=time)

    @classmethod
    def with_routes(cls, router: Router, found: Mapping[Pair, Iterable[tuple[int, ...]]]) -> Ensemble:
        """Return the ensemble of given rivals (arcs) by pair."""
        pairs, routes, owner, gateways = tuple(found), [], [], []
        for number, pair in enumerate(pairs):
            for arcs in found[pair]:
                routes.append(arcs)
                owner.append(number)
                gateways.append(router.gateway(arcs) or BY_LAND)
        return cls(
            router=router, pairs=pairs, routes=tuple(routes), owner=np.array(owner, np.int64), gateways=tuple(gateways)
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class Priced:
    """Every rival in every draw, (n_routes, count), and the winners by pair, (n_pairs, count)."""

    ensemble: Ensemble
    winner: NDArray[np.int64]
    money: Floats
    hours: Floats
    co2: Floats
    generalised: Floats

    def first(self, count: int) -> Priced:
        """Return the first so many draws."""
        kept = {name: getattr(self, name)[:, :count] for name in ("winner", "money", "hours", "co2", "generalised")}
        return replace(self, **kept)

    def won(self, quantity: str) -> Floats:
        """Return a quantity of the winning route, (n_pairs, count)."""
        values: Floats = getattr(self, quantity)
        return np.take_along_axis(values, self.winner, axis=0)

    @cached_property
    def answers(self) -> NDArray[np.int64]:
        """The first route of every pair, (n_pairs,): its answer."""
        return np.unique(self.ensemble.owner, return_index=True)[1]

    @property
    def drawn(self) -> Drawn:
        """The pairs, and how often each gateway wins."""
        names = list(dict.fromkeys(self.ensemble.gateways))
        gate = np.array([names.index(name) for name in self.ensemble.gateways], np.int64)
        rows = np.arange(len(self.winner))[:, None]
        wins = counts_by(rows, gate[self.winner], 1, (len(self.winner), len(names)))
        best = np.array([self.won(name) for name in ("generalised", "hours", "co2", "money")])
        return Drawn(answers=self, best=best, gates=names, wins=wins)

    def summaries(self) -> tuple[PairUncertainty, ...]:
        """Return every pair with its ranges and chances; the first route of a pair is its answer."""
        return self.drawn.summaries()


@dataclass(frozen=True, eq=False, kw_only=True)
class Drawn:
    """Some pairs under all draws.

    `answers` has been priced with the same draws, and of every pair its answer first. `best`: of each of `QUANTITIES`
    that of the best way, (4, n_pairs, count). `wins`: how often each of `gates` was its gateway, (n_pairs, n_gates).
    """

    answers: Priced
    best: Floats
    gates: Sequence[str]
    wins: NDArray[np.int64]

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The pairs, in the order of all else."""
        return self.answers.ensemble.pairs

    def costs(self, pair: Pair) -> Floats:
        """Return the generalised cost of a pair's best way, (count,); raise NoRoute for a pair that has none."""
        if pair not in self.pairs:
            raise NoRoute(f"no route from {pair[0]} to {pair[1]}")
        costs: Floats = self.best[0, self.pairs.index(pair)]
        return costs

    def summaries(self) -> tuple[PairUncertainty, ...]:
        """Return every pair with its ranges and chances."""
        priced, ensemble = self.answers, self.answers.ensemble
        own = [values[priced.answers] for values in (priced.generalised, priced.hours, priced.co2, priced.money)]
        found = []
        for number, (pair, route, best) in enumerate(
            zip(self.pairs, ranges_of(own), ranges_of(self.best), strict=True)
        ):
            gateway, times = ensemble.gateways[priced.answers[number]], self.wins[number]
            found.append(
                PairUncertainty(
                    origin=pair[0],
                    destination=pair[1],
                    gateway=gateway,
                    route=route,
                    best=best,
                    gateways=chances(self.gates, times),
                    regions=chances([ensemble.region(name) for name in self.gates], times),
                    region=ensemble.region(gateway),
                    draws=self.best.shape[2],
                )
            )
        return tuple(found)


def _product(amounts: Floats, columns: Floats) -> Floats:
    """Return `amounts @ columns`; most amounts of a quantity rest on few of the columns."""
    used = np.flatnonzero(amounts.any(axis=0))
    return amounts[:, used] @ columns[used]


def _taken_over(
    router: Router, pair: Pair, base: Ensemble, place: Mapping[str, int], known: Mapping[Pair, Sequence[int]] | None
) -> list[list[int]]:
    best = known[pair] if known and pair in known else router.route(*pair).arcs
    found = {tuple(best): list(best)}
    if pair in base.pairs:
        number = base.pairs.index(pair)
        for row in np.flatnonzero(base.owner == number).tolist():
            keys = [base.router.impedance.arcs[arc].key for arc in base.routes[row]]
            if all(key in place for key in keys):
                arcs = [place[key] for key in keys]
                found.setdefault(tuple(arcs), arcs)
    return list(found.values())


def better_share(before: Drawn, after: Drawn, pair: Pair) -> Shares:
    """Return in what share of draws a pair's generalised cost is lower after than before, equal, and higher.

    Both must have been priced with the same draws. Raises NoRoute when either has no route for the pair.
    """
    old, new = before.costs(pair), after.costs(pair)
    if old.shape != new.shape:
        raise BadValue("the draws of the two are not the same")
    return Shares.from_gains(old - new, old)


def priced(ensemble: Ensemble, *, draws: int, seed: int = 1, make: Make | None = None) -> Priced:
    """Price an ensemble under its figures' distributions, or as `make` draws; raise BadValue for draws not above 0."""
    if draws <= 0:
        raise BadValue(f"{draws} draws", hint="1 or more")
    figures = (*chain.from_iterable(ensemble.products), VALUE_OF_TIME)
    distributions = distributions_of(ensemble.router.impedance.parameters, figures)  # of these routes alone
    factors = Factors(distributions, seed) if make is None else make(distributions)
    return ensemble.under(factors, draws)


def drawn_alike(draws: int = DRAWS, seed: int = 1) -> Make:
    """Return what draws the figures of several networks, with what they have in common drawn once."""
    return partial(Factors, seed=seed, streams=Streams(seed, draws))


def with_choice_sets(router: Router, routes: Mapping[Pair, Sequence[int]]) -> Ensemble:
    """Return the ensemble of given routes (arcs by pair), each the first of its pair, and their rivals."""
    sets = WideChoiceSets(router)
    listed = {pair: [tuple(arcs), *(tuple(r) for r in sets.between(*pair))] for pair, arcs in routes.items()}
    return Ensemble.with_routes(router, {pair: dict.fromkeys(arcs) for pair, arcs in listed.items()})


def uncertainty_by_pair(made: Drawn) -> dict[Pair, PairUncertainty]:
    """Return the summaries of what was drawn by pair."""
    return {(one.origin, one.destination): one for one in made.summaries()}
