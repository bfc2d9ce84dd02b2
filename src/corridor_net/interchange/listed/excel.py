"""A workbook with a sheet a table: node and link are needed, every other table of the package may be there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from corridor_net.errors import BadFile, Place
from corridor_net.interchange.headers import SHEETS
from corridor_net.interchange.notes import Notes
from corridor_net.interchange.options import ImportOptions
from corridor_net.interchange.package import table_columns
from corridor_net.interchange.raw import Raw
from corridor_net.interchange.text_tables import TextTable, read_workbook

from .frames import package_table, raw_of
from .tables import read_tables

RAW = ("node", "link")


def read_excel(path: Path, options: ImportOptions, notes: Notes) -> Raw:
    """Read the sheets of a workbook. Raises BadFile where one is missing, UnknownName for an unknown column."""
    sheets = _named_sheets(path, read_workbook(path, notes))
    lost = [name for name in RAW if name not in sheets]
    if lost and "link" not in sheets and len(sheets) > 1:
        return read_tables([path], options, notes)  # whatever its sheets are called, their columns say what they are
    if lost:
        raise BadFile(
            f"'{path.name}' has no sheet '{lost[0]}'",
            place=Place(str(path)),
            hint=f"sheets: {', '.join(sheets) or 'none with a row'}; node and link are needed",
        )
    columns = table_columns()
    unknown = [name for name in sheets if name not in columns]
    if unknown:
        notes.warn(f"sheets that are no table of the package were passed over: {', '.join(unknown)}")
    tables = {name: package_table(sheets[name], name) for name in columns if name in sheets and name not in RAW}
    whole = set(columns["link"]) <= set(sheets["link"].frame.columns)
    raw = raw_of(sheets["node"], sheets["link"], options, notes, source=path.name)
    if whole:
        for name in RAW:
            tables[name] = package_table(sheets[name], name)
    return raw.but(tables=tables, origin={"format": "excel"})


def _named_sheets(path: Path, sheets: Mapping[str, TextTable]) -> dict[str, TextTable]:
    """Return the sheets by the names of tables: an exact name before another word for it.

    Raises BadFile where two sheets stand for one table.
    """
    theirs = {name: name.strip().casefold().replace("-", "_").replace(" ", "_") for name in sheets}
    called = {word: table for table in RAW for word in SHEETS[table].split()}
    ours = {
        name: word if called.get(word) in theirs.values() else called.get(word, word) for name, word in theirs.items()
    }
    for table in ours.values():
        both = [name for name in sheets if ours[name] == table]
        if len(both) > 1:
            raise BadFile(
                f"'{path.name}' has several sheets that may be the table '{table}': {', '.join(both)}",
                place=Place(str(path)),
                hint=f"call the one that is meant '{table}'",
            )
    return {ours[name]: sheet for name, sheet in sheets.items()}
