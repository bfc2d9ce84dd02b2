"""Answers under many draws: every route's cost, hours and CO2 in each, which route wins, and how often.

For each pair a set of rival routes is kept: the best, and the cheapest with each other set of crossings and ports
(`graph.alternatives_by_gate`). Under a draw every rival is priced anew and the cheapest wins. That is exact among
the rivals and needs no compiler; `Ensemble.completed` first searches the whole network in every draw and adds
every route that wins in one, after which it is exact (extra `fast`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.analysis.emissions import factor_names
from corridor_net.analysis.gateways import rivals
from corridor_net.analysis.route import Router, gateway_of
from corridor_net.errors import BadValue, NoRoute

from .doubts import Doubt, doubts_of
from .draws import Factors, Floats

VALUE_OF_TIME = "cargo:value_of_time"
BY_LAND = "by land"
"""The gateway of a route without a leg by sea."""
PERCENTILES = (10, 50, 90)
SEARCHED = 1000
"""Draws searched at a time, so that their factors fit in memory."""

Pair = tuple[str, str]
Columns = Callable[[str], Floats]
"""Gives the factors of a figure in the draws looked at."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a router's arcs are made of, by the figures behind it: one row a distinct tuple of figures.

    `money`, `hours`, `co2`: by arc, lists of (row of `tuples`, amount).
    """

    tuples: tuple[tuple[str, ...], ...]
    money: tuple[tuple[tuple[int, float], ...], ...]
    hours: tuple[tuple[tuple[int, float], ...], ...]
    co2: tuple[tuple[tuple[int, float], ...], ...]

    @classmethod
    def of(cls, router: Router) -> Parts:
        """Take the arcs of a router apart."""
        rows: dict[tuple[str, ...], int] = {}
        named = factor_names(router.impedance)
        money, hours, co2 = [], [], []
        for arc in router.impedance.arcs:
            by: dict[str, list[tuple[int, float]]] = {"cost": [], "hours": []}
            for part in arc.parts:
                amount = part.scheduled if router.schedule else part.amount
                if amount:
                    by[part.quantity].append((rows.setdefault(part.figures, len(rows)), amount))
            money.append(tuple(by["cost"]))
            hours.append(tuple(by["hours"]))
            emitted: tuple[tuple[int, float], ...] = ()
            if arc.co2_kg:
                figures = (f"emission_factor:{named(arc)}",)
                emitted = ((rows.setdefault(figures, len(rows)), arc.co2_kg),)
            co2.append(emitted)
        return cls(tuple(rows), tuple(money), tuple(hours), tuple(co2))

    @property
    def figures(self) -> tuple[str, ...]:
        """Every figure, once."""
        return tuple(dict.fromkeys(figure for row in self.tuples for figure in row))

    def matrix(self, routes: Sequence[Sequence[int]], of: str) -> Floats:
        """Return amounts by route and tuple, shape (n_routes, n_tuples); `of` is money, hours or co2."""
        parts: tuple[tuple[tuple[int, float], ...], ...] = getattr(self, of)
        amounts = np.zeros((len(routes), len(self.tuples)))
        for row, arcs in enumerate(routes):
            for arc in arcs:
                for column, amount in parts[arc]:
                    amounts[row, column] += amount
        return amounts

    def columns(self, factor: Columns, count: int, used: NDArray[np.bool_] | None = None) -> Floats:
        """Return the factor of every tuple in every draw, shape (n_tuples, count): the product of its figures'.

        Rows of tuples that are not `used` (n_tuples,) are left at 1.
        """
        wanted = [(row, figures) for row, figures in enumerate(self.tuples) if used is None or used[row]]
        known = {figure: factor(figure) for figure in dict.fromkeys(f for _, figures in wanted for f in figures)}
        made = np.ones((len(self.tuples), count))
        for row, figures in wanted:
            for figure in figures:
                made[row] *= known[figure]
        return made


@dataclass(frozen=True, slots=True)
class Spread:
    """A quantity over the draws: mean and the 10, 50 and 90 % points."""

    mean: float
    p10: float
    p50: float
    p90: float

    @classmethod
    def of(cls, values: Floats) -> Spread:
        """Measure values; raise BadValue when there are none."""
        if not values.size:
            raise BadValue("no draws to measure")
        low, middle, high = np.percentile(values, PERCENTILES)
        return cls(float(values.mean()), float(low), float(middle), float(high))

    def as_json(self) -> dict[str, float]:
        """Return the documented JSON shape."""
        return {name: round(getattr(self, name), 2) for name in ("mean", "p10", "p50", "p90")}


@dataclass(frozen=True, slots=True)
class PairDoubt:
    """One pair under all draws: spreads of the winning route, and how often each gateway wins."""

    origin: str
    destination: str
    cost_usd: Spread
    hours: Spread
    co2_kg: Spread
    generalised_cost_usd: Spread
    gateways: dict[str, float]

    @property
    def gateway(self) -> str:
        """The gateway that wins most often."""
        return max(self.gateways, key=lambda name: (self.gateways[name], name))

    def as_json(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        spreads = {
            name: getattr(self, name).as_json() for name in ("cost_usd", "hours", "co2_kg", "generalised_cost_usd")
        }
        return {
            "origin": self.origin,
            "destination": self.destination,
            **spreads,
            "gateways": {name: round(share, 4) for name, share in self.gateways.items()},
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
    def of(cls, router: Router, pairs: Iterable[Pair], base: Ensemble | None = None) -> Ensemble:
        """Find the rivals of every pair; pairs without a route are left out.

        With `base`, another ensemble of the same pairs (the baseline's), its rivals are taken over, arc by arc,
        where they still exist, and the best of this router is added: far quicker than looking for all anew.
        """
        found: dict[Pair, list[tuple[int, ...]]] = {}
        place = {arc.key: number for number, arc in enumerate(router.impedance.arcs)} if base else {}
        for pair in pairs:
            try:
                listed = rivals(router, *pair) if base is None else _taken_over(router, pair, base, place)
            except NoRoute:
                continue
            found[pair] = [tuple(arcs) for arcs in listed]
        return cls.with_routes(router, found)

    @cached_property
    def parts(self) -> Parts:
        """What the arcs are made of."""
        return Parts.of(self.router)

    @cached_property
    def _amounts(self) -> tuple[Floats, Floats, Floats]:
        return tuple(self.parts.matrix(self.routes, of) for of in ("money", "hours", "co2"))  # type: ignore[return-value]

    @cached_property
    def doubts(self) -> dict[str, Doubt]:
        """The distribution of every figure of the router, and of the value of time."""
        found = doubts_of(self.router.network, self.parts.figures)
        found[VALUE_OF_TIME] = value_of_time_doubt(self.router)
        return found

    def price(self, factor: Columns, count: int) -> Priced:
        """Price every rival in every draw; `factor` gives the factors of a figure, shape (count,)."""
        used = np.any([amounts.any(axis=0) for amounts in self._amounts], axis=0)
        columns = self.parts.columns(factor, count, used)
        money, hours, co2 = (amounts @ columns for amounts in self._amounts)
        time = self.router.impedance.cargo.value_of_time * factor(VALUE_OF_TIME)
        carbon = self.router.co2_price_usd_per_t / 1000
        generalised = money + time * hours + carbon * co2
        weight = {"generalised": generalised, "money": money, "time": hours, "co2": co2}[self.router.by]
        winner = np.empty((len(self.pairs), count), np.int64)
        for number in range(len(self.pairs)):
            rows = np.flatnonzero(self.owner == number)
            winner[number] = rows[np.argmin(weight[rows], axis=0)]
        return Priced(self, winner, money, hours, co2, generalised)

    def completed(self, factors: Factors, count: int) -> Ensemble:
        """Return the ensemble with every route that is best in one of the first `count` draws among its rivals.

        The whole network is searched in every draw, so pricing these draws is exact afterwards. Needs the extra
        `fast`, and `by` generalised.
        """
        from corridor_net.graph.ensemble import solve
        from corridor_net.graph.hierarchy import Hierarchy
        from corridor_net.graph.weightings import Linear

        if self.router.by != "generalised":
            raise BadValue(f"cannot search by {self.router.by} in every draw", hint="leave --by at generalised")
        hierarchy, index = Hierarchy.build(self.router.graph), self.router.impedance.index
        arcs = [(n,) for n in range(self.router.graph.n_arcs)]
        parts = np.hstack([self.parts.matrix(arcs, of) for of in ("money", "hours", "co2")]).T
        origins = list(dict.fromkeys(o for o, _ in self.pairs))
        goals = list(dict.fromkeys(d for _, d in self.pairs))
        found: dict[Pair, dict[tuple[int, ...], None]] = {pair: {} for pair in self.pairs}
        for row, arcs_of in zip(self.owner.tolist(), self.routes, strict=True):
            found[self.pairs[row]][arcs_of] = None
        for start in range(0, count, SEARCHED):
            size = min(SEARCHED, count - start)
            columns = self.parts.columns(partial(factors.factor, start=start, count=size), size)
            time = self.router.impedance.cargo.value_of_time * factors.factor(VALUE_OF_TIME, start, size)
            carbon = self.router.co2_price_usd_per_t / 1000
            drive = np.vstack([columns, time * columns, carbon * columns]).T
            solved = solve(
                hierarchy,
                Linear.of(self.router.graph, drive, parts),
                [index[o, "origin"] for o in origins],
                [index[d, "destination"] for d in goals],
                routes=True,
            )
            for origin, goal in self.pairs:
                for _, _, best in solved.routes(origins.index(origin), goals.index(goal)):
                    found[origin, goal][tuple(best.tolist())] = None
        return Ensemble.with_routes(self.router, found)

    @classmethod
    def with_routes(cls, router: Router, found: Mapping[Pair, Iterable[tuple[int, ...]]]) -> Ensemble:
        """Return the ensemble of given rivals (arcs) by pair."""
        pairs, routes, owner, gateways = tuple(found), [], [], []
        for number, pair in enumerate(pairs):
            for arcs in found[pair]:
                routes.append(arcs)
                owner.append(number)
                gateways.append(
                    gateway_of(router.network.nodes, [router.impedance.arcs[arc] for arc in arcs]) or BY_LAND
                )
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

    def won(self, quantity: str) -> Floats:
        """Return a quantity of the winning route, (n_pairs, count)."""
        values: Floats = getattr(self, quantity)
        return np.take_along_axis(values, self.winner, axis=0)

    def summaries(self) -> tuple[PairDoubt, ...]:
        """Return every pair with its spreads and chances."""
        won = {name: self.won(name) for name in ("money", "hours", "co2", "generalised")}
        names = np.array(self.ensemble.gateways)
        found = []
        for number, (origin, destination) in enumerate(self.ensemble.pairs):
            gateways, times = np.unique(names[self.winner[number]], return_counts=True)
            shares = sorted(zip((-times).tolist(), gateways.tolist(), strict=True))
            chances = {name: -times / self.winner.shape[1] for times, name in shares}
            spread = {name: Spread.of(values[number]) for name, values in won.items()}
            found.append(
                PairDoubt(
                    origin,
                    destination,
                    spread["money"],
                    spread["hours"],
                    spread["co2"],
                    spread["generalised"],
                    chances,
                )
            )
        return tuple(found)


def _taken_over(router: Router, pair: Pair, base: Ensemble, place: Mapping[str, int]) -> list[list[int]]:
    best = router.route(*pair).arcs
    found = {tuple(best): list(best)}
    if pair in base.pairs:
        number = base.pairs.index(pair)
        for row in np.flatnonzero(base.owner == number).tolist():
            keys = [base.router.impedance.arcs[arc].key for arc in base.routes[row]]
            if all(key in place for key in keys):
                arcs = [place[key] for key in keys]
                found.setdefault(tuple(arcs), arcs)
    return list(found.values())


def value_of_time_doubt(router: Router) -> Doubt:
    """Return the distribution of the value of time: the range of the cargo's time cost."""
    from .doubts import from_range

    row = next(r for r in router.network.rows("cargo") if r.cargo_id == router.impedance.cargo.cargo_id)
    low, high, value = row.time_cost_low, row.time_cost_high, row.time_cost_pct_per_day
    return from_range(VALUE_OF_TIME, value, low, high, row.grade, "")


def better_share(before: Priced, after: Priced, pair: Pair) -> float:
    """Return in what share of draws a pair's generalised cost is lower after than before, ties counting half.

    Both must have been priced with the same draws. Raises NoRoute when either has no route for the pair.
    """
    values = []
    for priced in (before, after):
        if pair not in priced.ensemble.pairs:
            raise NoRoute(f"no route from {pair[0]} to {pair[1]}")
        values.append(priced.won("generalised")[priced.ensemble.pairs.index(pair)])
    if values[0].shape != values[1].shape:
        raise BadValue("the draws of the two are not the same")
    tie = np.abs(values[1] - values[0]) <= 1e-9 * values[0]
    return float(np.mean(np.where(tie, 0.5, values[1] < values[0])))


def doubt(router: Router, pairs: Iterable[Pair], *, draws: int = 200, seed: int = 1) -> tuple[PairDoubt, ...]:
    """Return the 10-90 % range and the chances of every pair: what is shown beside an answer unasked.

    Raises BadValue for draws not above 0.

    >>> import corridor_net as cn
    >>> from corridor_net.costing import impedance
    >>> router = Router(impedance(cn.load(as_of="2019-07-01").network))
    >>> doubt(router, [("harbin", "niigata")])[0].gateway
    'dalian'
    """
    return priced(Ensemble.of(router, pairs), draws=draws, seed=seed).summaries()


def priced(ensemble: Ensemble, *, draws: int, seed: int = 1, start: int = 0) -> Priced:
    """Price an ensemble under its own figures' distributions; raise BadValue for draws not above 0."""
    if draws <= 0:
        raise BadValue(f"{draws} draws", hint="1 or more")
    factors = Factors(ensemble.doubts, seed)
    return ensemble.price(partial(factors.factor, start=start, count=draws), draws)


@dataclass(frozen=True, slots=True)
class RouteDoubt:
    """One route under draws: its own spreads, and in what share of draws its gateway is the best of its rivals."""

    cost_usd: Spread
    hours: Spread
    co2_kg: Spread
    generalised_cost_usd: Spread
    gateway_wins: float
    draws: int

    def as_json(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        names = ("cost_usd", "hours", "co2_kg", "generalised_cost_usd")
        spreads = {name: getattr(self, name).as_json() for name in names}
        return {**spreads, "gateway_wins": round(self.gateway_wins, 4), "draws": self.draws}


def route_doubts(
    router: Router, routes: Mapping[Pair, Sequence[int]], *, draws: int = 200, seed: int = 1
) -> dict[Pair, RouteDoubt]:
    """Return the 10-90 % ranges of given routes (arcs by pair) and how often their gateways win.

    What `run`, `route` and `compare` show beside their answers. A route that must pass a place (`via`) is priced
    like any other, and its rivals need not pass it. Raises BadValue for draws not above 0.
    """
    if draws <= 0:
        raise BadValue(f"{draws} draws", hint="1 or more")
    listed = {pair: [tuple(arcs), *(tuple(r) for r in rivals(router, *pair))] for pair, arcs in routes.items()}
    ensemble = Ensemble.with_routes(router, {pair: dict.fromkeys(arcs) for pair, arcs in listed.items()})
    made = priced(ensemble, draws=draws, seed=seed)
    names, found = np.array(ensemble.gateways), {}
    for number, pair in enumerate(ensemble.pairs):
        row = int(np.flatnonzero(ensemble.owner == number)[0])
        spreads = [Spread.of(values[row]) for values in (made.money, made.hours, made.co2, made.generalised)]
        wins = float(np.mean(names[made.winner[number]] == names[row]))
        found[pair] = RouteDoubt(spreads[0], spreads[1], spreads[2], spreads[3], wins, draws)
    return found
