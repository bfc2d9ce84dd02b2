"""The search of `alternatives`, compiled: for networks on which there are many labels at a node.

Whether a label is beaten is asked of all labels settled at its node, which takes nearly all the time. So their overlaps
stand side by side, eight labels to a block, and eight are looked at together. The plain twin is
`alternatives.little_overlap`.
"""

# mypy: disallow-untyped-defs=False, check-untyped-defs=False
from __future__ import annotations

from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.graph.beside.compiled_pareto import DONE, FULL, PAUSED, followed_back, pop, push
from corridor_net.graph.loops.compiled import index, kernel
from corridor_net.graph.loops.lanes import WIDTH as WIDTHS
from corridor_net.graph.loops.lanes import broadcast, choose, less, load, lowest, zero

WIDTH = WIDTHS["float64"]
STEPS_A_CALL = 20_000
"""Labels settled between two looks at the keyboard."""
ONE = np.ones(1)
LABELS = ("used", "length", "node_of", "origin", "arc_of", "reach", "heap")
"""What has an entry a label."""


def little_overlap(
    network: tuple[Any, ...],
    shared: NDArray[np.float64],
    limits: NDArray[np.float64],
    to_go: NDArray[np.float64],
    source: int,
    target: int,
    bound: float,
    max_labels: int,
) -> tuple[int, list[int]]:
    """Return what `alternatives.little_overlap` does."""
    search = _OverlapSearch(network, shared, limits, to_go)
    label = search.run(source, target, bound, max_labels)
    if label < 0:
        return (max_labels + 1 if search.status == FULL else -1), []
    return int(search.counts[0]), followed_back(label, search.origin, search.arc_of).tolist()


class _OverlapSearch:
    """Labels: `used` of each limit (one at least), `length`, node, the label and arc they came by; a heap of them.

    `block` holds the overlaps of settled labels: of block b and limit i eight numbers from `(b * n + i) * 8` on, inf
    where there is no label yet. `last_block` (-1: none) of each node and `before` of each block chain them.
    """

    def __init__(
        self,
        network: tuple[Any, ...],
        shared: NDArray[np.float64],
        limits: NDArray[np.float64],
        to_go: NDArray[np.float64],
    ) -> None:
        self.n = max(1, len(limits))
        none = not len(limits)
        self.network = (*network, to_go)
        self.shared = np.zeros(len(shared)) if none else np.ascontiguousarray(shared).ravel()
        self.limits = np.full(1, inf) if none else limits
        self.used, self.length = np.zeros(1024 * self.n), np.zeros(1024)
        self.node_of, self.origin, self.arc_of = (np.full(1024, -1, np.int32) for _ in range(3))
        self.reach, self.heap = np.zeros((1024, 1)), np.zeros(1024, np.int32)
        self.last_block = np.full(len(to_go), -1, np.int32)
        self.filled = np.zeros(len(to_go), np.int32)
        self.block, self.before = np.full(256 * self.n * WIDTH, inf), np.full(256, -1, np.int32)
        self.counts = np.array([1, 1, 0], np.int64)
        self.status = PAUSED

    def run(self, source: int, target: int, bound: float, max_labels: int) -> int:
        """Return the label of the best route, -1 when there is none, or when the labels do not suffice (`FULL`)."""
        self.node_of[0] = source
        label = np.full(1, -1, np.int64)
        while self.status != DONE:
            if self.status == FULL and not self._grow(max_labels):
                return -1
            self.status = _advance(
                self.network,
                (self.shared, self.limits),
                (self.used, self.length, self.node_of, self.origin, self.arc_of),
                (self.reach, self.heap),
                (self.block, self.before, self.last_block, self.filled),
                self.counts,
                label,
                target,
                bound,
                STEPS_A_CALL,
            )
        return int(label[0])

    def _grow(self, max_labels: int) -> bool:
        """Make room for twice as many blocks or labels, whichever are full; False at the most labels allowed."""
        blocks = self.counts[2] == len(self.before)
        old = len(self.before if blocks else self.length)
        size = 2 * old if blocks else min(2 * old, max_labels)
        if size <= old:
            return False
        names = ("block", "before") if blocks else LABELS
        for name in names:
            array = getattr(self, name)
            grown = np.full((len(array) // old * size, *array.shape[1:]), inf if name == "block" else -1, array.dtype)
            grown[: len(array)] = array
            setattr(self, name, grown)
        return True


@kernel
def _advance(network, overlaps, labels, heap, blocks, counts, found, target, bound, steps):  # noqa: C901, PLR0913 (one compiled loop over arrays)
    """Settle up to `steps` labels; `counts`: labels made, size of the heap, blocks made."""
    first, heads, weights, arcs, to_go = network
    shared, limits = overlaps
    used, length, node_of, origin, arc_of = labels
    reach, queue = heap
    block, before, last_block, filled = blocks
    n = len(limits)
    made, size, n_blocks = counts
    status = DONE
    while size > 0:
        if steps == 0:
            status = PAUSED
            break
        label = index(queue[0])
        node = index(node_of[label])
        degree = first[node + index(1)] - first[node]
        if made + degree > len(length) or n_blocks == len(before):
            status = FULL
            break
        steps -= 1
        pop(queue, size, reach)
        size -= 1
        at = np.int64(label) * n
        if _beaten(used, at, block, before, last_block[node], n):
            continue
        if node == target:
            found[0] = label
            break
        if last_block[node] < 0 or filled[node] == WIDTH:
            before[n_blocks] = last_block[node]
            last_block[node] = n_blocks
            filled[node] = 0
            n_blocks += 1
        for i in range(n):
            block[(last_block[node] * n + i) * WIDTH + filled[node]] = used[at + i]
        filled[node] += 1
        for place in range(index(first[node]), index(first[node + index(1)])):
            head = index(heads[place])
            onward = length[label] + weights[place]
            reach[made, 0] = onward + to_go[head]
            if not reach[made, 0] <= bound or reach[made, 0] == inf:
                continue
            fits = True
            new = made * n
            for i in range(n):
                used[new + i] = used[at + i] + shared[np.int64(arcs[place]) * n + i]
                fits = fits and used[new + i] <= limits[i]
            if not fits or _beaten(used, new, block, before, last_block[head], n):
                continue
            length[made] = onward
            node_of[made] = head
            origin[made] = label
            arc_of[made] = arcs[place]
            push(queue, size, reach, made)
            size += 1
            made += 1
    counts[0], counts[1], counts[2] = made, size, n_blocks
    return status


@kernel
def _beaten(used, at, block, before, number, n):
    """Whether a settled label of the node, whose last block is `number`, overlaps as little with every route."""
    no, yes = zero(block), broadcast(ONE, 0)
    while number >= 0:
        worse = no
        for i in range(n):
            mine = broadcast(used, at + i)
            worse = choose(less(mine, load(block, (number * n + i) * WIDTH)), yes, worse)
        if lowest(worse) == 0:
            return True
        number = before[index(number)]
    return False
