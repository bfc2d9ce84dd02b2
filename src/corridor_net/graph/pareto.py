"""Routes that no other route beats in every criterion: the whole front, its bands of value of time, a choice.

Label setting in lexicographic order of the lower bounds `cost so far + least cost to go` (Martins 1984;
bounds as in NAMOA*, Mandow & Perez de la Cruz 2010, J. ACM 57; short fronts at the nodes as in NAMOA*dr,
Pulido, Mandow & Perez de la Cruz 2015). A label is dropped only when a kept one is at most as dear in every
criterion, compared without rounding, so the front is exact.
"""

# mypy: disallow-untyped-defs=False, check-untyped-defs=False
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridor_net.errors import BadValue, NoRoute
from corridor_net.graph.compiled import index, inlined, kernel
from corridor_net.graph.compiled_dijkstra import backward, many_to_all
from corridor_net.graph.topology import Graph, checked_node, checked_weight

if TYPE_CHECKING:
    from corridor_net.graph.hierarchy import Hierarchy
    from corridor_net.graph.metric import Metric

DONE, PAUSED, FULL = 0, 1, 2
STEPS_A_CALL = 200_000
"""Labels settled between two looks at the keyboard: some tenths of a second."""


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
    _checked_epsilon(epsilon)
    checked = _checked_costs(graph, costs)
    turned = backward(graph)
    bounds = [many_to_all(turned, row, [goal], threads=1).distance[0] for row in checked]
    return _front(graph, checked, bounds, (start, goal), epsilon, max_labels)


@dataclass(frozen=True, slots=True, eq=False)
class Fronts:
    """The same for many pairs: least costs to go come from a hierarchy, ordered and weighed once.

    >>> graph = Graph.from_arcs(3, [0, 0, 1, 0], [1, 2, 2, 2])
    >>> fronts = Fronts.of(graph, [[1.0, 5.0, 1.0, 6.0], [4.0, 3.0, 4.0, 3.0]])
    >>> [path.tolist() for path in fronts.pareto(0, 2).paths]
    [[0, 2], [1]]
    """

    graph: Graph
    costs: NDArray[np.float64]
    to_go: tuple[Metric, ...]

    @classmethod
    def of(cls, graph: Graph, costs: ArrayLike, *, hierarchy: Hierarchy | None = None) -> Fronts:
        """Take costs as `pareto` does. A `hierarchy` of the reversed graph is built when not given."""
        from corridor_net.graph.hierarchy import Hierarchy
        from corridor_net.graph.metric import Metric

        checked = _checked_costs(graph, costs)
        ordered = hierarchy or Hierarchy.build(graph.reversed())
        return cls(graph, checked, tuple(Metric.of(ordered, row, threads=1) for row in checked))

    def pareto(self, source: int, target: int, *, epsilon: float = 0.0, max_labels: int = 20_000_000) -> Front:
        """Return the front of a pair; arguments and errors as of the function `pareto`."""
        ends = checked_node(self.graph, source, "source"), checked_node(self.graph, target, "target")
        _checked_epsilon(epsilon)
        bounds = [metric.one_to_all(ends[1]) for metric in self.to_go]
        return _front(self.graph, self.costs, bounds, ends, epsilon, max_labels)


def _checked_epsilon(epsilon: float) -> None:
    if not (isinstance(epsilon, (int, float)) and 0 <= epsilon < inf):
        raise BadValue(f"epsilon is a number of at least 0, not {epsilon!r}")


def _checked_costs(graph: Graph, costs: ArrayLike) -> NDArray[np.float64]:
    """Return costs, (n_criteria, n_arcs), with arcs absent in one absent in all."""
    criteria = np.asarray(costs)
    if criteria.ndim != 2 or not 1 <= len(criteria) <= 3:
        raise BadValue(f"costs needs the shape (1 to 3, {graph.n_arcs}), not {criteria.shape}")
    checked = np.array([checked_weight(graph, row) for row in criteria])
    checked[:, np.isinf(checked).any(axis=0)] = inf
    return checked


def _front(
    graph: Graph,
    costs: NDArray[np.float64],
    bounds: Sequence[NDArray[np.float64]],
    ends: tuple[int, int],
    epsilon: float,
    max_labels: int,
) -> Front:
    """Search between two nodes, given the least of each cost from every node to the second."""
    cost, to_go = np.zeros((graph.n_arcs, 3)), np.zeros((graph.n_nodes, 3))
    cost[:, : len(costs)] = costs.T
    for k, row in enumerate(bounds):
        to_go[:, k] = row
    if to_go[ends[0], 0] == inf:
        raise NoRoute(f"no route from node {ends[0]} to node {ends[1]}")
    search = _Search(graph, cost, to_go, *ends, 1.0 + epsilon, max_labels)
    search.run()
    return search.front(len(costs))


class _Search:
    """The labels of one search and their growth; the compiled `_advance` does the work."""

    def __init__(
        self,
        graph: Graph,
        cost: NDArray[np.float64],
        to_go: NDArray[np.float64],
        source: int,
        target: int,
        slack: float,
        max_labels: int,
    ) -> None:
        self.graph, self.cost, self.to_go, self.target = graph, cost, to_go, target
        self.max_labels = max_labels
        # A bound is a rounded sum: this factor keeps it below every sum it stands for.
        self.factors = np.array([slack * (1.0 - 4.0 * np.finfo(np.float64).eps * (graph.n_nodes + 4))])
        self.so_far, self.bound = np.zeros((4096, 3)), np.zeros((4096, 3))
        self.arc = np.full(4096, -1, np.int32)
        self.origin, self.following = np.full(4096, -1, np.int32), np.full(4096, -1, np.int32)
        self.heap = np.zeros(4096, np.int32)
        self.head = np.full(graph.n_nodes, -1, np.int32)
        self.finals = np.empty(4096, np.int32)
        self.counts = np.array([1, 1, 0], np.int64)
        self.bound[0] = to_go[source]
        self.source = source

    def run(self) -> None:
        graph = self.graph
        status = PAUSED
        while status != DONE:
            if status == FULL:
                self._grow()
            status = _advance(
                (graph.first_out, graph.out_arcs, graph.head, self.cost, self.to_go),
                (self.so_far, self.bound, self.arc, self.origin, self.following, self.heap, self.finals),
                self.head,
                self.counts,
                self.source,
                self.target,
                self.factors[0],
                STEPS_A_CALL,
            )

    def _grow(self) -> None:
        size = len(self.arc)
        if size >= self.max_labels:
            raise BadValue(
                f"the front needs more than {self.max_labels} labels",
                hint="raise max_labels, set epsilon (0.01 forgives one per cent), or leave out a criterion",
            )
        more = min(2 * size, self.max_labels)
        for name in ("so_far", "bound", "arc", "origin", "following", "heap", "finals"):
            old = getattr(self, name)
            grown = np.empty((more, *old.shape[1:]), old.dtype)
            grown[:size] = old
            setattr(self, name, grown)

    def front(self, n_criteria: int) -> Front:
        """Collect the labels at the target, drop what a later one beats, and follow each back."""
        labels = self.finals[: self.counts[2]]
        cost = self.so_far[labels][:, :n_criteria]
        order = np.lexsort(cost.T[::-1])
        chosen = labels[order[_unbeaten(np.ascontiguousarray(cost[order]))]]
        paths = tuple(followed_back(label, self.origin, self.arc) for label in chosen)
        return Front(np.ascontiguousarray(self.so_far[chosen][:, :n_criteria]), paths, int(self.counts[0]))


@kernel
def _unbeaten(cost):
    """Mark the rows, in lexicographic order, that no row before them beats; of equal rows the first."""
    kept = np.ones(len(cost), np.bool_)
    for row in range(len(cost)):
        for other in range(row):
            if kept[other]:
                beaten = True
                for k in range(cost.shape[1]):
                    beaten = beaten and cost[other, k] <= cost[row, k]
                if beaten:
                    kept[row] = False
                    break
    return kept


@kernel
def followed_back(label, origin, arc):
    """Return the arcs that led to a label, in travel order."""
    size = 0
    last = label
    while origin[last] >= 0:
        size += 1
        last = origin[last]
    arcs = np.empty(size, np.int32)
    while size:
        size -= 1
        arcs[size] = arc[label]
        label = origin[label]
    return arcs


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


@inlined
def _before(bound, left, right):
    """Lexicographic order of the bounds, then the order of making."""
    one, other = index(left), index(right)
    for k in range(3):
        if bound[one, k] != bound[other, k]:
            return bound[one, k] < bound[other, k]
    return left < right


@kernel
def _beaten(so_far, following, label, cost, factor):
    """Whether a label of the list costs at most `factor` times `cost` in every criterion."""
    a = cost[0] * factor
    b = cost[1] * factor
    c = cost[2] * factor
    while label >= 0:
        this = index(label)
        if so_far[this, 1] <= b and so_far[this, 2] <= c and so_far[this, 0] <= a:
            return True
        label = following[this]
    return False


@kernel
def _settle(so_far, following, head, node, label):
    """Put the label at the head of the node's list and drop those it beats in the second and third cost.

    Labels come in the order of the first cost, so those dropped would hardly ever beat a later one that this
    one does not beat as well; where rounding turns two round, one label too many is kept, never too few.
    """
    before = -1
    other = head[node]
    while other >= 0:
        this = index(other)
        after = following[this]
        if so_far[this, 1] >= so_far[label, 1] and so_far[this, 2] >= so_far[label, 2]:
            if before < 0:
                head[node] = after
            else:
                following[before] = after
        else:
            before = other
        other = after
    following[label] = head[node]
    head[node] = label


@kernel
def _push(heap, size, bound, label):
    place = size
    while place > 0:
        above = (place - 1) >> 1
        if not _before(bound, label, heap[index(above)]):
            break
        heap[index(place)] = heap[index(above)]
        place = above
    heap[place] = label


@kernel
def _pop(heap, size, bound):
    """Take the first label off a heap of `size`; the caller counts one less."""
    first = heap[0]
    label = heap[size - 1]
    place = 0
    while True:
        below = 2 * place + 1
        if below >= size - 1:
            break
        if below + 1 < size - 1 and _before(bound, heap[index(below + 1)], heap[index(below)]):
            below += 1
        if not _before(bound, heap[index(below)], label):
            break
        heap[index(place)] = heap[index(below)]
        place = below
    heap[place] = label
    return first


@kernel
def _expand(network, labels, settled, counts, node, label, target, factor):
    """Make the labels one arc further on that nothing beats yet; return how many."""
    first_out, out_arcs, arc_head, cost, to_go = network
    so_far, bound, arc_of, origin, following, heap, _ = labels
    made, size = counts
    start = made
    for place in range(index(first_out[node]), index(first_out[node + 1])):
        arc = index(out_arcs[place])
        head = index(arc_head[arc])
        for k in range(3):
            so_far[made, k] = so_far[label, k] + cost[arc, k]
            bound[made, k] = so_far[made, k] + to_go[head, k]
        if bound[made, 0] == inf or bound[made, 1] == inf or bound[made, 2] == inf:
            continue
        if _beaten(so_far, following, settled[head], so_far[made], 1.0):
            continue
        if _beaten(so_far, following, settled[target], bound[made], factor):
            continue
        arc_of[made] = arc
        origin[made] = label
        _push(heap, size, bound, made)
        size += 1
        made += 1
    return made - start


@kernel
def _advance(network, labels, settled, counts, source, target, factor, steps):
    """Settle up to `steps` labels; `counts`: labels made, size of the heap, labels at the target."""
    first_out, _, arc_head, _, _ = network
    so_far, bound, arc_of, origin, following, heap, finals = labels
    made = counts[0]
    size = counts[1]
    room = len(arc_of)
    status = DONE
    while size > 0:
        if steps == 0:
            status = PAUSED
            break
        steps -= 1
        label = heap[0]
        node = arc_head[arc_of[label]] if origin[label] >= 0 else source
        if made + first_out[node + 1] - first_out[node] > room:
            status = FULL
            break
        _pop(heap, size, bound)
        size -= 1
        if _beaten(so_far, following, settled[node], so_far[label], 1.0):
            continue
        if node != target and _beaten(so_far, following, settled[target], bound[label], factor):
            continue
        _settle(so_far, following, settled, node, label)
        if node == target:
            finals[counts[2]] = label
            counts[2] += 1
            continue
        more = _expand(network, labels, settled, (made, size), node, label, target, factor)
        made += more
        size += more
    counts[0] = made
    counts[1] = size
    return status
