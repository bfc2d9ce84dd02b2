"""The hierarchy cut into fronts: runs of ranks that elimination treats as one dense block. No weights.

A *front* is a run of ranks, each the parent of the one before it, whose up arcs lead to one and the same set
of ranks above (a fundamental supernode; Liu, Ng & Peyton 1993). Eliminating it is one dense min-plus step on
the matrix of its own ranks and those above, and leaves an update for the front above (the multifrontal
method: Duff & Reid 1983, ACM TOMS 9, there for sums and products). Fronts stand in postorder, so a subtree is
a run of fronts, and updates wait on a stack whose places are known beforehand.
"""

# mypy: disallow-untyped-defs=False, check-untyped-defs=False
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.graph.hierarchy.eliminate import ROWS
from corridor_net.graph.hierarchy.triangles import list_triangles
from corridor_net.graph.loops.compiled import kernel

LONG = 12
"""Rows up to this length are worked on triangle by triangle, where all that lies below them is."""

SHARES = 24
"""A subtree with less than this share of the work is one task."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Fronts:
    """Fronts and the order of their work.

    `first` (n_fronts + 1): the ranks of front f are `first[f]` to `first[f + 1] - 1`. `dense` (n_fronts): whether it is
    worked on as a matrix; so are all above it. `first_child` and `child` list the dense fronts below each. `place`
    (n_fronts): where the update of a front stands in a workspace of `room` numbers. `first_own` (n_nodes + 1),
    `own_arc` and `own_slot`: the arcs of the graph by their lower rank, and their slots in the hierarchy.
    `spot`, from `first_spot` (n_fronts + 1) on: the places that the ranks above a dense front have in the front above.
    `levels`: tasks (from front, to front), level after level; those of one level depend only on earlier ones.
    `inner` and `outer`: the triangles of all other fronts (see `triangles`), those within a task and those beyond.
    `largest`: the ranks in the largest front and above it.
    """

    first: NDArray[np.int64]
    dense: NDArray[np.bool_]
    first_child: NDArray[np.int64]
    child: NDArray[np.int32]
    place: NDArray[np.int64]
    first_spot: NDArray[np.int64]
    spot: NDArray[np.int32]
    room: int
    first_own: NDArray[np.int64]
    own_arc: NDArray[np.int32]
    own_slot: NDArray[np.int64]
    levels: tuple[NDArray[np.int64], ...]
    inner: NDArray[np.int32]
    outer: NDArray[np.int32]
    largest: int

    @property
    def tree(self) -> tuple[NDArray[Any], ...]:
        """What the loops of `eliminate` read of the fronts and those below them."""
        return self.first, self.dense, self.first_child, self.child, self.place, self.first_spot, self.spot

    def room_of_largest(self, width: int) -> int:
        """Return how many numbers the matrix of the largest front takes, rows and vectors of padding counted."""
        return (self.largest + ROWS) * (self.largest + width) + width

    @classmethod
    def of(
        cls,
        parent_rank: NDArray[np.int32],
        first_up: NDArray[np.int64],
        up_head: NDArray[np.int32],
        slot: NDArray[np.int64],
        lower_rank: NDArray[np.int32],
    ) -> Fronts:
        """Find the fronts of a `Hierarchy`, given by its arrays and the lower rank of each arc of its graph."""
        above = np.diff(first_up)
        n_nodes = len(above)
        joined = np.zeros(n_nodes, bool)
        joined[1:] = (parent_rank[:-1] == np.arange(1, n_nodes)) & (above[:-1] == above[1:] + 1)
        first = np.append(np.flatnonzero(~joined), n_nodes).astype(np.int64)
        front_of = np.cumsum(~joined) - 1
        up = parent_rank[first[1:] - 1] if n_nodes else np.empty(0, np.int32)
        parent = np.where(up >= 0, front_of[up], -1)
        steps = np.add.reduceat(above.astype(np.float64) ** 2, first[:-1]) if n_nodes else above
        task, tasks, levels = _tasks(parent, steps + 50.0)
        dense = above[first[:-1]] > LONG
        _mark_above(parent, dense, np.concatenate([np.empty((0, 2), np.int64), *levels[1:]])[:, 0])
        kept = np.flatnonzero((parent >= 0) & dense)
        child = kept[np.argsort(parent[kept], kind="stable")].astype(np.int32)
        first_child = np.searchsorted(parent[child], np.arange(len(parent) + 1)).astype(np.int64)
        reach = np.where(dense, above[first[1:] - 1], 0).astype(np.int64)
        place, room = _places(first_child, child, reach, task, tasks)
        ranks = np.diff(first)
        inner, outer = list_triangles(
            first_up, up_head, np.repeat(~dense, ranks), np.repeat(first[tasks[task, 1]], ranks)
        )
        used = np.flatnonzero(slot >= 0)
        own = used[np.argsort(slot[used] >> 1, kind="stable")].astype(np.int32)
        first_own = np.searchsorted(lower_rank[own], np.arange(n_nodes + 1)).astype(np.int64)
        largest = int((ranks + reach)[dense].max(initial=0))
        first_spot, spot = _spots(first, parent, reach, first_up, up_head)
        return cls(
            first=first,
            dense=dense,
            first_child=first_child,
            child=child,
            place=place,
            first_spot=first_spot,
            spot=spot,
            room=room,
            first_own=first_own,
            own_arc=own,
            own_slot=slot[own],
            levels=levels,
            inner=inner,
            outer=outer,
            largest=largest,
        )


def _tasks(
    parent: NDArray[np.int64], steps: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], tuple[NDArray[np.int64], ...]]:
    """Return the task of each front, the tasks as (from, to), and the tasks of each level."""
    count = len(parent)
    if not count:
        return np.empty(0, np.int64), np.empty((0, 2), np.int64), ()
    tasks, level = _cut(parent, steps, float(steps.sum()) / SHARES)
    task = np.repeat(np.arange(len(tasks)), np.diff(tasks).ravel())
    size = np.add.reduceat(steps, tasks[:, 0])
    levels = []
    for number in range(int(level.max()) + 1):
        here = np.flatnonzero(level == number)
        levels.append(tasks[here[np.argsort(-size[here], kind="stable")]])
    return task, tasks, tuple(levels)


@kernel
def _mark_above(parent, dense, others):
    """Mark `others` as dense, and all fronts above dense ones."""
    dense[others] = True
    for front in range(len(parent)):
        if dense[front] and parent[front] >= 0:
            dense[parent[front]] = True


@kernel
def _spots(first, parent, reach, first_up, up_head):
    """Return (first_spot, spot); both lists ascend, and what stands above a front is in the front above or above it."""
    first_spot = np.zeros(len(first), np.int64)
    for front in range(len(parent)):
        first_spot[front + 1] = first_spot[front] + reach[front]
    spot = np.zeros(first_spot[-1], np.int32)
    for front in range(len(parent)):
        if parent[front] < 0:
            continue
        start = first[parent[front]]
        above = first_up[first[front + 1] - 1]
        place = first_up[start]
        for i in range(first_spot[front + 1] - first_spot[front]):
            if up_head[above + i] != start:
                while up_head[place] != up_head[above + i]:
                    place += 1
                spot[first_spot[front] + i] = place - first_up[start] + 1
    return first_spot, spot


@kernel
def _cut(parent, steps, share):
    """Cut the run of fronts into tasks: small subtrees, neighbours together, and single fronts above them.

    The level of a task is 0 for subtrees, for a single front one more than that of any front below it.
    """
    count = len(parent)
    total = steps.copy()
    begin = np.arange(count)
    level = np.ones(count, np.int64)
    for front in range(count):
        above = parent[front]
        if total[front] <= share:
            level[front] = 0
        if above >= 0:
            total[above] += total[front]
            begin[above] = min(begin[above], begin[front])
            level[above] = max(level[above], level[front] + 1)
    tasks = np.empty((count, 2), np.int64)
    levels = np.empty(count, np.int64)
    size = np.empty(count)
    made = 0
    for front in range(count):
        small = level[front] == 0
        if small and parent[front] >= 0 and level[parent[front]] == 0:
            continue
        if small and made and levels[made - 1] == 0 and size[made - 1] + total[front] <= share:
            tasks[made - 1, 1] = front + 1
            size[made - 1] += total[front]
            continue
        tasks[made, 0] = begin[front] if small else front
        tasks[made, 1] = front + 1
        levels[made] = level[front]
        size[made] = total[front]
        made += 1
    return tasks[:made].copy(), levels[:made].copy()


@kernel
def _places(first_child, child, reach, task, tasks):
    """Play through the stack of updates, a stack a task: children off, then the front on."""
    count = len(reach)
    place = np.zeros(count, np.int64)
    room = 0
    for number in range(len(tasks)):
        base = room
        top = base
        for front in range(tasks[number, 0], tasks[number, 1]):
            for i in range(first_child[front], first_child[front + 1]):
                if task[child[i]] == number:
                    top = min(top, place[child[i]])
            place[front] = top
            top += reach[front] * reach[front]
            room = max(room, top)
    return place, room
