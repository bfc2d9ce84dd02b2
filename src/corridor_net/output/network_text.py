"""What a terminal shows of profiles, access, gateways, criticality and emissions. No computing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console

from corridor_net.analysis.criticality import Loss, Month, Thing
from corridor_net.analysis.gateways import Choice, Loads, Observed
from corridor_net.analysis.potential import MODES, Gain, Potential
from corridor_net.analysis.time_cost_distance import Profile

from .planner_text import table_of

UNITS = {"g_per_tkm": "g/t·km", "g_per_teukm": "g/TEU·km", "kg_per_box": "kg/box"}


def number(value: float | None, form: str = ",.0f") -> str:
    """Return a figure for a cell, or a dash where there is none."""
    return "–" if value is None else format(value, form)


def show_profiles(console: Console, profiles: Sequence[Profile]) -> None:
    """Print the indicators of every route, then the points of each."""
    heads = ("km", "days", "USD", "TFI1 h", "TFI2 USD", "TFI3 USD", "TFI4 km/h", "without delay")
    table = table_of("Routes and CAREC's indicators of their land part", "route", *heads)
    for p in profiles:
        i, end = p.indicators, p.points[-1]
        speeds = (number(i.tfi4_speed_kmh, ".1f"), number(i.tfi4_speed_without_delay_kmh, ".1f"))
        border = (number(i.tfi1_border_hours, ".1f"), number(i.tfi2_border_usd), number(i.tfi3_usd_per_500_km))
        table.add_row(
            p.title, f"{end.distance_km:,.0f}", f"{end.hours / 24:.1f}", f"{end.cost_usd:,.0f}", *border, *speeds
        )
    console.print(table)
    for p in profiles:
        table = table_of(p.title, "at", "after", "km", "hours", "USD", "here h", "here USD", left=2)
        for before, here in zip(p.points, p.points[1:], strict=False):
            run = (f"{here.distance_km:,.0f}", f"{here.hours:,.1f}", f"{here.cost_usd:,.0f}")
            table.add_row(
                here.node,
                here.label,
                *run,
                f"{here.hours - before.hours:.1f}",
                f"{here.cost_usd - before.cost_usd:,.0f}",
            )
        console.print(table)
    console.print(
        "TFI1, TFI2: hours and USD a border; TFI3: USD for 20 t over 500 km of land; TFI4: km/h on land, with stops.",
        style="dim",
    )


def show_access(console: Console, found: Sequence[Potential], gains: Mapping[str, Sequence[Gain]]) -> None:
    """Print the measures of every origin, where the time goes, and what each scenario is worth."""
    heads = (
        "market access",
        "Hansen",
        "logsum USD",
        "mean USD gen.",
        "mean days",
        "≤7 d",
        "≤10 d",
        "nearest by weight",
    )
    table = table_of("Access to the markets of Japan", "from", *heads)
    for p in found:
        top = max(p.by_destination, key=lambda market: p.by_destination[market])
        measures = (
            f"{p.market_access:,.1f}",
            f"{p.hansen:,.1f}",
            f"{p.logsum_usd:,.0f}",
            f"{p.mean_generalised_usd:,.0f}",
        )
        within = tuple(f"{p.within[days]:,.0f}" for days in (7, 10))
        table.add_row(p.origin, *measures, f"{p.mean_hours / 24:.1f}", *within, f"{top} {p.by_destination[top]:.0%}")
    console.print(table)
    console.print("Market access, Hansen and the days' columns in trillion yen of GDP; weights are GDP.", style="dim")
    table = table_of(
        "Where days and USD go, mean over markets", "from", *(f"{m} d" for m in MODES), *(f"{m} USD" for m in MODES)
    )
    for p in found:
        days = (f"{p.by_mode[mode][0] / 24:.1f}" for mode in MODES)
        table.add_row(p.origin, *days, *(f"{p.by_mode[mode][1]:,.0f}" for mode in MODES))
    console.print(table)
    for name, of in gains.items():
        table = table_of(
            f"{name}: what it is worth, USD a box by the rule of half", "from", "USD", "market access", "gained", "lost"
        )
        for g in of:
            reached = (", ".join(g.gained) or "–", ", ".join(g.lost) or "–")
            table.add_row(g.origin, f"{g.gain_usd:+z,.0f}", f"{g.market_access_change:+z.1%}", *reached)
        console.print(table)


def show_gateways(
    console: Console,
    choices: Sequence[Choice],
    shares: Mapping[str, float],
    scale: float,
    held: Sequence[Observed],
    loads: Loads | None,
) -> None:
    """Print shares by origin, the whole, what was counted, and the loads of a demand."""
    ports = [name for name, share in shares.items() if share >= 0.005]
    table = table_of(f"Share of each gateway, logit scale {scale:g} a USD", "from", *ports, "contested")
    for made in choices:
        cells = (f"{share:.0%}" if (share := made.gateways.get(port)) else "" for port in ports)
        table.add_row(made.origin, *cells, "yes" if made.contested else "")
    table.add_section()
    table.add_row("all, by trade", *(f"{shares[port]:.0%}" for port in ports), "")
    console.print(table)
    if held:
        table = table_of("Held against what was counted", "counted", "TEU a year", "share", "model", "unexplained USD")
        for row in held:
            counted = (f"{row.teu_a_year:,.0f}", f"{row.observed_share:.2%}", f"{row.modelled_share:.1%}")
            table.add_row(row.target, *counted, number(row.unexplained_usd, "+z,.0f"))
        console.print(table)
        console.print(
            "Dalian's count holds all its cargo, of all origins: the shares of the others are lower bounds. "
            "Unexplained: what a box would have to be charged (+) or paid (-) for the model to agree.",
            style="dim",
        )
    if loads:
        for title, of in (
            ("gateway", loads.by_gateway),
            ("crossing", loads.by_crossing),
            ("service boarded", loads.by_service),
            ("link", dict(list(loads.by_link.items())[:15])),
        ):
            table = table_of(f"TEU a year by {title}", title, "TEU", "queue ×" if title == "crossing" else "")
            for name, teu in of.items():
                table.add_row(
                    name, f"{teu:,.0f}", f"{loads.queue_factor.get(name, 1):.2f}" if title == "crossing" else ""
                )
            console.print(table)
        console.print(f"Equilibrium after {loads.rounds} rounds, relative gap {loads.gap:.1e}.", style="dim")
        for origin, destination in loads.cut_off:
            console.print(f"No route: {origin} to {destination}.")


def show_criticality(
    console: Console,
    singles: Sequence[Loss],
    double: Sequence[Loss],
    cuts: Mapping[str, tuple[Thing, ...] | None],
    year: Sequence[Month],
) -> None:
    """Print the gravest closures, pairs of them, smallest cuts and the months."""
    for title, losses in (("Without each, by demand cut off and extra cost", singles), ("Without both", double)):
        if not losses:
            continue
        heads = ("cut off", "go another way", "USD gen. a box", "hours a box", "worst for", "there USD")
        table = table_of(title, "closed", *heads)
        for loss in losses:
            shares = (f"{loss.cut_off_share:.1%}", f"{loss.hit_share:.0%}")
            more = (f"{loss.extra_usd:+z,.0f}", f"{loss.extra_hours:+z,.1f}")
            table.add_row(loss.names, *shares, *more, loss.worst_origin or "–", f"{loss.worst_extra_usd:+z,.0f}")
        console.print(table)
    for origin, closed in cuts.items():
        if closed is None:
            console.print(f"{origin}: cannot be cut off by closing these kinds of things.")
        else:
            console.print(
                f"{origin} is cut off by closing {len(closed)}: " + ", ".join(f"{t.kind} {t.name}" for t in closed)
            )
    if year:
        table = table_of("The 15th of each month", "month", "USD gen.", "days", "cut off", "origins by gateway")
        for month in year:
            gateways = ", ".join(f"{name} {count}" for name, count in month.gateways.items())
            means = (f"{month.mean_generalised_usd:,.0f}", f"{month.mean_hours / 24:.1f}")
            table.add_row(f"{month.day:%Y-%m}", *means, str(month.cut_off), gateways)
        console.print(table)
