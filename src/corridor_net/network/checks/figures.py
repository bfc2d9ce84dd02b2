"""Checks of figures: they exist on the day, lie within their ranges, and have a currency with its rate."""

from __future__ import annotations

from corridor_net.errors import BadValue, UnknownName, did_you_mean
from corridor_net.network.network import Network

from .fault import Findings, found

NAMED = {"tariff_id": "tariff", "speed_id": "speed", "operation_id": "operation"}


def known_figures(network: Network) -> Findings:
    """Every tariff, speed, operation and factor that is named exists on the network's day."""
    held = {column: {getattr(row, column) for row in network.active(other)} for column, other in NAMED.items()}
    for table in ("link", "crossing", "terminal", "service"):
        for row in network.active(table):
            for column, known in held.items():
                value = getattr(row, column, None)
                if value is None:
                    continue
                if value in known:
                    yield None
                    continue
                hint = did_you_mean(value, known, otherwise="a missing figure is never taken as 0")
                error = UnknownName(f"{column} '{value}' has no figure on {network.day}", hint=hint)
                yield found(network, table, row, column, error, (NAMED[column], value))


def ranges(network: Network) -> Findings:
    """Every range holds its value: low <= value <= high."""
    for table, value, low, high in (
        ("operation", "value", "value_low", "value_high"),
        ("speed", "speed_kmh", "speed_kmh_low", "speed_kmh_high"),
        ("emission_factor", "value", "value_low", "value_high"),
    ):
        for row in network.rows(table):
            v, lo, hi = getattr(row, value), getattr(row, low), getattr(row, high)
            if (lo is None or lo <= v) and (hi is None or v <= hi):
                yield None
                continue
            yield found(network, table, row, value, BadValue(f"{value} {v} is outside its range {lo} to {hi}"))


def currencies(network: Network) -> Findings:
    """Every cost has a currency and a price year, and these have a rate and an index."""
    rates = {(row.currency, row.year) for row in network.rows("exchange_rate")}
    years = {row.year for row in network.rows("deflator")}
    for table in ("operation", "tariff"):
        for row in network.rows(table):
            if getattr(row, "quantity", "cost") != "cost":
                continue
            if row.currency and (row.currency, row.price_year) in rates and row.price_year in years:
                yield None
                continue
            error = BadValue(f"no exchange rate or index for '{row.currency}' {row.price_year}")
            yield found(network, table, row, "currency", error)
