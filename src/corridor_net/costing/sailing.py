"""Arcs of services and of ships on demand: boarding, sailing, lying in port. They are added to an `ArcDraft`."""

from __future__ import annotations

from typing import Any

import numpy as np

from corridor_net.errors import DataFault
from corridor_net.network.columns import coded
from corridor_net.network.rows import SeaLane, Service, ServiceCall
from corridor_net.network.vocabulary import SEA

from .arcs import Part
from .draft import ArcDraft
from .parts import Length, in_hours, travel

HOURS_PER_WEEK = 168.0
CERTAIN_SHARE = 0.1
"""Standard deviation of hours of a timetable, as a share of them."""
Calls = tuple[ServiceCall, ...]


def headway_wait(sailings_per_week: float) -> tuple[float, float]:
    """Return mean and standard deviation of the wait for a regular service: `h / 2` and `h / sqrt(12)`.

    >>> headway_wait(1)[0]
    84.0
    """
    headway = HOURS_PER_WEEK / sailings_per_week
    return headway / 2, headway / 12**0.5


def aboard(call: ServiceCall) -> tuple[str, str]:
    """Return the state of a box aboard a ship that is about to leave a call: its node and a name."""
    return call.node_id, f"aboard:{call.service_id}:{call.call_sequence}"


def stay_hours(service: Service, call: ServiceCall) -> float:
    """Return how long a ship lies at a call: by its timetable, else as long as at all ports of the service."""
    if call.arrival_hours is not None and call.departure_hours is not None:
        return float(call.departure_hours - call.arrival_hours)
    return float(service.port_stay_hours)


def add_services(draft: ArcDraft) -> None:
    """Add the arcs of every service that carries boxes and is not closed by a season."""
    network, berths, made = draft.network, _berths(draft), draft.arcs.pending
    known = draft.like.services if draft.like else {}
    for row in network.active("service"):
        calls = network.calls.get(row.service_id, ())
        shut = {("service", row.service_id), ("mode", network.mode_of(row))} & draft.seasons.closed
        if row.carries == "container" and len(calls) > 1 and not shut:
            rests_on, first = _rests_on(draft, row, calls, berths), len(made)
            before, arcs = known.get(row.service_id, (None, ()))
            if before == rests_on:
                made += arcs
            else:
                _Service(draft, row, calls, berths).add()
            draft.services[row.service_id] = rests_on, made[first:]


def _rests_on(draft: ArcDraft, row: Service, calls: Calls, berths: frozenset[tuple[str, str]]) -> tuple[Any, ...]:
    """Return the rows that the arcs of a service are made of, where lanes, vehicles and seasons are the same."""
    figures = draft.price.figures
    tariffs = {name: figures.tariffs.get(name) for name in (row.tariff_id, *(call.tariff_id for call in calls))}
    return row, calls, tariffs, figures.speeds.get(row.speed_id), figures.factors.get(row.emission_factor_id), berths


def _berths(draft: ArcDraft) -> frozenset[tuple[str, str]]:
    """Return the ferry berths of ports that have one."""
    found: set[tuple[str, str]] = set()
    terminals = draft.network.active("terminal")
    for column in ("from_state", "to_state"):
        states, code = coded(terminals, column)
        for row in np.flatnonzero(np.array([one.startswith("ferry_") for one in states], bool)[code]).tolist():
            found.add((terminals[row].node_id, getattr(terminals[row], column)))
    return frozenset(found)


class _Service:
    """One service, its calls in order."""

    def __init__(self, draft: ArcDraft, row: Service, calls: Calls, berths: frozenset[tuple[str, str]]) -> None:
        self.draft, self.row, self.calls = draft, row, calls
        self.price, self.seasons = draft.price, draft.seasons
        self.mode = draft.network.mode_of(row)
        self.asset = (self.mode, row.service_id)
        self.wanted_by = f"service {row.service_id}"
        vehicle = draft.network.vocabulary.vehicles.get(row.vehicle)
        self.berths = berths if vehicle and vehicle.rolls == "yes" else frozenset()

    def add(self) -> None:
        """Add boarding at every call but the last, and the leg from every call to the next."""
        self._board()
        for number in range(len(self.calls) - 1):
            self._sail(self.calls[number], self.calls[number + 1], self._stays(number + 1))

    def _stays(self, number: int) -> ServiceCall | None:
        """Return the call as which a box stays aboard at call `number`; None where it does not.

        It does not after the last call of a line that is no circle, nor where the ship turns back to the port it
        came from: nobody ships a box past its place and back, and the rate of the first leg would pay for both.
        """
        calls = self.calls
        wraps = number == len(calls) - 1
        if wraps and not self.row.circular:
            return None
        call = calls[0] if wraps else calls[number]
        onward = calls[1] if wraps else calls[number + 1]
        return None if onward.node_id == calls[number - 1].node_id else call

    def _quay(self, node: str, way: str) -> tuple[str, str]:
        """Where boxes are taken or landed at a node: at the ferry berth if they roll and there is one."""
        berth = (node, f"ferry_{way}")
        return berth if berth in self.berths else (node, f"port_{way}")

    def _board(self) -> None:
        row = self.row
        mean, spread = headway_wait(row.sailings_per_week)
        figures = (f"service:{row.service_id}:sailings_per_week",)
        wait = in_hours("wait", (mean, 0.0, spread), figures, row)
        for call in self.calls[:-1]:
            tariff = self.price.find("tariffs", call.tariff_id or row.tariff_id, self.wanted_by)
            freight = self.price.fixed(tariff, "freight")
            key = f"board:{row.service_id}:{call.call_sequence}"
            ends = (self._quay(call.node_id, "out"), aboard(call))
            self.draft.arcs.add(key, ends, self.asset, [wait, *freight])

    def _sail(self, here: ServiceCall, there: ServiceCall, stays: ServiceCall | None) -> None:
        row = self.row
        lane = self._lane(here, there)
        length = (f"sea_lane:{lane.lane_id}:length_km", lane)
        tariff = self.price.find("tariffs", row.tariff_id, self.wanted_by)
        sailing = self._under_way(here, there, length)
        parts = [sailing, *self.price.per_km(tariff, lane.length_km, length, "freight")]
        emitted = self.price.emitted(row.emission_factor_id, lane.length_km, self.wanted_by, length[0])
        key = f"sail:{row.service_id}:{here.call_sequence}"
        tail = aboard(here)
        add = self.draft.arcs.add
        add(f"{key}:land", (tail, self._quay(there.node_id, "in")), self.asset, parts, lane.length_km, emitted)
        if stays is not None:
            ends, whole = (tail, aboard(stays)), [*parts, self._in_port(there)]
            add(f"{key}:on", ends, self.asset, whole, lane.length_km, emitted)

    def _lane(self, here: ServiceCall, there: ServiceCall) -> SeaLane:
        lane = self.draft.network.lanes.get((here.node_id, there.node_id))
        if lane is None:
            raise DataFault(
                f"service '{self.row.service_id}' goes from {here.node_id} to {there.node_id}, and there is no lane",
                hint="add the pair to table sea_lane",
            )
        return lane

    def _under_way(self, here: ServiceCall, there: ServiceCall, length: Length) -> Part:
        """Return the hours from call to call: of the timetable, else at the speed of the service."""
        factor = self.seasons.factor("service", self.row.service_id) * self.seasons.factor("mode", self.mode)
        if here.departure_hours is None or there.arrival_hours is None:
            speed = self.price.find("speeds", self.row.speed_id, self.wanted_by)
            return travel(speed, length[1].length_km, "sailing", length, factor)
        return _timed((there.arrival_hours - here.departure_hours) * factor, _timetable(there), there)

    def _in_port(self, there: ServiceCall) -> Part:
        """Return the hours aboard in port: of the timetable, else the stay of the service."""
        known = there.arrival_hours is not None and there.departure_hours is not None
        figure = _timetable(there) if known else f"service:{self.row.service_id}:port_stay_hours"
        return _timed(stay_hours(self.row, there), figure, there)


def _timetable(call: ServiceCall) -> str:
    return f"service_call:{call.service_id}:{call.call_sequence}"


def _timed(hours: float, figure: str, call: ServiceCall) -> Part:
    return in_hours("sailing", (hours, hours, CERTAIN_SHARE * hours), (figure,), call)


def add_charter(draft: ArcDraft) -> None:
    """Add the voyages of ships on demand between ports of two countries, for cargo that may go by them."""
    network, price = draft.network, draft.price
    terminals = network.active("terminal")
    states, code = coded(terminals, "to_state")
    chartered = np.flatnonzero(np.array([one == "charter" for one in states], bool)[code])
    ports = [terminals[row].node_id for row in chartered.tolist()]
    if not draft.cargo.may_charter or ("mode", SEA) in draft.seasons.closed:
        return
    speed = price.find("speeds", "coaster", "charter")
    tariff = price.find("tariffs", "charter", "charter")
    factor = draft.seasons.factor("mode", SEA)
    fixed = price.fixed(tariff, "freight")
    for here in ports:
        for there in ports:
            lane = network.lanes.get((here, there))
            if lane is None or network.nodes[here].country == network.nodes[there].country:
                continue
            length = (f"sea_lane:{lane.lane_id}:length_km", lane)
            parts = [travel(speed, lane.length_km, "sailing", length, factor)]
            parts += fixed + price.per_km(tariff, lane.length_km, length, "freight")
            emitted = price.emitted("sea_coaster", lane.length_km, "charter", length[0])
            ends = ((here, "charter"), (there, "port_in"))
            draft.arcs.add(f"charter:{here}:{there}", ends, (SEA, "charter"), parts, lane.length_km, emitted)
