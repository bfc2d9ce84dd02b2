"""When a box that leaves at an hour arrives, by sailing days and opening hours, and what leaving later comes to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import inf
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from corridor_net.errors import BadValue
from corridor_net.questions import Ask
from corridor_net.questions._shared import Destination, Origin
from corridor_net.questions.asked.values import run_of
from corridor_net.questions.pages.departures import SAILS, assumed, departures_chart, later, not_as_of, shipment
from corridor_net.render.chart import Chart
from corridor_net.render.page import Column, Page, Table, numbers, page, table_of
from corridor_net.render.words import Sentence, say
from corridor_net.results import Result, measure

if TYPE_CHECKING:
    from corridor_net.analysis.timetables.journeys import Journey, Stage
    from corridor_net.analysis.timetables.limits import DatedLimit
    from corridor_net.model import Model
    from corridor_net.network import Network

LAYER = "timetable.geojson"
NAMED = ("board", "sail", "crossing")
"""Steps that are told by the name of their service or border, not by their mode."""


@dataclass(frozen=True, kw_only=True)
class TimetableAnswer(Result):
    """The best journey of a departure, what leaving later comes to, and what had ended or closed before it was reached.

    `faults` say on which days the scenario could not be applied.
    """

    QUESTION: ClassVar[str] = "timetable"

    as_of: str
    scenario: str
    cargo: str
    by: str
    journey: Journey
    profile: tuple[Journey, ...]
    missed: tuple[DatedLimit, ...]
    faults: tuple[str, ...]
    leaves: datetime = measure(hidden=True)
    other_day: date | None = measure(hidden=True)
    network: Network = measure(hidden=True)

    def records(self) -> list[dict[str, Any]]:
        """Return the steps of the journey."""
        return [stage.to_dict() for stage in self.journey.stages]


def answer(
    model: Model,
    origin: Origin,
    destination: Destination,
    *,
    depart: Annotated[
        str | None,
        Ask(
            "YYYY-MM-DDTHH:MM, local time of the origin, or with an offset: …+08:00; the beginning of the network's "
            "day when left out.",
            metavar="WHEN",
        ),
    ] = None,
    days: Annotated[float, Ask("Departures looked at, from --depart on.", metavar="N")] = 7.0,
    sails: Annotated[tuple[str, ...], SAILS] = (),
) -> TimetableAnswer:
    """Send one shipment at an hour, by sailing days and opening hours; list what leaving later comes to.

    The best is of least generalised cost, of least money, or the earliest (`by`), each step taken as of its own day,
    whatever day the model is as of. `depart` may be a datetime. Raises NoRoute, UnknownName; BadValue for what is no
    departure, `days` not above 0 or above 92, and for co2.

    >>> import corridor_net as cn
    >>> found = cn.load().timetable("yanji", "niigata", depart="2019-07-01T08:00", by="time", days=2)
    >>> found.journey.departs.isoformat()
    '2019-07-01T08:00:00+08:00'
    """
    by = model.options.by or "generalised"
    if by == "co2":
        raise BadValue("a timetable cannot minimise co2", hint="--by generalised, money or time")
    worth = {"time": inf, "money": 0.0}.get(by)
    sent = shipment(model, origin, depart, sails)
    week = sent.table.profile(origin, destination, sent.when, days)
    best = sent.table.best(origin, destination, sent.when, usd_per_hour=worth)
    return TimetableAnswer(
        **run_of(sent.model.router, "as_of", "scenario", "cargo"),
        by=by,
        journey=best,
        profile=week,
        missed=sent.table.missed(origin, destination, sent.when, usd_per_hour=worth),
        faults=sent.faults([best, *week]),
        leaves=sent.when,
        other_day=sent.other_day,
        network=sent.model.network,
    )


def view(found: TimetableAnswer) -> Page:
    """Show the journey step by step with its waits, what it keeps to, and what each later departure comes to."""
    from corridor_net.render.names import names_of

    names, best = names_of(found.network), found.journey
    year = best.departs.year
    first = say(
        "{origin:name} to {destination:name}: leave {leave:moment}, arrive {arrive:moment}, {hours:d1} days, "
        "{cost_usd:m0} USD.",
        best,
        leave=(best.departs, None),
        arrive=(best.arrives, year),
    )
    return page(
        first,
        _steps(best),
        list(_remarks(found, names)),
        later(found.profile, year),
        assumed([best, *found.profile]),
    )


def _steps(best: Journey) -> Table:
    year = best.departs.year
    return table_of(
        best.stages,
        Column(heading="step", most=30, of=_step),
        Column(heading="by", kind="name", most=30, of=_by),
        *numbers("waits, h", of=lambda stage: stage.wait_hours if stage.wait_hours > 0.005 else None, digits=1),
        Column(heading="begins", of=lambda stage: say("{day:moment}", day=(stage.begins, year))),
        Column(heading="ends", rank=1, of=lambda stage: say("{day:moment}", day=(stage.ends, year))),
    )


def _by(stage: Stage) -> str:
    return stage.asset_id if stage.kind in NAMED else stage.mode


def _step(stage: Stage) -> Sentence:
    if stage.to_node == stage.from_node:
        return say("{kind:label}, {from_node:name}", stage)
    return say("{kind:label}, {from_node:name} to {to_node:name}", stage)


def _remarks(found: TimetableAnswer, names: Mapping[str, str]) -> Iterator[Sentence | str]:
    """Say whose clock it is, at what prices, what ends about then, and what is waited for of one's own accord."""
    from corridor_net.network.clock import local_time

    best = found.journey
    moments = [moment for stage in best.stages for moment in (stage.begins, stage.ends)]
    clocks = dict.fromkeys(f"{local_time(moment).rpartition(' ')[2]} {moment.tzinfo}" for moment in moments)
    yield say(
        "Each time is by the clock of its place: {clocks}. Money of {price_year}, at the prices and hours of the day "
        "on which each step begins.",
        best,
        clocks=", ".join(clocks),
    )
    gates = {stage.asset_id: stage.gate for stage in best.stages if stage.gate}
    if gates:
        kept = tuple(say("{gate:name} {hours}", gate=name, hours=hours) for name, hours in gates.items())
        yield say("Opening hours kept: {kept:list}.", kept=kept)
    for stage in best.stages:
        if stage.waits_for == "change":
            yield say(
                "Waits {wait_hours:d1} days for {asset_id:name} at {from_node:name} though it could go sooner: later "
                "it costs or takes less.",
                stage,
            )
    for limit in best.limits:
        yield say("Note: {what}.", what=limit.sentence(names))
    for limit in found.missed:
        yield say("Not possible: {what}.", what=limit.sentence(names))
    yield from found.faults
    own = not_as_of(found.leaves, found.other_day)
    yield from [own] if own else []


def charts(found: TimetableAnswer) -> Mapping[str, Chart]:
    """Draw the days on the way over the departure."""
    return {
        "timetable": departures_chart(found.profile, found.leaves, (found.journey.origin, found.journey.destination))
    }


def layer(found: TimetableAnswer) -> dict[str, Any]:
    """Give the steps of the journey with their hours: movement as lines, work and waits as points."""
    from corridor_net.output.maps.layers import steps_layer

    return steps_layer(found.network, f"leaving {found.leaves:%d %B %Y %H:%M}", found.journey.stages)
