"""What `ensemble.totals` finds, without a compiler: all draws side by side as rows of numpy, node by node.

Towards a goal, nodes are looked at in the order of their distance at the mean of all weightings, from the goal
outwards, and again as long as a node that they lead to has come nearer in some draw. Of routes that tie exactly the one
met first wins: always the same, though not always the one that `ensemble` or `dijkstra` takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from corridor_net.errors import BadValue
from corridor_net.graph.search.dijkstra import Weighted
from corridor_net.graph.topology import Graph

if TYPE_CHECKING:
    from corridor_net.graph.ensembles.amounts import Lists

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

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


@dataclass(frozen=True, eq=False, kw_only=True)
class PlainSearch:
    """A graph whose weights are sums of amounts at a rate (see `amounts.Amounts`), and the ends of its pairs."""

    graph: Graph
    ends: tuple[tuple[int, ...], tuple[int, ...]]
    products: Lists
    parts: Sequence[Lists]
    marks: Floats

    def best(self, factors: Floats, rates: Floats) -> PlainBest:
        """Return the best routes in some draws; raise BadValue for weights that are negative or not numbers."""
        size = max(1, HELD // max(1, self.graph.n_arcs))
        routes: dict[tuple[int, float], tuple[int, ...]] = {}
        values = [
            self._totals(factors[:, at : at + size], rates[:, at : at + size], routes)
            for at in range(0, max(1, factors.shape[1]), size)
        ]
        return PlainBest(values=np.concatenate(values, axis=2), routes=routes)

    def _totals(self, factors: Floats, rates: Floats, routes: dict[tuple[int, float], tuple[int, ...]]) -> Floats:
        """Return the values of some draws, and note routes whose marks have not been met."""
        columns = _products(factors, self.products)
        weight = self._weights(columns, rates)
        if not (weight >= 0).all():
            raise BadValue("weights must be numbers of at least 0")
        origins, goals = self.ends
        found = np.zeros((5, len(origins), len(goals), factors.shape[1]))
        for place, goal in enumerate(goals):
            distance, onward = towards(self.graph, weight, goal)
            found[0, :, place] = distance[list(origins)]
            arcs = _walked(self.graph, onward, origins)
            self._add_up(arcs, columns, found[1:, :, place])
            for row in range(len(origins)):
                pair = row * len(goals) + place
                marks, draws = np.unique(found[4, row, place], return_index=True)
                for mark, draw in zip(marks.tolist(), draws.tolist(), strict=True):
                    if (pair, mark) not in routes:
                        routes[pair, mark] = tuple(int(step[row, draw]) for step in arcs if step[row, draw] >= 0)
        return found.reshape(5, -1, factors.shape[1])

    def _weights(self, columns: Floats, rates: Floats) -> Floats:
        """Return the weight of every arc in every draw, (n_arcs, count)."""
        own, *amounts = map(_Sums, self.parts)
        weighed = [(rate, one) for rate, one in zip(rates, amounts, strict=True) if rate.any()]
        weight, amount = np.zeros((self.graph.n_arcs, columns.shape[1])), np.empty(columns.shape[1])
        for arc, row in enumerate(weight):
            own.fill(arc, columns, row)
            for rate, one in weighed:
                if one.first[arc] < one.first[arc + 1]:
                    one.fill(arc, columns, amount)
                    amount *= rate
                    row += amount
        return weight

    def _add_up(self, steps: Sequence[Ints], columns: Floats, totals: Floats) -> None:
        """Add to `totals` (4, n_origins, count) the three amounts, and the marks, of the arcs of each step."""
        met = np.zeros(self.graph.n_arcs + 1, bool)  # the last stands for no arc
        for step in steps:
            met[step] = True
        number = np.cumsum(met) - 1
        amounts = np.zeros((int(met.sum()), columns.shape[1]))
        for total, part in zip(totals, map(_Sums, self.parts[1:]), strict=False):
            for row, arc in zip(amounts, np.flatnonzero(met[:-1]).tolist(), strict=False):
                part.fill(arc, columns, row)
            for step in steps:
                total += np.take_along_axis(amounts, number[step], axis=0)
        names = np.append(self.marks, 0.0)
        for step in steps:
            totals[3] += names[step]


def towards(graph: Graph, weight: Floats, goal: int) -> tuple[Floats, Ints]:
    """Return the least distance from each node to a goal, (n_nodes, count), and the arc to take; -1 for none.

    `weight` (n_arcs, count) is at least 0.
    """
    far = Weighted.of(graph.reversed(), weight.mean(axis=1)).one_to_all(goal).distance
    order = [node for node in np.argsort(far, kind="stable").tolist() if far[node] < inf]
    leaving, entering = graph.leaving, graph.reversed().leaving
    distance = np.full((graph.n_nodes, weight.shape[1]), inf)
    onward = np.full(distance.shape, -1, np.int32)
    distance[goal] = 0.0
    waiting = set(order) - {goal}
    while waiting:
        for node in order:
            if node not in waiting:
                continue
            waiting.discard(node)
            if _nearer(distance, onward, node, leaving[node], weight):
                waiting.update(before for before, _ in entering[node])
    return distance, onward


def _nearer(distance: Floats, onward: Ints, node: int, leaving: list[tuple[int, int]], weight: Floats) -> bool:
    """Take the arcs that leave a node where they bring it nearer; return whether one does in any draw."""
    own, way, moved = distance[node], onward[node], False
    for head, arc in leaving:
        through = weight[arc] + distance[head]
        nearer = through < own
        if np.count_nonzero(nearer):  # far quicker than any()
            np.copyto(own, through, where=nearer)
            np.copyto(way, arc, where=nearer)
            moved = True
    return moved


def _walked(graph: Graph, onward: Ints, origins: Sequence[int]) -> list[Ints]:
    """Return step by step the arcs from each origin in each draw, (n_origins, count); -1 where it has arrived."""
    at = np.repeat(np.array(origins, np.int32)[:, None], onward.shape[1], axis=1)
    steps = []
    while ((arc := np.take_along_axis(onward, at, axis=0)) >= 0).any():
        steps.append(arc)
        at = np.where(arc < 0, at, graph.head[arc])
    return steps


def _products(factors: Floats, products: Lists) -> Floats:
    """Return the products of factors in every draw, (n_products, count)."""
    first, number, _ = products
    made: Floats = factors[number[first[:-1]]]
    for further in range(1, int(np.diff(first).max())):
        more = np.flatnonzero(np.diff(first) > further)
        made[more] *= factors[number[first[more] + further]]
    return made


class _Sums:
    """An amount of every arc as a sum of products of factors."""

    def __init__(self, part: Lists) -> None:
        self.first, self.number, self.size = (one.tolist() for one in part)

    def fill(self, arc: int, columns: Floats, row: Floats) -> None:
        """Write what it is of an arc in every draw."""
        start, end = self.first[arc], self.first[arc + 1]
        if start == end:
            row[:] = 0.0
            return
        np.multiply(columns[self.number[start]], self.size[start], out=row)
        for place in range(start + 1, end):
            row += columns[self.number[place]] * self.size[place]
