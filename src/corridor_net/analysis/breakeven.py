"""Every answer with its limits: how far each figure may move before the answer flips, and exact bands of one figure.

Each arc weighs `p + x q`, with x the one parameter: value of time, CO2 price, or the amount of one figure as a
multiple of its present amount. The least weight of a pair is then a concave, piecewise linear function of x;
its breakpoints are found exactly, by intersecting the lines of routes (Eisner & Severance 1976; on one side
only, Newton's method of Dinkelbach 1967). No drawing, no printing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import inf

import numpy as np
from numpy.typing import NDArray

from corridor_net.costing import CostModel, Parameter, Terms
from corridor_net.errors import BadValue, UnknownName, did_you_mean
from corridor_net.graph import Weighted

from .route import Route
from .router import Router
from .thresholds import Band, Bands, Limit, Limits
from .varied import CO2_PRICE, VALUE_OF_TIME, VariedParameter

ANSWERS = ("gateway", "route")
"""What must stay the same for an answer to hold."""


WEIGHED = ("money", "hours", "spread")
"""Terms that figures are varied in, in the order of `Objective.slopes`."""


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
    >>> router = Router(impedance(cn.load(as_of="2016-07-01").network))
    >>> pair = Breakeven(router, "dongning", "niigata")
    >>> [(round(low, 2), gateway) for low, high, gateway in pair.bands("value_of_time").by_gateway]
    [(0.0, 'dalian'), (4.16, 'vladivostok'), (55.56, 'dalian')]
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

    def _uses(self, model: CostModel, name: str) -> dict[str, Terms]:
        """Return the terms of money, hours and spread that rest on a figure, or that a crossing or terminal has."""
        kind, _, rest = name.partition(":")
        asset_id, _, quantity = rest.rpartition(":")
        if kind in ("crossing", "terminal") and quantity in ("hours", "cost"):
            own = [
                number for number in self.router.impedance.of_kind(kind).tolist() if self._asset_ids[number] == asset_id
            ]
            wanted = ("money",) if quantity == "cost" else ("hours", "spread")
            return {one: model.terms[one].where(np.isin(model.terms[one].arc, own)) for one in wanted}
        products = model.resting_on(name)
        return {one: model.terms[one].where(products[model.terms[one].product]) for one in WEIGHED}

    @cached_property
    def _asset_ids(self) -> list[str]:
        return self.router.impedance.asset_ids()

    @cached_property
    def _realised(self) -> CostModel:
        """The arcs by their figures as hours are realised, by the timetable or not."""
        return CostModel.from_impedance(self.router.impedance) if self.router.schedule else self.router.cost_model

    @property
    def _known(self) -> Mapping[str, Parameter]:
        return self.router.impedance.parameters

    def rests_on(self, key: str) -> bool:
        """Whether some arc rests on a figure."""
        return any(len(one.amount) for one in self._uses(self.router.cost_model, key).values())

    def parameter(self, key: str) -> VariedParameter:
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
        uses = self._uses(self.router.cost_model, name)
        realised = self._uses(self._realised, name) if self.router.schedule else uses
        there = [one for one in uses.values() if len(one.amount)]
        if not there and not any(len(one.amount) for one in realised.values()) and not self._of_nothing(name):
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
        slope = np.zeros(len(self.router.weight))
        for rate, one in zip(self.router.objective.slopes, WEIGHED, strict=False):
            slope += rate * uses[one].sums() if one in uses else 0.0
        if not slope.any():
            total = any(len(realised[one].amount) for one in ("money", "hours") if one in realised)
            reason = "it is 0" if not total else f"it has no part in what is minimised ({self.router.by})"
            raise BadValue(f"'{key}' cannot be varied: {reason}")
        fixed = np.maximum(self.router.weight - slope, 0.0)
        what, unit, scale, inverse, low, high = self._meaning(key, name, uses, realised)
        own = self._known.get(name)  # a part is of the grade of its weakest figure, which may be another
        grade = own.grade if own else max(grade for one in there for grade in {*one.grade.tolist()})
        return VariedParameter(
            key=key,
            what=what,
            unit=unit,
            scale=scale,
            x_now=1.0,
            inverse=inverse,
            fixed=fixed,
            slope=slope,
            low=low,
            high=high,
            grade=grade,
        )

    def _of_nothing(self, name: str) -> bool:
        """Whether a figure, or all hours or money of a crossing or terminal, is 0: no arc rests on it then."""
        kind, _, rest = name.partition(":")
        known = self._known.get(name)
        if known is not None:
            return not known.value and not known.certain
        return kind in ("crossing", "terminal") and rest.rpartition(":")[0] in self._asset_ids

    def _price(self, key: str) -> VariedParameter:
        router, imp = self.router, self.router.impedance
        if router.by != "generalised":
            raise BadValue(f"{key} plays no part when {router.by} is minimised", hint="leave --by at generalised")
        if key == VALUE_OF_TIME:
            now, slope, unit = imp.cargo.value_of_time, router.timed_hours, "USD/h"
        else:
            now, slope, unit = router.co2_price_usd_per_t, imp.co2_kg / 1000, "USD/t"
        fixed = np.maximum(router.weight - now * slope, 0.0)
        what = "value of an hour" if key == VALUE_OF_TIME else "price of CO2"
        return VariedParameter(
            key=key, what=what, unit=unit, scale=1.0, x_now=now, inverse=False, fixed=fixed, slope=slope
        )

    def _meaning(
        self, key: str, name: str, uses: Mapping[str, Terms], realised: Mapping[str, Terms]
    ) -> tuple[str, str, float, bool, float | None, float | None]:
        """Return words, unit, scale, whether inverse, and the stated range of a figure."""
        known = self._known.get(name)
        if known is not None and key.endswith(":headway_hours"):
            label = known.label.replace("sailings of", "headway of", 1)
            return label, "h", 168.0 / known.value, False, None, None
        if known is not None and not known.certain:
            scale = known.value
            if known.table == "speed" and self.router.schedule:
                scale *= realised["hours"].amount.sum() / uses["hours"].amount.sum()
            return known.label, known.unit, scale, known.inverse, known.low, known.high
        kind, _, rest = key.partition(":")
        asset_id, _, quantity = rest.rpartition(":")
        hours = "hours" in uses and len(uses["hours"].amount) > 0
        amounts = uses["hours" if hours else "money"]
        now = float(amounts.amount[amounts.arc == amounts.arc[0]].sum())
        words = known.label if known is not None else f"{quantity} at {kind} {asset_id}"
        return words, "h" if hours else "USD", now, False, None, None

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """Every single figure that some arc rests on and that can be varied, in the order of the network."""
        known, model = self._known, self.router.cost_model
        products = np.flatnonzero(np.bincount(np.concatenate([model.terms[one].product for one in WEIGHED])))
        numbers = np.flatnonzero(np.bincount(model.places[:, products].ravel()))
        keys = [model.figures[number] for number in numbers[numbers < len(model.figures)].tolist()]
        return tuple(
            key
            for key in keys
            if key in known
            and not known[key].is_length
            and (not known[key].certain or known[key].table == "service_call")
        )

    # searching

    @cached_property
    def _through(self) -> NDArray[np.float64]:
        """The least weight, at present, of a way through each arc."""
        graph, weight, (start, goal) = self.router.graph, self.router.weight, self._ends
        there = Weighted.of(graph, weight).one_to_all(start).distance
        onward = Weighted.of(self.router.graph.reversed(), weight).one_to_all(goal).distance
        found: NDArray[np.float64] = there[graph.tail] + weight + onward[graph.head]
        return found

    def _stays(self, parameter: VariedParameter, start: _Line) -> bool:
        """Whether no way can become better than the present one as the figure falls to 0, seen without a search.

        A way through arcs A that rest on the figure weighs at present no less than the least way through one of them,
        and saves no more than all of A together.
        """
        least = self._through[parameter.slope > 0].min() - parameter.at_stake
        return bool(least > start.at(0.0) * (1 + 1e-9) + 1e-9)

    @cached_property
    def _ways(self) -> dict[tuple[int, ...], NDArray[np.int64]]:
        """The routes found so far, by their arcs."""
        return {self.route.arcs: np.array(self.route.arcs, np.int64)}

    def _line(self, parameter: VariedParameter, weight: NDArray[np.float64], fall: float) -> _Line:
        """Return the best route under a weighting as a line of the parameter.

        No way weighs less than at present by more than `fall`. So an arc through which every way weighs at present
        more than a route that is known does under the weighting, and `fall`, is on no best route: it is left out.
        """
        bound = min(float(weight[way].sum()) for way in self._ways.values()) + fall
        weight = np.where(self._through > bound * (1 + 1e-9) + 1e-9, inf, weight)
        arcs = Weighted.of(self.router.graph, weight).shortest_path(*self._ends)[1]
        found = tuple(arcs.tolist())
        self._ways.setdefault(found, arcs.astype(np.int64))
        return self._as_line(parameter, found)

    def _as_line(self, parameter: VariedParameter, arcs: tuple[int, ...]) -> _Line:
        index = list(arcs)
        return _Line(arcs, float(parameter.fixed[index].sum()), float(parameter.slope[index].sum()))

    def _furthest(self, parameter: VariedParameter, *, up: bool) -> _Line:
        """Return a route that is best at the end: x = 0, or x without bound (the least slope there is)."""
        if up:
            return self._line(parameter, parameter.slope, inf)
        return self._line(parameter, parameter.fixed, parameter.at_stake)

    def _breakpoints(self, parameter: VariedParameter, start: _Line, *, up: bool) -> Iterator[tuple[float, _Line]]:
        """Yield (x, route best beyond x), from the present value to the end, one linear piece after the other."""
        current, x_current = start, parameter.x_now
        end = self._furthest(parameter, up=up)
        while True:
            candidate = end
            while True:
                steeper = current.slope - candidate.slope if up else candidate.slope - current.slope
                if steeper <= 1e-12 * max(1.0, abs(current.slope)):
                    return
                x = (candidate.fixed - current.fixed) / (current.slope - candidate.slope)
                x = max(x, x_current) if up else min(x, x_current)
                if x < 0:
                    return
                fall = 0.0 if up else parameter.at_stake
                better = self._line(parameter, parameter.fixed + x * parameter.slope, fall)
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
        bands = [
            Band(
                low=low,
                high=None if high == inf else high,
                route=self.router.describe(self.route.origin, self.route.destination, line.arcs),
                holds_now=line is start,
            )
            for low, high, line in pieces
        ]
        return Bands(key=key, what=parameter.what, unit=parameter.unit, now=parameter.now, bands=tuple(bands))

    def limits(self, *, answer: str = "gateway") -> Limits:
        """Return how far each figure, alone, may move before the answer flips; nearest first.

        `answer` is gateway or route. Figures that by themselves never flip it are counted and left out. Raises BadValue
        for another `answer`.
        """
        if answer not in ANSWERS:
            raise BadValue(f"'{answer}' is no answer to hold", hint=did_you_mean(answer, ANSWERS, otherwise="gateway"))
        keys = [*self.figures]
        if self.router.by == "generalised":
            keys.insert(0, VALUE_OF_TIME)
        tested, found = 0, []
        for key in keys:
            try:
                parameter = self.parameter(key)
            except BadValue:
                continue
            tested += 1
            limit = self._limit(parameter, answer)
            if limit is not None:
                found.append(limit)
        found.sort(key=lambda limit: (limit.change, limit.key))
        return Limits(route=self.route, answer=answer, tested=tested, limits=tuple(found))

    def _limit(self, parameter: VariedParameter, answer: str) -> Limit | None:
        start = self._as_line(parameter, self.route.arcs)
        ends: dict[bool, tuple[float, str | None] | None] = {}
        for up in (False, True):
            # a dearer figure off the route cannot flip the answer
            still = not start.slope if up else self._stays(parameter, start)
            walk = iter(()) if still else self._breakpoints(parameter, start, up=up)
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
            key=parameter.key,
            what=parameter.what,
            unit=parameter.unit,
            now=now,
            on_route=start.slope > 0,
            lower=lower[0] if lower else None,
            to_lower=lower[1] if lower else None,
            upper=upper[0] if upper else None,
            to_upper=upper[1] if upper else None,
            change=change,
            grade=parameter.grade,
            in_range=None if parameter.low is None and parameter.high is None else any(ranged),
        )


def breakeven(router: Router, origin: str, destination: str) -> Breakeven:
    """Return the pair ready to be asked: `.limits()` and `.bands(figure)`. Raises as `Router.route` does."""
    found = Breakeven(router, origin, destination)
    _ = found.route
    return found
