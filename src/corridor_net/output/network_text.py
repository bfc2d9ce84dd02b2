"""What a terminal shows of profiles, access, gateways, criticality and emissions. No computing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from rich.console import Console

from corridor_net.analysis.assignment import Loads
from corridor_net.analysis.gateways import Choice, Observed
from corridor_net.rounding import fitted

from .planner_text import table_of
from .text import number


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
