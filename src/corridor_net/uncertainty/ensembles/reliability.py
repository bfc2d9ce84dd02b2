"""How reliable one route's time is, shipment by shipment: dated sailings, opening hours, what a missed sailing costs.

Percentiles of an ensemble say how sure the *means* are; this says how single shipments spread around them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridor_net.analysis.route import Route
from corridor_net.analysis.router import Router
from corridor_net.costing import OpeningHours
from corridor_net.costing.sailing import HOURS_PER_WEEK
from corridor_net.errors import BadValue
from corridor_net.results import measure
from corridor_net.uncertainty.ensembles.pair_uncertainty import Summary
from corridor_net.uncertainty.factors.draws import Floats, inverse_normal, uniforms


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """Door-to-door hours of single shipments on one route.

    `buffer_index` = (95% point - mean) / mean; `planning_time_index` = 95% point / timetable hours (FHWA);
    `on_time` = share of shipments within `deadline_hours`; `mean_missed` sailings a shipment.
    """

    hours: Summary
    p95: float = measure(digits=4)
    timetable_hours: float = measure(digits=4)
    buffer_index: float = measure(digits=4)
    planning_time_index: float | None = measure(digits=4)
    deadline_hours: float | None = measure(digits=4)
    on_time: float | None = measure(digits=4)
    shipments: int


def reliability(
    router: Router, route: Route, *, deadline_hours: float | None = None, shipments: int = 2000, seed: int = 1
) -> Reliability:
    """Send shipments along a route at any hour of the week and return how their hours spread.

    Steps are taken in order. Where the step boards a service, ships leave every `168 / sailings per week` hours: who
    comes too late waits for the next. At a border with opening hours, who comes at night waits for the
    morning. Every other amount is lognormal with its mean and its spread from shipment to shipment.

    Raises BadValue for shipments or a deadline not above 0.
    """
    if shipments <= 0 or (deadline_hours is not None and not deadline_hours > 0):
        raise BadValue("shipments and deadline must be above 0")
    departure = HOURS_PER_WEEK * uniforms("departure", seed, 0, shipments)
    clock = departure.copy()
    network = router.network
    headway = {s.service_id: HOURS_PER_WEEK / s.sailings_per_week for s in network.active("service")}
    opening = {c.crossing_id: OpeningHours.parse(c.opening_hours, of=c.crossing_id) for c in network.active("crossing")}
    for step, number in enumerate(route.arcs):
        arc = router.impedance.arcs[number]
        for part_number, part in enumerate(arc.parts):
            if part.quantity != "hours" or (part.component == "wait" and arc.kind in ("board", "crossing")):
                continue
            clock += _amount(part.amount, part.spread, f"{step}:{part_number}:{part.component}", seed, shipments)
        if arc.kind == "board":
            gap = headway[arc.asset_id]
            phase = gap * uniforms(f"{step}:sailing", seed, 0, shipments)
            clock += np.mod(phase - clock, gap)
        elif arc.kind == "crossing":
            clock += opening[arc.asset_id].until_open(clock)
    hours = clock - departure
    p95 = float(np.percentile(hours, 95))
    timetable = float(router.impedance.total_hours(schedule=True)[list(route.arcs)].sum())
    return Reliability(
        hours=Summary.of(hours),
        p95=p95,
        timetable_hours=timetable,
        buffer_index=(p95 - float(hours.mean())) / float(hours.mean()),
        planning_time_index=p95 / timetable if timetable else None,
        deadline_hours=deadline_hours,
        on_time=float((hours <= deadline_hours).mean()) if deadline_hours is not None else None,
        shipments=shipments,
    )


def _amount(mean: float, spread: float, key: str, seed: int, count: int) -> Floats:
    """Return lognormal amounts with this mean and standard deviation."""
    if spread <= 0 or mean <= 0:
        return np.full(count, mean)
    variance = np.log(1 + (spread / mean) ** 2)
    z = inverse_normal(uniforms(key, seed, 0, count))
    return np.asarray(mean * np.exp(variance**0.5 * z - variance / 2))
