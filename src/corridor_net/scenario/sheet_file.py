"""A scenario as a workbook: a sheet of keys and a sheet with a row a change, every fault at its sheet and cell.

Sheet `scenario` has a key in column A and its value in B. Sheet `changes` has a heading a column in its first row. A
key in brackets may have what it is called before it, as `new --xlsx` writes it in other languages: `新しい値 (value)`;
with any other words before it, it is no key.
A cell says what the key says in YAML; maps and lists are written out: `crossing_id = a | b; direction = in`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from corridor_net.errors import BadFile, BadValue, CorridorError, Place, UnknownName, did_you_mean, raise_all
from corridor_net.languages import catalogue
from corridor_net.network.files.workbook import opened
from corridor_net.render.words import LANGUAGES

from .model import ALLOWED, ALWAYS, VERBS, ScenarioFile
from .yaml_file import Placed
from .yaml_text import scalar

KEYS_SHEET, CHANGES_SHEET = "scenario", "changes"
SHEETS = (KEYS_SHEET, CHANGES_SHEET)
KEYS = tuple(name for name in ScenarioFile.model_fields if name != "changes")
LISTS = ("extends", "requires", "conflicts")
HEADS = ("change", "table", *dict.fromkeys(name for verb in VERBS for name in (*ALLOWED[verb], *ALWAYS)))
"""Headings of the sheet of changes."""
WAY = "column = value; column = value | value"
"""How a map is written in a cell."""
CALLED = {
    "scenario": "name",
    "title": "title",
    "why": "reason",
    "source": "source",
    "as_of": "day seen",
    "extends": "builds on",
    "requires": "needs beside it",
    "conflicts": "not together with",
    "investment_usd": "investment, USD",
    "change": "what is done",
    "table": "table",
    "where": "which rows",
    "field": "field",
    "value": "new value",
    "component": "component",
    "was": "value before",
    "cargo_unit": "box",
    "currency": "currency",
    "price_year": "price year",
    "optional": "may be absent",
    "valid_from": "holds from",
    "grade": "grade",
    "by": "factor or difference",
    "row": "new row",
    "calls": "calls",
    "border_like": "border like",
}
"""What keys and headings are called in other languages than English, the key beside it."""
BESIDE = re.compile(r"(.+?)\s*[(（](\w+)[)）]", re.DOTALL)
"""A key or heading with what it is called before it."""
MOST_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class SheetFile(Placed):
    """A scenario read from a workbook, able to say in which cell anything in it stands."""

    path: str
    data: dict[str, Any]
    cells: dict[tuple[str | int, ...], str] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> SheetFile:
        """Read a workbook; raise BadFile, or every fault of its cells at once, each with sheet and cell."""
        if not path.is_file():
            raise BadFile(f"there is no file '{path}'", hint="'corridor-net new NAME --xlsx' writes one to start from")
        reader = _SheetReader(path)
        with opened(path, data_only=True) as book, opened(path) as plain:
            reader.take(book, plain)
        raise_all(reader.faults)
        return cls(str(path), reader.data, reader.cells)

    def place(self, *keys: str | int, of_key: bool = False) -> Place:
        """Return where the value under `keys` stands; the nearest thing above it when absent."""
        for count in range(len(keys), 0, -1):
            cell = self.cells.get((*keys[:count], "key") if of_key and count == len(keys) else keys[:count])
            cell = cell or self.cells.get(keys[:count])
            if cell:
                return Place(f"{self.path}:{cell}")
        return Place(f"{self.path}:{KEYS_SHEET}!A1")


class _SheetReader:
    """Takes the two sheets apart; `faults` are found on the way."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.data: dict[str, Any] = {}
        self.cells: dict[tuple[str | int, ...], str] = {}
        self.faults: list[CorridorError] = []

    def fault(self, where: str, message: str, hint: str, kind: type[CorridorError] = BadValue) -> None:
        self.faults.append(kind(message, place=Place(f"{self.path}:{where}"), hint=hint))

    def take(self, book: Any, plain: Any) -> None:
        names = {sheet.title.strip().casefold(): sheet.title for sheet in book.worksheets}
        if KEYS_SHEET not in names:
            raise BadFile(
                f"'{self.path.name}' has no sheet '{KEYS_SHEET}'",
                place=Place(str(self.path)),
                hint=f"sheets: {', '.join(names.values())}; 'corridor-net new NAME --xlsx' writes one to start from",
            )
        for name in SHEETS:
            if name in names:
                sheet, formulas = book[names[name]], plain[names[name]]
                if self._merged(sheet):
                    continue
                read = self._keys if name == KEYS_SHEET else self._changes
                read(sheet, formulas)

    def _merged(self, sheet: Any) -> bool:
        for area in sheet.merged_cells.ranges:
            self.fault(
                f"{sheet.title}!{area.coord}", "merged cells", "unmerge them: each value stands in a cell of its own"
            )
        return bool(sheet.merged_cells.ranges)

    def _keys(self, sheet: Any, plain: Any) -> None:
        met: dict[str, str] = {}
        for row in self._rows(sheet):
            name, value = _key(self._text(row[0], sheet)), self._value(row[1] if len(row) > 1 else None, sheet, plain)
            if name == "" and value is None:
                continue
            place = f"{sheet.title}!{row[0].coordinate}"
            if name not in KEYS:
                hint = did_you_mean(name, KEYS, otherwise=f"keys: {', '.join(KEYS)}")
                message = f"unknown key '{name}'" if name else "a value without a key"
                self.fault(place, message, hint, UnknownName if name else BadValue)
            elif name in met:
                self.fault(place, f"'{name}' stands twice, in {met[name]} and {row[0].coordinate}", "write it once")
            elif value is not None:
                cell, met[name] = row[1], row[0].coordinate
                self.cells[name,], self.cells[name, "key"] = f"{sheet.title}!{cell.coordinate}", place
                self.data[name] = _listed(value) if name in LISTS else value

    def _changes(self, sheet: Any, plain: Any) -> None:
        rows = self._rows(sheet)
        head = next(rows, ())
        before = len(self.faults)
        names = [_key(self._text(cell, sheet)).casefold().replace(" ", "_") for cell in head]
        met: dict[str, str] = {}
        for cell, name in zip(head, names, strict=True):
            first = met.setdefault(name, cell.coordinate)
            if name and name not in HEADS:
                hint = did_you_mean(name, HEADS, otherwise=f"headings: {', '.join(HEADS)}")
                message = f"unknown heading '{cell.value.strip()}'"
                self.fault(f"{sheet.title}!{cell.coordinate}", message, hint, UnknownName)
            elif name and first != cell.coordinate:
                both = f"the heading '{name}' stands twice, in {first} and {cell.coordinate}"
                self.fault(f"{sheet.title}!{cell.coordinate}", both, "keep one")
        if len(self.faults) > before:
            return
        listed: list[dict[str, Any]] = []
        for row in rows:
            change = self._change(sheet, names, row, plain, len(listed))
            if change:
                listed.append(change)
        self.data["changes"] = listed

    def _change(self, sheet: Any, names: list[str], row: tuple[Any, ...], plain: Any, number: int) -> dict[str, Any]:
        """Return one change as YAML has it; {} for an empty row."""
        given: dict[str, tuple[Any, Any]] = {}
        for column, cell in enumerate(row):
            value = self._value(cell, sheet, plain)
            if value is None:
                continue
            name = names[column] if column < len(names) else ""
            if name:
                given[name] = (value, cell)
            else:
                where = f"{sheet.title}!{cell.coordinate}"
                self.fault(where, f"'{value}' stands under no heading", "give its column a heading, or clear the cell")
        if not given:
            return {}
        self.cells["changes", number] = f"{sheet.title}!{row[0].coordinate}"
        verb, table = (given.pop(name, ("", None)) for name in ("change", "table"))
        if verb[0] not in VERBS:
            where = f"{sheet.title}!{(verb[1] or row[0]).coordinate}"
            hint = did_you_mean(str(verb[0]), VERBS, otherwise=f"one of: {', '.join(VERBS)}")
            self.fault(where, f"unknown change '{verb[0]}'" if verb[1] else "a row without a change", hint)
            return {}
        change: dict[str, Any] = {str(verb[0]): table[0]}
        self.cells["changes", number, str(verb[0])] = f"{sheet.title}!{(table[1] or row[0]).coordinate}"
        for name, (value, cell) in given.items():
            where = f"{sheet.title}!{cell.coordinate}"
            self.cells["changes", number, name] = where
            change[name] = self._written_out(name, value, where)
        return change

    def _written_out(self, name: str, value: Any, where: str) -> Any:
        """Return what a cell stands for: a map of columns, calls of a service, or its value."""
        if name in ("where", "row"):
            return self._map(name, str(value), where)
        if name == "calls":
            return [{"node": one.strip()} for one in str(value).split(">") if one.strip()]
        if name == "optional" and isinstance(value, str):
            return {"yes": True, "true": True, "no": False, "false": False}.get(value.casefold(), value)
        return value

    def _map(self, name: str, text: str, where: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for part in filter(str.strip, text.replace("\n", ";").split(";")):
            column, sign, given = (one.strip() for one in part.partition("="))
            if not (column and sign and given):
                self.fault(where, f"'{part.strip()}' is no column and value", f"write them as {WAY}")
                continue
            if column in found:
                self.fault(where, f"'{column}' stands twice", "write its values as a | b")
            found[column] = [one.strip() for one in given.split("|")] if name == "where" else scalar(given)
        return found

    def _rows(self, sheet: Any) -> Iterator[tuple[Any, ...]]:
        if sheet.max_row > MOST_ROWS:
            raise BadFile(
                f"the sheet '{sheet.title}' has {sheet.max_row:,} rows, and {MOST_ROWS:,} are read at most",
                place=Place(f"{self.path}:{sheet.title}!A{MOST_ROWS}"),
                hint="delete the empty rows below the table",
            )
        yield from sheet.iter_rows()

    def _text(self, cell: Any, sheet: Any) -> str:
        value = cell.value
        if value is not None and not isinstance(value, str):
            self.fault(f"{sheet.title}!{cell.coordinate}", f"'{value}' is no name", "write a key or heading as text")
        return value.strip() if isinstance(value, str) else ""

    def _value(self, cell: Any, sheet: Any, plain: Any) -> Any:
        """Return the value of a cell, None for an empty one; a formula that is not worked out, or fails, is a fault."""
        if cell is None:
            return None
        value, where = cell.value, f"{sheet.title}!{cell.coordinate}"
        if cell.data_type == "e":
            self.fault(where, f"the cell shows {value}", "mend its formula, or write the value")
            return None
        if value is None:
            written = plain[cell.coordinate].value
            if written is not None:
                self.fault(where, f"the formula {written} has no value yet", "open it in a spreadsheet and save it")
            return None
        if isinstance(value, str):
            return value.strip() or None
        if isinstance(value, datetime) and not any((value.hour, value.minute, value.second)):
            return value.date()
        if isinstance(value, (bool, int, float, date)) and not isinstance(value, datetime):
            return int(value) if isinstance(value, float) and value.is_integer() else value
        self.fault(where, f"'{value}' is a time of day", "make the cell text, such as 09:00-19:00")
        return None


def _key(text: str) -> str:
    """Return a key or heading without what it is called before it; a text that is neither as it is."""
    beside = BESIDE.fullmatch(text)
    return beside[2] if beside and beside[1].casefold() in _called(beside[2]) else text


@cache
def _called(key: str) -> frozenset[str]:
    """Return what a key is called, in every language; nothing for what is no key."""
    if key not in CALLED:
        return frozenset()
    said = CALLED[key]
    return frozenset(catalogue(one).get(said, said).casefold() for one in LANGUAGES)


def _listed(value: Any) -> list[str]:
    return [one.strip() for one in str(value).replace("\n", ";").split(";") if one.strip()]
