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

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridor_net.errors import BadValue, NoRoute
from corridor_net.graph.compiled import inlined, kernel
from corridor_net.graph.eliminate import ROWS, customise_fronts, perfect_fronts
from corridor_net.graph.fronts import Fronts
from corridor_net.graph.hierarchy import Hierarchy, find_up
from corridor_net.graph.lanes import WIDTH, add, load, minimum, spread, store
from corridor_net.graph.parallel import run_chunks
from corridor_net.graph.topology import HEAVIEST_NARROW, checked_node, checked_nodes, checked_weight

VECTORS = 4
"""Vectors of sources swept together in `many_to_many`."""
PAIRS_A_CHUNK = 64
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
        values = _as_type(checked_weight(hierarchy.graph, weight), dtype)
        width, fronts, n_up = WIDTH[dtype], hierarchy.fronts, hierarchy.n_up
        up, down = np.empty(n_up + width, dtype), np.empty(n_up + width, dtype)
        up[n_up:] = down[n_up:] = inf
        updates = np.empty(fronts.room, dtype)

        def make_worker(level: NDArray[np.int64]) -> Callable[[int], None]:
            matrix, _, rel = _buffers(fronts, width, dtype)

            def work(task: int) -> None:
                customise_fronts(
                    level[task, 0],
                    level[task, 1],
                    (fronts.first, fronts.first_child, fronts.child, fronts.place),
                    (hierarchy.first_up, hierarchy.up_head),
                    (fronts.first_own, fronts.own_arc),
                    hierarchy.slot,
                    values,
                    up,
                    down,
                    updates,
                    matrix,
                    rel,
                    width,
                )

            return work

        for level in fronts.levels:
            run_chunks(len(level), lambda level=level: make_worker(level), threads)  # type: ignore[misc]
        return cls(hierarchy, values, up, down, threads)

    def changed(self, arcs: ArrayLike, weights: ArrayLike) -> Metric:
        """Return the metric with new weights on some arcs: only the up arcs they touch are worked out again.

        Equal, bit for bit, to customising from the start. Above about one arc in two hundred it does that.

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
        values = self.weight.astype(np.float64)
        values[changes] = new
        dtype = self.weight.dtype.name
        if len(changes) * 200 > graph.n_arcs:
            return Metric.of(self.hierarchy, values, dtype=dtype, threads=self.threads)  # type: ignore[arg-type]
        narrow = _as_type(checked_weight(graph, values), dtype)
        up, down = self.up.copy(), self.down.copy()
        hierarchy, fronts = self.hierarchy, self.hierarchy.fronts
        _repair(
            np.unique(hierarchy.slot[changes] >> 1),
            (hierarchy.first_up, hierarchy.up_head, hierarchy.up_tail),
            hierarchy.lower,
            (fronts.first_own, fronts.own_arc, hierarchy.slot),
            narrow,
            (self.up, self.down),
            (up, down),
        )
        return Metric(hierarchy, narrow, up, down, self.threads)

    @cached_property
    def searches(self) -> tuple[Search, Search]:
        """The arcs up and the arcs down that some shortest route needs; worked out once, when first asked."""
        hierarchy, fronts, width = self.hierarchy, self.hierarchy.fronts, WIDTH[self.up.dtype.name]
        kept_up, kept_down = np.empty(hierarchy.n_up, np.bool_), np.empty(hierarchy.n_up, np.bool_)
        updates = np.empty(fronts.room, self.up.dtype)

        def make_worker(level: NDArray[np.int64]) -> Callable[[int], None]:
            matrix, row, rel = _buffers(fronts, width, self.up.dtype.name)

            def work(task: int) -> None:
                perfect_fronts(
                    level[task, 0],
                    level[task, 1],
                    (fronts.first, fronts.first_child, fronts.child, fronts.place),
                    (hierarchy.first_up, hierarchy.up_head),
                    self.up,
                    self.down,
                    updates,
                    matrix,
                    row,
                    rel,
                    width,
                    kept_up,
                    kept_down,
                )

            return work

        for level in reversed(fronts.levels):
            run_chunks(len(level), lambda level=level: make_worker(level), self.threads)  # type: ignore[misc]
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
        distance = np.empty(len(hierarchy.rank), self.up.dtype)
        found = np.empty(len(hierarchy.rank), self.up.dtype)
        first = hierarchy.fronts.first
        distance[:] = inf
        _climb(start, hierarchy.parent, *climb, distance)
        for level in reversed(hierarchy.fronts.levels):

            def sweep(task: int, level: NDArray[np.int64] = level) -> None:
                low, high = first[level[task, 0]], first[level[task, 1]]
                _descend(low, high, *descend, hierarchy.node_at, distance, found)

            run_chunks(len(level), lambda: sweep, self.threads if len(level) > 8 else 1)
        return found

    def many_to_many(self, sources: ArrayLike, targets: ArrayLike, *, once: bool = False) -> NDArray[Any]:
        """Return the distances from each source to each target, shape (n_sources, n_targets).

        Say `once` when this is all that is asked of this weighting: a matrix by all up arcs is sooner there than
        finding out first which are needed. The two may differ by rounding.
        """
        hierarchy = self.hierarchy
        starts = hierarchy.rank[checked_nodes(hierarchy.graph, sources, "sources")]
        ends = checked_nodes(hierarchy.graph, targets, "targets")
        found = np.empty((len(starts), len(ends)), self.up.dtype)
        if not found.size:
            return found
        tree = (hierarchy.first_up, hierarchy.up_head)
        climb, descend = ((*tree, self.up), (*tree, self.down)) if once else self.searches
        chosen = hierarchy.ancestors(ends)
        place = np.full(len(hierarchy.rank), -1, np.int32)
        place[chosen] = np.arange(len(chosen), dtype=np.int32)
        narrow = _restrict(chosen, place, *descend)
        target = place[hierarchy.rank[ends]]
        sequence = np.argsort(starts, kind="stable")
        width = WIDTH[self.up.dtype.name]
        span = VECTORS * width

        def make_worker() -> Callable[[int], None]:
            row = np.full(len(place), inf, self.up.dtype)
            block = np.empty(len(chosen) * span, self.up.dtype)

            def work(group: int) -> None:
                members = sequence[group * span : (group + 1) * span]
                _sweep(starts, members, hierarchy.parent, climb, narrow, place, row, block, width, target, found)

            return work

        run_chunks(-(-len(starts) // span), make_worker, self.threads)
        return found

    def pairs(self, sources: ArrayLike, targets: ArrayLike) -> NDArray[Any]:
        """Return the distance from each source to the target beside it, shape (n_pairs,)."""
        starts, ends = self._ends(sources, targets)
        found = np.empty(len(starts), self.up.dtype)
        tree, searches = (self.hierarchy.parent, self.hierarchy.lowest), self.searches

        def work(chunk: int) -> None:
            part = slice(chunk * PAIRS_A_CHUNK, (chunk + 1) * PAIRS_A_CHUNK)
            rows = self._take_rows()
            _meet_all(starts[part], ends[part], tree, *searches, rows, found[part])
            self._rows.append(rows)

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
        own = (fronts.first_own, fronts.own_arc, hierarchy.slot, self.weight)
        parts, lower = self._parts, hierarchy.lower

        def work(chunk: int) -> None:
            rows = self._take_rows()
            for k in range(chunk * PAIRS_A_CHUNK, min((chunk + 1) * PAIRS_A_CHUNK, len(starts))):
                found[k] = _path(starts[k], ends[k], tree, *searches, rows, arcs, lower, own, self.up, self.down, parts)
            self._rows.append(rows)

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

    @cached_property
    def _rows(self) -> list[NDArray[Any]]:
        """Buffers of earlier searches, ready for the next."""
        return []

    def _take_rows(self) -> NDArray[Any]:
        """Distances from either end, all inf."""
        try:
            return self._rows.pop()
        except IndexError:
            return np.full((2, len(self.hierarchy.rank)), inf, self.up.dtype)


def _as_type(values: NDArray[np.float64], dtype: str) -> NDArray[Any]:
    if dtype == "float64":
        return values.copy()
    if values.size and float(values[values < inf].max(initial=0.0)) > HEAVIEST_NARROW:
        raise BadValue(f"float32 holds weights up to {HEAVIEST_NARROW:g}; use float64")
    return values.astype(np.float32)


def _span(chunk: int, n_ranks: int) -> tuple[int, int]:
    return chunk * RANKS_A_CHUNK, min((chunk + 1) * RANKS_A_CHUNK, n_ranks)


def _buffers(fronts: Fronts, width: int, dtype: str) -> tuple[NDArray[Any], NDArray[Any], NDArray[np.int64]]:
    """Room for the largest front: its matrix, one row, and places of ranks."""
    size = fronts.largest
    matrix = np.empty((size + ROWS) * (size + width) + width, dtype)
    return matrix, np.empty(size + 2 * width, dtype), np.empty(size + 1, np.int64)


@kernel
def _count_kept(first_up, kept, first, low, high):
    for rank in range(low, high):
        count = 0
        for arc in range(first_up[rank], first_up[rank + 1]):
            count += kept[arc]
        first[rank + 1] = count


@kernel
def _fill_kept(first_up, up_head, weight, kept, first, head, values, low, high):
    at = first[low]
    for rank in range(low, high):
        for arc in range(first_up[rank], first_up[rank + 1]):
            if kept[arc]:
                head[at] = up_head[arc]
                values[at] = weight[arc]
                at += 1


@kernel
def _climb(start, parent, first, head, weight, distance):
    """Reach upwards from `start` over its ancestors."""
    distance[start] = 0
    rank = start
    while rank >= 0:
        here = distance[rank]
        if here < inf:
            for arc in range(first[rank], first[rank + 1]):
                distance[head[arc]] = min(distance[head[arc]], here + weight[arc])
        rank = parent[rank]


@kernel
def _descend(low, high, first, head, weight, node_at, distance, found):
    """Bring distances down to the ranks `high - 1` to `low`, and put them in the places of their nodes."""
    for rank in range(high - 1, low - 1, -1):
        best = distance[rank]
        for arc in range(first[rank], first[rank + 1]):
            best = min(best, distance[head[arc]] + weight[arc])
        distance[rank] = best
        found[node_at[rank]] = best


@kernel
def _restrict(chosen, place, first, head, weight):
    """Return the arcs of the chosen ranks (closed upwards), counted by their places."""
    total = 0
    for rank in chosen:
        total += first[rank + 1] - first[rank]
    narrow_first = np.zeros(len(chosen) + 1, np.int64)
    narrow_head = np.empty(total, np.int32)
    narrow_weight = np.empty(total, weight.dtype)
    at = 0
    for k in range(len(chosen)):
        for arc in range(first[chosen[k]], first[chosen[k] + 1]):
            narrow_head[at] = place[head[arc]]
            narrow_weight[at] = weight[arc]
            at += 1
        narrow_first[k + 1] = at
    return narrow_first, narrow_head, narrow_weight


@kernel
def _sweep(starts, members, parent, climb, narrow, place, row, block, width, target, found):
    """Answer four vectors of sources: up one by one, down side by side; `row` is all inf before and after."""
    up_first, up_head, up_weight = climb
    first, head, weight = narrow
    span = 4 * width
    for i in range(len(block)):
        block[i] = inf
    for lane in range(len(members)):
        rank = starts[members[lane]]
        row[rank] = 0
        while rank >= 0:
            here = row[rank]
            if here < inf:
                for arc in range(up_first[rank], up_first[rank + 1]):
                    row[up_head[arc]] = min(row[up_head[arc]], here + up_weight[arc])
                row[rank] = inf
                if place[rank] >= 0:
                    block[place[rank] * span + lane] = here
            rank = parent[rank]
    for k in range(len(first) - 2, -1, -1):
        at = k * span
        a = load(block, at)
        b = load(block, at + width)
        c = load(block, at + 2 * width)
        d = load(block, at + 3 * width)
        for arc in range(first[k], first[k + 1]):
            step = spread(weight, arc)
            above = np.int64(head[arc]) * span
            a = minimum(add(load(block, above), step), a)
            b = minimum(add(load(block, above + width), step), b)
            c = minimum(add(load(block, above + 2 * width), step), c)
            d = minimum(add(load(block, above + 3 * width), step), d)
        store(block, at, a)
        store(block, at + width, b)
        store(block, at + 2 * width, c)
        store(block, at + 3 * width, d)
    for lane in range(len(members)):
        for j in range(len(target)):
            found[members[lane], j] = block[np.int64(target[j]) * span + lane]


@inlined
def _step(rank, first, head, weight, row):
    """Reach from `rank` to all above it; a minimum each and no branch, so that nothing is guessed wrong."""
    here = row[rank]
    for arc in range(first[rank], first[rank + 1]):
        above = head[arc]
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
def _own_arc(low, place, backward, first_own, own_arc, slot, weight):
    """Return the first of the lightest own arcs of an up arc in one direction, or -1."""
    best = -1
    for k in range(first_own[low], first_own[low + 1]):
        arc = own_arc[k]
        if slot[arc] == 2 * place + backward and (best < 0 or weight[arc] < weight[best]):
            best = arc
    return best


@kernel
def _middle(low, high, wanted, backward, lower, up, down):
    """Return the up arcs from the lowest middle rank to `low` and to `high` whose sum is `wanted`."""
    first, arcs, tails = lower
    j = first[high]
    for i in range(first[low], first[low + 1]):
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
    first_own, own_arc, slot, weight = own
    arc = _own_arc(low, place, backward, first_own, own_arc, slot, weight)
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
def _repair(places, tree, lower, own, weight, old, new):
    """Work out again the up arcs in `places`, and of those above what depends on them.

    `old` and `new` are (up, down); `new` begins as `old`. A way that has become shorter only lowers what is above it;
    where the way that an arc stood for has become longer, all ways are looked at again.
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
                _look_again(rank, place, up_head, lower, own, weight, new)
        for place in range(low, high):
            if state[place] and (new[0][place] != old[0][place] or new[1][place] != old[1][place]):
                _pass_on(place, low, high, first_up, up_head, old, new, state, ranks)


@kernel
def _look_again(rank, place, up_head, lower, own, weight, new):
    """Take the least of an up arc's own arcs and of all ways over a lower rank."""
    first, arcs, tails = lower
    first_own, own_arc, slot = own
    up, down = new
    high = up_head[place]
    there = weight.dtype.type(inf)
    back = weight.dtype.type(inf)
    for k in range(first_own[rank], first_own[rank + 1]):
        if slot[own_arc[k]] == 2 * place:
            there = min(there, weight[own_arc[k]])
        elif slot[own_arc[k]] == 2 * place + 1:
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
