"""When a row holds, as spans of numbers that can be compared: days of the calendar, or days of any year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .rows.row import SomeRow, TableRow

Span = tuple[int, int]
FIRST, LAST = date.min.toordinal(), date.max.toordinal()
CLOSED = date(1900, 1, 1)
"""`valid_to` of a row that a scenario closed: it never holds, and is no mistake."""
SPANS = (("valid_from", "valid_to"), ("from_day", "to_day"), ("from_month_day", "to_month_day"))
"""Pairs of columns that say from when to when a row holds."""


def month_day(text: str) -> int:
    """Return a number for a day of the year, MM-DD, that grows through the year."""
    return int(text[:2]) * 32 + int(text[3:5])


def season_spans(from_month_day: str, to_month_day: str) -> tuple[Span, ...]:
    """Return the spans of a season within a year: one, or two when it runs over the end of the year.

    A season to 28 February runs to the last day of February.

    >>> season_spans("12-01", "02-28")
    ((385, 415), (33, 93))
    """
    start, end = month_day(from_month_day), month_day("02-29" if to_month_day == "02-28" else to_month_day)
    if start <= end:
        return ((start, end),)
    return (start, month_day("12-31")), (month_day("01-01"), end)


def spans(row: TableRow) -> tuple[Span, ...]:
    """Return the spans in which a row holds; one without days always holds."""
    if hasattr(row, "from_month_day") and hasattr(row, "to_month_day"):
        return season_spans(row.from_month_day, row.to_month_day)
    for first, last in SPANS[:2]:
        if hasattr(row, first):
            start, end = getattr(row, first), getattr(row, last)
            if start is not None and end is not None and start > end:
                return ()
            return ((start.toordinal() if start else FIRST, end.toordinal() if end else LAST),)
    return ((FIRST, LAST),)


def first_day(row: TableRow, start: int) -> str:
    """Return the day a span of the row begins with, as it is written."""
    if hasattr(row, "from_month_day"):
        return f"{start // 32:02}-{start % 32:02}"
    return "any day" if start <= FIRST else date.fromordinal(start).isoformat()


def overlaps(rows: Iterable[SomeRow]) -> Iterator[tuple[SomeRow, SomeRow, str]]:
    """Yield pairs of rows that hold on a common day, the earlier line first, with the first such day."""
    pieces = sorted(((start, end, row) for row in rows for start, end in spans(row)), key=lambda p: (p[0], p[2].line))
    told: set[tuple[int, int]] = set()
    latest: tuple[int, int, SomeRow] | None = None
    for piece in pieces:
        start, end, row = piece
        if latest is not None and start <= latest[1] and row is not latest[2]:
            first, second = sorted((latest[2], row), key=lambda r: r.line)
            if (id(first), id(second)) not in told:
                told.add((id(first), id(second)))
                yield first, second, first_day(row, start)
        if latest is None or end > latest[1]:
            latest = piece


def backwards(row: TableRow) -> str | None:
    """Return the column of the first day of a row that ends before it begins; a season may run over the new year."""
    for first, last in SPANS[:2]:
        start, end = getattr(row, first, None), getattr(row, last, None)
        if start is not None and end is not None and start > end != CLOSED:
            return first
    return None


def years_beyond(day: date, last: date) -> int:
    """Return how many years back the last same day within the data is; 0 within them.

    >>> years_beyond(date(2030, 7, 1), date(2026, 12, 31)), years_beyond(date(2026, 12, 31), date(2026, 12, 31))
    (4, 0)
    """
    if day <= last:
        return 0
    return day.year - last.year + ((day.month, day.day) > (last.month, last.day))
