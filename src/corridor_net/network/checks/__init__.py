"""The named checks of a network: each returns every fault it finds, with its cell and place.

They look at any `Network`: one read from a folder, one changed by a scenario, one made in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from corridor_net.errors import CorridorError, DataFault, RowRef, UnknownName, did_you_mean
from corridor_net.network.network import Network

from .fault import Findings
from .figures import currencies, known_figures, ranges
from .lengths import lane_lengths, lane_pairs, lanes_at_sea, link_lengths
from .ways import borders, reachable_markets, timetables

__all__ = ["CHECKS", "Check", "check_network", "faults_of"]


@dataclass(frozen=True, slots=True)
class Check:
    """A named check, and the tables whose rows can break it."""

    run: Callable[[Network], Findings]
    tables: frozenset[str]


def _check(run: Callable[[Network], Findings], *tables: str) -> Check:
    return Check(run, frozenset(tables))


CHECKS: dict[str, Check] = {
    "known-figures": _check(known_figures, "link", "crossing", "terminal", "service", "tariff", "speed", "operation"),
    "link-lengths": _check(link_lengths, "link"),
    "lane-lengths": _check(lane_lengths, "sea_lane"),
    "lane-pairs": _check(lane_pairs, "sea_lane"),
    "lanes-at-sea": _check(lanes_at_sea, "sea_lane"),
    "borders": _check(borders, "link", "crossing"),
    "ranges": _check(ranges, "operation", "speed", "emission_factor"),
    "currencies": _check(currencies, "operation", "tariff"),
    "timetables": _check(timetables, "service", "service_call"),
    "reachable-markets": _check(reachable_markets, "market"),
}
"""Name to check; `corridor-net check` runs them all. Unknown nodes, units and columns are found when reading."""


def check_network(network: Network, only: str | None = None) -> dict[str, int]:
    """Run the named checks; return how many things each looked at.

    Raises DataFault with every fault of every check, UnknownName for a check that is not there.
    """
    if only is not None and only not in CHECKS:
        raise UnknownName(f"unknown check '{only}'", hint=did_you_mean(only, CHECKS))
    counts, faults = {}, []
    for name, check in CHECKS.items():
        if only in (None, name):
            found = list(check.run(network))
            counts[name] = sum(1 for fault in found if fault is None)
            faults += [fault for fault in found if fault is not None]
    if faults:
        raise DataFault(f"{len(faults)} fault(s) in the network", faults=faults)
    return counts


def faults_of(network: Network, rows: Collection[RowRef] | None = None) -> list[CorridorError]:
    """Return the faults of a network without raising; with `rows`, only those about one of these rows.

    A row is (table, id), the id as `network.rows.row_id` gives it. Checks that cannot be broken by the tables of
    `rows` are not run. Each fault has `table`, `row_id`, `column`, and `touches`, all rows it is about; its place is
    None where the row stands in no file, and `fault.moved(place)` gives it one.
    """
    tables = None if rows is None else {table for table, _ in rows}
    wanted = None if rows is None else frozenset(rows)
    return [
        fault
        for check in CHECKS.values()
        if tables is None or check.tables & tables
        for fault in check.run(network)
        if fault is not None and (wanted is None or fault.touches & wanted)
    ]
