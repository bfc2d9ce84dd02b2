"""What ends, closes or begins about the time of a journey, and whether the journey uses it or has to do without."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from corridor_net.network import Network
from corridor_net.network.rows import Dated, Season
from corridor_net.results import Result, measure

from .dated import Edition

SOON = timedelta(days=30)
"""What ends within this of being used is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedLimit(Result):
    """A row of `table` that ends, closes or begins.

    `day`: the last day on which it can be used ("ends"), the first on which it cannot ("closes"), the first on which
    it can ("begins"). `at` is where and `moment` when it is entered, or would have been if all had stayed as on the
    day of leaving. `used`: whether the journey uses it.
    """

    table: str
    row_id: str = measure(name="id")
    what: str
    day: date
    reason: str
    kind: str = measure(hidden=True)
    at: str
    moment: datetime
    used: bool

    def to_dict(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        return {**Result.to_dict(self), "moment": self.moment.isoformat(timespec="minutes")}

    def sentence(self, names: Mapping[str, str]) -> str:
        """Return what ends, when, and what that means for the journey; `names` are those of rows and places by id."""
        why = f" ({self.reason})" if self.reason else ""
        told = f"{self.table} {names.get(self.row_id, self.row_id)} {self.what} {self.day}"
        if self.what == "begins":
            return f"{told}{why}"
        place = names.get(self.at, self.at)
        if self.used:
            return f"{told}, soon after it is used: {self.moment:%a %d %b %Y}, {place}{why}"
        verb = "boarding" if self.kind == "board" else "it is reached"
        return f"{told}, before {verb}: {self.moment:%a %d %b %Y}, {place}{why}"


def limits_of_use(network: Network, steps: Iterable[tuple[Edition, datetime]], leaves: date) -> tuple[DatedLimit, ...]:
    """Return what of a journey's steps ends or closes soon after it is used, or begins after `leaves`."""
    found: dict[tuple[str, str], DatedLimit] = {}
    for one, moment in steps:
        today = moment.date()
        for table, row in _rows(network, one):
            if table != "season" and row.holds_on(today):
                if row.valid_to is not None and row.valid_to - today <= SOON:
                    _add(found, table, row, "ends", row.valid_to, one, moment, used=True)
                elif row.valid_from is not None and row.valid_from > leaves:
                    _add(found, table, row, "begins", row.valid_from, one, moment, used=True)
            elif table == "season" and row.closed == "yes" and (day := _closes(row, today)) is not None:
                _add(found, table, row, "closes", day, one, moment, used=True)
    return tuple(found.values())


def limits_missed(network: Network, steps: Iterable[tuple[Edition, datetime]], leaves: date) -> tuple[DatedLimit, ...]:
    """Return what had ended or closed when it would have been entered; `steps` are those of a way as of `leaves`."""
    found: dict[tuple[str, str], DatedLimit] = {}
    for one, moment in steps:
        today = moment.date()
        for table, row in _rows(network, one):
            if table != "season" and row.holds_on(leaves) and row.valid_to is not None and row.valid_to < today:
                _add(found, table, row, "ends", row.valid_to, one, moment, used=False)
            elif table == "season" and row.closed == "yes" and row.holds_on(today) and not row.holds_on(leaves):
                day = today
                while row.holds_on(day - timedelta(days=1)):
                    day -= timedelta(days=1)
                _add(found, table, row, "closes", day, one, moment, used=False)
    return tuple(found.values())


def _rows(network: Network, one: Edition) -> Iterator[tuple[str, Any]]:
    """Give the dated rows, and the seasons, on which it hangs whether an arc is there."""
    arc = one.arc
    table = {"haul": "link", "board": "service", "sail": "service"}.get(arc.kind, arc.kind)
    if table in network.tables:
        column = f"{table}_id"
        yield from ((table, row) for row in network.rows(table) if getattr(row, column) == arc.asset_id)
    if arc.kind == "terminal":
        target = "node", arc.from_node
    elif arc.kind in ("board", "sail"):
        target = "service", arc.asset_id
    else:
        target = "mode", arc.mode
    yield from (("season", row) for row in network.rows("season") if (row.applies_to, row.target_id) == target)


def _closes(season: Season, today: date) -> date | None:
    """Return the first day after today, within what is soon, on which a season holds."""
    days = (today + timedelta(days=number) for number in range(1, SOON.days + 1))
    return next((day for day in days if season.holds_on(day)), None)


def _add(
    found: dict[tuple[str, str], DatedLimit],
    table: str,
    row: Dated | Season,
    what: str,
    day: date,
    one: Edition,
    moment: datetime,
    *,
    used: bool,
) -> None:
    row_id = getattr(row, f"{table}_id")
    reason = getattr(row, "end_reason", "") if what == "ends" else ""
    found.setdefault(
        (table, row_id),
        DatedLimit(
            table=table,
            row_id=row_id,
            what=what,
            day=day,
            reason=reason,
            kind=one.arc.kind,
            at=one.arc.from_node,
            moment=moment,
            used=used,
        ),
    )
