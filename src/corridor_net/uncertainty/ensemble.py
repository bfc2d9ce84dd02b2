"""Answers under many draws: every route's cost, hours and CO2 in each, which route wins, and how often.

For each pair a set of rival routes is kept: the best, and the cheapest with each other set of crossings and ports
(`graph.gates`). Under a draw every rival is priced anew and the cheapest wins. That is exact among
the rivals and needs no compiler; `Ensemble.completed` first searches the whole network in every draw and adds
every route that wins in one, after which it is exact (extra `fast`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.analysis.loads.gateways import Rivals
from corridor_net.analysis.router import Router
from corridor_net.costing import VALUE_OF_TIME, CostModel
from corridor_net.costing.cost_model import Columns, product_columns
from corridor_net.errors import BadValue, NoRoute
from corridor_net.results import Result, measure

from .doubts import Doubt, doubts_of
from .draws import Factors, Floats, Streams
from .shares import Shares

DRAWS = 2000
"""Draws beside an answer, the same everywhere, so that every face shows the same ranges."""
BY_LAND = "by land"
"""The gateway of a route without a leg by sea."""
PERCENTILES = (10, 50, 90)

Pair = tuple[str, str]
Make = Callable[[Mapping[str, Doubt]], Factors]
"""Makes the draws of figures from their distributions."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A quantity over the draws: mean and the 10, 50 and 90 % points."""

    mean: float = measure(digits=2)
    p10: float = measure(digits=2)
    p50: float = measure(digits=2)
    p90: float = measure(digits=2)

    @classmethod
    def of(cls, values: Floats) -> Spread:
        """Measure values; raise BadValue when there are none."""
        if not values.size:
            raise BadValue("no draws to measure")
        low, middle, high = np.percentile(values, PERCENTILES)
        return cls(float(values.mean()), float(low), float(middle), float(high))

    def ends(self, by: float = 1.0) -> tuple[float, float]:
        """Return the 10 and the 90 % point, divided by `by`."""
        return self.p10 / by, self.p90 / by


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranges:
    """The measures of a way over the draws, per box."""

    cost_usd: Spread
    hours: Spread
    co2_kg: Spread
    generalised_cost_usd: Spread


@dataclass(frozen=True, slots=True, kw_only=True)
class PairDoubt(Result):
    """One pair under all draws.

    `route`: the ranges of the route that is the answer, whether it stays the best or not; this is what stands beside
    an answer everywhere. `best`: those of the way that is best in each draw, among the rivals (see `gateways.Rivals`).
    `gateway` is that of the answer; `gateways` says how often each gateway is the best, the most frequent first, and
    `regions` the same with the ports of one province together.
    """

    origin: str
    destination: str
    gateway: str
    route: Ranges
    best: Ranges
    gateways: dict[str, float] = measure(digits=4)
    regions: dict[str, float] = measure(digits=4)
    region: str
    draws: int

    @property
    def gateway_wins(self) -> float:
        """In what share of draws the gateway of the answer is the best."""
        return self.gateways.get(self.gateway, 0.0)

    @property
    def region_wins(self) -> float:
        """In what share of draws a gateway of the answer's province is the best."""
        return self.regions.get(self.region, 0.0)

    @property
    def otherwise(self) -> tuple[str, float] | None:
        """The other gateway that is most often the best, and how often; None where there is none."""
        return next(((name, share) for name, share in self.gateways.items() if name != self.gateway), None)

    def to_dict(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        shown = Result.to_dict(self)
        return {
            **{name: shown[name] for name in ("origin", "destination", "gateway")},
            **shown["route"],
            "best": shown["best"],
            "gateway_wins": round(self.gateway_wins, 4),
            "region": self.region,
            "region_wins": round(self.region_wins, 4),
            **{name: shown[name] for name in ("gateways", "regions", "draws")},
        }


@dataclass(frozen=True, eq=False)
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
        where they still exist, and the best of this router is added: far quicker than looking for all anew. `best`
        holds best routes (arcs) that are known.
        """
        found: dict[Pair, list[tuple[int, ...]]] = {}
        place = router.impedance.numbers if base else {}
        rivals = Rivals(router)
        for pair in pairs:
            try:
                listed = rivals.between(*pair) if base is None else _taken_over(router, pair, base, place, best)
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
    def doubts(self) -> dict[str, Doubt]:
        """The distribution of every figure of the router, and of the value of time."""
        return doubts_of(self.router.impedance.parameters, (*self.model.figures, VALUE_OF_TIME))

    def region(self, gateway: str) -> str:
        """Return the province of a gateway: itself where none is named."""
        node = self.router.network.nodes.get(gateway)
        return node.province if node is not None and node.province else gateway

    def price(self, factor: Columns, count: int) -> Priced:
        """Price every rival in every draw; `factor` gives the factors of a figure, shape (count,)."""
        columns = product_columns(self.products, factor, count)
        measures = tuple(amounts @ columns for amounts in self.amounts)
        objective, time = self.router.objective, factor(VALUE_OF_TIME)
        generalised = objective.generalised(*measures, time_factor=time)
        weight = objective.weight(*measures, time_factor=time)
        winner = np.empty((len(self.pairs), count), np.int64)
        for number in range(len(self.pairs)):
            rows = np.flatnonzero(self.owner == number)
            winner[number] = rows[np.argmin(weight[rows], axis=0)]
        money, hours, _, co2 = measures
        return Priced(self, winner, money, hours, co2, generalised)

    def completed(self, factors: Factors, count: int) -> Ensemble:
        """Return the ensemble with every route that is best in one of the first `count` draws among its rivals.

        The whole network is searched in every draw, so pricing these draws is exact afterwards. Needs the extra
        `fast`, and `by` generalised.
        """
        from .searched import best_in_draws

        known: dict[Pair, list[tuple[int, ...]]] = {pair: [] for pair in self.pairs}
        for row, arcs in zip(self.owner.tolist(), self.routes, strict=True):
            known[self.pairs[row]].append(arcs)
        return Ensemble.with_routes(self.router, best_in_draws(self.router, known, factors, count))

    @classmethod
    def with_routes(cls, router: Router, found: Mapping[Pair, Iterable[tuple[int, ...]]]) -> Ensemble:
        """Return the ensemble of given rivals (arcs) by pair."""
        pairs, routes, owner, gateways = tuple(found), [], [], []
        for number, pair in enumerate(pairs):
            for arcs in found[pair]:
                routes.append(arcs)
                owner.append(number)
                gateways.append(router.gateway(arcs) or BY_LAND)
        return cls(router, pairs, tuple(routes), np.array(owner, np.int64), tuple(gateways))


@dataclass(frozen=True, eq=False)
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
        rows = (self.money, self.hours, self.co2, self.generalised)
        return Priced(self.ensemble, self.winner[:, :count], *(values[:, :count] for values in rows))

    def won(self, quantity: str) -> Floats:
        """Return a quantity of the winning route, (n_pairs, count)."""
        values: Floats = getattr(self, quantity)
        return np.take_along_axis(values, self.winner, axis=0)

    def cost_of(self, number: int) -> Floats:
        """Return the generalised cost of a pair's winning route, (count,)."""
        winner = self.winner[number]
        return np.asarray(self.generalised[winner, np.arange(len(winner))])

    def ranges(self, rows: NDArray[np.int64]) -> Ranges:
        """Return the ranges of a route, or of the routes that `rows` (count,) name draw by draw."""
        draws = np.arange(self.winner.shape[1])
        money, hours, co2, generalised = (
            Spread.of(values[rows, draws]) for values in (self.money, self.hours, self.co2, self.generalised)
        )
        return Ranges(cost_usd=money, hours=hours, co2_kg=co2, generalised_cost_usd=generalised)

    def summaries(self) -> tuple[PairDoubt, ...]:
        """Return every pair with its ranges and chances; the first route of a pair is its answer."""
        ensemble, found = self.ensemble, []
        names = np.array(ensemble.gateways)
        regions = np.array([ensemble.region(name) for name in ensemble.gateways])
        for number, (origin, destination) in enumerate(ensemble.pairs):
            answer, winner = int(np.flatnonzero(ensemble.owner == number)[0]), self.winner[number]
            found.append(
                PairDoubt(
                    origin=origin,
                    destination=destination,
                    gateway=str(names[answer]),
                    route=self.ranges(np.full_like(winner, answer)),
                    best=self.ranges(winner),
                    gateways=_chances(names[winner]),
                    regions=_chances(regions[winner]),
                    region=str(regions[answer]),
                    draws=len(winner),
                )
            )
        return tuple(found)


def _chances(names: NDArray[np.str_]) -> dict[str, float]:
    """Return the share of each name, the most frequent first."""
    each, times = np.unique(names, return_counts=True)
    listed = sorted(zip((-times).tolist(), each.tolist(), strict=True))
    return {name: -count / len(names) for count, name in listed}


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


def better_share(before: Priced, after: Priced, pair: Pair) -> Shares:
    """Return in what share of draws a pair's generalised cost is lower after than before, equal, and higher.

    Both must have been priced with the same draws. Raises NoRoute when either has no route for the pair.
    """
    values = []
    for priced in (before, after):
        if pair not in priced.ensemble.pairs:
            raise NoRoute(f"no route from {pair[0]} to {pair[1]}")
        values.append(priced.cost_of(priced.ensemble.pairs.index(pair)))
    if values[0].shape != values[1].shape:
        raise BadValue("the draws of the two are not the same")
    return Shares.from_gains(values[0] - values[1], values[0])


def doubt(router: Router, pairs: Iterable[Pair], *, draws: int = DRAWS, seed: int = 1) -> tuple[PairDoubt, ...]:
    """Return the 10-90 % range and the chances of every pair: what is shown beside an answer unasked.

    Raises BadValue for draws not above 0.

    >>> import corridor_net as cn
    >>> from corridor_net.costing import impedance
    >>> router = Router(impedance(cn.load(as_of="2019-07-01").network))
    >>> doubt(router, [("harbin", "niigata")])[0].gateway
    'dalian'
    """
    return priced(Ensemble.of(router, pairs), draws=draws, seed=seed).summaries()


def priced(ensemble: Ensemble, *, draws: int, seed: int = 1, start: int = 0, make: Make | None = None) -> Priced:
    """Price an ensemble under its figures' distributions, or as `make` draws; raise BadValue for draws not above 0."""
    if draws <= 0:
        raise BadValue(f"{draws} draws", hint="1 or more")
    figures = (*chain.from_iterable(ensemble.products), VALUE_OF_TIME)
    doubts = doubts_of(ensemble.router.impedance.parameters, figures)  # of these routes alone
    factors = Factors(doubts, seed) if make is None else make(doubts)
    return ensemble.price(partial(factors.factor, start=start, count=draws), draws)


def drawn_alike(seed: int = 1) -> Make:
    """Return what draws the figures of several networks, with what they have in common drawn once."""
    return partial(Factors, seed=seed, streams=Streams(seed, DRAWS))


def route_doubts(
    router: Router,
    routes: Mapping[Pair, Sequence[int]],
    *,
    draws: int = DRAWS,
    seed: int = 1,
    make: Make | None = None,
) -> dict[Pair, PairDoubt]:
    """Return the 10-90 % ranges of given routes (arcs by pair) and how often their gateways win.

    What `run`, `route` and `compare` show beside their answers. A route that must pass a place (`via`) is priced
    like any other, and its rivals need not pass it. `make` draws in place of the figures' own ranges
    (years beyond the data, evidence, several networks alike). Raises BadValue for draws not above 0.
    """
    return doubts_by_pair(priced(with_rivals(router, routes), draws=draws, seed=seed, make=make))


def with_rivals(router: Router, routes: Mapping[Pair, Sequence[int]]) -> Ensemble:
    """Return the ensemble of given routes (arcs by pair), each the first of its pair, and their rivals."""
    rivals = Rivals(router)
    listed = {pair: [tuple(arcs), *(tuple(r) for r in rivals.between(*pair))] for pair, arcs in routes.items()}
    return Ensemble.with_routes(router, {pair: dict.fromkeys(arcs) for pair, arcs in listed.items()})


def doubts_by_pair(made: Priced) -> dict[Pair, PairDoubt]:
    """Return the summaries of what was priced by pair."""
    return {(one.origin, one.destination): one for one in made.summaries()}
