"""What a terminal shows of a journey: steps by local time, what ends about then, leaving later. No computing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from rich.console import Console
from rich.table import Table

from corridor_net.analysis.journeys import Journey, services_told
from corridor_net.analysis.limits import Limit


def local_time(moment: datetime, year: int | None = None) -> str:
    """Return a moment by its own clock with its offset from UTC; the year only where it is not `year`.

    >>> from zoneinfo import ZoneInfo
    >>> local_time(datetime(2019, 7, 5, 16, tzinfo=ZoneInfo("Asia/Vladivostok")), 2019)
    'Fri 05 Jul 16:00 +10'
    """
    offset = f"{moment:%z}"
    shown = offset if offset[3:] != "00" else offset[:3]
    return f"{moment:%a %d %b}{'' if moment.year == year else f' {moment:%Y}'} {moment:%H:%M} {shown}"


def show_timetable(
    console: Console,
    best: Journey,
    week: Sequence[Journey],
    names: Mapping[str, str],
    missed: Sequence[Limit] = (),
    faults: Sequence[str] = (),
) -> None:
    """Print a journey step by step with its waits, then what each later departure comes to."""
    console.print(_steps(best, names))
    _say(console, best, names, missed, faults)
    if week:
        console.print(_later(week, names, best.departs.year))
    assumed = services_told([best, *week])
    if assumed:
        told = ", ".join(assumed)
        console.print(f"Sailing days assumed (grade D), none is documented: {told}. --sails SERVICE=DAY gives one.")


def _steps(best: Journey, names: Mapping[str, str]) -> Table:
    year = best.departs.year
    title = (
        f"{names[best.origin]} to {names[best.destination]}: leave {local_time(best.departs)}, "
        f"arrive {local_time(best.arrives, year)}, {best.hours / 24:.1f} days, {best.cost_usd:,.0f} USD"
    )
    table = Table(title=title, title_justify="left")
    for heading in ("step", "by", "waits, h", "begins", "ends"):
        table.add_column(heading, justify="right" if heading == "waits, h" else "left")
    for stage in best.stages:
        place = names[stage.from_node]
        if stage.to_node != stage.from_node:
            place += f" to {names[stage.to_node]}"
        by = stage.subject if stage.kind in ("board", "sail", "crossing") else stage.mode
        waits = f"{stage.wait_hours:.1f}" if stage.wait_hours > 0.005 else ""
        table.add_row(f"{stage.kind}, {place}", by, waits, local_time(stage.begins, year), local_time(stage.ends, year))
    return table


def _say(
    console: Console, best: Journey, names: Mapping[str, str], missed: Sequence[Limit], faults: Sequence[str]
) -> None:
    """Print whose clock it is, at what prices, what ends about then, and what is waited for of one's own accord."""
    clocks: dict[str, None] = {}
    for stage in best.stages:
        for moment in (stage.begins, stage.ends):
            clocks[f"{local_time(moment).rpartition(' ')[2]} {moment.tzinfo}"] = None
    console.print(
        f"Each time is by the clock of its place: {', '.join(clocks)}. USD of {best.price_year}, at the prices and "
        "hours of the day on which each step begins."
    )
    gates = {stage.subject: stage.gate for stage in best.stages if stage.gate}
    if gates:
        console.print(f"Opening hours kept: {'; '.join(f'{name} {hours}' for name, hours in gates.items())}.")
    for stage in best.stages:
        if stage.waits_for == "change":
            console.print(
                f"Waits {stage.wait_hours / 24:.1f} days for {stage.subject} at {names[stage.from_node]} though it "
                "could go sooner: later it costs or takes less."
            )
    for limit in best.limits:
        console.print(f"Note: {limit.sentence(names)}.")
    for limit in missed:
        console.print(f"Not possible: {limit.sentence(names)}.")
    for fault in faults:
        console.print(fault)


def _later(week: Sequence[Journey], names: Mapping[str, str], year: int) -> Table:
    table = Table(
        title="Leaving later: each earliest arrival, the latest departure for it, and the least it then costs",
        title_justify="left",
    )
    for heading in ("leave by", "arrive", "days", "of them waiting", "USD", "gateway", "services"):
        table.add_column(heading, justify="right" if heading in ("days", "of them waiting", "USD") else "left")
    for one in week:
        days = (f"{one.hours / 24:.1f}", f"{one.wait_hours / 24:.1f}", f"{one.cost_usd:,.0f}")
        leaves = ("at any time, to " if one.moves else "") + local_time(one.departs, year)
        arrives = ("so much later, to " if one.moves else "") + local_time(one.arrives, year)
        table.add_row(leaves, arrives, *days, names.get(one.gateway or "", "by land"), ", ".join(one.services))
    return table
