"""Rows of one id in several periods: which of them a change is about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from corridor_net.network.rows import Dated

from .figures import KEY
from .work import ChangeContext

PERIODS = ("link", "crossing", "terminal", "service")
"""Tables of things that are open or closed; a thing may have rows for several periods."""


def of_the_day(work: ChangeContext, rows: Iterable[Dated]) -> list[Dated]:
    """Return those of `rows` that say what holds on the network's day: at most one for an id that does not.

    Of an id with rows that hold, these; of another its last period before the day, or the first after it. A period in
    which the thing is known not to run says nothing about how it would, and is taken only where there is no other.
    """
    found, table, day = list(rows), work.change.table, work.network.day
    if table not in PERIODS:
        return found
    key = KEY[table]
    running = {getattr(row, key) for row in work.network.rows(table) if row.holds_on(day)}
    nearest: dict[str, Dated] = {}
    for row in found:
        one = getattr(row, key)
        if one not in running and (one not in nearest or _rank(row, day) < _rank(nearest[one], day)):
            nearest[one] = row
    return [row for row in found if row.holds_on(day) or nearest.get(getattr(row, key)) is row]


def _rank(row: Dated, day: date) -> tuple[bool, bool, int]:
    start, closed = row.valid_from, getattr(row, "state", "") == "closed"
    if start is None or start <= day:
        return closed, False, -(start.toordinal() if start else 0)
    return closed, True, start.toordinal()
