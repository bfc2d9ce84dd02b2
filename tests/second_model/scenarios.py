"""Scenario files, read and laid over the tables: set, scale, shift, add, close, open (docs/scenarios.md)."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from itertools import count, pairwise
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from .tables import Prices, Row, Tables, holds, sails

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
PRICED = ("fixed", "per_km", "value", "value_low", "value_high")
USUAL = {"directed": 0, "circular": 0, "carries": "container", "valid_from": "", "valid_to": "", "gauge_mm": ""}
"""What an added row is where it does not say."""
Change = dict[str, Any]


class Scenario:
    """A file, with the changes of what it extends in front: the day it is for, and (where from, change) in order."""

    def __init__(self, path: Path) -> None:
        file = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        extends = file.get("extends", [])
        self.day: date | None = file.get("as_of")
        self.changes: dict[tuple[str, int], Change] = {}
        for name in [extends] if isinstance(extends, str) else extends:
            other = Scenario(path.with_name(f"{name}.yaml"))
            self.day = self.day or other.day
            self.changes |= {key: change for key, change in other.changes.items() if key not in self.changes}
        self.changes |= {(file["scenario"], n): change for n, change in enumerate(file.get("changes", []))}


def applied(tables: Tables, day: date, scenarios: list[Scenario]) -> Tables:
    """Return the tables with the changes of scenarios made in order, as seen on a day; those given stay as they are."""
    together: dict[tuple[str, int], Change] = {}
    for scenario in scenarios:
        together |= {key: change for key, change in scenario.changes.items() if key not in together}
    if not together:
        return tables
    changed = {name: rows if name == "sea_lane" else deepcopy(rows) for name, rows in tables.items()}
    laid = _Laid(changed, day)
    for change in together.values():
        laid.make(change)
    return changed


class _Laid:
    """Tables under change."""

    def __init__(self, tables: Tables, day: date) -> None:
        self.tables, self.day, self.copies = tables, day, count()

    def make(self, change: Change) -> None:
        """Make one change."""
        verb = next(v for v in ("set", "scale", "shift", "add", "close", "open") if v in change)
        table = change[verb]
        if verb == "add":
            self._add(table, change)
            return
        rows = [row for row in self.tables[table] if _named(row, change["where"])]
        if not rows and not change.get("optional"):
            raise ValueError(f"nothing matches {change}")
        if verb == "close":
            closed = {id(row) for row in rows if table == "season" or self._there(table, row)}
            self.tables[table] = [row for row in self.tables[table] if id(row) not in closed]
        elif verb == "open":
            self._open(table, rows)
        else:
            self._edit(table, rows, change)

    def _there(self, table: str, row: Row) -> bool:
        return holds(row, self.day) and (table != "service" or sails(row))

    def _open(self, table: str, rows: list[Row]) -> None:
        """Let things hold for good: of each the last period before the day, else the first after it, and that alone."""
        key, today = KEY[table], str(self.day)
        for name in {row[key]: None for row in rows}:
            if any(row[key] == name and self._there(table, row) for row in self.tables[table]):
                continue
            named = [row for row in rows if row[key] == name and row.get("state") != "closed"] or [
                row for row in rows if row[key] == name
            ]
            begun = [row for row in named if str(row["valid_from"] or "0000") <= today]
            later = min(named, key=lambda row: str(row["valid_from"]))
            chosen = max(begun, key=lambda row: str(row["valid_from"] or "0000")) if begun else later
            chosen.update(valid_from="", valid_to="", state="open")
            self.tables[table] = [row for row in self.tables[table] if row is chosen or row[key] != name]

    def _edit(self, table: str, rows: list[Row], change: Change) -> None:
        field, other = change["field"], SHARED.get((table, change["field"]))
        for row in rows:
            if other:
                figures = self._own_copy(row, other)
                if other == "operation":
                    figures = [r for r in figures if (r["component"], r["quantity"]) == (change["component"], field)]
            else:
                component = change.get("component")
                dated = table in ("tariff", "speed", "operation")
                figures = [row] if component in (None, row.get("component")) else []
                figures = [r for r in figures if not dated or holds(r, self.day)]
            for figure in figures:
                if change.get("cargo_unit") in (None, figure.get("cargo_unit")):
                    self._one(figure, "value" if other == "operation" else field, change)

    def _own_copy(self, owner: Row, table: str) -> list[Row]:
        """Give a row a copy of its own of the figures it points at; return those that hold on the day."""
        key = KEY[table]
        mine = [dict(row) for row in self.tables[table] if row[key] == owner[key]]
        owner[key] = f"{owner[key]}+{next(self.copies)}"
        for row in mine:
            row[key] = owner[key]
        self.tables[table].extend(mine)
        return [row for row in mine if holds(row, self.day)]

    def _one(self, row: Row, field: str, change: Change) -> None:
        """Change one figure, and what moves along with it."""
        if "was" in change and str(row[field]) != str(change["was"]) and float(row[field]) != float(change["was"]):
            raise ValueError(f"{field} is {row[field]}, not {change['was']}")
        if "set" in change and "currency" in change:
            self._into_money(row, change)
        before = row[field]
        if "set" in change:
            row[field] = change["value"]
        elif "scale" in change:
            row[field] = float(before) * change["by"]
        else:
            row[field] = float(before) + self._in_money_of(row, change)
        for other in ALONG.get(field, ()):
            if row.get(other) not in (None, ""):
                row[other] = float(row[other]) * float(row[field]) / float(before) if float(before) else ""
        if field == "speed_kmh":
            self._retime(row["speed_id"], float(row[field]) / float(before))

    def _worth(self, row: Row, change: Change) -> float:
        """Return what a unit of the change's money is in that of the row."""
        money = (change["currency"], change["price_year"]), (row["currency"], int(row["price_year"]))
        prices = Prices(self.tables, money[1][1])
        return prices.usd(1.0, *money[0]) / prices.usd(1.0, *money[1])

    def _in_money_of(self, row: Row, change: Change) -> float:
        return float(change["by"]) * (self._worth(row, change) if "currency" in change else 1.0)

    def _into_money(self, row: Row, change: Change) -> None:
        """Put a row into the change's money; its other rate keeps its worth, its range its proportion."""
        worth = self._worth(row, change)
        for column in PRICED:
            if row.get(column) not in (None, "") and (column != change["field"] or column not in ("fixed", "per_km")):
                row[column] = float(row[column]) / worth
        row.update(currency=change["currency"], price_year=change["price_year"])

    def _retime(self, speed: str, ratio: float) -> None:
        """Shorten the known hours between calls of the services that have a speed; those in port stay."""
        for service in self.tables["service"]:
            if service["speed_id"] != speed or not holds(service, self.day):
                continue
            calls = [row for row in self.tables["service_call"] if row["service_id"] == service["service_id"]]
            calls.sort(key=lambda row: int(row["call_sequence"]))
            old = [(row["arrival_hours"], row["departure_hours"]) for row in calls]
            if any("" in times for times in old):
                continue
            for (_, left), (came, leaves), (one, other) in zip(old[:-1], old[1:], pairwise(calls), strict=False):
                other["arrival_hours"] = float(one["departure_hours"]) + (float(came) - float(left)) / ratio
                other["departure_hours"] = other["arrival_hours"] + float(leaves) - float(came)

    def _add(self, table: str, change: Change) -> None:
        row = {**USUAL, **{column: value for column, value in change["row"].items() if value is not None}}
        self.tables[table].append(row)
        for place, call in enumerate(change.get("calls", []), 1):
            hours = {column: call.get(column, "") for column in ("arrival_hours", "departure_hours")}
            new = {"service_id": row["service_id"], "call_sequence": place, "node_id": call["node"], "tariff_id": ""}
            self.tables["service_call"].append({**new, **hours})
        if "border_like" in change:
            self._add_border(row, change["border_like"])

    def _add_border(self, link: Row, like: str) -> None:
        """Give a link the crossings of a border that is there, each from the same country."""
        country = {row["node_id"]: row["country"] for row in self.tables["node"]}
        here = {country[node]: node for node in (link["from_node_id"], link["to_node_id"])}
        model = next(row["link_id"] for row in self.tables["crossing"] if row["crossing_id"] == like)
        for row in [row for row in self.tables["crossing"] if row["link_id"] == model and holds(row, self.day)]:
            ends = {column: here[country[row[column]]] for column in ("from_node_id", "to_node_id")}
            name = f"{link['link_id']}-{row['direction']}"
            self.tables["crossing"].append({**row, **ends, "link_id": link["link_id"], "crossing_id": name})


def _named(row: Row, where: dict[str, Any]) -> bool:
    """Whether a row is meant; a copy of a figure goes by the name of the figure it was made from."""
    for column, values in where.items():
        cell, listed = str(row[column]).split("+")[0], values if isinstance(values, list) else [values]
        if not any(cell.startswith(v[:-1]) if v.endswith("*") else cell == v for v in map(str, listed)):
            return False
    return True
