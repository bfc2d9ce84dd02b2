"""Bands and limits of one figure as answers: their documented JSON shape, and limits in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from corridor_net.render.page import significant
from corridor_net.render.words import Sentence, say
from corridor_net.results import Result, measure

from .route import Route


@dataclass(frozen=True, slots=True, kw_only=True)
class Band(Result):
    """An interval of the figure, and the route that is best in it; `high` None: without end.

    `route` has the amounts of the present figures. `holds_now`: the present value lies here.
    """

    low: float
    high: float | None
    route: Route
    holds_now: bool

    def to_dict(self) -> dict[str, Any]:
        """Return the band in the documented JSON shape."""
        return {
            "from": round(self.low, 6),
            "to": None if self.high is None else round(self.high, 6),
            "gateway": self.route.gateway,
            "services": list(self.route.services),
            "crossings": list(self.route.crossings),
            "cost_usd": round(self.route.cost_usd, 2),
            "hours": round(self.route.hours, 2),
            "co2_kg": round(self.route.co2_kg, 2),
            "holds_now": self.holds_now,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands(Result):
    """All intervals of one figure from 0 up, in rising order, each with its best route."""

    key: str = measure(name="figure")
    what: str
    unit: str
    now: float = measure(digits=6)
    bands: tuple[Band, ...]

    @property
    def by_gateway(self) -> tuple[tuple[float, float | None, str | None], ...]:
        """Neighbouring bands of one gateway as one: (from, to, gateway)."""
        found: list[tuple[float, float | None, str | None]] = []
        for band in self.bands:
            if found and found[-1][2] == band.route.gateway:
                found[-1] = (found[-1][0], band.high, band.route.gateway)
            else:
                found.append((band.low, band.high, band.route.gateway))
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit(Result):
    """How far one figure can move, the others as they are, before the answer flips.

    `lower` and `upper` in `unit`; None: no such value flips it. `to_lower` and `to_upper` say to what.
    `change` is the smaller relative change of the two, as a share of the present figure. `in_range`: a limit
    lies inside the range that the figure's own source gives (None where it gives none).
    """

    key: str = measure(name="figure")
    what: str
    unit: str
    now: float = measure(digits=6)
    on_route: bool
    lower: float | None = measure(digits=6)
    to_lower: str | None = measure(name="gateway_below")
    upper: float | None = measure(digits=6)
    to_upper: str | None = measure(name="gateway_above")
    change: float = measure(digits=6, name="relative_change")
    grade: str
    in_range: bool | None = measure(name="inside_its_range")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits(Result):
    """The limits of every figure that can flip the answer by itself, the nearest first, of `tested` figures."""

    route: Route = measure(hidden=True)
    answer: str
    tested: int
    limits: tuple[Limit, ...]


def sentence(limit: Limit, route: Route) -> Sentence:
    """Return a limit in words: 'Zarubino wins while … stays under …'."""
    bounds = []
    if limit.lower is not None:
        bounds.append(
            say("above {value} (below: {then:name})", value=_shown(limit, limit.lower), then=limit.to_lower or "land")
        )
    if limit.upper is not None:
        bounds.append(
            say("below {value} (above: {then:name})", value=_shown(limit, limit.upper), then=limit.to_upper or "land")
        )
    return say(
        "{gateway:name} wins while {what:figure} stays {bounds:both}; now {now}.",
        gateway=route.gateway or "land",
        what=limit.key,
        bounds=tuple(bounds),
        now=_shown(limit, limit.now),
    )


def _shown(limit: Limit, value: float) -> Sentence:
    """Return a figure with its unit: three digits that count, or whole from a thousand on."""
    return say("{value} {unit:unit}", limit, value=significant(value, limit.unit, 3))
