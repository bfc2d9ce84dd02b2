"""Tables as people save them: CSV with byte-order marks, semicolons, blank lines and cut names; Excel sheets.

Every cell stays text here; the place of a cell is kept, so that a fault can name it.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridor_net.errors import BadFile, BadValue, Place, unsound
from corridor_net.network.files.csv_file import bytes_of
from corridor_net.network.files.place import cell_place
from corridor_net.network.files.sheet_table import SUFFIXES, Rows, day_text, sheet_place, sheets

from .cells import FORMS, MAYBE_COMMA, MAYBE_POINT, MISSING, decimal_sign, forms_of, narrow, numbers_of
from .encodings import decoded
from .notes import Notes
from .sheet_heads import headed, is_of_network

DELIMITERS = (",", ";", "\t", "|")
CUT = 10
"""Characters that the tables of shapefiles keep of a column name."""
FEATURE = "_feature"
"""Column with the number of the feature that a line is a part of."""
NUMBER = "write a number with a point for decimals and no separator of thousands, or leave the cell empty"
WHOLE = "is it whole? Copy or load it again"
QUOTES = "close every quote; a cell has at most 131,072 characters"
EITHER_HINT = (
    "write 1250 as 1250, and 1.25 as 1.25 with a point, or part the columns with ; where commas are of decimals"
)


@dataclass(frozen=True, kw_only=True)
class TextTable:
    """A table of text. Row `n` of the index stands on line `first_line + n` of `path`, or in one of `parts` in turn.

    `delimiter` is what parts its columns, nothing where they are cells of their own.
    Of a workbook `sheet` names the sheet, and `letters` the number of each column in it.
    """

    frame: pd.DataFrame
    path: str
    delimiter: str = ","
    headers: Mapping[str, str] | None = None
    first_line: int = 2
    parts: tuple[TextTable, ...] = ()
    sheet: str = ""
    letters: Mapping[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What messages call it: the name of its file, with its sheet."""
        return f"{Path(self.path).name}[{self.sheet}]" if self.sheet else Path(self.path).name

    @property
    def whole(self) -> Place:
        """The place of the table itself."""
        return Place(f"{self.path}:{self.sheet}" if self.sheet else self.path)

    def place(self, position: int, column: str = "") -> Place:
        """Return the place of the cell of the row at `position`."""
        for part in self.parts:
            if position < len(part.frame):
                return part.place(position, column)
            position -= len(part.frame)
        if FEATURE in self.frame:
            return Place(f"{self.path} (feature {int(self.frame[FEATURE].iloc[position]) + 1})")
        line = int(self.frame.index[position]) + self.first_line
        theirs = (self.headers or {}).get(column, column)
        if self.sheet:
            return sheet_place(Path(self.path), self.sheet, line, self.letters.get(theirs, 0))
        if self.delimiter == "," and self.path.casefold().endswith((".csv", ".txt")):
            return cell_place(Path(self.path), line, theirs or 0)
        return Place(self.path, line=line)

    def renamed(self, columns: Mapping[str, str]) -> TextTable:
        """Return the table with columns renamed, `theirs -> ours`; the place of each stays known."""
        theirs = [str(name) for name in self.frame.columns]
        ours = [columns.get(name, name) for name in theirs]
        headers = {our: (self.headers or {}).get(name, name) for our, name in zip(ours, theirs, strict=True)}
        return replace(self, frame=self.frame.set_axis(plain_index(ours), axis=1), headers=headers)

    def filled(self) -> TextTable:
        """Return the table without rows in which no cell is filled."""
        empty = (self.frame.to_numpy(object) == "").all(axis=1)
        return replace(self, frame=self.frame[~empty]) if empty.any() else self

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

    @cached_property
    def forms(self) -> set[str]:
        """How numbers are written in the table, as `cells.forms_of` tells it; nothing where a comma parts columns."""
        if self.delimiter == ",":
            return set()
        columns = [name for name in self.frame if not str(name).endswith("_id") and name != "geometry"]
        return {form for name in columns for form in forms_of(self.frame[name])}

    def numbers(self, column: str, notes: Notes, cells: pd.Series | None = None) -> pd.Series:
        """Return a column as floats, NaN where it is empty; what is no number is noted as a fault.

        `cells` are its numbers, where something else stands beside them in the cells.
        """
        cells = self.text(column) if cells is None else cells
        own = forms_of(cells) if self.delimiter != "," else set()
        forms = self.forms if own and self.delimiter else own
        sign = decimal_sign(own, forms, self.delimiter)
        values, bad = numbers_of(cells, sign or ".")
        maybe = _written(cells, MAYBE_COMMA, own), _written(cells, MAYBE_POINT, own)
        if not sign:
            self.refuse(maybe[0] | maybe[1], column, EITHER_HINT, notes, " may have decimals, or thousands")
            bad &= ~(maybe[0] | maybe[1])
        guessed = maybe[0] & ("," not in forms) | maybe[1] & (sign == ",")
        if sign and self.delimiter and guessed.any() and not own & {",", "."}:
            first = int(np.flatnonzero(guessed)[0])
            notes.assume(
                f"{column} = '{cells.iloc[first]}' of {self.name} was read as {values[first]:.12g}, as its other"
                " numbers, or the sign between the columns, say"
            )
        self.refuse(bad, column, NUMBER, notes, " is not a number")
        return pd.Series(values, index=cells.index)

    def refuse(self, which: Any, column: str, hint: str, notes: Notes, why: str = "") -> None:
        """Note a fault of the cell of a column in each of some rows: `why` it may not stand there, and what to do."""
        if not np.any(which):
            return
        cells = self.text(column)

        def fault(position: int) -> BadValue:
            text = f"{column} = '{cells.iloc[position]}'{why}"
            return BadValue(text, place=self.place(position, column), hint=hint)

        notes.fault_rows(which, fault)


def plain_index(names: Iterable[str]) -> pd.Index:
    """Return names of columns as plain text: of a few, strings of Arrow are looked up ten times as slowly."""
    return pd.Index(list(names), dtype=object)


def _written(cells: pd.Series, form: str, own: set[str]) -> NDArray[np.bool_]:
    """Return which cells are written in a form, of those that the column has."""
    if form not in own:
        return np.zeros(len(cells), bool)
    return np.array([FORMS[form].fullmatch(narrow(cell)) is not None for cell in cells], bool)


def read_text(path: Path, notes: Notes) -> str:
    """Return the text of a file as `encodings.decoded` tells its encoding.

    Raises BadFile when it cannot be read, or holds no text.
    """
    try:
        raw = bytes_of(path)
    except OSError as error:
        raise BadFile(f"'{path}' cannot be read: {error.strerror or error}", place=Place(str(path))) from None
    return decoded(raw, path, notes)


def read_table(path: Path, notes: Notes) -> TextTable:
    """Read a CSV file; the delimiter is found in its first line. Raises BadFile with the line that is wrong."""
    if path.suffix.casefold() in SUFFIXES:
        found = read_workbook(path, notes)
        if len(found) > 1:
            notes.warn(f"of the sheets of {path.name} the first was read: {', '.join(found)}")
        return next(iter(found.values()))
    return parse_table(read_text(path, notes), path)


def stacked(tables: Sequence[TextTable]) -> TextTable:
    """Return tables one below the other; a column that one of them lacks is empty there."""
    if len(tables) == 1:
        return tables[0]
    frame = pd.concat([table.frame for table in tables], ignore_index=True).fillna("").astype(object)
    marks = {table.delimiter for table in tables}
    mark = marks.pop() if len(marks) == 1 else ","
    path = ", ".join(table.name for table in tables)
    return TextTable(frame=frame, path=path, delimiter=mark, parts=tuple(tables))


def parse_table(text: str, path: Path) -> TextTable:
    """Return the table of a CSV text; rows without any cell are passed over."""
    header = text.split("\n", 1)[0]
    separator = max(DELIMITERS, key=lambda mark: re.sub(r'"[^"]*"', "", header).count(mark))
    names = next(_rows(csv.reader([header.strip("\ufeff\r")], delimiter=separator), path), [])
    if re.match('"?sep=', header.strip("\ufeff")) or (len(names) == 1 and header.startswith(("#", "//"))):
        hint = "delete what stands above the names of the columns"
        raise BadFile(f"the first line is '{header.strip()[:40]}'", place=Place(str(path), line=1), hint=hint)
    refuse_doubled(names, Place(str(path), line=1))
    frame = _parsed(text, separator, path)
    frame.columns = plain_index(str(name).strip().strip("\ufeff") for name in frame.columns)
    frame = frame[[name for name in frame.columns if not name.startswith("Unnamed:")]]
    _refuse_cut(text, separator, len(names), path)
    filled = (frame.to_numpy(object) != "").any(axis=1)
    return TextTable(frame=frame[filled], path=str(path), delimiter=separator)


def _refuse_cut(text: str, separator: str, width: int, path: Path) -> None:
    """Raise BadFile where the last row has fewer cells than the header and no line ends there: the file was cut."""
    last = text[text.rfind("\n") + 1 :].strip("\r")
    cells = last.count(separator) + 1
    if last.strip() and '"' not in last and cells < width:
        raise BadFile(
            f"the last row has {cells} cells, the header {width}, and no line ends there",
            place=Place(str(path), line=text.count("\n") + 1),
            hint="was it copied to its end? Copy or load it again; if it is whole, end the row with its separators",
        )


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
        raise BadFile(
            f"'{path.name}' is empty", place=Place(str(path)), hint="is it whole? Copy or load it again"
        ) from None
    except pd.errors.ParserWarning:
        wider = _widest(text, separator, path)
    except (pd.errors.ParserError, ValueError) as error:
        if "Expected" not in str(error):
            reason = str(error).removeprefix("Error tokenizing data. C error: ").strip()
            place = Place(str(path))
            raise BadFile(f"'{path.name}' is not a table: {reason}", place=place, hint=QUOTES) from None
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
                place=Place(str(path), line=reader.line_num),
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
            place=Place(str(path), line=reader.line_num + 1),
            hint=QUOTES,
        ) from None


def read_workbook(path: Path, notes: Notes, wanted: Sequence[str] = ()) -> dict[str, TextTable]:
    """Return the sheets of an Excel workbook as tables of text, by name; those `wanted` alone, if there are some.

    Empty sheets are left out, and those that cannot be read and have no columns of a network. Raises BadFile as
    `sheet_table.sheets`, and for merged cells below the header.
    """
    merged: dict[str, list[str]] = {}
    there = {name: rows for name, rows in sheets(path, merged=merged).items() if rows}
    named = [name for name in there if name.strip() in wanted]
    made: dict[str, TextTable] = {}
    for name in named or there:
        try:
            made[name.strip()] = _sheet(path, name, headed(path, name, there[name], merged[name], notes))
        except BadFile as error:
            if named or len(there) == 1 or is_of_network(there[name]):
                raise
            called = f"{path.name}[{name}]"
            notes.warn(f"{called} was passed over: {error.message}")
    return made


def _sheet(path: Path, name: str, rows: Rows) -> TextTable:
    line, cells = rows[0]
    header = [text.strip() for text in cells]
    refuse_doubled(header, Place(f"{path}:{name}!{line}"))
    keep = [number for number, text in enumerate(header) if text]
    filled = [(number, [row[n] for n in keep]) for number, row in rows[1:]]
    filled = [(number, row) for number, row in filled if any(row)]
    names = [header[n] for n in keep]
    frame = pd.DataFrame(
        [row for _, row in filled], columns=plain_index(names), index=[n for n, _ in filled], dtype=object
    )
    return TextTable(
        frame=frame, path=str(path), sheet=name, letters=dict(zip(names, keep, strict=True)), first_line=0, delimiter=""
    )


def text_frame(frame: pd.DataFrame, name: str) -> TextTable:
    """Return a frame of any types as a table of text; floats that are whole lose their point.

    Levels of the index that have a name are columns. Raises BadValue for columns of several levels.
    """
    if not isinstance(frame, pd.DataFrame):
        raise BadValue(f"{name} is a {type(frame).__name__}, not a DataFrame", hint="give a pandas DataFrame")
    if isinstance(frame.columns, pd.MultiIndex):
        hint = "give them one name each: frame.columns = ['_'.join(names) for names in frame.columns]"
        raise BadValue(f"the columns of {name} have {frame.columns.nlevels} levels", place=Place(name), hint=hint)
    named = [level for level in frame.index.names if level is not None and level not in frame.columns]
    if named:
        frame = frame.reset_index(level=named)
    refuse_doubled(frame.columns, Place(name))
    made = {}
    for column in frame.columns:
        cells = frame[column]
        if pd.api.types.is_float_dtype(cells):
            made[str(column)] = number_text(cells.to_numpy(float))
        else:
            made[str(column)] = np.array([_plain(value) for value in cells.to_numpy(object)], object)
            wrong = unsound("\n".join(made[str(column)]))
            if wrong:
                raise BadValue(f"{wrong}, in the column '{column}'", place=Place(name), hint="delete it")
    columns = plain_index(str(name) for name in frame.columns)
    return TextTable(frame=pd.DataFrame(made, columns=columns, index=range(len(frame))), path=name, delimiter="")


def _plain(value: Any) -> str:
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return ""
    is_day = hasattr(value, "isoformat") and not isinstance(value, timedelta)
    return day_text(value) if is_day else str(value)


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
