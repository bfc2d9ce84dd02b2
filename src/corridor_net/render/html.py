"""Pages as HTML, for notebooks, the report and the workbench; everything from outside is escaped."""

from __future__ import annotations

import re

from corridor_net.errors import markup

from .page import Cell, Column, Heading, Page, Table
from .words import ABSENT, Sentence, Words

_MINUS = re.compile(r"(?<![\w.,)\]\u00a0\u2013-])-(?=\d)")
"""A hyphen that stands for a minus: before a number, after nothing that it could join."""
_RANGE = re.compile(r"(?<![\d-])(?!\d{4}-\d\d-\d\d)(\d[\d.,\u00a0]*)-(?=\d)(?!\d+-\d)")
"""The hyphen between two numbers, unless it stands in a date."""
_UNIT = re.compile(r"(?<=\d) (?=%|(?:USD|CNY|JPY|KRW|RUB|TEU|km|kg|км|кг|сут|ч)\b)")
"""The space between a number and its unit, at which no line may end."""


def prose(text: str) -> str:
    """Return a text as a page prints it, escaped: a true minus, ranges with a dash, CO₂e, and a number with its unit.

    >>> prose("-7.3% & (-408 USD), 2,119 kg CO2e, 9.7-16.9, primorye-2, 2019-07-01")
    '−7.3% &amp; (−408\\xa0USD), 2,119\\xa0kg CO₂e, 9.7–16.9, primorye-2, 2019-07-01'
    """
    minus = _MINUS.sub("−", text.replace("CO2e", "CO₂e"))
    return markup(_UNIT.sub("\u00a0", _RANGE.sub(r"\1–", minus)))


def page_html(page: Page, words: Words | None = None) -> str:
    """Return a page as a fragment of HTML."""
    known = words or Words()
    return "".join(_block(block, known) for block in page.blocks)


def _block(block: Table | Heading | Sentence | str, words: Words) -> str:
    if isinstance(block, Table):
        return table_html(block, words)
    if isinstance(block, Heading):
        return f"<h3>{prose(words.text(block.text))}</h3>"
    return f"<p>{prose(words.text(block))}</p>"


def table_html(table: Table, words: Words, *, css: str = "") -> str:
    """Return a table, of a class where one is named; cells carry their numbers in `data-value`, to sort by."""
    heads = "".join(f'<th scope="col"{_right(column)}>{prose(column.head(words))}</th>' for column in table.columns)
    texts = table.texts(words)
    rows = [
        "<tr>" + "".join(map(_cell, table.columns, row, text, range(len(text)))) + "</tr>"
        for row, text in zip((*table.rows, *table.totals), texts, strict=True)
    ]
    split = len(table.rows)
    foot = f"<tfoot>{''.join(rows[split:])}</tfoot>" if table.totals else ""
    caption = f"<caption>{prose(table.head(words))}</caption>" if table.title else ""
    start = f'<table class="{css}">' if css else "<table>"
    return f"{start}{caption}<thead><tr>{heads}</tr></thead><tbody>{''.join(rows[:split])}</tbody>{foot}</table>"


def _cell(column: Column, value: Cell, text: str, place: int) -> str:
    """Return a cell; the first of a row is its heading."""
    number = value[0] if isinstance(value, tuple) and column.kind == "range" else value
    sorted_by = f' data-value="{number!r}"' if isinstance(number, float) else ""
    tag, scope = ("td", "") if place or column.is_number else ("th", ' scope="row"')
    shown = markup(_set(text)) if column.is_number else prose(text)
    return f"<{tag}{scope}{_right(column)}{sorted_by}>{shown}</{tag}>"


def _set(text: str) -> str:
    """Return a number as it is printed: no sign before nought, a minus that is as wide as a plus, a dash for none."""
    if text == ABSENT:
        return "–"
    return text.replace("-", "−") if any(digit in text for digit in "123456789") else text.lstrip("+-")


def _right(column: Column) -> str:
    return ' class="number"' if column.is_number or column.kind == "range" else ""
