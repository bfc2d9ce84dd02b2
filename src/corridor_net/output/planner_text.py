"""What a terminal shows of a planner's questions: explain, breakeven, attribution, portfolio. No computing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
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
