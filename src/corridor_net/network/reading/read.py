"""Reading a data package: its CSV files checked against `datapackage.json`, every fault with its place."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from corridor_net.errors import BadFile, BadValue, CorridorError, DataFault, Place, RowRef, UnknownName, did_you_mean
from corridor_net.network.files.csv_file import read_rows
from corridor_net.network.files.faults import Faults
from corridor_net.network.files.fields import ColumnSchema
from corridor_net.network.files.json_text import place_of_part
from corridor_net.network.files.place import cell_place
from corridor_net.network.rows import ROW_TYPES, VOCABULARY, TableRow, row_id
from corridor_net.network.vocabulary import Vocabulary

from .keys import find_doubles, find_strangers
from .package import NEEDED, Package, TableSchema, held_columns, shipped_folder, shipped_package
from .unmatched import unmatched

Cells = list[str]
Reader = tuple[str, dict[str, Any], ColumnSchema, bool]
"""A column of a file: its name, the values of cells read already, what it holds, and whether the model keeps it."""
_AFTER_CODES = next(name for name in ROW_TYPES if name not in VOCABULARY)
REMEMBERED = 4096
"""Values of a column that are remembered: most columns repeat a few."""


_SIGNS = {"\t": "tabs", ";": "';'", ",": "','"}


@cache
def shipped_law() -> Package:
    """Return the description of the shipped package, its columns held to the shipped codes."""
    return vocabulary_of({}).held(shipped_package())


def vocabulary_of(rows: Mapping[str, Sequence[Any]]) -> Vocabulary:
    """Return the codes of a network: the shipped ones, and in their place or beside them those of its own tables."""
    return Vocabulary.of(rows, {name: shipped_rows(name) for name in VOCABULARY})


@cache
def shipped_rows(table: str) -> Sequence[Any]:
    """Return the rows of one shipped table."""
    return _Table(shipped_folder("geodata"), shipped_package().tables[table], Faults()).rows()


def hash_folder(folder: Path, package: Package) -> dict[str, str]:
    """Return the SHA-256 of every table and of datapackage.json, by file name."""
    names = sorted(package.tables[name].path for name in package.described)
    files = [*(name for name in names if (folder / name).is_file()), "datapackage.json"]
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in files}


def place_of(folder: str | Path, table: TableSchema, line: int, column: int | str) -> Place | None:
    """Return the place of a cell of a table of a package, None for a row that stands in no file."""
    return cell_place(Path(folder) / table.path, line, column, table.dialect) if line else None


def read_tables(folder: Path, package: Package) -> tuple[dict[str, Sequence[Any]], tuple[str, ...], Package]:
    """Read every table of the folder; raise DataFault with all faults of all files.

    Returns table name -> rows, each an instance of its class in `rows.ROW_TYPES`; the names of the tables that
    the package describes and whose file is not there: they are empty; and the package, its columns held to its codes.
    Tables of the vocabulary come first; where there is none the shipped one holds.
    """
    faults = Faults()
    rows: dict[str, Sequence[Any]] = {}
    broken: dict[str, Callable[..., set[Any]]] = {}
    absent = []
    for name in ROW_TYPES:
        if name == _AFTER_CODES:
            package = vocabulary_of(rows).held(package)
        table, before = package.tables[name], len(faults)
        if name not in NEEDED and not (name in package.described and (folder / table.path).exists()):
            rows[name] = shipped_rows(name) if name in VOCABULARY else ()
            absent += [name] if name in package.described and name not in VOCABULARY else []
            continue
        rows[name] = _Table(folder, table, faults).rows()
        if len(faults) > before:
            broken[name] = _raw_keys(folder)

    def report(
        kind: Any, name: str, row: TableRow, column: str, make: Callable[[], CorridorError], *others: RowRef
    ) -> None:
        def fault() -> CorridorError:
            error = make()
            error.place = place_of(folder, package.tables[name], row.line, column)
            return error.about(name, row_id(name, row), column, *others)

        faults.add((name, kind), fault)

    find_doubles(rows, package, report)
    find_strangers(rows, package, report, broken)
    for keys, message, hint in () if faults else unmatched(package, shipped_package(), rows):
        faults.add(keys[0], _of_description, folder / "datapackage.json", keys, message, hint)
    if faults:
        raise DataFault(f"{len(faults)} fault(s) in the data of '{folder}'", faults=faults.all())
    return rows, tuple(absent), package


def _of_description(path: Path, keys: tuple[str | int, ...], message: str, hint: str) -> CorridorError:
    text = f"datapackage.json at {'.'.join(map(str, keys[:2]))}: {message}"
    return BadFile(text, place=place_of_part(path, *keys), hint=hint)


class _Table:
    """Reads one file; one of `large` bytes or more column by column."""

    large = 4_000_000

    def __init__(self, folder: Path, table: TableSchema, faults: Faults) -> None:
        self.path, self.table, self.faults = folder / table.path, table, faults

    def rows(self) -> Sequence[Any]:
        """Return the rows that are good; every fault of the others is kept."""
        try:
            lines = read_rows(self.path, self.table.dialect)
            line, header = next(lines, (1, []))
            readers = self._readers(header, line)
            if readers is None:
                return ()
            if self.path.stat().st_size >= self.large and line == 1 and len(header) == len(readers):
                found = self._side_by_side(readers)
                if found is not None:
                    return found
            return tuple(self._read(readers, lines))
        except FileNotFoundError:
            place = Place(str(self.path))
            self._put("file", BadFile(f"the table '{self.table.path}' is missing", place=place))
        except BadFile as error:
            error.place = error.place or Place(str(self.path))
            self._put("file", error)
        return ()

    def _side_by_side(self, readers: list[Reader]) -> Sequence[Any] | None:
        """Return the rows of a large table that is plainly right, as columns; None for another."""
        from .read_columns import NotPlain, read_columns

        wanted = [(name, column, held) for name, _, column, held in readers]
        try:
            return read_columns(self.path, self.table.dialect, wanted, ROW_TYPES[self.table.name])
        except NotPlain:
            return None

    def _add(self, kind: Any, make: Callable[..., CorridorError], *given: Any) -> None:
        self.faults.add((self.table.name, kind), make, *given)

    def _put(self, kind: Any, fault: CorridorError) -> None:
        self.faults.put((self.table.name, kind), fault)

    def _place(self, line: int, column: int | str = 0) -> Place:
        return cell_place(self.path, line, column, self.table.dialect)

    # the header

    def _readers(self, header: Cells, line: int) -> list[Reader] | None:
        columns, before = self.table.columns, len(self.faults)
        while header and not header[-1].strip():
            header = header[:-1]
        if (
            len(header) == 1
            and header[0] not in columns
            and (self._above(header[0], line) or self._parted(header[0], line))
        ):
            return None
        seen: set[str] = set()
        for number, name in enumerate(header):
            if name not in columns:
                self._add("header", self._unknown, line, number, name)
            elif name in seen:
                self._add("header", self._doubled, line, number, name)
            seen.add(name)
        for name in columns:
            if name not in header:
                hint = "datapackage.json describes it: put it back, empty cells are allowed, or describe it no more"
                lost = BadFile(f"the column '{name}' is missing", place=self._place(line), hint=hint)
                self._put("header", lost)
        if len(self.faults) > before:
            return None
        held = held_columns(self.table.name)
        return [(name, {}, columns[name], name in held) for name in header]

    def _unknown(self, line: int, number: int, name: str) -> CorridorError:
        columns = self.table.columns
        hint = did_you_mean(name, columns, otherwise=f"columns: {', '.join(columns)}")
        return UnknownName(f"unknown column '{name}'", place=self._place(line, number), hint=hint)

    def _doubled(self, line: int, number: int, name: str) -> CorridorError:
        return BadFile(f"the column '{name}' stands twice", place=self._place(line, number))

    def _above(self, text: str, line: int) -> bool:
        """Whether the line is none of the table: it tells Excel the delimiter, or marks an unfinished merge."""
        found = text.startswith(("sep=", "<<<<<<<"))
        if found:
            hint = "delete what stands above the names of the columns"
            self._put("header", BadFile(f"the first line is '{text.strip()[:40]}'", place=self._place(line), hint=hint))
        return found

    def _parted(self, header: str, line: int) -> bool:
        own = self.table.dialect.delimiter
        other = next((sign for sign in ";\t|," if sign in header and sign != own), None)
        if other is not None:
            hint = 'save the table with commas, or write "dialect": {"delimiter": "…"} in datapackage.json'
            message = f"the columns are parted by {_SIGNS.get(other, other)}, not by {_SIGNS.get(own, own)}"
            self._put("header", BadFile(message, place=self._place(line), hint=hint))
        return other is not None

    # the rows

    def _read(self, readers: list[Reader], lines: Iterator[tuple[int, Cells]]) -> Iterator[Any]:
        make, width = ROW_TYPES[self.table.name], len(readers)
        for line, cells in lines:
            if len(cells) != width:
                if len(cells) < width or any(cell.strip() for cell in cells[width:]):
                    self._add("width", self._ragged, line, len(cells), width)
                    continue
                del cells[width:]
            values = self._values(readers, cells, line)
            if values is not None:
                yield make(line=line, **values)

    def _values(self, readers: list[Reader], cells: Cells, line: int) -> dict[str, Any] | None:
        values, good = {}, True
        for number, (name, known, column, held) in enumerate(readers):
            cell = cells[number]
            if cell in known:
                value = known[cell]
            elif cell in column.missing:
                if column.required:
                    good = False
                    self._refuse(name, "missing", line, number, f"'{name}' is missing")
                continue
            else:
                try:
                    value = column.read(cell)
                except BadFile:
                    raise  # no cell of the column can be read
                except ValueError as error:
                    good = False
                    text = f"{name} = '{cell[:60]}': {error}"
                    self._refuse(name, str(error), line, number, text, _guess(name, cell, str(error), column))
                    continue
                if len(known) < REMEMBERED:
                    known[cell] = value
            if held:
                values[name] = value
        return values if good else None

    def _ragged(self, line: int, cells: int, width: int) -> BadFile:
        return BadFile(f"the row has {cells} cells, the header {width}", place=self._place(line))

    def _refuse(self, name: str, kind: str, line: int, number: int, message: str, hint: str | None = None) -> None:
        def fault() -> BadValue:
            return BadValue(message, place=self._place(line, number), hint=hint)

        self._add((name, kind), fault)


def _guess(name: str, cell: str, refused: str, column: ColumnSchema) -> str | None:
    """Return what a number that is too large may be."""
    if "or less" not in refused:
        return None
    if name == "y_coord" and re.fullmatch(r"(9\d|1[0-7]\d)(\D.*)?", cell.strip()):
        return "longitude and latitude seem to be exchanged"
    return "these may be metres: divide by 1,000" if column.unit == "km" else None


def _raw_keys(folder: Path) -> Callable[[TableSchema, tuple[str, ...]], set[Any]]:
    """Return what gives the keys of a table that has faults, as far as it can be read."""

    def keys(table: TableSchema, columns: tuple[str, ...]) -> set[Any]:
        try:
            lines = [cells for _, cells in read_rows(folder / table.path, table.dialect)]
            numbers = [lines[0].index(column) for column in columns]
        except (OSError, CorridorError, ValueError, IndexError):
            return set()
        whole = [cells for cells in lines[1:] if len(cells) > max(numbers)]
        if len(numbers) == 1:
            return {cells[numbers[0]] for cells in whole}
        return {tuple(cells[number] for number in numbers) for cells in whole}

    return keys
