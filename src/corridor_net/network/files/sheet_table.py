"""The sheets of an Excel workbook as rows of text, every cell with its place. No meaning of them."""

from __future__ import annotations

import re
import zipfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from corridor_net.errors import BadFile, Place, raise_all

from .workbook import opened

SUFFIXES = (".xlsx", ".xlsm")
MOST_CELLS = 3_000_000
ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")
"""What a spreadsheet shows where a formula fails."""
MEND = "open the workbook in a spreadsheet program, mend it and save it"
FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
MERGED = re.compile(rb'<(?:\w+:)?mergeCell [^>]*ref="([A-Z]+[0-9]+:?[A-Z]*[0-9]*)"')
Rows = list[tuple[int, list[str]]]
"""Rows that are not empty, as (number, cells), all as wide."""


def sheet_place(path: Path, sheet: str, row: int, column: int) -> Place:
    """Return the place of a cell: `path:sheet!B3`; rows from 1, columns from 0."""
    from openpyxl.utils import get_column_letter

    return Place(f"{path}:{sheet}!{get_column_letter(column + 1)}{row}")


def first_sheet(path: Path) -> tuple[str, Rows]:
    """Return the name of the first sheet, and its rows. Raises BadFile as `sheets`."""
    return next(iter(sheets(path, first=True).items()))


def sheets(path: Path, *, first: bool = False, merged: dict[str, list[str]] | None = None) -> dict[str, Rows]:
    """Return the rows of every sheet by its name; of the first alone, if asked.

    Raises BadFile, with sheet and cell, for merged cells, which hold one value for many, a formula that shows an error
    or that no program has worked out, and, of the first sheet alone, more cells than a table of people holds. Where
    `merged` is given, it takes the areas of merged cells by sheet, and they are not refused.
    """
    with opened(path, read_only=True, data_only=True) as book:
        wanted = book.worksheets[:1] if first else book.worksheets
        computed = False
        for sheet in wanted:
            areas, formulas = _written(path, sheet)
            computed |= formulas
            if areas and merged is None:
                raise merged_cells(path, sheet.title, areas[0])
            if merged is not None:
                merged[str(sheet.title)] = areas
            if first and (sheet.max_row or 0) * (sheet.max_column or 0) > MOST_CELLS:
                place = Place(f"{path}:{sheet.title}")
                raise BadFile(f"the sheet has more than {MOST_CELLS:,} cells", place=place, hint="use CSV")
        with ExitStack() as also:
            plain = also.enter_context(opened(path, read_only=True)) if computed else None
            told = {str(sheet.title): _rows(path, sheet, plain[sheet.title] if plain else None) for sheet in wanted}
    raise_all([fault for _, fault in told.values() if fault])
    return {name: rows for name, (rows, _) in told.items()}


def _written(path: Path, sheet: Any) -> tuple[list[str], bool]:
    """Return the areas of merged cells, and whether anything is worked out in a sheet."""
    with zipfile.ZipFile(path) as archive:
        part = archive.read(sheet._worksheet_path)  # noqa: SLF001 - it alone knows
    formulas = FORMULA.search(part) is not None or b"\0" in part[:4]  # what is in UTF-16 cannot be looked through
    return [area.decode() for area in MERGED.findall(part)], formulas


def merged_cells(path: Path, sheet: str, area: str) -> BadFile:
    """Return the refusal of merged cells."""
    place = Place(f"{path}:{sheet}!{area}")
    return BadFile("merged cells", place=place, hint="unmerge them: each value stands in a cell of its own")


def _rows(path: Path, sheet: Any, formulas: Any) -> tuple[Rows, BadFile | None]:
    """Return the rows of a sheet, and its first fault once all is read: a sheet that is half read stays open.

    `formulas` is the same sheet as it is written, None where nothing is worked out in it.
    """
    name = str(sheet.title)
    rows: Rows = []
    wrong: BadFile | None = None
    read = sheet.iter_rows(values_only=True)
    both = zip(read, formulas.iter_rows(values_only=True), strict=True) if formulas else ((row, row) for row in read)
    for number, (values, written) in enumerate(both, 1):
        for column, (value, formula) in enumerate(zip(values, written, strict=True)):
            if wrong is None and (value in ERRORS or (value is None and formula is not None)):
                said = f"a cell shows {value}" if value else f"the formula {formula} has no value yet"
                wrong = BadFile(said, place=sheet_place(path, name, number, column), hint=MEND)
        cells = [_text(value) for value in values]
        if any(cells):
            rows.append((number, cells))
    width = max((len(cells) for _, cells in rows), default=0)
    return [(number, cells + [""] * (width - len(cells))) for number, cells in rows], wrong


def day_text(value: Any) -> str:
    """Return a date, or a time of a day, as text; without its hour at midnight."""
    return str(value.isoformat()).removesuffix("T00:00:00")


def _text(value: Any) -> str:
    """Return a cell as a CSV would have it: whole numbers without a point, days as YYYY-MM-DD, truths as 1 and 0."""
    if value is None:
        return ""
    if hasattr(value, "isoformat"):
        return day_text(value)
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() else repr(value)
    return str(value).strip()
