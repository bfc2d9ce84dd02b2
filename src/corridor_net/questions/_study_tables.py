"""The tables of a study: each origin, its best scenario, what each scenario changes; by baseline."""

from __future__ import annotations

from collections.abc import Mapping
from math import nan

from corridor_net.analysis.compare import Comparison, Run, Trip
from corridor_net.output.chances import MEANING, gateway_words, range_words
from corridor_net.output.study_text import switched_words
from corridor_net.render.page import Cell, Column, Table, numbers
from corridor_net.render.words import Sentence, say
from corridor_net.uncertainty.ensemble import Pair, PairDoubt

LAND = "by land"
EACH = "{title}: each origin to {focus:name}"
EQUAL_USD = 0.005
"""A scenario that gains no more than this helps nobody."""


def tables(comparison: Comparison, doubts: Mapping[Pair, PairDoubt]) -> list[Table | Sentence | str]:
    """Return the tables of every baseline, the main one first, with how sure its gateways are."""
    blocks: list[Table | Sentence | str] = []
    for run in comparison.runs:
        if run.scenario is not None:
            continue
        main = bool(doubts) and run is comparison.runs[0]
        blocks.append(_sure(comparison, run, doubts) if main else _plain(comparison, run))
        blocks += [f"{MEANING} 10-90 %: of the route shown."] if main else []
        if comparison.scenario_runs(run.baseline):
            blocks += [_best(comparison, run), _effects(comparison, run)]
    return blocks


def _title(comparison: Comparison, run: Run, template: str) -> Sentence:
    return say(template, title=run.title, focus=comparison.focus)


def _gateway(comparison: Comparison, trip: Trip) -> str:
    return comparison.network.nodes[trip.gateway].name if trip.gateway else LAND


def _sure(comparison: Comparison, run: Run, doubts: Mapping[Pair, PairDoubt]) -> Table:
    names = {node_id: node.name for node_id, node in comparison.network.nodes.items()}
    rows: list[tuple[Cell, ...]] = []
    for origin in comparison.origins:
        trip, doubt = run.trips.get((origin, comparison.focus)), doubts.get((origin, comparison.focus))
        if trip is None or doubt is None:
            rows.append((origin, "no route" if origin != comparison.focus else "", *[None] * 6))
            continue
        usd, hours = doubt.route.cost_usd, doubt.route.hours
        rows.append(
            (
                origin,
                gateway_words(doubt, names),
                doubt.region_wins,
                trip.cost_usd,
                range_words(usd.p10, usd.p90),
                trip.hours / 24,
                range_words(hours.p10 / 24, hours.p90 / 24, 1),
                trip.co2_kg,
            )
        )
    columns = (
        Column(heading="from", kind="name"),
        Column(heading="gateway, wins"),
        *numbers("province", kind="share"),
        *numbers("USD"),
        Column(heading="USD 10-90 %"),
        *numbers("days", digits=1),
        Column(heading="days 10-90 %"),
        *numbers("kg CO2e", rank=1),
    )
    return Table(
        title=_title(comparison, run, "{title}: each origin to {focus:name}"), columns=columns, rows=tuple(rows)
    )


def _plain(comparison: Comparison, run: Run) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for origin in comparison.origins:
        trip = run.trips.get((origin, comparison.focus))
        if trip is None:
            rows.append((origin, "no route" if origin != comparison.focus else "", None, None, None))
        else:
            rows.append((origin, _gateway(comparison, trip), trip.cost_usd, trip.hours / 24, trip.co2_kg))
    columns = (
        Column(heading="from", kind="name"),
        Column(heading="gateway"),
        *numbers("USD"),
        *numbers("days", digits=1),
        *numbers("kg CO2e"),
    )
    return Table(
        title=_title(comparison, run, "{title}: each origin to {focus:name}"), columns=columns, rows=tuple(rows)
    )


def _best(comparison: Comparison, base: Run) -> Table:
    columns = (
        Column(heading="from", kind="name"),
        Column(heading="best scenario"),
        Column(heading="gateway then"),
        *numbers("USD", kind="change"),
        *numbers("days", kind="change", digits=1),
        *numbers("kg CO2e", kind="change"),
    )
    rows = tuple((origin, *_best_of(comparison, base, origin)) for origin in comparison.origins)
    return Table(
        title=_title(comparison, base, "{title}: the best scenario of each origin"), columns=columns, rows=rows
    )


def _best_of(comparison: Comparison, base: Run, origin: str) -> tuple[Cell, ...]:
    pair = (origin, comparison.focus)
    before = base.trips.get(pair)
    found = [(run.trips[pair], run) for run in comparison.scenario_runs(base.baseline) if pair in run.trips]
    if not found:
        return ("cut off" if before else "none helps", "", None, None, None)
    after, run = min(found, key=lambda one: (round(one[0].generalised_cost_usd, 6), len(one[1].name)))
    if before is None:
        return (
            f"{run.scenario}, newly reached",
            _gateway(comparison, after),
            after.cost_usd,
            after.hours / 24,
            after.co2_kg,
        )
    if after.generalised_cost_usd > before.generalised_cost_usd - EQUAL_USD:
        return ("none helps", "", None, None, None)
    return (
        str(run.scenario),
        _gateway(comparison, after) if after.gateway != before.gateway else "same",
        after.cost_usd - before.cost_usd,
        (after.hours - before.hours) / 24,
        after.co2_kg - before.co2_kg,
    )


def _effects(comparison: Comparison, base: Run) -> Table:
    columns = (
        Column(heading="scenario"),
        Column(heading="switch gateway"),
        *numbers("people there", rank=2),
        *numbers("mean of"),
        *numbers("USD", kind="change"),
        *numbers("days", kind="change", digits=1),
        *numbers("kg CO2e", kind="change", rank=1),
        *numbers("generalised USD", kind="change"),
    )
    rows: list[tuple[Cell, ...]] = []
    for run in comparison.scenario_runs(base.baseline):
        e = comparison.effect(run)
        changes = (e.cost_change_usd, e.days_change, e.co2_change_kg, e.generalised_change_usd)
        shown = (nan if value is None else value for value in changes)  # a dash where there is nothing to average
        rows.append((e.scenario, switched_words(e), float(e.population_switched), float(e.compared), *shown))
    title = "{title}: what each scenario changes, mean over the origins with a route before and after"
    return Table(title=_title(comparison, base, title), columns=columns, rows=tuple(rows))
