"""Checks of ways: borders have crossings, modes agree, ships sail in order, every market can be reached."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from corridor_net.errors import BadValue, CorridorError, RowRef
from corridor_net.network.clock import zone_or_fault
from corridor_net.network.network import Network
from corridor_net.network.reading.region import UNKNOWN
from corridor_net.network.rows import Crossing, Link, Node, Service, ServiceCall, Speed, row_id

from .fault import CheckFinding, Findings, found, ref

OPEN = "write HH:MM-HH:MM, for example 09:00-19:00 (to 24:00 at most), or 24h for a gate that never closes"


def borders(network: Network) -> Findings:
    """Every link between two countries, but inside a customs area, has a crossing in each direction it may be used.

    So has any other link that has one at all: what has a crossing is closed where it has none. A link is of the
    country of one of its ends: there its tariff applies, and there what it earns goes.
    """
    crossings: dict[str, list[Crossing]] = {}
    for crossing in network.rows("crossing"):
        crossings.setdefault(crossing.link_id, []).append(crossing)
        opens, _, closes = crossing.opening_hours.partition("-")
        if opens == closes != "00:00":
            error = BadValue(f"'{crossing.opening_hours}' are no opening hours of {crossing.crossing_id}", hint=OPEN)
            yield found("crossing", crossing, "opening_hours", error)
    for link in network.rows("link"):
        yield from _elsewhere(network, link)
        have = crossings.get(link.link_id, [])
        lacking = without_crossing(network, link, {crossing.from_node_id for crossing in have})
        if not lacking:
            yield None
        for here in lacking:
            country, over = network.nodes[here].country, _other_end(network, link, here).country
            error = BadValue(
                f"link '{link.link_id}' leaves {country} without a crossing from '{here}'",
                hint="add the crossing, or name both countries in one of customsAreas in datapackage.json",
            )
            others: list[RowRef] = []
            if country == over:
                others = [ref("crossing", crossing) for crossing in have]
                error = BadValue(
                    f"link '{link.link_id}' has a crossing one way and none from '{here}', which closes it that way",
                    hint="add the crossing, or make the link one-way with directed 1",
                )
            yield found("link", link, "link_id", error, *others)


def _elsewhere(network: Network, link: Link) -> Findings:
    """Yield a fault for a link of a country in which neither of its ends lies; of an unknown country any may be."""
    ends = {network.nodes[node].country for node in (link.from_node_id, link.to_node_id)}
    if link.country not in ends and UNKNOWN not in ends:
        hint = f"write {' or '.join(sorted(ends))}: there its ends lie"
        error = BadValue(f"link '{link.link_id}' is of the country '{link.country}', where neither end lies", hint=hint)
        yield found("link", link, "country", error)


def without_crossing(network: Network, link: Link, crossed: Collection[str]) -> list[str]:
    """Return the ends of a link from which cargo may not go for want of a crossing; `crossed` are those that have one.

    Inside a country or a customs area a link needs none, but where it has one it needs both.
    """
    a, b = network.nodes[link.from_node_id], network.nodes[link.to_node_id]
    areas = network.package.customs_areas.values()
    free = a.country == b.country or any(a.country in area and b.country in area for area in areas)
    if free and not crossed:
        return []
    return [node.node_id for node in ((a,) if link.directed else (a, b)) if node.node_id not in crossed]


def _other_end(network: Network, link: Link, here: str) -> Node:
    return network.nodes[link.to_node_id if here == link.from_node_id else link.from_node_id]


def modes(network: Network) -> Findings:
    """A link, its gauge, tariff, speed and crossings are of one mode; so are a service, its tariffs and its speed."""
    rates = {(row.tariff_id, row.mode) for row in network.rows("tariff")}
    speeds = {(row.speed_id, row.mode) for row in network.rows("speed") if row.mode}
    figures = (("tariff_id", "tariff", _by_id(rates)), ("speed_id", "speed", _by_id(speeds)))
    links = {link.link_id: link for link in network.rows("link")}
    gauged = {name: mode.way for name, mode in network.vocabulary.modes.items() if mode.has_gauge}
    for link in links.values():
        if (link.mode in gauged) is not bool(link.gauge_mm):
            yield found("link", link, "gauge_mm", _gauge_fault(link, gauged))
        yield from _of_mode("link", link, link.mode, figures)
    by_service = {service.service_id: network.mode_of(service) for service in network.rows("service")}
    for service in network.rows("service"):
        yield from _of_mode("service", service, by_service[service.service_id], figures)
    used = {(link.speed_id, link.mode) for link in links.values()}
    used |= {(service.speed_id, by_service[service.service_id]) for service in network.rows("service")}
    modes_of = _by_id(used)
    for speed in network.rows("speed"):
        yield _slip(speed, modes_of.get(speed.speed_id, set()), network)
    for call in network.rows("service_call"):
        yield from _of_mode("service_call", call, by_service[call.service_id], figures)
    for crossing in network.rows("crossing"):
        yield _on_its_link(crossing, links[crossing.link_id])


def _gauge_fault(link: Link, gauged: Mapping[str, str]) -> BadValue:
    if link.mode in gauged:
        hint = "write the gauge in mm, for example 1435"
        return BadValue(f"link '{link.link_id}' is a {gauged[link.mode]} without a gauge", hint=hint)
    ways = " or ".join(gauged.values())
    return BadValue(f"link '{link.link_id}' has a gauge and is no {ways}", hint="leave gauge_mm empty")


def _slip(speed: Speed, used_by: set[str], network: Network) -> CheckFinding | None:
    """Return a fault for a speed that nothing of the modes which use it goes; a drawing says nothing of speeds."""
    known = network.vocabulary.modes
    slow = [known[mode] for mode in sorted(used_by) if mode in known and known[mode].fastest_kmh < speed.speed_kmh]
    if not slow or network.package.schematic:
        return None
    error = BadValue(
        f"speed '{speed.speed_id}' is {speed.speed_kmh:g} km/h",
        hint=f"nothing of mode {slow[0].mode} goes more than {slow[0].fastest_kmh:g} km/h; table mode says so",
    )
    return found("speed", speed, "speed_kmh", error)


def _by_id(pairs: set[tuple[str, str]]) -> dict[str, set[str]]:
    found_modes: dict[str, set[str]] = {}
    for name, mode in pairs:
        found_modes.setdefault(name, set()).add(mode)
    return found_modes


def _of_mode(
    table: str,
    row: Link | Service | ServiceCall,
    mode: str,
    figures: Iterable[tuple[str, str, dict[str, set[str]]]],
) -> Findings:
    for column, other, known in figures:
        name = getattr(row, column, None)
        if not name or name not in known or known[name] == {mode}:
            yield None
            continue
        others = " and ".join(sorted(known[name] - {mode}))
        error = BadValue(
            f"{table} '{row_id(table, row)}' is of mode {mode}, its {other} '{name}' of {others}",
            hint=f"name a {other} of mode {mode}",
        )
        yield found(table, row, column, error, (other, name))


def _on_its_link(crossing: Crossing, link: Link) -> CheckFinding | None:
    ends = (link.from_node_id, link.to_node_id)
    if (crossing.from_node_id, crossing.to_node_id) not in (ends, ends[::-1]):
        error = BadValue(
            f"crossing '{crossing.crossing_id}' does not lie on its link '{link.link_id}'",
            hint=f"the link joins {' and '.join(ends)}",
        )
        return found("crossing", crossing, "from_node_id", error, ref("link", link))
    if crossing.mode != link.mode:
        error = BadValue(
            f"crossing '{crossing.crossing_id}' is of mode {crossing.mode}, its link of {link.mode}: nothing uses it"
        )
        return found("crossing", crossing, "mode", error, ref("link", link))
    return None


def seasons(network: Network) -> Findings:
    """A season begins and ends on days there are, and one of a node is that of a port: nothing else looks at it."""
    quays = network.vocabulary.quays
    ports = {row.node_id for row in network.rows("terminal") if quays & {row.from_state, row.to_state}}
    for season in network.rows("season"):
        wrong = [c for c in ("from_month_day", "to_month_day") if getattr(season, c)[3:] > _days_in(getattr(season, c))]
        if wrong:
            error = BadValue(f"{wrong[0]} {getattr(season, wrong[0])} is no day of the year")
            yield found("season", season, wrong[0], error)
        elif season.applies_to == "node" and season.target_id not in ports:
            error = BadValue(
                f"season '{season.season_id}' is that of '{season.target_id}', which has no port terminal",
                hint="a season of a node changes the hours of its port; this one would do nothing",
            )
            yield found("season", season, "target_id", error)
        else:
            yield None


def _days_in(month_day: str) -> str:
    return {"02": "29", "04": "30", "06": "30", "09": "30", "11": "30"}.get(month_day[:2], "31")


def timetables(network: Network) -> Findings:
    """Calls are in order of time, between two calls there is a lane, no vehicle is faster than its like, days exist."""
    by_service = {service.service_id: network.mode_of(service) for service in network.rows("service")}
    fastest_of = {name: mode.fastest_kmh for name, mode in network.vocabulary.modes.items()}
    for service_id, calls in network.calls.items():
        fastest = fastest_of[by_service[service_id]]
        yield from _in_order(service_id, calls)
        for here, there in itertools.pairwise(calls):
            lane = network.lanes.get((here.node_id, there.node_id))
            if lane is None:
                error = BadValue(
                    f"service '{service_id}' cannot sail from call {here.call_sequence} ({here.node_id}) to the next",
                    hint="there is no sea lane between them",
                )
                yield found("service_call", there, "node_id", error, ("service", service_id), ref("service_call", here))
                continue
            hours = None
            if here.departure_hours is not None and there.arrival_hours is not None:
                hours = there.arrival_hours - here.departure_hours
            if hours is None or not 0 < hours < lane.length_km / fastest:
                yield None
                continue
            error = BadValue(
                f"service '{service_id}' goes {lane.length_km:.0f} km to {there.node_id} in {hours:g} h",
                hint=f"nothing of mode {by_service[service_id]} goes {fastest:g} km/h",
            )
            yield found("service_call", there, "arrival_hours", error, ("service", service_id))
    for service in network.rows("service"):
        calls = network.calls.get(service.service_id, ())
        if not _is_day(service.first_departure):
            error = BadValue(
                f"'{service.first_departure}' is no sailing day of {service.service_id}",
                hint="write a day of the calendar, YYYY-MM-DD, for example 2019-07-01",
            )
            yield found("service", service, "first_departure", error)
        if service.circular and calls and calls[0].node_id != calls[-1].node_id:
            error = BadValue(f"service '{service.service_id}' is circular and does not end where it begins")
            yield found("service", service, "circular", error, ref("service_call", calls[-1]))


def _is_day(departure: str) -> bool:
    """Whether a first departure is on a day of the calendar, where it begins with a date."""
    try:
        return not departure[:1].isdigit() or bool(date.fromisoformat(departure.split(" ")[0]))
    except ValueError:
        return False


def service_states(network: Network) -> Findings:
    """A period of a service whose state is unknown, and only such a one, has a probability that it runs."""
    for service in network.rows("service"):
        if (service.state == "unknown") is (service.probability_open is not None):
            yield None
            continue
        shown = "" if service.probability_open is None else f"{service.probability_open:g}"
        error = BadValue(
            f"service '{service.service_id}' is {service.state}, and its probability is '{shown}'",
            hint="state unknown needs probability_open, from 0 to 1; open and closed have none",
        )
        yield found("service", service, "probability_open", error)


def _in_order(service_id: str, calls: Iterable[ServiceCall]) -> Findings:
    """Hours count up from the first departure, call after call."""
    last: tuple[float, ServiceCall] | None = None
    for call in calls:
        for column in ("arrival_hours", "departure_hours"):
            time = getattr(call, column)
            if time is None:
                continue
            if last is not None and (time < last[0] or (time == last[0] and last[1] is not call)):
                where = f"call {call.call_sequence} ({call.node_id}) at hour {time:g} after hour {last[0]:g}"
                error = BadValue(
                    f"service '{service_id}' is at {where}", hint="hours count up from the first departure"
                )
                yield found("service_call", call, column, error, ("service", service_id))
            last = (time, call)


def time_zones(network: Network) -> Findings:
    """Every node keeps the clock of a zone that is known: its own, or that of its country.

    Looks only at countries of which the package names a zone at all: timetables alone ask for them, and say what lacks.
    """
    told = {row.country for table in ("country", "node") for row in network.rows(table) if row.time_zone}
    for node in network.rows("node"):
        if node.country not in told:
            continue
        fault = zone_or_fault(network, node.node_id)
        yield found("node", node, "time_zone", fault) if isinstance(fault, CorridorError) else None


def reachable_markets(network: Network) -> Findings:
    """Every market can be reached from every origin on the network's day, by links, crossings and services."""
    reach: dict[str, set[str]] = {}
    closable = {crossing.link_id for crossing in network.rows("crossing")}
    passable = {(crossing.link_id, crossing.from_node_id) for crossing in network.active("crossing")}
    for link in network.active("link"):
        ends = ((link.from_node_id, link.to_node_id), (link.to_node_id, link.from_node_id))
        for here, there in ends[: 1 if link.directed else 2]:
            if link.link_id not in closable or (link.link_id, here) in passable:
                reach.setdefault(here, set()).add(there)
    for service in network.active("service"):
        ports = [call.node_id for call in network.calls.get(service.service_id, ())]
        for here, there in itertools.pairwise(ports):
            reach.setdefault(here, set()).add(there)
    for origin in network.markets("origin"):
        seen = _reached(reach, origin.node_id)
        for market in network.markets("market"):
            if market.node_id in seen:
                yield None
                continue
            error = BadValue(f"market '{market.node_id}' cannot be reached from '{origin.node_id}' on {network.day}")
            yield found("market", market, "node_id", error, ref("market", origin))


def _reached(reach: dict[str, set[str]], start: str) -> set[str]:
    seen, todo = {start}, [start]
    while todo:
        for other in reach.get(todo.pop(), ()):
            if other not in seen:
                seen.add(other)
                todo.append(other)
    return seen
