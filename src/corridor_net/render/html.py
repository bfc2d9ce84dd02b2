"""Pages as HTML, for notebooks, the report and the workbench; everything from outside is escaped."""

from __future__ import annotations

from typing import Any

from corridor_net.errors import markup

from .page import Heading, Page, Table
from .words import Sentence, Words


def page_html(page: Page, words: Words | None = None) -> str:
    """Return a page as a fragment of HTML."""
    known = words or Words()
    return "".join(_block(block, known) for block in page.blocks)


def _block(block: Table | Heading | Sentence | str, words: Words) -> str:
    if isinstance(block, Table):
        return table_html(block, words)
    if isinstance(block, Heading):
        return f"<h3>{markup(words.text(block.text))}</h3>"
    return f"<p>{markup(words.text(block))}</p>"


def table_html(table: Table, words: Words) -> str:
    """Return a table; numbers carry their value in `data-value`, so that a page can sort by it."""
    heads = "".join(
        f'<th scope="col"{_number(column.is_number)}>{markup(column.head(words))}</th>' for column in table.columns
    )
    texts = table.texts(words)
    rows = [
        "<tr>" + "".join(_cell(*one) for one in zip(table.columns, row, text, strict=True)) + "</tr>"
        for row, text in zip((*table.rows, *table.totals), texts, strict=True)
    ]
    split = len(table.rows)
    foot = f"<tfoot>{''.join(rows[split:])}</tfoot>" if table.totals else ""
    caption = f"<caption>{markup(table.head(words))}</caption>" if table.title else ""
    return f"<table>{caption}<thead><tr>{heads}</tr></thead><tbody>{''.join(rows[:split])}</tbody>{foot}</table>"


def _cell(column: Any, value: Any, text: str) -> str:
    sorted_by = f' data-value="{value!r}"' if isinstance(value, float) else ""
    return f"<td{_number(column.is_number)}{sorted_by}>{markup(text)}</td>"


def _number(is_number: bool) -> str:
    return ' class="number"' if is_number else ""
