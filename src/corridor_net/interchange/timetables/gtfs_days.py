"""Days and hours of the services of a GTFS feed: calendar.txt with the exceptions of calendar_dates.txt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import nan
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridor_net.errors import BadFile
from corridor_net.interchange.notes import Notes
from corridor_net.interchange.text_tables import TextTable

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LONGEST_DAYS = 3660
DAY = re.compile(r"^(\d{4})-?(\d\d)-?(\d\d)$")
TIME = re.compile(r"^([0-9]{1,3}):([0-5][0-9])(?::([0-5][0-9]))?$")


@dataclass(frozen=True, kw_only=True)
class Days:
    """The days each service runs, as sorted arrays of days; the first and the last day of each calendar, and of all.

    A service without a calendar of its own, in calendar_dates.txt alone, has the first and last day of the feed.
    """

    of_service: Mapping[str, NDArray[Any]]
    spans: Mapping[str, tuple[date, date]]
    first: date | None
    last: date | None

    def span(self, services: Iterable[str]) -> tuple[date, date] | None:
        """Return the first and last day of the calendars of some services; None for a feed without days."""
        if self.first is None or self.last is None:
            return None
        found = [self.spans.get(service, (self.first, self.last)) for service in services]
        return min(first for first, _ in found), max(last for _, last in found)


def running_days(calendar: TextTable | None, exceptions: TextTable | None, notes: Notes) -> Days:
    """Return the days of each service. Raises BadFile when neither table is there, BadValue for a day that is none."""
    if calendar is None and exceptions is None:
        raise BadFile(
            "the feed has neither calendar.txt nor calendar_dates.txt", hint="one of them says on which days it runs"
        )
    found: dict[str, set[Any]] = {}
    spans: list[int] = []
    calendars: dict[str, list[int]] = {}
    if calendar is not None:
        first, last = _days(calendar, "start_date", notes), _days(calendar, "end_date", notes)
        flags = [_one_of(calendar, name, ("1", "0"), notes) == "1" for name in WEEKDAYS]
        calendar.refuse(first > last, "end_date", "the service would run on no day", notes, " lies before start_date")
        notes.stop_on_faults()
        for row, service in enumerate(calendar.text("service_id")):
            end = min(last[row], first[row] + LONGEST_DAYS)
            span = np.arange(first[row], end + 1)
            weekday = (span.astype("datetime64[D]").astype(int) + 3) % 7
            runs = np.array([flags[number].iloc[row] for number in range(7)])[weekday]
            found.setdefault(service, set()).update(span[runs].tolist())
            calendars.setdefault(service, []).extend((int(first[row]), int(end)))
            spans += [int(first[row]), int(end)]
    if exceptions is not None:
        day = _days(exceptions, "date", notes)
        kinds = _one_of(exceptions, "exception_type", ("1", "2"), notes)
        notes.stop_on_faults()
        for service, when, kind in zip(exceptions.text("service_id"), day.tolist(), kinds, strict=True):
            days = found.setdefault(service, set())
            if kind == "2":
                days.discard(when)
            else:
                days.add(when)
        if not spans:
            spans = [when for days in found.values() for when in days]
    every = [np.array(sorted(days), dtype="datetime64[D]") for days in found.values()]
    of_service = dict(zip(found, every, strict=True))
    if not spans:
        return Days(of_service=of_service, spans={}, first=None, last=None)
    own = {service: (_date(min(ends)), _date(max(ends))) for service, ends in calendars.items()}
    return Days(of_service=of_service, spans=own, first=_date(min(spans)), last=_date(max(spans)))


def _one_of(table: TextTable, column: str, known: tuple[str, ...], notes: Notes) -> pd.Series:
    """Return a column of codes; what is none of them is a fault."""
    text = table.text(column)
    table.refuse(~text.isin(known), column, f"write {' or '.join(known)}", notes)
    return text


def _date(number: int) -> date:
    return date(1970, 1, 1) + timedelta(number)


def _days(table: TextTable, column: str, notes: Notes) -> NDArray[Any]:
    """Return days such as 20260131 as numbers since 1970."""
    text = table.text(column)
    made = np.zeros(len(text), np.int64)
    bad = np.zeros(len(text), bool)
    for row, cell in enumerate(text):
        try:
            year, month, day = DAY.findall(cell)[0]
            made[row] = (date(int(year), int(month), int(day)) - date(1970, 1, 1)).days
        except (ValueError, IndexError):
            bad[row] = True
    table.refuse(bad, column, "write YYYYMMDD", notes)
    return made


def hours_of(table: TextTable, column: str, notes: Notes) -> pd.Series:
    """Return times such as 25:10:00 as hours since midnight of the first day, NaN where empty."""
    text = table.text(column)
    found = [TIME.findall(cell) for cell in text]
    table.refuse(
        [not one and cell != "" for one, cell in zip(found, text, strict=True)], column, "write HH:MM:SS", notes
    )
    parts = [[int(part or 0) for part in one[0]] if one else [nan] * 3 for one in found]
    return pd.Series([hour + minute / 60 + second / 3600 for hour, minute, second in parts], text.index, float)
