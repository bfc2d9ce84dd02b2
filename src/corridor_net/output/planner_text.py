"""What a terminal shows of a planner's questions: explain, breakeven, attribution, portfolio. No computing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from corridor_net.analysis.trade_offs import TradeOffs

from .names import listed


def table_of(title: str, *headings: str, left: int = 1) -> Table:
    """Return an empty table whose first `left` columns are text and the others numbers."""
    table = Table(title=title, title_justify="left")
    for number, heading in enumerate(headings):
        table.add_column(heading, justify="left" if number < left else "right")
    return table


def _gateway(names: dict[str, str], node: str | None) -> str:
    return names[node] if node else "land"


def show_trade_offs(console: Console, found: TradeOffs, names: dict[str, str]) -> None:
    """Print the routes of the front that show its spread, and the band of values of time in which each wins."""
    shown = [route for route in found.routes if route.shown]
    title = f"{names[found.origin]} to {names[found.destination]}: {len(found.routes)} routes that no other beats"
    table = Table(
        title=f"{title} in {', '.join(found.criteria)}; {len(shown)} that show the spread", title_justify="left"
    )
    for heading in ("gateway", "services", "USD", "days", "kg CO2e", "the best when an hour is worth, USD"):
        table.add_column(heading, justify="left" if heading in ("gateway", "services") else "right")
    for route in shown:
        low, high = route.value_of_time or (None, None)
        band = "never" if low is None else f"{low:,.2f} to {high:,.2f}" if high is not None else f"{low:,.2f} and more"
        cells = (f"{route.cost_usd:,.0f}", f"{route.hours / 24:.1f}", f"{route.co2_kg:,.0f}")
        table.add_row(_gateway(names, route.gateway), listed(route.services, names), *cells, band)
    console.print(table)
    hull = sum(route.value_of_time is not None for route in found.routes)
    console.print(
        f"{hull} of them are the best at some value of time; now an hour is worth {found.value_of_time_now:.2f} USD."
    )
