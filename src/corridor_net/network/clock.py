"""Local time: the zone whose clock a place keeps, and the way between clocks and hours. No opening hours, no ships.

Hours are counted from Monday 1 January 2001, 00:00 UTC, without a break: an hour is an hour in every zone.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from corridor_net.errors import BadValue, CorridorError, DataFault, UnknownName, did_you_mean
from corridor_net.network.files.place import cell_place

from .network import Network

MONDAY = datetime(2001, 1, 1, tzinfo=UTC)


def zone_of(network: Network, node_id: str) -> ZoneInfo:
    """Return the zone of a node: that of its row, else that of its country. Raises DataFault where neither tells."""
    found = zone_or_fault(network, node_id)
    if isinstance(found, CorridorError):
        raise DataFault(found.message, place=found.place, hint=found.hint)
    return found


def zone_or_fault(network: Network, node_id: str) -> ZoneInfo | CorridorError:
    """Return the zone of a node, or what is wrong with it."""
    node = network.nodes[node_id]
    countries = {row.country: row for row in network.tables.get("country", ())}
    table, row = ("node", node) if node.time_zone else ("country", countries.get(node.country))
    path = Path(network.folder)
    if row is None or not row.time_zone:
        return DataFault(
            f"node '{node_id}' has no time zone, and country '{node.country}' has no zone for all of it",
            place=cell_place(path / "node.csv", node.line, "time_zone"),
            hint="write its zone of the tz database into column time_zone of table node, for example Asia/Tokyo",
        )
    return _zone(row.time_zone) or UnknownName(
        f"unknown time zone '{row.time_zone}'",
        place=cell_place(path / f"{table}.csv", row.line, "time_zone"),
        hint=did_you_mean(row.time_zone, available_timezones(), otherwise="a name of the tz database: Asia/Tokyo"),
    )


@cache
def _zone(key: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(key)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def hours_at(moment: datetime) -> float:
    """Return the hours at a moment that knows its offset.

    >>> hours_at(datetime(2001, 1, 1, 8, 45, tzinfo=ZoneInfo("Asia/Shanghai")))
    0.75
    """
    return (moment.astimezone(UTC) - MONDAY) / timedelta(hours=1)


def moment_at(hours: float, zone: ZoneInfo) -> datetime:
    """Return the moment at these hours by the clock of a zone, to the second.

    >>> moment_at(0.75, ZoneInfo("Asia/Shanghai")).isoformat(timespec="minutes")
    '2001-01-01T08:45+08:00'
    """
    return (MONDAY + timedelta(seconds=round(hours * 3600))).astimezone(zone)


def midnight(day: date, zone: ZoneInfo) -> float:
    """Return the hours at which a day begins in a zone."""
    return hours_at(datetime.combine(day, time(), zone))


def by_clock(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return a moment by the clock of a zone; without an offset of its own it is taken to be by that clock.

    Of an hour that comes twice the first is taken. Raises BadValue for an hour that the clock leaps over.
    """
    if moment.tzinfo is not None:
        return moment.astimezone(zone)
    local = moment.replace(tzinfo=zone)
    if local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment:
        raise BadValue(
            f"{moment.isoformat(sep=' ', timespec='minutes')} does not exist by the clock of {zone.key}",
            hint="the clock is put forward over it: write a later hour, or one with its offset, 08:00+10:00",
        )
    return local


_DEPARTURE = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::00(?:\.0+)?)?(:\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?")
_FORM = "write YYYY-MM-DDTHH:MM, local time of the origin, or with an offset: 2019-07-01T08:00+08:00"

FIRST_YEAR, LAST_YEAR = 1900, 2999
"""Years of departures: Python counts from 1 to 9999, and neither a zone nor a journey may lead out of that."""


def parse_departure(given: str | date) -> datetime:
    """Return a day and hour from '2019-07-01T08:00', '2019-07-01' (midnight) or '2019-07-01T08:00+08:00'.

    A day of Python, pandas or numpy is read as it is written. Without an offset it has no zone: it is meant by the
    clock of the origin. Raises BadValue, also for seconds and for years before 1900 or after 2999.
    """
    text = str(given).strip()
    found = _DEPARTURE.fullmatch(text)
    if found is None:
        raise BadValue(f"'{text}' is no departure", hint=_FORM)
    if found[3]:
        raise BadValue(f"'{text}' has seconds; a departure is to the minute", hint=_FORM)
    try:
        if not FIRST_YEAR <= int(found[1][:4]) <= LAST_YEAR:
            raise ValueError(f"year must be in {FIRST_YEAR}..{LAST_YEAR}")
        return datetime.fromisoformat(f"{found[1]}T{found[2] or '00:00'}{found[4] or ''}")
    except ValueError as error:
        raise BadValue(f"'{text}' is no departure: {error}", hint=_FORM) from None


def local_time(moment: datetime, year: int | None = None) -> str:
    """Return a moment by its own clock with its offset from UTC; the year only where it is not `year`.

    >>> from zoneinfo import ZoneInfo
    >>> local_time(datetime(2019, 7, 5, 16, tzinfo=ZoneInfo("Asia/Vladivostok")), 2019)
    'Fri 05 Jul 16:00 +10'
    """
    offset = f"{moment:%z}"
    shown = offset if offset[3:] != "00" else offset[:3]
    return f"{moment:%a %d %b}{'' if moment.year == year else f' {moment:%Y}'} {moment:%H:%M} {shown}"
