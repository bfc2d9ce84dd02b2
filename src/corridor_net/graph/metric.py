"""One weighting at a time on large networks: a hierarchy with its weights, and what can be asked of it.

`Metric.of` customises (see `eliminate`); the arcs that no shortest route needs are dropped when the first
question comes. Then: one-to-all by a way up and one sweep down over all ranks (PHAST: Delling, Goldberg,
Nowatzyk & Werneck 2013); many-to-many by the same sweep over what lies above the targets, sixteen sources
side by side (RPHAST: Delling, Goldberg & Werneck 2011); pairs by two ways up the tree of parents, no queue
(Dibbelt, Strasser & Wagner 2016). Sums are added up in parts, as in `ensemble`: distances equal those of
`dijkstra` up to rounding, and are the same, bit for bit, whatever the threads.
"""

# mypy: disallow-untyped-defs=False, check-untyped-defs=False
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridor_net.errors import BadValue, NoRoute
from corridor_net.graph.compiled import index, inlined, kernel
from corridor_net.graph.eliminate import customise_fronts, perfect_fronts
from corridor_net.graph.hierarchy import Hierarchy, find_up
from corridor_net.graph.lanes import WIDTH, add, load, minimum, spread, store, turn
from corridor_net.graph.parallel import run_chunks, thread_count
from corridor_net.graph.topology import HEAVIEST_NARROW, checked_node, checked_nodes, checked_weight, checked_weights

VECTORS = 4
"""Vectors of sources swept together in `many_to_many`."""
GROUPS_A_CHUNK = 8
PAIRS_A_CHUNK = 64
REPAIRED = 1 / 200
"""The share of arcs up to which a change is repaired."""
LOOKS = 2
"""Looks at pairs of arcs, for each up arc there is, after which a repair is given up."""
WORTH_THREADS = 500_000
"""Up arcs to look at from which several threads are begun, which takes some tenths of a millisecond."""
UNKNOWN = -(2**31)
"""What `_parts` holds before a path has asked."""
RANKS_A_CHUNK = 32_768

Search = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[Any]]
"""The arcs that matter, by lower rank: (first, higher rank, weight)."""


@dataclass(frozen=True, eq=False)
class Metric:
    """A hierarchy with one weighting: `weight` (n_arcs), and `up`, `down` (n_up), the two ways of each up arc.

    Examples
    --------
    >>> from corridor_net.graph import Graph
    >>> graph = Graph.from_arcs(4, [0, 1, 2, 0], [1, 2, 3, 3])
    >>> metric = Metric.of(Hierarchy.build(graph), [1.0, 1.0, 1.0, 5.0])
    >>> metric.one_to_all(0).tolist()
    [0.0, 1.0, 2.0, 3.0]
    >>> metric.path(0, 3).tolist()
    [0, 1, 2]
    >>> metric.changed([2], [9.0]).path(0, 3).tolist()
    [3]
    """

    hierarchy: Hierarchy
    weight: NDArray[Any]
    up: NDArray[Any]
    down: NDArray[Any]
    threads: int | None

    @classmethod
    def of(
        cls,
        hierarchy: Hierarchy,
        weight: ArrayLike,
        *,
        dtype: Literal["float64", "float32"] = "float64",
        threads: int | None = None,
    ) -> Metric:
        """Customise `hierarchy` for `weight` (n_arcs, >= 0, inf = absent).

        float32 takes half the time and memory and errs by some 1e-7 of a distance; paths are as good.

        Raises
        ------
        BadValue
            Unfit weights, or weights too large for float32.
        """
        if dtype not in ("float64", "float32"):
            raise BadValue(f"dtype is 'float64' or 'float32', not {dtype!r}")
        return cls._customised(hierarchy, _as_type(checked_weight(hierarchy.graph, weight), dtype), threads)

    @classmethod
    def _customised(cls, hierarchy: Hierarchy, values: NDArray[Any], threads: int | None) -> Metric:
        """Work out the two ways of every up arc from weights that have been checked."""
        fronts, lent, dtype = hierarchy.fronts, hierarchy.scratch.lent, values.dtype
        width, n_up = WIDTH[dtype.name], hierarchy.n_up
        up, down = np.empty(n_up + width, dtype), np.empty(n_up + width, dtype)
        up[n_up:] = down[n_up:] = inf
        given = (fronts.tree, hierarchy.first_up, (fronts.first_own, fronts.own_arc, fronts.own_slot), values)

        def customise(low: int, high: int) -> None:
            with lent("front", fronts.room_of_largest(width), dtype) as matrix:
                customise_fronts(low, high, *given, up, down, updates, matrix, width)

        with lent("updates", fronts.room, dtype) as updates:
            for level in _levels(hierarchy):
                run_chunks(len(level), lambda level=level: lambda task: customise(*level[task]), threads)  # type: ignore[misc]
        return cls(hierarchy, values, up, down, threads)

    def changed(self, arcs: ArrayLike, weights: ArrayLike) -> Metric:
        """Return the metric with new weights on some arcs: only the up arcs they touch are worked out again.

        Equal, bit for bit, to customising from the start; which is what it does for more than one arc in two hundred,
        or when so many up arcs turn out to be touched that it is sooner done.

        Raises
        ------
        BadValue
            Unknown arcs or unfit weights.
        """
        graph = self.hierarchy.graph
        changes = np.asarray(arcs)
        if changes.ndim != 1 or (changes.size and changes.dtype.kind not in "iu"):
            raise BadValue("arcs to change must be a list of integers")
        if changes.size and not (changes.min() >= 0 and changes.max() < graph.n_arcs):
            raise BadValue(f"arcs to change must be 0 to {graph.n_arcs - 1}")
        new = np.asarray(weights)
        if new.shape != changes.shape:
            raise BadValue(f"{len(changes)} arcs to change, weights of shape {new.shape}")
        if not changes.size:
            return self
        values = self.weight.copy()
        values[changes] = _as_type(checked_weights(new, changes), values.dtype.name)
        hierarchy, fronts = self.hierarchy, self.hierarchy.fronts
        if len(changes) <= REPAIRED * graph.n_arcs:
            up, down = self.up.copy(), self.down.copy()
            if _repair(
                np.unique(hierarchy.slot[changes] >> 1),
                (hierarchy.first_up, hierarchy.up_head, hierarchy.up_tail),
                hierarchy.lower,
                (fronts.first_own, fronts.own_arc, fronts.own_slot),
                values,
                (self.up, self.down),
                (up, down),
                LOOKS * hierarchy.n_up,
            ):
                return Metric(hierarchy, values, up, down, self.threads)
        return Metric._customised(hierarchy, values, self.threads)

    @cached_property
    def searches(self) -> tuple[Search, Search]:
        """The arcs up and the arcs down that some shortest route needs; worked out once, when first asked."""
        hierarchy, fronts, width = self.hierarchy, self.hierarchy.fronts, WIDTH[self.up.dtype.name]
        lent, dtype = hierarchy.scratch.lent, self.up.dtype
        given = (fronts.tree, hierarchy.first_up, self.up, self.down)

        def perfect(low: int, high: int) -> None:
            with (
                lent("front", fronts.room_of_largest(width), dtype) as matrix,
                lent("row", fronts.largest + 2 * width, dtype) as row,
            ):
                perfect_fronts(low, high, *given, updates, matrix, row, width, kept_up, kept_down)

        with (
            lent("updates", fronts.room, dtype) as updates,
            lent("kept up", hierarchy.n_up, np.bool_) as kept_up,
            lent("kept down", hierarchy.n_up, np.bool_) as kept_down,
        ):
            for level in reversed(_levels(hierarchy)):
                run_chunks(len(level), lambda level=level: lambda task: perfect(*level[task]), self.threads)  # type: ignore[misc]
            return self._compact(self.up, kept_up), self._compact(self.down, kept_down)

    def _compact(self, weight: NDArray[Any], kept: NDArray[np.bool_]) -> Search:
        hierarchy = self.hierarchy
        n_ranks = len(hierarchy.rank)
        first = np.zeros(n_ranks + 1, np.int64)
        n_chunks = -(-n_ranks // RANKS_A_CHUNK)

        def count(chunk: int) -> None:
            _count_kept(hierarchy.first_up, kept, first, *_span(chunk, n_ranks))

        run_chunks(n_chunks, lambda: count, self.threads)
        np.cumsum(first, out=first)
        head = np.empty(first[-1], np.int32)
        values = np.empty(first[-1], weight.dtype)

        def fill(chunk: int) -> None:
            low, high = _span(chunk, n_ranks)
            _fill_kept(hierarchy.first_up, hierarchy.up_head, weight, kept, first, head, values, low, high)

        run_chunks(n_chunks, lambda: fill, self.threads)
        return first, head, values

    def one_to_all(self, source: int) -> NDArray[Any]:
        """Return the distance from `source` to every node, shape (n_nodes,); inf where unreachable."""
        hierarchy = self.hierarchy
        start = hierarchy.rank[checked_node(hierarchy.graph, source, "source")]
        climb, descend = self.searches
        found = np.empty(len(hierarchy.rank), self.up.dtype)
        first = hierarchy.fronts.first
        with hierarchy.scratch.lent("distances", len(hierarchy.rank), self.up.dtype) as distance:
            distance[:] = inf
            _climb(start, hierarchy.parent, *climb, distance)
            for level in reversed(_levels(hierarchy)):

                def sweep(task: int, level: NDArray[np.int64] = level) -> None:
                    low, high = first[level[task, 0]], first[level[task, 1]]
                    _descend(low, high, *descend, hierarchy.node_at, distance, found)

                run_chunks(len(level), lambda: sweep, self.threads if len(level) > 8 else 1)
        return found

    def many_to_many(
        self, sources: ArrayLike, targets: ArrayLike, *, once: bool = False, out: NDArray[Any] | None = None
    ) -> NDArray[Any]:
        """Return the distances from each source to each target, shape (n_sources, n_targets).

        Say `once` when this is all that is asked of this weighting: a matrix by all up arcs is sooner there than
        finding out first which are needed. The two may differ by rounding. `out` takes the answer, if given: an array
        of this shape and of the metric's dtype, C-contiguous.

        Raises
        ------
        BadValue
            Unfit nodes, or an `out` that does not fit.
        """
        hierarchy = self.hierarchy
        starts = hierarchy.rank[checked_nodes(hierarchy.graph, sources, "sources")]
        ends = checked_nodes(hierarchy.graph, targets, "targets")
        shape = (len(starts), len(ends))
        found = np.empty(shape, self.up.dtype) if out is None else out
        if found.shape != shape or found.dtype != self.up.dtype or not found.flags.c_contiguous:
            raise BadValue(f"out must have the shape {shape} and the type {self.up.dtype}, in C order")
        if not found.size:
            return found
        tree = (hierarchy.first_up, hierarchy.up_head)
        climb, descend = ((*tree, self.up), (*tree, self.down)) if once else self.searches
        n_ranks, dtype, lent = len(hierarchy.rank), self.up.dtype, hierarchy.scratch.lent
        chosen = hierarchy.ancestors(ends)
        asked, column = np.unique(hierarchy.rank[ends], return_inverse=True)
        with lent("depth", n_ranks, np.int32) as depth:
            narrow = _restrict(chosen, asked, hierarchy.parent, depth, *descend)
        sequence = np.argsort(starts, kind="stable")  # neighbours in the tree share most of the way up
        width = WIDTH[dtype.name]
        span = VECTORS * width
        room = (len(hierarchy.ancestors(sources)) + 1) * span

        n_groups = -(-len(starts) // span)
        threads = self.threads if n_groups * len(narrow.head) > WORTH_THREADS else 1
        together = max(1, min(n_groups // (2 * thread_count(threads)), GROUPS_A_CHUNK))

        def work(chunk: int) -> None:
            members = sequence[chunk * together * span : (chunk + 1) * together * span]
            with (
                lent("spot", n_ranks, np.int32, 0) as spot,
                lent("reach", room, dtype) as reach,
                lent("path", (int(narrow.depth.max()) + 1) * span, dtype) as path,
                lent("asked", len(asked) * span, dtype) as rows,
            ):
                room_of = (spot, reach, path, rows)
                _answer(starts, members, hierarchy.parent, climb, chosen, narrow, room_of, column, width, found)

        run_chunks(-(-n_groups // together), lambda: work, threads)
        return found

    def pairs(self, sources: ArrayLike, targets: ArrayLike) -> NDArray[Any]:
        """Return the distance from each source to the target beside it, shape (n_pairs,)."""
        starts, ends = self._ends(sources, targets)
        found = np.empty(len(starts), self.up.dtype)
        tree, searches = (self.hierarchy.parent, self.hierarchy.lowest), self.searches

        def work(chunk: int) -> None:
            part = slice(chunk * PAIRS_A_CHUNK, (chunk + 1) * PAIRS_A_CHUNK)
            with self._rows() as rows:
                _meet_all(starts[part], ends[part], tree, *searches, rows, found[part])

        run_chunks(-(-len(starts) // PAIRS_A_CHUNK), lambda: work, self.threads)
        return found

    def paths(self, sources: ArrayLike, targets: ArrayLike) -> list[NDArray[np.int32]]:
        """Return the arcs of the route of each pair, in travel order; empty where there is none.

        Raises
        ------
        BadValue
            Unfit nodes, or lists that differ in length.
        """
        starts, ends = self._ends(sources, targets)
        found: list[NDArray[np.int32]] = [np.empty(0, np.int32)] * len(starts)
        hierarchy, fronts = self.hierarchy, self.hierarchy.fronts
        tree, searches = (hierarchy.parent, hierarchy.lowest), self.searches
        arcs = (hierarchy.up_head, hierarchy.up_tail)
        own = (fronts.first_own, fronts.own_arc, fronts.own_slot, self.weight)
        parts, lower = self._parts, hierarchy.lower

        def work(chunk: int) -> None:
            with self._rows() as rows:
                for k in range(chunk * PAIRS_A_CHUNK, min((chunk + 1) * PAIRS_A_CHUNK, len(starts))):
                    found[k] = _path(
                        starts[k], ends[k], tree, *searches, rows, arcs, lower, own, self.up, self.down, parts
                    )

        run_chunks(-(-len(starts) // PAIRS_A_CHUNK), lambda: work, self.threads)
        return found

    def path(self, source: int, target: int) -> NDArray[np.int32]:
        """Return the arcs of the shortest route; among ties own arcs by id, then the lowest middle rank.

        Raises
        ------
        NoRoute
            The target cannot be reached.
        BadValue
            Unfit nodes.
        """
        if source != target and not self.pairs([source], [target])[0] < inf:
            raise NoRoute(f"no route from node {source} to node {target}")
        return self.paths([source], [target])[0]

    def _ends(self, sources: ArrayLike, targets: ArrayLike) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        hierarchy = self.hierarchy
        starts = hierarchy.rank[checked_nodes(hierarchy.graph, sources, "sources")]
        ends = hierarchy.rank[checked_nodes(hierarchy.graph, targets, "targets")]
        if len(starts) != len(ends):
            raise BadValue(f"{len(starts)} sources and {len(ends)} targets do not pair")
        return starts, ends

    @cached_property
    def _parts(self) -> NDArray[np.int32]:
        """What each up arc is made of, up and down, as far as paths have asked: -1 - (own arc), or two up arcs.

        Of the two the first is travelled down, to the middle, and the second up. Threads that fill the same
        place write the same.
        """
        return np.full((self.hierarchy.n_up, 2, 2), UNKNOWN, np.int32)

    @contextmanager
    def _rows(self) -> Iterator[NDArray[Any]]:
        """Distances from either end, all inf, to be left so."""
        n_ranks = len(self.hierarchy.rank)
        with self.hierarchy.scratch.lent("ends", 2 * n_ranks, self.up.dtype, inf) as rows:
            yield rows[: 2 * n_ranks].reshape(2, n_ranks)


def _levels(hierarchy: Hierarchy) -> tuple[NDArray[np.int64], ...]:
    """Return the tasks of each level; of a small network one task of all fronts, since threads would not pay."""
    fronts = hierarchy.fronts
    if hierarchy.n_up > WORTH_THREADS:
        return fronts.levels
    return (np.array([[0, len(fronts.first) - 1]]),) if len(fronts.first) > 1 else ()


def _as_type(values: NDArray[np.float64], dtype: str) -> NDArray[Any]:
    if dtype == "float64":
        return values.copy()
    if values.size and float(values[values < inf].max(initial=0.0)) > HEAVIEST_NARROW:
        raise BadValue(f"float32 holds weights up to {HEAVIEST_NARROW:g}; use float64")
    return values.astype(np.float32)


def _span(chunk: int, n_ranks: int) -> tuple[int, int]:
    return chunk * RANKS_A_CHUNK, min((chunk + 1) * RANKS_A_CHUNK, n_ranks)


@kernel
def _count_kept(first_up, kept, first, low, high):
    for rank in range(low, high):
        count = 0
        for arc in range(index(first_up[rank]), index(first_up[rank + 1])):
            count += kept[arc]
        first[rank + 1] = count


@kernel
def _fill_kept(first_up, up_head, weight, kept, first, head, values, low, high):
    at = first[low]
    for rank in range(low, high):
        for arc in range(index(first_up[rank]), index(first_up[rank + 1])):
            if kept[arc]:
                head[index(at)] = up_head[arc]
                values[index(at)] = weight[arc]
                at += 1


@kernel
def _climb(start, parent, first, head, weight, distance):
    """Reach upwards from `start` over its ancestors."""
    distance[start] = 0
    rank = start
    while rank >= 0:
        here = distance[rank]
        if here < inf:
            for arc in range(index(first[rank]), index(first[rank + 1])):
                above = index(head[arc])
                distance[above] = min(distance[above], here + weight[arc])
        rank = parent[rank]


@kernel
def _descend(low, high, first, head, weight, node_at, distance, found):
    """Bring distances down to the ranks `high - 1` to `low`, and put them in the places of their nodes."""
    for rank in range(high - 1, low - 1, -1):
        best = distance[rank]
        for arc in range(index(first[rank]), index(first[rank + 1])):
            best = min(best, distance[index(head[arc])] + weight[arc])
        distance[index(rank)] = best
        found[index(node_at[index(rank)])] = best


class Narrow(NamedTuple):
    """The arcs of the ranks that a matrix needs: targets and all above them, by number, ascending.

    Arcs `first[k]:first[k + 1]` lead to ancestors at depths `head`. All that stands above a rank has another depth, and
    ranks come in the order of a walk through the tree, so the distances of the path from the root are all that has to
    be kept. `depth` of each; `row` of those that are asked for, else -1; `twin` where the arcs lead to the next number
    and on to where the arcs of that lead.
    """

    first: NDArray[np.int64]
    head: NDArray[np.int32]
    weight: NDArray[Any]
    depth: NDArray[np.int32]
    row: NDArray[np.int32]
    twin: NDArray[np.bool_]


@kernel
def _restrict(chosen, asked, parent, depth, first, head, weight):
    """Return `Narrow`; notes the depths of the chosen ranks in `depth`."""
    total = 0
    for k in range(len(chosen) - 1, -1, -1):
        above = parent[chosen[k]]
        depth[chosen[k]] = depth[above] + 1 if above >= 0 else 0
        total += first[chosen[k] + 1] - first[chosen[k]]
    narrow_first = np.zeros(len(chosen) + 1, np.int64)
    narrow_head = np.empty(total, np.int32)
    narrow_weight = np.empty(total, weight.dtype)
    at = 0
    row = np.full(len(chosen), -1, np.int32)
    number = 0
    for k in range(len(chosen)):
        for arc in range(index(first[chosen[k]]), index(first[chosen[k] + 1])):
            narrow_head[index(at)] = depth[index(head[arc])]
            narrow_weight[index(at)] = weight[arc]
            at += 1
        narrow_first[k + 1] = at
        if number < len(asked) and asked[number] == chosen[k]:
            row[k] = number
            number += 1
    twin = np.zeros(len(chosen), np.bool_)
    for k in range(len(chosen) - 1):
        start = narrow_first[k + 1]
        count = narrow_first[k + 2] - start
        same = parent[chosen[k]] == chosen[k + 1] and start - narrow_first[k] == count + 1
        same = same and narrow_head[narrow_first[k]] == depth[chosen[k + 1]]
        i = 0
        while same and i < count:
            same = narrow_head[start + i] == narrow_head[start - count + i]
            i += 1
        twin[k] = same
    return Narrow(narrow_first, narrow_head, narrow_weight, depth[chosen], row, twin)


@kernel
def _answer(starts, sources, parent, climb, chosen, narrow, room, column, width, found):
    """Answer for some sources, four vectors at a time."""
    spot, reach, path, rows = room
    for begin in range(0, len(sources), 4 * width):
        members = sources[begin : begin + 4 * width]
        ranks = _climb_all(starts, members, parent, climb, spot, reach, width)
        _descend_all(chosen, narrow, spot, reach, path, rows, width)
        for rank in ranks:
            spot[rank] = 0
        _hand_out(members, column, rows, width, found)


@kernel
def _climb_all(starts, members, parent, climb, spot, reach, width):
    """Reach upwards from four vectors of sources, side by side, over all their ancestors, which are returned.

    `spot` of a rank, 0 before, becomes its row in `reach`. Row 0 is that of ranks above none of the sources.
    """
    first, head, weight = climb
    span = 4 * width
    count = 0
    for member in members:
        rank = starts[member]
        while rank >= 0 and spot[rank] == 0:
            spot[rank] = 1
            count += 1
            rank = parent[rank]
    ranks = np.empty(count, np.int32)
    for member in members:
        rank = starts[member]
        while rank >= 0 and spot[rank] == 1:
            spot[rank] = 2
            count -= 1
            ranks[count] = rank
            rank = parent[rank]
    ranks.sort()
    for k in range(len(ranks)):
        spot[ranks[k]] = k + 1
    reach[: (len(ranks) + 1) * span] = inf
    for lane in range(len(members)):
        reach[spot[starts[members[lane]]] * span + lane] = 0
    for k in range(len(ranks)):
        at = (k + 1) * span
        a = load(reach, at)
        b = load(reach, at + width)
        c = load(reach, at + 2 * width)
        d = load(reach, at + 3 * width)
        for arc in range(index(first[ranks[k]]), index(first[ranks[k] + 1])):
            step = spread(weight, arc)
            to = np.int64(spot[index(head[arc])]) * span
            store(reach, to, minimum(add(a, step), load(reach, to)))
            store(reach, to + width, minimum(add(b, step), load(reach, to + width)))
            store(reach, to + 2 * width, minimum(add(c, step), load(reach, to + 2 * width)))
            store(reach, to + 3 * width, minimum(add(d, step), load(reach, to + 3 * width)))
    return ranks


@kernel
def _descend_all(chosen, narrow, spot, reach, path, rows, width):
    """Bring the distances of four vectors of sources down to the ranks asked for; twins with those they stand below."""
    first, head, weight, depth, row, twin = narrow
    span = 4 * width
    k = len(first) - 2
    while k >= 0:
        known = np.int64(spot[chosen[k]]) * span
        a = load(reach, known)
        b = load(reach, known + width)
        c = load(reach, known + 2 * width)
        d = load(reach, known + 3 * width)
        here = k
        if k == 0 or not twin[k - 1]:
            for arc in range(index(first[k]), index(first[k + 1])):
                step = spread(weight, arc)
                above = np.int64(head[arc]) * span
                a = minimum(add(load(path, above), step), a)
                b = minimum(add(load(path, above + width), step), b)
                c = minimum(add(load(path, above + 2 * width), step), c)
                d = minimum(add(load(path, above + 3 * width), step), d)
            k -= 1
        else:
            known = np.int64(spot[chosen[k - 1]]) * span
            e = load(reach, known)
            f = load(reach, known + width)
            g = load(reach, known + 2 * width)
            h = load(reach, known + 3 * width)
            back = first[k] - first[k - 1] - 1
            for arc in range(index(first[k]), index(first[k + 1])):
                step, other = spread(weight, arc), spread(weight, np.int64(arc) - back)
                above = np.int64(head[arc]) * span
                onward = load(path, above)
                a, e = minimum(add(onward, step), a), minimum(add(onward, other), e)
                onward = load(path, above + width)
                b, f = minimum(add(onward, step), b), minimum(add(onward, other), f)
                onward = load(path, above + 2 * width)
                c, g = minimum(add(onward, step), c), minimum(add(onward, other), g)
                onward = load(path, above + 3 * width)
                d, h = minimum(add(onward, step), d), minimum(add(onward, other), h)
            other = spread(weight, first[k - 1])
            e, f = minimum(add(a, other), e), minimum(add(b, other), f)
            g, h = minimum(add(c, other), g), minimum(add(d, other), h)
            at = np.int64(depth[k - 1]) * span
            store(path, at, e)
            store(path, at + width, f)
            store(path, at + 2 * width, g)
            store(path, at + 3 * width, h)
            if row[k - 1] >= 0:
                at = np.int64(row[k - 1]) * span
                store(rows, at, e)
                store(rows, at + width, f)
                store(rows, at + 2 * width, g)
                store(rows, at + 3 * width, h)
            k -= 2
        at = np.int64(depth[here]) * span
        store(path, at, a)
        store(path, at + width, b)
        store(path, at + 2 * width, c)
        store(path, at + 3 * width, d)
        if row[here] >= 0:
            at = np.int64(row[here]) * span
            store(rows, at, a)
            store(rows, at + width, b)
            store(rows, at + 2 * width, c)
            store(rows, at + 3 * width, d)


@kernel
def _hand_out(members, column, rows, width, found):
    """Copy the distances of four vectors of sources to their rows, a square of as many targets at a time."""
    square = np.empty(2 * width * width, found.dtype)
    n_targets = found.shape[1]
    flat = found.reshape(-1)
    span = 4 * width
    done = n_targets - n_targets % width
    for begin in range(0, len(members), width):
        lanes = min(width, len(members) - begin)
        for j in range(0, done, width):
            for row in range(width):
                store(square, row * width, load(rows, column[j + row] * span + begin))
            turn(square, 0, width, square, width * width, width)
            for lane in range(lanes):
                store(flat, members[begin + lane] * n_targets + j, load(square, (width + lane) * width))
        for lane in range(lanes):
            for j in range(done, n_targets):
                found[members[begin + lane], j] = rows[column[j] * span + begin + lane]


@inlined
def _step(rank, first, head, weight, row):
    """Reach from `rank` to all above it; a minimum each and no branch, so that nothing is guessed wrong."""
    here = row[rank]
    for arc in range(index(first[rank]), index(first[rank + 1])):
        above = index(head[arc])
        row[above] = min(row[above], here + weight[arc])


@kernel
def _meet(start, end, tree, climb, descend, forth, back):
    """Return the distance and the highest rank of the route; the rows keep the distances that were found."""
    parent, lowest = tree
    up_first, up_head, up_weight = climb
    down_first, down_head, down_weight = descend
    best = forth[start] + inf
    top = np.int32(-1)
    forth[start] = 0
    back[end] = 0
    u = start
    while u >= 0 and not (u >= end and lowest[u] <= end):
        if forth[u] < inf:
            _step(u, up_first, up_head, up_weight, forth)
        u = parent[u]
    v = end
    while v != u and v >= 0:
        if back[v] < inf:
            _step(v, down_first, down_head, down_weight, back)
        v = parent[v]
    while u >= 0:
        if forth[u] + back[u] < best:
            best = forth[u] + back[u]
            top = u
        if forth[u] < best:
            _step(u, up_first, up_head, up_weight, forth)
        if back[u] < best:
            _step(u, down_first, down_head, down_weight, back)
        u = parent[u]
    return best, top


@kernel
def _clear(rank, parent, row):
    """Make the distances of a rank and of all above it inf again."""
    while rank >= 0:
        row[rank] = inf
        rank = parent[rank]


@kernel
def _meet_all(starts, ends, tree, climb, descend, rows, found):
    for k in range(len(starts)):
        found[k] = _meet(starts[k], ends[k], tree, climb, descend, rows[0], rows[1])[0]
        _clear(starts[k], tree[0], rows[0])
        _clear(ends[k], tree[0], rows[1])


@kernel
def _path(start, end, tree, climb, descend, rows, arcs, lower, own, up, down, parts):
    """Return the arcs of the route of one pair, none where there is no route."""
    forth, back = rows[0], rows[1]
    top = _meet(start, end, tree, climb, descend, forth, back)[1]
    stack = np.empty(0, np.int64)
    if top >= 0:
        # Twice the up arc, plus one when it leads down. The way up is travelled first, so it goes on top.
        there = _trace(start, top, tree[0], forth, lower, up)
        behind = _trace(end, top, tree[0], back, lower, down)
        stack = np.concatenate((2 * behind[::-1] + 1, 2 * there))
    _clear(start, tree[0], forth)
    _clear(end, tree[0], back)
    return _unpack(stack, arcs, lower, own, up, down, parts)


@kernel
def _trace(start, top, parent, row, lower, weight):
    """Return the up arcs by which `top` was reached from `start`, the last first; of ties the lowest tail."""
    first, arcs, tails = lower
    chain = np.empty(64, np.int32)
    size = 0
    rank = start
    while rank != top:
        if row[rank] < inf:
            if size == len(chain):
                chain = np.append(chain, np.empty_like(chain))
            chain[size] = rank
            size += 1
        rank = parent[rank]
    found = np.empty(size, np.int64)
    count = 0
    while rank != start:
        i = 0
        k = first[rank]
        while True:  # both lists ascend, and the rank came from one that is in both
            if tails[k] < chain[i]:
                k += 1
            elif tails[k] > chain[i]:
                i += 1
            elif row[chain[i]] + weight[arcs[k]] == row[rank]:
                break
            else:
                k += 1
        found[count] = arcs[k]
        count += 1
        rank = chain[i]
    return found[:count]


@kernel
def _own_arc(low, place, backward, first_own, own_arc, own_slot, weight):
    """Return the first of the lightest own arcs of an up arc in one direction, or -1."""
    best = -1
    for k in range(index(first_own[low]), index(first_own[low + 1])):
        arc = own_arc[k]
        if own_slot[k] == 2 * place + backward and (best < 0 or weight[arc] < weight[best]):
            best = arc
    return best


@kernel
def _middle(low, high, wanted, backward, lower, up, down):
    """Return the up arcs from the lowest middle rank to `low` and to `high` whose sum is `wanted`."""
    first, arcs, tails = lower
    j = first[high]
    for i in range(index(first[low]), index(first[low + 1])):
        while tails[j] < tails[i]:
            j += 1
            if j == first[high + 1]:
                return np.int64(-1), np.int64(-1)
        if tails[j] == tails[i]:
            x = arcs[i]
            y = arcs[j]
            if (down[y] + up[x] if backward else down[x] + up[y]) == wanted:
                return x, y
    return np.int64(-1), np.int64(-1)


@kernel
def _find_parts(place, backward, arcs, lower, own, up, down, parts):
    """Fill `parts` for one direction of an up arc."""
    low, high = arcs[1][place], arcs[0][place]
    wanted = down[place] if backward else up[place]
    first_own, own_arc, own_slot, weight = own
    arc = _own_arc(low, place, backward, first_own, own_arc, own_slot, weight)
    if arc >= 0 and weight[arc] == wanted:
        parts[place, backward, 0] = -1 - arc
        return
    x, y = _middle(low, high, wanted, backward, lower, up, down)
    # low -> middle -> high is down x, up y; high -> middle -> low is down y, up x.
    parts[place, backward, 0], parts[place, backward, 1] = (y, x) if backward else (x, y)


@kernel
def _unpack(stack, arcs, lower, own, up, down, parts):
    """Return the arcs that the up and down arcs of a stack stand for, and remember in `parts` what was found out."""
    height = len(stack)
    found = np.empty(256, np.int32)
    size = 0
    while height:
        height -= 1
        place = stack[height] >> 1
        backward = stack[height] & 1
        if parts[place, backward, 0] == UNKNOWN:
            _find_parts(place, backward, arcs, lower, own, up, down, parts)
        part = parts[place, backward, 0]
        if part < 0:
            if size == len(found):
                found = np.append(found, np.empty_like(found))
            found[size] = -1 - part
            size += 1
            continue
        if height + 2 > len(stack):
            stack = np.append(stack, np.empty(len(stack) + 64, np.int64))
        # First down to the middle, so that goes on top; then up from it.
        stack[height] = 2 * np.int64(parts[place, backward, 1])
        stack[height + 1] = 2 * np.int64(part) + 1
        height += 2
    return found[:size].copy()


LOWERED, UNSURE = 1, 2
"""Of an up arc under repair: a shorter way was found, or the way it stood for has become longer."""


@kernel
def _repair(places, tree, lower, own, weight, old, new, most):
    """Work out again the up arcs in `places`, and of those above what depends on them.

    `old` and `new` are (up, down); `new` begins as `old`. A way that has become shorter only lowers what is above it;
    where the way that an arc stood for has become longer, all ways are looked at again. False when given up, after
    `most` looks.
    """
    first_up, up_head, up_tail = tree
    state = np.zeros(len(up_tail), np.uint8)
    ranks = np.zeros(len(first_up) - 1, np.bool_)
    for place in places:
        if place >= 0:
            state[place] = UNSURE
            ranks[up_tail[place]] = True
    for rank in range(len(ranks)):
        if not ranks[rank]:
            continue
        low, high = first_up[rank], first_up[rank + 1]
        for place in range(low, high):
            if state[place] == UNSURE:
                most -= _look_again(rank, place, up_head, lower, own, weight, new)
        for place in range(low, high):
            if state[place] and (new[0][place] != old[0][place] or new[1][place] != old[1][place]):
                _pass_on(place, low, high, first_up, up_head, old, new, state, ranks)
                most -= high - low
        if most < 0:
            return False
    return True


@kernel
def _look_again(rank, place, up_head, lower, own, weight, new):
    """Take the least of an up arc's own arcs and of all ways over a lower rank; return how many looks it took."""
    first, arcs, tails = lower
    first_own, own_arc, own_slot = own
    up, down = new
    high = up_head[place]
    there = weight.dtype.type(inf)
    back = weight.dtype.type(inf)
    for k in range(index(first_own[rank]), index(first_own[rank + 1])):
        if own_slot[k] == 2 * place:
            there = min(there, weight[own_arc[k]])
        elif own_slot[k] == 2 * place + 1:
            back = min(back, weight[own_arc[k]])
    i = first[rank]
    j = first[high]
    while i < first[rank + 1] and j < first[high + 1]:
        if tails[i] < tails[j]:
            i += 1
        elif tails[i] > tails[j]:
            j += 1
        else:
            there = min(there, down[arcs[i]] + up[arcs[j]])
            back = min(back, down[arcs[j]] + up[arcs[i]])
            i += 1
            j += 1
    up[place] = there
    down[place] = back
    return i - first[rank] + j - first[high]


@kernel
def _pass_on(place, low, high, first_up, up_head, old, new, state, ranks):
    """Tell the up arcs between the head of a changed one and the heads of its neighbours, `low` to `high - 1`."""
    old_up, old_down = old
    up, down = new
    head = up_head[place]
    near = first_up[head]
    from_end = np.int64(1)
    for other in range(low, high):
        if other == place:
            continue
        # The lower of the two heads is `mid`: from it by way of the rank to the higher one, and back.
        first, second = (place, other) if place < other else (other, place)
        mid = up_head[first]
        if mid == head:
            while up_head[near] != up_head[second]:
                near += 1
            above = near
        else:  # neighbouring ranks mostly have the same ranks above them
            above = first_up[mid + 1] - from_end
            if above < first_up[mid] or up_head[above] != head:
                above = find_up(first_up, up_head, mid, head)
                from_end = first_up[mid + 1] - above
        there, was_there = down[first] + up[second], old_down[first] + old_up[second]
        back, was_back = down[second] + up[first], old_down[second] + old_up[first]
        lowered = False
        if there < up[above]:
            up[above] = there
            lowered = True
        if back < down[above]:
            down[above] = back
            lowered = True
        unsure = (there > was_there and was_there == old_up[above]) or (back > was_back and was_back == old_down[above])
        if unsure:
            state[above] = UNSURE
            ranks[mid] = True
        elif lowered:
            state[above] = max(state[above], LOWERED)
            ranks[mid] = True
