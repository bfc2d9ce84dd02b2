"""What leaving later comes to: each earliest arrival, the latest departure for it, and the least it then costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from corridor_net.questions import Ask
from corridor_net.questions._shared import Destination, Origin
from corridor_net.questions.asked.values import run_of
from corridor_net.questions.pages.departures import SAILS, assumed, departures_chart, later, not_as_of, shipment
from corridor_net.render.chart import Chart
from corridor_net.render.page import Page, page
from corridor_net.render.words import say
from corridor_net.results import Result, fields_of, measure

if TYPE_CHECKING:
    from corridor_net.analysis.timetables.journeys import Journey
    from corridor_net.model import Model
    from corridor_net.network import Network

LAYER = "profile.geojson"
WITHOUT = {"by": "a profile has the earliest arrivals and the least cost of each; 'timetable' takes 'by'"}


@dataclass(frozen=True, kw_only=True)
class ProfileAnswer(Result):
    """The departures of some days that no other beats in departure, arrival and cost."""

    QUESTION: ClassVar[str] = "profile"

    as_of: str
    scenario: str
    cargo: str
    origin: str
    destination: str
    days: float
    profile: tuple[Journey, ...]
    faults: tuple[str, ...]
    leaves: datetime = measure(hidden=True)
    other_day: date | None = measure(hidden=True)
    network: Network = measure(hidden=True)

    def records(self) -> list[dict[str, Any]]:
        """Return the departures, without their steps."""
        left_out = ("stages", "limits")
        return [{k: v for k, v in one.to_dict().items() if k not in left_out} for one in self.profile]


def answer(
    model: Model,
    origin: Origin,
    destination: Destination,
    *,
    depart: Annotated[
        str | None,
        Ask(
            "First departure, YYYY-MM-DDTHH:MM, local time of the origin, or with an offset: …+08:00; the beginning of "
            "the network's day when left out.",
            metavar="WHEN",
        ),
    ] = None,
    days: Annotated[float, Ask("Departures looked at, from the first on.", metavar="N")] = 7.0,
    sails: Annotated[tuple[str, ...], SAILS] = (),
) -> ProfileAnswer:
    """List what leaving later comes to, by sailing days and opening hours.

    Each step is taken as of its own day. No journey leaves as late, arrives as early and costs as little as one of
    these, unless it is as good in all three. Raises NoRoute, UnknownName; BadValue for `days` not above 0 or above 92.

    >>> import corridor_net as cn
    >>> found = cn.load().profile("yanji", "niigata", depart="2019-07-01T08:00", days=2)
    >>> found.profile[0].departs <= found.profile[-1].departs
    True
    """
    sent = shipment(model, origin, depart, sails)
    journeys = sent.table.profile(origin, destination, sent.when, days)
    return ProfileAnswer(
        **run_of(sent.model.router, "as_of", "scenario", "cargo"),
        **fields_of(journeys[0], "origin", "destination"),
        days=days,
        profile=journeys,
        faults=sent.faults(journeys),
        leaves=sent.when,
        other_day=sent.other_day,
        network=sent.model.network,
    )


def view(found: ProfileAnswer) -> Page:
    """Show the quickest and the cheapest departure, then all of them."""
    first = say(
        "{origin:name} to {destination:name}, {profile:n0|departure|departures} from {when:moment} on: the quickest "
        "takes {quickest.hours:d1} days for {quickest.cost_usd:m0} USD, the cheapest {cheapest.hours:d1} days for "
        "{cheapest.cost_usd:m0} USD.",
        found,
        when=(found.leaves, None),
        quickest=min(found.profile, key=lambda one: one.hours),
        cheapest=min(found.profile, key=lambda one: one.cost_usd),
    )
    return page(
        first,
        later(found.profile, found.leaves.year),
        assumed(found.profile),
        list(found.faults),
        not_as_of(found.leaves, found.other_day),
    )


def charts(found: ProfileAnswer) -> Mapping[str, Chart]:
    """Draw the days on the way over the departure."""
    return {"profile": departures_chart(found.profile, found.leaves, (found.origin, found.destination))}


def layer(found: ProfileAnswer) -> dict[str, Any]:
    """Give the way of each departure as a line."""
    from corridor_net.output.maps.layers import DrawnWay, ways_layer

    return ways_layer(
        DrawnWay(network=found.network, title=f"{one.departs:%d %B %H:%M}", steps=one.stages, row=one)
        for one in found.profile
    )
