"""Searches in which time passes: departures on given hours, gates that open and close. No names, no dates.

Every arc takes its hours once it may be entered; a *rule* says when. Who comes too early waits. Coming later never
helps (first in, first out), so a search that settles nodes in the order of their earliest arrival is exact
(Dreyfus 1969; Kaufman and Smith 1993).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from math import inf, isfinite

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridor_net.errors import BadValue, NoRoute
from corridor_net.graph.topology import Graph, checked_node, checked_weight

MOST_LABELS = 2_000_000
NEVER = -1
MINUTE = 1 / 60
INSTANT = 1e-6


@dataclass(frozen=True, slots=True)
class Rule:
    """When an arc may be entered: in spans of hours that come again every `period`.

    `starts` and `ends` are hours from 0 to the period, in order, not overlapping; a departure is a span whose end
    is its start.

    >>> weekly = Rule(168.0, (18.0,), (18.0,))
    >>> weekly.wait(20.0), weekly.wait(18.0)
    (166.0, 0.0)
    >>> Rule(24.0, (9.0,), (17.0,)).wait(40.5)
    0.0
    """

    period: float
    starts: tuple[float, ...]
    ends: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse spans that are none; raise BadValue."""
        edges = [edge for span in zip(self.starts, self.ends, strict=True) for edge in span]
        inside = all(0 <= edge <= self.period for edge in edges)
        if not (isfinite(self.period) and self.period > 0 and edges and inside and edges == sorted(edges)):
            raise BadValue("a rule needs spans in order within its period", hint="0 <= start <= end <= period")

    def wait(self, clock: float) -> float:
        """Return the hours until an arc may be entered, from this hour of the clock."""
        here = clock % self.period
        place = bisect_right(self.starts, here + 1e-9) - 1
        if place >= 0 and here <= self.ends[place] + 1e-9:
            return 0.0
        if place + 1 < len(self.starts):
            return self.starts[place + 1] - here
        return self.period - here + self.starts[0]

    def left(self, clock: float) -> float:
        """Return for how many hours more an arc may be entered, from an hour at which it may."""
        here = clock % self.period
        place = bisect_right(self.starts, here + 1e-9) - 1
        return max(self.ends[place] - here, 0.0) if place >= 0 else 0.0


@dataclass(frozen=True, slots=True)
class Timed:
    """A way through time: arcs, the hour at which each is entered, the hour of arrival, and what it costs."""

    arcs: tuple[int, ...]
    entered: tuple[float, ...]
    waits: tuple[float, ...]
    arrival: float
    cost: float


@dataclass(frozen=True, eq=False)
class TimedGraph:
    """A graph with hours and costs by arc, shape (n_arcs,), and the number of each arc's rule (-1: at any time)."""

    graph: Graph
    hours: NDArray[np.float64]
    cost: NDArray[np.float64]
    rule: NDArray[np.int64]
    rules: tuple[Rule, ...]
    _leaving: list[list[tuple[int, float, float, int, int]]] = field(repr=False)

    @classmethod
    def of(cls, graph: Graph, hours: ArrayLike, cost: ArrayLike, rule: ArrayLike, rules: Sequence[Rule]) -> TimedGraph:
        """Check and keep; raise BadValue for negative or missing amounts, or rules that are not there."""
        taken, paid = checked_weight(graph, hours), checked_weight(graph, cost)
        numbers = np.asarray(rule, np.int64)
        if (
            numbers.shape != (graph.n_arcs,)
            or numbers.min(initial=NEVER) < NEVER
            or numbers.max(initial=NEVER) >= len(rules)
        ):
            raise BadValue(f"each of {graph.n_arcs} arcs needs the number of a rule, or -1")
        leaving: list[list[tuple[int, float, float, int, int]]] = [[] for _ in range(graph.n_nodes)]
        rows = zip(
            graph.tail.tolist(), graph.head.tolist(), taken.tolist(), paid.tolist(), numbers.tolist(), strict=True
        )
        for arc, (tail, head, time, money, number) in enumerate(rows):
            if time < inf and money < inf:
                leaving[tail].append((head, time, money, number, arc))
        return cls(graph, taken, paid, numbers, tuple(rules), leaving)

    def _enter(self, number: int, clock: float) -> float:
        return clock if number == NEVER else clock + self.rules[number].wait(clock)

    def earliest(self, source: int, target: int, departure: float) -> Timed:
        """Return the way with the earliest arrival for a departure at an hour of the clock.

        Raises NoRoute, and BadValue for nodes that are not there or a departure that is not finite.
        """
        start, goal = self._ends(source, target, departure)
        reached = {start: departure}
        parent: dict[int, int] = {}
        heap = [(departure, start)]
        while heap:
            clock, node = heappop(heap)
            if clock > reached[node]:
                continue
            if node == goal:
                break
            for head, hours, _, number, arc in self._leaving[node]:
                there = self._enter(number, clock) + hours
                if there < reached.get(head, inf):
                    reached[head] = there
                    parent[head] = arc
                    heappush(heap, (there, head))
        if goal not in reached:
            raise NoRoute(f"no route from node {start} to node {goal}")
        arcs: list[int] = []
        while goal != start:
            arcs.append(parent[goal])
            goal = int(self.graph.tail[parent[goal]])
        return self.along(arcs[::-1], departure)

    def cheapest(self, source: int, target: int, departure: float, usd_per_hour: float = 0.0) -> Timed:
        """Return the way that costs least, hours counted at `usd_per_hour`; of equals the earliest.

        Labels of (arrival, cost) that no other at the same node beats in both are kept (Hansen 1980): exact, because
        waiting is never forbidden and never pays. Raises as `earliest`, and BadValue above 2,000,000 labels.
        """
        start, goal = self._ends(source, target, departure)
        if not 0 <= usd_per_hour < inf:
            raise BadValue(f"an hour at {usd_per_hour:g}", hint="0 or more")
        kept: list[list[tuple[float, float]]] = [[] for _ in range(self.graph.n_nodes)]
        labels: list[tuple[int, int, int]] = [(start, -1, -1)]
        heap = [(0.0, departure, 0.0, 0)]
        while heap:
            _, clock, paid, label = heappop(heap)
            node = labels[label][0]
            if node == goal:
                return self.along(self._trace(labels, label), departure)
            if any(t <= clock and c <= paid for t, c in kept[node]):
                continue
            kept[node].append((clock, paid))
            for head, hours, cost, number, arc in self._leaving[node]:
                there, total = self._enter(number, clock) + hours, paid + cost
                if any(t <= there and c <= total for t, c in kept[head]):
                    continue
                labels.append((head, label, arc))
                heappush(heap, (total + usd_per_hour * (there - departure), there, total, len(labels) - 1))
            if len(labels) > MOST_LABELS:
                raise BadValue(f"more than {MOST_LABELS:,} labels", hint="the network is too large for this search")
        raise NoRoute(f"no route from node {start} to node {goal}")

    def profile(
        self, source: int, target: int, start: float, end: float, step: float = 1.0
    ) -> list[tuple[float, Timed]]:
        """Return what leaving from `start` to `end` comes to: (latest departure, way) for each distinct arrival.

        While the departure is put off by no more than the first wait on the way, and no gate passed before it closes,
        that way still arrives at the same hour; and coming later never makes an arrival earlier. So this is one
        piece, and the next search starts a minute behind it. On a way without a wait the arrival moves with the
        departure, and is looked at every `step` hours.
        """
        if not (isfinite(start) and isfinite(end) and start < end and step > 0):
            raise BadValue(f"no time from {start:g} to {end:g} by {step:g} hours")
        found: list[tuple[float, Timed]] = []
        clock = start
        while clock < end:
            way = self.earliest(source, target, clock)
            slack = self._slack(way)
            latest = min(clock + (slack or 0.0), end)
            if found and abs(found[-1][1].arrival - way.arrival) < 1e-6:
                found[-1] = (latest, way)
            else:
                found.append((latest, way))
            clock = latest + (step if slack is None else MINUTE)
        return found

    def _slack(self, way: Timed) -> float | None:
        """Return by how long a way can be put off without arriving later; None when nothing is waited for."""
        least = inf
        for arc, entered, wait in zip(way.arcs, way.entered, way.waits, strict=True):
            if wait > INSTANT:
                return min(least, wait)
            if self.rule[arc] != NEVER:
                least = min(least, self.rules[self.rule[arc]].left(entered))
        return None

    def along(self, arcs: Sequence[int], departure: float) -> Timed:
        """Return when each of given arcs is entered, and what the way comes to."""
        clock, entered, waits = departure, [], []
        for arc in arcs:
            into = self._enter(int(self.rule[arc]), clock)
            waits.append(into - clock)
            entered.append(into)
            clock = into + float(self.hours[arc])
        return Timed(tuple(arcs), tuple(entered), tuple(waits), clock, float(self.cost[list(arcs)].sum()))

    def _ends(self, source: int, target: int, departure: float) -> tuple[int, int]:
        if not isfinite(departure):
            raise BadValue(f"a departure at {departure}")
        return checked_node(self.graph, source, "source"), checked_node(self.graph, target, "target")

    @staticmethod
    def _trace(labels: Sequence[tuple[int, int, int]], label: int) -> list[int]:
        arcs = []
        while labels[label][1] >= 0:
            arcs.append(labels[label][2])
            label = labels[label][1]
        return arcs[::-1]
