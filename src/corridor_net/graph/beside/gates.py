"""Other routes by the gates they use: crossings, ports. Sets of gates, best first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from math import inf

import numpy as np
from numpy.typing import ArrayLike

from corridor_net.errors import BadValue, NoRoute
from corridor_net.graph.beside.alternative import Alternative, checked_request, least_to_go, route_of
from corridor_net.graph.search.dijkstra import Weighted
from corridor_net.graph.topology import Graph

MAX_GATE_SETS = 20_000
MAX_WAYS = 20_000
"""Ways looked at for one that never comes back; where these are not enough there is said to be none."""
ROUNDING = 1e-9
"""What leads past the bound by less than this share of it is still looked at: sums differ by their order."""
LARGEST = np.finfo(np.float64).max
FIRST_STRETCH = 1.25
"""Routes are first looked for within this multiple of the best: where there are as many as asked for, further ones
would come after them."""


def comes_back(places: Iterable[int]) -> bool:
    """Whether a way comes back to a place that it has left; -1, as aboard a ship, is no place.

    >>> comes_back([1, 1, -1, 2, 2]), comes_back([1, 2, -1, 1])
    (False, True)
    """
    seen: set[int] = set()
    here = -1
    for place in places:
        if place != here and place in seen:
            return True
        here = place
        if place >= 0:
            seen.add(place)
    return False


def least_without_return(
    graph: Graph, weight: ArrayLike, places: Sequence[int], source: int, target: int
) -> list[int] | None:
    """Return the arcs of the cheapest way that never comes back to a place it has left; None where there is none.

    `places` gives the place of each node, -1 for none. Ways are looked at in the order of their cost so far and the
    least cost to go; one is dropped where another is at its node as cheaply and has been at no other place.

    >>> graph = Graph.from_arcs(4, [0, 1, 1, 2, 0], [1, 2, 3, 1, 2])
    >>> least_without_return(graph, [1.0, 1.0, 9.0, 1.0, 5.0], [0, 1, 2, 1], 0, 3)
    [0, 2]
    """
    values = np.array(weight, np.float64)
    tails, heads = np.asarray(places)[graph.tail], np.asarray(places)[graph.head]
    moves = heads != tails
    values[(tails == places[target]) & (tails >= 0) & moves | (heads == places[source]) & (heads >= 0) & moves] = inf
    least = least_to_go(graph, values, target)
    if least[source] == inf:
        return None
    values[least[graph.head] == inf] = inf
    weights, to_go = values.tolist(), least.tolist()
    been: dict[int, list[frozenset[int]]] = {}
    steps: list[tuple[int, int]] = []
    heap = [(to_go[source], -1, 0.0, source, frozenset({places[source]} - {-1}))]
    while heap and len(steps) < MAX_WAYS:
        _, step, length, node, seen = heappop(heap)
        if node == target:
            return _traced(steps, step)
        if any(other <= seen for other in been.get(node, ())):
            continue
        been.setdefault(node, []).append(seen)
        for head, arc in graph.leaving[node]:
            place = places[head]
            if weights[arc] < inf and (place == places[node] or place not in seen):
                onward = length + weights[arc]
                heappush(heap, (onward + to_go[head], len(steps), onward, head, seen | ({place} - {-1})))
                steps.append((step, arc))
    return None


def _traced(steps: Sequence[tuple[int, int]], step: int) -> list[int]:
    arcs = []
    while step >= 0:
        step, arc = steps[step]
        arcs.append(arc)
    return arcs[::-1]


@dataclass(frozen=True, eq=False, kw_only=True)
class Gated:
    """A graph with one weighting and the gate of each arc: make it once, then ask for many pairs of nodes."""

    weighted: Weighted
    gate: list[int]
    places: Sequence[int] = ()
    _to_go: dict[int, list[float]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, graph: Graph, weight: ArrayLike, gates: ArrayLike, places: Sequence[int] = ()) -> Gated:
        """Check weights and gates: integers (n_arcs,) that name the gate of an arc, or -1. Raises BadValue if unfit.

        With `places`, that of each node or -1, a set is left out as well whose cheapest route comes back to a place.
        The cheapest route of all stays.
        """
        gate = np.asarray(gates)
        if gate.shape != (graph.n_arcs,) or (gate.size and gate.dtype.kind not in "iu"):
            raise BadValue(f"gates needs one integer an arc, shape ({graph.n_arcs},)")
        return cls(weighted=Weighted.of(graph, weight), gate=gate.tolist(), places=places)

    def alternatives(self, source: int, target: int, *, count: int, max_stretch: float = inf) -> list[Alternative]:
        """Return up to `count` routes, the cheapest first, no two of which pass the same set of gates.

        A gate is a crossing, a port. Each route is the cheapest with its set of gates. A set whose cheapest route would
        visit a node twice is left out: it only goes out of its way to touch a gate. The sets are found best first: from
        every node reached with a set of gates, on by arcs without a gate or of a gate in the set; a new gate makes a
        new set, tried in the order of `cost so far + least cost to go`.

        Raises NoRoute where the target cannot be reached, BadValue for unfit nodes or bounds, or more than 20,000 sets
        tried.

        >>> graph = Graph.from_arcs(3, [0, 0, 1, 1], [1, 1, 2, 2])
        >>> gated = Gated.of(graph, [1.0, 2.0, 1.0, 5.0], [-1, -1, 4, 8])
        >>> [(route.cost, route.arcs.tolist()) for route in gated.alternatives(0, 2, count=5)]
        [(2.0, [0, 2]), (6.0, [0, 3])]
        """
        start, goal, wanted = checked_request(self.weighted.graph, source, target, count, max_stretch)
        if goal not in self._to_go:
            self._to_go[goal] = least_to_go(self.weighted.graph, self.weighted.weight, goal).tolist()
        to_go = self._to_go[goal]
        if to_go[start] == inf:
            raise NoRoute(f"no route from node {start} to node {goal}")
        found: list[Alternative] = []
        for stretch in sorted({min(FIRST_STRETCH, max_stretch), max_stretch}):
            bound = to_go[start] * stretch if stretch < inf else inf
            found = _GateSearch(self, to_go, goal, bound).run(start, wanted)
            if len(found) == wanted:
                break
        return found


_Ways = dict[int, tuple[int, int] | None]
"""By node: the arc by which it was reached, and the stage in which that arc begins; None at the start."""
_Entry = list[tuple[float, int, float]]
"""Arcs into a new stage: the cost up to the head of each, its number, and the least cost of a route by it."""


class _GateSearch:
    """Sets of gates, best first. A stage is all that is reached with one set, entered by one new gate."""

    def __init__(self, gated: Gated, to_go: list[float], target: int, bound: float) -> None:
        weighted = gated.weighted
        self.weighted, self.gate, self.places = weighted, gated.gate, gated.places
        self.to_go, self.target = to_go, target
        self.graph, self.weights = weighted.graph, weighted.weights
        self.bound = bound
        self.farthest = bound * (1 + ROUNDING)
        self.stages: list[_Ways] = []
        self.waiting: list[tuple[float, int, int, frozenset[int], _Entry]] = []
        self.made = 0

    def run(self, source: int, count: int) -> list[Alternative]:
        """Pop complete routes and new sets in the order of their bounds."""
        found: list[Alternative] = []
        seen: set[frozenset[int]] = set()
        self._open(frozenset(), {source: 0.0}, {source: None})
        while self.waiting and len(found) < count:
            reach, _, stage, gates, entry = heappop(self.waiting)
            if reach > self.bound:
                break
            if gates in seen:
                continue
            if entry:
                self._enter(stage, gates, entry)
                continue
            seen.add(gates)
            arcs = self._trace(stage)
            passed = [source, *(int(self.graph.head[arc]) for arc in arcs)]
            if len(set(passed)) == len(passed) and not (found and self._comes_back(passed)):
                found.append(route_of(self.weighted.weight, np.array(arcs, np.int32)))
        return found

    def _comes_back(self, nodes: Sequence[int]) -> bool:
        return bool(self.places) and comes_back(self.places[node] for node in nodes)

    def _push(self, reach: float, stage: int, gates: frozenset[int], entry: _Entry) -> None:
        self.made += 1
        heappush(self.waiting, (reach, self.made, stage, gates, entry))

    def _enter(self, before: int, gates: frozenset[int], entry: _Entry) -> None:
        """Begin a stage with the arcs that lead into it from the one before."""
        best: dict[int, float] = {}
        parent: _Ways = {}
        for length, arc, _ in sorted(entry):
            head = int(self.graph.head[arc])
            if length < best.get(head, inf):
                best[head] = length
                parent[head] = arc, before
        self._open(gates, best, parent)

    def _open(self, gates: frozenset[int], best: dict[int, float], parent: _Ways) -> None:
        """Reach out from where a stage begins by arcs of its gates; note the way to the target and each new gate."""
        number = len(self.stages)
        if number >= MAX_GATE_SETS:
            raise BadValue(f"more than {MAX_GATE_SETS} sets of gates", hint="lower count or max_stretch")
        self.stages.append(parent)
        new = self._reach_out(gates, best, parent)
        if self.target in best:
            self._push(best[self.target], number, gates, [])
        for gate in sorted(new):
            self._push(min(reach for *_, reach in new[gate]), number, gates | {gate}, new[gate])

    def _reach_out(self, gates: frozenset[int], best: dict[int, float], parent: _Ways) -> dict[int, _Entry]:
        """Search on from what stands in `best`, filling it and `parent`; return the arcs into each new gate."""
        new: dict[int, _Entry] = {}
        heap = [(length, 0, node) for node, length in best.items()]
        heapify(heap)
        number = len(self.stages) - 1
        leaving, weights, gate_of, to_go = self.graph.leaving, self.weights, self.gate, self.to_go
        farthest = min(self.farthest, LARGEST)
        while heap:
            length, used, node = heappop(heap)
            if length > best[node]:
                continue
            for head, arc in leaving[node]:
                onward = length + weights[arc]
                through = onward + to_go[head]
                if through > farthest:  # nor where the target is out of reach
                    continue
                gate = gate_of[arc]
                if gate >= 0 and gate not in gates:
                    new.setdefault(gate, []).append((onward, arc, through))
                elif onward < best.get(head, inf):
                    best[head] = onward
                    parent[head] = arc, number
                    heappush(heap, (onward, used + 1, head))
        return new

    def _trace(self, stage: int) -> list[int]:
        """Follow the target back through the stages; the arc that entered a stage leads to the one before."""
        arcs: list[int] = []
        node = self.target
        while True:
            way = self.stages[stage][node]
            if way is None:
                return arcs[::-1]
            arc, stage = way
            arcs.append(arc)
            node = int(self.graph.tail[arc])
