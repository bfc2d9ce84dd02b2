"""Reading the data package: CSV files checked against `datapackage.json`, every fault with its place."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import json
import re
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from corridor_net.errors import BadFile, BadValue, CorridorError, DataFault, Place, UnknownName, did_you_mean

from .place import cell_place
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
    try:
        return {
            resource["name"].replace("-", "_"): {"path": resource["path"], **resource["schema"]}
            for resource in package["resources"]
        }
    except (KeyError, TypeError, AttributeError) as error:
        raise BadFile(
            f"datapackage.json is not a data package: {error}",
            place=Place(str(path)),
            hint="it needs resources, each with name, path and schema",
        ) from None


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
    broken: set[str] = set()
    schemas = read_schema(folder)
    for name in ROW_TYPES:
        before = len(faults)
        if name not in schemas:
            faults.append(BadFile(f"datapackage.json describes no table '{name}'"))
            continue
        tables[name] = _read_table(folder / schemas[name]["path"], schemas[name], ROW_TYPES[name], faults)
        if len(faults) > before:
            broken.add(name)
    _check_keys(folder, schemas, tables, broken, faults)
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
            rows, line = [], reader.line_num + 1
            needed = {item.name for item in dataclasses.fields(row_type) if item.default is dataclasses.MISSING}
            held = {item.name for item in dataclasses.fields(row_type)}
            for cells in reader:
                row = _read_row(path, line, cells, columns, needed, faults)
                if row is not None:
                    rows.append(row_type(line=line, **{name: row[name] for name in row if name in held}))
                line = reader.line_num + 1
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
            place = cell_place(path, 1, column)
            faults.append(
                UnknownName(
                    f"unknown column '{name}'",
                    place=place,
                    hint=did_you_mean(name, fields, otherwise=f"columns: {', '.join(fields)}"),
                )
            )
        elif name in header[:column]:
            faults.append(BadFile(f"the column '{name}' stands twice", place=cell_place(path, 1, column)))
    for name, field in fields.items():
        if name not in header and field.get("constraints", {}).get("required"):
            faults.append(BadFile(f"the column '{name}' is missing", place=cell_place(path, 1)))
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
        if "_" in text and kind in (int, float):
            raise ValueError("must be a number")
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
    needed: set[str],
    faults: list[CorridorError],
) -> dict[str, Any] | None:
    if len(cells) != len(columns):
        faults.append(
            BadFile(
                f"the row has {len(cells)} cells, the header {len(columns)}",
                place=cell_place(path, line),
            )
        )
        return None
    row: dict[str, Any] = {}
    good = True
    for index, ((name, convert, required), cell) in enumerate(zip(columns, cells, strict=True)):
        if cell == "":
            if required or name in needed:
                good = False
                faults.append(BadValue(f"'{name}' is missing", place=cell_place(path, line, index)))
            continue
        try:
            row[name] = convert(cell)
        except ValueError as error:
            good = False
            faults.append(BadValue(f"{name} = '{cell}': {error}", place=cell_place(path, line, index)))
    return row if good else None


def _check_keys(
    folder: Path,
    schemas: dict[str, Schema],
    tables: dict[str, tuple[Any, ...]],
    broken: set[str],
    faults: list[CorridorError],
) -> None:
    """Find doubled keys, and names that are not in the table they point at, be their rows good or not."""
    keys: dict[tuple[str, str], set[Any]] = {}
    for name, rows in tables.items():
        schema = schemas[name]
        path = folder / schema["path"]
        primary = schema.get("primaryKey")
        if primary:
            seen: dict[tuple[Any, ...], int] = {}
            for row in rows:
                key = tuple(getattr(row, column) for column in primary)
                if key in seen:
                    faults.append(
                        BadValue(
                            f"{' and '.join(primary)} {'/'.join(map(str, key))} stands already on line {seen[key]}",
                            place=cell_place(path, row.line, primary[0]),
                        )
                    )
                seen[key] = row.line
        for foreign in schema.get("foreignKeys", ()):
            other = foreign["reference"]["resource"].replace("-", "_")
            column, target = foreign["fields"][0], foreign["reference"]["fields"][0]
            if (other, target) not in keys:
                keys[other, target] = {getattr(row, target) for row in tables.get(other, ())}
                if other in broken:
                    keys[other, target] |= _raw_column(folder / schemas[other]["path"], target)
            known = keys[other, target]
            if other in broken and not known:
                continue
            faults.extend(
                UnknownName(
                    f"{column} '{getattr(row, column)}' is not in table {other}",
                    place=cell_place(path, row.line, column),
                    hint=did_you_mean(str(getattr(row, column)), map(str, known)),
                )
                for row in rows
                if getattr(row, column) not in known
            )


def _raw_column(path: Path, name: str) -> set[str]:
    """Return the cells of a column of a table that has faults, as far as it can be read."""
    try:
        with path.open(newline="", encoding="utf-8") as file:
            return {row[name] for row in csv.DictReader(file) if row.get(name)}
    except (OSError, UnicodeDecodeError, csv.Error):
        return set()
