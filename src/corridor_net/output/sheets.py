"""Sheets of a workbook: cells with formats, headings, widths, and a file that is the same for the same cells."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from corridor_net.render.words import Sentence, Words

USD, WHOLE, ONE, TWO, SHARE = "#,##0.00", "#,##0", "#,##0.0", "0.00", "0.0%"
"""Formats of numbers."""
FIXED = (1980, 1, 1, 0, 0, 0)
"""The time of every part of the file: the first that an archive can hold."""
LONGEST = 31
"""Characters of the name of a sheet."""
_HEAD = PatternFill("solid", start_color="FFE3E7EC")
_INPUT = Font(color="FF0000C0")
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))


class Book:
    """A workbook to be filled sheet by sheet, with its words in a language."""

    def __init__(self, on: date, words: Words | None = None) -> None:
        self._words = words or Words()
        day = datetime(on.year, on.month, on.day)
        self._book = Workbook()
        self._book.remove(self._book.worksheets[0])
        self._book.properties.created = self._book.properties.modified = day
        self._book.properties.creator = "corridor-net"
        self._book.calculation.fullCalcOnLoad = True

    def sheet(self, title: str) -> Sheet:
        """Return a new sheet; its name is cut and made unlike that of any other."""
        title = self._words.label(title)
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
        self.row = 1
        """The row that is filled next."""

    @property
    def name(self) -> str:
        """What formulas of other sheets call it."""
        return "'" + str(self._sheet.title).replace("'", "''") + "'"

    def title(self, words: str | Sentence) -> None:
        """Write a title."""
        self._sheet.cell(self.row, 1, safe(self._words.text(words))).font = Font(bold=True, size=14)
        self.row += 2

    def note(self, words: str | Sentence) -> None:
        """Write a line of text."""
        self._sheet.cell(self.row, 1, safe(self._words.text(words)))
        self.row += 1

    def entry(
        self, label: str, value: Any, form: str = "General", note: str | Sentence = "", *, given: bool = False
    ) -> str:
        """Write a label, its value and a note, and return the cell of the value; `given` ones may be changed."""
        self._sheet.cell(self.row, 1, safe(self._words.label(label)))
        cell = self._sheet.cell(self.row, 2, safe(value))
        cell.number_format = form
        if given:
            cell.font = _INPUT
        self._sheet.cell(self.row, 3, safe(self._words.text(note)))
        self.row += 1
        return f"$B${self.row - 1}"

    def table(
        self, heads: Sequence[str], rows: Iterable[Sequence[Any]], forms: Mapping[int, str], inputs: Iterable[int] = ()
    ) -> tuple[int, int]:
        """Write a table and return its first and its last row; columns of `inputs` hold what may be changed."""
        given = set(inputs)
        for column, words in enumerate(heads, 1):
            cell = self._sheet.cell(self.row, column, safe(self._words.label(words)))
            cell.font, cell.fill, cell.alignment = Font(bold=True), _HEAD, Alignment(wrap_text=True, vertical="top")
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
        last = self.row
        self.row += 2
        return first, last

    def offer(self, words: DataValidation, column: int, rows: int) -> None:
        """Offer words for the cells of a column below its heading."""
        self._sheet.add_data_validation(words)
        words.add(f"{get_column_letter(column)}2:{get_column_letter(column)}{rows}")

    def finish(
        self, widths: Sequence[float], *, freeze: str = "", filtered: tuple[int, int, int] | None = None
    ) -> None:
        """Set widths of columns, what stays in view, and a filter over (head row, last row, columns)."""
        for number, width in enumerate(widths, 1):
            self._sheet.column_dimensions[get_column_letter(number)].width = width
        if freeze:
            self._sheet.freeze_panes = freeze
        if filtered:
            head, last, columns = filtered
            self._sheet.auto_filter.ref = f"A{head}:{get_column_letter(columns)}{last}"
        self._sheet.page_setup.orientation = "landscape"
        self._sheet.page_setup.fitToWidth, self._sheet.page_setup.fitToHeight = 1, 0
        self._sheet.sheet_properties.pageSetUpPr.fitToPage = True


class Formula(str):
    """Text that a spreadsheet is to work out; all other text stays text."""

    __slots__ = ()


def formula(text: str) -> Formula:
    """Return a formula, without its sign in front."""
    return Formula(f"={text}")


def safe(value: Any) -> Any:
    """Return a value as a cell may hold it: text of a name or file is never taken for a formula."""
    if isinstance(value, Formula) or not isinstance(value, str):
        return value.item() if hasattr(value, "item") else value
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    plain = ILLEGAL_CHARACTERS_RE.sub("", value)
    return f"'{plain}" if plain[:1] in ("=", "+", "-", "@") else plain
