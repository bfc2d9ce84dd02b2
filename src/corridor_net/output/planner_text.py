"""What a terminal shows of a planner's questions: explain, breakeven, attribution, portfolio. No computing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from corridor_net.analysis.breakeven import Bands, Limit, Limits
    from corridor_net.analysis.explain import Explanation


def table_of(title: str, *headings: str, left: int = 1) -> Table:
    """Return an empty table whose first `left` columns are text and the others numbers."""
    table = Table(title=title, title_justify="left")
    for number, heading in enumerate(headings):
        table.add_column(heading, justify="left" if number < left else "right")
    return table


def show_explanation(console: Console, found: Explanation) -> None:
    """Print the sentences, then the ledger by component and by leg."""
    for sentence in found.sentences:
        console.print(Text(sentence))
    if not found.moved and all(leg.status == "same" for leg in found.legs):
        return
    heads = ("USD old", "USD new", "hours old", "hours new", "in all, USD")
    table = table_of("By component, old way and new way", "component", *heads)
    for c in found.components:
        cells = (f"{c.cost_usd_before:,.0f}", f"{c.cost_usd_after:,.0f}", f"{c.hours_before:,.1f}")
        table.add_row(
            c.component.replace("_", " "), *cells, f"{c.hours_after:,.1f}", f"{c.generalised_change_usd:+,.0f}"
        )
    console.print()
    console.print(table)
    table = table_of("By step", "step", "from", "to", "way", *heads, left=4)
    for leg in found.legs:
        if leg.status == "same":
            continue
        ends = [found.names[leg.from_node], found.names[leg.to_node]]
        amounts = (leg.cost_usd_before, leg.cost_usd_after)
        hours = (leg.hours_before, leg.hours_after)
        table.add_row(
            leg.kind,
            ends[0],
            ends[1] if ends[0] != ends[1] else "",
            {"left": "old", "taken": "new", "changed": "both"}[leg.status],
            *("" if amount is None else f"{amount:,.0f}" for amount in amounts),
            *("" if amount is None else f"{amount:,.1f}" for amount in hours),
            f"{leg.generalised_change_usd:+,.0f}",
        )
    console.print(table)


FILLS = "█░▓▒▚"
CHART_WIDTH = 72


def show_limits(console: Console, found: Limits, names: dict[str, str], shown: int) -> None:
    """Print the answer and how far each figure may move before it flips, the nearest first."""
    route = found.route
    console.print(
        f"{names[route.origin]} to {names[route.destination]}, {route.as_of}, {route.scenario}: by "
        f"{_gateway(names, route.gateway)}. {len(found.limits)} of {found.tested} figures can change the "
        f"{found.answer} alone, the others as they are."
    )
    if not found.limits:
        return
    heads = ("now", "may fall to", "may rise to", "change")
    table = table_of("Nearest limits", "figure", "unit", "then by", "grade", "in its range", *heads, left=5)
    for limit in found.limits[:shown]:
        then = [_gateway(names, to) for value, to in _sides(limit) if value is not None]
        table.add_row(
            limit.what,
            limit.unit,
            " / ".join(dict.fromkeys(then)),
            limit.grade or "–",
            {True: "yes", False: "no", None: "none given"}[limit.in_range],
            _number(limit.now),
            *("any" if value is None else _number(value) for value, _ in _sides(limit)),
            f"{limit.change:.0%}",
        )
    console.print(table)
    if len(found.limits) > shown:
        console.print(Text(f"{len(found.limits) - shown} more with --json.", style="dim"))


def _sides(limit: Limit) -> tuple[tuple[float | None, str | None], ...]:
    return (limit.lower, limit.to_lower), (limit.upper, limit.to_upper)


def show_bands(console: Console, bands: Bands, names: dict[str, str]) -> None:
    """Print one figure's bands: a bar over its values, and a table with the route of each."""
    last = 1.5 * max(band.low for band in bands.bands)
    last = max(2 * bands.now, min(last, 5 * bands.now) if bands.now else last) or 1.0
    pieces = bands.by_gateway
    fills = {gateway: FILLS[n % len(FILLS)] for n, gateway in enumerate(dict.fromkeys(g for _, _, g in pieces))}
    bar = ""
    for column in range(CHART_WIDTH):
        here = (column + 0.5) / CHART_WIDTH * last
        bar += next(fills[g] for low, high, g in pieces if low <= here and (high is None or here < high))
    place = min(int(bands.now / last * CHART_WIDTH), CHART_WIDTH - 1)
    console.print()
    console.print(Text(f"{bands.what}, {bands.unit}"))
    console.print(Text(bar))
    console.print(Text(" " * place + f"^ now {_number(bands.now)}"))
    console.print(Text(f"0 to {_number(last)};  " + "  ".join(f"{f} {_gateway(names, g)}" for g, f in fills.items())))
    table = table_of("", "from", "to", "gateway", "by", "USD", "days", "kg CO2e", left=4)
    table.title = None
    for band in bands.bands:
        route = band.route
        table.add_row(
            _number(band.low),
            "∞" if band.high is None else _number(band.high),
            _gateway(names, route.gateway) + (" (now)" if band.holds_now else ""),
            ", ".join(route.services),
            f"{route.cost_usd:,.0f}",
            f"{route.days:.1f}",
            f"{route.co2_kg:,.0f}",
        )
    console.print(table)


def _gateway(names: dict[str, str], node: str | None) -> str:
    return names[node] if node else "land"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.4g}"
