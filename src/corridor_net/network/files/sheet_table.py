"""The first sheet of an Excel workbook as rows of text, every cell with its place. No meaning of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from corridor_net.errors import BadFile, Place

from .workbook import opened

SUFFIXES = (".xlsx", ".xlsm")
MOST_CELLS = 3_000_000


def sheet_place(path: Path, sheet: str, row: int, column: int) -> Place:
    """Return the place of a cell: `path:sheet!B3`; rows from 1, columns from 0."""
    from openpyxl.utils import get_column_letter

    return Place(f"{path}:{sheet}!{get_column_letter(column + 1)}{row}")


def first_sheet(path: Path) -> tuple[str, list[tuple[int, list[str]]]]:
    """Return the name of the first sheet, and its rows that are not empty, as (number, cells), all as wide.

    Raises BadFile, with sheet and cell, for merged cells, a formula that no program has worked out, and more cells
    than a table of people holds.
    """
    with opened(path, data_only=True) as book, opened(path) as formulas:
        sheet = book.worksheets[0]
        name = str(sheet.title)
        for area in sheet.merged_cells.ranges:
            raise BadFile(
                "merged cells",
                place=Place(f"{path}:{name}!{area.coord}"),
                hint="unmerge them: each value stands in a cell of its own",
            )
        if sheet.max_row * sheet.max_column > MOST_CELLS:
            raise BadFile(
                f"the sheet has more than {MOST_CELLS:,} cells", place=Place(f"{path}:{name}"), hint="use CSV"
            )
        rows = []
        plain = formulas.worksheets[0].iter_rows(values_only=True)
        for number, (values, written) in enumerate(zip(sheet.iter_rows(values_only=True), plain, strict=True), 1):
            for column, (value, formula) in enumerate(zip(values, written, strict=True)):
                if value is None and formula is not None:
                    hint = "open the workbook in a spreadsheet program and save it"
                    raise BadFile(
                        "a formula without its value", place=sheet_place(path, name, number, column), hint=hint
                    )
            cells = [_text(value) for value in values]
            if any(cells):
                rows.append((number, cells))
    return name, rows


def _text(value: Any) -> str:
    """Return a cell as a CSV would have it: whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
