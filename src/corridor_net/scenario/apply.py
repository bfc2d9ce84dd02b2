"""Applying changes to a network: each gives a new network, and the base stays as it was."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from corridor_net.errors import BadValue, Place, ScenarioError, UnknownName, did_you_mean
from corridor_net.network import Network
from corridor_net.network.read import shipped_columns
from corridor_net.network.rows import ROW_TYPES, ServiceCall

from .model import Change
from .periods import of_the_day, opened

KEY = {
    "link": "link_id",
    "crossing": "crossing_id",
    "terminal": "terminal_id",
    "service": "service_id",
    "tariff": "tariff_id",
    "speed": "speed_id",
    "operation": "operation_id",
}
PERIODS = ("link", "crossing", "terminal", "service")
"""Tables of things that are open or closed; a thing may have rows for several periods."""
BORROWED = {
    ("link", "speed_kmh"): ("speed", "speed_id"),
    ("link", "schedule_kmh"): ("speed", "speed_id"),
    ("link", "per_km"): ("tariff", "tariff_id"),
    ("service", "speed_kmh"): ("speed", "speed_id"),
    ("service", "fixed"): ("tariff", "tariff_id"),
    ("service", "per_km"): ("tariff", "tariff_id"),
}
"""Fields that live in another table: changing them for some rows gives these rows a figure of their own."""


At = Callable[..., Place]


@dataclass(frozen=True, slots=True)
class Applied:
    """What one change did: how many figures it touched, and each before and after."""

    change: Change
    touched: tuple[tuple[str, str, Any, Any], ...]


def apply_change(network: Network, change: Change, scenario: str, number: int, at: At) -> tuple[Network, Applied]:
    """Return the network with one change made, and what it touched.

    `at("was")` is where a key of the change stands in its file, `at()` the change itself.

    Raises ScenarioError when nothing matches, nothing changes, or `was` does not hold.
    """
    editor = _Editor(network, change, f"{scenario}~{number}", at)
    made = {"add": editor.add, "close": editor.close, "open": editor.open}.get(change.verb, editor.edit)()
    if not editor.touched and not change.optional:
        raise ScenarioError(
            f"the change ('{change.verb}: {change.table}') touches nothing",
            place=at(),
            hint="its values are already so" if editor.matched else None,
        )
    return made, Applied(change, tuple(editor.touched))


class _Editor:
    def __init__(self, network: Network, change: Change, tag: str, at: At) -> None:
        self.network, self.change, self.tag, self.at = network, change, tag, at
        self.touched: list[tuple[str, str, Any, Any]] = []
        self.matched = 0

    # which rows

    def matching(self) -> list[Any]:
        """Return the rows the selector names; raise when there are none."""
        table, where = self.change.table, self.change.where or {}
        columns = {item.name for item in fields(ROW_TYPES[table])}
        for column in where:
            if column not in columns:
                raise UnknownName(
                    f"table {table} has no column '{column}'",
                    place=self.at("where", column),
                    hint=did_you_mean(column, columns, otherwise=f"columns: {', '.join(sorted(columns))}"),
                )
        found = [row for row in self.network.rows(table) if all(_fits(getattr(row, c), v) for c, v in where.items())]
        if not found:
            raise ScenarioError(
                f"no row of table {table} matches {_shown(where)}", place=self.at("where"), hint=self._near(where)
            )
        self.matched = len(found)
        return found

    def _near(self, where: dict[str, list[str]]) -> str | None:
        for column, values in where.items():
            known = {str(getattr(row, column)) for row in self.network.rows(self.change.table)}
            for value in values:
                if not value.endswith("*") and value not in known:
                    return did_you_mean(value, known, otherwise=f"no {column} is '{value}'")
        return "each condition is met by some row, but no row meets all of them"

    def _of_the_day(self) -> list[Any]:
        """Return the matching rows; of things with periods, the period that the network's day is in or after."""
        rows, table = self.matching(), self.change.table
        found = of_the_day(self.network, table, KEY[table], rows) if table in PERIODS else rows
        self.matched = len(found)
        return found

    # set, scale, shift

    def edit(self) -> Network:
        table, field = self.change.table, str(self.change.field)
        rows = self._of_the_day()
        if table in ("crossing", "terminal") and field in ("hours", "cost"):
            return self._edit_operations(rows, field)
        if (table, field) in BORROWED:
            other, key = BORROWED[table, field]
            return self._edit_borrowed(rows, other, key, lambda row: self._edited(row, field, row_id(row, KEY[table])))
        if field not in {item.name for item in fields(ROW_TYPES[table])} or field == KEY[table]:
            known = [
                *(f for t, f in BORROWED if t == table),
                *(item.name for item in fields(ROW_TYPES[table])),
            ]
            known += ["hours", "cost"] if table in ("crossing", "terminal") else []
            raise UnknownName(
                f"table {table} has no field '{field}' to change",
                place=self.at("field"),
                hint=did_you_mean(field, known, otherwise=f"fields: {', '.join(known)}"),
            )
        if table in ("tariff", "speed", "operation"):
            rows = [row for row in rows if row.holds_on(self.network.day)]
            if table == "operation" and self.change.component:
                rows = [row for row in rows if row.component == self.change.component]
            if not rows:
                raise ScenarioError(f"no matching row of table {table} holds on {self.network.day}", place=self.at())
        chosen = {id(row) for row in rows}
        return self._with(
            table,
            (
                self._edited(row, field, row_id(row, KEY[table])) if id(row) in chosen else row
                for row in self.network.rows(table)
            ),
        )

    def _edit_operations(self, rows: list[Any], quantity: str) -> Network:
        component, day = self.change.component, self.network.day
        known = {
            op.component for op in self.network.rows("operation") if op.operation_id in {r.operation_id for r in rows}
        }
        if component is None or component not in known:
            raise UnknownName(
                f"no component '{component}' there" if component else "'component' is missing",
                place=self.at("component"),
                hint=did_you_mean(component or "", known, otherwise=f"components: {', '.join(sorted(known))}"),
            )

        def changed(op: Any, owner: Any) -> Any:
            if op.component == component and op.quantity == quantity and op.holds_on(day):
                return self._edited(op, "value", row_id(owner, KEY[self.change.table]))
            return op

        return self._edit_borrowed(rows, "operation", "operation_id", changed, with_owner=True)

    def _edit_borrowed(
        self, rows: list[Any], other: str, key: str, change: Callable[..., Any], *, with_owner: bool = False
    ) -> Network:
        """Give each row a copy of the figures it points at, changed; rows that shared figures share the copy."""
        copies: dict[str, str] = {}
        new_rows = list(self.network.rows(other))
        for row in rows:
            old_id = getattr(row, key)
            if old_id in copies:
                continue
            copies[old_id] = f"{old_id}~{self.tag}"
            for figure in self.network.rows(other):
                if getattr(figure, key) == old_id:
                    active = figure.holds_on(self.network.day)
                    edited = (change(figure, row) if with_owner else change(figure)) if active else figure
                    new_rows.append(replace(edited, **{key: copies[old_id]}))
        chosen = {id(row) for row in rows}
        owners = (
            replace(row, **{key: copies[getattr(row, key)]}) if id(row) in chosen else row
            for row in self.network.rows(self.change.table)
        )
        return self.network.with_rows(**{other: new_rows, self.change.table: tuple(owners)})

    def _edited(self, row: Any, field: str, name: str) -> Any:
        change, before = self.change, getattr(row, field)
        if change.was is not None and not _same(before, change.was):
            raise ScenarioError(
                f"'was' does not hold: {name} {field} is {before}, not {change.was}",
                place=self.at("was"),
                hint="the network has changed since the scenario was written: check, then correct 'was'",
            )
        after = self._new_value(before, field, name)
        if _same(before, after):
            return row
        self.touched.append((name, field, before, after))
        new: dict[str, Any] = {
            field: after,
            "grade": change.grade,
            "source_id": change.source or f"scenario:{self.tag}",
        }
        if isinstance(before, (int, float)) and before:
            for end in (f"{field}_low", f"{field}_high"):
                if getattr(row, end, None) is not None:
                    new[end] = getattr(row, end) * after / before
        if change.currency and hasattr(row, "currency"):
            new["currency"] = change.currency
        if change.price_year and hasattr(row, "price_year"):
            new["price_year"] = change.price_year
        return replace(row, **new)

    def _new_value(self, before: Any, field: str, name: str) -> Any:
        change = self.change
        if change.verb == "set":
            after = change.value
            if isinstance(before, (int, float)) != isinstance(after, (int, float)) and before is not None:
                kind = "a number" if isinstance(before, (int, float)) else "text"
                raise BadValue(f"{field} is {kind}, '{after}' is not", place=self.at("value"))
            table = "operation" if field == "value" else self.change.table
            if field in shipped_columns()[table] and not (field in _POSITIVE and after == 0):
                after = self._fit(table, field, after)
        elif not isinstance(before, (int, float)):
            raise BadValue(f"{name} {field} is '{before}', which cannot be {change.verb}d", place=self.at("field"))
        else:
            by = change.by or 0.0
            after = before * by if change.verb == "scale" else before + by
        if isinstance(after, (int, float)) and after < (1e-6 if field in _POSITIVE else 0):
            raise BadValue(
                f"{name} {field} would be {after:g}",
                place=self.at("value" if change.verb == "set" else "by"),
                hint="it cannot be negative, nor a speed, length or frequency 0",
            )
        return after

    # close, open, add

    def close(self) -> Network:
        table, why = self.change.table, self.change.why or f"closed by {self.tag}"
        chosen = {id(row) for row in self._of_state("open", "closed", open_now=True)}
        rows = self.network.rows(table)
        return self._with(
            table, (replace(row, valid_to=_BEFORE, end_reason=why) if id(row) in chosen else row for row in rows)
        )

    def open(self) -> Network:
        table = self.change.table
        chosen = self._of_state("closed", "open", open_now=False)
        return self._with(table, opened(self.network.rows(table), KEY[table], chosen))

    def _of_state(self, before: str, after: str, *, open_now: bool) -> list[Any]:
        chosen = [row for row in self._of_the_day() if row.holds_on(self.network.day) is open_now]
        self.touched += [(row_id(row, KEY[self.change.table]), "state", before, after) for row in chosen]
        return chosen

    def add(self) -> Network:
        table, row = self.change.table, dict(self.change.row or {})
        names = {item.name for item in fields(ROW_TYPES[table])} - {"line"}
        for column in row:
            if column not in names:
                raise UnknownName(
                    f"table {table} has no column '{column}'",
                    place=self.at("row", column),
                    hint=did_you_mean(column, names),
                )
        row = {column: self._fit(table, column, value) for column, value in row.items() if value is not None}
        key = KEY[table]
        if row.get(key) in {getattr(other, key) for other in self.network.rows(table)}:
            raise ScenarioError(
                f"{key} '{row[key]}' exists already",
                place=self.at("row", key),
                hint="to change it, use set, scale or open",
            )
        row.setdefault("source_id", self.change.source or f"scenario:{self.tag}")
        row.setdefault("grade", self.change.grade)
        try:
            new = ROW_TYPES[table](**row)
        except TypeError as error:
            missing = str(error).split(":")[-1].strip()
            raise BadValue(f"the added {table} lacks {missing}", place=self.at("row")) from None
        self.touched.append((str(row.get(key)), "row", None, "added"))
        network = self._with(table, (*self.network.rows(table), new))
        return network if table != "service" else self._with_calls(network, new)

    def _fit(self, table: str, column: str, value: Any) -> Any:
        """Return a value as its column holds it; raise where it cannot stand there or names what is not there."""
        if column in ("node_id", "from_node_id", "to_node_id"):
            return self._node(str(value), self._at_value(column))
        whole = isinstance(value, float) and value.is_integer()
        try:
            fitting = shipped_columns()[table][column](str(int(value) if whole else value))
        except ValueError as error:
            raise BadValue(f"{column} = '{value}': {error}", place=self._at_value(column)) from None
        other = _NAMED_IN.get(column)
        if other is not None and other != table:
            known = {getattr(row, column) for row in self.network.rows(other)}
            if fitting not in known:
                raise UnknownName(
                    f"unknown {column} '{value}'", place=self._at_value(column), hint=did_you_mean(fitting, known)
                )
        return fitting

    def _at_value(self, column: str) -> Place:
        return self.at("row", column) if self.change.verb == "add" else self.at("value")

    def _with_calls(self, network: Network, service: Any) -> Network:
        calls = self.change.calls or []
        if len(calls) < 2:
            raise BadValue("an added service needs two calls or more", place=self.at("calls"))
        nodes = [self._node(call.node, self.at("calls", number, "node")) for number, call in enumerate(calls)]
        for number, (here, there) in enumerate(itertools.pairwise(nodes), 1):
            if (here, there) not in network.lanes:
                raise ScenarioError(
                    f"there is no sea lane from {here} to {there}",
                    place=self.at("calls", number, "node"),
                    hint="both must be seaports",
                )
        rows = [
            ServiceCall(
                service_id=service.service_id,
                call_sequence=number,
                node_id=node,
                arrival_hours=call.arrival_hours,
                departure_hours=call.departure_hours,
                source_id=service.source_id,
                grade=service.grade,
            )
            for number, (call, node) in enumerate(zip(calls, nodes, strict=True), 1)
        ]
        return network.with_rows(service_call=(*network.rows("service_call"), *rows))

    def _node(self, name: str, place: Place) -> str:
        try:
            return self.network.node(name).node_id
        except UnknownName as error:
            raise UnknownName(error.message, place=place, hint=error.hint) from None

    def _with(self, table: str, rows: Iterable[Any]) -> Network:
        return self.network.with_rows(**{table: tuple(rows)})


_POSITIVE = ("speed_kmh", "schedule_kmh", "length_km", "sailings_per_week")
_BEFORE = date(1900, 1, 1)
_NAMED_IN = {
    "speed_id": "speed",
    "tariff_id": "tariff",
    "operation_id": "operation",
    "emission_factor_id": "emission_factor",
    "link_id": "link",
}
"""Columns that name a row of another table."""


def row_id(row: Any, key: str) -> str:
    """Return the identifier of a row; for figures shared by several, that of the figure."""
    return str(getattr(row, key, None) or next(getattr(row, other) for other in KEY.values() if hasattr(row, other)))


def _fits(value: Any, wanted: list[str]) -> bool:
    text = str(value)
    return any(text.startswith(item[:-1]) if item.endswith("*") else text == item for item in wanted)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return abs(one - other) <= 1e-9 * max(1.0, abs(one), abs(other))
    return bool(one == other)


def _shown(where: dict[str, list[str]]) -> str:
    return " and ".join(f"{column} = {' or '.join(values)}" for column, values in where.items())
