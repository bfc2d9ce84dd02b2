"""Checks of what goes by year: rates held against those of other years, none missing or turned; services dated."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from math import exp, log
from statistics import median

from corridor_net.errors import BadValue
from corridor_net.network.network import Network
from corridor_net.network.rows import Deflator, ExchangeRate

from .fault import Findings, found, ref

JUMP = {"exchange_rate": 3.0, "deflator": 1.5}
"""From one year to the next a rate or an index may change by this factor at most."""

DAY = timedelta(days=1)
FIRST_DAY = "write since when it runs into valid_from, as others do: without it, it would run in every year"

APART = 2.0
"""A rate may differ by this factor at most from the shipped one of its currency and year."""


def exchange_rates(network: Network) -> Findings:
    """Every series of rates has all its years, no jumps, and is in units per dollar, not dollars per unit."""
    series: dict[str, list[ExchangeRate]] = {}
    for row in network.rows("exchange_rate"):
        series.setdefault(row.currency, []).append(row)
    for currency, rows in series.items():
        rows.sort(key=lambda row: row.year)
        yield from _currency(currency, rows)
    index = sorted(network.rows("deflator"), key=lambda row: row.year)
    yield from _series("deflator", "usd_index", "the price index", index)


def series(network: Network) -> Findings:
    """No rate or speed has days without a row between two of its periods."""
    for table, key in (("tariff", ("tariff_id", "cargo_unit")), ("speed", ("speed_id",))):
        rows = sorted(
            network.rows(table), key=lambda row: (*(getattr(row, name) for name in key), row.valid_from or date.min)
        )
        for before, row in itertools.pairwise(rows):
            same = all(getattr(before, name) == getattr(row, name) for name in key)
            if not same or before.valid_to is None or row.valid_from is None or row.valid_from - before.valid_to <= DAY:
                yield None
                continue
            error = BadValue(
                f"{'/'.join(getattr(row, name) for name in key)} has no row from {before.valid_to + DAY} to"
                f" {row.valid_from - DAY}",
                hint="add the period, or let the one before it last",
            )
            yield found(table, row, "valid_from", error, ref(table, before))


def dated_services(network: Network) -> Findings:
    """Where services have dates each has a first day: none runs in all years merely because nothing is known of it."""
    rows = network.rows("service")
    dated = any(row.valid_from for row in rows)
    for row in rows:
        if row.valid_from or not dated:
            yield None
            continue
        error = BadValue(f"service '{row.service_id}' has no first day", hint=FIRST_DAY)
        yield found("service", row, "valid_from", error)


def _currency(currency: str, rows: list[ExchangeRate]) -> Findings:
    column = "units_per_usd"
    if currency == "USD":
        for row in rows:
            error = BadValue(f"a US dollar is 1 US dollar, not {row.units_per_usd:g}")
            yield None if row.units_per_usd == 1 else found("exchange_rate", row, column, error)
        return
    turned = _turned(currency, rows)
    for row in turned:
        error = BadValue(
            f"{row.units_per_usd:g} {currency} a dollar in {row.year} looks turned round:"
            f" {1 / row.units_per_usd:,.4g} would agree with the other years",
            hint="write units of the currency per US dollar",
        )
        yield found("exchange_rate", row, column, error)
    for row in rows:
        shipped = _shipped().get((currency, row.year))
        if shipped is not None and row not in turned and abs(log(row.units_per_usd / shipped)) > log(APART):
            error = BadValue(
                f"{row.units_per_usd:g} {currency} a dollar in {row.year} is far from {shipped:g}, the shipped rate",
                hint="compare the rate with its source",
            )
            yield found("exchange_rate", row, column, error)
    yield from _series("exchange_rate", column, f"the rate of {currency}", rows, turned)


def _turned(currency: str, rows: list[ExchangeRate]) -> list[ExchangeRate]:
    """Return the rates whose reciprocal is far nearer to the middle of the other years, or of the shipped series."""
    logs = [log(row.units_per_usd) for row in rows]
    known = [log(rate) for (name, _), rate in _shipped().items() if name == currency]
    if not known and len(rows) < 3:
        return []
    middle = median(known or logs)
    return [row for row, value in zip(rows, logs, strict=True) if _is_turned(value, middle)]


def _is_turned(value: float, middle: float) -> bool:
    return abs(value - middle) > log(JUMP["exchange_rate"]) and abs(-value - middle) < abs(value - middle)


@cache
def _shipped() -> dict[tuple[str, int], float]:
    """Return the shipped rates by currency and year."""
    from corridor_net.network.reading.read import shipped_rows

    return {(row.currency, row.year): row.units_per_usd for row in shipped_rows("exchange_rate")}


def _series(
    table: str,
    column: str,
    name: str,
    rows: Sequence[ExchangeRate | Deflator],
    turned: Sequence[ExchangeRate | Deflator] = (),
) -> Findings:
    for before, row in itertools.pairwise(rows):
        if row.year > before.year + 1:
            first, last = before.year + 1, row.year - 1
            lacking = f"{first}" if first == last else f"{first} to {last}"
            error = BadValue(f"{name} has no {lacking}", hint="a series has every year from its first to its last")
            yield found(table, row, "year", error, ref(table, before))
    good = [row for row in rows if row not in turned]
    if good:
        yield None
    for before, row in itertools.pairwise(good):
        years, change = row.year - before.year, log(getattr(row, column) / getattr(before, column))
        if not years or abs(change) <= log(JUMP[table]) * years:
            yield None
            continue
        error = BadValue(
            f"{name} changes {exp(abs(change)):,.3g}-fold from {before.year} to {row.year}",
            hint="compare the two years with their source",
        )
        yield found(table, row, column, error, ref(table, before))
