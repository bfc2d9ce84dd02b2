"""The published end-to-end figures against what the model says, each asked for as its row says.

What the model says is kept as *terms*, amounts that are proportional to products of figures, so that the same answer
can be had under any draw of the figures (`uncertainty.calibration.claims`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import inf

from corridor_net.costing import Arc, Impedance, Prices, impedance
from corridor_net.errors import BadValue, CorridorError, did_you_mean
from corridor_net.network import Network
from corridor_net.network.checks.claims import DIFFERENCES, HOURS_IN, KINDS
from corridor_net.network.rows import Published
from corridor_net.results import Result, measure
from corridor_net.scenario import load_scenario

from .router import Router

WITHIN = 0.25
"""A claim is met when the model is no more than this share off the published value or range."""

MOVING = ("haul", "crossing", "sail", "charter")
"""Kinds of legs that take cargo from one place to another."""
CARRIAGE = ("haul", "freight")
"""Components that are the price of being carried, wherever on the way they are paid."""

Term = tuple[float, tuple[str, ...]]
"""An amount in the unit of the claim, and the figures it is proportional to (speeds: inversely)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimCheck(Result):
    """One published figure, what the model says, and how far off it is.

    `error` is (model - published) / published from the nearer end of a published range; `met`: within 25%; `corridor`:
    the seaports of the model's ways, `ways` their ids, None by land. `p10` and `p90` are the model's range over draws;
    `in_range`: that and the published value or range meet; `foretold`: they meet where that range is of what would be
    published, with the error of a claim of its grade and what the model leaves out. None where it scores nothing:
    `remark`.

    `row` is the claim. `terms` add up to `model`; `scale` is the size of what the claim is about: of a difference the
    mean of both sides, else the model itself.
    """

    claim: str
    kind: str
    corridor: str
    year: int
    origin: str
    destination: str
    via: tuple[str, ...]
    versus_via: tuple[str, ...]
    modes: tuple[str, ...]
    scenario: str
    metric: str
    basis_of_time: str
    scope_from: str
    scope_to: str
    published: float
    published_high: float | None
    at_least: bool
    unit: str
    model: float | None
    p10: float | None = measure(digits=4, default=None)
    p90: float | None = measure(digits=4, default=None)
    error: float | None
    met: bool | None
    in_range: bool | None = None
    foretold_p10: float | None = measure(digits=4, default=None)
    foretold_p90: float | None = measure(digits=4, default=None)
    foretold: bool | None = None
    is_input: bool
    remark: str
    source_id: str
    grade: str
    row: Published = measure(hidden=True)
    ways: tuple[str | None, ...] = measure(hidden=True)
    terms: tuple[Term, ...] = measure(hidden=True)
    scale: float = measure(hidden=True)
    compiled: Impedance | None = measure(hidden=True)

    @property
    def ends(self) -> tuple[float, float]:
        """The published range: of one value that, or what rounds to it; of 'more than' without an upper end."""
        return ends(self.row)

    def meets(self, low: float, high: float) -> bool:
        """Whether the published value or range and the range from `low` to `high` have a point in common."""
        first, last = self.ends
        return first <= high and low <= last

    def with_ranges(self, model: tuple[float, float], told: tuple[float, float]) -> ClaimCheck:
        """Return the check with the range of the model and of what would be published, without the terms behind it."""
        return replace(
            self,
            p10=model[0],
            p90=model[1],
            in_range=self.meets(*model),
            foretold_p10=told[0],
            foretold_p90=told[1],
            foretold=self.meets(*told),
            terms=(),
            compiled=None,
        )


@dataclass(frozen=True, slots=True)
class Modelled:
    """What the model says to a claim, as the terms that add up to it."""

    terms: tuple[Term, ...] = ()
    ways: tuple[str | None, ...] = (None,)
    scale: float = 0.0


def validate(network: Network) -> tuple[ClaimCheck, ...]:
    """Hold the model against every row of table `published`, in its order.

    Time: days realised (all components); timed, for a trial shipment sent the fastest way to meet its sailing
    (no waiting, and no dwell before it is loaded); or by schedule (the timetable alone). Money: that of the year of
    the claim, in its currency, per its box. A time or money that counts from the departure of its train, lorry or
    ship is not charged with loading before it, one that ends on arrival not with unloading and release after it.
    A claim told of modes goes by links of these alone, one made under a scenario is asked under it.

    Error: (model - published) / published, from the nearer end of a published range; a figure
    published as "more than" is a range without an upper end, a time of 6 days one from 5.5 to 6.5.
    A claim that is an input, or cannot be compared, has none.
    """
    compiled: dict[tuple[date, str, str, str], Impedance] = {}
    checks = []
    for claim in network.rows("published"):
        reason = _left_out(claim)
        if reason:
            checks.append(checked(claim, remark=reason))
            continue
        day = max(claim.as_of, network.days[0])
        key = (day, claim.cargo_id, claim.modes, claim.scenario)
        try:
            if key not in compiled:
                compiled[key] = impedance(_meant(network.as_of(day), claim), claim.cargo_id)
            asked = _ask(network, compiled[key], claim)
        except CorridorError as error:
            checks.append(checked(claim, remark=error.message))
            continue
        checks.append(checked(claim, asked, compiled[key]))
    return tuple(checks)


def checked(
    claim: Published, asked: Modelled | None = None, compiled: Impedance | None = None, *, remark: str = ""
) -> ClaimCheck:
    """Return a claim beside what the model was asked; nothing of the model where it was not."""
    model = sum(amount for amount, _ in asked.terms) if asked else None
    error = _error(claim, model) if model is not None else None
    asked = asked or Modelled()

    def called(port: str | None) -> str:
        return compiled.network.nodes[port].name if compiled and port else "by land"

    return ClaimCheck(
        claim=claim.claim_id,
        kind=KINDS.get(claim.metric, "distance"),
        corridor=" against ".join(map(called, asked.ways)) if model is not None else "",
        ways=asked.ways if model is not None else (),
        year=claim.as_of.year,
        origin=claim.origin,
        destination=claim.destination,
        via=tuple(_stops(claim.via)),
        versus_via=tuple(_stops(claim.versus_via)),
        modes=tuple(_stops(claim.modes)),
        scenario=claim.scenario,
        metric=claim.metric,
        basis_of_time=claim.basis_of_time,
        scope_from=claim.scope_from,
        scope_to=claim.scope_to,
        published=claim.value,
        published_high=claim.value_high,
        at_least=claim.bound == "from",
        unit=claim.unit,
        model=model,
        error=error,
        met=abs(error) <= WITHIN if error is not None else None,
        is_input=claim.is_input == "yes",
        remark=remark,
        source_id=claim.source_id,
        grade=claim.grade,
        row=claim,
        terms=asked.terms,
        scale=asked.scale or model or 0.0,
        compiled=compiled,
    )


def _meant(network: Network, claim: Published) -> Network:
    """Return the network under the scenario that a claim names, with the links of the modes it names alone."""
    if claim.scenario:
        network = load_scenario(claim.scenario).apply(network)
    named = _stops(claim.modes)
    known = {row.mode for row in network.rows("link")}
    for name in named:
        if name not in known:
            raise BadValue(f"no link is of mode '{name}'", hint=did_you_mean(name, known))
    return network.with_rows(link=[row for row in network.rows("link") if row.mode in named]) if named else network


def _left_out(claim: Published) -> str:
    if claim.comparable == "no":
        return f"not comparable: {claim.note}"
    return f"not comparable: is itself an input; {claim.note}" if claim.is_input == "yes" else ""


def ends(claim: Published) -> tuple[float, float]:
    """Return the published range of a claim; of a time told as one whole number of its unit, what rounds to it."""
    if claim.bound == "from":
        return claim.value, inf
    if claim.value_high is not None:
        return claim.value, claim.value_high
    rounded = 0.5 if claim.metric == "time" and claim.value >= 1 and float(claim.value).is_integer() else 0.0
    return claim.value - rounded, claim.value + rounded


def _error(claim: Published, model: float) -> float:
    low, high = ends(claim)
    if low <= model <= high:
        return 0.0
    nearer = low if model < low else high
    return float((model - nearer) / abs(nearer))


def _ask(network: Network, compiled: Impedance, claim: Published) -> Modelled:
    unit = _in_unit(network, compiled, claim)
    if claim.metric == "lane":
        lane = network.lanes.get((network.node(claim.origin).node_id, network.node(claim.destination).node_id))
        if lane is None:
            raise BadValue(f"there is no sea lane {claim.origin} to {claim.destination}")
        return Modelled(((lane.length_km, (f"sea_lane:{lane.lane_id}:length_km",)),))
    timed = claim.basis_of_time == "timed"
    router = Router(compiled, schedule=claim.basis_of_time == "schedule")
    chooser = Router(compiled, by="time", schedule=True) if timed else router
    route = chooser.route(claim.origin, claim.destination, via=_stops(claim.via))
    arcs = [compiled.arcs[arc] for arc in route.arcs]
    if claim.metric == "time":
        terms = _hours(arcs[_within_scope(arcs, claim)], schedule=router.schedule, timed=timed)
    else:
        terms = _kilometres(arcs) if claim.metric.startswith("distance") else _money(arcs, _within_scope(arcs, claim))
    own = [(amount * unit, figures) for amount, figures in terms]
    if claim.metric not in DIFFERENCES:
        return Modelled(tuple(own), (route.gateway,))
    other = router.route(claim.origin, claim.destination, via=_stops(claim.versus_via))
    others = [compiled.arcs[arc] for arc in other.arcs]
    versus = _kilometres(others) if claim.metric == "distance_saving" else _money(others, _within_scope(others, claim))
    saved = [(amount * unit, figures) for amount, figures in versus]
    scale = sum(amount for amount, _ in (*own, *saved)) / 2
    return Modelled((*saved, *((-amount, figures) for amount, figures in own)), (route.gateway, other.gateway), scale)


def _in_unit(network: Network, compiled: Impedance, claim: Published) -> float:
    """Return what hours, USD or km are multiplied with to be in the claim's unit; raise BadValue for another unit."""
    if claim.value == 0 or (claim.value < 0 and claim.metric not in DIFFERENCES):
        raise BadValue(f"a published {claim.metric.replace('_', ' ')} of {claim.value:g} has nothing to be off by")
    if KINDS.get(claim.metric) == "money":
        if claim.cargo_unit in ("FEU", "TEU", "t") and claim.cargo_unit != compiled.cargo.unit:
            raise BadValue(f"published per {claim.cargo_unit}, and {claim.cargo_id} is a {compiled.cargo.unit}")
        rate = Prices.of(network, compiled.prices.year).rates.get((claim.unit, compiled.prices.year))
        if rate is None:
            raise BadValue(f"'{claim.unit}' is no currency with an exchange rate of {compiled.prices.year}")
        return rate
    if claim.metric == "time":
        if claim.unit not in HOURS_IN:
            raise BadValue(f"a time in '{claim.unit}'", hint="d or h")
        return 1 / HOURS_IN[claim.unit]
    if claim.unit != "km":
        raise BadValue(f"a distance in '{claim.unit}'", hint="km")
    return 1.0


def _stops(text: str) -> list[str]:
    return [name.strip() for name in text.split(";") if name.strip()]


def _within_scope(arcs: Sequence[Arc], claim: Published) -> slice:
    """Return which steps a claim counts: from the first that moves, to the last, where it says so."""
    moving = [number for number, arc in enumerate(arcs) if arc.kind in MOVING] or [0, len(arcs) - 1]
    first = moving[0] if claim.scope_from == "departure" else 0
    last = moving[-1] if claim.scope_to == "arrival" else len(arcs) - 1
    return slice(first, last + 1)


def _hours(arcs: Sequence[Arc], *, schedule: bool, timed: bool) -> Iterator[Term]:
    for arc in arcs:
        for part in arc.parts:
            if part.quantity == "hours" and not (timed and _not_waited(arc, part.component)):
                amount = part.scheduled if schedule else part.amount
                if amount:
                    yield amount, part.figures


def _not_waited(arc: Arc, component: str) -> bool:
    """Whether a shipment timed to its sailing does not spend it: all waits, and dwell on the way out."""
    return component == "wait" or (component == "dwell" and arc.asset_id.endswith(("-port_out", "-ferry_out")))


def _money(arcs: Sequence[Arc], within: slice) -> Iterator[Term]:
    """Give what is paid within the scope, and freight and the fixed part of a haul, which are paid before it."""
    counted = range(len(arcs))[within]
    for number, arc in enumerate(arcs):
        for part in arc.parts:
            if part.quantity == "cost" and part.amount and (number in counted or part.component in CARRIAGE):
                yield part.amount, part.figures


def _kilometres(arcs: Sequence[Arc]) -> Iterator[Term]:
    for arc in arcs:
        if arc.distance_km:
            known = (*arc.co2_figures, *(figure for part in arc.parts for figure in part.figures))
            yield arc.distance_km, tuple(figure for figure in known if figure.endswith(":length_km"))[:1]
