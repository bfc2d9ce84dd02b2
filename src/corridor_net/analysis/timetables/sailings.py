"""The days on which ships leave: a series of departures from the first call of a service, by the clock of that port."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from math import ceil, floor
from zoneinfo import ZoneInfo

from corridor_net.costing.sailing import HOURS_PER_WEEK
from corridor_net.errors import BadValue
from corridor_net.network.clock import hours_at
from corridor_net.network.rows import Service

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NOON = timedelta(hours=12)
MONDAY = date(2001, 1, 1)
"""Series without a first day are counted from this Monday."""
_WHEN = re.compile(r"(?P<day>[A-Z][a-z]{2}|\d{4}-\d\d-\d\d)(?:[ T](?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Departures every `gap_hours` before and after `first`, wall-clock time of `zone`.

    `documented` says whether the day is known: from table service, or stated with the question.
    """

    first: datetime
    gap_hours: float
    zone: ZoneInfo
    documented: bool

    def between(self, start: float, end: float) -> list[float]:
        """Return the departures from hour `start` to hour `end` (`network.clock`), in order.

        The clock of the port is kept: a weekly ship leaves at the same hour in summer and winter time.
        """
        origin = hours_at(self.first.replace(tzinfo=self.zone))
        lowest, highest = floor((start - origin) / self.gap_hours) - 1, ceil((end - origin) / self.gap_hours) + 1
        found = []
        for number in range(lowest, highest + 1):
            local = self.first + timedelta(hours=number * self.gap_hours)
            hours = hours_at(local.replace(tzinfo=self.zone))
            if start <= hours <= end:
                found.append(hours)
        return found


def series_of(service: Service, zone: ZoneInfo, given: str | None = None) -> Series:
    """Return the departures of a row of table service from its first call, whose clock is that of `zone`.

    A ship leaves every `168 / sailings_per_week` hours. Its day is `given` ("Fri", "Fri 16:00", "2019-07-05 16:00";
    noon without an hour), else `first_departure` of the row. A weekday is that of the first sailing on or after
    `valid_from` (Monday 1 January 2001 where the service has no first day); where the gap does not divide a week that
    says little of later days, so these count as assumed. Without a day the phase is spread evenly by the name of the
    service. Raises BadValue for a day that is none.
    """
    gap = HOURS_PER_WEEK / service.sailings_per_week
    text = service.first_departure if given is None else given
    start = service.valid_from or MONDAY
    if not text and given is None:
        spread = int.from_bytes(sha256(service.service_id.encode()).digest()[:8], "big") / 2**64
        phase = timedelta(minutes=round(spread * gap * 60))
        return Series(first=datetime.combine(MONDAY, time()) + phase, gap_hours=gap, zone=zone, documented=False)
    found = _WHEN.fullmatch(text)
    if found is None:
        raise BadValue(
            f"'{text}' is no sailing day of {service.service_id}",
            hint=f"one of {', '.join(DAYS)}, or a date, with an hour HH:MM: 'Fri 16:00', '2019-07-05 16:00'",
        )
    day, dated = _day(found["day"], start, service.service_id)
    hour = timedelta(hours=int(found["hour"]), minutes=int(found["minute"])) if found["hour"] else NOON
    weeks = HOURS_PER_WEEK / gap
    weekly = abs(weeks - round(weeks)) < 1e-9
    return Series(first=datetime.combine(day, time()) + hour, gap_hours=gap, zone=zone, documented=dated or weekly)


def _day(text: str, start: date, service_id: str) -> tuple[date, bool]:
    """Return the day that a text names, from `start` on, and whether it is a date."""
    if text in DAYS:
        return start + timedelta(days=(DAYS.index(text) - start.weekday()) % 7), False
    try:
        return date.fromisoformat(text), True
    except ValueError:
        raise BadValue(
            f"'{text}' is no sailing day of {service_id}", hint=f"one of {', '.join(DAYS)}, or a date YYYY-MM-DD"
        ) from None
