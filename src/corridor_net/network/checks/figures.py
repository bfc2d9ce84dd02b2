"""Checks of figures: they exist on the day, lie within their ranges, and have a currency with its rate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, repeat
from typing import Any

from corridor_net.errors import BadValue, UnknownName, did_you_mean
from corridor_net.network.network import Network
from corridor_net.network.rows import EmissionFactor, Operation, Tariff, Trade

from .fault import CheckFinding, Findings, Wanted, found, rows_of

NAMED = {"tariff_id": "tariff", "speed_id": "speed", "operation_id": "operation"}
NAMING = ("link", "crossing", "terminal", "service")
"""Tables whose rows name figures and hold on days; calls go with their service."""

ROUNDED = 0.01
"""By which share parts may add up to another value than the whole."""
NAMED_BY_ROWS = ("operation", "tariff", "speed", "emission_factor")
"""Tables whose figures are named by rows of table figure_name."""


def known_figures(network: Network) -> Findings:
    """Every tariff, speed and operation that is named exists on the network's day, tariffs for every unit of cargo.

    Of what holds on other days alone, that it exists on some day.
    """
    held = {column: {getattr(row, column) for row in network.active(other)} for column, other in NAMED.items()}
    units = sorted({cargo.cargo_unit for cargo in network.rows("cargo")})
    rates = {(row.tariff_id, row.cargo_unit) for row in network.active("tariff")}
    whole = {name for name in held["tariff_id"] if all((name, unit) in rates for unit in units)}
    good = {**held, "tariff_id": whole}
    yield from _never_there(network)
    for table, rows in _naming(network):
        for column, known in held.items():
            naming = [(row, value) for row in rows if (value := getattr(row, column, None))]
            if good[column].issuperset(value for _, value in naming):
                yield from repeat(None, len(naming))
                continue
            for row, value in naming:
                if value in good[column]:
                    yield None
                    continue
                lacking = [unit for unit in units if column == "tariff_id" and (value, unit) not in rates]
                of = f" for {' and '.join(lacking)}" if value in known else ""
                hint = "a missing figure is never taken as 0" if of else None
                hint = hint or did_you_mean(value, known, otherwise="a missing figure is never taken as 0")
                error = UnknownName(f"{column} '{value}' has no figure{of} on {network.day}", hint=hint)
                yield found(table, row, column, error, (NAMED[column], value))


def _never_there(network: Network) -> Findings:
    """Yield the rows of other days that name a figure of which there is no row of any day."""
    for column, other in NAMED.items():
        known = {getattr(row, column) for row in network.rows(other)}
        for table in NAMING:
            for row in network.rows(table):
                value = getattr(row, column, None)
                if value and value not in known and not row.holds_on(network.day):
                    hint = did_you_mean(value, known, otherwise="a missing figure is never taken as 0")
                    error = UnknownName(f"{column} '{value}' has no figure on any day", hint=hint)
                    yield found(table, row, column, error, (other, value))


def _naming(network: Network) -> Iterator[tuple[str, Sequence[Any]]]:
    for table in NAMING:
        yield table, network.active(table)
    calls = (network.calls.get(service.service_id, ()) for service in network.active("service"))
    yield "service_call", list(chain.from_iterable(calls))


def ranges(network: Network, wanted: Wanted = None) -> Findings:
    """Every range holds its value: low <= value <= high. Of a tariff the range is a share of it, so it holds 1.

    The speed of a timetable is not below the speed that is realised, which waits and stops are part of; the parts of
    an emission factor add up to it.
    """
    for row in rows_of(network, "speed", wanted):
        if row.schedule_kmh is not None and row.schedule_kmh < row.speed_kmh:
            text = f"schedule_kmh {row.schedule_kmh:g} is below speed_kmh {row.speed_kmh:g}"
            hint = "a timetable holds no queues: what is realised is not faster"
            yield found("speed", row, "schedule_kmh", BadValue(text, hint=hint))
    yield from _by_themselves(network, wanted)
    for table, value, low, high in (
        ("operation", "value", "value_low", "value_high"),
        ("speed", "speed_kmh", "speed_kmh_low", "speed_kmh_high"),
        ("emission_factor", "value", "value_low", "value_high"),
        ("service", "sailings_per_week", "sailings_low", "sailings_high"),
        ("tariff", "1", "range_low", "range_high"),
        ("cargo", "time_cost_pct_per_day", "time_cost_low", "time_cost_high"),
    ):
        for row in rows_of(network, table, wanted):
            v, lo, hi = getattr(row, value, 1.0), getattr(row, low), getattr(row, high)
            if (lo is None or lo <= v) and (hi is None or v <= hi):
                yield None
                continue
            column = low if value == "1" else value
            text = f"{value} {v} is outside its range {lo} to {hi}"
            if value == "1":
                text = f"the range {lo} to {hi} does not hold 1: it is a share of the tariff"
            yield found(table, row, column, BadValue(text))


def _by_themselves(network: Network, wanted: Wanted) -> Findings:
    """Yield what is wrong with parts of emission factors, and with the days that cargo keeps."""
    for factor in rows_of(network, "emission_factor", wanted):
        if factor.wtt is not None and factor.ttw is not None:
            yield _in_parts(factor)
    for row in rows_of(network, "cargo", wanted):
        if None not in (row.keeps_days_low, row.keeps_days_high) and row.keeps_days_low > row.keeps_days_high:
            text = f"'{row.cargo_id}' keeps from {row.keeps_days_low:g} to {row.keeps_days_high:g} days"
            error = BadValue(text, hint="keeps_days_low comes first in table cargo, and is the smaller")
            yield found("cargo", row, "keeps_days_low", error)


def _in_parts(factor: EmissionFactor) -> CheckFinding | None:
    """Return a fault for parts of a factor that do not add up to it."""
    whole = (factor.wtt or 0.0) + (factor.ttw or 0.0)
    if abs(whole - factor.value) <= ROUNDED * factor.value:
        return None
    text = f"wtt {factor.wtt:g} and ttw {factor.ttw:g} add up to {whole:g}, the value is {factor.value:g}"
    return found("emission_factor", factor, "wtt", BadValue(text, hint="correct one of the three"))


def projections(network: Network) -> Findings:
    """Every rule of table projection is for a group that its table has, and the only one for it."""
    rates = sorted({mode.rates_group for mode in network.vocabulary.modes.values()})
    groups = {"tariff": rates, "operation": ["cost", "hours"]}
    seen: set[tuple[str, str]] = set()
    for row in network.rows("projection"):
        known, key = groups.get(row.applies_to, []), (row.applies_to, row.group)
        if row.group and row.group not in known:
            hint = did_you_mean(row.group, known, otherwise="leave the group empty: it is then for the whole table")
            yield found(
                "projection", row, "group", UnknownName(f"{row.applies_to} has no group '{row.group}'", hint=hint)
            )
        elif key in seen:
            yield found("projection", row, "group", BadValue("a second rule for the same figures", hint="keep one"))
        else:
            yield None
        seen.add(key)


def figure_names(network: Network) -> Findings:
    """Every name is of a figure that is there, and its places are nodes or countries."""
    known = {table: {getattr(row, f"{table}_id") for row in network.rows(table)} for table in NAMED_BY_ROWS}
    places = {*network.nodes, *(row.country for row in network.rows("country"))}
    for row in network.rows("figure_name"):
        held = {"figure_id": known[row.applies_to], "place": places, "to_place": places}
        wrong = [name for name, ids in held.items() if getattr(row, name) and getattr(row, name) not in ids]
        if wrong:
            value = getattr(row, wrong[0])
            hint = did_you_mean(value, held[wrong[0]], otherwise="write the id of a node, or a country")
            yield found("figure_name", row, wrong[0], UnknownName(f"unknown {wrong[0]} '{value}'", hint=hint))
        else:
            yield None


def currencies(network: Network, wanted: Wanted = None) -> Findings:
    """Every cost has a currency and a price year with a rate and an index; hours and shares of a value have neither.

    Trade that is counted in money has a rate of its first year.
    """
    rates = {(row.currency, row.year) for row in network.rows("exchange_rate")}
    years = {row.year for row in network.rows("deflator")}
    priced = {rate for rate in rates if rate[1] in years}
    shares = set(network.vocabulary.components_where("per", "value"))
    for row in rows_of(network, "tariff", wanted):
        yield _money("tariff", row, priced)
    for row in rows_of(network, "operation", wanted):
        if row.quantity == "cost" and row.component not in shares:
            yield _money("operation", row, priced)
        elif row.currency or row.price_year is not None:
            yield found("operation", row, "currency", _of_no_currency(row))
        else:
            yield None
    for row in rows_of(network, "cargo", wanted):
        known = row.price_year in years
        yield None if known else found("cargo", row, "price_year", BadValue(f"no price index for {row.price_year}"))
    for row in rows_of(network, "market", wanted):
        money = row.trade_musd is not None or row.gdp is not None
        if money and row.price_year is not None and row.price_year not in years:
            yield found("market", row, "price_year", BadValue(f"no price index for {row.price_year}"))
        else:
            yield None
    for row in rows_of(network, "trade", wanted):
        yield _rated("trade", row, row.from_day.year, rates) if row.currency else None


def _of_no_currency(row: Operation) -> BadValue:
    if row.quantity == "hours":
        hint = "leave both empty, or write cost in place of hours"
        return BadValue(f"hours of '{row.operation_id}' have a currency or a price year", hint=hint)
    return BadValue(
        f"{row.component} of '{row.operation_id}' is in per cent of the value of the cargo, and has a currency",
        hint="leave currency and price_year empty; table component says that it is per value",
    )


def _rated(table: str, row: Operation | Tariff | Trade, year: int, rates: set[tuple[str, int]]) -> CheckFinding | None:
    if (row.currency, year) in rates:
        return None
    hint = did_you_mean(row.currency, {currency for currency, _ in rates}) if row.currency not in dict(rates) else None
    error = BadValue(
        f"no exchange rate or index for '{row.currency}' {year}",
        hint=hint or "add the year to exchange_rate.csv and deflator.csv",
    )
    return found(table, row, "currency", error)


def _money(table: str, row: Operation | Tariff, priced: set[tuple[str, int]]) -> CheckFinding | None:
    if not row.currency or row.price_year is None:
        lacking = "currency" if not row.currency else "price_year"
        return found(table, row, lacking, BadValue(f"money without a {lacking.replace('_', ' ')}"))
    return _rated(table, row, row.price_year, priced)
