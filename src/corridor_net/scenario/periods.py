"""Rows of one id in several periods: which of them a change is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from corridor_net.network import Network


def of_the_day(network: Network, table: str, key: str, rows: Iterable[Any]) -> list[Any]:
    """Return those of `rows` that say what holds on the network's day: at most one for an id that does not.

    Of an id with rows that hold, these; of another its last period before the day, or the first after it. `key` is the
    column with the id. A period in which the thing is known not to run says nothing about how it would, and is taken
    only where there is no other.
    """
    found, day = list(rows), network.day
    running = {getattr(row, key) for row in network.rows(table) if row.holds_on(day)}
    nearest: dict[str, Any] = {}
    for row in found:
        one = getattr(row, key)
        if one not in running and (one not in nearest or _rank(row, day) < _rank(nearest[one], day)):
            nearest[one] = row
    return [row for row in found if row.holds_on(day) or nearest.get(getattr(row, key)) is row]


def _rank(row: Any, day: date) -> tuple[bool, bool, int]:
    start = row.valid_from
    if start is None or start <= day:
        return getattr(row, "state", "") == "closed", False, -(start.toordinal() if start else 0)
    return getattr(row, "state", "") == "closed", True, start.toordinal()


def opened(rows: Iterable[Any], key: str, chosen: Sequence[Any]) -> Iterator[Any]:
    """Yield `rows` with the chosen ones in force on every day, in place of the other periods of their ids."""
    ids = {id(row) for row in chosen}
    names = {getattr(row, key) for row in chosen}
    for row in rows:
        if id(row) in ids:
            yield _in_force(row)
        elif getattr(row, key) not in names:
            yield row


def _in_force(row: Any) -> Any:
    state = {"state": "open", "probability_open": None} if hasattr(row, "state") else {}
    return replace(row, valid_from=None, valid_to=None, **state)
