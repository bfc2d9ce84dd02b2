"""Every answer with its limits: how far each figure may move before the answer flips, and exact bands of one figure.

Each arc weighs `p + x q`, with x the one parameter: value of time, CO2 price, or the amount of one figure as a
multiple of its present amount. The least weight of a pair is then a concave, piecewise linear function of x;
its breakpoints are found exactly, by intersecting the lines of routes (Eisner & Severance 1976; on one side
only, Newton's method of Dinkelbach 1967). No drawing, no printing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.costing import Parameter as Figure
from corridor_net.costing import Part
from corridor_net.errors import BadValue, NoRoute, UnknownName, did_you_mean
from corridor_net.graph import Weighted
from corridor_net.render.words import Sentence, say

from .compare import Comparison
from .explain import Finding, telling_pair
from .route import Route, Router

VALUE_OF_TIME = "value_of_time"
CO2_PRICE = "co2_price"
ANSWERS = ("gateway", "route")
"""What must stay the same for an answer to hold."""


@dataclass(frozen=True, slots=True, eq=False)
class Parameter:
    """One figure that is varied: each arc weighs `fixed + x * slope`, x >= 0, `x_now` at present.

    The figure itself is `scale * x` or, when `inverse` (speeds, sailings a week), `scale / x`, in `unit`.
    `low` and `high` are the range its source gives, None where it gives none.
    """

    key: str
    what: str
    unit: str
    scale: float
    x_now: float
    inverse: bool
    fixed: NDArray[np.float64]
    slope: NDArray[np.float64]
    low: float | None = None
    high: float | None = None
    grade: str = ""
    source_ids: tuple[str, ...] = ()

    def value(self, x: float) -> float:
        """Return the figure at x, in `unit`; inf for an inverse one at 0."""
        if not self.inverse:
            return self.scale * x
        return self.scale / x if x else inf

    @property
    def now(self) -> float:
        """The figure at present."""
        return self.value(self.x_now)


@dataclass(frozen=True, slots=True)
class Band:
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


@dataclass(frozen=True, slots=True)
class Bands:
    """All intervals of one figure from 0 up, in rising order, each with its best route."""

    key: str
    what: str
    unit: str
    now: float
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

    def to_dict(self) -> dict[str, Any]:
        """Return the bands in the documented JSON shape."""
        return {
            "figure": self.key,
            "what": self.what,
            "unit": self.unit,
            "now": round(self.now, 6),
            "bands": [band.to_dict() for band in self.bands],
        }


@dataclass(frozen=True, slots=True)
class Limit:
    """How far one figure can move, the others as they are, before the answer flips.

    `lower` and `upper` in `unit`; None: no such value flips it. `to_lower` and `to_upper` say to what.
    `change` is the smaller relative change of the two, as a share of the present figure. `in_range`: a limit
    lies inside the range that the figure's own source gives (None where it gives none).
    """

    key: str
    what: str
    unit: str
    now: float
    on_route: bool
    lower: float | None
    to_lower: str | None
    upper: float | None
    to_upper: str | None
    change: float
    grade: str
    in_range: bool | None

    def to_dict(self) -> dict[str, Any]:
        """Return the limit in the documented JSON shape."""
        return {
            "figure": self.key,
            "what": self.what,
            "unit": self.unit,
            "now": round(self.now, 6),
            "on_route": self.on_route,
            "lower": None if self.lower is None else round(self.lower, 6),
            "gateway_below": self.to_lower,
            "upper": None if self.upper is None else round(self.upper, 6),
            "gateway_above": self.to_upper,
            "relative_change": round(self.change, 6),
            "grade": self.grade,
            "inside_its_range": self.in_range,
        }


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of every figure that can flip the answer by itself, the nearest first, of `tested` figures."""

    route: Route
    answer: str
    tested: int
    limits: tuple[Limit, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the limits in the documented JSON shape."""
        return {"answer": self.answer, "tested": self.tested, "limits": [limit.to_dict() for limit in self.limits]}


@dataclass(frozen=True, slots=True)
class _Line:
    """A route as a line over x: weight = fixed + slope * x."""

    arcs: tuple[int, ...]
    fixed: float
    slope: float

    def at(self, x: float) -> float:
        return self.fixed + self.slope * x


@dataclass(frozen=True, eq=False)
class Breakeven:
    """A pair on one router, ready to be asked for limits and bands.

    >>> import corridor_net as cn
    >>> from corridor_net.costing import impedance
    >>> router = Router(impedance(cn.load(as_of="2019-07-01", scenarios=["primorye-2"]).network))
    >>> pair = Breakeven(router, "yanji", "niigata")
    >>> [(round(low, 2), gateway) for low, high, gateway in pair.bands("value_of_time").by_gateway]
    [(0.0, 'yingkou'), (0.78, 'zarubino')]
    """

    router: Router
    origin: str
    destination: str

    @cached_property
    def route(self) -> Route:
        """The best route at present; raises NoRoute, UnknownName, BadValue as `Router.route` does."""
        return self.router.route(self.origin, self.destination)

    @cached_property
    def _ends(self) -> tuple[int, int]:
        router, route = self.router, self.route
        return router.end_state(route.origin, "origin"), router.end_state(route.destination, "destination")

    # parameters

    @cached_property
    def _uses(self) -> dict[str, list[tuple[int, Part, float]]]:
        """Every figure with the arcs and parts that rest on it, and what each part weighs."""
        dollar, hour, deviation, _ = self.router.objective.slopes
        found: dict[str, list[tuple[int, Part, float]]] = {}
        for number, arc in enumerate(self.router.impedance.arcs):
            for part in arc.parts:
                amount = part.scheduled if self.router.schedule else part.amount
                spread = 0.0 if self.router.schedule else part.spread
                weight = amount * dollar if part.quantity == "cost" else amount * hour + spread * deviation
                keys = [*part.figures]
                if arc.kind in ("crossing", "terminal"):
                    keys.append(f"{arc.kind}:{arc.subject}:{part.quantity}")
                for key in keys:
                    found.setdefault(key, []).append((number, part, weight))
        return found

    @property
    def _known(self) -> Mapping[str, Figure]:
        return self.router.impedance.parameters

    def parameter(self, key: str) -> Parameter:
        """Return the parameter of a figure.

        `key` is value_of_time, co2_price, a figure as legs name them (operation:ID:COMPONENT:hours,
        tariff:ID, speed:ID, service:ID:sailings_per_week), service:ID:headway_hours, or
        crossing:ID:hours, crossing:ID:cost, terminal:ID:hours, terminal:ID:cost for all components together.

        Raises
        ------
        UnknownName
            No arc rests on such a figure.
        BadValue
            A figure that is 0, is a length, or has no weight in what is minimised.
        """
        if key in (VALUE_OF_TIME, CO2_PRICE):
            return self._price(key)
        name = key.replace(":headway_hours", ":sailings_per_week")
        uses = self._uses.get(name)
        if uses is None:
            known = [*self.figures, VALUE_OF_TIME, CO2_PRICE]
            raise UnknownName(
                f"no arc rests on a figure '{key}'",
                hint=did_you_mean(
                    key,
                    known,
                    otherwise="for example: crossing:ID:hours, tariff:ID, speed:ID, service:ID:headway_hours",
                ),
            )
        if key.endswith(":length_km"):
            raise BadValue(f"'{key}' is a length on the ground, which nobody can vary")
        slope = np.zeros(len(self.router.impedance.arcs))
        for arc, _, weight in uses:
            slope[arc] += weight
        if not slope.any():
            total = sum(part.amount for _, part, _ in uses)
            reason = "it is 0" if not total else f"it has no part in what is minimised ({self.router.by})"
            raise BadValue(f"'{key}' cannot be varied: {reason}")
        fixed = np.maximum(self.router.weight - slope, 0.0)
        what, unit, scale, inverse, low, high = self._meaning(key, name, uses)
        grade = max(part.grade for _, part, _ in uses)
        sources = tuple(dict.fromkeys(s for _, part, _ in uses for s in part.source_ids))
        return Parameter(key, what, unit, scale, 1.0, inverse, fixed, slope, low, high, grade, sources)

    def _price(self, key: str) -> Parameter:
        router, imp = self.router, self.router.impedance
        if router.by != "generalised":
            raise BadValue(f"{key} plays no part when {router.by} is minimised", hint="leave --by at generalised")
        if key == VALUE_OF_TIME:
            now, slope, unit = imp.cargo.value_of_time, router.timed_hours, "USD/h"
        else:
            now, slope, unit = router.co2_price_usd_per_t, imp.co2_kg / 1000, "USD/t"
        fixed = np.maximum(router.weight - now * slope, 0.0)
        what = "value of an hour" if key == VALUE_OF_TIME else "price of CO2"
        return Parameter(key, what, unit, 1.0, now, inverse=False, fixed=fixed, slope=slope)

    def _meaning(
        self, key: str, name: str, uses: list[tuple[int, Part, float]]
    ) -> tuple[str, str, float, bool, float | None, float | None]:
        """Return words, unit, scale, whether inverse, and the stated range of a figure."""
        known = self._known.get(name)
        if known is not None and key.endswith(":headway_hours"):
            label = known.label.replace("sailings of", "headway of", 1)
            return label, "h", 168.0 / known.value, False, None, None
        if known is not None and not known.certain:
            scale = known.value
            if known.table == "speed" and self.router.schedule:
                scale *= sum(part.amount for _, part, _ in uses) / sum(part.scheduled for _, part, _ in uses)
            return known.label, known.unit, scale, known.inverse, known.low, known.high
        kind, *rest = key.split(":")
        hours, arc = uses[0][1].quantity == "hours", uses[0][0]
        amounts = [part.scheduled if self.router.schedule else part.amount for number, part, _ in uses if number == arc]
        words = known.label if known is not None else f"{rest[-1]} at {kind} {rest[0]}"
        return words, "h" if hours else "USD", sum(amounts), False, None, None

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """Every single figure that some arc rests on and that can be varied, in the order of the network."""
        known = self._known
        return tuple(
            key
            for key in self._uses
            if key in known
            and not known[key].is_length
            and (not known[key].certain or known[key].table == "service_call")
        )

    # searching

    def _line(self, parameter: Parameter, weight: NDArray[np.float64]) -> _Line | None:
        """Return the best route under a weighting as a line of the parameter; None where there is none."""
        try:
            arcs = Weighted.of(self.router.graph, weight).shortest_path(*self._ends)[1]
        except NoRoute:
            return None
        return self._as_line(parameter, tuple(arcs.tolist()))

    def _as_line(self, parameter: Parameter, arcs: tuple[int, ...]) -> _Line:
        index = list(arcs)
        return _Line(arcs, float(parameter.fixed[index].sum()), float(parameter.slope[index].sum()))

    def _furthest(self, parameter: Parameter, *, up: bool) -> _Line | None:
        """Return a route that is best at the end: x = 0, or x without bound (the least slope there is)."""
        if not up:
            return self._line(parameter, parameter.fixed)
        without = self._line(parameter, np.where(parameter.slope > 0, inf, parameter.fixed))
        return without or self._line(parameter, parameter.slope)

    def _breakpoints(self, parameter: Parameter, start: _Line, *, up: bool) -> Iterator[tuple[float, _Line]]:
        """Yield (x, route best beyond x), from the present value to the end, one linear piece after the other."""
        current, x_current = start, parameter.x_now
        end = self._furthest(parameter, up=up)
        while end is not None:
            candidate = end
            while True:
                steeper = current.slope - candidate.slope if up else candidate.slope - current.slope
                if steeper <= 1e-12 * max(1.0, abs(current.slope)):
                    return
                x = (candidate.fixed - current.fixed) / (current.slope - candidate.slope)
                x = max(x, x_current) if up else min(x, x_current)
                if x < 0:
                    return
                better = self._line(parameter, parameter.fixed + x * parameter.slope)
                assert better is not None  # noqa: S101 (the present route is there at any x)
                if better.at(x) >= current.at(x) - 1e-9 * max(1.0, current.at(x)):
                    break
                candidate = better
            if x == 0 and not up:
                return
            yield x, candidate
            current, x_current = candidate, x

    def bands(self, key: str) -> Bands:
        """Return every interval of a figure from 0 on, with its best route; exact. Raises as `parameter`."""
        parameter = self.parameter(key)
        start = self._as_line(parameter, self.route.arcs)
        below = list(self._breakpoints(parameter, start, up=False))
        above = list(self._breakpoints(parameter, start, up=True))
        lines = [*(line for _, line in reversed(below)), start, *(line for _, line in above)]
        cuts = [0.0, *(x for x, _ in reversed(below)), *(x for x, _ in above), inf]
        pieces = [
            (parameter.value(low), parameter.value(high), line)
            for low, high, line in zip(cuts[:-1], cuts[1:], lines, strict=True)
            if high > low
        ]
        if parameter.inverse:
            pieces = [(high, low, line) for low, high, line in reversed(pieces)]
        return Bands(
            key,
            parameter.what,
            parameter.unit,
            parameter.now,
            tuple(
                Band(
                    low,
                    None if high == inf else high,
                    self.router.describe(self.route.origin, self.route.destination, line.arcs),
                    line is start,
                )
                for low, high, line in pieces
            ),
        )

    def limits(
        self, *, answer: str = "gateway", progress: Callable[[str], None] | None = None, nearest: int | None = None
    ) -> Limits:
        """Return how far each figure, alone, may move before the answer flips; nearest first.

        `answer` is gateway or route. Figures that by themselves never flip it are counted and left out.
        `nearest` keeps so many. Raises BadValue for another `answer`.
        """
        if answer not in ANSWERS:
            raise BadValue(f"'{answer}' is no answer to hold", hint=did_you_mean(answer, ANSWERS, otherwise="gateway"))
        keys = [*self.figures]
        if self.router.by == "generalised":
            keys.insert(0, VALUE_OF_TIME)
        tested, found = 0, []
        for key in keys:
            if progress:
                progress(key)
            try:
                parameter = self.parameter(key)
            except BadValue:
                continue
            tested += 1
            limit = self._limit(parameter, answer)
            if limit is not None:
                found.append(limit)
        found.sort(key=lambda limit: (limit.change, limit.key))
        return Limits(self.route, answer, tested, tuple(found[:nearest]))

    def _limit(self, parameter: Parameter, answer: str) -> Limit | None:
        start = self._as_line(parameter, self.route.arcs)
        ends: dict[bool, tuple[float, str | None] | None] = {}
        for up in (False, True):
            # a dearer figure off the route cannot flip the answer
            walk = self._breakpoints(parameter, start, up=up) if start.slope or not up else iter(())
            ends[up] = None
            for x, line in walk:
                gateway = self.router.describe(self.route.origin, self.route.destination, line.arcs).gateway
                if answer == "route" or gateway != self.route.gateway:
                    ends[up] = (parameter.value(x), gateway)
                    break
        if ends[False] is None and ends[True] is None:
            return None
        lower, upper = (ends[True], ends[False]) if parameter.inverse else (ends[False], ends[True])
        now = parameter.now
        change = min(abs(end[0] - now) / now if now else inf for end in (lower, upper) if end is not None)
        ranged = [
            (parameter.low is not None and lower is not None and parameter.low <= lower[0]),
            (parameter.high is not None and upper is not None and upper[0] <= parameter.high),
        ]
        return Limit(
            parameter.key,
            parameter.what,
            parameter.unit,
            now,
            start.slope > 0,
            lower[0] if lower else None,
            lower[1] if lower else None,
            upper[0] if upper else None,
            upper[1] if upper else None,
            change,
            parameter.grade,
            None if parameter.low is None and parameter.high is None else any(ranged),
        )


def breakeven(router: Router, origin: str, destination: str) -> Breakeven:
    """Return the pair ready to be asked: `.limits()` and `.bands(figure)`. Raises as `Router.route` does."""
    found = Breakeven(router, origin, destination)
    _ = found.route
    return found


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


def _shown(limit: Limit, value: float) -> str:
    """Return a figure with its unit: three digits that count, or whole from a thousand on."""
    return f"{value:,.0f} {limit.unit}" if value >= 1000 else f"{value:.3g} {limit.unit}"


def threshold_summary(comparison: Comparison) -> Finding:
    """Return the nearest limits of the most telling pair of a study: value of time first, then three figures."""
    run, origin = telling_pair(comparison)
    pair = Breakeven(run.router, origin, comparison.focus)
    limits = pair.limits()
    prices = [limit for limit in limits.limits if limit.key == VALUE_OF_TIME]
    others = [limit for limit in limits.limits if limit.key != VALUE_OF_TIME][:3]
    lines = [sentence(limit, pair.route) for limit in (*prices, *others)]
    if not lines:
        lines = [say("No single figure of {tested} flips the gateway.", tested=limits.tested)]
    else:
        lines.append(
            say(
                "{count} of {tested} figures can flip the gateway alone.",
                count=len(limits.limits),
                tested=limits.tested,
            )
        )
    title = say(
        "Thresholds: {origin:name} to {destination:name}, {scenario}",
        origin=origin,
        destination=comparison.focus,
        scenario=run.scenario,
    )
    data = {"origin": origin, "destination": comparison.focus, **limits.to_dict()}
    return Finding(title, tuple(lines), data, limits)
