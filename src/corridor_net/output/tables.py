"""Results as CSV texts: comparison.csv, legs.csv, access.csv. The columns are documented in docs/outputs.md."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from corridor_net.analysis.access import Access
from corridor_net.analysis.compare import Comparison
from corridor_net.costing import COMPONENTS, Arc

COMPARISON = (
    "baseline",
    "scenario",
    "origin",
    "destination",
    "cost_usd",
    "hours",
    "co2_kg",
    "generalised_cost_usd",
    "distance_km",
    "gateway",
    "crossings",
    "services",
    "cost_usd_change",
    "hours_change",
    "co2_kg_change",
    "generalised_cost_usd_change",
    "gateway_before",
    "route_changed",
    "gateway_switched",
)
LEGS = (
    "baseline",
    "scenario",
    "origin",
    "destination",
    "leg",
    "kind",
    "mode",
    "from",
    "to",
    "subject",
    "distance_km",
    "hours",
    "cost_usd",
    "co2_kg",
    *(f"{name}_hours" for name in COMPONENTS),
    *(f"{name}_usd" for name in COMPONENTS),
    "grade",
    "sources",
)


def to_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return CSV with a header; None is an empty cell."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def comparison_csv(comparison: Comparison) -> str:
    """Return one row a run, origin and destination, with the change against the baseline."""

    def rows() -> Iterable[Sequence[Any]]:
        for run in comparison.runs:
            for origin in comparison.origins:
                for destination in comparison.destinations:
                    d = comparison.difference(run, origin, destination)
                    a, b = d.after, d.before
                    if a is None:
                        yield [run.baseline, run.scenario, origin, destination, *[None] * 15]
                        continue
                    change: list[str | None] = [None] * 7
                    if run.scenario and b is not None:
                        change = [
                            f"{a.cost_usd - b.cost_usd:.2f}", f"{a.hours - b.hours:.2f}", f"{a.co2_kg - b.co2_kg:.2f}",
                            f"{a.generalised_cost_usd - b.generalised_cost_usd:.2f}", b.gateway,
                            "yes" if d.changed else "no", "yes" if d.switched_gateway else "no",
                        ]  # fmt: skip
                    yield [
                        run.baseline,
                        run.scenario,
                        origin,
                        destination,
                        f"{a.cost_usd:.2f}",
                        f"{a.hours:.2f}",
                        f"{a.co2_kg:.2f}",
                        f"{a.generalised_cost_usd:.2f}",
                        f"{a.distance_km:.1f}",
                        a.gateway,
                        ";".join(a.crossings),
                        ";".join(a.services),
                        *change,
                    ]

    return to_csv(COMPARISON, rows())


def legs_csv(comparison: Comparison) -> str:
    """Return every leg of every route: each baseline's, and each scenario's where anything of it changed."""

    def rows() -> Iterable[Sequence[Any]]:
        for run in comparison.runs:
            cells: dict[int, tuple[Any, ...]] = {}
            for (origin, destination), trip in run.trips.items():
                if run.scenario:
                    before = comparison.difference(run, origin, destination).before
                    if before and before.keys == trip.keys and _same(before, trip):
                        continue
                for leg, number in enumerate(trip.arcs, 1):
                    if number not in cells:
                        cells[number] = _arc_text(run.router.impedance.arcs[number])
                    yield (run.baseline, run.scenario, origin, destination, leg, *cells[number])

    return to_csv(LEGS, rows())


def _same(before: Any, after: Any) -> bool:
    return all(abs(getattr(before, m) - getattr(after, m)) < 1e-9 for m in ("cost_usd", "hours", "co2_kg"))


def _arc_text(arc: Arc) -> tuple[Any, ...]:
    """Return one leg as cells: totals, each component, and per figure its source and grade."""
    amounts = {"hours": dict.fromkeys(COMPONENTS, 0.0), "cost": dict.fromkeys(COMPONENTS, 0.0)}
    for part in arc.parts:
        amounts[part.quantity][part.component] += part.amount
    sources = "; ".join(
        f"{part.component} {part.quantity}: {'+'.join(part.source_ids)} {part.grade}" for part in arc.parts
    )
    return (
        arc.kind,
        arc.mode,
        arc.from_node,
        arc.to_node,
        arc.subject,
        f"{arc.distance_km:.1f}",
        f"{sum(amounts['hours'].values()):.3f}",
        f"{sum(amounts['cost'].values()):.2f}",
        f"{arc.co2_kg:.2f}",
        *(f"{value:.3f}" if value else None for value in amounts["hours"].values()),
        *(f"{value:.2f}" if value else None for value in amounts["cost"].values()),
        max((part.grade for part in arc.parts), default=""),
        sources,
    )


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
