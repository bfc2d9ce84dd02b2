"""Scenario files, read and laid over the tables: set, scale, shift, add, close, open."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from .tables import Row, Tables, holds, number

KEY = {
    "link": "link_id",
    "crossing": "crossing_id",
    "terminal": "terminal_id",
    "service": "service_id",
    "tariff": "tariff_id",
    "speed": "speed_id",
    "operation": "operation_id",
}
SHARED = {
    ("link", "speed_kmh"): "speed",
    ("link", "schedule_kmh"): "speed",
    ("link", "per_km"): "tariff",
    ("service", "speed_kmh"): "speed",
    ("service", "fixed"): "tariff",
    ("service", "per_km"): "tariff",
    ("crossing", "hours"): "operation",
    ("crossing", "cost"): "operation",
    ("terminal", "hours"): "operation",
    ("terminal", "cost"): "operation",
}
"""Fields of a table whose figure stands in another one."""

ALONG = {
    "value": ("value_low", "value_high"),
    "speed_kmh": ("speed_kmh_low", "speed_kmh_high", "schedule_kmh"),
    "sailings_per_week": ("sailings_low", "sailings_high"),
}
"""What is multiplied as a field is."""


class Scenario:
    """A file, with the changes of what it extends in front: the day it is for, and (where from, change) in order."""

    def __init__(self, path: Path) -> None:
        file = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        extends = file.get("extends", [])
        self.day: date | None = file.get("as_of")
        self.changes: dict[tuple[str, int], dict[str, Any]] = {}
        for name in [extends] if isinstance(extends, str) else extends:
            self.add(Scenario(path.with_name(f"{name}.yaml")))
        self.changes.update({(file["scenario"], n): change for n, change in enumerate(file.get("changes", []))})

    def add(self, other: Scenario) -> None:
        """Take the changes of another scenario, each once."""
        self.day = self.day or other.day
        self.changes = {**self.changes, **{k: c for k, c in other.changes.items() if k not in self.changes}}


def applied(tables: Tables, day: date, scenarios: list[Scenario]) -> Tables:
    """Return the tables with the changes of scenarios made in order, as seen on a day; those given stay as they are."""
    together: dict[tuple[str, int], dict[str, Any]] = {}
    for scenario in scenarios:
        for key, change in scenario.changes.items():
            together.setdefault(key, change)
    if not together:
        return tables
    changed = {name: rows if name == "sea_lane" else deepcopy(rows) for name, rows in tables.items()}
    copies = count()
    for change in together.values():
        _apply(changed, day, change, copies)
    return changed


def _apply(tables: Tables, day: date, change: dict[str, Any], copies: count[int]) -> None:
    verb = next(v for v in ("set", "scale", "shift", "add", "close", "open") if v in change)
    table = change[verb]
    if verb == "add":
        _add(tables, table, change)
        return
    rows = [row for row in tables[table] if _named(row, change["where"])]
    if not rows and not change.get("optional"):
        raise ValueError(f"nothing matches {change}")
    if verb == "close":
        closed = {id(row) for row in rows if holds(row, day)}
        tables[table] = [row for row in tables[table] if id(row) not in closed]
    elif verb == "open":
        for row in rows:
            if not holds(row, day):
                row.update(valid_from="", valid_to="")
    elif (table, change["field"]) in SHARED:
        for row in rows:
            _edit_shared(tables, row, SHARED[table, change["field"]], day, change, copies)
    else:
        for row in rows:
            wanted = change.get("component") in (None, row.get("component"))
            if wanted and (table not in ("tariff", "speed", "operation") or holds(row, day)):
                _edit(row, change["field"], change)


def _named(row: Row, where: dict[str, Any]) -> bool:
    for column, values in where.items():
        cell, listed = str(row[column]), values if isinstance(values, list) else [values]
        if not any(cell.startswith(v[:-1]) if v.endswith("*") else cell == v for v in map(str, listed)):
            return False
    return True


def _edit_shared(tables: Tables, owner: Row, table: str, day: date, change: dict[str, Any], copies: count[int]) -> None:
    """Give a row a copy of its own of the figures it points at, and change those."""
    key, field = KEY[table], change["field"]
    mine = [dict(row) for row in tables[table] if row[key] == owner[key]]
    owner[key] = f"{owner[key]}+{next(copies)}"
    for row in mine:
        row[key] = owner[key]
        if not holds(row, day):
            continue
        if table != "operation":
            _edit(row, field, change)
        elif (row["component"], row["quantity"]) == (change["component"], field):
            _edit(row, "value", change)
    tables[table].extend(mine)


def _edit(row: Row, field: str, change: dict[str, Any]) -> None:
    if "was" in change and str(row[field]) != str(change["was"]) and float(row[field]) != float(change["was"]):
        raise ValueError(f"{field} is {row[field]}, not {change['was']}")
    if "set" in change:
        new: Any = change["value"]
    elif "scale" in change:
        new = number(row, field) * change["by"]
    else:
        new = number(row, field) + change["by"]
    for other in ALONG.get(field, ()):
        if row.get(other) not in (None, "") and number(row, field):
            row[other] = number(row, other) * new / number(row, field)
    row[field] = new
    for unit in ("currency", "price_year"):
        if unit in change:
            row[unit] = change[unit]


def _add(tables: Tables, table: str, change: dict[str, Any]) -> None:
    usual = {"directed": 0, "circular": 0, "carries": "container", "valid_from": "", "valid_to": "", "gauge_mm": ""}
    row = {**usual, **{column: value for column, value in change["row"].items() if value is not None}}
    tables[table].append(row)
    for place, call in enumerate(change.get("calls", []), 1):
        tables["service_call"].append(
            {
                "service_id": row["service_id"],
                "call_sequence": place,
                "node_id": call["node"],
                "arrival_hours": call.get("arrival_hours", ""),
                "departure_hours": call.get("departure_hours", ""),
                "tariff_id": "",
            }
        )
