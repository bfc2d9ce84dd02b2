"""Pages in a terminal: no digit is ever cut, columns go or rows are stacked first. Plain text for files and readers."""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace
from itertools import zip_longest
from typing import TextIO

from corridor_net.errors import printable

from .page import Heading, Page, Table
from .words import COMMA, Words, say

PIPED = 120
"""Columns of output that goes to a file or another program, unless COLUMNS says otherwise."""
NARROWEST = 40
GAP = 2
NARROW = 14
"""Columns that a broken cell of text keeps at the least."""
MEASURED = 200
"""Rows by which it is found out how texts are broken into the fewest lines."""
WINDOWS = 10
"""From how many times the width of the window a column is narrowed at the most, letter by letter."""
STACKED = 10
"""Columns that the cells of a stacked row have at the least."""


def width_of_terminal(stream: TextIO) -> int:
    """Return how many columns there are: COLUMNS, the terminal's, or 120 where there is none."""
    asked = os.environ.get("COLUMNS", "")
    if asked.isascii() and asked.isdigit() and 0 < len(asked.lstrip("0")) < 6:
        return max(int(asked.lstrip("0")), NARROWEST)
    try:
        return max(os.get_terminal_size(stream.fileno()).columns, NARROWEST)
    except (OSError, ValueError):
        return PIPED


def print_page(page: Page, words: Words, *, plain: bool = False) -> None:
    """Write a page; `plain` draws no lines and no styles, one row a line, for files and screen readers."""
    width, bold = width_of_terminal(sys.stdout), not plain and sys.stdout.isatty()
    sys.stdout.write(page_text(page, words, width, plain=plain, bold=bold))


def page_text(page: Page, words: Words, width: int, *, plain: bool = False, bold: bool = False) -> str:
    """Return a page as lines of at most `width` columns."""
    texts: list[str] = []
    after_table = False
    for block in page.blocks:
        if isinstance(block, Table):
            texts += ["\n"] if texts else []
            texts.append(table_text(block, words, width, plain=plain, bold=bold))
        else:
            heading = isinstance(block, Heading)
            texts += ["\n"] if texts and (after_table or heading) else []
            told = printable(words.text(block.text if isinstance(block, Heading) else block))
            lines = wrapped(told, width, whole=True)  # a path stays one, to be copied
            texts.append("\n".join(f"\033[1m{line}\033[0m" if bold and heading else line for line in lines) + "\n")
        after_table = isinstance(block, Table)
    return "".join(texts)


def table_text(table: Table, words: Words, width: int, *, plain: bool = False, bold: bool = False) -> str:
    """Return a table as text.

    Cells of text longer than their column wants are broken into lines, and columns of the highest rank are left out,
    all of a rank together, until the rest fits. Where even those of rank 0 do not, more cells of text are broken; where
    that does not help, a matrix of numbers is shown in panels, some columns at a time, and of other tables each row is
    stacked: its first cell, then a line a column. Numbers are never broken.
    """
    heads = [printable(column.head(words)) for column in table.columns]
    cells = [[printable(cell) for cell in row] for row in table.texts(words)]
    kept, sizes = fitting(table, heads, cells, width)
    panels = [(kept, sizes)] if kept else panels_of(table, widths_of(heads, cells), width)
    title = wrapped(printable(table.head(words)), width) if table.title else []
    if not panels:
        return "\n".join([*title, *_stacked(heads, cells, width)]) + "\n"
    left_out = [heads[k] for k in range(len(heads)) if not any(k in shown for shown, _ in panels)]
    lines = [
        *title,
        *(wrapped(_left_out(left_out, table, heads, cells, words), width) if left_out and not plain else []),
    ]
    for number, (shown, wide) in enumerate(panels):
        some = replace(table, columns=tuple(table.columns[k] for k in shown))
        picked = [[row[k] for k in shown] for row in (heads, *cells)]
        lines += [*([""] if number else []), *_side_by_side(some, picked, wide, plain=plain, bold=bold)]
    return "\n".join(lines) + "\n"


def _left_out(names: list[str], table: Table, heads: list[str], cells: list[list[str]], words: Words) -> str:
    """Say which columns are not shown, and how wide a window shows them all."""
    sizes = preferred(table, widths_of(heads, cells))
    room = sum(sizes) + GAP * (len(sizes) - 1)
    told = say("(not shown: {names}; COLUMNS={room} shows them)", names=words.label(COMMA).join(names), room=str(room))
    return words.text(told)


def _side_by_side(table: Table, rows: list[list[str]], sizes: list[int], *, plain: bool, bold: bool) -> list[str]:
    """Return the heads and cells of the columns of a table that fit, in lines."""
    right = [column.is_number for column in table.columns]

    def row_text(row: list[str]) -> list[str]:
        parts = [wrapped(cell, size) for cell, size in zip(row, sizes, strict=True)]
        deep = range(max(len(part) for part in parts))
        return [
            (" " * GAP)
            .join(
                _padded(part[n] if n < len(part) else "", size, right=to_right)
                for part, size, to_right in zip(parts, sizes, right, strict=True)
            )
            .rstrip()
            for n in deep
        ]

    rule = [] if plain else ["-" * (sum(sizes) + GAP * (len(sizes) - 1))]
    head, *body = [row_text(row) for row in rows]
    split = len(table.rows)
    lines = [f"\033[1m{line}\033[0m" if bold else line for line in head]
    lines += [*rule, *(line for row in body[:split] for line in row)]
    if table.totals:
        lines += [*rule, *(line for row in body[split:] for line in row)]
    return lines


def panels_of(table: Table, whole: list[int], width: int) -> list[tuple[list[int], list[int]]]:
    """Return the columns of a matrix of numbers in panels that fit, its first in each, and their widths.

    None where another column than the first is no number, or one does not fit beside it.
    """
    first, *others = whole
    is_matrix = len(others) > 1 and all(column.is_number for column in table.columns[1:])
    if not is_matrix or first + GAP + max(others) > width:
        return []
    panels: list[list[int]] = [[0]]
    room = width - first
    for k, size in enumerate(others, 1):
        if size + GAP > room:
            panels.append([0])
            room = width - first
        panels[-1].append(k)
        room -= size + GAP
    return [(shown, [whole[k] for k in shown]) for shown in panels]


def widths_of(heads: list[str], cells: list[list[str]]) -> list[int]:
    """Return how wide each column is where nothing is broken."""
    return [max(1, *map(columns, column)) for column in zip(heads, *cells, strict=True)]


def least_of(table: Table, heads: list[str], cells: list[list[str]]) -> tuple[list[int], list[int]]:
    """Return how wide each column is at the least, with its widest word whole, and with words of text broken.

    Broken, text is no wider than `NARROW`; prose is that at the least either way. Numbers are words, so none is broken;
    their headings are, between words.
    """
    unbroken, least = [], []
    for column, *texts in zip(table.columns, heads, *cells, strict=True):
        widest = max((columns(piece.rstrip()) for text in texts for piece in PIECE.findall(text)), default=1)
        prose = max(map(columns, texts)) > 2 * NARROW
        unbroken.append(max(widest, NARROW) if prose and not column.is_number else widest)
        least.append(widest if column.is_number else NARROW if prose else min(NARROW, widest))
    return unbroken, least


def preferred(table: Table, whole: list[int]) -> list[int]:
    """Return how wide each column wants to be: whole, or so wide that what is longer is broken there."""
    return [min(size, column.most or size) for size, column in zip(whole, table.columns, strict=True)]


def fitting(table: Table, heads: list[str], cells: list[list[str]], width: int) -> tuple[list[int], list[int]]:
    """Return the columns that fit side by side, in order, and their widths; none where they do not fit at all."""
    whole, (unbroken, least) = widths_of(heads, cells), least_of(table, heads, cells)
    kept = list(range(len(whole)))
    most = WINDOWS * width
    sizes = [min(size, max(most, floor)) for size, floor in zip(preferred(table, whole), least, strict=True)]

    def over() -> int:
        return sum(sizes[k] for k in kept) + GAP * (len(kept) - 1) - width

    while over() > 0:
        spare = [k for k in kept if table.columns[k].rank > 0]
        if not spare:
            break
        highest = max(table.columns[k].rank for k in spare)
        kept = [k for k in kept if table.columns[k].rank != highest]
    wide = [[columns(text) for text in column[:MEASURED]] for column in zip(heads, *cells, strict=True)]
    for floor in (unbroken, least):
        while over() > 0 and (spare := [k for k in kept if sizes[k] > floor[k]]):
            costs = {k: _lines(wide, [size - (n == k) for n, size in enumerate(sizes)], spare) for k in spare}
            narrowed = min(spare, key=lambda k: (costs[k], -sizes[k]))
            sizes[narrowed] -= over() if len(spare) == 1 and sizes[narrowed] - over() > floor[narrowed] else 1
    if over() > 0:
        return [], []
    for k in kept:
        sizes[k] += max(0, min(whole[k] - sizes[k], -over()))
    return kept, [sizes[k] for k in kept]


def _lines(wide: list[list[int]], sizes: list[int], broken: list[int]) -> int:
    """Return about how many lines rows take whose cells are so wide, in columns of some sizes, some of them broken."""
    return sum(map(max, zip(*([-(-cell // sizes[k]) for cell in wide[k]] for k in broken), strict=True)))


def _stacked(heads: list[str], cells: list[list[str]], width: int) -> list[str]:
    """Return rows one below the other: the first cell, then a line or more a filled column."""
    size = min(max(columns(head) for head in heads), max(width - STACKED - 4, 1))
    lines = []
    for row in cells:
        lines += wrapped(row[0] or "-", width)
        for head, cell in zip(heads[1:], row[1:], strict=True):
            if cell:
                beside = zip_longest(wrapped(head, size), wrapped(cell, max(width - size - 4, STACKED)), fillvalue="")
                lines += [f"  {_padded(one, size)}  {other}".rstrip() for one, other in beside]
    return lines


def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes: wide signs of East Asia take two."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)


def _padded(text: str, size: int, *, right: bool = False) -> str:
    space = " " * (size - columns(text))
    return space + text if right else text + space


def _letters(text: str, width: float, measure: Callable[[str], float]) -> int:
    """Return how many letters of a text, one at the least and not all, fit in a width."""
    return max(bisect_right(range(1, len(text)), width, key=lambda n: measure(text[:n])), 1)


EAST = r"\u2e80-\ua4cf\uf900-\ufaff\uff00-\uffef"
"""Signs between which a line may be broken: Chinese and Japanese ones; Korean is broken at blanks."""
HELD = "\u00a0\u202f"
"""Blanks at which no line is broken."""
PIECE = re.compile(
    rf"[(（「『【“]*(?:[^\s{EAST}]*\d [{EAST}]|(?:[^\s{EAST}]|[{HELD}])+(?: %)?|[{EAST}])"
    r"[)）」』】”、。，．：；！？ー～…%]*\s*|\s+"
)
"""What is kept together in a line: a word, a sign of East Asia with the marks beside it, a number with its unit."""


def wrapped(text: str, width: float, measure: Callable[[str], float] = columns, *, whole: bool = False) -> list[str]:
    """Return a text in lines no wider than `width`, broken at blanks and between signs of East Asia, else anywhere.

    With `whole` a word that is wider by itself stays one.

    >>> wrapped("one two three", 8), wrapped("需要 9.8 天，经大连。", 10)
    (['one two', 'three'], ['需要', '9.8 天，经', '大连。'])
    """
    if measure(text) <= width:
        return [text]
    lines = [""]
    for piece in PIECE.findall(text):
        if lines[-1] and measure((lines[-1] + piece).rstrip()) > width:
            lines.append("")
        rest = lines[-1] + piece
        while not whole and measure(rest.rstrip()) > width and len(rest) > 1:
            size = _letters(rest, width, measure)
            lines[-1:] = [rest[:size], ""]
            rest = rest[size:]
        lines[-1] = rest
    return [line.rstrip() for line in lines]
