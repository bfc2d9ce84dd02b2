"""Pages in a terminal: no digit is ever cut, columns go or rows are stacked first. Plain text for files and readers."""

from __future__ import annotations

import os
import sys
import unicodedata
from typing import TextIO

from .page import Page, Table
from .words import Words

PIPED = 120
"""Columns of output that goes to a file or another program, unless COLUMNS says otherwise."""
NARROWEST = 40
GAP = 2


def width_of_terminal(stream: TextIO) -> int:
    """Return how many columns there are: COLUMNS, the terminal's, or 120 where there is none."""
    asked = os.environ.get("COLUMNS", "")
    if asked.isdigit() and int(asked) > 0:
        return max(int(asked), NARROWEST)
    try:
        return max(os.get_terminal_size(stream.fileno()).columns, NARROWEST)
    except (OSError, ValueError):
        return PIPED


def print_page(page: Page, words: Words | None = None, *, stream: TextIO | None = None, plain: bool = False) -> None:
    """Write a page; `plain` draws no lines and no styles, one row a line, for files and screen readers."""
    out = stream or sys.stdout
    width = width_of_terminal(out)
    out.write(page_text(page, words or Words(), width, plain=plain, bold=not plain and out.isatty()))


def page_text(page: Page, words: Words, width: int, *, plain: bool = False, bold: bool = False) -> str:
    """Return a page as lines of at most `width` columns."""
    texts: list[str] = []
    after_table = False
    for block in page.blocks:
        if isinstance(block, Table):
            texts += ["\n"] if texts else []
            texts.append(table_text(block, words, width, plain=plain, bold=bold))
        else:
            texts += ["\n"] if after_table else []
            texts.append("\n".join(wrapped(safe(words.text(block)), width)) + "\n")
        after_table = isinstance(block, Table)
    return "".join(texts)


def table_text(table: Table, words: Words, width: int, *, plain: bool = False, bold: bool = False) -> str:
    """Return a table as text.

    Columns of the highest rank are left out, all of a rank together, until the rest fits; where even those of rank 0 do
    not, each row is stacked: its first cell, then a line a column.
    """
    heads = [words.label(column.heading) for column in table.columns]
    cells = [[safe(cell) for cell in row] for row in table.texts(words)]
    kept = _fitting(table, heads, cells, width)
    title = [safe(words.text(table.title))] if table.title else []
    if not kept:
        return "\n".join([*title, *_stacked(heads, cells, width)]) + "\n"
    left_out = [heads[k] for k in range(len(heads)) if k not in kept]
    lines = title if not left_out or plain else [*title, f"({words.label('not shown')}: {', '.join(left_out)})"]
    sizes = [max(columns(heads[k]), *(columns(row[k]) for row in cells), 1) for k in kept]

    def row_text(row: list[str]) -> str:
        parts = [_padded(row[k], size, right=table.columns[k].is_number) for k, size in zip(kept, sizes, strict=True)]
        return (" " * GAP).join(parts).rstrip()

    head = row_text(heads)
    rule = "-" * (sum(sizes) + GAP * (len(kept) - 1))
    body = [row_text(row) for row in cells]
    split = len(table.rows)
    lines += [f"\033[1m{head}\033[0m" if bold else head, *([] if plain else [rule]), *body[:split]]
    if table.totals:
        lines += [*([] if plain else [rule]), *body[split:]]
    return "\n".join(lines) + "\n"


def _fitting(table: Table, heads: list[str], cells: list[list[str]], width: int) -> list[int]:
    """Return the columns that fit side by side, in order; none where the columns of rank 0 do not."""
    kept = list(range(len(heads)))
    sizes = [max([columns(heads[k]), *(columns(row[k]) for row in cells)]) for k in kept]
    while sum(sizes[k] for k in kept) + GAP * (len(kept) - 1) > width:
        spare = [k for k in kept if table.columns[k].rank > 0]
        if not spare:
            return []
        highest = max(table.columns[k].rank for k in spare)
        kept = [k for k in kept if table.columns[k].rank != highest]
    return kept


def _stacked(heads: list[str], cells: list[list[str]], width: int) -> list[str]:
    """Return rows one below the other: the first cell, then a line a column that is filled."""
    size = max(columns(head) for head in heads)
    lines = []
    for row in cells:
        lines.append(row[0] or "-")
        for head, cell in zip(heads[1:], row[1:], strict=True):
            if cell:
                first, *rest = wrapped(cell, max(width - size - 4, 10))
                lines += [f"  {_padded(head, size)}  {first}", *(" " * (size + 4) + part for part in rest)]
    return lines


def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes: wide signs of East Asia take two."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)


def _padded(text: str, size: int, *, right: bool = False) -> str:
    space = " " * (size - columns(text))
    return space + text if right else text + space


def wrapped(text: str, width: int) -> list[str]:
    """Return a text in lines of at most `width` columns, broken at spaces, else between signs."""
    lines, line = [], ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if columns(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        while columns(word) > width:
            size = next(n for n in range(len(word), 0, -1) if columns(word[:n]) <= width)
            lines.append(word[:size])
            word = word[size:]
        line = word
    return [*lines, line]


def safe(text: str) -> str:
    """Return a text with control signs and signs that turn its direction shown as escapes.

    >>> safe("a\\x1b[31mb\\u202e")
    'a\\\\x1b[31mb\\\\u202e'
    """
    if text.isascii() and text.isprintable():
        return text
    bad = ("Cc", "Cf", "Cs", "Zl", "Zp")
    return "".join(
        c.encode("unicode_escape").decode() if unicodedata.category(c) in bad and c != "\N{ZERO WIDTH JOINER}" else c
        for c in text
    )
