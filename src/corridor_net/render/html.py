"""Pages as HTML, for notebooks, the report and the workbench; everything from outside is escaped."""

from __future__ import annotations

from corridor_net.errors import markup
from corridor_net.rounding import BeforeAfter

from .page import Cell, Column, Heading, Page, Table
from .words import ABSENT, Sentence, Words


def prose(told: Sentence | str, words: Words) -> str:
    """Return a sentence or heading as a page prints it, escaped: its own numbers, not what names and ids hold.

    >>> from corridor_net.render.words import say
    >>> prose(say("{change:+n1} at {link:name} in {month}, {usd:m0} USD", change=-7.3, link="12-34", month="2019-07",
    ...     usd=-408), Words())
    '−7.3 at 12-34 in 2019-07, −408\\xa0USD'
    """
    return markup(words.printed.text(told))


def page_html(page: Page, words: Words | None = None) -> str:
    """Return a page as a fragment of HTML."""
    known = (words or Words()).printed
    return "".join(_block(block, known) for block in page.blocks)


def _block(block: Table | Heading | Sentence | str, words: Words) -> str:
    if isinstance(block, Table):
        return table_html(block, words)
    if isinstance(block, Heading):
        return f"<h3>{prose(block.text, words)}</h3>"
    return f"<p>{prose(block, words)}</p>"


def table_html(table: Table, words: Words, *, css: str = "") -> str:
    """Return a table, of a class where one is named; cells carry their numbers in `data-value`, to sort by."""
    words = words.printed
    heads = "".join(f'<th scope="col"{_right(column)}>{markup(column.head(words))}</th>' for column in table.columns)
    texts = table.texts(words)
    rows = [
        "<tr>" + "".join(map(_cell, table.columns, row, text, range(len(text)))) + "</tr>"
        for row, text in zip((*table.rows, *table.totals), texts, strict=True)
    ]
    split = len(table.rows)
    foot = f"<tfoot>{''.join(rows[split:])}</tfoot>" if table.totals else ""
    caption = f"<caption>{markup(table.head(words))}</caption>" if table.title else ""
    start = f'<table class="{css}">' if css else "<table>"
    return f"{start}{caption}<thead><tr>{heads}</tr></thead><tbody>{''.join(rows[:split])}</tbody>{foot}</table>"


def _cell(column: Column, value: Cell, text: str, place: int) -> str:
    """Return a cell; the first of a row is its heading."""
    number = value[0] if isinstance(value, tuple) and column.kind == "range" else value
    number = number.after - number.before if isinstance(number, BeforeAfter) else number
    sorted_by = f' data-value="{number!r}"' if isinstance(number, float) else ""
    tag, scope = ("td", "") if place or column.is_number else ("th", ' scope="row"')
    shown = markup(_set(text) if column.is_number else text)
    return f"<{tag}{scope}{_right(column)}{sorted_by}>{shown}</{tag}>"


def _set(text: str) -> str:
    """Return a number as it is printed: no sign before nought, a dash for none."""
    if text == ABSENT:
        return "–"
    return text if any(digit in text for digit in "123456789") else text.lstrip("+−")


def _right(column: Column) -> str:
    return ' class="number"' if column.is_number or column.kind == "range" else ""
