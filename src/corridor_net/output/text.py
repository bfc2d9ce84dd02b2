"""What a terminal shows: the comparison of a study, a route, the validation. Text only, no computing."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from corridor_net.analysis.compare import Comparison, Effect, Run, Trip
from corridor_net.analysis.explain import Finding
from corridor_net.analysis.notes import weak_share
from corridor_net.errors import printable
from corridor_net.uncertainty.ensemble import PairDoubt


class Output(Console):
    """A console for words of people's files: no markup, no codes that steer it; it says when nobody reads any more."""

    def __init__(self, **options: Any) -> None:
        super().__init__(markup=False, emoji=False, **options)

    def render(self, renderable: Any, options: Any = None) -> Iterator[Segment]:
        """Give the pieces of what is printed, with codes spelt out in all that is text."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(printable(segment.text, lines=True), segment.style)

    def on_broken_pipe(self) -> None:
        """Raise what Python itself raises."""
        raise BrokenPipeError


def wide_console() -> Output:
    """Return a console as wide as the terminal, or 140 columns where there is none."""
    return Output(width=None if sys.stdout.isatty() else 140)


def show_comparison(
    console: Console,
    comparison: Comparison,
    doubts: Mapping[tuple[str, str], PairDoubt],
    findings: Sequence[Finding] = (),
) -> None:
    """Print the main baseline by origin with its best scenario, every scenario on every baseline, what it means.

    `doubts` are the ranges of the main baseline's routes; `findings` are told at the end.
    """
    main = comparison.runs[0]
    network = main.router.network
    focus = network.nodes[comparison.focus].name
    cargo, prices = main.router.impedance.cargo, main.router.impedance.prices
    console.print(Text(comparison.study.file.title, style="bold"))
    console.print(
        f"{cargo.name}, to {focus}; {main.router.by} least; USD of the year of each baseline, {prices.year} first; "
        f"an hour is worth {cargo.value_of_time:.2f} USD\n"
    )
    if comparison.study.file.evidence == "published":
        console.print("10-90 % ranges and wins: draws weighted by the published claims (corridor-net calibrate)\n")
    for run in comparison.runs:
        if run.scenario is None:
            console.print(_origins_table(comparison, run, doubts if run is main else {}))
            console.print(_effects_table(comparison, run.baseline))
    for line in summary(comparison):
        console.print(Text(line, style="dim" if line.startswith(" ") else ""))
    for finding in findings:
        console.print(Text(f"\n{finding.title}", style="bold"))
        for line in finding.lines:
            console.print(Text(f"  {line}"))


def _origins_table(comparison: Comparison, base: Run, doubts: Mapping[tuple[str, str], PairDoubt]) -> Table:
    runs = comparison.scenario_runs(base.baseline)
    table = Table(title=f"{base.title}: each origin to {_name(comparison, comparison.focus)}", title_justify="left")
    ranges = ("wins", "USD 10-90 %", "days 10-90 %") if doubts else ()
    for heading in (
        "from",
        "gateway",
        "USD",
        "days",
        "kg CO2e",
        *ranges,
        "best scenario",
        "gateway then",
        "USD",
        "days",
        "kg CO2e",
    ):
        table.add_column(heading, justify="left" if heading in TEXT_COLUMNS else "right")
    for origin in comparison.origins:
        before = base.trips.get((origin, comparison.focus))
        options = [(run, run.trips.get((origin, comparison.focus))) for run in runs]
        best_run, best = min(
            ((run, trip) for run, trip in options if trip),
            default=(None, None),
            key=lambda pair: (round(pair[1].generalised_cost_usd, 6), len(pair[0].name)),
        )
        cells = _trip_cells(comparison, before)
        if doubts:
            cells += doubt_cells(doubts.get((origin, comparison.focus)))
        if best is None and before and runs:
            cells += ["cut off", "", "", "", ""]
        elif best is None or (before and best.generalised_cost_usd > before.generalised_cost_usd - 0.005):
            cells += ["none helps", "", "", "", ""]
        else:
            cells += [str(best_run.scenario) if best_run else "", *_changes(comparison, before, best)]
        table.add_row(_name(comparison, origin), *cells)
    return table


TEXT_COLUMNS = ("from", "gateway", "best scenario", "gateway then")


def doubt_cells(doubt: PairDoubt | None) -> list[str]:
    """Return how often a route's gateway is the best and its 10-90 % ranges of USD and days, or nothing."""
    if doubt is None:
        return ["", "", ""]
    usd, hours = doubt.route.cost_usd, doubt.route.hours
    return [f"{doubt.gateway_wins:.0%}", f"{usd.p10:,.0f}-{usd.p90:,.0f}", f"{hours.p10 / 24:.1f}-{hours.p90 / 24:.1f}"]


def _trip_cells(comparison: Comparison, trip: Trip | None) -> list[str]:
    if trip is None:
        return ["no route", "", "", ""]
    gateway = _name(comparison, trip.gateway) if trip.gateway else "by land"
    return [gateway, f"{trip.cost_usd:,.0f}", f"{trip.hours / 24:.1f}", f"{trip.co2_kg:,.0f}"]


def _changes(comparison: Comparison, before: Trip | None, after: Trip) -> list[str]:
    gateway = _name(comparison, after.gateway) if after.gateway else "by land"
    if before is None:
        return [gateway, f"{after.cost_usd:,.0f}", f"{after.hours / 24:.1f}", f"{after.co2_kg:,.0f}"]
    return [
        gateway if after.gateway != before.gateway else "same",
        f"{after.cost_usd - before.cost_usd:+z,.0f}",
        f"{(after.hours - before.hours) / 24:+z.1f}",
        f"{after.co2_kg - before.co2_kg:+z,.0f}",
    ]


def _effects_table(comparison: Comparison, baseline: str) -> Table:
    title = f"{baseline}: what each scenario changes, mean over the origins with a route before and after"
    table = Table(title=title, title_justify="left")
    for heading in (
        "scenario",
        "origins that switch gateway",
        "people there",
        "mean of",
        "USD",
        "days",
        "kg CO2e",
        "generalised USD",
    ):
        table.add_column(heading, justify="left" if heading == "scenario" else "right")
    for run in comparison.scenario_runs(baseline):
        e = comparison.effect(run)
        table.add_row(
            e.scenario,
            switched_words(e),
            f"{e.population_switched:,}",
            str(e.compared),
            number(e.cost_change_usd, "+z,.0f"),
            number(e.days_change, "+z.1f"),
            number(e.co2_change_kg, "+z,.0f"),
            number(e.generalised_change_usd, "+z,.0f"),
        )
    return table


def number(value: float | None, form: str = ",.0f") -> str:
    """Return a figure for a cell, or a dash where there is none."""
    return "–" if value is None else format(value, form)


def switched_words(effect: Effect) -> str:
    """Say how many origins switch gateway, are cut off, or are reached for the first time."""
    words = [f"{len(effect.switched)} of {effect.origins}"]
    words += [f"{len(effect.cut_off)} cut off"] if effect.cut_off else []
    words += [f"{len(effect.gained)} newly reached"] if effect.gained else []
    return ", ".join(words)


def summary(comparison: Comparison) -> list[str]:
    """Say in a few sentences what the tables say; indented ones tell how far to trust the one above."""
    lines = []
    for run in comparison.runs:
        if run.scenario is not None:
            continue
        effects = [comparison.effect(r) for r in comparison.scenario_runs(run.baseline)]
        lines.append(_sentence(comparison, run, effects))
        trip = run.trips.get((comparison.origins[0], comparison.focus))
        if trip is not None:
            weak = weak_share(run.route(trip.origin, trip.destination))
            lines.append(
                f"  {_name(comparison, trip.origin)} to {_name(comparison, trip.destination)} rests on "
                f"figures of grade C or D for {weak['cost_usd']:.0%} of its cost and {weak['hours']:.0%} of its hours."
            )
    return lines


def _sentence(comparison: Comparison, run: Run, effects: Sequence[Effect]) -> str:
    gateways: dict[str, int] = {}
    for origin in comparison.origins:
        trip = run.trips.get((origin, comparison.focus))
        if trip:
            by = _name(comparison, trip.gateway) or "land"
            gateways[by] = gateways.get(by, 0) + 1
    told = [f"{count} by {by}" for by, count in sorted(gateways.items(), key=lambda p: -p[1])]
    without = len(comparison.origins) - sum(gateways.values())
    told += [f"{without} without a route"] if without else []
    text = f"{run.title}: of {len(comparison.origins)} origins, {', '.join(told)}."
    changes = [(e, e.generalised_change_usd) for e in effects if e.generalised_change_usd is not None]
    helpful = [(change, e) for e, change in changes if change < -0.5]
    idle = [e.scenario for e, change in changes if abs(change) <= 0.5 and not e.cut_off and not e.gained]
    if helpful:
        change, best = min(helpful, key=lambda pair: pair[0])
        text += (
            f" Largest gain: {best.scenario}, {-change:,.0f} USD of generalised cost a box, "
            f"{len(best.switched)} origins switch gateway."
        )
    cut = [f"{e.scenario} ({len(e.cut_off)} of {e.origins} origins)" for e in effects if e.cut_off]
    if cut:
        text += f" Cut off from {_name(comparison, comparison.focus)} by: {', '.join(cut)}."
    if idle:
        text += f" Alone, these change nothing on the way to {_name(comparison, comparison.focus)}: {', '.join(idle)}."
    return text


def _name(comparison: Comparison, node_id: str | None) -> str:
    return comparison.network.nodes[node_id].name if node_id else ""
