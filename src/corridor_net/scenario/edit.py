"""set, scale and shift: the new values of figures, and the network with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from corridor_net.errors import BadValue, CorridorError, ScenarioError
from corridor_net.network import Network
from corridor_net.network.rows import Row

from .figures import CARRY_MONEY, FOLLOW, KEY, Money, amount, converted, money_of, read_amount, same, unit_of
from .periods import of_the_day
from .retime import retimed
from .target import Figure, Target, check_units, figures_of, given_money, target_of
from .values import fit, number
from .work import ChangeContext, matching, several


def edit(work: ChangeContext) -> Network:
    """Return the network with the figures of a set, scale or shift changed; faults are left in `work`."""
    rows, target = of_the_day(work, matching(work)), target_of(work)
    if target is None or not rows:
        return work.network
    figures = figures_of(work, target, rows)
    if not work.faults:
        check_units(work, target, figures)
    if not work.faults:
        _check_was(work, target, figures)
        _decide(work, target, figures)
    if work.faults:
        return work.network
    return _made(work, target, rows, figures)


# values


def _check_was(work: ChangeContext, target: Target, figures: list[Figure]) -> None:
    was, wrong = work.change.was, []
    for figure in figures if was is not None else ():
        now = getattr(figure.row, target.column)
        wanted, money = _stated(work, figure, now)
        if isinstance(now, (int, float)) and isinstance(wanted, str):
            work.refuse(BadValue(f"{figure.label} is a number, '{was}' is not"), "was")
            return
        values = [(now, figure.money), *_before_others(work, target, figure)]
        if not any(same(_plain(value), wanted) and unit == money for value, unit in values):
            unit = unit_of(figure.row, target.column)
            wrong.append((figure.what, _plain(now), unit, amount(wanted, str(money) if money else "")))
    if wrong:
        fault = ScenarioError(
            f"'was' does not hold: {several([w[:3] for w in wrong])}, not {wrong[0][3]}",
            hint="the network has changed since the scenario was written: check, then correct 'was'",
        )
        work.refuse(fault, "was")


def _stated(work: ChangeContext, figure: Figure, now: Any) -> tuple[Any, Money | None]:
    """Return what `was` says: a number in its money, or a text."""
    was = work.change.was
    amount_and_money = read_amount(was) if isinstance(was, str) and figure.money else None
    if amount_and_money:
        return amount_and_money
    return (was, given_money(work, figure)) if isinstance(now, (int, float)) else (str(was), None)


def _plain(value: Any) -> Any:
    """Return a number as it is, anything else as text."""
    if isinstance(value, (int, float)):
        return value
    return "" if value is None else str(value)


def _before_others(work: ChangeContext, target: Target, figure: Figure) -> list[tuple[Any, Money | None]]:
    """Return the value in the data, where only scenarios that know nothing of this one have changed it."""
    if work.ledger.is_mine(figure.row, target.column, work.scenario):
        return []
    original = work.ledger.original(figure.row)
    return [(getattr(original, target.column), money_of(original, target.column))]


def _decide(work: ChangeContext, target: Target, figures: list[Figure]) -> None:
    """Find the new value of every figure and write it into the ledger; a fault where it cannot be."""
    change = work.change
    key = "value" if change.verb == "set" else "by"
    refused: list[CorridorError] = []
    for figure in figures:
        try:
            _decide_one(work, target, figure)
        except CorridorError as error:
            refused.append(error)
            continue
        if change.verb == "set":
            value = figure.after if isinstance(change.value, str) else change.value
            money = given_money(work, figure)
        else:
            value, money = change.by, given_money(work, figure) if change.verb == "shift" else None
        work.write(figure.row, target.column, figure.what, change.verb, value, money)
    if refused:
        first = refused[0]
        if len(refused) > 1:
            first.message += f" (and {len(refused) - 1} more like it)"
        work.refuse(first, key)


def _decide_one(work: ChangeContext, target: Target, figure: Figure) -> None:
    change, before = work.change, getattr(figure.row, target.column)
    figure.money_after = figure.money
    if change.verb == "set":
        figure.money_after = given_money(work, figure)
        figure.after = _set_value(work, target, figure, before)
        return
    if not isinstance(before, (int, float)):
        done = {"scale": "scaled", "shift": "shifted"}[change.verb]
        raise BadValue(f"{figure.what} is '{before}', which cannot be {done}")
    by, given = float(change.by or 0.0), given_money(work, figure)
    if change.verb == "shift" and figure.money and given:
        by = converted(work.network, by, given, figure.money)
    figure.after = _bounded(target, figure, before * by if change.verb == "scale" else before + by)


def _set_value(work: ChangeContext, target: Target, figure: Figure, before: Any) -> Any:
    value, given = work.change.value, figure.money_after
    if given and figure.money and given != figure.money:
        there = converted(work.network, 1.0, given, figure.money)
        keeps = not work.change.currency or target.column not in CARRY_MONEY
        if keeps and isinstance(value, (int, float)):
            figure.money_after, value = figure.money, value * there
    if isinstance(value, (int, float)) and isinstance(before, (int, float)):
        return _bounded(target, figure, value)
    return fit(work.network, target.table, target.column, value)


def _bounded(target: Target, figure: Figure, after: float) -> Any:
    try:
        return number(target.table, target.column, after, getattr(figure.row, "quantity", ""))
    except BadValue as error:
        reason = error.message.partition(": ")[2]
        raise BadValue(
            f"{figure.what} would be {amount(after, '')}: {reason}", hint="the schema of the data has the bounds"
        ) from None


# the network with the new values


def _made(work: ChangeContext, target: Target, rows: Sequence[Row], figures: list[Figure]) -> Network:
    """Return the network with new figures: in their place, or as copies for the rows that name them."""
    ratios: dict[str, float] = {}
    changed: dict[int, Row] = {}
    for figure in figures:
        new = _changed(work, target, figure)
        if new is not figure.row:
            changed[id(figure.row)] = new
            before = getattr(figure.row, target.column)
            if target.column == "speed_kmh":
                ratios[getattr(figure.row, KEY["speed"])] = figure.after / before
    if not changed:
        return work.network
    if not target.pointer:
        network = work.put(target.table, changed)
        return retimed(work, network, ratios) if ratios else network
    network, copies = _copied(work, target, rows, changed)
    return retimed(work, network, {copies[key]: ratio for key, ratio in ratios.items()}) if ratios else network


def _changed(work: ChangeContext, target: Target, figure: Figure) -> Row:
    row, column = figure.row, target.column
    before, after = getattr(row, column), figure.after
    if same(before, after) and figure.money == figure.money_after:
        return row
    new: dict[str, Any] = {column: after, "grade": work.change.grade, "source_id": work.source}
    if figure.money_after and figure.money and figure.money_after != figure.money:
        new |= _in_other_money(work, target, figure, figure.money, figure.money_after)
    new |= _following(work, target, figure, before, after)
    made = work.ledger.moved(row, replace(row, **new))
    for told, label in {column: figure.label, "schedule_kmh": "schedule_kmh"}.items():
        if told in new:
            units = (unit_of(row, told), unit_of(made, told))
            work.tell(figure.name, label, getattr(row, told), new[told], units)
    return made


def _in_other_money(work: ChangeContext, target: Target, figure: Figure, old: Money, new: Money) -> dict[str, Any]:
    """Return currency and year, and what else of the row is money in the new one: a row has one currency for all."""
    work.write(figure.row, "currency", f"{figure.name} currency", "money", str(new))
    others = [c for c in CARRY_MONEY if c != target.column] if target.table == "tariff" else ["value_low", "value_high"]
    values = {column: getattr(figure.row, column, None) for column in others}
    found = {c: converted(work.network, v, old, new) for c, v in values.items() if v is not None}
    return {**found, "currency": new.currency, "price_year": new.price_year}


def _following(work: ChangeContext, target: Target, figure: Figure, before: Any, after: Any) -> dict[str, Any]:
    """Return what moves in proportion: the range, and the timetable with the speed, unless a change has set them.

    From nothing there is no proportion: a range round 0 is dropped.
    """
    new: dict[str, Any] = {}
    for column in FOLLOW.get((target.table, target.column), ()):
        value = getattr(figure.row, column)
        if value is None or work.ledger.is_set(figure.row, column):
            continue
        new[column] = value * after / before if before else None
        work.write(figure.row, column, f"{figure.name} {column}", "follow", after / (before or 1.0))
    return new


def _copied(
    work: ChangeContext, target: Target, rows: Iterable[Row], changed: Mapping[int, Row]
) -> tuple[Network, dict[str, str]]:
    """Give each row a copy of the figures it names, changed; rows that share figures share the copy."""
    table, pointer = work.change.table, target.pointer
    figures = work.network.rows(target.table)
    ids = {getattr(row, pointer) for row in figures if id(row) in changed}
    copies = {old: f"{old}~{work.tag}" for old in ids}
    new_rows = [
        work.ledger.moved(changed.get(id(row), row), replace(changed.get(id(row), row), **{pointer: copies[old]}))
        for row in figures
        if (old := getattr(row, pointer)) in copies
    ]
    chosen = {id(row) for row in rows if getattr(row, pointer) in copies}
    owners = []
    for row in work.network.rows(table):
        if id(row) in chosen:
            work.write(row, pointer, f"{getattr(row, KEY[table])} {pointer}", "point")
            work.rows.add((table, getattr(row, KEY[table])))
            owners.append(work.ledger.moved(row, replace(row, **{pointer: copies[getattr(row, pointer)]})))
        else:
            owners.append(row)
    work.rows |= {(target.table, copy) for copy in copies.values()}
    return work.network.with_rows(**{target.table: (*figures, *new_rows), table: owners}), copies
