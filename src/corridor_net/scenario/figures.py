"""Which figures a change can name, and in what unit each is: tables, columns, money. No change is made here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from corridor_net.errors import BadValue
from corridor_net.network import Network
from corridor_net.network.rows import ROW_ID, ROW_TYPES, Operation, Row, Tariff

CHANGED = ("link", "crossing", "terminal", "service", "tariff", "speed", "operation", "season")
KEY = {table: ROW_ID[table][0] for table in CHANGED}
"""The tables a change can name, and the column that names their rows."""
FIGURES = ("tariff", "speed", "operation")
"""Tables of figures, shared by the rows that name them; the same id has a row for each period and cargo unit."""
BORROWED = {
    ("link", "speed_kmh"): ("speed", "speed_id"),
    ("link", "schedule_kmh"): ("speed", "speed_id"),
    ("link", "per_km"): ("tariff", "tariff_id"),
    ("service", "speed_kmh"): ("speed", "speed_id"),
    ("service", "fixed"): ("tariff", "tariff_id"),
    ("service", "per_km"): ("tariff", "tariff_id"),
}
"""Fields that live in another table: changing them for some rows gives these rows a figure of their own."""
OPERATED = ("crossing", "terminal")
"""Tables whose hours and money live in table operation, by component."""
FOLLOW = {
    ("operation", "value"): ("value_low", "value_high"),
    ("speed", "speed_kmh"): ("speed_kmh_low", "speed_kmh_high", "schedule_kmh"),
    ("service", "sailings_per_week"): ("sailings_low", "sailings_high"),
}
"""What is multiplied along with a figure: its range, and for a speed that of the timetable."""
BY_UNIT = {("tariff", "fixed"), ("tariff", "per_km"), ("operation", "value")}
"""Figures of one cargo unit, where a row names one. The range of a tariff is a factor: the same for all units."""
CARRY_MONEY = ("fixed", "per_km", "value")
"""Columns whose change may put their row into another currency and price year."""
NOT_SET = ("source_id", "grade", "basis", "line", "currency", "price_year")
"""Columns that no change sets as a field: a label is not changed without the number it is about. Its own `source`,
`grade`, `currency` and `price_year` are written there with the value."""
IDENTITY = {"operation": ("component", "quantity", "cargo_unit"), "tariff": ("cargo_unit",)}
"""Columns that say which figure a row is: no change sets them either."""


def settable(table: str) -> list[str]:
    """Return the columns of a table that a change can set."""
    fixed = (KEY[table], *NOT_SET, *IDENTITY.get(table, ()))
    return [f.name for f in fields(ROW_TYPES[table]) if f.name not in fixed]


def known_fields(table: str) -> list[str]:
    """Return every name that `field` may have for a table."""
    borrowed = [name for other, name in BORROWED if other == table]
    return [*borrowed, *settable(table), *(("hours", "cost") if table in OPERATED else ())]


@dataclass(frozen=True, slots=True)
class Money:
    """A currency and the year of its prices."""

    currency: str
    price_year: int | None

    def __str__(self) -> str:
        return f"{self.currency} of {self.price_year}"


def money_of(row: Row, column: str) -> Money | None:
    """Return the money a figure is in, None where it is none."""
    if isinstance(row, Operation) and column.startswith("value") and row.quantity == "cost" and row.currency:
        return Money(row.currency, row.price_year)
    if isinstance(row, Tariff) and column in ("fixed", "per_km"):
        return Money(row.currency, row.price_year)
    return None


def unit_of(row: Row, column: str) -> str:
    """Return the unit a figure is in, as text: money with its year, h, km/h, km; '' for what has none."""
    money = money_of(row, column)
    if money is not None:
        return str(money)
    if isinstance(row, Operation) and column.startswith("value"):
        return "h" if row.quantity == "hours" else "% of value"
    if column.endswith("hours"):
        return "h"
    return next((unit for ending, unit in (("_kmh", "km/h"), ("_km", "km")) if column.endswith(ending)), "")


def amount(value: Any, unit: str) -> str:
    """Return a value with its unit, for messages.

    >>> amount(400.0, "CNY of 2018"), amount("24h", ""), amount(0.3, "% of value")
    ('400 CNY of 2018', '24h', '0.3% of value')
    """
    text = f"{value:.10g}" if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)
    return f"{text} {unit}".strip().replace(" %", "%")


def read_amount(text: str) -> tuple[float, Money] | None:
    """Return what '400 CNY of 2018' says, None for any other text.

    >>> read_amount("61.5 USD of 2019")
    (61.5, Money(currency='USD', price_year=2019))
    """
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?) ([A-Z]{3}) (?:of )?([0-9]{4})", text)
    return (float(found[1]), Money(found[2], int(found[3]))) if found else None


def converted(network: Network, value: float, of: Money, into: Money) -> float:
    """Return money in another currency and year: at the rate of its own year into US dollars, by the price index of
    the dollar to the other year, then at the rate of that year.

    `value / rate[of] x index[into.year] / index[of.year] x rate[into]`, as `costing.money` does it with `into` in
    US dollars. Raises BadValue where a rate or an index is missing.
    """
    if of == into:
        return value
    rates = {(row.currency, row.year): row.units_per_usd for row in network.rows("exchange_rate")}
    index = {row.year: row.usd_index for row in network.rows("deflator")}
    for money in (of, into):
        if (money.currency, money.price_year) not in rates or money.price_year not in index:
            raise BadValue(
                f"no exchange rate or price index for {money}",
                hint=_currencies(money, rates),
            )
    ends = [(rates[m.currency, m.price_year], index[m.price_year]) for m in (of, into)]
    return float(value / ends[0][0] * ends[1][1] / ends[0][1] * ends[1][0])


def _currencies(money: Money, rates: Iterable[tuple[str, int]]) -> str:
    known = sorted({currency for currency, _ in rates})
    years = sorted({year for currency, year in rates if currency == money.currency})
    return f"{money.currency} is known from {years[0]} to {years[-1]}" if years else f"currencies: {', '.join(known)}"


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same, numbers but for rounding."""
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return abs(one - other) <= 1e-9 * max(1.0, abs(one), abs(other))
    return bool(one == other)
