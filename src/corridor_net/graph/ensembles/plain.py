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
    """The best routes in some draws: `values` as `ensemble.totals` has them.

    `onward`: by block of draws and by goal the arc that each node takes, (n_nodes, draws of a block).
    """

    search: PlainSearch
    values: Floats
    onward: list[list[Ints]]

    def route(self, row: int, k: int) -> tuple[int, ...]:
        """Return the arcs of a pair's best route in draw `k`; none where there is none."""
        origins, goals = self.search.ends
        origin, goal = divmod(row, len(goals))
        block, draw = divmod(k, self.onward[0][0].shape[1])
        taken = self.onward[block][goal][:, draw].tolist()
        node, arcs = origins[origin], []
        while (arc := taken[node]) >= 0:
            arcs.append(arc)
            node = int(self.search.graph.head[arc])
        return tuple(arcs)


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
        if count <= size:
            made = [self._totals(factors, rates, kept or Kept())]
        else:
            made = [
                self._totals([row[at : at + size] for row in factors], rates[:, at : at + size], Kept())
                for at in range(0, count, size)
            ]
        values, onward = zip(*made, strict=True)
        return PlainBest(search=self, values=np.concatenate(values, axis=2), onward=list(onward))

    def _totals(self, factors: Rows, rates: Floats, kept: Kept) -> tuple[Floats, list[Ints]]:
        """Return the values of some draws, and by goal the arc that each node takes."""
        columns = self._columns(factors, kept)
        weights = self._weights(columns, rates, kept)
        (origins, goals), count = self.ends, rates.shape[1]
        found, taken = np.zeros((5, len(origins), len(goals), count)), []
        for place, goal in enumerate(goals):
            distance, onward = towards(self.graph, weights, goal, count)
            found[0, :, place] = distance[list(origins)]
            found[1:, :, place] = self._sums(_walked(self.graph, onward, origins), columns, (len(origins), count))
            taken.append(onward)
        return found.reshape(5, -1, count), taken

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

    def _sums(self, steps: Sequence[ArcsTaken], columns: Sequence[Floats], shape: tuple[int, int]) -> Floats:
        """Return the three amounts, and the marks, added up along the steps from each origin, (4, *shape)."""
        count = shape[1]
        met = np.zeros(self.graph.n_arcs, bool)
        for _, _, arc in steps:
            met[arc] = True
        start = (np.cumsum(met) - 1) * count
        totals, amounts = np.zeros((4, shape[0] * count)), np.empty((3, int(met.sum()), count))
        for rows, part in zip(amounts, map(_Sums, self.parts[1:]), strict=True):
            for row, number in zip(rows, np.flatnonzero(met).tolist(), strict=True):
                part.fill(number, columns, row)
        for place, draw, arc in steps:
            cell = start.take(arc) + draw
            for total, amount in zip(totals, amounts, strict=False):
                total[place] += amount.reshape(-1).take(cell)
            totals[3, place] += self.marks.take(arc)
        return totals.reshape(4, *shape)


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


class ArcsTaken(NamedTuple):
    """Arcs taken at once from some origins in some draws: where these stand among all, and in which draw."""

    place: NDArray[np.int64]
    draw: NDArray[np.int64]
    arc: Ints


def _walked(graph: Graph, onward: Ints, origins: Sequence[int]) -> list[ArcsTaken]:
    """Return step by step the arcs from each origin in each draw that has not arrived."""
    count = onward.shape[1]
    node = np.repeat(np.array(origins, np.int64), count)
    draw, place = np.tile(np.arange(count), len(origins)), np.arange(len(node))
    head = graph.head.astype(np.int64)
    steps: list[ArcsTaken] = []
    while True:
        arc = onward.reshape(-1).take(node * count + draw)
        under_way = np.flatnonzero(arc >= 0)
        if not len(under_way):
            return steps
        if len(under_way) < len(arc):
            place, draw, arc = place[under_way], draw[under_way], arc[under_way]
        steps.append(ArcsTaken(place, draw, arc))
        node = head.take(arc)


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
