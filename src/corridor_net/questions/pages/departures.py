"""What `timetable` and `profile` share: a shipment as it is asked for, and later departures as they are shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

from corridor_net.errors import BadValue
from corridor_net.questions import Ask
from corridor_net.questions.asked.places import by_gateway
from corridor_net.render.chart import Chart, Curves
from corridor_net.render.page import Column, Table, divided, numbers, table_of
from corridor_net.render.words import Sentence, say

if TYPE_CHECKING:
    from corridor_net.analysis.timetables.journeys import Journey
    from corridor_net.analysis.timetables.timetable import Timetable
    from corridor_net.model import Model
    from corridor_net.network import Network
    from corridor_net.scenario import ByDay

SAILS = Ask(
    "Day a ship leaves its first call, 'Fri 16:00' or '2019-07-05 16:00', local time; repeatable.",
    metavar="SERVICE=DAY",
)


@dataclass(frozen=True, kw_only=True)
class Shipment:
    """When it leaves, by the clock of the origin; the model as of that day; its timetable, and the network of each day.

    `other_day` is the day the model was asked as of, where that is another: it counts for nothing.
    """

    when: datetime
    model: Model
    table: Timetable
    by_day: ByDay
    other_day: date | None

    def faults(self, journeys: Iterable[Journey]) -> tuple[str, ...]:
        """Return on which days of the journeys the scenario could not be applied, and why."""
        last = max(journey.arrives.date() for journey in journeys)
        return tuple(
            f"The scenario cannot be applied as of {day}: {error.message}. "
            "Figures that begin by then are without its changes."
            for day, error in sorted(self.by_day.faults.items())
            if day <= last
        )


def shipment(model: Model, origin: str, depart: str | date | None, sails: Sequence[str]) -> Shipment:
    """Return a shipment that leaves at an hour; at the beginning of the model's day where none is given.

    Raises BadValue for what is no departure or day of sailing, UnknownName for a place or service.
    """
    from corridor_net.analysis.timetables.timetable import Timetable
    from corridor_net.network.clock import by_clock, parse_departure, zone_of
    from corridor_net.scenario import ByDay

    base = model.base
    if depart is None:
        depart = str(model.network.day)
    when = by_clock(parse_departure(depart), zone_of(base, base.node(origin).node_id))
    seen = model.as_of(when.date())
    by_day = ByDay(base=base, scenario=seen.scenario, applied=seen.network)
    other = model.day if model.day is not None and model.day != when.date() else None
    table = Timetable.of(seen.router, sailing_days(sails, seen.network), on_day=by_day)
    return Shipment(when=when, model=seen, table=table, by_day=by_day, other_day=other)


def not_as_of(leaves: datetime, other_day: date | None) -> Sentence | None:
    """Say that a day the model was asked as of counts for nothing; None where there is no such day."""
    if other_day is None:
        return None
    own = str(leaves.date())
    return say("Each step is taken as of its own day, from {own} on, not as of {day}.", own=own, day=str(other_day))


def sailing_days(texts: Sequence[str], network: Network) -> dict[str, str]:
    """Return the day each service leaves its first call from `SERVICE=DAY`; raise BadValue for what is not that."""
    from corridor_net.questions.asked.examples import a_service

    given: dict[str, str] = {}
    for text in texts:
        name, sign, day = text.rpartition("=")
        if not sign:
            hint = f"write SERVICE=DAY, for example {a_service(network)}='Fri 16:00'"
            raise BadValue(f"'{text}' names no day", hint=hint)
        if name in given:
            raise BadValue(f"--sails names '{name}' twice")
        given[name] = day
    return given


def later(journeys: Sequence[Journey], year: int) -> Table | None:
    """Show what each later departure comes to; None where there is nothing to show."""
    if not journeys:
        return None

    def leave(one: Journey) -> Sentence:
        return say("at any time, to {day:moment}" if one.moves else "{day:moment}", day=(one.departs, year))

    def arrive(one: Journey) -> Sentence:
        return say("so much later, to {day:moment}" if one.moves else "{day:moment}", day=(one.arrives, year))

    return table_of(
        journeys,
        Column(heading="leave by", of=leave),
        Column(heading="arrive", of=arrive),
        *numbers("days", of=divided("hours", 24), digits=1),
        *numbers("waiting", of=divided("wait_hours", 24), digits=1, rank=1),
        *numbers("USD", of="cost_usd"),
        Column(heading="gateway", kind="name", of=lambda one: one.gateway or "by land"),
        Column(heading="services", kind="names", rank=2, most=34, of="services"),
        title="Leaving later: each earliest arrival, the latest departure for it, and the least it then costs",
    )


def assumed(journeys: Sequence[Journey]) -> Sentence | None:
    """Say which services' days are assumed, with the ids by which a day is given; None where none is."""
    from corridor_net.analysis.timetables.journeys import services_told

    told = services_told(journeys)
    if not told:
        return None
    return say(
        "Sailing days assumed (grade D), none is documented: {services:list}. --sails SERVICE=DAY gives one.",
        services=tuple(say("{service:name} ({key})", service=key, key=key) for key in told),
    )


def departures_chart(journeys: Sequence[Journey], leaves: datetime, ends: tuple[str, str]) -> Chart:
    """Return the days on the way over the departure as a chart."""
    from corridor_net.network.clock import hours_at
    from corridor_net.output.charts.timetable_chart import profile_svg

    title = say(
        "{origin:name} to {destination:name}: leaving from {day} on",
        origin=ends[0],
        destination=ends[1],
        day=f"{leaves:%Y-%m-%d}",
    )
    return Curves(
        title=title,
        unit="days on the way",
        x="days after the first departure",
        lines=by_gateway(journeys, lambda one: ((hours_at(one.departs) - hours_at(leaves)) / 24, one.hours / 24)),
        joined=False,
        svg=partial(profile_svg, journeys, leaves, title),
    )
