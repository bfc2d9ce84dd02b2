"""A network with a scenario, seen on any day: for questions that run over several days."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from corridor_net.errors import UserError
from corridor_net.network import Network

from .compose import Scenario


@dataclass(frozen=True, eq=False, kw_only=True)
class ByDay:
    """Gives the network of a day: that of `base`, with the scenario laid over it as of that day.

    A change finds other figures on other days. Where the scenario cannot be applied on a day, the network it made on
    its own day (`applied`) is seen on that day, and `faults` says why: figures that begin after its own day are then
    without its changes.
    """

    base: Network
    scenario: Scenario | None
    applied: Network
    faults: dict[date, UserError] = field(default_factory=dict)

    def __call__(self, day: date) -> Network:
        """Return the network of a day, inside or outside the span of the data."""
        seen = self.base.seen_on(day)
        if self.scenario is None:
            return seen
        try:
            return replace(self.scenario, as_of=None).apply(seen)
        except UserError as error:
            self.faults[day] = error
            return self.applied.seen_on(day)
