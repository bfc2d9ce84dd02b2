"""The best way by each gateway under every draw: the whole network searched, and each way that is best in one kept.

A network is laid out once ashore and once beyond each gateway; who takes to the sea at a gateway goes from the one to
the other. So the least cost by a gateway is that to the goal beyond it. From across the sea it is the other way round.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

import numpy as np

from corridor_net.analysis.router import Router
from corridor_net.errors import BadValue
from corridor_net.graph.ensembles.condensed import Condensed
from corridor_net.graph.ensembles.marks import arc_marks
from corridor_net.graph.search.dijkstra import Weighted
from corridor_net.graph.topology import Graph
from corridor_net.uncertainty.ensembles.ensemble import Ensemble
from corridor_net.uncertainty.ensembles.pair_uncertainty import BY_LAND, Pair
from corridor_net.uncertainty.ensembles.runs import MARK_BITS, Ints, SearchedRun
from corridor_net.uncertainty.ensembles.searched import compiled_for, parts, searched_run
from corridor_net.uncertainty.factors.draws import Factors, Floats
from corridor_net.uncertainty.tallies.tally import distinct

Way = tuple[int, ...]


def by_gateway(
    router: Router, pairs: Sequence[Pair], factors: Factors, count: int, *, also: Sequence[str] = ()
) -> Ensemble:
    """Return the ensemble of every way that is the best of all, or by a gateway looked at, in one of `count` draws.

    Pricing these draws is then exact: what is best of all, and what is best by each gateway looked at. Of a pair these
    are the two that win most often, with all that win as often as the second, the two that are best at the figures as
    they stand, and `also`. Raises BadValue for one of `also` that no way leaves by.
    """
    found: dict[Pair, dict[Way, None]] = {pair: {} for pair in pairs}
    marks = arc_marks(router.graph.n_arcs) & (2**MARK_BITS - 1)
    for abroad in (False, True):
        alike = [pair for pair in pairs if (pair[0] in router.network.overseas) == abroad]
        if not alike:
            continue
        shore, wins = _Shore.of(router, abroad=abroad), {pair: Counter[str]() for pair in alike}
        for row, way, times in _best(searched_run(router, alike, count, marks), factors, count):
            found[alike[row]][way] = None
            wins[alike[row]][router.gateway(way) or BY_LAND] += times
        asked = [(pair, name) for pair in alike for name in _looked_at(wins[pair], shore.standing(pair), also)]
        for row, way, _ in _best(shore.searched(asked, marks, count), factors, count):
            found[asked[row][0]][way] = None
    return Ensemble.with_routes(router, found)


def _looked_at(wins: Counter[str], standing: Mapping[str, float], also: Sequence[str]) -> list[str]:
    """Return the gateways of a pair that are looked at: see `by_gateway`."""
    for name in also:
        if name not in standing:
            raise BadValue(f"no way leaves by '{name}'", hint=f"gateways: {', '.join(standing)}")
    second = sorted(wins.values())[-2:][0]  # several may win as often
    most = [name for name in wins if wins[name] >= second]
    return list(dict.fromkeys([*most, *list(standing)[:2], *also]))


def _best(searched: SearchedRun, factors: Factors, count: int) -> Iterable[tuple[int, Way, int]]:
    """Return of every way that is the best in some of the draws the row, the arcs, and in how many it is."""
    found: dict[tuple[int, int], tuple[Way, int]] = {}
    for part in parts(searched, factors, count):
        best, values = searched.totals(part, factors.kept)
        for row, name, times, draw in zip(*(one.tolist() for one in distinct(values[-1])), strict=True):
            key = row, int(name)
            way, before = found[key] if key in found else (searched.route(best, row, draw), 0)
            found[key] = way, before + times
    return [(row, way, times) for (row, _), (way, times) in found.items()]


@dataclass(frozen=True, eq=False, kw_only=True)
class _Shore:
    """A network with the arcs by which cargo takes to the sea, or from `abroad` lands, by gateway."""

    router: Router
    abroad: bool
    gates: Mapping[str, Sequence[int]]
    ashore: Ints

    @classmethod
    def of(cls, router: Router, *, abroad: bool) -> _Shore:
        """Look which arcs lead through a gateway, and which leave cargo on its side of them all."""
        gates: dict[str, list[int]] = {}
        for arc in np.flatnonzero(router.impedance.at_sea).tolist():
            place = router.impedance.places(arc)[abroad]
            if not (abroad and place in router.network.overseas):
                gates.setdefault(place, []).append(arc)
        free = np.ones(router.graph.n_arcs, bool)
        free[[arc for arcs in gates.values() for arc in arcs]] = False
        return cls(router=router, abroad=abroad, gates=gates, ashore=np.flatnonzero(free))

    def ends(self, pair: Pair) -> tuple[int, int]:
        """Return the states in which a pair starts and ends."""
        return self.router.end_state(pair[0], "origin"), self.router.end_state(pair[1], "destination")

    def standing(self, pair: Pair) -> dict[str, float]:
        """Return what the best way by each gateway costs at the figures as they stand, the cheapest first."""
        graph, weight, (origin, goal) = self.router.graph, self.router.weight, self.ends(pair)
        land = Graph.from_arcs(graph.n_nodes, graph.tail[self.ashore], graph.head[self.ashore])
        before, after = (graph, weight), (land, weight[self.ashore])
        if not self.abroad:
            before, after = after, before
        near, far = _distances(*before, origin), _distances(after[0].reversed(), after[1], goal)
        cost = {
            name: float((near[graph.tail[a]] + weight[a] + far[graph.head[a]]).min()) for name, a in self.gates.items()
        }
        cost[BY_LAND] = float(far[origin] if self.abroad else near[goal])
        return {name: cost[name] for name in sorted(cost, key=lambda one: (cost[one], one)) if cost[name] < inf}

    def searched(self, asked: Sequence[tuple[Pair, str]], marks: Floats | Ints, count: int) -> SearchedRun:
        """Return what searches for the best way of each pair by a gateway."""
        graph = self.router.graph
        layers = [BY_LAND, *dict.fromkeys(name for _, name in asked if name != BY_LAND)]
        laid, arcs = self._laid_out(layers[1:])
        beyond = [layers.index(name) * graph.n_nodes for _, name in asked]
        ends = np.array([self.ends(pair) for pair, _ in asked])
        ends[:, 0 if self.abroad else 1] += beyond
        (origins, row), (goals, column) = (np.unique(side, return_inverse=True) for side in ends.T)
        steps = Condensed.of(laid, origins.tolist(), goals.tolist())
        steps = replace(steps, arcs=tuple(tuple(arcs[list(way)].tolist()) for way in steps.arcs))
        rows = row * len(goals) + column
        pairs = [pair for pair, _ in asked]
        compiled = compiled_for(count, len(goals))
        return SearchedRun.along(self.router, steps, pairs, rows.tolist(), marks=marks, compiled=compiled)

    def _laid_out(self, gateways: Sequence[str]) -> tuple[Graph, Ints]:
        """Return the network once ashore and once beyond each gateway, and the arcs of which its arcs are."""
        graph, every = self.router.graph, np.arange(self.router.graph.n_arcs)
        arcs, tails, heads = [self.ashore], [graph.tail[self.ashore]], [graph.head[self.ashore]]
        for layer, name in enumerate(gateways, 1):
            beyond, through = layer * graph.n_nodes, np.array(self.gates[name])
            arcs += [every, through]
            tails += [graph.tail + beyond, graph.tail[through] + beyond * self.abroad]
            heads += [graph.head + beyond, graph.head[through] + beyond * (not self.abroad)]
        n_nodes = graph.n_nodes * (1 + len(gateways))
        return Graph.from_arcs(n_nodes, np.concatenate(tails), np.concatenate(heads)), np.concatenate(arcs)


def _distances(graph: Graph, weight: Floats, start: int) -> Floats:
    return np.asarray(Weighted.of(graph, weight).one_to_all(start).distance)
