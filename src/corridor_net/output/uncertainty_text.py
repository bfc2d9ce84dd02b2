"""What a terminal shows of uncertainty: ranges, chances, reliability, and a paragraph to quote. No computing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from corridor_net.uncertainty.choice import Choice
from corridor_net.uncertainty.ensemble import PairDoubt, Shares, Spread
from corridor_net.uncertainty.reliability import Reliability
from corridor_net.uncertainty.sensitivity import Screened, Sensitivity
from corridor_net.uncertainty.study import RunDoubt, StudyDoubt
from corridor_net.uncertainty.study_sensitivity import StudySensitivity

from .planner_text import table_of


def show_doubt(
    console: Console, found: StudyDoubt, origin: str, sent: Reliability, names: Mapping[str, str], *, exact: bool
) -> None:
    """Print every baseline's pairs, every scenario's gain and chance, reliability, and the paragraph."""
    goal = names.get(found.destination, found.destination)
    for run in (r for r in found.runs if r.run.scenario is None):
        heads = ("USD 10 %", "50 %", "90 %", "days 10 %", "50 %", "90 %", "kg CO2e 10-90 %", "gateway wins")
        table = table_of(
            f"{run.run.title}: to {names.get(found.destination, found.destination)}, {found.draws:,} draws",
            "from",
            *heads,
        )
        for pair in run.pairs:
            usd = tuple(f"{value:,.0f}" for value in _points(pair.route.cost_usd))
            days = tuple(f"{value / 24:.1f}" for value in _points(pair.route.hours))
            kg = f"{pair.route.co2_kg.p10:,.0f}-{pair.route.co2_kg.p90:,.0f}"
            chances = ", ".join(f"{names.get(g, g)} {share:.0%}" for g, share in list(pair.gateways.items())[:3])
            table.add_row(names.get(pair.origin, pair.origin), *usd, *days, kg, chances)
        console.print(table)
        paired = [r for r in found.runs if r.run.baseline == run.run.baseline and r.gain_usd]
        if paired:
            gains = ("gain USD 10 %", "50 %", "90 %", "better", "equal", "worse")
            table = table_of("Each scenario against it, by the same draws", "scenario", *gains)
            for other in paired:
                if other.gain_usd is not None and other.on_the_whole is not None:
                    points = tuple(f"{value:+z,.0f}" for value in _points(other.gain_usd))
                    table.add_row(str(other.run.scenario), *points, *_shares(other.on_the_whole))
            console.print(table)
    console.print(Text(paragraph(found, origin, names)))
    if found.choice is not None:
        console.print(Text(choice_sentence(found.choice, names)))
    console.print(Text(reliability_sentence(names.get(origin, origin), goal, sent)))
    how = "the whole network searched in every draw" if exact else "the cheapest of rival routes in every draw"
    console.print(f"Seed {found.seed}; mean known to ±{found.half_width:.1%} (95 %); {how}.", style="dim")
    steps = found.steps if len(found.steps) <= SHOWN_STEPS else (*found.steps[: SHOWN_STEPS - 1], found.steps[-1])
    told = ", ".join(f"{n:,} ±{width:.2%}" for n, width in steps)
    console.print(f"Convergence, {found.sampler} draws: {told}.", style="dim")


SHOWN_STEPS = 10
SHOWN_CHOICES = 8
SURE = 0.9


def choice_sentence(found: Choice, names: Mapping[str, str]) -> str:
    """Return a sentence to quote: who is cheaper how often, and which figure to look up next."""
    ends = f"{names.get(found.origin, found.origin)}-{names.get(found.destination, found.destination)}"
    leader = names.get(found.leader, found.leader)
    if found.second is None:
        first = f"Every rival route of {ends} leaves by {leader}"
    else:
        second = names.get(found.second, found.second)
        first = f"{leader} is cheaper than {second} for {ends} in {found.leads:.0%} of draws"
    following = found.next_figure
    if following is None:
        return f"{first}."
    graded = f" (grade {following.grade})" if following.grade else ""
    what = "the answer" if found.second is None else "their difference"
    saves = f"knowing it before choosing would save {following.saves_usd:,.0f} USD a box on average"
    if following.saves_usd < 0.5:
        saves = "knowing it alone would not change the choice"
    return (
        f"{first}; the figure to look up next is {following.what}{graded}: alone it makes "
        f"{max(following.first, 0):.0%} of the doubt about {what}, and {saves}."
    )


def _points(spread: Spread) -> tuple[float, float, float]:
    return spread.p10, spread.p50, spread.p90


def paragraph(found: StudyDoubt, origin: str, names: Mapping[str, str]) -> str:
    """Return a paragraph to quote about one origin."""
    run = found.runs[0]
    pair = next((p for p in run.pairs if p.origin == origin), run.pairs[0])
    origin_name, goal, gateway = (names.get(name, name) for name in (pair.origin, pair.destination, pair.gateway))
    others = [(names.get(name, name), share) for name, share in pair.gateways.items() if name != pair.gateway][:3]
    rest = f"; otherwise {', '.join(f'{name} ({share:.0%})' for name, share in others)}" if others else ""
    together = ""
    if pair.region != pair.gateway and pair.region_wins > pair.gateway_wins:
        together = f" ({pair.region} as a whole in {pair.region_wins:.0%})"
    usd, hours, best = pair.route.cost_usd, pair.route.hours, pair.best
    text = (
        f"{origin_name} to {goal}, {run.run.title}: the answer leaves by {gateway}, the best gateway "
        f"in {pair.gateway_wins:.0%} of {found.draws:,} draws{together}{rest}. By this route a box costs "
        f"{usd.p10:,.0f} to {usd.p90:,.0f} USD and takes {hours.p10 / 24:.1f} to {hours.p90 / 24:.1f} days "
        f"(10 to 90 %, of what is not known about the means); by the way that is best in each draw "
        f"{best.cost_usd.p10:,.0f} to {best.cost_usd.p90:,.0f} USD and {best.hours.p10 / 24:.1f} to "
        f"{best.hours.p90 / 24:.1f} days."
    )
    return f"{text} {_improved(found, run, pair)}"


def _improved(found: StudyDoubt, run: RunDoubt, pair: PairDoubt) -> str:
    """Return a sentence on the scenario that most often betters the pair."""
    key = (pair.origin, pair.destination)
    others = [r for r in found.runs if r.run.baseline == run.run.baseline and key in r.against]
    best = max(others, key=lambda r: (r.against[key].better, r.gain_usd.mean if r.gain_usd else 0.0), default=None)
    if best is None or not best.against[key].better:
        return "No scenario betters it in any of them."
    shares = best.against[key]
    return (
        f"{best.run.scenario} betters it in {shares.better:.0%} of draws, leaves it equal in {shares.equal:.0%} and "
        f"worsens it in {shares.worse:.0%}."
    )


def _shares(shares: Shares) -> tuple[str, str, str]:
    return f"{shares.better:.0%}", f"{shares.equal:.0%}", f"{shares.worse:.0%}"


def reliability_sentence(origin: str, destination: str, sent: Reliability) -> str:
    """Return a sentence on single shipments between two places, given by name."""
    text = (
        f"Single shipments from {origin} to {destination}: {sent.hours.p10 / 24:.1f} to "
        f"{sent.hours.p90 / 24:.1f} days; "
        f"to be on time in 95 of 100, plan {sent.p95 / 24:.1f} (buffer {sent.buffer_index:.0%} of the mean"
    )
    text += f", {sent.planning_time_index:.1f} times the timetable)." if sent.planning_time_index else ")."
    if sent.on_time is not None and sent.deadline_hours is not None:
        text += f" Within {sent.deadline_hours / 24:g} days: {sent.on_time:.0%}."
    return text


def show_sensitivity(console: Console, found: Sensitivity, names: Mapping[str, str], shown: int) -> None:
    """Print the inputs by their share of the answer's variance, and what to look up next."""
    ends = f"{names[found.origin]} to {names[found.destination]}"
    gates = f"{names.get(found.second or '', 'none')} less {names.get(found.leader, found.leader)}"
    what = f"generalised cost by {gates}" if found.answer == "gap" else found.answer
    table = Table(title=f"{ends}: what {what} depends on", title_justify="left")
    for heading in ("figure", "grade", "alone", "95 %", "with others", "95 %", "knowing it saves, USD"):
        table.add_column(heading, justify="left" if heading == "figure" else "right")
    for one in found.inputs[:shown]:
        first, total = (f"{a:.0%} to {b:.0%}" for a, b in (one.first_interval, one.total_interval))
        row = (
            one.what,
            one.grade,
            f"{max(one.first, 0):.0%}",
            first,
            f"{one.total:.0%}",
            total,
            f"{one.saves_usd:,.1f}",
        )
        table.add_row(*row)
    console.print(table)
    known = sum(max(one.first, 0.0) for one in found.inputs)
    samples = ", ".join(f"{n:,} samples ±{width:.3f}" for n, width in found.steps)
    console.print(
        f"{len(found.inputs)} inputs, {found.evaluations:,} answers at {found.sampler} points; {samples}; alone "
        f"they explain {min(known, 1):.0%}."
    )
    console.print(Text(look_up_next(found, names)))


def look_up_next(found: Sensitivity, names: Mapping[str, str]) -> str:
    """Return the paragraph to quote: who is cheaper how often, and which figure to look up next."""
    ends = f"{names[found.origin]} to {names[found.destination]}"
    leader = names.get(found.leader, found.leader)
    if found.second is None:
        first = f"{ends}: every rival route leaves by {leader}."
    else:
        second = names.get(found.second, found.second)
        first = f"{ends}: {leader} is cheaper than {second} in {found.leads:.0%} of draws."
    following = found.next_figure
    if following is None:
        return first
    share = "this difference" if found.answer == "gap" else "the answer"
    low, high = following.total_interval
    saves = f"knowing it before choosing would save {following.saves_usd:,.0f} USD a box on average"
    if following.saves_usd < 0.5:
        saves = "knowing it alone would not change the choice"
    return (
        f"{first} The figure to look up next is {following.what}"
        + (f" (grade {following.grade})" if following.grade else "")
        + f": it has a part in {following.total:.0%} ({low:.0%} to {high:.0%}) of the doubt about {share}, "
        f"and {saves}; knowing all figures would save {found.knowing_all_saves_usd:,.0f} USD."
    )


def show_study_sensitivity(console: Console, found: StudySensitivity, names: Mapping[str, str]) -> None:
    """Print the figures by their share of the doubt about all choices, the choices most in doubt, and a paragraph."""
    goal = names.get(found.destination, found.destination)
    table = Table(title=f"{found.run}: what the choice of a gateway to {goal} hangs on", title_justify="left")
    for heading in ("figure", "grade", "alone", "with others", "95 %", "knowing it saves, USD"):
        table.add_column(heading, justify="left" if heading == "figure" else "right")
    for one in found.figures:
        interval = f"{one.total_interval[0]:.0%} to {one.total_interval[1]:.0%}"
        shares = (f"{max(one.first, 0):.0%}", f"{one.total:.0%}", interval)
        table.add_row(one.what, one.grade, *shares, f"{one.saves_usd:,.1f}")
    table.add_row(
        f"the other {found.screened - len(found.figures)} together", "", "", f"{found.rest_total:.0%}", "", ""
    )
    console.print(table)
    table = Table(title="Choices, the most in doubt first", title_justify="left")
    for heading in ("from", "leader", "next", "leader cheaper in", "look up next"):
        table.add_column(heading, justify="right" if heading == "leader cheaper in" else "left")
    for pick in [one for one in found.choices if one.second is not None][:SHOWN_CHOICES]:
        gates = (names.get(gate, gate) for gate in (pick.leader, pick.second or ""))
        following = pick.next_figure
        table.add_row(names[pick.origin], *gates, f"{pick.leads:.0%}", following.what if following else "")
    console.print(table)
    console.print(
        f"{found.draws:,} draws; {found.screened} inputs screened, total indices by {found.evaluations:,} answers.",
        style="dim",
    )
    console.print(Text(study_paragraph(found, names)))


def study_paragraph(found: StudySensitivity, names: Mapping[str, str]) -> str:
    """Return a paragraph to quote about a whole study."""
    goal = names.get(found.destination, found.destination)
    sure = sum(one.leads >= SURE for one in found.choices)
    text = f"{found.run}, {len(found.choices)} origins to {goal}: the best gateway is sure "
    text += f"(cheaper than the next in {SURE:.0%} of draws or more) for {sure}."
    open_ones = [one for one in found.choices if one.second is not None]
    if open_ones:
        text += f" Most in doubt: {choice_sentence(open_ones[0], names)}"
    following = found.next_figure
    if following is None:
        return text
    low, high = following.total_interval
    graded = f" (grade {following.grade})" if following.grade else ""
    saves = f"knowing it before choosing would save {following.saves_usd:,.1f} USD a box on average over all origins"
    if following.saves_usd < 0.05:
        saves = "knowing it alone would change few choices"
    return (
        f"{text} For all origins together, the figure to look up next is {following.what}{graded}: it has a part in "
        f"{following.total:.0%} ({low:.0%} to {high:.0%}) of the doubt about the choices, and {saves}."
    )


def show_screening(console: Console, rows: Sequence[Screened], unit: str, shown: int) -> None:
    """Print Morris' measures, the largest first."""
    table = Table(title=f"Elementary effects from the 5 % to the 95 % value, {unit}", title_justify="left")
    for heading in ("figure", "grade", "mu*", "sigma"):
        table.add_column(heading, justify="left" if heading == "figure" else "right")
    for row in rows[:shown]:
        table.add_row(row.what, row.grade, f"{row.mu_star:,.1f}", f"{row.sigma:,.1f}")
    console.print(table)
    idle = sum(row.mu_star < 0.005 for row in rows)
    console.print(f"{len(rows)} inputs, {idle} of them without effect.")


def show_batch(console: Console, found: Mapping[str, Any], names: Mapping[str, str]) -> None:
    """Print the summary of a long ensemble: each pair's best way in each draw, its chances, how often it is better."""

    def called(key: str) -> str:
        return names.get(key, key)

    several = len(found["destinations"]) > 1
    for run in found["runs"]:
        name = run["baseline"] if run["scenario"] is None else f"{run['baseline']}/{run['scenario']}"
        goals = f"{len(found['destinations'])} destinations" if several else called(found["destinations"][0])
        table = Table(title=f"{name}: to {goals}, {found['draws']:,} draws", title_justify="left")
        better = ("better", "equal", "worse") if run["scenario"] else ()
        ends = ("from", "to") if several else ("from",)
        for heading in (*ends, "USD 10 %", "50 %", "90 %", "days 10 %", "50 %", "90 %", *better, "gateway wins"):
            table.add_column(heading, justify="left" if heading in (*ends, "gateway wins") else "right")
        for pair in run["pairs"]:
            usd = [f"{pair['best']['cost_usd'][name]:,.0f}" for name in ("p10", "p50", "p90")]
            days = [f"{pair['best']['hours'][name] / 24:.1f}" for name in ("p10", "p50", "p90")]
            share = ["-" if pair[name] is None else f"{pair[name]:.1%}" for name in better]
            wins = ", ".join(f"{called(gate)} {chance:.0%}" for gate, chance in list(pair["gateways"].items())[:3])
            between = tuple(called(pair[end]) for end in (("origin", "destination") if several else ("origin",)))
            table.add_row(*between, *usd, *days, *share, wins)
        console.print(table)
    how = "the whole network searched in every draw" if found["exact"] else "the cheapest of rival routes in every draw"
    known = f"every mean generalised cost known to ± {found['half_width']:.2%} (95 %) or better"
    console.print(f"Seed {found['seed']}; {how}; {known}.", style="dim")
