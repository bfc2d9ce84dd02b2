"""One shipment on one day: sailing days, opening hours, earliest arrival, least cost, and the departures of a week.

Where `route` counts the mean wait for a ship, here the ship leaves on its day. Every step holds to the day and the
local clock at which it is taken: what has ended, or a season has closed, by then is not there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from math import inf
from zoneinfo import ZoneInfo

from corridor_net.analysis.route import gateway_of
from corridor_net.analysis.router import Router
from corridor_net.errors import BadValue, NoRoute, UnknownName, did_you_mean
from corridor_net.graph.beside.timetable import INSTANT, Timed
from corridor_net.network import Network
from corridor_net.network.clock import by_clock, hours_at, moment_at, zone_of

from .calendar import Calendar
from .dated import DatedGraph, Edition, dated_graph
from .journeys import Journey, Stage, undominated
from .limits import DatedLimit, limits_missed, limits_of_use
from .sailings import series_of

MOST_DAYS = 92.0
"""Departures are looked at within at most so many days, and a journey takes at most so many."""
DAY_HOURS = 24.0


@dataclass(frozen=True, eq=False, kw_only=True)
class Timetable:
    """A router in which ships leave on their days, gates open at their hours, and every day has its own network."""

    calendar: Calendar
    sails: Mapping[str, str]
    _graphs: dict[bool, DatedGraph] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls,
        router: Router,
        sails: Mapping[str, str] | None = None,
        *,
        on_day: Callable[[date], Network] | None = None,
    ) -> Timetable:
        """Take the mean waits for ships and gates out of a router, and put days and hours in their place.

        `sails` states the day on which a service leaves its first call, as `sailings.series_of` takes it. `on_day`
        gives the network of another day than the router's, scenarios applied; without it the router's own network is
        seen on that day. Raises BadValue and UnknownName for `sails`.
        """
        given = dict(sails or {})
        services = {row.service_id: row for row in router.network.rows("service")}
        for name, text in given.items():
            if name not in services:
                raise UnknownName(
                    f"unknown service '{name}'", hint=did_you_mean(name, services, otherwise="see table service")
                )
            row, last = services[name], router.network.day + timedelta(days=2 * MOST_DAYS)
            series_of(row, ZoneInfo("UTC"), text)
            if (row.valid_to and row.valid_to < router.network.day) or (row.valid_from and row.valid_from > last):
                raise BadValue(
                    f"service '{name}' does not sail then: {row.valid_from or ''} to {row.valid_to or ''}",
                    hint="take it out of --sails, or leave on another day",
                )
        same = router.network
        return cls(calendar=Calendar(router=router, on_day=on_day or (lambda day: replace(same, day=day))), sails=given)

    @property
    def router(self) -> Router:
        """The router as of the day it was compiled for."""
        return self.calendar.router

    def best(self, origin: str, destination: str, departs: datetime, *, usd_per_hour: float | None = None) -> Journey:
        """Return the journey of least generalised cost, an hour counted at `usd_per_hour`; of equals the earliest.

        Without it an hour is worth what the cargo says; at infinity the earliest arrival is found, and of those the
        cheapest. `departs` without an offset is by the clock of the origin. Raises NoRoute, UnknownName, BadValue.
        """
        ask = self._ask(origin, destination, departs)
        worth = self._worth(usd_per_hour)
        try:
            way = _search(ask, worth)
        except NoRoute:
            raise self._no_route(ask, worth) from None
        return self._journey(ask, way, ask.leaves)

    def profile(self, origin: str, destination: str, departs: datetime, days: float = 7.0) -> tuple[Journey, ...]:
        """Return each earliest arrival that can be had by leaving within `days`: the latest departure, least cost.

        No journey at all leaves as late, arrives as early and costs as little as one of these, unless it is as good
        in all three; seen to the minute and the cent. Raises BadValue for days not above 0 or above 92; NoRoute,
        UnknownName.
        """
        if not 0 < days <= MOST_DAYS:
            raise BadValue(f"{days:g} days", hint=f"above 0, at most {MOST_DAYS:g}")
        ask = self._ask(origin, destination, departs, days)
        slots = ask.graph.timed.profile(
            *ask.ends, ask.leaves, ask.leaves + DAY_HOURS * days, longest=DAY_HOURS * MOST_DAYS
        )
        if not slots:
            raise self._no_route(ask, inf)
        found = [
            replace(
                self._journey(ask, slot.way, slot.latest),
                departs_from=moment_at(slot.first, ask.zone),
                moves=slot.moves,
            )
            for slot in slots
        ]
        return tuple(undominated(found))

    def missed(
        self, origin: str, destination: str, departs: datetime, *, usd_per_hour: float | None = None
    ) -> tuple[DatedLimit, ...]:
        """Return what has ended or closed of the journey that would be best if all stayed as on the day of leaving.

        `usd_per_hour` is as in `best`. Raises UnknownName, BadValue.
        """
        return self._missed(self._ask(origin, destination, departs), self._worth(usd_per_hour))

    def _worth(self, usd_per_hour: float | None) -> float:
        return self.router.impedance.cargo.value_of_time if usd_per_hour is None else usd_per_hour

    # the graph of a question

    def _ask(self, origin: str, destination: str, departs: datetime, days: float = 0.0) -> _Ask:
        network = self.router.network
        start, goal = network.node(origin).node_id, network.node(destination).node_id
        if start == goal:
            raise BadValue(f"origin and destination are both '{start}'")
        zone = zone_of(network, start)
        leaves = hours_at(by_clock(departs, zone))
        return _Ask(
            origin=start,
            destination=goal,
            zone=zone,
            leaves=leaves,
            graph=self._graph(zone, leaves, days, frozen=False),
        )

    def _graph(self, zone: ZoneInfo, leaves: float, days: float, *, frozen: bool) -> DatedGraph:
        """Return the graph of the days on which a journey may be under way, that of before where it serves."""
        end, day = leaves + DAY_HOURS * (days + MOST_DAYS), moment_at(leaves, zone).date()
        held = self._graphs.get(frozen)
        if held is not None and held.start <= leaves and end <= held.end and (held.day == day or not frozen):
            return held
        first, last = day - timedelta(days=1), moment_at(end, zone).date() + timedelta(days=1)
        stretches = self.calendar.frozen(day, first, last) if frozen else self.calendar.stretches(first, last)
        made = dated_graph(self.router, stretches, day=day, start=leaves, end=end, sails=self.sails)
        self._graphs[frozen] = made
        return made

    def _missed(self, ask: _Ask, worth: float) -> tuple[DatedLimit, ...]:
        frozen = self._graph(ask.zone, ask.leaves, 0.0, frozen=True)
        try:
            same = replace(ask, graph=frozen)
            way = _search(same, worth)
        except NoRoute:
            return ()
        return limits_missed(self.router.network, _dated(frozen, way), ask.departs.date())

    def _no_route(self, ask: _Ask, worth: float) -> NoRoute:
        network = self.router.network
        names = {row.service_id: row.name for row in network.rows("service") if row.name}
        names |= {node_id: node.name for node_id, node in network.nodes.items()}
        why = "; ".join(limit.sentence(names) for limit in self._missed(ask, worth))
        if not why:
            try:
                self.router.route(ask.origin, ask.destination)
            except NoRoute as error:
                why = error.hint or error.message
        return NoRoute(
            f"no way from {ask.origin} to {ask.destination} that leaves {ask.departs:%Y-%m-%d %H:%M} "
            f"arrives within {MOST_DAYS:g} days",
            hint=why or None,
        )

    def _journey(self, ask: _Ask, way: Timed, leaves: float) -> Journey:
        graph, network = ask.graph, self.router.network
        steps, stages = [], []
        for arc, entered, wait in zip(way.arcs, way.entered, way.waits, strict=True):
            why = graph.waits_for(arc, entered - wait, entered) if wait > INSTANT else None
            for number, (one, begins, ends) in enumerate(graph.steps(arc, entered)):
                steps.append(one)
                stages.append(_stage(network, one, begins, ends, *((wait, why) if not number else (0.0, None))))
        services = tuple(dict.fromkeys(one.arc.asset_id for one in steps if one.arc.kind == "board"))
        hours = way.arrival - leaves
        sea = [(one.arc.from_node, one.arc.to_node) for one in steps if one.arc.leaves_land]
        return Journey(
            origin=ask.origin,
            destination=ask.destination,
            departs=moment_at(leaves, zone_of(network, ask.origin)),
            arrives=moment_at(way.arrival, zone_of(network, ask.destination)),
            hours=hours,
            wait_hours=sum(way.waits),
            cost_usd=sum(one.money_usd for one in steps),
            generalised_cost_usd=way.cost + self.router.impedance.cargo.value_of_time * hours,
            price_year=self.router.impedance.prices.year,
            gateway=gateway_of(network.overseas, ask.origin, sea),
            services=services,
            assumed=tuple(name for name in services if not all(one.documented for one in graph.series[name])),
            stages=tuple(stages),
            limits=limits_of_use(network, _dated(graph, way), ask.departs.date()),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ask:
    """A question: between which nodes, when, and in which graph."""

    origin: str
    destination: str
    zone: ZoneInfo
    leaves: float
    graph: DatedGraph

    @property
    def departs(self) -> datetime:
        """When it leaves, by the clock of the origin."""
        return moment_at(self.leaves, self.zone)

    @property
    def ends(self) -> tuple[int, int]:
        """The states in which cargo starts and ends; raise NoRoute where it cannot."""
        found = []
        sides = (self.origin, "origin", "sent from"), (self.destination, "destination", "received at")
        for node, name, verb in sides:
            state = self.graph.states.get((node, name))
            if state is None:
                raise NoRoute(f"cargo cannot be {verb} {node} in these days", hint="no terminal of it is open")
            found.append(state)
        return found[0], found[1]


def _search(ask: _Ask, worth: float) -> Timed:
    """Return the cheapest way with an hour of some worth, the earliest where that is infinite; raise NoRoute."""
    timed, longest = ask.graph.timed, DAY_HOURS * MOST_DAYS
    if worth == inf:
        return timed.earliest(*ask.ends, ask.leaves, longest=longest)
    return timed.cheapest(*ask.ends, ask.leaves, worth, longest=longest)


def _dated(graph: DatedGraph, way: Timed) -> list[tuple[Edition, datetime]]:
    return [
        (one, moment_at(begins, one.zone))
        for arc, entered in zip(way.arcs, way.entered, strict=True)
        for one, begins, _ in graph.steps(arc, entered)
    ]


def _stage(network: Network, one: Edition, begins: float, ends: float, wait: float, why: str | None) -> Stage:
    arc = one.arc
    return Stage(
        from_node=arc.from_node,
        to_node=arc.to_node,
        kind=arc.kind,
        mode=arc.mode,
        asset_id=arc.asset_id,
        begins=moment_at(begins, zone_of(network, arc.from_node)),
        wait_hours=wait,
        ends=moment_at(ends, zone_of(network, arc.to_node)),
        waits_for=why,
        gate=f"{one.gate} {one.zone.key}" if one.gate else None,
    )
