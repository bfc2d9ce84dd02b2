"""Days beyond the data: what holds on the last day of it goes on by the rules of table `projection`. No prices.

A rule names a table and, within it, a group: of tariffs the group that their mode moves with, of operations `cost` or
`hours`. A rule without a group is for all that no other rule of its table names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from .rows import Dated, Operation, SomeRow, TableRow, Tariff

if TYPE_CHECKING:
    from .network import Network
    from .rows import Projection

CHANGED: dict[str, tuple[str, ...]] = {
    "tariff": ("fixed", "per_km", "surcharge"),
    "operation": ("value", "value_low", "value_high"),
    "speed": ("speed_kmh", "speed_kmh_low", "speed_kmh_high", "schedule_kmh"),
    "service": ("sailings_per_week", "sailings_low", "sailings_high"),
    "emission_factor": ("value", "value_low", "value_high", "wtt", "ttw"),
    "cargo": ("time_cost_pct_per_day", "time_cost_low", "time_cost_high"),
}
"""The columns that a change by the year multiplies, by table."""

Rules = Mapping[tuple[str, str], "Projection"]


def rule_of(rules: Rules, table: str, group: str) -> Projection | None:
    """Return the rule of a figure: that of its group, else that of its table; None where neither is there."""
    return rules.get((table, group)) or rules.get((table, ""))


def carried(network: Network, years: int) -> dict[str, Sequence[Any]]:
    """Return the tables of the network as they go on to so many years beyond its data.

    A row that holds to the last day of the data, or that a rule changes by the year, has a successor from the next day
    on, until another of its key begins. A network that is beyond its data itself has them: these are changed again.
    """
    found = dict(network.tables)
    for table, rows in network.tables.items():
        if rows and isinstance(rows[0], Dated):
            key = (network.package.tables[table].unique_in_time or ((f"{table}_id",),))[0]
            found[table] = tuple(_dated(network, table, years, key))
        elif table in CHANGED:
            found[table] = tuple(_changed(network, table, row, years) for row in rows)
    return found


def _dated(network: Network, table: str, years: int, key: Sequence[str]) -> Iterator[Any]:
    last = network.days[1]
    first = last + timedelta(days=1)
    later: dict[tuple[Any, ...], date] = {}
    for row in network.tables[table]:
        if row.valid_from is not None and row.valid_from > last:
            name = _named(row, key)
            later[name] = min(row.valid_from, later.get(name, row.valid_from))
    for row in network.tables[table]:
        if network.years_beyond and row.valid_from == first:
            yield _changed(network, table, row, years)
            continue
        next_one = later.get(_named(row, key))
        changed = _changed(network, table, row, years)
        if not Dated.holds_on(row, last) or next_one == first or (changed is row and row.valid_to != last):
            yield row
            continue
        end = row.valid_to if row.valid_to != last else None
        if next_one is not None:
            end = min(next_one - timedelta(days=1), end or date.max)
        yield replace(row, valid_to=last)
        yield replace(changed, valid_from=first, valid_to=end)


def _named(row: Dated, key: Sequence[str]) -> tuple[Any, ...]:
    return tuple(getattr(row, column) for column in key)


def _changed(network: Network, table: str, row: SomeRow, years: int) -> SomeRow:
    """Return a row with its figures changed from the network's years to `years`; the row itself where nothing is."""
    rule = rule_of(network.projections, table, _group(network, row)) if table in CHANGED else None
    factor = (1 + rule.change_pct_per_year / 100) ** (years - network.years_beyond) if rule else 1.0
    if factor == 1.0:
        return row
    figures = {column: getattr(row, column) for column in CHANGED[table]}
    return replace(row, **{column: value * factor for column, value in figures.items() if value is not None})


def _group(network: Network, row: TableRow) -> str:
    if isinstance(row, Tariff):
        mode = network.vocabulary.modes.get(row.mode)
        return mode.rates_group if mode else ""
    return row.quantity if isinstance(row, Operation) else ""
