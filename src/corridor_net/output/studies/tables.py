"""Results as CSV texts: comparison.csv, legs.csv, access.csv. The columns are documented in docs/outputs.md."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from corridor_net.analysis.access import Access
from corridor_net.analysis.compare import Comparison, Run, TripDifference
from corridor_net.analysis.route import DIGITS
from corridor_net.analysis.trips import Trip
from corridor_net.costing import Arc
from corridor_net.network.files.csv_cells import lines_of, to_csv
from corridor_net.rounding import fitted_units

COMPARISON = (
    "baseline",
    "scenario",
    "origin",
    "destination",
    "cost_usd",
    "hours",
    "spread_hours",
    "co2_kg",
    "generalised_cost_usd",
    "distance_km",
    "gateway",
    "crossings",
    "services",
    "reachable",
    "cost_usd_change",
    "hours_change",
    "co2_kg_change",
    "generalised_cost_usd_change",
    "gateway_before",
    "route_changed",
    "gateway_switched",
    "cut_off",
)
LEG = (
    "baseline",
    "scenario",
    "origin",
    "destination",
    "leg",
    "kind",
    "mode",
    "from",
    "to",
    "asset_id",
    "distance_km",
    "hours",
    "cost_usd",
    "co2_kg",
    "spread_hours",
)
"""Columns of a leg that are the same for every network."""


def comparison_csv(comparison: Comparison) -> str:
    """Return one row a run, origin and destination, with the change against the baseline."""
    pairs = [(origin, destination) for origin in comparison.origins for destination in comparison.destinations]
    named = dict(zip(pairs, lines_of(pairs), strict=True))
    told: dict[tuple[Any, ...], str] = {}

    def texts(*cells: Any) -> str:
        """Return cells of text as a piece of a line, which many lines have."""
        if cells not in told:
            told[cells] = lines_of([cells])[0]
        return told[cells]

    lines = [",".join(COMPARISON)]
    for run in comparison.runs:
        start, before = texts(run.baseline, run.scenario), comparison.baseline_of(run).trips
        for pair, ends in named.items():
            found = TripDifference(run, before.get(pair), run.trips.get(pair))
            lines.append(f"{start},{ends},{_trip(found.after, texts)},{_change(found, texts)}")
    return "\n".join(lines) + "\n"


def _trip(trip: Trip | None, texts: Callable[..., str]) -> str:
    """Return the cells of a trip; by the timetable it has no spread."""
    if trip is None:
        return "," * 9 + "false"
    spread = "" if trip.schedule else f"{trip.spread_hours:.2f}"
    ways = texts(trip.gateway, ";".join(trip.crossings), ";".join(trip.services), True)
    return (
        f"{trip.cost_usd:.2f},{trip.hours:.2f},{spread},{trip.co2_kg:.2f},{trip.generalised_cost_usd:.2f},"
        f"{trip.distance_km:.1f},{ways}"
    )


def _change(difference: TripDifference, texts: Callable[..., str]) -> str:
    """Return the cells of a change: empty for a baseline, without amounts where there is no route on one side."""
    if not difference.run.scenario:
        return "," * 7
    after, before = difference.after, difference.before
    amounts = "," * 3
    if after and before:
        amounts = (
            f"{after.cost_usd - before.cost_usd:.2f},{after.hours - before.hours:.2f},"
            f"{after.co2_kg - before.co2_kg:.2f},{after.generalised_cost_usd - before.generalised_cost_usd:.2f}"
        )
    gateway = before.gateway if before else None
    return f"{amounts},{texts(gateway, difference.changed, difference.switched_gateway, difference.cut_off)}"


def legs_csv(comparison: Comparison, *, every_pair: bool = False) -> str:
    """Return every leg of the routes of every run to the focus, or of every pair.

    Amounts are rounded so that they add up to the route's.
    """
    components = list(comparison.network.vocabulary.components)
    amounts = [f"{name}_{unit}" for unit in ("hours", "usd") for name in components]
    lines = [",".join((*LEG, *amounts, "grade", "sources"))]
    for run in comparison.runs:
        trips = [trip for trip in run.trips.values() if every_pair or trip.destination == comparison.focus]
        lines += _legs_of(run, trips, components)
    return "\n".join(lines) + "\n"


def _legs_of(run: Run, trips: Sequence[Trip], components: Sequence[str]) -> Iterator[str]:
    """Give the legs of trips as lines; what a leg says is written once for all routes that show the same of it."""
    router = run.router
    if not trips:
        return
    arcs = np.concatenate([np.array(trip.arcs, np.int64) for trip in trips])
    owner = np.repeat(np.arange(len(trips)), [len(trip.arcs) for trip in trips])
    imp = router.impedance
    of_arc = {
        "distance_km": imp.distance_km,
        "hours": router.hours,
        "cost_usd": router.money,
        "co2_kg": imp.co2_kg,
        "spread_hours": router.spread_hours,
    }
    shown = np.stack(
        [
            fitted_units(of_arc[name][arcs], owner, [getattr(trip, name) for trip in trips], digits)
            for name, digits in DIGITS.items()
        ],
        axis=1,
    )
    told, place = np.unique(np.column_stack([arcs, shown]), axis=0, return_inverse=True)
    shown_of = [
        {name: n / 10 ** DIGITS[name] for name, n in zip(DIGITS, n_of, strict=True)} for _, *n_of in told.tolist()
    ]
    cells = _leg_cells([imp.arcs[arc] for arc in told[:, 0].tolist()], shown_of, components, schedule=router.schedule)
    texts, starts = lines_of(cells), lines_of((run.baseline, run.scenario, t.origin, t.destination) for t in trips)
    leg = np.concatenate([np.arange(1, len(trip.arcs) + 1) for trip in trips])
    for trip, number, text in zip(owner.tolist(), leg.tolist(), place.ravel().tolist(), strict=True):
        yield f"{starts[trip]},{number},{texts[text]}"


def _leg_cells(
    arcs: Sequence[Arc], amounts: Sequence[Mapping[str, float]], components: Sequence[str], *, schedule: bool
) -> Iterator[list[Any]]:
    """Give legs as cells: totals, each component, and per figure its source and grade."""
    hours = _component_cells(arcs, "hours", [one["hours"] for one in amounts], components, schedule=schedule)
    money = _component_cells(arcs, "cost", [one["cost_usd"] for one in amounts], components, schedule=schedule)
    for arc, shown, by_hours, by_money in zip(arcs, amounts, hours, money, strict=True):
        parts = [part for part in arc.parts if part.scheduled or not schedule]
        sources = (f"{part.component} {part.quantity}: {'+'.join(part.source_ids)} {part.grade}" for part in parts)
        yield [
            arc.kind,
            arc.mode,
            arc.from_node,
            arc.to_node,
            arc.asset_id,
            *(None if schedule and name == "spread_hours" else f"{shown[name]:.{DIGITS[name]}f}" for name in DIGITS),
            *by_hours,
            *by_money,
            max((part.grade for part in parts), default=""),
            "; ".join(sources),
        ]


def _component_cells(
    arcs: Sequence[Arc], quantity: str, totals: Sequence[float], components: Sequence[str], *, schedule: bool
) -> Iterator[list[str | None]]:
    """Give the cells of each leg's components, which add up to its total as shown; empty where it has none of one."""
    digits = DIGITS["hours" if quantity == "hours" else "cost_usd"]
    listed: list[dict[str, float]] = []
    for arc in arcs:
        of: dict[str, float] = {}
        for part in arc.parts:
            if part.quantity == quantity and (part.scheduled or not schedule):
                of[part.component] = of.get(part.component, 0.0) + (part.scheduled if schedule else part.amount)
        listed.append(of)
    owner = np.repeat(np.arange(len(arcs)), [len(of) for of in listed])
    units = iter(fitted_units([size for of in listed for size in of.values()], owner, totals, digits).tolist())
    for of in listed:
        told = {name: f"{next(units) / 10**digits:.{digits}f}" for name in of}
        yield [told.get(name) for name in components]


def access_csv(access: Sequence[Access]) -> str:
    """Return one row a run and origin."""
    columns = (
        "baseline",
        "scenario",
        "origin",
        "least_cost_usd",
        "least_hours",
        "nearest_market",
        "mean_cost_usd",
        "mean_hours",
        "market_access",
        *(f"markets_within_{d}_days" for d, _, _ in access[0].within),
        "cut_off",
    )
    return to_csv(
        columns,
        (
            (
                a.baseline,
                a.scenario,
                a.origin,
                _number(a.least_cost_usd),
                _number(a.least_hours),
                a.nearest_market,
                _number(a.mean_cost_usd),
                _number(a.mean_hours),
                f"{a.market_access:.4f}",
                *(c for _, c, _ in a.within),
                ";".join(a.cut_off),
            )
            for a in access
        ),
    )


def _number(value: float | None) -> str | None:
    return None if value is None else f"{value:.2f}"
