"""The timetable of a ship that goes faster: hours under way shorten in proportion, hours in port stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from corridor_net.network import Network
from corridor_net.network.rows import ServiceCall

from .work import ChangeContext


def retimed(work: ChangeContext, network: Network, ratios: Mapping[str, float]) -> Network:
    """Return the network with the known hours of services whose speed changed; `ratios` by id of the speed.

    Between two calls `hours / ratio`; in port as before. Where a call has one time only, the port stay of the
    service is taken as part of the hours to the next.
    """
    new: dict[int, Any] = {}
    for service in network.active("service"):
        ratio = ratios.get(service.speed_id)
        calls = network.calls.get(service.service_id, ())
        if ratio is None or not any(call.arrival_hours or call.departure_hours for call in calls):
            continue
        made = _shortened(calls, ratio, service.port_stay_hours)
        new |= {id(old): call for old, call in zip(calls, made, strict=True)}
        work.rows.add(("service", service.service_id))
        work.tell(service.service_id, "timetable, last time", _last(calls), _last(made), ("h", "h"))
    if not new:
        return network
    return network.with_rows(service_call=tuple(new.get(id(call), call) for call in network.rows("service_call")))


def _last(calls: Sequence[ServiceCall]) -> float:
    times = [time for call in calls for time in (call.arrival_hours, call.departure_hours) if time is not None]
    return float(max(times))


def _shortened(calls: Sequence[ServiceCall], ratio: float, port_stay_hours: float) -> list[Any]:
    made = []
    last: tuple[float, float] | None = None  # a time of the old timetable, and of the new
    in_port = 0

    def after(time: float, stays: int) -> float:
        if last is None:
            return time
        still = min(stays * port_stay_hours, time - last[0])
        return last[1] + still + (time - last[0] - still) / ratio

    for call in calls:
        arrival, departure = call.arrival_hours, call.departure_hours
        if arrival is not None:
            last, in_port = (arrival, after(arrival, in_port)), 1
            arrival = last[1]
        if departure is not None:
            there = last[1] + departure - last[0] if last and arrival is not None else after(departure, in_port + 1)
            last, in_port = (departure, there), 0
            departure = there
        made.append(replace(call, arrival_hours=arrival, departure_hours=departure))
    return made
