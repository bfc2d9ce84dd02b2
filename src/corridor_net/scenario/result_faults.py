"""The faults of some rows of any network, with the cell each is about.

Stands in for `network.checks.faults_of`, with its signature, until the checks of the data can be asked about rows.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator
from typing import Any

from corridor_net.errors import BadValue, CorridorError, did_you_mean
from corridor_net.network import Network
from corridor_net.network.checks import great_circle_km

from .figures import FOLLOW, KEY

FASTEST_SHIP_KMH = 100.0


class Fault(BadValue):
    """A fault of a cell of a network: `table`, `row_id`, `column`, and every row it is about."""

    def __init__(self, message: str, table: str, row_id: str, column: str, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.table, self.row_id, self.column = table, row_id, column
        self.touches = frozenset([(table, row_id), (table.removesuffix("_call"), row_id.rpartition(":")[0] or row_id)])


def faults_of(network: Network, rows: Collection[tuple[str, str]]) -> list[Any]:
    """Return the faults of rows given as (table, id)."""
    found: list[CorridorError] = []
    for table in sorted({table for table, _ in rows}):
        wanted = {row_id for other, row_id in rows if other == table}
        for row in network.rows(table):
            if getattr(row, KEY[table]) in wanted:
                for check in _CHECKS.get(table, ()):
                    found += check(network, table, row)
    return found


def _figures(network: Network, table: str, row: Any) -> Iterator[Fault]:
    if not row.holds_on(network.day):
        return
    name = getattr(row, KEY[table])
    for column, other in (("tariff_id", "tariff"), ("speed_id", "speed"), ("operation_id", "operation")):
        value = getattr(row, column, None)
        known = {getattr(r, column) for r in network.active(other)} if value is not None else set()
        if value is not None and value not in known:
            hint = did_you_mean(value, known, otherwise="a missing figure is never taken as 0")
            yield Fault(f"{column} '{value}' has no figure on {network.day}", table, name, column, hint)


def _length(network: Network, table: str, row: Any) -> Iterator[Fault]:
    a, b = network.nodes[row.from_node_id], network.nodes[row.to_node_id]
    straight = great_circle_km(a.x_coord, a.y_coord, b.x_coord, b.y_coord)
    if row.length_km < straight * 0.995:
        message = f"link '{row.link_id}' is {row.length_km:g} km long, the straight line {straight:.1f} km"
        yield Fault(message, table, row.link_id, "length_km", "correct the length or the ends")
    if a is b:
        yield Fault(f"link '{row.link_id}' begins and ends at {a.node_id}", table, row.link_id, "to_node_id")


def _gauge(network: Network, table: str, row: Any) -> Iterator[Fault]:  # noqa: ARG001
    if (row.mode == "rail") != bool(row.gauge_mm):
        what = "a railway without gauge_mm is never used" if row.mode == "rail" else f"a {row.mode} has no gauge"
        yield Fault(f"link '{row.link_id}': {what}", table, row.link_id, "gauge_mm", "1435, 1520 or both: '1435;1520'")


def _modes(network: Network, table: str, row: Any) -> Iterator[Fault]:
    """A tariff, speed or factor is of the mode of what uses it; a speed or factor is of the modes that use it now."""
    mode, name = row.mode if table == "link" else "sea", getattr(row, KEY[table])
    others = next((r.mode for r in network.rows("tariff") if r.tariff_id == row.tariff_id), mode)
    if others != mode:
        yield Fault(
            f"{table} '{name}' goes by {mode}, tariff '{row.tariff_id}' is for {others}", table, name, "tariff_id"
        )
    for column in ("speed_id", "emission_factor_id"):
        value = getattr(row, column)
        used = {r.mode for r in network.rows("link") if getattr(r, column) == value and r is not row}
        used |= {"sea" for r in network.rows("service") if getattr(r, column) == value and r is not row}
        if used and mode not in used:
            message = f"{table} '{name}' goes by {mode}, {column} '{value}' is of {' and '.join(sorted(used))}"
            yield Fault(message, table, name, column)


def _crossing(network: Network, table: str, row: Any) -> Iterator[Fault]:
    link = next((link for link in network.rows("link") if link.link_id == row.link_id), None)
    if link is None:
        return
    if {row.from_node_id, row.to_node_id} != {link.from_node_id, link.to_node_id}:
        message = f"crossing '{row.crossing_id}' does not join the ends of link '{link.link_id}'"
        yield Fault(message, table, row.crossing_id, "from_node_id", f"{link.from_node_id} and {link.to_node_id}")
    if row.mode != link.mode:
        yield Fault(f"crossing '{row.crossing_id}' is {row.mode}, its link {link.mode}", table, row.crossing_id, "mode")
    twins = [r for r in network.active("crossing") if (r.link_id, r.from_node_id) == (row.link_id, row.from_node_id)]
    if len(twins) > 1:
        names = " and ".join(f"'{twin.crossing_id}'" for twin in twins)
        yield Fault(f"crossings {names} are one way over one border", table, row.crossing_id, "link_id")


def _calls(network: Network, table: str, row: Any) -> Iterator[Fault]:  # noqa: ARG001
    last: tuple[float, Any] | None = None
    for call in network.calls.get(row.service_id, ()):
        for time in (call.arrival_hours, call.departure_hours):
            if time is None:
                continue
            if last is not None and (time < last[0] or (time == last[0] and last[1] is not call)):
                where = f"call {call.call_sequence} ({call.node_id}) at hour {time:g} after hour {last[0]:g}"
                message = f"service '{row.service_id}' is at {where}"
                name = f"{row.service_id}:{call.call_sequence}"
                yield Fault(message, "service_call", name, "arrival_hours", "hours count up from the first departure")
            last = (time, call)
    for here, there in itertools.pairwise(network.calls.get(row.service_id, ())):
        lane = network.lanes.get((here.node_id, there.node_id))
        if lane is None or here.departure_hours is None or there.arrival_hours is None:
            continue
        hours = there.arrival_hours - here.departure_hours
        if 0 < hours < lane.length_km / FASTEST_SHIP_KMH:
            message = f"service '{row.service_id}' sails {lane.length_km:.0f} km to {there.node_id} in {hours:g} h"
            name = f"{row.service_id}:{there.call_sequence}"
            yield Fault(message, "service_call", name, "arrival_hours", f"no ship goes {FASTEST_SHIP_KMH:g} km/h")


def _range(network: Network, table: str, row: Any) -> Iterator[Fault]:  # noqa: ARG001
    for (owner, column), ends in FOLLOW.items():
        if owner != table:
            continue
        value, low, high = getattr(row, column), getattr(row, ends[0]), getattr(row, ends[1])
        if (low is not None and low > value * (1 + 1e-9)) or (high is not None and high < value * (1 - 1e-9)):
            message = f"{column} {value:g} is outside its range {low} to {high}"
            yield Fault(message, table, getattr(row, KEY[table]), column)


def _money(network: Network, table: str, row: Any) -> Iterator[Fault]:
    if getattr(row, "quantity", "cost") != "cost":
        return
    rates = {(rate.currency, rate.year) for rate in network.rows("exchange_rate")}
    if (row.currency, row.price_year) not in rates:
        message = f"no exchange rate for '{row.currency}' {row.price_year}"
        yield Fault(message, table, getattr(row, KEY[table]), "currency")


_CHECKS = {
    "link": (_figures, _length, _gauge, _modes),
    "crossing": (_figures, _crossing),
    "terminal": (_figures,),
    "service": (_figures, _modes, _calls, _range),
    "operation": (_range, _money),
    "speed": (_range,),
    "tariff": (_money,),
}
