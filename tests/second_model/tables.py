"""The tables as they stand in the files, what holds on a day, and money."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

Row = dict[str, Any]
Tables = dict[str, list[Row]]
"""Rows by table. Cells are the text of the file; a scenario may put numbers in their place."""


def read(folder: Path) -> Tables:
    """Return every table of a folder."""
    tables = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            tables[path.stem] = list(csv.DictReader(file))
    return tables


def number(row: Row, column: str, otherwise: float | None = None) -> float:
    """Return a cell as a number; where it is empty, `otherwise`, which must then be given."""
    cell = row.get(column)
    if cell is None or cell == "":
        if otherwise is None:
            raise ValueError(f"{column} is empty in {row}")
        return otherwise
    return float(cell)


def holds(row: Row, day: date) -> bool:
    """Whether a dated row holds on a day; both its ends are included."""
    return (row.get("valid_from") or "0000") <= str(day) <= (row.get("valid_to") or "9999")


def sails(service: Row) -> bool:
    """Whether a service is taken as running in its period: it is open, or not known and as likely as not."""
    state = service.get("state") or "open"
    return state == "open" or (state == "unknown" and number(service, "probability_open", 0.0) >= 0.5)


def season_holds(season: Row, day: date) -> bool:
    """Whether a season holds on a day; 29 February counts as 28 February."""
    today = "02-28" if f"{day:%m-%d}" == "02-29" else f"{day:%m-%d}"
    first, last = season["from_month_day"], season["to_month_day"]
    if first <= last:
        return bool(first <= today <= last)
    return bool(today >= first or today <= last)


class Prices:
    """Money of any currency and year in dollars of one year."""

    def __init__(self, tables: Tables, year: int) -> None:
        self.rate = {(r["currency"], int(r["year"])): number(r, "units_per_usd") for r in tables["exchange_rate"]}
        self.index = {int(r["year"]): number(r, "usd_index") for r in tables["deflator"]}
        self.year = year

    def usd(self, amount: float, currency: str, price_year: Any) -> float:
        """Return an amount in dollars of `year`."""
        dollars = amount / self.rate[currency, int(price_year)]
        return dollars * self.index[self.year] / self.index[int(price_year)]
