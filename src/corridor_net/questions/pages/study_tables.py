"""The tables of a study: each origin by baseline, its best scenario, what each scenario changes; equal things once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from corridor_net.analysis.compare import Comparison, Effect, Run
from corridor_net.analysis.trips import Trip
from corridor_net.output.chances import MEANING, gateway_words
from corridor_net.output.studies.study_text import idle, switched_words
from corridor_net.output.upgrade_tables import CHANGES
from corridor_net.render.page import Cell, Column, Of, Table, dashed, divided, numbers, p10_p90, table_of
from corridor_net.render.words import Sentence, say
from corridor_net.uncertainty.ensembles.pair_uncertainty import Pair, PairUncertainty

LAND = "by land"
EACH = "{title:label}: each origin to {focus:name}"
EQUAL_USD = 0.005
"""A scenario that gains no more than this helps nobody."""
SIDE_BY_SIDE = 2
"""Baselines in a table."""


def tables(comparison: Comparison, uncertainties: Mapping[Pair, PairUncertainty]) -> list[Table | Sentence | str]:
    """Return the tables of the main baseline, with how sure its gateways are, then those of all others together."""
    main, *others = comparison.baselines
    blocks: list[Table | Sentence | str] = [
        *(
            [_sure(comparison, main, uncertainties), MEANING, "10-90%: of the route shown."]
            if uncertainties
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


def _under(trips: Mapping[str, Any], of: Of) -> Of:
    """Return what gives the cell of an origin: that of what is listed under it, nothing where nothing is."""
    cell = Column(heading="", of=of).cell
    return lambda origin: cell(trips.get(origin)) if origin in trips else None


def _way(comparison: Comparison, trips: Mapping[str, Any], of: Callable[[Any], Cell]) -> Of:
    """Return what says by where an origin sends; that it has no route, but of the focus itself nothing."""

    def cell(origin: str) -> Cell:
        if origin in trips:
            return of(trips[origin])
        return "no route" if origin != comparison.focus else ""

    return cell


def _sure(comparison: Comparison, run: Run, uncertainties: Mapping[Pair, PairUncertainty]) -> Table:
    trips, sure = comparison.trips_of(run), {pair[0]: uncertainty for pair, uncertainty in uncertainties.items()}
    return table_of(
        comparison.origins,
        Column(heading="from", kind="name", of=str),
        Column(heading="gateway, wins", kind="label", most=22, of=_way(comparison, sure, gateway_words)),
        *numbers("province", of=_under(sure, "region_wins"), kind="share", rank=2),
        *numbers("USD", of=_under(trips, "cost_usd")),
        Column(heading="USD 10-90%", kind="range", of=_under(sure, p10_p90("route.cost_usd"))),
        *numbers("days", of=_under(trips, divided("hours", 24)), digits=1),
        Column(heading="days 10-90%", kind="range", digits=1, of=_under(sure, p10_p90("route.hours", 24))),
        *numbers("kg CO2e", of=_under(trips, "co2_kg"), rank=1),
        title=_title(comparison, run, EACH),
    )


def _plain(comparison: Comparison, run: Run) -> Table:
    trips = comparison.trips_of(run)
    return table_of(
        comparison.origins,
        Column(heading="from", kind="name", of=str),
        Column(heading="gateway", kind="name", of=_way(comparison, trips, _gateway)),
        *numbers("USD", of=_under(trips, "cost_usd")),
        *numbers("days", of=_under(trips, divided("hours", 24)), digits=1),
        *numbers("kg CO2e", of=_under(trips, "co2_kg")),
        title=_title(comparison, run, EACH),
    )


def _side_by_side(comparison: Comparison, runs: Sequence[Run]) -> Table:
    """Return each origin on several baselines, one beside the other."""
    if len(runs) == 1:
        return _plain(comparison, runs[0])
    columns = [Column(heading="from", kind="name", of=str)]
    for run in runs:
        by, trips = say("{day}: by", day=_short(runs, run)), comparison.trips_of(run)
        columns.append(Column(heading=by, kind="name", of=_way(comparison, trips, _gateway)))
        columns += numbers("USD", of=_under(trips, "cost_usd"))
        columns += numbers("days", of=_under(trips, divided("hours", 24)), digits=1)
    title = say(
        "{titles:both}: each origin to {focus:name}", titles=tuple(run.title for run in runs), focus=comparison.focus
    )
    return table_of(comparison.origins, *columns, title=title)


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
    still = idle_on(comparison, [base])
    return table_of(
        [effect for effect in comparison.effects(base) if effect.scenario not in still],
        Column(heading="scenario", kind="label", of="scenario"),
        Column(heading="switch gateway", kind="label", of=switched_words),
        *CHANGES,
        title=_title(
            comparison,
            base,
            "{title:label}: what each scenario changes, mean over the origins with a route before and after",
        ),
    )


def idle_on(comparison: Comparison, bases: Sequence[Run]) -> set[str]:
    """Return the scenarios that change nothing on any of these baselines: a sentence says them, no row."""
    found = [set(idle(comparison.effects(one))) for one in bases]
    return set.intersection(*found) if found else set()


def _effects_of_others(comparison: Comparison, bases: Sequence[Run]) -> Table:
    """Return what each scenario changes on the other baselines, one beside the other."""
    columns, still = [Column(heading="scenario", kind="label", of=str)], idle_on(comparison, bases)
    names: dict[str, None] = {}
    for k, base in enumerate(bases):
        day, effects = _short(bases, base), {effect.scenario: effect for effect in comparison.effects(base)}
        switch = say("{day}: switch", day=day)
        rank = k // SIDE_BY_SIDE
        columns.append(Column(heading=switch, kind="label", rank=rank, of=_under(effects, switched_words)))
        columns += numbers("generalised USD", of=_change(effects), kind="change", rank=rank)
        names |= dict.fromkeys(effects)
    title = say("{titles:both}: what each scenario changes", titles=tuple(base.title for base in bases))
    return table_of((name for name in names if name not in still), *columns, title=title)


def _change(effects: Mapping[str, Effect]) -> Of:
    """Return what gives the change of generalised cost of a scenario, a dash where there is none to average."""
    change = dashed("generalised_change_usd")
    return lambda name: change(effects.get(name))
