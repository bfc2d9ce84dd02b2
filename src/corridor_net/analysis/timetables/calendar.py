"""The network from day to day: on which days something changes, and what it compiles to on each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from corridor_net.analysis.router import Router
from corridor_net.costing import Impedance, impedance
from corridor_net.network import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Days from `first` to before `end` on which nothing changes, and the network compiled for them."""

    first: date
    end: date
    impedance: Impedance


@dataclass(frozen=True, eq=False, kw_only=True)
class Calendar:
    """The network of each day, compiled when it is first asked for, all in the prices of the router's year."""

    router: Router
    on_day: Callable[[date], Network]
    _compiled: dict[date, Impedance] = field(default_factory=dict, repr=False)

    def compiled(self, day: date) -> Impedance:
        """Return the network compiled for a day."""
        own = self.router.impedance
        if day == own.network.day:
            return own
        if day not in self._compiled:
            self._compiled[day] = impedance(
                self.on_day(day),
                own.cargo.cargo_id,
                price_year=own.prices.year,
                value_of_time_usd_per_hour=own.cargo.value_of_time,
            )
        return self._compiled[day]

    def changes(self, first: date, last: date) -> list[date]:
        """Return the days after `first`, up to `last`, on which a row begins, has ended, or a season turns."""
        network, day = self.router.network, timedelta(days=1)
        found = set()
        for rows in network.tables.values():
            if rows and hasattr(rows[0], "valid_from"):
                found |= {row.valid_from for row in rows if row.valid_from}
                found |= {row.valid_to + day for row in rows if row.valid_to and row.valid_to < date.max}
        found = {one for one in found if first < one <= last}
        seasons = network.rows("season")
        today = [season.holds_on(first) for season in seasons]
        for number in range(1, (last - first).days + 1):
            one = first + number * day
            before, today = today, [season.holds_on(one) for season in seasons]
            if today != before:
                found.add(one)
        return sorted(found)

    def stretches(self, first: date, last: date) -> list[Stretch]:
        """Return the stretches of days from `first` to `last`, each compiled."""
        days = [first, *self.changes(first, last), last + timedelta(days=1)]
        return [Stretch(first=start, end=end, impedance=self.compiled(start)) for start, end in pairwise(days)]

    def frozen(self, day: date, first: date, last: date) -> list[Stretch]:
        """Return one stretch in which all stays as it is on a day."""
        return [Stretch(first=first, end=last + timedelta(days=1), impedance=self.compiled(day))]
