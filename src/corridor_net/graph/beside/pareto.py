"""Routes that no other route beats in every criterion: the whole front, its bands of value of time, a choice.

Label setting in lexicographic order of the lower bounds `cost so far + least cost to go` (Martins 1984;
bounds as in NAMOA*, Mandow & Perez de la Cruz 2010, J. ACM 57; short fronts at the nodes as in NAMOA*dr,
Pulido, Mandow & Perez de la Cruz 2015). A label is dropped only when a kept one is at most as dear in every
criterion, compared without rounding, so the front is exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from math import inf
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridor_net.errors import BadValue, NoRoute
from corridor_net.graph.beside.alternative import least_to_go
from corridor_net.graph.loops.compiler import can_compile
from corridor_net.graph.topology import Graph, checked_node, checked_weight

COMPILE_ABOVE = 10_000
"""Arcs from which the search is compiled where numba is there; below, it answers before a compiler would be awake."""
PLAIN_LABELS = 50_000
"""Labels after which a search on a smaller network is begun again, compiled."""
FIRST_ROOM = 4096
"""Labels that are always allowed."""
_Found = tuple[NDArray[np.float64], tuple[NDArray[np.int32], ...], int]


@dataclass(frozen=True, slots=True, eq=False)
class Front:
    """The routes of `pareto`: `cost` (n_routes, n_criteria), in lexicographic order, and `paths`, their arcs.

    `labels` counts the labels made on the way, the measure of the work.
    """

    cost: NDArray[np.float64]
    paths: tuple[NDArray[np.int32], ...]
    labels: int

    def __len__(self) -> int:
        return len(self.paths)


def pareto(
    graph: Graph,
    costs: ArrayLike,
    source: int,
    target: int,
    *,
    epsilon: float = 0.0,
    max_labels: int = 20_000_000,
) -> Front:
    """Return every route from `source` to `target` that no other beats; of equal ones the first found.

    `costs` has shape (n_criteria, n_arcs), one to three criteria, each as a weight: >= 0, inf = absent (an
    arc absent in one is absent). With `epsilon` e > 0 a route may be missing when the front holds one that
    costs at most (1 + e) times as much in every criterion.

    Raises
    ------
    NoRoute
        The target cannot be reached.
    BadValue
        Unfit costs, nodes or epsilon; or more than `max_labels` labels: the front is never cut short.

    Examples
    --------
    >>> graph = Graph.from_arcs(3, [0, 0, 1, 0], [1, 2, 2, 2])
    >>> front = pareto(graph, [[1.0, 5.0, 1.0, 6.0], [4.0, 3.0, 4.0, 3.0]], 0, 2)
    >>> front.cost.tolist()
    [[2.0, 8.0], [5.0, 3.0]]
    >>> [path.tolist() for path in front.paths]
    [[0, 2], [1]]
    """
    start, goal = checked_node(graph, source, "source"), checked_node(graph, target, "target")
    checked_epsilon(epsilon)
    return front_of(graph, checked_costs(graph, costs), None, (start, goal), epsilon, max_labels)


def checked_epsilon(epsilon: float) -> None:
    """Raise BadValue for an epsilon below 0 or no number."""
    if not (isinstance(epsilon, (int, float)) and 0 <= epsilon < inf):
        raise BadValue(f"epsilon is a number of at least 0, not {epsilon!r}")


def checked_costs(graph: Graph, costs: ArrayLike) -> NDArray[np.float64]:
    """Return costs, (n_criteria, n_arcs), with arcs absent in one absent in all."""
    criteria = np.asarray(costs)
    if criteria.ndim != 2 or not 1 <= len(criteria) <= 3:
        raise BadValue(f"costs needs the shape (1 to 3, {graph.n_arcs}), not {criteria.shape}")
    checked = np.array([checked_weight(graph, row) for row in criteria])
    checked[:, np.isinf(checked).any(axis=0)] = inf
    return checked


def front_of(
    graph: Graph,
    costs: NDArray[np.float64],
    bounds: Sequence[NDArray[np.float64]] | None,
    ends: tuple[int, int],
    epsilon: float,
    max_labels: int,
) -> Front:
    """Search between two nodes; `bounds` are the least of each cost from every node to the second, where known."""
    has_compiler = can_compile()
    large = has_compiler and graph.n_arcs >= COMPILE_ABOVE
    if bounds is None:
        bounds = [least_to_go(graph, row, ends[1]) for row in costs]
    cost, to_go = np.zeros((graph.n_arcs, 3)), np.zeros((graph.n_nodes, 3))
    cost[:, : len(costs)] = costs.T
    for k, row in enumerate(bounds):
        to_go[:, k] = row
    if to_go[ends[0], 0] == inf:
        raise NoRoute(f"no route from node {ends[0]} to node {ends[1]}")
    # A bound is a rounded sum: this factor keeps it below every sum it stands for.
    factor = (1.0 + epsilon) * (1.0 - 4.0 * float(np.finfo(np.float64).eps) * (graph.n_nodes + 4))
    asked = (graph, cost, to_go, ends, factor)
    most = max(max_labels, FIRST_ROOM)
    found = None if large else plain(*asked, min(PLAIN_LABELS, most) if has_compiler else most)
    if found is None and has_compiler:
        from corridor_net.graph.beside.compiled_pareto import compiled

        found = compiled(*asked, max_labels)
    if found is None:
        raise BadValue(
            f"the front needs more than {max_labels} labels",
            hint="raise max_labels, set epsilon (0.01 forgives one per cent), or leave out a criterion",
        )
    return Front(np.ascontiguousarray(found[0][:, : len(costs)]), *found[1:])


def plain(
    graph: Graph,
    cost: NDArray[np.float64],
    to_go: NDArray[np.float64],
    ends: tuple[int, int],
    factor: float,
    max_labels: int,
) -> _Found | None:
    """Return the costs and arcs of the routes that none beats, and how many labels were made; None for too many labels.

    `cost` (n_arcs, 3) and `to_go` (n_nodes, 3), the least still to go. A label at the target beats another by `factor`.
    """
    search = _Labels(graph, cost, to_go, ends, factor)
    while search.heap:
        if not search.advance(max_labels):
            return None
    totals = np.array([search.so_far[label] for label in search.finals]).reshape(-1, 3)
    chosen = np.lexsort(totals.T[::-1]).tolist()
    kept = _unbeaten(totals[chosen])
    labels = [search.finals[row] for row, keep in zip(chosen, kept, strict=True) if keep]
    paths = tuple(search.path(label) for label in labels)
    return np.array([search.so_far[label] for label in labels]), paths, len(search.so_far)


_Costs = tuple[float, float, float]


class _Labels:
    """The labels of one search in plain Python: what each has cost, the arc and the label it came by."""

    def __init__(
        self,
        graph: Graph,
        cost: NDArray[np.float64],
        to_go: NDArray[np.float64],
        ends: tuple[int, int],
        factor: float,
    ) -> None:
        self.source, self.target = ends
        self.factor = factor
        self.head, self.leaving = graph.head.tolist(), graph.leaving
        self.cost, self.to_go = cost.tolist(), to_go.tolist()
        self.so_far: list[_Costs] = [(0.0, 0.0, 0.0)]
        self.arc, self.origin = [-1], [-1]
        self.heap: list[tuple[float, float, float, int]] = [(*self.to_go[self.source], 0)]
        self.settled: list[list[_Costs]] = [[] for _ in range(graph.n_nodes)]
        self.finals: list[int] = []

    def advance(self, max_labels: int) -> bool:
        """Settle the first label; False where there is no room for those it would make."""
        *bound, label = self.heap[0]
        node = self.head[self.arc[label]] if label else self.source
        if len(self.so_far) + len(self.leaving[node]) > max_labels:
            return False
        heappop(self.heap)
        mine = self.so_far[label]
        if _beaten(self.settled[node], mine, 1.0):
            return True
        if node != self.target and _beaten(self.settled[self.target], bound, self.factor):
            return True
        self.settled[node] = [one for one in self.settled[node] if one[1] < mine[1] or one[2] < mine[2]]
        self.settled[node].append(mine)
        if node == self.target:
            self.finals.append(label)
        else:
            self._expand(node, label)
        return True

    def _expand(self, node: int, label: int) -> None:
        """Make the labels one arc further on that nothing beats yet."""
        a, b, c = self.so_far[label]
        final = self.settled[self.target]
        for head, arc in self.leaving[node]:
            x, y, z = self.cost[arc]
            there = (a + x, b + y, c + z)
            p, q, r = self.to_go[head]
            bound = (there[0] + p, there[1] + q, there[2] + r)
            if inf in bound or _beaten(self.settled[head], there, 1.0) or _beaten(final, bound, self.factor):
                continue
            heappush(self.heap, (*bound, len(self.so_far)))
            self.so_far.append(there)
            self.arc.append(arc)
            self.origin.append(label)

    def path(self, label: int) -> NDArray[np.int32]:
        """Return the arcs that led to a label, in travel order."""
        arcs = []
        while label:
            arcs.append(self.arc[label])
            label = self.origin[label]
        return np.array(arcs[::-1], np.int32)


def _beaten(settled: list[_Costs], cost: Sequence[float], factor: float) -> bool:
    """Whether one of the settled costs at most `factor` times `cost` in every criterion."""
    a, b, c = cost[0] * factor, cost[1] * factor, cost[2] * factor
    return any(one[1] <= b and one[2] <= c and one[0] <= a for one in settled)


def _unbeaten(cost: NDArray[np.float64]) -> list[bool]:
    """Mark the rows, in lexicographic order, that no row before them beats; of equal rows the first."""
    kept: list[bool] = []
    held = np.empty_like(cost)
    size = 0
    for row in cost:
        beaten = bool((held[:size] <= row).all(axis=1).any())
        kept.append(not beaten)
        if not beaten:
            held[size] = row
            size += 1
    return kept


def vot_bands(money: ArrayLike, hours: ArrayLike) -> NDArray[np.float64]:
    """Return for each route the band of values of time in which it is cheapest, (n_routes, 2).

    `G(v) = money + v * hours` for a value of time v >= 0. Along the lower hull from slow to fast, route r
    wins for v between `(c_r - c_{r-1}) / (t_{r-1} - t_r)` and `(c_{r+1} - c_r) / (t_r - t_{r+1})`. The first
    band starts at 0, the last ends at inf. Routes that never win have nan, nan; of equals the first wins.

    Raises
    ------
    BadValue
        Lengths that differ, or values that are not finite.

    Examples
    --------
    >>> vot_bands([10.0, 19.0, 30.0], [100.0, 95.0, 80.0]).tolist()
    [[0.0, 1.0], [nan, nan], [1.0, inf]]
    """
    dear, slow = np.asarray(money, np.float64), np.asarray(hours, np.float64)
    if dear.ndim != 1 or dear.shape != slow.shape:
        raise BadValue(f"money and hours need one value a route each, not {dear.shape} and {slow.shape}")
    if not (np.isfinite(dear).all() and np.isfinite(slow).all()):
        raise BadValue("money and hours must be finite")
    bands = np.full((len(dear), 2), np.nan)
    hull: list[int] = []
    starts: list[float] = []
    for route in np.lexsort((np.arange(len(dear)), slow, dear)).tolist():
        if hull and slow[route] >= slow[hull[-1]]:
            continue
        begin = 0.0
        while hull:
            begin = float((dear[route] - dear[hull[-1]]) / (slow[hull[-1]] - slow[route]))
            if begin > starts[-1]:
                break
            hull.pop()
            starts.pop()
            begin = 0.0
        hull.append(route)
        starts.append(begin)
    for route, begin, end in zip(hull, starts, [*starts[1:], inf], strict=True):
        bands[route] = begin, end
    return bands


def representatives(cost: ArrayLike, count: int) -> NDArray[np.int64]:
    """Choose at most `count` rows of a front that show its spread, for people to read.

    The rule: first the best row in each criterion (ties: the best in the others, in their order); then, again
    and again, the row farthest from all chosen, where the distance of two rows is the largest difference in
    any criterion as a share of that criterion's range on the front (ties: the earlier row). Ascending.

    Raises
    ------
    BadValue
        A count below one, or costs that are not finite and of shape (n_routes, n_criteria).

    Examples
    --------
    >>> representatives([[1.0, 9.0], [2.0, 8.0], [5.0, 5.0], [9.0, 1.0]], 3).tolist()
    [0, 2, 3]
    """
    rows = np.asarray(cost, np.float64)
    if rows.ndim != 2 or not np.isfinite(rows).all():
        raise BadValue("costs must be finite and have the shape (n_routes, n_criteria)")
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise BadValue(f"count is a whole number of at least 1, not {count!r}")
    if not len(rows):
        return np.empty(0, np.int64)
    spread = rows.max(axis=0) - rows.min(axis=0)
    scaled = (rows - rows.min(axis=0)) / np.where(spread > 0, spread, 1.0)
    chosen: list[int] = []
    for k in range(rows.shape[1]):
        others = [rows[:, j] for j in range(rows.shape[1]) if j != k]
        best = int(np.lexsort((*others[::-1], rows[:, k]))[0])
        if best not in chosen and len(chosen) < count:
            chosen.append(best)
    apart = _distance(scaled, chosen[0])
    for row in chosen[1:]:
        apart = np.minimum(apart, _distance(scaled, row))
    while len(chosen) < count and apart.max() > 0:
        chosen.append(int(np.argmax(apart)))
        apart = np.minimum(apart, _distance(scaled, chosen[-1]))
    return np.array(sorted(chosen), np.int64)


def _distance(scaled: NDArray[np.float64], row: int) -> Any:
    return np.abs(scaled - scaled[row]).max(axis=1)
