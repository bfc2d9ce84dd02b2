"""The hours of the day at which a gate is open: read once, asked for the mean wait, its spread, or the wait from now.

The clock is that of the place; which place, and which zone, is not known here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridor_net.errors import BadValue

MINUTES_PER_DAY = 1440
HOURS_PER_DAY = 24.0
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningHours:
    """From `opens` to `closes`, in minutes after midnight of a local clock; `closes` may be the next morning.

    >>> gate = OpeningHours.parse("09:30-19:00")
    >>> gate.closed_hours, round(gate.wait_mean, 3)
    (14.5, 4.38)
    >>> float(gate.until_open(20.25))
    13.25
    """

    opens: int = 0
    closes: int = MINUTES_PER_DAY

    def __post_init__(self) -> None:
        """Refuse hours that are none; raise BadValue."""
        if not (0 <= self.opens < MINUTES_PER_DAY and 0 < self.closes <= MINUTES_PER_DAY and self.opens != self.closes):
            raise BadValue(f"open from minute {self.opens} to {self.closes}", hint="0 to 1440, and not the same twice")

    @classmethod
    def parse(cls, text: str, *, of: str = "a gate") -> OpeningHours:
        """Return the hours of "24h", "09:00-19:00" or "22:00-06:00"; raise BadValue naming what they are `of`."""
        if text == "24h":
            return cls()
        found = _SPAN.fullmatch(text)
        if found is not None:
            start, start_minute, end, end_minute = map(int, found.groups())
            opens, closes = start * 60 + start_minute, (end * 60 + end_minute) or MINUTES_PER_DAY
            if opens != closes and closes <= MINUTES_PER_DAY:
                return cls(opens=opens, closes=closes)
        raise BadValue(
            f"'{text}' are no opening hours of {of}",
            hint="write HH:MM-HH:MM, for example 09:00-19:00 (to 24:00 at most), or 24h for a gate that never closes",
        )

    @property
    def open_hours(self) -> float:
        """Hours of a day at which it is open."""
        return ((self.closes - self.opens) % MINUTES_PER_DAY or MINUTES_PER_DAY) / 60

    @property
    def closed_hours(self) -> float:
        """Hours of a day at which it is closed."""
        return HOURS_PER_DAY - self.open_hours

    @property
    def wait_mean(self) -> float:
        """Mean wait in hours of who comes at any hour: `c² / 48` with `c` closed hours a day."""
        return self.closed_hours**2 / 48.0

    @property
    def wait_std(self) -> float:
        """Standard deviation of that wait in hours; its second moment is `c³ / 72`."""
        return float(max(self.closed_hours**3 / 72.0 - self.wait_mean**2, 0.0) ** 0.5)

    def until_open(self, moment: ArrayLike) -> NDArray[np.float64]:
        """Return the hours until it is open, 0 while it is, from moments in hours of a clock with midnight at 0.

        At the minute at which it closes it is closed.
        """
        since = np.mod(np.asarray(moment, np.float64) - self.opens / 60, HOURS_PER_DAY)
        return np.where(since < self.open_hours, 0.0, HOURS_PER_DAY - since)

    def spans(self) -> tuple[tuple[float, float], ...]:
        """Return the hours of one calendar day at which it is open, as (from, to).

        >>> OpeningHours.parse("22:30-06:00").spans()
        ((0.0, 6.0), (22.5, 24.0))
        """
        opens, closes = self.opens / 60, self.closes / 60
        return ((opens, closes),) if opens < closes else ((0.0, closes), (opens, HOURS_PER_DAY))

    def __str__(self) -> str:
        if not self.closed_hours:
            return "24h"
        return "-".join(f"{minutes // 60:02d}:{minutes % 60:02d}" for minutes in (self.opens, self.closes))
