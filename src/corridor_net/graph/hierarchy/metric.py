"""One weighting at a time on large networks: a hierarchy with its weights, and what can be asked of it.

`Metric.of` customises (see `customise`); the arcs that no shortest route needs are dropped when the first
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
from numpy.typing import ArrayLike, DTypeLike, NDArray

from corridor_net.errors import BadValue, NoRoute
from corridor_net.graph.hierarchy.customise import WORTH_THREADS, Search, customised, levels, needed
from corridor_net.graph.hierarchy.hierarchy import Hierarchy
from corridor_net.graph.hierarchy.matrix_sweep import answer_group, restrict
from corridor_net.graph.hierarchy.pair_groups import (
    Gathered,
    PairsAsked,
    distances_together,
    far_apart,
    gathered,
    ways_together,
)
from corridor_net.graph.hierarchy.pair_ways import meet_all, ways_of_all
from corridor_net.graph.hierarchy.repair import repair
from corridor_net.graph.hierarchy.sweep import climb_from, sweep_down
from corridor_net.graph.hierarchy.unfolded import Unfolded, unfold_all
from corridor_net.graph.loops.lanes import WIDTH
from corridor_net.graph.loops.parallel import run_chunks, thread_count
from corridor_net.graph.topology import HEAVIEST_NARROW, checked_node, checked_nodes, checked_weight, checked_weights

VECTORS = 4
"""Vectors of sources swept together in `many_to_many`."""

GROUPS_A_CHUNK = 8

PAIRS_A_CHUNK = 64

TOGETHER = 256
"""Pairs far apart from which they are asked together."""

KNOWN = 4
"""Arcs a remembered list of what up arcs stand for may hold, for each up arc there is."""

REPAIRED = 1 / 200
"""The share of arcs up to which a change is repaired."""

LOOKS = 1
"""Looks at pairs of arcs, for each up arc there is, after which a repair is given up."""


@dataclass(frozen=True, eq=False, kw_only=True)
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
        values = checked_weight(hierarchy.graph, weight)
        own = _copied(hierarchy, "weight", _fit(values, dtype), dtype)
        up, down = customised(hierarchy, own, threads)
        return cls(hierarchy=hierarchy, weight=own, up=up, down=down, threads=threads)

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
        hierarchy, fronts = self.hierarchy, self.hierarchy.fronts
        values = _copied(hierarchy, "weight", self.weight, self.weight.dtype)
        values[changes] = _fit(checked_weights(new, changes), values.dtype.name)
        if len(changes) <= REPAIRED * graph.n_arcs:
            up, down = _copied(hierarchy, "ways", (self.up, self.down), values.dtype)
            if not repair(
                np.unique(hierarchy.slot[changes] >> 1),
                (hierarchy.first_up, hierarchy.up_head, hierarchy.up_tail),
                hierarchy.lower,
                (fronts.first_own, fronts.own_arc, fronts.own_slot),
                values,
                (self.up, self.down),
                (up, down),
                LOOKS * hierarchy.n_up,
            ):
                up, down = customised(hierarchy, values, self.threads)
        else:
            up, down = customised(hierarchy, values, self.threads)
        return Metric(hierarchy=hierarchy, weight=values, up=up, down=down, threads=self.threads)

    @cached_property
    def searches(self) -> tuple[Search, Search]:
        """The arcs up and the arcs down that some shortest route needs; worked out once, when first asked."""
        return needed(self.hierarchy, self.up, self.down, self.threads)

    def one_to_all(self, source: int) -> NDArray[Any]:
        """Return the distance from `source` to every node, shape (n_nodes,); inf where unreachable."""
        hierarchy = self.hierarchy
        start = hierarchy.rank[checked_node(hierarchy.graph, source, "source")]
        climb, descend = self.searches
        found = np.empty(len(hierarchy.rank), self.up.dtype)
        first = hierarchy.fronts.first
        with hierarchy.scratch.borrowed("distances", len(hierarchy.rank), self.up.dtype) as distance:
            distance[:] = inf
            climb_from(start, hierarchy.parent, *climb, distance)
            for level in reversed(levels(hierarchy)):

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
        n_ranks, dtype, borrowed = len(hierarchy.rank), self.up.dtype, hierarchy.scratch.borrowed
        chosen = hierarchy.ancestors(ends)
        asked, column = np.unique(hierarchy.rank[ends], return_inverse=True)
        with borrowed("depth", n_ranks, np.int32) as depth:
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
                borrowed("spot", n_ranks, np.int32, 0) as spot,
                borrowed("reach", room, dtype) as reach,
                borrowed("path", (int(narrow.depth.max()) + 1) * span, dtype) as path,
                borrowed("asked", len(asked) * span, dtype) as rows,
            ):
                room_of = (spot, reach, path, rows)
                answer_group(starts, members, hierarchy.parent, climb, chosen, narrow, room_of, column, width, found)

        run_chunks(-(-n_groups // together), lambda: work, threads)
        return found

    def pairs(self, sources: ArrayLike, targets: ArrayLike) -> NDArray[Any]:
        """Return the distance from each source to the target beside it, shape (n_pairs,).

        Many pairs whose ends are far apart are asked together, neighbours side by side, with the same answers.
        """
        starts, ends = self._ends(sources, targets)
        far = self._far_apart(starts, ends)
        found = np.empty(len(starts), self.up.dtype)
        found[~far] = self._one_by_one(starts[~far], ends[~far])
        if far.any():
            given = (self.searches, self.dense_searches, self.threads)
            found[far] = distances_together(self.hierarchy, starts[far], ends[far], *given)
        return found

    def _far_apart(self, starts: NDArray[np.int32], ends: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Return which pairs are to be asked together: those far apart, if they are many."""
        if len(starts) >= TOGETHER and (far := far_apart(self.hierarchy, starts, ends)).sum() >= TOGETHER:
            return far
        return np.zeros(len(starts), np.bool_)

    @cached_property
    def dense_searches(self) -> tuple[Gathered, Gathered]:
        """The arcs of `searches` that begin in dense fronts, by where they lead to; worked out for many pairs."""
        up, down = self.searches
        return gathered(self.hierarchy, up), gathered(self.hierarchy, down)

    def _one_by_one(self, starts: NDArray[np.int32], ends: NDArray[np.int32]) -> NDArray[Any]:
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

        Many pairs whose ends are far apart are asked together, as in `pairs`, with the same answers. What an up arc
        stands for is found out when the first route takes it.

        Raises
        ------
        BadValue
            Unfit nodes, or lists that differ in length.
        """
        starts, ends = self._ends(sources, targets)
        found: list[NDArray[np.int32]] = [np.empty(0, np.int32)] * len(starts)
        hierarchy, both = self.hierarchy, (self.up, self.down)

        def tell(pairs: NDArray[np.int64], first: NDArray[np.int64], ways: NDArray[np.int64]) -> None:
            begins, arcs = self._unfolded(first, ways)
            for pair, begin, end in zip(pairs.tolist(), begins[:-1].tolist(), begins[1:].tolist(), strict=True):
                found[pair] = arcs[begin:end]

        apart = self._far_apart(starts, ends)
        if apart.any():
            asked = PairsAsked(starts, ends, np.flatnonzero(apart))
            ways_together(hierarchy, asked, self.searches, self.dense_searches, both, tell, self.threads)
        near = np.flatnonzero(~apart)
        given = ((hierarchy.parent, hierarchy.lowest), *self.searches)
        itself = np.arange(len(hierarchy.rank), dtype=np.int32)

        def work(chunk: int) -> None:
            part = near[chunk * PAIRS_A_CHUNK : (chunk + 1) * PAIRS_A_CHUNK]
            with self._rows() as rows:
                tell(part, *ways_of_all(starts[part], ends[part], *given, rows, itself, hierarchy.lower, *both))

        run_chunks(-(-len(near) // PAIRS_A_CHUNK), lambda: work, self.threads)
        return found

    def _unfolded(
        self, first: NDArray[np.int64], ways: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Return where the arcs of each of some routes begin, and all arcs; see `Unfolded`."""
        hierarchy, fronts = self.hierarchy, self.hierarchy.fronts
        own = (fronts.first_own, fronts.own_arc, fronts.own_slot, self.weight)
        try:
            known = self._spare.pop()
        except IndexError:
            known = Unfolded.none(hierarchy.n_up)
        made_of = ((hierarchy.up_head, hierarchy.up_tail), hierarchy.lower, own, self.up, self.down)
        begins, arcs, known = unfold_all(first, ways, known, made_of)
        if known.size <= KNOWN * hierarchy.n_up:
            self._spare.append(known)
        return begins, arcs

    @cached_property
    def _spare(self) -> list[Unfolded]:
        """What routes have found out and no thread uses now."""
        return []

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
        """Of each way (2 n_up) what it is made of, see `find_parts`; 0 where no sum along routes has asked.

        Threads that fill the same place write the same.
        """
        return np.zeros((2 * self.hierarchy.n_up, 2), np.int32)

    @contextmanager
    def _rows(self) -> Iterator[NDArray[Any]]:
        """Distances from either end, all inf, to be left so."""
        n_ranks = len(self.hierarchy.rank)
        with self.hierarchy.scratch.borrowed("ends", 2 * n_ranks, self.up.dtype, inf) as rows:
            yield rows[: 2 * n_ranks].reshape(2, n_ranks)


def _copied(hierarchy: Hierarchy, name: str, values: Any, dtype: DTypeLike) -> NDArray[Any]:
    copy = hierarchy.scratch.array(name, np.shape(values), dtype)
    copy[:] = values
    return copy


def _fit(values: NDArray[np.float64], dtype: str) -> NDArray[np.float64]:
    """Return the weights, or raise where the type is too narrow for them."""
    if dtype == "float32" and values.size and float(values[values < inf].max(initial=0.0)) > HEAVIEST_NARROW:
        raise BadValue(f"float32 holds weights up to {HEAVIEST_NARROW:g}; use float64")
    return values
