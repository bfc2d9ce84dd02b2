"""Reading the data package: CSV files checked against `datapackage.json`, every fault with its place."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from corridor_net.errors import BadFile, BadValue, CorridorError, DataFault, Place, UnknownName, did_you_mean

from .rows import ROW_TYPES

Schema = dict[str, Any]


def shipped_folder(name: str) -> Path:
    """Return the folder `geodata` or `scenarios` that ships with the package, or that of a checkout."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / name, package.parent.parent / name):
        if folder.is_dir():
            return folder
    raise BadFile(f"the folder '{name}' is missing from the installed package", hint="install corridor-net again")


def read_schema(folder: Path) -> dict[str, Schema]:
    """Return the table schemas of `datapackage.json`, by table name."""
    path = folder / "datapackage.json"
    try:
        package = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadFile(
            f"'{folder}' holds no datapackage.json", hint="--geodata names a folder made like the shipped one"
        ) from None
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BadFile(f"datapackage.json cannot be read: {error}", place=Place(str(path))) from None
    return {
        resource["name"].replace("-", "_"): {"path": resource["path"], **resource["schema"]}
        for resource in package["resources"]
    }


@cache
def shipped_columns() -> dict[str, dict[str, Callable[[str], Any]]]:
    """Return, for every table, what turns the text of each column into its value or raises ValueError."""
    schemas = read_schema(shipped_folder("geodata"))
    return {name: {field["name"]: _converter(field) for field in schema["fields"]} for name, schema in schemas.items()}


def hash_folder(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every CSV and of datapackage.json, by file name."""
    files = [*sorted(folder.glob("*.csv")), folder / "datapackage.json"]
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def read_tables(folder: Path) -> dict[str, tuple[Any, ...]]:
    """Read every table of the folder; raise DataFault with all faults of all files.

    Returns table name -> rows, each an instance of its class in `rows.ROW_TYPES`.
    """
    faults: list[CorridorError] = []
    tables: dict[str, tuple[Any, ...]] = {}
    schemas = read_schema(folder)
    for name in ROW_TYPES:
        if name not in schemas:
            faults.append(BadFile(f"datapackage.json describes no table '{name}'"))
            continue
        tables[name] = _read_table(folder / schemas[name]["path"], schemas[name], ROW_TYPES[name], faults)
    _check_keys(folder, schemas, tables, faults)
    if faults:
        raise DataFault(f"{len(faults)} fault(s) in the data of '{folder}'", faults=faults)
    return tables


def _read_table(path: Path, schema: Schema, row_type: type, faults: list[CorridorError]) -> tuple[Any, ...]:
    try:
        with path.open(newline="", encoding="utf-8") as file:
            reader = csv.reader(file)
            header = next(reader, [])
            columns = _columns(path, header, schema, faults)
            if columns is None:
                return ()
            rows = []
            for cells in reader:
                row = _read_row(path, reader.line_num, cells, columns, faults)
                if row is not None:
                    rows.append(row_type(line=reader.line_num, **row))
            return tuple(rows)
    except FileNotFoundError:
        faults.append(BadFile(f"the table '{path.name}' is missing", place=Place(str(path))))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        faults.append(BadFile(f"the table cannot be read: {error}", place=Place(str(path))))
    return ()


def _columns(
    path: Path, header: list[str], schema: Schema, faults: list[CorridorError]
) -> list[tuple[str, Callable[[str], Any], bool]] | None:
    fields = {field["name"]: field for field in schema["fields"]}
    before = len(faults)
    for column, name in enumerate(header):
        if name not in fields:
            place = Place(str(path), 1, 1 + sum(len(h) + 1 for h in header[:column]), ",".join(header))
            faults.append(
                UnknownName(
                    f"unknown column '{name}'",
                    place=place,
                    hint=did_you_mean(name, fields, otherwise=f"columns: {', '.join(fields)}"),
                )
            )
    for name, field in fields.items():
        if name not in header and field.get("constraints", {}).get("required"):
            faults.append(BadFile(f"the column '{name}' is missing", place=Place(str(path), 1)))
    if len(faults) > before:
        return None
    return [
        (name, _converter(fields[name]), bool(fields[name].get("constraints", {}).get("required"))) for name in header
    ]


def _converter(field: dict[str, Any]) -> Callable[[str], Any]:
    limits = field.get("constraints", {})
    low, high = limits.get("minimum"), limits.get("maximum")
    choices = frozenset(limits["enum"]) if "enum" in limits else None
    pattern = re.compile(limits["pattern"]) if "pattern" in limits else None
    kinds: dict[str, Callable[[str], Any]] = {
        "string": str,
        "integer": int,
        "number": float,
        "date": date.fromisoformat,
    }
    kind = kinds[field["type"]]

    def convert(text: str) -> Any:
        value = kind(text)
        if choices is not None and value not in choices:
            raise ValueError(f"must be one of {', '.join(map(str, sorted(choices)))}")
        if pattern is not None and not pattern.fullmatch(text):
            raise ValueError(f"must look like {pattern.pattern}")
        if isinstance(value, (int, float)):
            if value != value or value in (float("inf"), float("-inf")):
                raise ValueError("must be a finite number")
            if low is not None and value < low:
                raise ValueError(f"must be {low} or more")
            if high is not None and value > high:
                raise ValueError(f"must be {high} or less")
        return value

    return convert


def _read_row(
    path: Path,
    line: int,
    cells: list[str],
    columns: list[tuple[str, Callable[[str], Any], bool]],
    faults: list[CorridorError],
) -> dict[str, Any] | None:
    if len(cells) != len(columns):
        faults.append(
            BadFile(
                f"the row has {len(cells)} cells, the header {len(columns)}",
                place=Place(str(path), line, 1, ",".join(cells)),
            )
        )
        return None
    row: dict[str, Any] = {}
    good = True
    for index, ((name, convert, required), cell) in enumerate(zip(columns, cells, strict=True)):
        if cell == "":
            if required:
                good = False
                faults.append(BadValue(f"'{name}' is missing", place=_cell_place(path, line, cells, index)))
            continue
        try:
            row[name] = convert(cell)
        except ValueError as error:
            good = False
            faults.append(BadValue(f"{name} = '{cell}': {error}", place=_cell_place(path, line, cells, index)))
    return row if good else None


def _cell_place(path: Path, line: int, cells: list[str], index: int) -> Place:
    return Place(str(path), line, 1 + sum(len(cell) + 1 for cell in cells[:index]), ",".join(cells))


def _check_keys(
    folder: Path, schemas: dict[str, Schema], tables: dict[str, tuple[Any, ...]], faults: list[CorridorError]
) -> None:
    keys: dict[tuple[str, str], set[Any]] = {}
    for name, rows in tables.items():
        schema = schemas[name]
        path = str(folder / schema["path"])
        primary = schema.get("primaryKey")
        if primary:
            seen: dict[tuple[Any, ...], int] = {}
            for row in rows:
                key = tuple(getattr(row, column) for column in primary)
                if key in seen:
                    faults.append(
                        BadValue(
                            f"{' and '.join(primary)} {'/'.join(map(str, key))} stands already on line {seen[key]}",
                            place=Place(path, row.line),
                        )
                    )
                seen[key] = row.line
        for foreign in schema.get("foreignKeys", ()):
            other = foreign["reference"]["resource"].replace("-", "_")
            column, target = foreign["fields"][0], foreign["reference"]["fields"][0]
            if (other, target) not in keys:
                keys[other, target] = {getattr(row, target) for row in tables.get(other, ())}
            known = keys[other, target]
            faults.extend(
                UnknownName(
                    f"{column} '{getattr(row, column)}' is not in table {other}",
                    place=Place(path, row.line),
                    hint=did_you_mean(str(getattr(row, column)), map(str, known)),
                )
                for row in rows
                if getattr(row, column) not in known
            )
