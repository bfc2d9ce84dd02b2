"""Sheets of a workbook: cells with formats, headings, widths, and a file that is the same for the same cells."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from corridor_net.render.console import PIECE, columns, wrapped
from corridor_net.render.words import Sentence, Words

USD, WHOLE, ONE, TWO, SHARE, MILLION = "#,##0.00", "#,##0", "#,##0.0", "0.00", "0.0%", "#,##0.00,,"
"""Formats of numbers; the last shows millions."""
FIXED = (1980, 1, 1, 0, 0, 0)
"""The time of every part of the file: the first that an archive can hold."""
LONGEST = 31
"""Characters of the name of a sheet."""
DIGITS = 15
"""Digits of a number that a cell of a spreadsheet keeps: those after them are noise of binary fractions."""
MOST, HEAD, WORKED_OUT, LINE = 44, 11, 15, 15.0
"""Letters that a column of text is wide at the most, a head before it is broken, and one of formulas at the least;
points of a line."""
_TEXT = {"name": "Calibri", "family": 2, "scheme": "minor"}
"""The letters of all cells: those of the theme, which has some for each script."""
_HEAD = PatternFill("solid", start_color="FFE3E7EC")
_INPUT = Font(color="FF0000C0", **_TEXT)
_FIRST, _BESIDE, _NUMBER = (
    Alignment(horizontal=side, vertical="top", indent=indent)
    for side, indent in (("left", 0), ("left", 1), ("right", 0))
)
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))


class Book:
    """A workbook to be filled sheet by sheet, with its words in a language."""

    def __init__(self, on: date, title: str, words: Words | None = None) -> None:
        self._words = words or Words()
        day = datetime(on.year, on.month, on.day)
        self._book = Workbook()
        self._book.remove(self._book.worksheets[0])
        self._book.properties.created = self._book.properties.modified = day
        self._book.properties.creator = "corridor-net"
        self._book.properties.title = self._words.label(title)
        self._book.calculation.fullCalcOnLoad = True

    def sheet(self, title: str, *, said: bool = True) -> Sheet:
        """Return a new sheet; its name is cut and made unlike that of any other; `said` in the reader's language."""
        title = self._words.label(title) if said else title
        name = title.translate(_FORBIDDEN)[:LONGEST].strip("'") or "sheet"
        taken = {one.title.casefold() for one in self._book.worksheets}
        number = 2
        while name.casefold() in taken:
            tail = f" {number}"
            name, number = title.translate(_FORBIDDEN)[: LONGEST - len(tail)] + tail, number + 1
        return Sheet(self._book.create_sheet(name), self._words)

    def content(self) -> bytes:
        """Return the file; the same cells give the same bytes."""
        raw = io.BytesIO()
        self._book.save(raw)
        return steady(raw.getvalue(), self._book.properties.created)


def steady(raw: bytes, day: datetime | None = None) -> bytes:
    """Return an archive of an office program with no time of writing in it; `day` stands in place of its own."""
    fresh = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as made, zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as out:
        for part in made.infolist():
            text = made.read(part)
            if day is not None and part.filename == "docProps/core.xml":
                text = _with_day(text, day)
            out.writestr(zipfile.ZipInfo(part.filename, FIXED), text, zipfile.ZIP_DEFLATED)
    return fresh.getvalue()


def _with_day(text: bytes, day: datetime | None) -> bytes:
    """Return the properties with the day of the network in place of the time of writing."""
    stamp = f"{day:%Y-%m-%dT%H:%M:%SZ}".encode() if day else b""
    return re.sub(rb"(<dcterms:modified[^>]*>)[^<]*(<)", lambda match: match[1] + stamp + match[2], text)


class Sheet:
    """A sheet that is filled from the top; cells are named as a spreadsheet names them."""

    def __init__(self, sheet: Worksheet, words: Words | None = None) -> None:
        self._sheet, self._words = sheet, words or Words()
        self._notes: list[Cell] = []
        self._loose: list[Cell] = []
        self._heads: list[Cell] = []
        self.row = 1
        """The row that is filled next."""

    @property
    def name(self) -> str:
        """What formulas of other sheets call it."""
        return "'" + str(self._sheet.title).replace("'", "''") + "'"

    def title(self, words: str | Sentence) -> None:
        """Write a title."""
        self.note(words).font = Font(bold=True, size=14, **_TEXT)
        self.row += 1

    def note(self, words: str | Sentence) -> Cell:
        """Write a line of text, broken into lines as wide as the sheet, and return its cell."""
        cell = self._sheet.cell(self.row, 1, safe(self._words.text(words)))
        self._notes.append(cell)
        self.row += 1
        return cell

    def entry(
        self, label: str, value: Any, form: str = "General", note: str | Sentence = "", *, given: bool = False
    ) -> str:
        """Write a label, its value and a note, and return the cell of the value; `given` ones may be changed."""
        self._sheet.cell(self.row, 1, safe(self._words.label(label)))
        cell = self._sheet.cell(self.row, 2, safe(value))
        cell.number_format = form
        if given:
            cell.font = _INPUT
        beside = self._sheet.cell(self.row, 3, safe(self._words.text(note)))
        beside.alignment = _BESIDE
        self._loose.append(beside)
        self.row += 1
        return f"$B${self.row - 1}"

    def table(
        self, heads: Sequence[str], rows: Iterable[Sequence[Any]], forms: Mapping[int, str], inputs: Iterable[int] = ()
    ) -> tuple[int, int]:
        """Write a table and return its first and its last row; columns of `inputs` hold what may be changed."""
        given = set(inputs)
        for column, words in enumerate(heads, 1):
            cell = self._sheet.cell(self.row, column, safe(self._words.label(words)))
            cell.font, cell.fill = Font(bold=True, **_TEXT), _HEAD
            cell.alignment = _broken(self._side(column, forms))
            self._heads.append(cell)
        first = self.row + 1
        for values in rows:
            self.row += 1
            for column, value in enumerate(values, 1):
                cell = self._sheet.cell(
                    self.row, column, safe(self._words.text(value) if isinstance(value, Sentence) else value)
                )
                cell.number_format = forms.get(column - 1, "General")
                if column - 1 in given:
                    cell.font = _INPUT
                cell.alignment = self._side(column, forms)
        last = self.row
        self.row += 2
        return first, last

    @staticmethod
    def _side(column: int, forms: Mapping[int, str]) -> Alignment:
        """Return where cells of a column stand: numbers to the right, but the first column; other text apart."""
        if column > 1 and column - 1 in forms:
            return _NUMBER
        return _BESIDE if column > 1 else _FIRST

    def offer(self, words: DataValidation, column: int, rows: int) -> None:
        """Offer words for the cells of a column below its heading."""
        self._sheet.add_data_validation(words)
        words.add(f"{get_column_letter(column)}2:{get_column_letter(column)}{rows}")

    def finish(
        self,
        *,
        freeze: str = "",
        filtered: tuple[int, int, int] | None = None,
        on_one_page: bool = False,
        least: float = 4,
    ) -> None:
        """Set widths and heights, what stays in view, a filter over (head row, last row, columns), and the print.

        `least` is how many letters wide a column is at the least.
        """
        sheet = self._sheet
        widths = self._widths(3 if filtered else 1, least)
        for number, width in enumerate(widths, 1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        self._break(widths)
        if freeze:
            sheet.freeze_panes = freeze
        if filtered:
            head, last, count = filtered
            sheet.auto_filter.ref = f"A{head}:{get_column_letter(count)}{last}"
            sheet.print_title_rows = f"{head}:{head}"
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, int(on_one_page)
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        for side in ("left", "right", "top", "bottom"):
            setattr(sheet.page_margins, side, 0.5)
        sheet.oddFooter.left.text, sheet.oddFooter.right.text = "&A", "&P / &N"

    def _widths(self, room: int, least: float) -> list[float]:
        """Return the width of each column: its widest cell, of text `MOST` at most; heads may be broken at blanks."""
        apart = {cell.coordinate for cell in (*self._notes, *self._loose, *self._heads)}
        found = []
        for column in self._sheet.iter_cols():
            told = (_width(cell) for cell in column if cell.coordinate not in apart)
            found.append(max([least, *told]))
        for cell in self._heads:
            words = (columns(piece.rstrip()) + room for piece in PIECE.findall(str(cell.value)))
            found[cell.column - 1] = max(found[cell.column - 1], *words, min(columns(str(cell.value)), HEAD))
        return [width + 1.5 for width in found]

    def _break(self, widths: Sequence[float]) -> None:
        """Break notes over the whole width, and heads and long text within their columns."""
        sheet, last, whole = self._sheet, get_column_letter(len(widths)), sum(widths) * 0.9
        for cell in self._notes:
            sheet.merge_cells(f"A{cell.row}:{last}{cell.row}")
            cell.alignment = _broken(_FIRST)
            points = LINE * (cell.font.size or 11) / 11
            lines = len(wrapped(str(cell.value), whole * LINE / points))
            sheet.row_dimensions[cell.row].height = points * lines
        apart = {cell.row for cell in self._notes} | {cell.row for cell in self._loose}
        for row in sheet.iter_rows():
            lines = 1
            for cell, width in zip(row, widths, strict=True):
                if cell.row not in apart and _is_text(cell.value) and columns(cell.value) > width - 1.5:
                    cell.alignment = _broken(cell.alignment)
                    lines = max(lines, len(wrapped(cell.value, (width - 1.5) * 0.92)))
            if lines > 1:
                sheet.row_dimensions[row[0].row].height = LINE * lines


def _broken(side: Any) -> Alignment:
    return Alignment(horizontal=side.horizontal, vertical="top", indent=side.indent, wrap_text=True)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and not value.startswith("=")


def _width(cell: Cell) -> float:
    """Return how many letters wide a cell is shown: of text `MOST` at most."""
    value, form = cell.value, str(cell.number_format)
    if value is None:
        return 0
    if isinstance(value, str):
        return min(columns(value), MOST) if _is_text(value) else WORKED_OUT
    digits = form.partition(".")[2].count("0")
    shown = value / 1e6 if form.endswith(",,") else value
    return len(f"{shown:,.{digits}f}") if isinstance(shown, int | float) else len(str(value))


class Formula(str):
    """Text that a spreadsheet is to work out; all other text stays text."""

    __slots__ = ()


def formula(text: str) -> Formula:
    """Return a formula, without its sign in front."""
    return Formula(f"={text}")


def safe(value: Any) -> Any:
    """Return a value as a cell may hold it: text is never taken for a formula, a number has the digits a cell keeps.

    >>> safe(0.8910000000000002), safe("=1+1")
    (0.891, "'=1+1")
    """
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, Formula) or not isinstance(value, str):
        return value
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    plain = ILLEGAL_CHARACTERS_RE.sub("", value)
    return f"'{plain}" if plain[:1] in ("=", "+", "-", "@") else plain
