"""One weighting at a time on large networks: a hierarchy with its weights, and what can be asked of it.

`Metric.of` customises (see `eliminate`); the arcs that no shortest route needs are dropped when the first
question comes. Then: one-to-all by a way up and one sweep down over all ranks (PHAST: Delling, Goldberg,
Nowatzyk & Werneck 2013); many-to-many by the same sweep over what lies above the targets, sixteen sources
side by side (RPHAST: Delling, Goldberg & Werneck 2011); pairs by two ways up the tree of parents, no queue
(Dibbelt, Strasser & Wagner 2016). Sums are added up in parts, as in `ensemble`: distances equal those of
`dijkstra` up to rounding, and are the same, bit for bit, whatever the threads.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridor_net.errors import BadValue, NoRoute
from corridor_net.graph.eliminate import customise_fronts, perfect_fronts
from corridor_net.graph.hierarchy import Hierarchy
from corridor_net.graph.lanes import WIDTH
from corridor_net.graph.matrix_sweep import answer_group, restrict
from corridor_net.graph.pair_ways import UNKNOWN, meet_all, path_of
from corridor_net.graph.parallel import run_chunks, thread_count
from corridor_net.graph.repair import repair
from corridor_net.graph.sweep import climb_from, count_kept, fill_kept, sweep_down
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
            if repair(
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
            count_kept(hierarchy.first_up, kept, first, *_span(chunk, n_ranks))

        run_chunks(n_chunks, lambda: count, self.threads)
        np.cumsum(first, out=first)
        head = np.empty(first[-1], np.int32)
        values = np.empty(first[-1], weight.dtype)

        def fill(chunk: int) -> None:
            low, high = _span(chunk, n_ranks)
            fill_kept(hierarchy.first_up, hierarchy.up_head, weight, kept, first, head, values, low, high)

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
            climb_from(start, hierarchy.parent, *climb, distance)
            for level in reversed(_levels(hierarchy)):

                def sweep(task: int, level: NDArray[np.int64] = level) -> None:
                    low, high = first[level[task, 0]], first[level[task, 1]]
                    sweep_down(low, high, *descend, hierarchy.node_at, distance, found)

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
            narrow = restrict(chosen, asked, hierarchy.parent, depth, *descend)
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
                answer_group(starts, members, hierarchy.parent, climb, chosen, narrow, room_of, column, width, found)

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
                meet_all(starts[part], ends[part], tree, *searches, rows, found[part])

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
        parts, lower = self.parts, hierarchy.lower

        def work(chunk: int) -> None:
            with self._rows() as rows:
                for k in range(chunk * PAIRS_A_CHUNK, min((chunk + 1) * PAIRS_A_CHUNK, len(starts))):
                    found[k] = path_of(
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
    def parts(self) -> NDArray[np.int32]:
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
