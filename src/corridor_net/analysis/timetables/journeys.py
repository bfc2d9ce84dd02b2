"""What a journey is: its steps with their local times, what it costs, and which of several journeys none beats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from corridor_net.network.clock import hours_at
from corridor_net.results import Result

from .limits import DatedLimit


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage(Result):
    """One step of a journey: when it begins, how long is waited before it, when it ends.

    `begins` is by the clock of `from_node`, `ends` by that of `to_node`. `waits_for` is what a wait is for
    (`DatedGraph.waits_for`); `gate` the opening hours that were kept, with the zone whose clock they are by.
    """

    from_node: str
    to_node: str
    kind: str
    mode: str
    subject: str
    begins: datetime
    wait_hours: float
    ends: datetime
    waits_for: str = ""
    gate: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        return {
            "from": self.from_node,
            "to": self.to_node,
            "kind": self.kind,
            "mode": self.mode,
            "subject": self.subject,
            **_json_moment("begins", self.begins),
            "wait_hours": round(self.wait_hours, 2),
            **_json_moment("ends", self.ends),
            "waits_for": self.waits_for or None,
            "gate": self.gate or None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey(Result):
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
    hours: float
    wait_hours: float
    cost_usd: float
    generalised_cost_usd: float
    price_year: int
    gateway: str | None
    services: tuple[str, ...]
    assumed: tuple[str, ...]
    stages: tuple[Stage, ...]
    limits: tuple[DatedLimit, ...] = ()
    departs_from: datetime | None = None
    moves: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        since = {} if self.departs_from is None else _json_moment("departs_from", self.departs_from)
        return {
            "origin": self.origin,
            "destination": self.destination,
            **_json_moment("departs", self.departs),
            **_json_moment("arrives", self.arrives),
            **since,
            **({"moves": self.moves} if since else {}),
            "hours": round(self.hours, 2),
            "wait_hours": round(self.wait_hours, 2),
            "cost_usd": round(self.cost_usd, 2),
            "generalised_cost_usd": round(self.generalised_cost_usd, 2),
            "price_year": self.price_year,
            "gateway": self.gateway,
            "services": list(self.services),
            "assumed": list(self.assumed),
            "stages": [stage.to_dict() for stage in self.stages],
            "limits": [limit.to_dict() for limit in self.limits],
        }


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
