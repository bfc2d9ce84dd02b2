"""Checks of rows that nothing would ever use: ways to where they begin, terminals that lead nowhere, unknown gauges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from operator import itemgetter
from typing import Any

from corridor_net.errors import BadValue
from corridor_net.network.network import Network
from corridor_net.network.periods import overlaps
from corridor_net.network.rows import Service, Terminal, row_id

from .fault import CheckFinding, Findings, Wanted, found, ref, rows_of

FIRST, LAST = "origin", "destination"
"""The states in which every journey begins and ends: nothing leads into the one, or out of the other."""


def effect(network: Network, wanted: Wanted = None) -> Findings:
    """A link or lane joins two places; a terminal leads from what comes there to what goes there, and takes the gauge.

    It looks at rows of any day: what is used on another day only is good.
    """
    for table in ("link", "sea_lane"):
        for row in rows_of(network, table, wanted):
            if row.from_node_id == row.to_node_id:
                name = f"{table.replace('_', ' ')} '{row_id(table, row)}'"
                error = BadValue(f"{name} leads from '{row.from_node_id}' to itself", hint="nothing would ever use it")
                yield found(table, row, "to_node_id", error)
    ways = {state for link in network.rows("link") for state in link.states}
    land = _land_states(network)
    for terminal in rows_of(network, "terminal", wanted):
        wrong = _no_step(terminal) or _no_way(terminal, ways, land)
        yield None if wrong is None else found("terminal", terminal, *wrong)
    yield from _gauges(network, wanted)
    if wanted is None or any(table in ("service", "service_call") for table, _ in wanted):
        yield from _services(network)


def _services(network: Network) -> Iterator[CheckFinding | None]:
    """A service that is not closed has calls, and no other sails the same calls at the same hours under its name."""
    calls: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for call in network.rows("service_call"):
        calls[call.service_id].append((call.call_sequence, call.node_id, call.arrival_hours, call.departure_hours))
    alike: dict[tuple[Any, ...], list[Service]] = defaultdict(list)
    for service in network.rows("service"):
        stops = sorted(calls[service.service_id], key=itemgetter(0))
        if service.state != "closed" and len(stops) < 2:
            error = BadValue(
                f"service '{service.service_id}' has {len(stops)} calls",
                hint="nothing would ever use it: write its calls in service_call",
            )
            yield found("service", service, "service_id", error)
            continue
        yield None
        if service.state != "closed":
            alike[service.name, service.vehicle, service.first_departure, tuple(stops)].append(service)
    for one, other, day in (pair for same in alike.values() for pair in overlaps(same)):
        if one.service_id != other.service_id:
            error = BadValue(
                f"service '{other.service_id}' sails as '{one.service_id}' does from {day} on: one name, one timetable",
                hint="a sailing would count twice: delete one of the two",
            )
            yield found("service", other, "service_id", error, ref("service", one))


def _no_step(terminal: Terminal) -> tuple[str, BadValue] | None:
    here, there = terminal.from_state, terminal.to_state
    if here == there:
        return "to_state", BadValue(f"the terminal leads from {here} to {there}", hint="nothing would ever use it")
    if there == FIRST:
        return "to_state", BadValue(
            f"the terminal leads to {FIRST}", hint="every journey begins there: none comes to it"
        )
    if here == LAST:
        return "from_state", BadValue(f"the terminal leads on from {LAST}", hint="every journey ends there")
    return None


def _land_states(network: Network) -> set[str]:
    """Return the states of the terminals that only links bring to a node or take from it."""
    modes = network.vocabulary.modes
    by_link = {name for name, mode in modes.items() if mode.links == "yes"}
    states = {state for row in network.rows("terminal") for state in (row.from_state, row.to_state)}
    return {state for state in states if state in by_link or state.rpartition("_")[0] in by_link}


def _no_way(terminal: Terminal, ways: set[str], land: set[str]) -> tuple[str, BadValue] | None:
    for column in ("from_state", "to_state"):
        state = getattr(terminal, column)
        if state in land and state not in ways:
            hint = f"nothing would ever use it; links are for: {', '.join(sorted(ways)) or 'nothing'}"
            return column, BadValue(f"no link is for {state}", hint=hint)
    return None


def _gauges(network: Network, wanted: Wanted) -> Iterator[CheckFinding | None]:
    """Of the gauges of a link some terminal takes one: no cargo comes to rails of others alone."""
    taken = {state for row in network.rows("terminal") for state in (row.from_state, row.to_state)}
    for link in rows_of(network, "link", wanted):
        lost = [state for state in link.states if "_" in state and state not in taken] if link.gauge_mm else []
        if len(lost) < len(link.states) or not lost or not taken:
            yield None
            continue
        known = sorted(state.rpartition("_")[2] for state in taken if state.startswith(f"{link.mode}_"))
        error = BadValue(
            f"no terminal takes a gauge of {' or '.join(state.rpartition('_')[2] for state in lost)} mm",
            hint=f"gauges with terminals: {', '.join(known)}" if known else "add terminals that take it",
        )
        yield found("link", link, "gauge_mm", error)
