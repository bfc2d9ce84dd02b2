"""What `ensemble.totals` finds, without a compiler: all draws side by side as rows of numpy, node by node.

Towards a goal, nodes are looked at in the order of their distance at the mean of all weightings, from the goal
outwards, and again as long as a node that they lead to has come nearer in some draw. Of routes that tie exactly the one
met first wins: always the same, though not always the one that `ensemble` or `dijkstra` takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridor_net.errors import BadValue
from corridor_net.graph.search.dijkstra import Weighted
from corridor_net.graph.topology import Graph

if TYPE_CHECKING:
    from corridor_net.graph.ensembles.amounts import Lists

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Rows = Floats | Sequence[Floats]
"""The factors of figures, (n_figures, count)."""

HELD = 2**22
"""Weights that are held at a time, as often as there are amounts."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PlainBest:
    """The best routes in some draws: `values` as `ensemble.totals` has them, and `routes` by row and mark."""

    values: Floats
    routes: dict[tuple[int, float], tuple[int, ...]]

    def route(self, row: int, k: int) -> tuple[int, ...]:
        """Return the arcs of a pair's best route in draw `k`, or others that add up to the same mark."""
        return self.routes[row, float(self.values[-1, row, k])]


class Kept:
    """Products and weights of the draws last searched, for another network that has most of them too.

    Products are known by the rows of factors that they are made of, and weights by their amounts of products: by the
    arrays themselves, which are held as long, so that only what was drawn once for both networks is taken over.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self.products: tuple[Sequence[Floats], dict[tuple[int, ...], Floats]] = ((), {})
        self.weights: tuple[Sequence[Floats], Floats, dict[bytes, Weight]] = ((), np.zeros((3, 0)), {})


class Weight(NamedTuple):
    """The weight of an arc in every draw, (count,), and their sum."""

    row: Floats
    total: float


@dataclass(frozen=True, eq=False, kw_only=True)
class PlainSearch:
    """A graph whose weights are sums of amounts at a rate (see `amounts.Amounts`), and the ends of its pairs."""

    graph: Graph
    ends: tuple[tuple[int, ...], tuple[int, ...]]
    products: Lists
    parts: Sequence[Lists]
    marks: Floats

    def best(self, factors: Rows, rates: Floats, kept: Kept | None = None, /) -> PlainBest:
        """Return the best routes in some draws; raise BadValue for weights that are negative or not numbers.

        What is `kept` of another network is taken over, and what this one has is kept in its place.
        """
        size, count = max(1, HELD // max(1, self.graph.n_arcs)), rates.shape[1]
        routes: dict[tuple[int, float], tuple[int, ...]] = {}
        if count <= size:
            return PlainBest(values=self._totals(factors, rates, routes, kept or Kept()), routes=routes)
        values = [
            self._totals([row[at : at + size] for row in factors], rates[:, at : at + size], routes, Kept())
            for at in range(0, count, size)
        ]
        return PlainBest(values=np.concatenate(values, axis=2), routes=routes)

    def _totals(
        self, factors: Rows, rates: Floats, routes: dict[tuple[int, float], tuple[int, ...]], kept: Kept
    ) -> Floats:
        """Return the values of some draws, and note routes whose marks have not been met."""
        columns = self._columns(factors, kept)
        weights = self._weights(columns, rates, kept)
        origins, goals = self.ends
        found = np.zeros((5, len(origins), len(goals), rates.shape[1]))
        for place, goal in enumerate(goals):
            distance, onward = towards(self.graph, weights, goal, rates.shape[1])
            found[0, :, place] = distance[list(origins)]
            arcs = _walked(self.graph, onward, origins)
            self._add_up(arcs, columns, found[1:, :, place])
            for row in range(len(origins)):
                pair = row * len(goals) + place
                marks, draws = np.unique(found[4, row, place], return_index=True)
                for mark, draw in zip(marks.tolist(), draws.tolist(), strict=True):
                    if (pair, mark) not in routes:
                        routes[pair, mark] = tuple(int(step[row, draw]) for step in arcs if step[row, draw] >= 0)
        return found.reshape(5, -1, rates.shape[1])

    def _columns(self, factors: Rows, kept: Kept) -> list[Floats]:
        """Return the products of factors in every draw, each (count,)."""
        rows = list(factors)
        _held, before = kept.products  # what is held keeps its name
        names = [id(row) for row in rows]
        first, number, _ = (one.tolist() for one in self.products)
        made: dict[tuple[int, ...], Floats] = {}
        keys = [tuple([names[place] for place in number[start:end]]) for start, end in pairwise(first)]
        for key, start, end in zip(keys, first, first[1:], strict=False):
            if key not in made:
                made[key] = before[key] if key in before else _product([rows[at] for at in number[start:end]])
        kept.products = rows, made
        return [made[key] for key in keys]

    def _weights(self, columns: Sequence[Floats], rates: Floats, kept: Kept) -> list[Weight]:
        """Return the weight of every arc."""
        weighed = [number for number, rate in enumerate(rates) if rate.any()]
        _held, rated, before = kept.weights
        if not np.array_equal(rated, rates):
            before = {}
        own, *amounts = _Sums(self.parts[0]), *((rates[number], _Sums(self.parts[1 + number])) for number in weighed)
        made: dict[bytes, Weight] = {}
        keys = _contents([self.parts[0], *(self.parts[1 + number] for number in weighed)], columns)
        for arc, key in enumerate(keys):
            if key not in made:
                made[key] = before[key] if key in before else _weight(arc, own, amounts, columns, rates.shape[1])
        kept.weights = columns, rates, made
        return [made[key] for key in keys]

    def _add_up(self, steps: Sequence[Ints], columns: Sequence[Floats], totals: Floats) -> None:
        """Add to `totals` (4, n_origins, count) the three amounts, and the marks, of the arcs of each step."""
        count = totals.shape[-1]
        met = np.zeros(self.graph.n_arcs + 1, bool)  # the last stands for no arc
        for step in steps:
            met[step] = True
        start = (np.cumsum(met) - 1) * count
        amounts = np.zeros((3, int(met.sum()), count))
        for rows, part in zip(amounts, map(_Sums, self.parts[1:]), strict=True):
            for row, arc in zip(rows, np.flatnonzero(met[:-1]).tolist(), strict=False):
                part.fill(arc, columns, row)
        names, draws = np.append(self.marks, 0.0), np.arange(count)
        for step in steps:
            under_way = np.flatnonzero((step >= 0).any(axis=1))
            arcs = step[under_way]
            places = start[arcs] + draws
            for total, amount in zip(totals, amounts, strict=False):
                total[under_way] += amount.reshape(-1).take(places)
            totals[3, under_way] += names[arcs]


def towards(graph: Graph, weights: Sequence[Weight], goal: int, count: int) -> tuple[Floats, Ints]:
    """Return the least distance from each node to a goal, (n_nodes, count), and the arc to take; -1 for none.

    Weights are at least 0.
    """
    means = np.array([weight.total for weight in weights], float) / count
    far = Weighted.of(graph.reversed(), means).one_to_all(goal).distance
    order = [node for node in np.argsort(far, kind="stable").tolist() if far[node] < inf]
    distance = np.full((graph.n_nodes, count), inf)
    distance[goal] = 0.0
    onward = np.full(distance.shape, -1, np.int32)
    nearer = _Nearer(distance, onward, [weight.row for weight in weights], graph.head.tolist())
    entering = graph.reversed().leaving
    waiting: dict[int, set[int]] = {}  # of each node the arcs whose heads have come nearer
    for node, arc in entering[goal]:
        waiting.setdefault(node, set()).add(arc)
    waiting.pop(goal, None)
    while waiting:
        for node in order:
            if node in waiting and nearer.by(node, sorted(waiting.pop(node))):
                for before, arc in entering[node]:
                    if before != goal:
                        waiting.setdefault(before, set()).add(arc)
    return distance, onward


class _Nearer:
    """Distances to a goal and the arcs to take, both by node, as they become less."""

    def __init__(self, distance: Floats, onward: Ints, rows: list[Floats], head: list[int]) -> None:
        self.distance, self.onward, self.rows, self.head = list(distance), list(onward), rows, head
        self.through, self.less = np.empty(distance.shape[1]), np.empty(distance.shape[1], bool)

    def by(self, node: int, arcs: list[int]) -> bool:
        """Take arcs that leave a node where they bring it nearer; return whether one does in any draw."""
        own, way, through, less, moved = self.distance[node], self.onward[node], self.through, self.less, False
        for arc in arcs:
            np.add(self.rows[arc], self.distance[self.head[arc]], out=through)
            np.less(through, own, out=less)
            if np.count_nonzero(less):  # far quicker than any()
                np.copyto(own, through, where=less)
                np.copyto(way, arc, where=less)
                moved = True
        return moved


def _walked(graph: Graph, onward: Ints, origins: Sequence[int]) -> list[Ints]:
    """Return step by step the arcs from each origin in each draw, (n_origins, count); -1 where it has arrived."""
    count = onward.shape[1]
    at = np.repeat(np.array(origins, np.int64)[:, None], count, axis=1)
    head, draws = graph.head.astype(np.int64), np.arange(count)
    steps = []
    while ((arc := onward.reshape(-1).take(at * count + draws)) >= 0).any():
        steps.append(arc)
        at = np.where(arc < 0, at, head[arc])
    return steps


def _product(rows: Sequence[Floats]) -> Floats:
    """Return the product of factors in every draw: of one it is that row itself."""
    made = rows[0]
    for row in rows[1:]:
        made = made * row
    return made


class _Sums:
    """An amount of every arc as a sum of products of factors."""

    def __init__(self, part: Lists) -> None:
        self.first, self.number, self.size = (one.tolist() for one in part)

    def fill(self, arc: int, columns: Sequence[Floats], row: Floats) -> None:
        """Write what it is of an arc in every draw."""
        start, end = self.first[arc], self.first[arc + 1]
        if start == end:
            row[:] = 0.0
            return
        np.multiply(columns[self.number[start]], self.size[start], out=row)
        for place in range(start + 1, end):
            row += columns[self.number[place]] * self.size[place]


def _weight(
    arc: int, own: _Sums, amounts: Sequence[tuple[Floats, _Sums]], columns: Sequence[Floats], count: int
) -> Weight:
    """Return the weight of an arc: its own, and amounts at their rates."""
    row, amount = np.empty(count), np.empty(count)
    own.fill(arc, columns, row)
    for rate, one in amounts:
        if one.first[arc] < one.first[arc + 1]:
            one.fill(arc, columns, amount)
            amount *= rate
            row += amount
    if not np.minimum.reduce(row, initial=0.0) >= 0:
        raise BadValue("weights must be numbers of at least 0")
    return Weight(row, float(np.add.reduce(row)))


def _contents(parts: Sequence[Lists], columns: Sequence[Floats]) -> list[bytes]:
    """Return what every arc's weight is made of: which columns, and how much of them."""
    n_arcs = len(parts[0][0]) - 1
    names = np.array([id(column) for column in columns], np.int64)
    arcs = np.concatenate([np.repeat(np.arange(n_arcs), np.diff(first)) for first, _, _ in parts])
    kind = np.repeat(np.arange(len(parts)), [len(number) for _, number, _ in parts])
    column = np.concatenate([names[number] for _, number, _ in parts])
    size = np.concatenate([size for _, _, size in parts]).view(np.int64)
    packed = np.stack([kind, column, size], axis=1)[np.argsort(arcs, kind="stable")]
    ends = packed.itemsize * packed.shape[1] * np.cumsum(np.bincount(arcs, minlength=n_arcs))
    told = packed.tobytes()
    return [told[start:end] for start, end in pairwise([0, *ends.tolist()])]
