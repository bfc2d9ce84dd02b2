"""Which figures a set, scale or shift names: their rows, and the units they are in. Nothing is changed here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from corridor_net.errors import BadValue, ScenarioError, UnknownName, did_you_mean
from corridor_net.network.rows import Operation, Row

from .figures import (
    BORROWED,
    BY_UNIT,
    FIGURES,
    KEY,
    OPERATED,
    Money,
    amount,
    known_fields,
    money_of,
    settable,
    unit_of,
)
from .work import ChangeContext, names


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where the figures of a change live: their table and column, and how the matched rows name them.

    `pointer` is the column of the matched rows that names the figures, '' when these are the rows themselves;
    `quantity` is hours or cost for figures of operations.
    """

    table: str
    column: str
    pointer: str = ""
    quantity: str = ""


@dataclass(slots=True, kw_only=True)
class Figure:
    """One figure to be changed: its row, what messages call it and its field, and what it becomes."""

    row: Row
    name: str
    label: str
    money: Money | None
    after: Any = None
    money_after: Money | None = None

    @property
    def what(self) -> str:
        """What messages call it."""
        return f"{self.name} {self.label}"


def target_of(work: ChangeContext) -> Target | None:
    """Return where the figures of the change live; None with a fault in `work` where it names nothing."""
    change, table = work.change, work.change.table
    name = str(change.field)
    if table in OPERATED and name in ("hours", "cost"):
        if not change.component:
            work.refuse(UnknownName("'component' is missing", hint="name one: queue, procedures, dwell …"), "component")
            return None
        return Target(table="operation", column="value", pointer="operation_id", quantity=name)
    if change.component and table != "operation":
        work.refuse(BadValue(f"{name} of table {table} has no component"), "component")
    if (table, name) in BORROWED:
        other, pointer = BORROWED[table, name]
        return Target(table=other, column=name, pointer=pointer)
    if name in settable(table):
        return Target(table=table, column=name)
    known = known_fields(table)
    hint = did_you_mean(name, known, otherwise=f"fields: {', '.join(known)}")
    if name in ("grade", "source_id"):
        hint = f"'{name.removesuffix('_id')}:' of the change goes with the value it changes"
    work.refuse(UnknownName(f"table {table} has no field '{name}' to change", hint=hint), "field")
    return None


def figures_of(work: ChangeContext, target: Target, rows: Sequence[Row]) -> list[Figure]:
    """Return the figures of the matched rows that hold on the day; faults in `work` where there are none."""
    day, component = work.network.day, work.change.component
    found: list[Any] = list(rows)
    if target.pointer:
        ids = {getattr(row, target.pointer) for row in rows}
        found = [row for row in work.network.rows(target.table) if getattr(row, target.pointer) in ids]
    if target.table in FIGURES:
        found = [row for row in found if row.holds_on(day)]
        if not found:
            work.refuse(ScenarioError(f"no matching row of table {target.table} holds on {day}"), "where")
    if target.table == "operation" and found:
        found = _of_component(work, found, component, target.quantity)
    owners: dict[str, list[Row]] = {}
    for row in rows:
        owners.setdefault(getattr(row, target.pointer or KEY[target.table]), []).append(row)
    figures = []
    for row in found:
        mine = owners[getattr(row, target.pointer or KEY[target.table])]
        name = names(work.change.table, mine if target.pointer else [row])
        figures.append(Figure(row=row, name=name, label=_label(target, row), money=money_of(row, target.column)))
    return figures


def _of_component(work: ChangeContext, found: list[Operation], component: str | None, quantity: str) -> list[Operation]:
    """Return the rows of a component and quantity; a fault when there are none, or when quantities are mixed."""
    known = list(dict.fromkeys(row.component for row in found))
    if component is not None and component not in known:
        hint = did_you_mean(component, known, otherwise=f"components: {', '.join(known)}")
        work.refuse(UnknownName(f"no component '{component}' there", hint=hint), "component")
        return []
    chosen = [row for row in found if component in (None, row.component) and quantity in ("", row.quantity)]
    if not chosen:
        other = "cost" if quantity == "hours" else "hours"
        work.refuse(UnknownName(f"component '{component}' has no {quantity} there, only {other}"), "field")
    mixed = list(dict.fromkeys(f"{row.component} {row.quantity}" for row in chosen))
    if len(mixed) > 1 and work.change.verb != "scale":
        fault = ScenarioError(
            f"the rows are of different kinds: {', '.join(mixed)}", hint="name component and quantity in 'where'"
        )
        work.refuse(fault, "where")
    return chosen


def _label(target: Target, row: Row) -> str:
    words = [row.component, row.quantity] if isinstance(row, Operation) else [target.column]
    if isinstance(row, Operation) and target.column != "value":
        words.append(target.column)
    unit = getattr(row, "cargo_unit", "any")
    return " ".join([*words, *([unit] if unit != "any" else [])])


# units: cargo units, currencies


def check_units(work: ChangeContext, target: Target, figures: list[Figure]) -> None:
    """Keep the figures of the cargo unit named; faults in `work` where a number would be of two units."""
    _check_cargo_units(work, target, figures)
    change = work.change
    kinds = list(dict.fromkeys(str(figure.money) for figure in figures))
    if change.currency and "None" in kinds:
        work.refuse(BadValue(f"{change.field} is not money and has no currency"), "currency")
    elif not change.currency and change.verb != "scale" and len(kinds) > 1:
        fault = BadValue(
            f"the figures are in different money: {', '.join(kinds)}", hint="give currency and price_year of the change"
        )
        work.refuse(fault, "value" if change.verb == "set" else "by")


def _check_cargo_units(work: ChangeContext, target: Target, figures: list[Figure]) -> None:
    """Keep the figures of the cargo unit named; a fault when none is named and it matters which."""
    change, unit = work.change, work.change.cargo_unit
    groups: dict[str, list[Figure]] = {}
    for figure in figures:
        row = figure.row
        key = f"{getattr(row, KEY[target.table])} {getattr(row, 'component', '')} {getattr(row, 'quantity', '')}"
        groups.setdefault(key, []).append(figure)
    for group in groups.values():
        units = list(dict.fromkeys(_unit(figure) for figure in group))
        if unit is not None and unit not in units:
            work.refuse(_no_such_unit(target, group, unit), "cargo_unit")
            return
        alike = change.verb == "scale" and change.was is None
        if unit is None and len(units) > 1 and (target.table, target.column) in BY_UNIT and not alike:
            hint = f"name one with cargo_unit: {' or '.join(units)}; scale changes all alike"
            work.refuse(BadValue(f"{_field(group)} differs by cargo unit: {_by_unit(target, group)}", hint=hint))
            return
    if unit is not None:
        figures[:] = [figure for figure in figures if _unit(figure) == unit]


def _unit(figure: Figure) -> str:
    return str(getattr(figure.row, "cargo_unit", "any"))


def _field(group: list[Figure]) -> str:
    return group[0].what.removesuffix(f" {_unit(group[0])}")


def _by_unit(target: Target, group: list[Figure]) -> str:
    values = [(f, getattr(f.row, target.column), unit_of(f.row, target.column)) for f in group]
    return ", ".join(f"{_unit(figure)} {amount(value, unit)}" for figure, value, unit in values)


def _no_such_unit(target: Target, group: list[Figure], unit: str) -> BadValue:
    if {_unit(figure) for figure in group} == {"any"}:
        return BadValue(f"{_field(group)} is the same for every cargo unit", hint="leave cargo_unit out")
    return BadValue(f"{_field(group)} has no cargo unit {unit}: {_by_unit(target, group)}")


def given_money(work: ChangeContext, figure: Figure) -> Money | None:
    """Return the money of `value`, `by` and `was`: that of the change, else that of the figure in the data.

    Where this scenario, or one it names, has put the figure into another currency, it is that one.
    """
    change = work.change
    if figure.money is None or change.currency:
        return figure.money and Money(str(change.currency), change.price_year)
    if work.ledger.is_mine(figure.row, "currency", work.scenario):
        return figure.money
    original = work.ledger.original(figure.row)
    return Money(original.currency, original.price_year)
