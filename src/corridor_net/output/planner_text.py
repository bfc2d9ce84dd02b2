"""Tables of a terminal with a title."""

from __future__ import annotations

from rich.table import Table


def table_of(title: str, *headings: str, left: int = 1) -> Table:
    """Return an empty table whose first `left` columns are text and the others numbers."""
    table = Table(title=title, title_justify="left")
    for number, heading in enumerate(headings):
        table.add_column(heading, justify="left" if number < left else "right")
    return table
