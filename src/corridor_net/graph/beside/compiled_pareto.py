"""The search of `pareto`, compiled: for networks on which there are many labels. The plain twin is `pareto.plain`."""

# mypy: disallow-untyped-defs=False, check-untyped-defs=False
from __future__ import annotations

from math import inf

import numpy as np
from numpy.typing import NDArray

from corridor_net.graph.loops.compiled import index, inlined, kernel
from corridor_net.graph.topology import Graph

DONE, PAUSED, FULL = 0, 1, 2
STEPS_A_CALL = 200_000
"""Labels settled between two looks at the keyboard: some tenths of a second."""


def compiled(
    graph: Graph,
    cost: NDArray[np.float64],
    to_go: NDArray[np.float64],
    ends: tuple[int, int],
    factor: float,
    max_labels: int,
) -> tuple[NDArray[np.float64], tuple[NDArray[np.int32], ...], int] | None:
    """Return what `pareto.plain` does."""
    search = _Search(graph, cost, to_go, *ends, factor, max_labels)
    return search.front() if search.run() else None


class _Search:
    """The labels of one search and their growth; the compiled `_advance` does the work."""

    def __init__(
        self,
        graph: Graph,
        cost: NDArray[np.float64],
        to_go: NDArray[np.float64],
        source: int,
        target: int,
        factor: float,
        max_labels: int,
    ) -> None:
        self.graph, self.cost, self.to_go, self.target = graph, cost, to_go, target
        self.max_labels = max_labels
        self.factor = factor
        self.so_far, self.bound = np.zeros((4096, 3)), np.zeros((4096, 3))
        self.arc = np.full(4096, -1, np.int32)
        self.origin, self.following = np.full(4096, -1, np.int32), np.full(4096, -1, np.int32)
        self.heap = np.zeros(4096, np.int32)
        self.head = np.full(graph.n_nodes, -1, np.int32)
        self.finals = np.empty(4096, np.int32)
        self.counts = np.array([1, 1, 0], np.int64)
        self.bound[0] = to_go[source]
        self.source = source

    def run(self) -> bool:
        """Search; False where the labels do not suffice."""
        graph = self.graph
        status = PAUSED
        while status != DONE:
            if status == FULL and not self._grow():
                return False
            status = _advance(
                (graph.first_out, graph.out_arcs, graph.head, self.cost, self.to_go),
                (self.so_far, self.bound, self.arc, self.origin, self.following, self.heap, self.finals),
                self.head,
                self.counts,
                self.source,
                self.target,
                self.factor,
                STEPS_A_CALL,
            )
        return True

    def _grow(self) -> bool:
        size = len(self.arc)
        if size >= self.max_labels:
            return False
        more = min(2 * size, self.max_labels)
        for name in ("so_far", "bound", "arc", "origin", "following", "heap", "finals"):
            old = getattr(self, name)
            grown = np.empty((more, *old.shape[1:]), old.dtype)
            grown[:size] = old
            setattr(self, name, grown)
        return True

    def front(self) -> tuple[NDArray[np.float64], tuple[NDArray[np.int32], ...], int]:
        """Collect the labels at the target, drop what a later one beats, and follow each back."""
        labels = self.finals[: self.counts[2]]
        cost = self.so_far[labels]
        order = np.lexsort(cost.T[::-1])
        chosen = labels[order[_unbeaten(np.ascontiguousarray(cost[order]))]]
        paths = tuple(followed_back(label, self.origin, self.arc) for label in chosen)
        return self.so_far[chosen], paths, int(self.counts[0])


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


@inlined
def _before(bound, left, right):
    """Lexicographic order of the bounds, then the order of making."""
    one, other = index(left), index(right)
    for k in range(bound.shape[1]):
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
def push(heap, size, bound, label):
    """Put a label on a heap of `size`, in the order of bounds; the caller counts one more."""
    place = size
    while place > 0:
        above = (place - 1) >> 1
        if not _before(bound, label, heap[index(above)]):
            break
        heap[index(place)] = heap[index(above)]
        place = above
    heap[place] = label


@kernel
def pop(heap, size, bound):
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
        push(heap, size, bound, made)
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
        pop(heap, size, bound)
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
