"""A small table that a user gives with an option, CSV or Excel: its columns by name, every row with its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from corridor_net.errors import BadFile, BadValue, Place, did_you_mean, nearest

from .csv_file import PLAIN, read_rows
from .fields import NUMBER
from .place import cell_place
from .sheet_table import SUFFIXES as SHEET_SUFFIXES
from .sheet_table import first_sheet, sheet_place


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRow:
    """A row: its cells by column, without space around them, and the line it begins on."""

    path: Path
    line: int
    cells: dict[str, str]
    sheet: str = ""

    def place(self, column: str) -> Place:
        """Return where the cell of a column stands."""
        if self.sheet:
            return sheet_place(self.path, self.sheet, self.line, list(self.cells).index(column))
        return cell_place(self.path, self.line, column)

    def text(self, column: str) -> str:
        """Return what a cell holds; raise BadValue, with its place, for an empty one."""
        if not self.cells[column]:
            hint = "fill it, or leave the row out"
            raise BadValue(f"the cell of '{column}' is empty", place=self.place(column), hint=hint)
        return self.cells[column]

    def number(self, column: str) -> float | None:
        """Return the number in a cell, as the tables of a data package write it; None where there is none."""
        return float(self.cells[column]) if NUMBER.fullmatch(self.cells[column]) else None


def read_user_table(path: Path, columns: Sequence[str], what: str, optional: Sequence[str] = ()) -> list[UserRow]:
    """Return the rows of a table that has these columns, in any order; `what` is what messages call the file.

    It is a CSV, or the first sheet of an Excel workbook.
    Raises BadFile, with the place, for a file that cannot be read, a column that is not there or twice, one whose name
    is nearly that of an `optional` one, and a row with another number of cells than the header: such as `1,000`, which
    is two cells.
    """
    sheet = ""
    if path.suffix.casefold() in SHEET_SUFFIXES and path.is_file():
        sheet, rows = first_sheet(path)
    else:
        rows = _csv_rows(path, columns, what)
    line, header = rows[0] if rows else (1, [])
    names = [name.strip() for name in header]
    place = partial(sheet_place, path, sheet) if sheet else partial(cell_place, path)
    _check_names(names, columns, what, optional, partial(place, line))
    return [_row(path, sheet, number, names, cells) for number, cells in rows[1:]]


def _csv_rows(path: Path, columns: Sequence[str], what: str) -> list[tuple[int, list[str]]]:
    try:
        return list(read_rows(path, PLAIN))
    except FileNotFoundError:
        hint = f"a CSV with the columns {', '.join(columns)}"
        raise BadFile(f"cannot read {what}: there is no file '{path}'", hint=hint) from None
    except BadFile as error:
        line = error.place.line if error.place and error.place.column is None else None
        raise error.moved(cell_place(path, line)) if line else error from None


def _check_names(
    names: Sequence[str], columns: Sequence[str], what: str, optional: Sequence[str], place: Callable[[int], Place]
) -> None:
    needs = f"a CSV with the columns {', '.join(columns)}"
    for name in columns:
        if names.count(name) != 1:
            fault = f"lacks the column '{name}'" if name not in names else f"has the column '{name}' twice"
            raise BadFile(f"{what} {fault}", place=place(0), hint=needs)
    for number, name in enumerate(names):
        meant = nearest(name, optional)
        if meant is not None and (name != meant or names.index(name) < number):
            fault = f"has the column '{name}' twice" if name == meant else f"has the unknown column '{name}'"
            raise BadFile(f"{what} {fault}", place=place(number), hint=did_you_mean(name, [meant]))


def _row(path: Path, sheet: str, line: int, names: list[str], cells: list[str]) -> UserRow:
    extra = [number for number, cell in enumerate(cells) if number >= len(names) and cell.strip()]
    if extra or len(cells) < len(names):
        raise BadFile(
            f"the row has {len(cells)} cells, the header {len(names)}",
            place=cell_place(path, line, extra[0] if extra else 0),
            hint="as many cells as the header; a number has no separator of thousands",
        )
    bare = next((number for number, name in enumerate(names) if not name and cells[number].strip()), None)
    if bare is not None and sheet:
        hint = "give the column a heading, or empty the cell"
        raise BadFile("a cell without a heading", place=sheet_place(path, sheet, line, bare), hint=hint)
    return UserRow(path=path, line=line, cells=dict(zip(names, map(str.strip, cells), strict=False)), sheet=sheet)
