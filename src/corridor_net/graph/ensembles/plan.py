"""What some origins and destinations need of a hierarchy: ways to customise, rows to sweep, where the two ends meet.

Worked out once; `ensemble` then runs through its lists for every block of weightings. What no weighting can need is
left out: arcs on no walk from an origin to a destination, and ways that no arc makes passable, such as the way back
along a sailing.
"""

# mypy: disallow-untyped-defs=False, check-untyped-defs=False
from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridor_net.graph.hierarchy.hierarchy import Hierarchy
from corridor_net.graph.loops.compiled import kernel
from corridor_net.graph.topology import checked_nodes

GROUP = 4
"""Ends swept together: each weight is fetched once for four distances, which stay in registers."""


class Program(NamedTuple):
    """How to customise, compiled for one plan; ways are numbered by their lower rank, those up before those down.

    Way s is the least of arcs `own[first_own[s]:first_own[s + 1]]` and, for i from `first[s]` to `first[s + 1]`, of
    ways `left[i]` and `right[i]` in turn, both numbered below it.
    """

    first_own: NDArray[np.int64]
    own: NDArray[np.int32]
    first: NDArray[np.int64]
    left: NDArray[np.int32]
    right: NDArray[np.int32]


class Side(NamedTuple):
    """The sweeps from one end: nodes four at a time, neighbours in the tree together.

    `members` lists them group by group (-1 fills the last group), `start` the row of each. Rows of group g are its
    ancestors, ascending: `first_row[g]:first_row[g + 1]`. Row k improves by rows `source[first[k]:first[k + 1]]`,
    counted within the group, over ways `step`.
    """

    members: NDArray[np.int64]
    start: NDArray[np.int64]
    first_row: NDArray[np.int64]
    first: NDArray[np.int64]
    source: NDArray[np.int32]
    step: NDArray[np.int32]


class Meets(NamedTuple):
    """Ancestors that group f of origins and group b of destinations share, as rows of each; by f, then b."""

    first: NDArray[np.int64]
    ahead: NDArray[np.int32]
    behind: NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Plan:
    """What a set of origins and destinations needs of a hierarchy, and nothing else."""

    origins: NDArray[np.int32]
    destinations: NDArray[np.int32]
    program: Program
    forward: Side
    backward: Side
    meets: Meets

    @classmethod
    def of(cls, hierarchy: Hierarchy, origins: ArrayLike, destinations: ArrayLike | None) -> Plan:
        """Work out the plan; `BadValue` for unfit nodes."""
        graph = hierarchy.graph
        starts = checked_nodes(graph, origins, "origins")
        everything = np.arange(graph.n_nodes, dtype=np.int32)
        ends = everything if destinations is None else checked_nodes(graph, destinations, "destinations")
        useful = _reached(graph.n_nodes, graph.tail, graph.head, starts)[graph.tail]
        useful &= _reached(graph.n_nodes, graph.head, graph.tail, ends)[graph.head]
        tree = (hierarchy.first_up, hierarchy.up_head)
        arcs = np.flatnonzero(useful & (hierarchy.slot >= 0))
        place = (hierarchy.slot[arcs] >> 1) + (hierarchy.slot[arcs] & 1) * hierarchy.n_up
        opened = np.zeros(2 * hierarchy.n_up, np.bool_)
        opened[place] = True
        way, *shortcuts = _shortcuts(*tree, *hierarchy.lower[:2], opened)
        own = np.argsort(way[place], kind="stable")
        first_own = np.zeros(int(way.max(initial=-1)) + 2, np.int64)
        np.cumsum(np.bincount(way[place], minlength=len(first_own) - 1), out=first_own[1:])
        up, down = way[: hierarchy.n_up], way[hierarchy.n_up :]
        forward, ahead = _side(hierarchy, starts, up)
        backward, behind = _side(hierarchy, ends, down)
        meets = Meets(*_meets(forward.first_row, ahead, backward.first_row, behind))
        return cls(
            origins=starts,
            destinations=ends,
            program=Program(first_own, arcs[own].astype(np.int32), *shortcuts),
            forward=forward,
            backward=backward,
            meets=meets,
        )

    def room(self, dtype: str, width: int) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """Return room for one block: weights of ways, distances of a group of origins, those of all destinations."""
        n_ahead = int(np.diff(self.forward.first_row).max(initial=0))
        rows = (len(self.program.first_own) - 1, n_ahead * GROUP, int(self.backward.first_row[-1]) * GROUP)
        ways, ahead, behind = (np.empty(n * width, dtype) for n in rows)
        return ways, ahead, behind


def _side(hierarchy: Hierarchy, nodes: NDArray[np.int32], way: NDArray[np.int32]) -> tuple[Side, NDArray[np.int32]]:
    """Return the sweeps from some nodes over given ways (-1: closed), and the rank of each row."""
    members = np.full(-(-len(nodes) // GROUP) * GROUP, -1, np.int64)
    members[: len(nodes)] = np.argsort(hierarchy.rank[nodes], kind="stable")
    groups = [part[part >= 0] for part in members.reshape(-1, GROUP)]
    chains = [hierarchy.ancestors(nodes[part]) for part in groups]
    first_row = np.cumsum([0, *(len(chain) for chain in chains)])
    ranks = np.concatenate([*chains, np.empty(0, np.int32)]).astype(np.int32)
    start = np.full(len(members), -1, np.int64)
    for group, (part, chain) in enumerate(zip(groups, chains, strict=True)):
        start[group * GROUP : group * GROUP + len(part)] = np.searchsorted(chain, hierarchy.rank[nodes[part]])
    lists = _rows(first_row, ranks, hierarchy.first_up, hierarchy.up_head, way)
    return Side(members, start, first_row, *lists), ranks


@kernel
def _reached(n_nodes, tail, head, starts):
    """Return which nodes a walk from one of `starts` reaches."""
    first = np.zeros(n_nodes + 1, np.int64)
    for arc in range(len(tail)):
        first[tail[arc] + 1] += 1
    for node in range(n_nodes):
        first[node + 1] += first[node]
    place = first[:-1].copy()
    onward = np.empty(len(tail), np.int32)
    for arc in range(len(tail)):
        onward[place[tail[arc]]] = head[arc]
        place[tail[arc]] += 1
    reached = np.zeros(n_nodes, np.bool_)
    waiting = np.empty(n_nodes, np.int32)
    size = 0
    for node in starts:
        if not reached[node]:
            reached[node] = True
            waiting[size] = node
            size += 1
    while size:
        size -= 1
        node = waiting[size]
        for i in range(first[node], first[node + 1]):
            if not reached[onward[i]]:
                reached[onward[i]] = True
                waiting[size] = onward[i]
                size += 1
    return reached


@kernel
def _open(first_up, up_head, tail, first_lower, lower, opened):
    """Mark as open, too, what shortcuts over open ways join."""
    n_up = len(up_head)
    for x in range(len(first_up) - 1):
        for i in range(first_lower[x], first_lower[x + 1]):
            vx = lower[i]
            xy = first_up[x]
            for vy in range(vx + 1, first_up[tail[vx] + 1]):
                while up_head[xy] != up_head[vy]:
                    xy += 1
                opened[xy] |= opened[n_up + vx] and opened[vy]
                opened[n_up + xy] |= opened[vx] and opened[n_up + vy]


@kernel
def _number(first_up, opened, way):
    """Number the open ways by lower rank, those up before those down; return how many there are."""
    n_up = len(opened) // 2
    count = 0
    for x in range(len(first_up) - 1):
        for side in range(2):
            for arc in range(side * n_up + first_up[x], side * n_up + first_up[x + 1]):
                if opened[arc]:
                    way[arc] = count
                    count += 1
    return count


@kernel
def _shortcuts(first_up, up_head, first_lower, lower, opened):  # noqa: C901 (one compiled loop, run to count and again to fill)
    """Return (way of each up arc there and back, -1 closed; first, left, right): see `Program`."""
    n_up = len(up_head)
    n_nodes = len(first_up) - 1
    tail = np.empty(n_up, np.int32)
    for v in range(n_nodes):
        tail[first_up[v] : first_up[v + 1]] = v
    _open(first_up, up_head, tail, first_lower, lower, opened)
    way = np.full(2 * n_up, -1, np.int32)
    count = _number(first_up, opened, way)
    first = np.zeros(count + 1, np.int64)
    place = np.empty(0, np.int64)
    left = np.empty(0, np.int32)
    right = np.empty(0, np.int32)
    for writing in range(2):
        for x in range(n_nodes):
            for i in range(first_lower[x], first_lower[x + 1]):
                vx = lower[i]
                xy = first_up[x]
                for vy in range(vx + 1, first_up[tail[vx] + 1]):
                    while up_head[xy] != up_head[vy]:
                        xy += 1
                    for side in range(2):  # from x by v up to y, and back
                        joint = way[(1 - side) * n_up + vx]
                        onward = way[side * n_up + vy]
                        if joint < 0 or onward < 0:
                            continue
                        target = way[side * n_up + xy]
                        if writing:
                            left[place[target]] = joint
                            right[place[target]] = onward
                            place[target] += 1
                        else:
                            first[target + 1] += 1
        if not writing:
            for target in range(count):
                first[target + 1] += first[target]
            place = first[:-1].copy()
            left = np.empty(first[-1], np.int32)
            right = np.empty(first[-1], np.int32)
    return way, first, left, right


@kernel
def _rows(first_row, ranks, first_up, up_head, way):
    """Return (first, source, step) of `Side`: for every row the rows below it and the open ways from them."""
    first = np.zeros(len(ranks) + 1, np.int64)
    source = np.empty(0, np.int32)
    step = np.empty(0, np.int32)
    place = np.empty(0, np.int64)
    for writing in range(2):
        for group in range(len(first_row) - 1):
            start = first_row[group]
            for k in range(start, first_row[group + 1]):
                above = k
                for arc in range(first_up[ranks[k]], first_up[ranks[k] + 1]):
                    if way[arc] < 0:
                        continue
                    while ranks[above] != up_head[arc]:
                        above += 1
                    if writing:
                        source[place[above]] = k - start
                        step[place[above]] = way[arc]
                        place[above] += 1
                    else:
                        first[above + 1] += 1
        if not writing:
            for k in range(len(ranks)):
                first[k + 1] += first[k]
            place = first[:-1].copy()
            source = np.empty(first[-1], np.int32)
            step = np.empty(first[-1], np.int32)
    return first, source, step


@kernel
def _meets(first_ahead, ahead, first_behind, behind):
    """Return `Meets`: the rows that stand for one rank in both, ascending."""
    n_ahead = len(first_ahead) - 1
    n_behind = len(first_behind) - 1
    first = np.zeros(n_ahead * n_behind + 1, np.int64)
    rows = np.empty(0, np.int32)
    others = np.empty(0, np.int32)
    for writing in range(2):
        count = 0
        for f in range(n_ahead):
            for b in range(n_behind):
                j = first_behind[b]
                for i in range(first_ahead[f], first_ahead[f + 1]):
                    while j < first_behind[b + 1] and behind[j] < ahead[i]:
                        j += 1
                    if j < first_behind[b + 1] and behind[j] == ahead[i]:
                        if writing:
                            rows[count] = i - first_ahead[f]
                            others[count] = j - first_behind[b]
                        count += 1
                first[f * n_behind + b + 1] = count
        if not writing:
            rows = np.empty(count, np.int32)
            others = np.empty(count, np.int32)
    return first, rows, others
