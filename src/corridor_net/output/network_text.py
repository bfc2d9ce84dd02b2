"""What a terminal shows of profiles, access, gateways, criticality and emissions. No computing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from rich.console import Console

from corridor_net.analysis.assignment import Loads
from corridor_net.analysis.criticality import Loss, Month, Thing
from corridor_net.analysis.gateways import Choice, Observed
from corridor_net.analysis.potential import MODES, Gain, Potential
from corridor_net.rounding import fitted

from .planner_text import table_of
from .text import number

UNITS = {"g_per_tkm": "g/t·km", "g_per_teukm": "g/TEU·km", "kg_per_box": "kg/box"}


def show_access(
    console: Console,
    found: Sequence[Potential],
    gains: Mapping[str, Sequence[Gain]],
    names: Mapping[str, str],
    unit: str,
) -> None:
    """Print the measures of every origin, where the time goes, and what each scenario is worth.

    `names` by id, `unit` that of the markets' weights.
    """
    heads = (
        "markets",
        "market access",
        "Hansen",
        "logsum USD",
        "mean USD gen.",
        "mean days",
        "≤7 d",
        "≤10 d",
        "nearest by weight",
    )
    table = table_of("Access to the markets", "from", *heads)
    for p in found:
        top = max(p.by_destination, key=lambda market: p.by_destination[market], default=None)
        measures = (
            str(p.markets),
            f"{p.market_access:,.1f}",
            f"{p.hansen:,.1f}",
            number(p.logsum_usd),
            number(p.mean_generalised_usd),
            number(p.mean_hours if p.mean_hours is None else p.mean_hours / 24, ".1f"),
        )
        within = tuple(f"{p.within[days]:,.0f}" for days in (7, 10))
        nearest = f"{names.get(top, top)} {p.by_destination[top]:.0%}" if top else "none is reached"
        table.add_row(names.get(p.origin, p.origin), *measures, *within, nearest)
    console.print(table)
    console.print(f"Market access, Hansen and the days' columns in {unit}; so are the weights.", style="dim")
    table = table_of(
        "Where days and USD go, mean over markets", "from", *(f"{m} d" for m in MODES), *(f"{m} USD" for m in MODES)
    )
    for p in found:
        cells = ["–"] * (2 * len(MODES))
        if p.by_mode:
            days = fitted([p.by_mode[mode][0] / 24 for mode in MODES], 1)
            usd = fitted([p.by_mode[mode][1] for mode in MODES])
            cells = [*(f"{value:.1f}" for value in days), *(f"{value:,.0f}" for value in usd)]
        table.add_row(names.get(p.origin, p.origin), *cells)
    console.print(table)
    for name, of in gains.items():
        table = table_of(
            f"{name}: what it is worth, USD a box by the rule of half",
            "from",
            "USD",
            "mean of",
            "market access",
            "gained",
            "lost",
        )
        for g in of:
            reached = tuple(", ".join(names.get(m, m) for m in of) or "–" for of in (g.gained, g.lost))
            mean = (number(g.gain_usd, "+z,.0f"), str(g.markets), number(g.market_access_change, "+z.1%"))
            table.add_row(names.get(g.origin, g.origin), *mean, *reached)
        console.print(table)


def show_gateways(
    console: Console,
    choices: Sequence[Choice],
    shares: Mapping[str, float],
    scale: float,
    held: Sequence[Observed],
    loads: Loads | None,
    names: Mapping[str, str],
    day: date,
) -> None:
    """Print shares by origin, the whole, what was counted, and the loads of a demand; `names` by id."""
    ports = [name for name, share in shares.items() if share >= 0.005]
    heads = [names.get(port, port) for port in ports]
    table = table_of(f"Share of each gateway as of {day}, logit scale {scale:g} a USD", "from", *heads, "contested")
    for made in choices:
        cells = (f"{share:.0%}" if (share := made.gateways.get(port)) else "" for port in ports)
        table.add_row(names.get(made.origin, made.origin), *cells, "yes" if made.contested else "")
    table.add_section()
    table.add_row("all, by trade", *(f"{shares[port]:.0%}" for port in ports), "")
    console.print(table)
    if held:
        table = table_of("Held against what was counted", "counted", "TEU a year", "share", "model", "unexplained USD")
        for row in held:
            counted = (f"{row.teu_a_year:,.0f}", f"{row.observed_share:.2%}", f"{row.modelled_share:.1%}")
            table.add_row(names.get(row.target, row.target), *counted, number(row.unexplained_usd, "+z,.0f"))
        console.print(table)
        console.print(
            "Dalian's count holds all its cargo, of all origins: the shares of the others are lower bounds. "
            "Unexplained: what a box would have to be charged (+) or paid (-) for the model to agree.",
            style="dim",
        )
    if loads:
        _show_loads(console, loads, names)


LINKS_SHOWN = 15


def _show_loads(console: Console, loads: Loads, names: Mapping[str, str]) -> None:
    """Print what each thing carries, and whether the flows are an equilibrium."""
    table = table_of("TEU a year by gateway, and there by service", "gateway", "service", "TEU", left=2)
    for gateway, teu in loads.by_gateway.items():
        table.add_row(names.get(gateway, gateway), "", f"{teu:,.0f}")
        of = loads.by_gateway_service.get(gateway, {})
        for service, part in zip(of, fitted(list(of.values()), 0, teu), strict=True):
            table.add_row("", names.get(service, service), f"{part:,.0f}")
    console.print(table)
    if loads.by_crossing:
        table = table_of("TEU a year by crossing", "crossing", "TEU", "queue ×")
        for crossing, teu in loads.by_crossing.items():
            factor = loads.queue_factor.get(crossing)
            table.add_row(names.get(crossing, crossing), f"{teu:,.0f}", number(factor, ".2f"))
        console.print(table)
    links = list(loads.by_link.items())
    more = f", the {LINKS_SHOWN} of {len(links)} most used" if len(links) > LINKS_SHOWN else ""
    for title, loads_of in (
        ("service boarded", list(loads.by_service.items())),
        ("port of loading, transhipment included", list(loads.by_port.items())),
        (f"link{more}", links[:LINKS_SHOWN]),
    ):
        table = table_of(f"TEU a year by {title}", title.split(",")[0], "TEU")
        for name, teu in loads_of:
            table.add_row(names.get(name, name), f"{teu:,.0f}")
        console.print(table)
    for origin, destination in loads.cut_off:
        console.print(f"No route: {names.get(origin, origin)} to {names.get(destination, destination)}.")
    _show_balance(console, loads)


def _show_balance(console: Console, loads: Loads) -> None:
    if not loads.queue_factor:
        console.print("No crossing with a capacity is open: nothing queues, the flows are those of the shares.")
    elif loads.converged:
        console.print(
            f"Equilibrium after {loads.rounds} rounds: under the queues of these flows {loads.residual:.1e} of the "
            "cargo would choose another route.",
            style="dim",
        )
    else:
        console.print(
            f"NOT CONVERGED: after {loads.rounds} rounds {loads.residual:.1e} of the cargo would still choose another "
            f"route under the queues of these flows (sought: {loads.tolerance:.0e}), or new routes were still being "
            "found. The tables above are no equilibrium; allow more with --rounds.",
            style="bold red",
        )


def show_criticality(
    console: Console,
    singles: Sequence[Loss],
    double: Sequence[Loss],
    cuts: Mapping[str, tuple[Thing, ...] | None],
    year: Sequence[Month],
    names: Mapping[str, str],
) -> None:
    """Print the gravest closures, pairs of them, smallest cuts and the months; `names` by id."""

    def called(thing: Thing) -> str:
        return f"{thing.kind} {names.get(thing.name, thing.name)}"

    for title, losses in (("Without each, by demand cut off and extra cost", singles), ("Without both", double)):
        if not losses:
            continue
        heads = ("cut off", "go another way", "USD gen. a box", "hours a box", "worst for", "there USD")
        table = table_of(title, "closed", *heads)
        for loss in losses:
            shares = (f"{loss.cut_off_share:.1%}", f"{loss.hit_share:.0%}")
            more = (number(loss.extra_usd, "+z,.0f"), number(loss.extra_hours, "+z,.1f"))
            worst = names.get(loss.worst_origin or "", "–")
            table.add_row(
                " + ".join(map(called, loss.things)), *shares, *more, worst, number(loss.worst_extra_usd, "+z,.0f")
            )
        console.print(table)
    for origin, closed in cuts.items():
        if closed is None:
            console.print(f"{names[origin]}: cannot be cut off by closing these kinds of things.")
        else:
            console.print(f"{names[origin]} is cut off by closing {len(closed)}: {'; '.join(map(called, closed))}")
    if year:
        table = table_of("The 15th of each month", "month", "USD gen.", "days", "cut off", "origins by gateway")
        for month in year:
            gateways = ", ".join(f"{names.get(name, name)} {count}" for name, count in month.gateways.items())
            days = None if month.mean_hours is None else month.mean_hours / 24
            means = (number(month.mean_generalised_usd), number(days, ".1f"))
            table.add_row(f"{month.day:%Y-%m}", *means, str(month.cut_off), gateways)
        console.print(table)
