"""Searches in which time passes: departures on given hours, gates that open and close. No names, no dates.

An arc may be entered within its *spans*: stretches of absolute hours, each with the hours that the arc takes when it
is entered there. Waiting is allowed at every node, so coming later never helps (first in, first out), and a search
that settles nodes in the order of their earliest arrival is exact (Dreyfus 1969; Kaufman and Smith 1993).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import pairwise
from math import floor, inf, isfinite

from numpy.typing import ArrayLike

from corridor_net.errors import BadValue, NoRoute
from corridor_net.graph.topology import Graph, checked_node, checked_weight

MOST_LABELS = 2_000_000
MINUTE = 1 / 60
INSTANT = 1e-6
"""Hours below which a wait is none: 4 milliseconds."""
EPSILON = 1e-9
"""Hours by which sums of hours may be out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans:
    """When an arc may be entered, and the hours it then takes: span `i` is `starts[i] <= hour <= ends[i]`.

    Spans are in order and do not overlap; a departure is a span whose end is its start. `best[i]` is the earliest
    hour at which one is through from the start of span `i` on, by span `which[i]`.

    >>> ship = Spans(starts=(18.0, 186.0), ends=(18.0, 186.0), hours=(10.0, 10.0))
    >>> ship.enter(5.0), ship.enter(20.0)
    ((18.0, 28.0), (186.0, 196.0))
    >>> ship.latest(196.5)
    186.0
    """

    starts: tuple[float, ...]
    ends: tuple[float, ...]
    hours: tuple[float, ...]
    least_hours: float = field(init=False)
    best: tuple[float, ...] = field(init=False, repr=False)
    which: tuple[int, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Refuse spans that are none, out of order, or hours below 0; raise BadValue."""
        good = len(self.starts) == len(self.ends) == len(self.hours)
        edges = [edge for span in zip(self.starts, self.ends, strict=False) for edge in span]
        if not good or any(a > b for a, b in pairwise(edges)) or not all(0 <= taken < inf for taken in self.hours):
            raise BadValue(
                "an arc needs spans in order, none overlapping", hint="start <= end <= next start, hours 0 or more"
            )
        best, which = [inf], [len(self.starts)]
        for number in range(len(self.starts) - 1, -1, -1):
            there = self.starts[number] + self.hours[number]
            sooner = there <= best[-1]
            best.append(there if sooner else best[-1])
            which.append(number if sooner else which[-1])
        object.__setattr__(self, "least_hours", min(self.hours, default=inf))
        object.__setattr__(self, "best", tuple(best[::-1]))
        object.__setattr__(self, "which", tuple(which[::-1]))

    def enter(self, clock: float) -> tuple[float, float]:
        """Return when to enter from this hour on so as to be through first, and when that is; inf when never.

        Of equals the first. Waiting for a later span is taken when that is quicker.
        """
        place = bisect_left(self.ends, clock - EPSILON)
        if place == len(self.ends):
            return inf, inf
        if self.starts[place] <= clock:
            there = clock + self.hours[place]
            if there <= self.best[place + 1] + EPSILON:
                return clock, there
            place += 1
        return self.starts[self.which[place]], self.best[place]

    def first(self, clock: float) -> float:
        """Return the first hour from this one on at which one may enter, be it slow or not; inf when never."""
        place = bisect_left(self.ends, clock - EPSILON)
        return max(self.starts[place], clock) if place < len(self.ends) else inf

    def latest(self, arrival: float) -> float:
        """Return the last hour at which one may enter and be through by `arrival`; -inf when there is none."""
        found = -inf
        for place in range(bisect_right(self.starts, arrival + EPSILON) - 1, -1, -1):
            if self.ends[place] <= found:
                break
            hour = min(self.ends[place], arrival - self.hours[place])
            if hour >= self.starts[place] - EPSILON:
                found = max(found, hour, self.starts[place])
        return found

    def left(self, clock: float) -> float:
        """Return for how many hours more one may enter, from an hour at which one may."""
        return max(self.ends[bisect_left(self.ends, clock - EPSILON)] - clock, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """A way through time: arcs, the hour at which each is entered and left, the waits before, arrival, and cost."""

    arcs: tuple[int, ...]
    entered: tuple[float, ...]
    ended: tuple[float, ...]
    waits: tuple[float, ...]
    arrival: float
    cost: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """What leaving from `first` to `latest` comes to: `way` is that of the latest departure.

    With `moves`, who leaves sooner arrives so much sooner; else all arrive at the same hour.
    """

    first: float
    latest: float
    way: Timed
    moves: bool


@dataclass(frozen=True, eq=False, kw_only=True)
class TimedGraph:
    """A graph with the spans and the cost of each arc."""

    graph: Graph
    spans: tuple[Spans, ...]
    cost: tuple[float, ...]
    _leaving: list[list[tuple[int, Spans, float, int]]] = field(repr=False)
    _coming: list[list[tuple[int, Spans, float]]] = field(repr=False)

    @classmethod
    def of(cls, graph: Graph, spans: Sequence[Spans], cost: ArrayLike) -> TimedGraph:
        """Check and keep; raise BadValue for negative or missing costs, or when arcs and spans differ in number."""
        paid = checked_weight(graph, cost).tolist()
        if len(spans) != graph.n_arcs:
            raise BadValue(f"{graph.n_arcs} arcs need as many spans, not {len(spans)}")
        leaving: list[list[tuple[int, Spans, float, int]]] = [[] for _ in range(graph.n_nodes)]
        coming: list[list[tuple[int, Spans, float]]] = [[] for _ in range(graph.n_nodes)]
        for arc, (tail, head) in enumerate(zip(graph.tail.tolist(), graph.head.tolist(), strict=True)):
            if spans[arc].hours and paid[arc] < inf:
                leaving[tail].append((head, spans[arc], paid[arc], arc))
                coming[head].append((tail, spans[arc], paid[arc]))
        return cls(graph=graph, spans=tuple(spans), cost=tuple(paid), _leaving=leaving, _coming=coming)

    def arrival(self, source: int, target: int, departure: float) -> float:
        """Return the earliest arrival for a departure; inf when there is no way.

        Raises BadValue for nodes that are not there or a departure that is not finite.
        """
        start, goal = self._ends(source, target, departure)
        reached = {start: departure}
        heap = [(departure, start)]
        while heap:
            clock, node = heappop(heap)
            if node == goal:
                return clock
            if clock > reached[node]:
                continue
            for head, spans, _, _ in self._leaving[node]:
                there = spans.enter(clock)[1]
                if there < reached.get(head, inf):
                    reached[head] = there
                    heappush(heap, (there, head))
        return inf

    def departures(self, target: int, arrival: float) -> list[float]:
        """Return for each node the latest hour at which one may leave it and be at `target` by `arrival`.

        -inf where that cannot be: the same search from the other end, in the order of the latest departure.
        """
        latest = [-inf] * self.graph.n_nodes
        latest[target] = arrival
        heap = [(-arrival, target)]
        while heap:
            minus, node = heappop(heap)
            if -minus < latest[node]:
                continue
            for tail, spans, _ in self._coming[node]:
                hour = spans.latest(-minus)
                if hour > latest[tail]:
                    latest[tail] = hour
                    heappush(heap, (-hour, tail))
        return latest

    def earliest(self, source: int, target: int, departure: float, *, longest: float = inf) -> Timed:
        """Return the way that arrives first, and of those that do the cheapest.

        Raises NoRoute, also where it takes more than `longest` hours, and as `arrival`.
        """
        there = self.arrival(source, target, departure)
        if there == inf or there - departure > longest + EPSILON:
            raise NoRoute(f"no route from node {source} to node {target}")
        return self._by(source, target, departure, self.departures(target, there))

    def _by(self, source: int, target: int, departure: float, latest: Sequence[float]) -> Timed:
        """Return the cheapest way for a departure that leaves no node later than `latest`."""
        return self._labels(source, target, departure, 0.0, [0.0] * self.graph.n_nodes, latest)

    def cheapest(
        self, source: int, target: int, departure: float, usd_per_hour: float = 0.0, *, longest: float = inf
    ) -> Timed:
        """Return the way that costs least, hours counted at `usd_per_hour`; of equals the earliest.

        Of those that take no more than `longest` hours. Labels of (arrival, cost) that no other at the same node
        beats in both are kept (Hansen 1980): exact, because waiting is never forbidden. They are taken in the order
        of cost so far and least cost to come (Hart, Nilsson and Raphael 1968). Raises NoRoute, as `arrival`, and
        BadValue above 2,000,000 labels.
        """
        start, goal = self._ends(source, target, departure)
        if not 0 <= usd_per_hour < inf:
            raise BadValue(f"an hour at {usd_per_hour:g}", hint="0 or more")
        latest = None if longest == inf else self.departures(goal, departure + longest)
        return self._labels(start, goal, departure, usd_per_hour, self._to_come(goal, usd_per_hour), latest)

    def _to_come(self, target: int, usd_per_hour: float) -> list[float]:
        """Return a bound on the cost from each node to the target: no waits, the least hours of each arc."""
        bound = [inf] * self.graph.n_nodes
        bound[target] = 0.0
        heap = [(0.0, target)]
        while heap:
            cost, node = heappop(heap)
            if cost > bound[node]:
                continue
            for tail, spans, paid in self._coming[node]:
                total = cost + paid + usd_per_hour * spans.least_hours
                if total < bound[tail]:
                    bound[tail] = total
                    heappush(heap, (total, tail))
        return bound

    def _labels(
        self,
        start: int,
        goal: int,
        departure: float,
        usd_per_hour: float,
        to_come: Sequence[float],
        latest: Sequence[float] | None,
    ) -> Timed:
        kept: list[list[tuple[float, float]]] = [[] for _ in range(self.graph.n_nodes)]
        labels: list[tuple[int, int]] = [(-1, -1)]
        heap = [(to_come[start], departure, 0.0, 0, start)]
        best: tuple[float, float, int] | None = None
        while heap:
            total, clock, paid, label, node = heappop(heap)
            if best is not None and total > best[0] + EPSILON:
                break
            if node == goal:
                best = (total, clock, label) if best is None or clock < best[1] else best
                continue
            if any(t <= clock and c <= paid for t, c in kept[node]):
                continue
            kept[node].append((clock, paid))
            for head, spans, cost, arc in self._leaving[node]:
                there = spans.enter(clock)[1]
                if there == inf or to_come[head] == inf or (latest is not None and there > latest[head] + EPSILON):
                    continue
                then = paid + cost
                if any(t <= there and c <= then for t, c in kept[head]):
                    continue
                labels.append((label, arc))
                hope = then + usd_per_hour * (there - departure) + to_come[head]
                heappush(heap, (hope, there, then, len(labels) - 1, head))
            if len(labels) > MOST_LABELS:
                raise BadValue(f"more than {MOST_LABELS:,} labels", hint="the network is too large for this search")
        if best is None:
            raise NoRoute(f"no route from node {start} to node {goal}")
        return self.along(_trace(labels, best[2]), departure)

    def profile(
        self, source: int, target: int, start: float, end: float, step: float = 1.0, *, longest: float = inf
    ) -> list[Slot]:
        """Return what leaving from `start` to `end` comes to, slot by slot: none is beaten by any other journey.

        A search forward gives the earliest arrival for a departure, one backward the latest departure for that
        arrival; between the two, the cheapest way is followed to its own latest departure, then the next cheapest. So
        no journey leaves later or as late, arrives sooner or as soon, and costs less or as much, unless it is as good
        in all three. Each search starts a minute behind the slot before. Where a later departure moves the arrival by
        as much, it is looked at every `step` hours, and departures that take as long are one slot. Departures are of
        whole minutes. What takes more than `longest` hours is left out.
        """
        if not (isfinite(start) and isfinite(end) and start < end and step > 0):
            raise BadValue(f"no time from {start:g} to {end:g} by {step:g} hours")
        found: list[Slot] = []
        since, clock = start, start
        while clock <= end:
            there = self.arrival(source, target, clock)
            if there == inf:
                break
            latest = self.departures(target, there)
            last = max(min(_minute(latest[source]), end), clock)
            slots = self._by_cost(source, target, min(since, last), clock, last, latest, there)
            slack = self._slack(slots[-1].way) if last - clock < INSTANT else 0.0
            if slack > INSTANT:
                slots = [Slot(first=clock, latest=last, way=slots[-1].way, moves=True)]
            for one in slots:
                if there - one.latest <= longest:
                    _append(found, one)
            if last >= end - INSTANT:
                break
            since = last
            clock = min(max(_minute(last + min(step, slack)), last + MINUTE), end)
            if slack > INSTANT:
                since = clock
        return found

    def _by_cost(
        self, source: int, target: int, since: float, clock: float, last: float, latest: Sequence[float], there: float
    ) -> list[Slot]:
        """Return the cheapest ways that arrive at an hour: each up to its latest departure, then the next."""
        found: list[Slot] = []
        while True:
            arcs = self._by(source, target, clock, latest).arcs
            hour = there
            for arc in reversed(arcs):
                hour = self.spans[arc].latest(hour)
            leaves = min(max(_minute(hour), clock), last)
            way = self.along(arcs, leaves)
            if found and abs(found[-1].way.cost - way.cost) < EPSILON:
                since = found.pop().first
            found.append(Slot(first=since, latest=leaves, way=way, moves=False))
            if leaves >= last - INSTANT:
                return found
            since, clock = leaves, min(leaves + MINUTE, last)

    def _slack(self, way: Timed) -> float:
        """Return by how long all of a way can be put off with every arc entered so much later; 0 where it waits."""
        if any(wait > INSTANT for wait in way.waits):
            return 0.0
        return min((self.spans[arc].left(hour) for arc, hour in zip(way.arcs, way.entered, strict=True)), default=inf)

    def along(self, arcs: Sequence[int], departure: float) -> Timed:
        """Return when each of given arcs is entered, and what the way comes to; raise NoRoute where one cannot be."""
        clock, entered, ended, waits = departure, [], [], []
        for arc in arcs:
            into, out = self.spans[arc].enter(clock)
            if out == inf:
                raise NoRoute(f"arc {arc} cannot be entered at hour {clock:g} or later")
            waits.append(into - clock)
            entered.append(into)
            ended.append(out)
            clock = out
        cost = float(sum(self.cost[arc] for arc in arcs))
        return Timed(
            arcs=tuple(arcs), entered=tuple(entered), ended=tuple(ended), waits=tuple(waits), arrival=clock, cost=cost
        )

    def _ends(self, source: int, target: int, departure: float) -> tuple[int, int]:
        if not isfinite(departure):
            raise BadValue(f"a departure at {departure}")
        return checked_node(self.graph, source, "source"), checked_node(self.graph, target, "target")


def _trace(labels: Sequence[tuple[int, int]], label: int) -> list[int]:
    """Return the arcs that led to a label, in order."""
    arcs = []
    while label:
        label, arc = labels[label]
        arcs.append(arc)
    return arcs[::-1]


def _minute(hour: float) -> float:
    """Return the last whole minute up to an hour: one may leave then, which a rounded one would not promise."""
    return floor(hour * 60 + 1e-6) / 60 if isfinite(hour) else hour


def _append(found: list[Slot], one: Slot) -> None:
    """Put a slot behind the others; those that follow one another and are as good are one."""
    before = found[-1] if found else None
    if before is not None and abs(before.way.cost - one.way.cost) < EPSILON:
        moves = before.moves and (one.moves or one.first == one.latest)
        taken = [slot.way.arrival - (slot.latest if moves else 0.0) for slot in (before, one)]
        if moves is before.moves and abs(taken[0] - taken[1]) < INSTANT:
            one = Slot(first=before.first, latest=one.latest, way=one.way, moves=moves)
            found.pop()
    found.append(one)
