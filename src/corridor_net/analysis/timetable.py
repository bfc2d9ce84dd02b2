"""One shipment on one day: sailing days, opening hours, earliest arrival, least cost, and a week of departures.

Where `route` counts the mean wait for a ship, here the ship leaves on its day. The clock is one for all places: hours
since Monday 00:00. Differences of local time (two hours at most) are not counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import numpy as np

from corridor_net.costing.impedance import HOURS_PER_WEEK
from corridor_net.errors import BadValue, UnknownName, did_you_mean
from corridor_net.graph.timetable import NEVER, Rule, Timed, TimedGraph

from .route import Router, gateway_of

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NOON = 12.0
MOST_DAYS = 92.0


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a journey: when it begins, how long is waited before it, when it ends."""

    from_node: str
    to_node: str
    kind: str
    mode: str
    subject: str
    begins: datetime
    wait_hours: float
    ends: datetime

    def as_json(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        return {
            "from": self.from_node,
            "to": self.to_node,
            "kind": self.kind,
            "mode": self.mode,
            "subject": self.subject,
            "begins": self.begins.isoformat(timespec="minutes"),
            "wait_hours": round(self.wait_hours, 2),
            "ends": self.ends.isoformat(timespec="minutes"),
        }


@dataclass(frozen=True, slots=True)
class Journey:
    """A shipment that leaves at an hour. `assumed` are the services on it whose day of sailing is not documented."""

    origin: str
    destination: str
    departs: datetime
    arrives: datetime
    hours: float
    wait_hours: float
    cost_usd: float
    generalised_cost_usd: float
    gateway: str | None
    services: tuple[str, ...]
    assumed: tuple[str, ...]
    stages: tuple[Stage, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        return {
            "origin": self.origin,
            "destination": self.destination,
            "departs": self.departs.isoformat(timespec="minutes"),
            "arrives": self.arrives.isoformat(timespec="minutes"),
            "hours": round(self.hours, 2),
            "wait_hours": round(self.wait_hours, 2),
            "cost_usd": round(self.cost_usd, 2),
            "generalised_cost_usd": round(self.generalised_cost_usd, 2),
            "gateway": self.gateway,
            "services": list(self.services),
            "assumed": list(self.assumed),
            "stages": [stage.as_json() for stage in self.stages],
        }


@dataclass(frozen=True, eq=False)
class Timetable:
    """A router in which ships leave on their days and gates open at their hours."""

    router: Router
    timed: TimedGraph
    assumed: frozenset[str]

    @classmethod
    def of(cls, router: Router, sails: Mapping[str, str] | None = None) -> Timetable:
        """Take the mean waits for ships and gates out of a router, and put rules in their place.

        A ship leaves its first call at `first_departure` of table service, or at what `sails` gives for it ("Fri" or
        "Fri 16:00"; noon without an hour), and every `168 / sailings_per_week` hours from then on; later calls follow
        at the hours of the voyage. Where neither is known the phase is spread evenly by the service's name, which is
        assumed (grade D), and told with every journey that rests on it. Raises BadValue and UnknownName for `sails`.
        """
        network = router.network
        services = {row.service_id: row for row in network.active("service")}
        for name in sails or {}:
            if name not in services:
                raise UnknownName(
                    f"unknown service '{name}'", hint=did_you_mean(name, services, otherwise="see table service")
                )
        opening = {row.crossing_id: row.opening_hours for row in network.active("crossing")}
        hours = router.hours.copy()
        known: dict[Rule, int] = {}
        rule = np.full(len(router.impedance.arcs), NEVER, np.int64)
        rules: list[Rule] = []
        phases = {name: _phase(row, (sails or {}).get(name)) for name, row in services.items()}
        into = _into_voyage(router)
        for number, arc in enumerate(router.impedance.arcs):
            made: Rule | None = None
            if arc.kind == "board":
                gap = HOURS_PER_WEEK / services[arc.subject].sailings_per_week
                leaves = (phases[arc.subject][0] + into.get(arc.key.removeprefix("board:"), 0.0)) % gap
                made = Rule(gap, (leaves,), (leaves,))
            elif arc.kind == "crossing" and opening[arc.subject] != "24h":
                made = _gate(opening[arc.subject])
            if made is not None:
                hours[number] -= sum(p.amount for p in arc.parts if p.component == "wait" and p.quantity == "hours")
                rule[number] = known.setdefault(made, len(rules))
                if rule[number] == len(rules):
                    rules.append(made)
        carbon = router.co2_price_usd_per_t / 1000 * router.impedance.co2_kg
        timed = TimedGraph.of(router.graph, np.maximum(hours, 0.0), router.money + carbon, rule, rules)
        return cls(router, timed, frozenset(name for name, (_, told) in phases.items() if not told))

    def earliest(self, origin: str, destination: str, departs: datetime) -> Journey:
        """Return the journey that arrives first. Raises NoRoute, UnknownName."""
        start, goal, source, target = self._ends(origin, destination)
        return self._journey(start, goal, self.timed.earliest(source, target, _clock(departs)), departs)

    def cheapest(
        self, origin: str, destination: str, departs: datetime, *, usd_per_hour: float | None = None
    ) -> Journey:
        """Return the journey of least generalised cost, or with another worth of an hour. Raises as `earliest`."""
        start, goal, source, target = self._ends(origin, destination)
        worth = self.router.impedance.cargo.value_of_time if usd_per_hour is None else usd_per_hour
        return self._journey(start, goal, self.timed.cheapest(source, target, _clock(departs), worth), departs)

    def profile(self, origin: str, destination: str, departs: datetime, days: float = 7.0) -> tuple[Journey, ...]:
        """Return each arrival that can be had by leaving within `days`, with the latest departure for it.

        Raises BadValue for days not above 0 or above 92; NoRoute, UnknownName.
        """
        if not 0 < days <= MOST_DAYS:
            raise BadValue(f"{days:g} days", hint=f"above 0, at most {MOST_DAYS:g}")
        start, goal, source, target = self._ends(origin, destination)
        clock = _clock(departs)
        found = []
        for latest, way in self.timed.profile(source, target, clock, clock + 24 * days):
            leaves = departs + timedelta(hours=latest - clock)
            found.append(self._journey(start, goal, self.timed.along(way.arcs, latest), leaves))
        return tuple(found)

    def _ends(self, origin: str, destination: str) -> tuple[str, str, int, int]:
        best = self.router.route(origin, destination)
        source = self.router.end_state(best.origin, "origin")
        return best.origin, best.destination, source, self.router.end_state(best.destination, "destination")

    def _journey(self, origin: str, destination: str, way: Timed, departs: datetime) -> Journey:
        clock = _clock(departs)

        def at(hour: float) -> datetime:
            return departs + timedelta(hours=hour - clock)

        steps = [self.router.impedance.arcs[arc] for arc in way.arcs]
        ends = [*way.entered[1:], way.arrival]
        stages = []
        for number, (step, entered, wait) in enumerate(zip(steps, way.entered, way.waits, strict=True)):
            after = ends[number] - (way.waits[number + 1] if number + 1 < len(steps) else 0.0)
            stages.append(
                Stage(step.from_node, step.to_node, step.kind, step.mode, step.subject, at(entered), wait, at(after))
            )
        services = tuple(dict.fromkeys(s.subject for s in steps if s.kind == "board"))
        hours = way.arrival - clock
        usd = float(self.router.money[list(way.arcs)].sum())
        return Journey(
            origin,
            destination,
            departs,
            at(way.arrival),
            hours,
            sum(way.waits),
            usd,
            way.cost + self.router.impedance.cargo.value_of_time * hours,
            gateway_of(self.router.network.nodes, steps),
            services,
            tuple(name for name in services if name in self.assumed),
            tuple(stages),
        )


def parse_departure(text: str) -> datetime:
    """Return a day and hour from '2019-07-01T08:00' or '2019-07-01' (midnight); raise BadValue."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise BadValue(
            f"'{text}' is no departure", hint="write YYYY-MM-DDTHH:MM, for example 2019-07-01T08:00"
        ) from None
    if found.tzinfo is not None:
        raise BadValue(f"'{text}' names a time zone", hint="the clock is one for all places; leave the zone out")
    return found


def _clock(when: datetime) -> float:
    """Return hours since a Monday, 00:00."""
    monday = datetime(2001, 1, 1)
    return (when - monday).total_seconds() / 3600


def _phase(service: Any, given: str | None) -> tuple[float, bool]:
    """Return the hour of the week at which a service leaves its first call, and whether that is known."""
    text = given if given is not None else service.first_departure
    if not text:
        spread = int.from_bytes(sha256(service.service_id.encode()).digest()[:8], "big") / 2**64
        return spread * HOURS_PER_WEEK / service.sailings_per_week, False
    day, _, hour = text.partition(" ")
    if day not in DAYS:
        raise BadValue(f"'{text}' is no sailing day", hint=f"one of {', '.join(DAYS)}, with an hour: Fri 16:00")
    try:
        clock = NOON if not hour else int(hour[:2]) + int(hour[3:]) / 60
    except ValueError:
        clock = -1.0
    if not 0 <= clock < 24 or (hour and hour[2:3] != ":"):
        raise BadValue(f"'{text}' is no sailing day", hint="write the hour as HH:MM: Fri 16:00")
    return DAYS.index(day) * 24 + clock, True


def _gate(opening_hours: str) -> Rule:
    start, end = (int(text[:2]) + int(text[3:]) / 60 for text in opening_hours.split("-"))
    if start < end:
        return Rule(24.0, (start,), (end,))
    return Rule(24.0, (0.0, start), (end, 24.0))


def _into_voyage(router: Router) -> dict[str, float]:
    """Return the hours from the first call to each call, by `service:call`, from the arcs on board."""
    found: dict[str, float] = {}
    after: dict[str, float] = {}
    for number, arc in enumerate(router.impedance.arcs):
        if arc.kind == "sail" and arc.key.endswith(":on"):
            service, _, call = arc.key.removeprefix("sail:").removesuffix(":on").rpartition(":")
            so_far = after.get(service, 0.0) + float(router.hours[number])
            after[service] = so_far
            found[f"{service}:{int(call) + 1}"] = so_far
    return found


def services_told(journeys: Sequence[Journey]) -> tuple[str, ...]:
    """Return the services of journeys whose days are assumed, once."""
    return tuple(dict.fromkeys(name for journey in journeys for name in journey.assumed))
