"""What a terminal shows of uncertainty: ranges, chances, reliability, and a paragraph to quote. No computing."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from corridor_net.uncertainty.ensemble import PairDoubt, Spread
from corridor_net.uncertainty.reliability import Reliability
from corridor_net.uncertainty.study import RunDoubt, StudyDoubt

from .planner_text import table_of


def show_doubt(console: Console, found: StudyDoubt, origin: str, sent: Reliability, *, exact: bool) -> None:
    """Print every baseline's pairs, every scenario's gain and chance, reliability, and the paragraph."""
    for run in (r for r in found.runs if r.run.scenario is None):
        heads = ("USD 10 %", "50 %", "90 %", "days 10 %", "50 %", "90 %", "kg CO2e 10-90 %", "gateway wins")
        table = table_of(f"{run.run.title}: to {found.destination}, {found.draws:,} draws", "from", *heads)
        for pair in run.pairs:
            usd = tuple(f"{value:,.0f}" for value in _points(pair.cost_usd))
            days = tuple(f"{value / 24:.1f}" for value in _points(pair.hours))
            kg = f"{pair.co2_kg.p10:,.0f}-{pair.co2_kg.p90:,.0f}"
            chances = ", ".join(f"{name} {share:.0%}" for name, share in list(pair.gateways.items())[:3])
            table.add_row(pair.origin, *usd, *days, kg, chances)
        console.print(table)
        paired = [r for r in found.runs if r.run.baseline == run.run.baseline and r.gain_usd]
        if paired:
            table = table_of(
                "Each scenario against it, by the same draws", "scenario", "gain USD 10 %", "50 %", "90 %", "better"
            )
            for other in paired:
                if other.gain_usd is not None and other.better_on_the_whole is not None:
                    points = tuple(f"{value:+,.0f}" for value in _points(other.gain_usd))
                    table.add_row(str(other.run.scenario), *points, f"{other.better_on_the_whole:.0%}")
            console.print(table)
    console.print(Text(paragraph(found, origin)))
    console.print(Text(reliability_sentence(origin, found.destination, sent)))
    how = "the whole network searched in every draw" if exact else "the cheapest of rival routes in every draw"
    console.print(f"Seed {found.seed}; mean known to ±{found.half_width:.1%} (95 %); {how}.", style="dim")


def _points(spread: Spread) -> tuple[float, float, float]:
    return spread.p10, spread.p50, spread.p90


def paragraph(found: StudyDoubt, origin: str) -> str:
    """Return a paragraph to quote about one origin."""
    run = found.runs[0]
    pair = next((p for p in run.pairs if p.origin == origin), run.pairs[0])
    chances = list(pair.gateways.items())
    rest = "".join(f", {name} in {share:.0%}" for name, share in chances[1:3])
    text = (
        f"{pair.origin} to {pair.destination}, {run.run.title}: {chances[0][0]} is the best gateway in "
        f"{chances[0][1]:.0%} of {found.draws:,} draws{rest}. A box costs {pair.cost_usd.p10:,.0f} to "
        f"{pair.cost_usd.p90:,.0f} USD and takes {pair.hours.p10 / 24:.1f} to {pair.hours.p90 / 24:.1f} days "
        "(10 to 90 %, of what is not known about the means)."
    )
    best = _best(found, run, pair)
    return f"{text} {best}" if best else text


def _best(found: StudyDoubt, run: RunDoubt, pair: PairDoubt) -> str:
    """Return a sentence on the scenario that most often betters the pair."""
    key = (pair.origin, pair.destination)
    others = [r for r in found.runs if r.run.baseline == run.run.baseline and r.better.get(key, 0.5) > 0.5]
    if not others:
        return "No scenario betters it in more than half of them."
    best = max(others, key=lambda r: (r.better[key], r.gain_usd.mean if r.gain_usd else 0.0))
    return f"{best.run.scenario} betters it in {best.better[key]:.0%}."


def reliability_sentence(origin: str, destination: str, sent: Reliability) -> str:
    """Return a sentence on single shipments."""
    text = (
        f"Single shipments from {origin} to {destination}: {sent.hours.p10 / 24:.1f} to "
        f"{sent.hours.p90 / 24:.1f} days; "
        f"to be on time in 95 of 100, plan {sent.p95 / 24:.1f} (buffer {sent.buffer_index:.0%} of the mean"
    )
    text += f", {sent.planning_time_index:.1f} times the timetable)." if sent.planning_time_index else ")."
    if sent.on_time is not None and sent.deadline_hours is not None:
        text += f" Within {sent.deadline_hours / 24:g} days: {sent.on_time:.0%}."
    return text
