"""Tables as people save them: CSV with byte-order marks, semicolons, blank lines and cut names; Excel sheets.

Every cell stays text here; the place of a cell is kept, so that a fault can name it.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridor_net.errors import BadFile, BadValue, Place
from corridor_net.network.files.csv_file import bytes_of
from corridor_net.network.files.place import cell_place
from corridor_net.network.files.workbook import opened

from .notes import Notes

DELIMITERS = (",", ";", "\t", "|")
ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")
"""What a spreadsheet shows where a formula fails."""
CUT = 10
"""Characters that the tables of shapefiles keep of a column name."""
WORKBOOKS = (".xlsx", ".xlsm")
FEATURE = "_feature"
"""Column with the number of the feature that a line is a part of."""
MISSING = frozenset({"", "nan", "none", "null", "n/a", "<na>"})


@dataclass(frozen=True, kw_only=True)
class TextTable:
    """A table of text. Row `n` of the index stands on line `first_line + n` of `path`, or in one of `parts` in turn."""

    frame: pd.DataFrame
    path: str
    delimiter: str = ","
    headers: Mapping[str, str] | None = None
    first_line: int = 2
    parts: tuple[TextTable, ...] = ()

    def place(self, position: int, column: str = "") -> Place:
        """Return the place of the cell of the row at `position`."""
        for part in self.parts:
            if position < len(part.frame):
                return part.place(position, column)
            position -= len(part.frame)
        if FEATURE in self.frame:
            return Place(f"{self.path} (feature {int(self.frame[FEATURE].iloc[position]) + 1})")
        line = int(self.frame.index[position]) + self.first_line
        if self.delimiter == "," and self.path.casefold().endswith((".csv", ".txt")):
            return cell_place(Path(self.path), line, (self.headers or {}).get(column, column) or 0)
        return Place(self.path, line)

    def renamed(self, columns: Mapping[str, str]) -> TextTable:
        """Return the table with columns renamed, `theirs -> ours`; the place of each stays known."""
        headers = {columns.get(name, name): (self.headers or {}).get(name, name) for name in self.frame.columns}
        return replace(self, frame=self.frame.rename(columns=dict(columns)), headers=headers)

    def text(self, column: str, otherwise: str = "") -> pd.Series:
        """Return a column as text without blanks around it; `otherwise` where it, or a cell, is empty.

        Words such as `nan` count as empty, but in columns of ids, where they may be names.
        """
        if column not in self.frame:
            return pd.Series(otherwise, index=self.frame.index, dtype=object)
        cells = [str(cell).strip() for cell in self.frame[column].tolist()]
        empty = frozenset({""}) if column.endswith("_id") else MISSING
        kept = [otherwise if cell.casefold() in empty else cell for cell in cells]
        return pd.Series(kept, index=self.frame.index, dtype=object)

    def numbers(self, column: str, notes: Notes) -> pd.Series:
        """Return a column as floats, NaN where it is empty; what is no number is noted as a fault."""
        cells = self.text(column)
        plain = cells.str.replace(",", ".", regex=False) if self.delimiter == ";" else cells
        values = pd.to_numeric(plain, errors="coerce").astype(float)
        bad = ~np.isfinite(values.to_numpy()) & (cells.to_numpy() != "")

        def fault(position: int) -> BadValue:
            text = str(cells.iloc[position])
            comma = " with a decimal point, not a comma" if re.fullmatch(r"-?\d+,\d+", text) else ""
            return BadValue(
                f"{column} = '{text}' is not a number",
                place=self.place(position, column),
                hint=f"write a number{comma}, or leave the cell empty",
            )

        notes.fault_rows(bad, fault, f"{column} is not a number in {Path(self.path).name}")
        return values


def read_text(path: Path, notes: Notes) -> str:
    """Return the text of a file in UTF-8 or UTF-16, with or without a byte-order mark, else in Windows-1252.

    Raises BadFile when it cannot be read, or holds no text.
    """
    try:
        raw = bytes_of(path)
    except OSError as error:
        raise BadFile(f"'{path}' cannot be read: {error.strerror or error}", place=Place(str(path))) from None
    return decoded(raw, path, notes)


def decoded(raw: bytes, path: Path, notes: Notes) -> str:
    """Return bytes of a file as text, as `read_text` does."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace")
    if b"\0" in raw[:4096]:
        raise BadFile(f"'{path.name}' is not a text file", place=Place(str(path)), hint="is it another format?")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        notes.warn(
            f"{path.name} is not UTF-8 (byte {error.start}); it was read as Windows-1252: look at the accents in names"
        )
        return raw.decode("cp1252", errors="replace")


def read_table(path: Path, notes: Notes) -> TextTable:
    """Read a CSV file; the delimiter is found in its first line. Raises BadFile with the line that is wrong."""
    if path.suffix.casefold() in WORKBOOKS:
        sheets = read_workbook(path)
        if len(sheets) > 1:
            notes.warn(f"of the sheets of {path.name} the first was read: {', '.join(sheets)}")
        return next(iter(sheets.values()))
    return parse_table(read_text(path, notes), path)


def stacked(tables: Sequence[TextTable]) -> TextTable:
    """Return tables one below the other; a column that one of them lacks is empty there."""
    if len(tables) == 1:
        return tables[0]
    frame = pd.concat([table.frame for table in tables], ignore_index=True).fillna("").astype(object)
    return TextTable(frame=frame, path=", ".join(Path(table.path).name for table in tables), parts=tuple(tables))


def parse_table(text: str, path: Path, delimiter: str = "") -> TextTable:
    """Return the table of a CSV text; rows without any cell are passed over."""
    header = text.split("\n", 1)[0]
    separator = delimiter or max(DELIMITERS, key=lambda mark: re.sub(r'"[^"]*"', "", header).count(mark))
    names = next(_rows(csv.reader([header.strip("\ufeff\r")], delimiter=separator), path), [])
    refuse_doubled(names, Place(str(path), 1))
    frame = _parsed(text, separator, path)
    frame.columns = [str(name).strip().strip("\ufeff") for name in frame.columns]
    frame = frame[[name for name in frame.columns if not name.startswith("Unnamed:")]]
    filled = (frame.to_numpy(object) != "").any(axis=1)
    return TextTable(frame=frame[filled], path=str(path), delimiter=separator)


def refuse_doubled(names: Iterable[Any], place: Place) -> None:
    """Raise BadFile where two columns have one name: nobody could say which is meant."""
    seen: set[str] = set()
    for name in (str(text).strip() for text in names):
        if name and name in seen:
            raise BadFile(f"the column '{name}' stands twice", place=place, hint="rename or delete one of the two")
        seen.add(name)


def _parsed(text: str, separator: str, path: Path) -> pd.DataFrame:
    """Return the cells of a CSV text; empty cells beyond the header are cut, others are a fault with their line."""
    how: dict[str, Any] = {"sep": separator, "dtype": object, "keep_default_na": False, "skip_blank_lines": False}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            return pd.read_csv(io.StringIO(text), index_col=False, **how)
    except pd.errors.EmptyDataError:
        raise BadFile(f"'{path.name}' is empty", place=Place(str(path))) from None
    except pd.errors.ParserWarning:
        wider = _widest(text, separator, path)
    except (pd.errors.ParserError, ValueError) as error:
        if "Expected" not in str(error):
            reason = str(error).removeprefix("Error tokenizing data. C error: ").strip()
            raise BadFile(f"'{path.name}' is not a table: {reason}", place=Place(str(path))) from None
        wider = _widest(text, separator, path)
    return pd.read_csv(io.StringIO(text), names=wider, header=None, skiprows=1, index_col=False, **how)


def _widest(text: str, separator: str, path: Path) -> list[str]:
    """Return the header, with names for empty cells beyond it; raise BadFile where such a cell is not empty."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows = _rows(reader, path)
    header = next(rows, [])
    most = len(header)
    for cells in rows:
        if any(cell.strip() for cell in cells[len(header) :]):
            raise BadFile(
                f"the row has {len(cells)} cells, the header {len(header)}",
                place=Place(str(path), reader.line_num),
                hint="each row needs as many cells as the first line; quote a cell that holds the separator",
            )
        most = max(most, len(cells))
    return [*header, *(f"Unnamed: {number}" for number in range(len(header), most))]


def _rows(reader: Any, path: Path) -> Iterator[list[str]]:
    """Yield the rows of a reader of the csv module; raise BadFile with the line where it finds no table."""
    try:
        yield from reader
    except csv.Error as error:
        raise BadFile(
            f"'{path.name}' is not a table: {error}",
            place=Place(str(path), reader.line_num + 1),
            hint="close every quote; a cell has at most 131,072 characters",
        ) from None


def read_workbook(path: Path) -> dict[str, TextTable]:
    """Return the sheets of an Excel workbook as tables of text, by name; empty sheets are left out.

    Raises BadFile for merged cells, which hold one value for many; for a formula that shows an error, or none yet.
    """
    with opened(path, read_only=True, data_only=True) as book, opened(path, read_only=True) as plain:
        for sheet in book.worksheets:
            _refuse_merged(path, sheet)
        cells = {sheet.title: _rows_of(sheet, plain[sheet.title], path) for sheet in book.worksheets}
    tables = {title.strip(): _sheet(rows, f"{path}[{title}]") for title, rows in cells.items()}
    return {title: table for title, table in tables.items() if table is not None}


def _refuse_merged(path: Path, sheet: Any) -> None:
    with zipfile.ZipFile(path) as archive:
        found = re.search(rb'<mergeCell [^>]*ref="([A-Z]+)([0-9]+)[^"]*"', archive.read(sheet._worksheet_path))  # noqa: SLF001 - it alone knows
    if found:
        place = Place(f"{path}[{sheet.title}]", int(found[2]))
        raise BadFile("merged cells", place=place, hint="unmerge them: each value stands in a cell of its own")


def _rows_of(sheet: Any, formulas: Any, path: Path) -> list[list[str]]:
    """Return the rows of a sheet as text, as wide as its first row has names."""
    rows: list[list[str]] = []
    wrong: tuple[int, str] | None = None  # told once all is read: a sheet that is half read stays open
    both = zip(sheet.iter_rows(values_only=True), formulas.iter_rows(values_only=True), strict=True)
    for number, (values, written) in enumerate(both, start=1):
        for value, text in zip(values, written, strict=True) if wrong is None else ():
            if value in ERRORS or (value is None and text is not None):
                wrong = number, f"shows {value}" if value else f"holds the formula {text}, which has no value yet"
        rows.append([_cell(value) for value in values])
    if wrong is not None:
        place = Place(f"{path}[{sheet.title}]", wrong[0])
        raise BadFile(f"a cell {wrong[1]}", place=place, hint="open the workbook, mend it and save it again")
    width = len(rows[0]) if rows else 0
    return [row[:width] + [""] * (width - len(row)) for row in rows]


def _sheet(rows: list[list[str]], name: str) -> TextTable | None:
    if not rows:
        return None
    header = [text.strip() for text in rows[0]]
    refuse_doubled(header, Place(name, 1))
    keep = [number for number, text in enumerate(header) if text]
    frame = pd.DataFrame([[row[number] for number in keep] for row in rows[1:]], columns=[header[n] for n in keep])
    frame = frame.astype(object)
    return TextTable(frame=frame[(frame != "").any(axis=1)] if len(keep) else frame, path=name)


def day_text(value: Any) -> str:
    """Return a date, or a time of a day, as text; without its hour at midnight."""
    return str(value.isoformat()).removesuffix("T00:00:00")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if hasattr(value, "isoformat"):
        return day_text(value)
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() else repr(value)
    return str(value)


def cut_names(columns: Iterable[str], known: Iterable[str]) -> dict[str, str]:
    """Return `theirs -> ours` for column names in other case, or cut to ten characters as shapefiles cut them.

    >>> cut_names(["FROM_NODE_", "allowed_us", "x"], ["from_node_id", "allowed_uses"])
    {'FROM_NODE_': 'from_node_id', 'allowed_us': 'allowed_uses'}
    """
    have, wanted = list(columns), list(known)
    found: dict[str, str] = {}
    for name in have:
        plain = name.casefold().replace(" ", "_")
        ours = [plain] if plain in wanted else [w for w in wanted if len(plain) == CUT and w[:CUT] == plain]
        if len(ours) == 1 and ours[0] not in have and ours[0] not in found.values():
            found[name] = ours[0]
    return found


def significant(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return floats rounded to twelve digits, so that a conversion leaves no tail such as 1.6093439999999999.

    >>> significant(np.array([5280 * 0.0003048])).tolist()
    [1.609344]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        digits = 11 - np.floor(np.log10(np.abs(values)))
    scale = 10.0 ** np.where(np.isfinite(digits), digits, 0)
    return np.asarray(np.where(np.isfinite(digits), np.round(values * scale) / scale, values), float)


def number_text(values: Any) -> NDArray[Any]:
    """Return floats as the shortest text that reads back the same, whole ones without a point; '' for NaN."""
    floats = np.asarray(values, float)
    whole = np.isfinite(floats) & (floats == np.floor(floats)) & (np.abs(floats) < 1e15)
    texts = np.array([repr(value) for value in floats.tolist()], object)
    texts[whole] = [str(int(value)) for value in floats[whole].tolist()]
    texts[~np.isfinite(floats)] = ""
    return texts
