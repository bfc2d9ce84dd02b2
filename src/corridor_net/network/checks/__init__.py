"""The named checks of a network: each returns every fault it finds, with its cell and place.

They look at any `Network`: one read from a folder, one changed by a scenario, one made in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from corridor_net.errors import CorridorError, DataFault, RowRef, UnknownName, did_you_mean
from corridor_net.network.files.faults import Faults
from corridor_net.network.network import Network
from corridor_net.network.rows import ROW_TYPES

from .claims import claims
from .effect import effect
from .fault import Findings
from .figures import currencies, figure_names, known_figures, projections, ranges
from .lengths import closed_waters, lane_lengths, lanes_at_sea, link_lengths
from .provenance import FIGURES, provenance
from .rates import dated_services, exchange_rates, series
from .rows import cells, drawings, keys, names
from .ways import borders, modes, reachable_markets, seasons, service_states, time_zones, timetables

__all__ = ["CHECKS", "STRICT", "Check", "check_network", "faults_of"]


@dataclass(frozen=True, slots=True)
class Check:
    """A named check, and the tables whose rows can break it; `by_row`: it can be asked about some rows alone."""

    run: Callable[..., Findings]
    tables: frozenset[str]
    by_row: bool = False


def _check(run: Callable[..., Findings], *tables: str, by_row: bool = False) -> Check:
    return Check(run, frozenset(tables), by_row)


CHECKS: dict[str, Check] = {
    "cells": _check(cells, *ROW_TYPES, by_row=True),
    "keys": _check(keys, *ROW_TYPES, by_row=True),
    "names": _check(names, "node", "node_name"),
    "drawings": _check(drawings, "link", "geometry", "sea_lane", by_row=True),
    "known-figures": _check(known_figures, "link", "crossing", "terminal", "service", "service_call", "tariff",
                            "speed", "operation", "cargo"),
    "link-lengths": _check(link_lengths, "link", "node", by_row=True),
    "lane-lengths": _check(lane_lengths, "sea_lane", "node"),
    "lanes-at-sea": _check(lanes_at_sea, "sea_lane"),
    "closed-waters": _check(closed_waters, "sea_lane", "closed_water", "node"),
    "border-crossings": _check(borders, "link", "crossing"),
    "modes": _check(modes, "link", "crossing", "service", "service_call", "tariff", "speed", "mode", "vehicle"),
    "effect": _check(effect, "link", "sea_lane", "terminal", "mode", "service", "service_call",
                     by_row=True),
    "ranges": _check(ranges, "operation", "speed", "emission_factor", "service", "tariff",
                     "cargo", by_row=True),
    "figure-names": _check(figure_names, "figure_name", "operation", "tariff", "speed", "emission_factor", "node",
                           "country"),
    "projections": _check(projections, "projection", "mode"),
    "currencies": _check(currencies, "operation", "tariff", "cargo", "market", "component", "trade", by_row=True),
    "exchange-rates": _check(exchange_rates, "exchange_rate", "deflator"),
    "seasons": _check(seasons, "season", "terminal"),
    "service-states": _check(service_states, "service"),
    "timetables": _check(timetables, "service", "service_call"),
    "time-zones": _check(time_zones, "node", "country"),
    "reachable-markets": _check(reachable_markets, "market"),
}  # fmt: skip
"""Name to check; `corridor-net check` runs them all. Unknown names, doubled keys and columns are found when reading."""
STRICT: dict[str, Check] = {
    "provenance": _check(provenance, *FIGURES),
    "series": _check(series, "tariff", "speed"),
    "dated-services": _check(dated_services, "service"),
    "claims": _check(claims, "published"),
}
"""Checks that only `corridor-net check --strict` runs: a network that breaks them gives answers all the same."""


def check_network(network: Network, only: str | None = None, *, strict: bool = False) -> dict[str, int]:
    """Run the named checks, with `strict` those of `STRICT` too; return how many things each looked at.

    Raises DataFault with the faults of every check, UnknownName for a check that is not there.
    """
    known = CHECKS | STRICT if strict else CHECKS
    if only is not None and only not in known:
        raise UnknownName(f"unknown check '{only}'", hint=did_you_mean(only, known))
    counts, faults = {}, Faults()
    for name, check in known.items():
        if only in (None, name):
            counts[name] = _run(name, check, network, faults)
    if faults:
        raise DataFault(f"{len(faults)} fault(s) in the network", faults=faults.all())
    return counts


def faults_of(network: Network, rows: Collection[RowRef] | None = None) -> list[CorridorError]:
    """Return the faults of a network without raising; with `rows`, only those about one of these rows.

    A row is (table, id), the id as `network.rows.row_id` gives it. Checks that cannot be broken by the tables of
    `rows` are not run. Each fault has `table`, `row_id`, `column`, and `touches`, all rows it is about; its place is
    None where the row stands in no file, and `fault.moved(place)` gives it one. Of more than twenty faults of a kind
    the last says how many more there are.
    """
    tables = None if rows is None else {table for table, _ in rows}
    wanted = None if rows is None else frozenset(rows)
    faults = Faults()
    for name, check in CHECKS.items():
        if tables is None or check.tables & tables:
            _run(name, check, network, faults, wanted)
    return faults.all()


def _run(name: str, check: Check, network: Network, faults: Faults, wanted: frozenset[RowRef] | None = None) -> int:
    good = 0
    for finding in check.run(network, wanted) if check.by_row else check.run(network):
        if finding is None:
            good += 1
        elif wanted is None or finding.touches(wanted):
            faults.add((name, finding.table, finding.column), finding.fault, network)
    return good
