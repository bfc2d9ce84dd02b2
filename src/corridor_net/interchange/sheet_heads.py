"""Sheets as people make them for people: titles above the header, a header in two rows, a remark below the table."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from corridor_net.network.files.sheet_table import Rows, merged_cells

from .headers import ALIASES, MEASURED, parted, plain
from .notes import Notes
from .units import spelled

LOOKED_AT = 15
"""Rows from the first that has cells in which a header is looked for."""
KNOWN = frozenset(word for text in ALIASES.values() for word in text.split() if len(word) > 1)
OTHER_UNIT = re.compile("[-–—°№度]|mm|мм|毫米|°[en]|deg(rees)?|wgs84|text|usd|k?t|no")
"""What stands in a row of units besides lengths, speeds and times."""
NUMBER = re.compile(r"[-+]?[\d.,]*\d")


class Area(NamedTuple):
    """Merged cells: columns from 0, rows from 1, the last of each among them."""

    left: int
    top: int
    right: int
    bottom: int
    name: str


def headed(path: Path, sheet: str, rows: Rows, merged: list[str], notes: Notes) -> Rows:
    """Return the rows of a sheet from its header on, which becomes one row.

    Raises BadFile for merged cells below the header: one value stands there for many.
    """
    areas = [_area(name) for name in merged]
    at = _header(rows, areas)
    if at:
        titles = [next(filter(None, cells)) for _, cells in rows[:at]]
        notes.assume(f"rows above the header of the sheet {sheet} were passed over: {' | '.join(titles)[:120]}")
    line, cells = rows[at]
    cells = _with_names_from_above(path, sheet, rows[: at + 1], areas)
    header, deep = _joined(line, cells, rows[at + 1 : at + 2], areas)
    if deep:
        notes.assume(f"two rows of the sheet {sheet} were read as its header: {', '.join(filter(None, header))}")
    below, remarks = _without_remarks(rows[at + 1 + deep :], areas)
    if remarks:
        notes.assume(f"remarks below the table of the sheet {sheet} were passed over: {' | '.join(remarks)[:120]}")
    last = below[-1][0] if below else line + deep
    wrong = [area for area in areas if line + deep < area.bottom and area.top <= last]
    wrong += [area for area in areas if area.top <= line <= area.bottom and area.right > area.left and not deep]
    if wrong:
        raise merged_cells(path, sheet, wrong[0].name)
    return [(line, header), *below]


def _area(name: str) -> Area:
    from openpyxl.utils import range_boundaries

    left, top, right, bottom = range_boundaries(name)
    return Area(left - 1, top, right - 1, bottom, name)


def is_of_network(rows: Rows) -> bool:
    """Whether a sheet has a row with two names of columns or more that we know."""
    return any(_known(cells) > 1 for _, cells in rows[:LOOKED_AT])


def _header(rows: Rows, areas: list[Area]) -> int:
    """Return which row has the names of columns: the one with most that we know, else the first with two cells.

    Of two rows the first is the header, where its cells are merged over several of the other.
    """
    looked = [cells for _, cells in rows[:LOOKED_AT]]
    first = next((n for n, cells in enumerate(looked) if _filled(cells) > 1), 0)
    names = [
        n for n, cells in enumerate(looked) if n >= first and _known(cells) and (n == first or not _numbers(cells))
    ]
    best = max(names, key=lambda n: _known(looked[n]), default=first)
    line = rows[first][0]
    joined = any(area.top == line and area.right > area.left for area in areas)
    return first if best == first + 1 and joined and _known(looked[first]) else best


def _with_names_from_above(path: Path, sheet: str, rows: Rows, areas: list[Area]) -> list[str]:
    """Return the cells of the last row, with names that merged cells bring down to it.

    Raises BadFile where what they bring is no name of a column, such as a title.
    """
    line, cells = rows[-1][0], list(rows[-1][1])
    above = dict(rows)
    for area in areas:
        if area.top < line == area.bottom and area.left < len(cells):
            brought = above[area.top][area.left] if area.top in above else ""
            if area.right > area.left or not _is_known(brought):
                raise merged_cells(path, sheet, area.name)
            cells[area.left] = brought
    return cells


def _known(cells: list[str]) -> int:
    return sum(_is_known(cell) for cell in cells)


def _filled(cells: list[str]) -> int:
    return sum(bool(cell) for cell in cells)


def _numbers(cells: list[str]) -> bool:
    return any(NUMBER.fullmatch(cell) for cell in cells)


def _is_known(name: str) -> bool:
    return plain(name) in KNOWN or any(parted(name, ours)[1] for ours in MEASURED)


def _joined(line: int, cells: list[str], under: Rows, areas: list[Area]) -> tuple[list[str], int]:
    """Return the names of columns, and 1 where the row below is part of the header, else 0."""
    top = list(cells)
    for area in areas:
        if area.top == line == area.bottom:
            top[area.left : area.right + 1] = [cells[area.left]] * (area.right + 1 - area.left)
    if not under or under[0][0] != line + 1 or _numbers(under[0][1]):
        return cells, 0
    below = under[0][1]
    grouped = any(area.top == line and (area.right > area.left or area.bottom == line + 1) for area in areas)
    if not (_are_units(top, below) or (grouped and top != cells and _filled(below))):
        return cells, 0
    twice = {name for name in below if below.count(name) > 1 and not _unit(name)}
    return [_name(over, name, twice) for over, name in zip(top, below, strict=True)], 1


def _name(over: str, under: str, twice: set[str]) -> str:
    unit = _unit(under)
    if unit or not under or _is_unit(under):
        return f"{over} ({unit})" if unit else over
    return f"{over} {under}" if under in twice and over else under


def _unit(text: str) -> str:
    """Return the unit of length, speed or time that a cell is, in brackets or not; '' for any other text."""
    return next(filter(None, (spelled(text.strip("()[]"), known) for known in MEASURED.values())), "")


def _is_unit(text: str) -> bool:
    return bool(_unit(text)) or bool(OTHER_UNIT.fullmatch(text.strip("()[]").casefold()))


def _are_units(names: list[str], cells: list[str]) -> bool:
    """Whether all cells of a row are units, and one of them that of a column of lengths, speeds or times."""
    measured = {word for ours in MEASURED for word in ALIASES[ours].split()}
    told = [plain(name) in measured for name, cell in zip(names, cells, strict=True) if _unit(cell)]
    return any(told) and all(_is_unit(cell) for cell in cells if cell)


def _without_remarks(rows: Rows, areas: list[Area]) -> tuple[Rows, list[str]]:
    """Return the rows without those at the end that are one text over merged cells, and these texts."""
    wide = {area.top for area in areas if area.top == area.bottom and area.right > area.left}
    count = len(rows)
    while count and rows[count - 1][0] in wide and _filled(rows[count - 1][1]) == 1:
        count -= 1
    return rows[:count], [next(filter(None, cells)) for _, cells in rows[count:]]
