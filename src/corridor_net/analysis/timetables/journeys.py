"""What a journey is: its steps with their local times, what it costs, and which of several journeys none beats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from corridor_net.network.clock import hours_at
from corridor_net.results import Result, measure

from .limits import DatedLimit


class JourneyPart(Result):
    """A part of a journey: moments are written by their local clock, and beside it the same with their offset."""

    def to_dict(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        found: dict[str, Any] = {}
        for name, value in Result.to_dict(self).items():
            moment = getattr(self, name, None)
            found |= _json_moment(name, moment) if isinstance(moment, datetime) else {name: value}
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage(JourneyPart):
    """One step of a journey: when it begins, how long is waited before it, when it ends.

    `begins` is by the clock of `from_node`, `ends` by that of `to_node`. `waits_for` is what a wait is for
    (`DatedGraph.waits_for`); `gate` the opening hours that were kept, with the zone whose clock they are by.
    """

    from_node: str = measure(name="from")
    to_node: str = measure(name="to")
    kind: str
    mode: str
    asset_id: str
    begins: datetime
    wait_hours: float = measure("h", 2)
    ends: datetime
    waits_for: str | None = None
    gate: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey(JourneyPart):
    """A shipment that leaves at an hour; `departs` by the clock of the origin, `arrives` by that of the destination.

    `assumed` are the services on it whose day of sailing is not documented, `limits` what it uses that ends soon or
    has just begun. Of a profile, `departs` is the latest departure, `departs_from` the first that does as well: all
    arrive at the same hour, or with `moves` each so much sooner. USD of `price_year`, at the prices of the days on
    which each step is taken.
    """

    origin: str
    destination: str
    departs: datetime
    arrives: datetime
    departs_from: datetime | None = None
    moves: bool = False
    hours: float = measure("h", 2)
    wait_hours: float = measure("h", 2)
    cost_usd: float = measure("USD", 2)
    generalised_cost_usd: float = measure("USD", 2)
    price_year: int
    gateway: str | None
    services: tuple[str, ...]
    assumed: tuple[str, ...]
    stages: tuple[Stage, ...]
    limits: tuple[DatedLimit, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the documented JSON shape; `departs_from` and `moves` are those of a profile alone."""
        found = JourneyPart.to_dict(self)
        if self.departs_from is None:
            del found["departs_from"], found["moves"]
        return found


def undominated(journeys: Sequence[Journey]) -> list[Journey]:
    """Return the journeys that none beats in departure, arrival and cost, to the minute and the cent."""

    def seen(one: Journey) -> tuple[int, int, float]:
        return int(hours_at(one.departs) * 60), -int(hours_at(one.arrives) * 60), -round(one.cost_usd, 2)

    found: list[Journey] = []
    for one in reversed(journeys):
        mine = seen(one)
        if not any(all(a >= b for a, b in zip(seen(other), mine, strict=True)) for other in found):
            found.append(one)
    return found[::-1]


def services_told(journeys: Sequence[Journey]) -> tuple[str, ...]:
    """Return the services of journeys whose days are assumed, once."""
    return tuple(dict.fromkeys(name for journey in journeys for name in journey.assumed))


def _json_moment(name: str, moment: datetime) -> dict[str, str]:
    """Return a moment by its local clock, and beside it the same with its offset (ISO 8601)."""
    return {
        name: moment.replace(tzinfo=None).isoformat(timespec="minutes"),
        f"{name}_iso": moment.isoformat(timespec="minutes"),
    }
