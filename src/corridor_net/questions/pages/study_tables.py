"""The tables of a study: each origin by baseline, its best scenario, what each scenario changes; equal things once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corridor_net.analysis.compare import Comparison, Run
from corridor_net.analysis.trips import Trip
from corridor_net.output.chances import MEANING, gateway_words
from corridor_net.output.studies.study_text import idle, switched_words
from corridor_net.render.page import Cell, Column, Table, numbers, or_dash
from corridor_net.render.words import Sentence, say
from corridor_net.uncertainty.ensembles.pair_doubt import Pair, PairDoubt

LAND = "by land"
EACH = "{title:label}: each origin to {focus:name}"
EQUAL_USD = 0.005
"""A scenario that gains no more than this helps nobody."""
SIDE_BY_SIDE = 2
"""Baselines in a table."""


def tables(comparison: Comparison, doubts: Mapping[Pair, PairDoubt]) -> list[Table | Sentence | str]:
    """Return the tables of the main baseline, with how sure its gateways are, then those of all others together."""
    main, *others = [run for run in comparison.runs if run.scenario is None]
    blocks: list[Table | Sentence | str] = [
        *(
            [_sure(comparison, main, doubts), MEANING, "10-90 %: of the route shown."]
            if doubts
            else [_plain(comparison, main)]
        )
    ]
    beside = (others[k : k + SIDE_BY_SIDE] for k in range(0, len(others), SIDE_BY_SIDE))
    blocks += [_side_by_side(comparison, runs) for runs in beside]
    if comparison.scenario_runs(main.baseline):
        blocks.append(_best(comparison, main, comparison.origins))
    for run in others:
        if comparison.scenario_runs(run.baseline):
            blocks += _best_of_other(comparison, main, run)
    with_scenarios = [run for run in others if comparison.scenario_runs(run.baseline)]
    effects = [
        _effects(comparison, main),
        *([_effects_of_others(comparison, with_scenarios)] if with_scenarios else []),
    ]
    return [*blocks, *(table for table in effects if table.rows)]


def _title(comparison: Comparison, run: Run, template: str) -> Sentence:
    return say(template, title=run.title, focus=comparison.focus)


def _gateway(trip: Trip) -> str:
    return trip.gateway or LAND


def _short(runs: Sequence[Run], run: Run) -> str:
    """Return what a baseline is called in a heading: its year, or its name where two are of one year."""
    years = [other.router.network.day.year for other in runs]
    return str(run.router.network.day.year) if len(set(years)) == len(years) else run.baseline


def _sure(comparison: Comparison, run: Run, doubts: Mapping[Pair, PairDoubt]) -> Table:
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
                gateway_words(doubt),
                doubt.region_wins,
                trip.cost_usd,
                (usd.p10, usd.p90),
                trip.hours / 24,
                (hours.p10 / 24, hours.p90 / 24),
                trip.co2_kg,
            )
        )
    columns = (
        Column(heading="from", kind="name"),
        Column(heading="gateway, wins", kind="label", most=22),
        *numbers("province", kind="share", rank=2),
        *numbers("USD"),
        Column(heading="USD 10-90 %", kind="range"),
        *numbers("days", digits=1),
        Column(heading="days 10-90 %", kind="range", digits=1),
        *numbers("kg CO2e", rank=1),
    )
    return Table(title=_title(comparison, run, EACH), columns=columns, rows=tuple(rows))


def _plain(comparison: Comparison, run: Run) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for origin in comparison.origins:
        trip = run.trips.get((origin, comparison.focus))
        if trip is None:
            rows.append((origin, "no route" if origin != comparison.focus else "", None, None, None))
        else:
            rows.append((origin, _gateway(trip), trip.cost_usd, trip.hours / 24, trip.co2_kg))
    columns = (
        Column(heading="from", kind="name"),
        Column(heading="gateway", kind="name"),
        *numbers("USD"),
        *numbers("days", digits=1),
        *numbers("kg CO2e"),
    )
    return Table(title=_title(comparison, run, EACH), columns=columns, rows=tuple(rows))


def _side_by_side(comparison: Comparison, runs: Sequence[Run]) -> Table:
    """Return each origin on several baselines, one beside the other."""
    if len(runs) == 1:
        return _plain(comparison, runs[0])
    columns = [Column(heading="from", kind="name")]
    for run in runs:
        columns.append(Column(heading=say("{day}: by", day=_short(runs, run)), kind="name"))
        columns += [*numbers("USD"), *numbers("days", digits=1)]
    rows = []
    for origin in comparison.origins:
        cells: list[Cell] = [origin]
        for run in runs:
            trip = run.trips.get((origin, comparison.focus))
            if trip is None:
                cells += ["no route" if origin != comparison.focus else "", None, None]
            else:
                cells += [_gateway(trip), trip.cost_usd, trip.hours / 24]
        rows.append(tuple(cells))
    title = say(
        "{titles:both}: each origin to {focus:name}", titles=tuple(run.title for run in runs), focus=comparison.focus
    )
    return Table(title=title, columns=tuple(columns), rows=tuple(rows))


def _best_of_other(comparison: Comparison, main: Run, base: Run) -> list[Table | Sentence]:
    """Return the best scenario of the origins for which it is another than on the main baseline, and say of the rest.

    What the same scenario changes there is in comparison.csv.
    """
    differ = [one for one in comparison.origins if _moved_to(comparison, base, one) != _moved_to(comparison, main, one)]
    same = len(comparison.origins) - len(differ)
    said = say(
        "{title:label}: for {count} of {all} origins the same scenario is the best, by the same gateway.",
        title=base.title,
        count=same,
        all=len(comparison.origins),
    )
    return [*([said] if same else []), *([_best(comparison, base, differ)] if differ else [])]


def _moved_to(comparison: Comparison, base: Run, origin: str) -> tuple[str | None, str | None]:
    """Return the best scenario of an origin and its gateway then; None where none helps."""
    name = _best_of(comparison, base, origin)[0]
    pair = (origin, comparison.focus)
    run = next((run for run in comparison.scenario_runs(base.baseline) if run.scenario == name), None)
    return (run.scenario, run.trips[pair].gateway) if run else (str(name), None)


def _best(comparison: Comparison, base: Run, origins: Sequence[str]) -> Table:
    """Return the best scenario of some origins; those of which all that is shown is equal are one row."""
    columns = (
        Column(heading="from", kind="names", most=36),
        Column(heading="best scenario", kind="label"),
        Column(heading="gateway then", kind="name"),
        *numbers("USD", kind="change"),
        *numbers("days", kind="change", digits=1),
        *numbers("kg CO2e", kind="change", rank=1),
    )
    together: dict[tuple[object, ...], tuple[list[str], tuple[Cell, ...]]] = {}
    for origin in origins:
        cells = _best_of(comparison, base, origin)
        key = tuple(str(_as_shown(cell, column)) for cell, column in zip(cells, columns[1:], strict=True))
        together.setdefault(key, ([], cells))[0].append(origin)
    rows = tuple((tuple(listed), *cells) for listed, cells in together.values())
    title = "{title:label}: the best scenario of each origin"
    return Table(title=_title(comparison, base, title), columns=columns, rows=rows)


def _as_shown(cell: Cell, column: Column) -> object:
    """Return a cell as it is told from others: numbers by the digits that are shown."""
    return round(cell, column.digits) + 0.0 if isinstance(cell, float) else cell


def _best_of(comparison: Comparison, base: Run, origin: str) -> tuple[Cell, ...]:
    pair = (origin, comparison.focus)
    before = base.trips.get(pair)
    found = [(run.trips[pair], run) for run in comparison.scenario_runs(base.baseline) if pair in run.trips]
    if not found:
        return ("cut off" if before else "none helps", "", None, None, None)
    after, run = min(found, key=lambda one: (round(one[0].generalised_cost_usd, 6), len(one[1].name)))
    if before is None:
        said = say("{scenario:label}, newly reached", scenario=run.scenario)
        return (said, _gateway(after), after.cost_usd, after.hours / 24, after.co2_kg)
    if after.generalised_cost_usd > before.generalised_cost_usd - EQUAL_USD:
        return ("none helps", "", None, None, None)
    return (
        str(run.scenario),
        _gateway(after) if after.gateway != before.gateway else "same",
        after.cost_usd - before.cost_usd,
        (after.hours - before.hours) / 24,
        after.co2_kg - before.co2_kg,
    )


def _effects(comparison: Comparison, base: Run) -> Table:
    columns = (
        Column(heading="scenario", kind="label"),
        Column(heading="switch gateway", kind="label"),
        *numbers("people there", rank=2),
        *numbers("mean of", rank=3),
        *numbers("USD", kind="change"),
        *numbers("days", kind="change", digits=1),
        *numbers("kg CO2e", kind="change", rank=1),
        *numbers("generalised USD", kind="change"),
    )
    rows: list[tuple[Cell, ...]] = []
    still = idle_on(comparison, [base])
    for run in comparison.scenario_runs(base.baseline):
        e = comparison.effect(run)
        if e.scenario in still:
            continue
        changes = (e.cost_change_usd, e.days_change, e.co2_change_kg, e.generalised_change_usd)
        shown = map(or_dash, changes)
        rows.append((e.scenario, switched_words(e), float(e.population_switched), float(e.compared), *shown))
    title = "{title:label}: what each scenario changes, mean over the origins with a route before and after"
    return Table(title=_title(comparison, base, title), columns=columns, rows=tuple(rows))


def idle_on(comparison: Comparison, bases: Sequence[Run]) -> set[str]:
    """Return the scenarios that change nothing on any of these baselines: a sentence says them, no row."""
    found = [set(idle([comparison.effect(run) for run in comparison.scenario_runs(one.baseline)])) for one in bases]
    return set.intersection(*found) if found else set()


def _effects_of_others(comparison: Comparison, bases: Sequence[Run]) -> Table:
    """Return what each scenario changes on the other baselines, one beside the other."""
    columns = [Column(heading="scenario", kind="label")]
    names: dict[str, None] = {}
    for k, base in enumerate(bases):
        day = _short(bases, base)
        columns.append(Column(heading=say("{day}: switch", day=day), kind="label", rank=k // SIDE_BY_SIDE))
        columns += numbers("generalised USD", kind="change", rank=k // SIDE_BY_SIDE)
        names |= dict.fromkeys(str(run.scenario) for run in comparison.scenario_runs(base.baseline))
    rows: list[tuple[Cell, ...]] = []
    still = idle_on(comparison, bases)
    for name in (one for one in names if one not in still):
        cells: list[Cell] = [name]
        for base in bases:
            run = next((r for r in comparison.scenario_runs(base.baseline) if r.scenario == name), None)
            effect = comparison.effect(run) if run else None
            change = effect.generalised_change_usd if effect else None
            cells += [switched_words(effect) if effect else None, or_dash(change)]
        rows.append(tuple(cells))
    title = say("{titles:both}: what each scenario changes", titles=tuple(base.title for base in bases))
    return Table(title=title, columns=tuple(columns), rows=tuple(rows))
