"""Rows of services: periods, calls, and the seasons in which they are slow or closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from corridor_net.network.periods import month_day, season_spans

from .row import Dated, Row

LIKELY = 0.5
"""Probability from which a service of which nobody says whether it runs is taken as running."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Dated):
    """A scheduled service in a period; `Network.mode_of` tells the mode of its vehicle.

    A service has as many rows as it has periods.

    `state` is open, unknown (nobody says whether it runs) or closed. A period of state unknown has the probability
    that it runs, and sails in the network from `LIKELY` up: answers say that it is not known.
    """

    service_id: str
    name: str
    operator: str = ""
    vehicle: str
    carries: str = "container"
    state: str = "open"
    probability_open: float | None = None
    sailings_per_week: float
    sailings_low: float | None = None
    sailings_high: float | None = None
    circular: int = 0
    speed_id: str
    port_stay_hours: float
    tariff_id: str
    emission_factor_id: str
    first_departure: str = ""
    end_reason: str = ""

    @property
    def chance(self) -> float | None:
        """The probability that it runs, where nobody says whether it does; None where that is known."""
        return (self.probability_open or 0.0) if self.state == "unknown" else None

    @property
    def sails(self) -> bool:
        """Whether the network takes it as running: it is open, or not known and as likely as not."""
        return self.state == "open" or (self.chance or 0.0) >= LIKELY

    def holds_on(self, day: date) -> bool:
        """Whether the service sails on `day`: the row is of that day, and is not closed or unlikely."""
        return self.sails and Dated.holds_on(self, day)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCall(Row):
    """A call of a service, with its hours from the first departure where a timetable is known."""

    service_id: str
    call_sequence: int
    node_id: str
    arrival_hours: float | None = None
    departure_hours: float | None = None
    tariff_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Season(Row):
    """A factor on hours, or a closure, in part of the year."""

    season_id: str
    applies_to: str
    target_id: str
    from_month_day: str
    to_month_day: str
    hours_factor: float
    closed: str

    def holds_on(self, day: date) -> bool:
        """Whether the season holds on `day`; it may run over the new year, and to 28 February is to its last day."""
        today = month_day(f"{day:%m-%d}")
        return any(start <= today <= end for start, end in season_spans(self.from_month_day, self.to_month_day))
