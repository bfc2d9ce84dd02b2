"""A graph in which time passes: every arc with the days and hours at which it may be entered, every ship on its days.

The network is compiled for each stretch of days on which nothing changes (`calendar`); an arc of the same key is one
arc with an *edition* a stretch. Days begin and end by the clock of the place at which the arc is entered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from math import inf
from typing import Any
from zoneinfo import ZoneInfo

from corridor_net.analysis.router import Router
from corridor_net.costing import Arc, OpeningHours
from corridor_net.costing.sailing import aboard, stay_hours
from corridor_net.graph import Graph
from corridor_net.graph.beside.timetable import INSTANT, Spans, TimedGraph
from corridor_net.network.clock import hours_at, midnight, zone_of

from .calendar import Stretch
from .sailings import Series, series_of

State = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """An arc as it is from hour `opens` to before hour `closes` (`network.clock`), the days `first` to before `end`.

    `hours` leave out the mean wait for a ship or a gate; `gate` are the opening hours by the clock of `zone`.
    `money_usd` per box; `cost_usd` is that and the price of its CO2.
    """

    arc: Arc
    tail: State
    head: State
    first: date
    end: date
    opens: float
    closes: float
    hours: float
    money_usd: float
    cost_usd: float
    gate: OpeningHours | None
    zone: ZoneInfo

    @property
    def content(self) -> tuple[Any, ...]:
        """What must be equal for two stretches of days to be one edition."""
        return self.head, self.hours, self.money_usd, self.cost_usd, self.gate


@dataclass(frozen=True, eq=False, kw_only=True)
class DatedGraph:
    """A graph of all arcs of some days. Timed arc `i` is the arcs of keys `chains[i]`, entered one after the other.

    A ride is one chain: board, sail, and sail on. `day` is that of leaving; `series` are the departures of each
    service, one for every stretch of days in which they differ.
    """

    day: date
    start: float
    end: float
    states: dict[State, int]
    editions: dict[str, list[Edition]]
    chains: tuple[tuple[str, ...], ...]
    timed: TimedGraph
    series: dict[str, list[Series]]

    def edition(self, key: str, hour: float) -> Edition | None:
        """Return an arc as it is when entered at an hour, None where it cannot be."""
        return next((one for one in self.editions.get(key, ()) if one.opens <= hour < one.closes), None)

    @cached_property
    def _same(self) -> dict[tuple[str, ...], list[int]]:
        found: dict[tuple[str, ...], list[int]] = {}
        for number, chain in enumerate(self.chains):
            found.setdefault(chain, []).append(number)
        return found

    def waits_for(self, arc: int, ready: float, entered: float) -> str:
        """Return what a wait is for: a "sailing", an "opening", a "beginning" (its first day, or the end of
        a closed season), or a "change" that makes it cheaper or quicker than it would be at once."""
        if any(self.timed.spans[same].first(ready) < entered - INSTANT for same in self._same[self.chains[arc]]):
            return "change"
        one = self.edition(self.chains[arc][0], entered)
        if one is not None and one.arc.kind == "board":
            return "sailing"
        return "opening" if one is not None and one.gate else "beginning"

    def steps(self, arc: int, entered: float) -> Iterator[tuple[Edition, float, float]]:
        """Give the editions that a timed arc consists of, with the hours at which each is entered and left."""
        for key in self.chains[arc]:
            one = self.edition(key, entered)
            assert one is not None, key  # noqa: S101 - its spans are made of editions
            yield one, entered, entered + one.hours
            entered += one.hours


def dated_graph(
    router: Router, stretches: Sequence[Stretch], *, day: date, start: float, end: float, sails: Mapping[str, str]
) -> DatedGraph:
    """Return the graph of some stretches of days in which journeys run from hour `start` to hour `end`.

    `day` is that of leaving; `sails` gives days of sailing by service, as `sailings.series_of` takes them.
    """
    return _DatedBuilder(router, stretches, day, start, end, sails).run()


class _DatedBuilder:
    def __init__(
        self,
        router: Router,
        stretches: Sequence[Stretch],
        day: date,
        start: float,
        end: float,
        sails: Mapping[str, str],
    ) -> None:
        self.router, self.stretches, self.day, self.start, self.end = router, stretches, day, start, end
        self.sails = sails
        self.zones: dict[str, ZoneInfo] = {}
        self.midnights: dict[tuple[date, str], float] = {}
        self.gates: dict[tuple[Any, ...], list[tuple[float, float]]] = {}
        self.states: dict[State, int] = {}
        self.arcs: list[tuple[State, State, tuple[str, ...], Spans, float]] = []

    def run(self) -> DatedGraph:
        editions = self._editions()
        services: dict[str, list[str]] = {}
        for key, found in editions.items():
            if found[0].arc.kind in ("board", "sail"):
                services.setdefault(found[0].arc.asset_id, []).append(key)
            else:
                self._plain(key, found)
        series = {}
        for name, keys in services.items():
            fleet = _Fleet(self, name, {key: editions[key] for key in keys})
            fleet.run()
            series[name] = [one for one, _, _ in fleet.variants]
        for tail, head, *_ in self.arcs:
            for state in (tail, head):
                self.states.setdefault(state, len(self.states))
        graph = Graph.from_arcs(
            len(self.states), [self.states[arc[0]] for arc in self.arcs], [self.states[arc[1]] for arc in self.arcs]
        )
        timed = TimedGraph.of(graph, [arc[3] for arc in self.arcs], [arc[4] for arc in self.arcs])
        chains = tuple(arc[2] for arc in self.arcs)
        return DatedGraph(
            day=self.day,
            start=self.start,
            end=self.end,
            states=self.states,
            editions=editions,
            chains=chains,
            timed=timed,
            series=series,
        )

    # clocks

    def zone(self, node: str) -> ZoneInfo:
        if node not in self.zones:
            self.zones[node] = zone_of(self.router.network, node)
        return self.zones[node]

    def midnight(self, day: date, zone: ZoneInfo) -> float:
        key = day, zone.key
        if key not in self.midnights:
            self.midnights[key] = midnight(day, zone)
        return self.midnights[key]

    # editions

    def _editions(self) -> dict[str, list[Edition]]:
        found: dict[str, list[Edition]] = {}
        for stretch in self.stretches:
            for one in self._of_stretch(stretch):
                mine = found.setdefault(one.arc.key, [])
                if mine and mine[-1].end == one.first and mine[-1].content == one.content:
                    mine[-1] = replace(mine[-1], end=one.end, closes=one.closes)
                else:
                    mine.append(one)
        return found

    def _of_stretch(self, stretch: Stretch) -> Iterator[Edition]:
        compiled, router = stretch.impedance, self.router
        money = compiled.total_money.tolist()
        carbon = (router.co2_price_usd_per_t / 1000 * compiled.co2_kg).tolist()
        hours = compiled.total_hours(schedule=router.schedule).tolist()
        crossings = {row.crossing_id: row for row in compiled.network.active("crossing")}
        opens_first, closes_last = stretch.first == self.stretches[0].first, stretch.end == self.stretches[-1].end
        for number, arc in enumerate(compiled.arcs):
            gate, place, taken = None, arc.from_node, hours[number]
            if arc.kind in ("board", "crossing"):
                taken = _without_wait(arc, schedule=router.schedule)
            if arc.kind == "crossing":
                row = crossings[arc.asset_id]
                place = row.from_node_id if row.hours_at == "from" else row.to_node_id
                hours_open = OpeningHours.parse(row.opening_hours, of=f"crossing {row.crossing_id}")
                gate = hours_open if hours_open.closed_hours else None
            zone = self.zone(place)
            yield Edition(
                arc=arc,
                tail=compiled.states[arc.tail],
                head=compiled.states[arc.head],
                first=stretch.first,
                end=stretch.end,
                opens=-inf if opens_first else self.midnight(stretch.first, zone),
                closes=inf if closes_last else self.midnight(stretch.end, zone),
                hours=taken,
                money_usd=money[number],
                cost_usd=money[number] + carbon[number],
                gate=gate,
                zone=zone,
            )

    # arcs that are no ships

    def _plain(self, key: str, editions: Sequence[Edition]) -> None:
        """Add an arc for each cost that an arc has in time: of one cost, all its spans."""
        by_cost: dict[tuple[State, State, float], list[tuple[float, float, float]]] = {}
        for one in editions:
            spans = [(one.opens, min(one.closes - INSTANT, self.end))] if one.gate is None else self._gate(one)
            by_cost.setdefault((one.tail, one.head, one.cost_usd), []).extend((*span, one.hours) for span in spans)
        for (tail, head, cost), rows in by_cost.items():
            self.add(tail, head, (key,), rows, cost)

    def _gate(self, one: Edition) -> list[tuple[float, float]]:
        """Return the spans in which a gate is open, day by day by its own clock."""
        key = one.gate, one.zone.key, one.first, one.end, one.opens, one.closes
        if one.gate is not None and key not in self.gates:
            found = []
            for number in range((one.end - one.first).days):
                today = datetime.combine(one.first + timedelta(days=number), time())
                for start, end in one.gate.spans():
                    edges = [hours_at((today + timedelta(hours=h)).replace(tzinfo=one.zone)) for h in (start, end)]
                    span = max(edges[0], one.opens), min(min(edges[1], one.closes) - INSTANT, self.end)
                    if span[0] <= span[1]:
                        found.append(span)
            self.gates[key] = found
        return self.gates[key]

    def add(
        self, tail: State, head: State, chain: tuple[str, ...], rows: Sequence[tuple[float, float, float]], cost: float
    ) -> None:
        kept = [row for row in rows if row[0] <= row[1]]
        if kept:
            starts, ends, hours = zip(*kept, strict=True)
            self.arcs.append((tail, head, chain, Spans(starts=starts, ends=ends, hours=hours), cost))


class _Fleet:
    """The ships of one service: when each leaves each call, and where who boards there may land."""

    def __init__(self, builder: _DatedBuilder, name: str, editions: dict[str, list[Edition]]) -> None:
        self.builder, self.name, self.editions = builder, name, editions
        self.boards = [key for key, found in editions.items() if found[0].arc.kind == "board"]
        self.sails: dict[State, list[str]] = {}
        for key, found in editions.items():
            if found[0].arc.kind == "sail":
                self.sails.setdefault(found[0].tail, []).append(key)

    @cached_property
    def variants(self) -> list[tuple[Series, date, date]]:
        """The series of departures from the first call, and the days from and before which each holds."""
        zone = self.builder.zone(self.editions[self.boards[0]][0].arc.from_node)
        found: list[tuple[Series, date, date]] = []
        for stretch in self.builder.stretches:
            row = next((s for s in stretch.impedance.network.active("service") if s.service_id == self.name), None)
            if row is None:
                continue
            series = series_of(row, zone, self.builder.sails.get(self.name))
            if found and found[-1][0] == series and found[-1][2] == stretch.first:
                found[-1] = series, found[-1][1], stretch.end
            else:
                found.append((series, stretch.first, stretch.end))
        return found

    def run(self) -> None:
        """Add an arc for each ride, way of sailing and cost."""
        if not self.boards:
            return
        rides: dict[tuple[Any, ...], list[tuple[float, float, float]]] = {}
        for key, hour in sorted(self._departures(), key=lambda one: one[1]):
            for chain, board, landed, there, cost in self._rides(key, hour):
                rides.setdefault((board.tail, landed, chain, cost), []).append((hour, hour, there - hour))
        for (tail, head, chain, cost), rows in rides.items():
            self.builder.add(tail, head, chain, rows, cost)

    def _departures(self) -> Iterator[tuple[str, float]]:
        """Give each departure from each call: a ship of the series, sailed on from the first call."""
        start, end = self.builder.start, self.builder.end
        before = sum(max(one.hours for one in self.editions[key]) for keys in self.sails.values() for key in keys)
        board_at = {self.editions[key][0].head: key for key in self.boards}
        first_day, last_day = self.builder.stretches[0].first, self.builder.stretches[-1].end
        for series, first, stop in self.variants:
            for hour in series.between(start - before, end):
                state: State | None = self.editions[self.boards[0]][0].head
                seen: set[State] = set()
                while state is not None and state not in seen and hour <= end:
                    seen.add(state)
                    key = board_at.get(state)
                    if key is not None and hour >= start and self._within(key, hour, first, stop, first_day, last_day):
                        yield key, hour
                    state, hour = self._onward(state, hour)

    def _within(self, key: str, hour: float, first: date, stop: date, first_day: date, last_day: date) -> bool:
        zone = self.editions[key][0].zone
        after = first == first_day or hour >= self.builder.midnight(first, zone)
        return after and (stop == last_day or hour < self.builder.midnight(stop, zone))

    def _onward(self, state: State, hour: float) -> tuple[State | None, float]:
        """Return the next call of a ship and when it leaves it, by the edition that holds or the nearest to it.

        The ship sails on where no box stays aboard, too: where it turns back.
        """
        for key in self.sails.get(state, ()):
            found = self.editions[key]
            one = next((e for e in reversed(found) if e.opens <= hour), found[0])
            if not _sails_on(one):
                return self._left_again(one, hour + one.hours)
        return None, hour

    def _left_again(self, leg: Edition, arrives: float) -> tuple[State | None, float]:
        """Return the call at the end of a leg and when the ship leaves it; None after the last call of its line."""
        network = next(s for s in self.builder.stretches if s.first <= leg.first < s.end).impedance.network
        service = next(row for row in network.active("service") if row.service_id == self.name)
        calls, sequence = network.calls[self.name], int(leg.arc.key.split(":")[-2])
        number = next(n for n, call in enumerate(calls, 1) if call.call_sequence == sequence)
        leaves = arrives + stay_hours(service, calls[number])
        if number < len(calls) - 1:
            return aboard(calls[number]), leaves
        return (aboard(calls[0]), leaves) if service.circular else (None, leaves)

    def _rides(self, key: str, hour: float) -> Iterator[tuple[tuple[str, ...], Edition, State, float, float]]:
        """Give each landing of who boards at an hour: the chain of arcs, where, when, and what it costs."""
        board = _at(self.editions[key], hour)
        if board is None:
            return
        state, clock, cost = board.head, hour, board.cost_usd
        chain: tuple[str, ...] = (key,)
        seen: set[State] = set()
        while state not in seen:
            seen.add(state)
            onward: tuple[Edition, str] | None = None
            for leg in self.sails.get(state, ()):
                one = _at(self.editions[leg], clock)
                if one is None:
                    continue
                if _sails_on(one):
                    onward = one, leg
                elif one.head[0] != board.tail[0]:
                    yield (*chain, leg), board, one.head, clock + one.hours, cost + one.cost_usd
            if onward is None:
                return
            one, leg = onward
            chain = (*chain, leg)
            state, clock, cost = one.head, clock + one.hours, cost + one.cost_usd


def _sails_on(one: Edition) -> bool:
    return one.head[1].startswith("aboard:")


def _at(editions: Sequence[Edition], hour: float) -> Edition | None:
    return next((one for one in editions if one.opens <= hour < one.closes), None)


def _without_wait(arc: Arc, *, schedule: bool) -> float:
    parts = (p for p in arc.parts if p.quantity == "hours" and p.component != "wait")
    return float(sum(p.scheduled if schedule else p.amount for p in parts))
