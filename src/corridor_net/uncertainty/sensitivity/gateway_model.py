"""Pairs of places as a function of their doubtful figures: what each gateway's best way costs at given scores.

The inputs are independent by construction: each figure's own score, and the score that the figures of a group have
in common ("a border's bad week"), see `draws.Factors`. So indices of variance are defined, and a group's common part is
an input like any other. In the first draws the whole network is searched; wherever else the pairs are priced, it is the
cheapest of all ways that were the best in one of these (`by_gateway`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from corridor_net.analysis.router import Router
from corridor_net.costing import VALUE_OF_TIME
from corridor_net.costing.cost_model import product_columns
from corridor_net.errors import BadValue
from corridor_net.figure_keys import original_key
from corridor_net.uncertainty.ensembles.by_gateway import by_gateway
from corridor_net.uncertainty.ensembles.ensemble import DRAWS, Ensemble, distributions_of_router
from corridor_net.uncertainty.ensembles.pair_uncertainty import Pair
from corridor_net.uncertainty.ensembles.runs import TIES
from corridor_net.uncertainty.ensembles.searched import can_search
from corridor_net.uncertainty.factors.distributions import SHARED
from corridor_net.uncertainty.factors.draws import Factors, Floats, Streams
from corridor_net.uncertainty.sensitivity.choice import two_best

Scores = Mapping[str, Floats]
"""Normal scores by input."""
Ints = NDArray[np.int64]
MEASURES = {"generalised": "generalised", "money": "usd", "time": "hours", "co2": "co2"}
"""What may be minimised, as it is told here."""
PRICED = 1024
"""Draws that are priced at a time, so that they stay in the cache."""


@dataclass(frozen=True, eq=False, kw_only=True)
class WayPrices:
    """The ways of a model in some draws: `factors` of its figures, `columns` of its products, and what they come to.

    `sums` are those of each quantity of the model, (n_ways, n).
    """

    factors: dict[str, Floats]
    columns: Floats
    sums: dict[str, Floats]


@dataclass(frozen=True, eq=False, kw_only=True)
class GatewayModel:
    """Pairs of places as a function of their doubtful figures.

    `inputs` are names: a figure's own doubt by its id, what a group shares as `group NAME`. `searched`: in how many of
    its plain draws the whole network is; 0 where it cannot be, and rival routes are priced instead. `told` are the
    measures of a way that are told beside its generalised cost: usd, hours.
    """

    router: Router
    ensemble: Ensemble
    searched: int
    factors: Factors
    figures: tuple[str, ...]
    inputs: tuple[str, ...]
    told: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        router: Router,
        pairs: Sequence[Pair],
        *,
        seed: int = 1,
        against: str | None = None,
        told: Sequence[str] = (),
    ) -> GatewayModel:
        """Find the ways of the pairs, and the figures they rest on; `against` is a gateway to look at besides.

        Raises NoRoute as `Router.route`, UnknownName or BadValue for a gateway that no way leaves by.
        """
        other = router.network.node(against).node_id if against else None
        factors = Factors(distributions_of_router(router), seed, streams=Streams(seed, DRAWS))
        if can_search(router):
            ensemble = by_gateway(router, pairs, factors, DRAWS, also=[other] if other else [])
        else:
            ensemble = Ensemble.of(router, pairs)
        if other and other not in ensemble.gateways:
            known = ", ".join(dict.fromkeys(ensemble.gateways))
            raise BadValue(f"no way leaves by '{other}'", hint=f"gateways: {known}")
        figures = ensemble.figures()
        groups = sorted({factors.distributions[figure].group for figure in figures} - {""})
        return cls(
            router=router,
            ensemble=ensemble,
            searched=DRAWS if can_search(router) else 0,
            factors=factors,
            figures=figures,
            inputs=(*figures, *(f"group {name}" for name in groups)),
            told=tuple(told),
        )

    def only(self, gateways: Iterable[str]) -> GatewayModel:
        """Return the same with the ways by some gateways alone."""
        kept = set(gateways)
        rows = enumerate(zip(self.ensemble.owner.tolist(), self.ensemble.gateways, strict=True))
        found: dict[Pair, list[tuple[int, ...]]] = {pair: [] for pair in self.ensemble.pairs}
        for way, (owner, name) in rows:
            if name in kept:
                found[self.ensemble.pairs[owner]].append(self.ensemble.routes[way])
        return replace(self, ensemble=Ensemble.with_routes(self.router, found))

    @cached_property
    def gates(self) -> dict[Pair, dict[str, Ints]]:
        """The ways of each pair by gateway."""
        found: dict[Pair, dict[str, list[int]]] = {pair: {} for pair in self.ensemble.pairs}
        for way, (owner, gateway) in enumerate(zip(self.ensemble.owner, self.ensemble.gateways, strict=True)):
            found[self.ensemble.pairs[owner]].setdefault(gateway, []).append(way)
        return {pair: {name: np.array(ways) for name, ways in own.items()} for pair, own in found.items()}

    def plain(self, count: int) -> dict[str, Floats]:
        """Return the scores of plain draws: those of every other answer with this seed."""
        return {
            name: self.factors.scores(name if name.startswith("group ") else original_key(name), 0, count)
            for name in self.inputs
        }

    def factor(self, figure: str, scores: Scores) -> Floats:
        """Return the factors of a figure at scores of the inputs: its own, and what its group shares."""
        own, group = scores[figure], self.factors.distributions[figure].group
        z = SHARED**0.5 * scores[f"group {group}"] + (1 - SHARED) ** 0.5 * own if group else own
        return self.factors.of_normal(figure, z)

    def touched(self, name: str) -> list[str]:
        """Return the figures that an input moves."""
        if not name.startswith("group "):
            return [name]
        return [figure for figure in self.figures if self.factors.distributions[figure].group == name[6:]]

    def prices(self, scores: Scores) -> WayPrices:
        """Price all ways."""
        return self.priced({figure: self.factor(figure, scores) for figure in self.figures})

    def priced(self, factors: dict[str, Floats]) -> WayPrices:
        """Price all ways at factors of the figures."""
        columns = self._columns(range(len(self.ensemble.products)), factors)
        return WayPrices(
            factors=factors, columns=columns, sums={name: self._sums(name, columns) for name in self._amounts}
        )

    def moved(self, prices: WayPrices, inputs: Iterable[str], scores: Scores) -> WayPrices:
        """Price all ways again where some inputs alone have other scores than in `prices`; `scores` has those of all.

        What comes out cannot be moved again: its columns are those of `prices`.
        """
        figures = dict.fromkeys(figure for name in inputs for figure in self.touched(name))
        factors = prices.factors | {figure: self.factor(figure, scores) for figure in figures}
        rows = sorted({row for figure in figures for row in self._resting.get(figure, ())})
        if not rows:
            return replace(prices, factors=factors)
        change = self._columns(rows, factors) - prices.columns[rows]
        amounts = {name: every[:, rows] for name, every in self._amounts.items()}
        sums = {
            name: prices.sums[name] + one @ change if one.any() else prices.sums[name] for name, one in amounts.items()
        }
        return replace(prices, factors=factors, sums=sums)

    def costs(self, prices: WayPrices, pair: Pair, gateways: Iterable[str], of: str = "generalised") -> Floats:
        """Return what the best way by each gateway costs a pair in each draw, shape (n_gateways, n).

        The best is the least by what the router minimises, of ways alike in it that of the least generalised cost;
        `of` is what is told of it: generalised and usd in USD, hours in hours, `least` by which it is the best.
        """
        by = MEASURES[self.router.objective.by]
        found = []
        for name in gateways:
            ways, sums = self.gates[pair][name], prices.sums
            generalised = sums["paid"][ways] + prices.factors[VALUE_OF_TIME] * sums["timed"][ways]
            least = generalised if by == "generalised" else sums[by][ways] + TIES * generalised
            known = {"generalised": generalised, "least": least}
            shown = known[of] if of in known else sums[of][ways]
            if shown is least:
                found.append(least.min(axis=0))
            else:
                found.append(np.take_along_axis(shown, np.argmin(least, axis=0)[None], axis=0)[0])
        return np.array(found)

    def answers(self, prices: WayPrices, of: str, leader: str, second: str | None) -> Floats:
        """Return of the first pair the gap of two gateways in each draw, (n,), or a measure of the best way of all.

        With one gateway alone the gap is its cost.
        """
        pair = self.ensemble.pairs[0]
        if of == "gap":
            costs = self.costs(prices, pair, [leader, second] if second else [leader])
            return np.asarray(costs[1] - costs[0] if second else costs[0])
        every = self.gates[pair]
        least = self.costs(prices, pair, every, "least")
        if of == self.router.objective.by == "generalised":
            return np.asarray(least.min(axis=0))
        shown = self.costs(prices, pair, every, of)
        return np.asarray(shown[np.argmin(least, axis=0), np.arange(shown.shape[1])])

    def two_best(self, scores: Scores) -> dict[Pair, tuple[str, str | None]]:
        """Return by what is least the gateway of each pair that wins most often in the draws searched, and the next."""
        first = {name: values[: self.searched or None] for name, values in scores.items()}
        found: dict[Pair, tuple[str, str | None]] = {}
        for pair, values in self.plain_costs(first, "least").items():
            leader, second = two_best(values)
            names = list(self.gates[pair])
            found[pair] = names[leader], None if second is None else names[second]
        return found

    def plain_costs(self, scores: Scores, of: str = "generalised") -> dict[Pair, Floats]:
        """Return what the best way by each gateway of each pair costs in many draws, (n_gateways, n): see `costs`."""
        found: dict[Pair, list[Floats]] = {pair: [] for pair in self.gates}
        for start in range(0, len(scores[VALUE_OF_TIME]), PRICED):
            prices = self.prices({name: values[start : start + PRICED] for name, values in scores.items()})
            for pair, gates in self.gates.items():
                found[pair].append(self.costs(prices, pair, gates, of))
        return {pair: np.concatenate(parts, axis=1) for pair, parts in found.items()}

    @cached_property
    def _resting(self) -> dict[str, list[int]]:
        """Which products have a figure."""
        found: dict[str, list[int]] = {}
        for row, figures in enumerate(self.ensemble.products):
            for figure in figures:
                found.setdefault(figure, []).append(row)
        return found

    def _columns(self, rows: Iterable[int], factors: Mapping[str, Floats]) -> Floats:
        n = len(factors[VALUE_OF_TIME])
        certain = np.ones(n)
        products = [self.ensemble.products[row] for row in rows]
        return product_columns(products, lambda figure: factors.get(figure, certain), n)

    @cached_property
    def _amounts(self) -> dict[str, Floats]:
        """What generalised cost is made of, USD that are paid and USD that time is worth, and what is asked besides."""
        dollar, hour, spread, carbon = self.router.objective.prices
        money, hours, spreads, co2 = self.ensemble.amounts
        made = {"paid": dollar * money + carbon * co2, "timed": hour * hours + spread * spreads}
        known = {"usd": money, "hours": hours, "co2": co2}
        asked = {*self.told, MEASURES[self.router.objective.by]} - {"generalised"}
        return made | {name: known[name] for name in sorted(asked)}

    @cached_property
    def _blocks(self) -> dict[str, list[tuple[Ints, Ints, Floats]]]:
        """Of each quantity and pair: the ways, the products that some of them have, and the amounts."""
        own = [np.flatnonzero(self.ensemble.owner == number) for number in range(len(self.ensemble.pairs))]
        found: dict[str, list[tuple[Ints, Ints, Floats]]] = {}
        for name, amounts in self._amounts.items():
            used = [np.flatnonzero(amounts[ways].any(axis=0)) for ways in own]
            found[name] = [(ways, rows, amounts[np.ix_(ways, rows)]) for ways, rows in zip(own, used, strict=True)]
        return found

    def _sums(self, name: str, columns: Floats) -> Floats:
        """Return a quantity of every way; those of a pair rest on few of the products."""
        made = np.empty((len(self.ensemble.routes), columns.shape[1]))
        for ways, rows, amounts in self._blocks[name]:
            made[ways] = amounts @ columns[rows]
        return made
