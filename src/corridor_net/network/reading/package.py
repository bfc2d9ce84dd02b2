"""The description of a data package: `datapackage.json` read into tables, columns and keys. No rows.

Read as Data Package and Table Schema allow (https://specs.frictionlessdata.io); what is not read is refused by name.
Properties of our own: of a schema `uniqueInTime` and `uniquePair`, of a field `wkt`, of the package `days`, `day`,
`customsAreas`, `overseas`, `schematic`, `basemap`, `gdpUnit`, `study` and `pair`. Of the keys, `wkt`, `day` and
`customsAreas` a package that leaves them out has the shipped ones; the others say something of one region, so that a
package has them only if it says so. The shipped package is also the law of what each column of the model must hold.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from corridor_net.errors import BadFile, CorridorError, DataFault, did_you_mean, nearest
from corridor_net.network.files.csv_file import PLAIN, Dialect
from corridor_net.network.files.faults import shortened
from corridor_net.network.files.fields import ColumnSchema
from corridor_net.network.files.json_text import place_of_part, read_json
from corridor_net.network.fixed import Fixed
from corridor_net.network.rows import ROW_TYPES, VOCABULARY

from .describe import (
    Bad,
    Part,
    column_of,
    days_of,
    dialect_of,
    items_of,
    keys_of,
    missing_of,
    names_of,
    object_of,
    path_of,
    text_of,
)
from .properties import of_resource, without_effect
from .region import Overseas, region_of
from .sealed import unlike

NEEDED = ("source", "node", "link", "terminal", "operation", "speed", "tariff", "cargo", "emission_factor",
          "exchange_rate", "deflator")  # fmt: skip
"""Tables without which nothing can be asked; any other that is absent is empty."""
EXPLAINING = ("country",)
"""Tables that only say more of a code; a package that does not describe one is not held to the codes of it.

Those of the vocabulary are no keys to the reader: `Vocabulary.held` holds columns to their codes.
"""
MADE_LIKE = "a data package is a folder made like the shipped one: tables, and datapackage.json which describes them"
AS_SHIPPED = "write it as the shipped datapackage.json does; docs/own-data.md says what each part means"
OLD_VERSION = ("corridor-net-geodata", "2026.11")
OLD_BOUNDS = {
    ("node", "node_id"): {"pattern"},
    ("node_name", "language"): {"enum"},
    ("link", "length_km"): {"minimum"},
    ("link", "geometry_id"): {"required"},
    ("link", "gauge_mm"): {"enum"},
    ("sea_lane", "length_km"): {"minimum"},
    ("sea_lane", "length_nmi"): {"minimum"},
    ("terminal", "from_state"): {"enum"},
    ("terminal", "to_state"): {"enum"},
    ("operation", "currency"): {"enum"},
    ("operation", "price_year"): {"minimum", "maximum"},
    ("tariff", "currency"): {"enum"},
    ("tariff", "price_year"): {"minimum", "maximum"},
    ("cargo", "price_year"): {"minimum", "maximum"},
    ("market", "price_year"): {"minimum", "maximum"},
    ("exchange_rate", "currency"): {"enum"},
}
"""Constraints of the description of 2026.11 that fitted the shipped region alone; copies of it are not held to them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKey:
    """Columns whose cells name a row of another table."""

    columns: tuple[str, ...]
    table: str
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSchema:
    """A table of the package: its file, its columns and its keys.

    `unique_in_time` are keys of which two rows may not hold on one day; `unique_pair` are two columns of which no
    two rows may hold the same pair, either way round.
    """

    name: str
    path: str
    columns: Mapping[str, ColumnSchema]
    dialect: Dialect = PLAIN
    unique: tuple[tuple[str, ...], ...] = ()
    unique_in_time: tuple[tuple[str, ...], ...] = ()
    unique_pair: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """What `datapackage.json` says: its tables by name, its days, the areas without borders inside, and its region.

    `tables` has every table of the model; `described` names those that the package itself describes. `overseas` is
    what lies across the sea, `basemap` the file its maps are drawn on,
    `gdp_unit` the unit of the products of its markets.
    Where `schematic`, coordinates are a drawing and say nothing of lengths.
    `study` and `pair` (origin, destination) are what is meant where none is named; a study is a file in the package's
    folder, or shipped.
    """

    tables: Mapping[str, TableSchema]
    described: frozenset[str] = frozenset(ROW_TYPES)
    days: tuple[date, date] | None = None
    day: date | None = None
    customs_areas: Mapping[str, frozenset[str]] = field(default_factory=dict)
    title: str = ""
    overseas: Overseas = field(default_factory=Overseas)
    schematic: bool = False
    basemap: str = ""
    gdp_unit: str = ""
    study: str | None = None
    pair: tuple[str, str] | None = None


def shipped_folder(name: str) -> Path:
    """Return the folder `geodata` or `scenarios` that ships with the package, or that of a checkout."""
    package = Path(__file__).resolve().parents[2]
    for folder in (package / name, package.parent.parent / name):
        if folder.is_dir():
            return folder
    raise BadFile(f"the folder '{name}' is missing from the installed package", hint="install corridor-net again")


@cache
def shipped_package() -> Package:
    """Return the description of the shipped package."""
    return _PackageReader(shipped_folder("geodata"), None).run()


def read_package(folder: Path) -> Package:
    """Return the description of a package; raise BadFile where it is none, DataFault with every fault in it."""
    shipped = shipped_package()
    return shipped if folder == shipped_folder("geodata") else _PackageReader(folder, shipped).run()


def held_columns(table: str) -> dict[str, bool]:
    """Return the columns of the model's row of a table, and whether a row needs them."""
    return {
        item.name: item.default is dataclasses.MISSING
        for item in dataclasses.fields(ROW_TYPES[table])
        if item.name != "line"
    }


class _PackageReader:
    def __init__(self, folder: Path, model: Package | None) -> None:
        self.folder, self.path = folder, folder / "datapackage.json"
        self.model = model
        self.faults: list[CorridorError] = []
        self.old = False

    def run(self) -> Package:
        content = _content(self.folder, self.path)
        resources = content.get("resources") if isinstance(content, dict) else None
        if not isinstance(resources, list):
            raise self._fault("is not a data package", hint="it needs resources, each with name, path and schema")
        self.old = self.model is not None and (content.get("name"), content.get("version")) == OLD_VERSION
        found: dict[str, TableSchema] = {}
        for number, resource in enumerate(resources):
            self._try(self._resource, resource, number, found)
        self.faults += [self._fault(message, hint, *keys) for keys, message, hint in without_effect(content)]
        self._misspelt(resources, found)
        for name, table in found.items():
            keys = (key for key in table.foreign_keys if key.table not in VOCABULARY)
            held = tuple(key for key in keys if key.table in found or key.table not in EXPLAINING)
            found[name] = dataclasses.replace(table, foreign_keys=held)
        span = self._try(days_of, content, "days", 2)
        day = self._try(days_of, content, "day", 1) or (None,)
        areas = self._try(_areas, content)
        region = self._try(region_of, content) or {}
        study = self._try(text_of, content, "study", "study") if "study" in content else None
        pair = self._try(_pair, content)
        if not self.faults and self.model is not None:
            hint = f"nothing can be asked without the tables {', '.join(NEEDED)}"
            self.faults += [self._fault(f"describes no table '{name}'", hint) for name in NEEDED if name not in found]
        if self.faults:
            raise DataFault(f"{len(self.faults)} fault(s) in '{self.path}'", faults=shortened(self.faults))
        base = self.model
        return Package(
            tables=Fixed({**(base.tables if base else {}), **found}),
            described=frozenset(found),
            days=span or None,
            day=day[0],
            customs_areas=base.customs_areas if areas is None and base else areas or {},
            **region,
            study=study,
            pair=pair,
        )

    def _fault(self, message: str, hint: str | None = None, *keys: str | int) -> BadFile:
        return BadFile(f"datapackage.json {message}", place=place_of_part(self.path, *keys), hint=hint)

    def _try(self, make: Callable[..., Any], *given: Any) -> Any:
        try:
            return make(*given)
        except Bad as error:
            fault = self._fault(f"at {error.where}: {error.message}", error.hint or AS_SHIPPED, *_keys_of(error.where))
            self.faults.append(fault)
        return None

    def _misspelt(self, resources: list[Any], found: dict[str, TableSchema]) -> None:
        """Refuse a table whose name is nearly that of one which is not described: that one would be read as empty."""
        lost = [name for name in ROW_TYPES if name not in found]
        for number, resource in enumerate(resources):
            name = resource.get("name") if isinstance(resource, dict) else None
            if isinstance(name, str) and name.replace("-", "_") not in ROW_TYPES and nearest(name, lost):
                hint = did_you_mean(name, lost)
                self.faults.append(
                    self._fault(f"describes an unknown table '{name}'", hint, "resources", number, "name")
                )

    # tables

    def _resource(self, resource: Any, number: int, found: dict[str, TableSchema]) -> None:
        where = f"resources[{number}]"
        if not isinstance(resource, dict):
            raise Bad(where, "must be an object")
        name = text_of(resource, "name", where).replace("-", "_")
        if name in found:
            raise Bad(where, f"the table '{name}' is described twice")
        if name in ROW_TYPES:
            found[name] = self._table(name, resource, f"{where} ({name})")
            wrong = (*of_resource(resource, number), *unlike(self.folder, resource, number))
            self.faults += [self._fault(message, hint, *keys) for keys, message, hint in wrong]

    def _table(self, name: str, resource: Part, where: str) -> TableSchema:
        if resource.get("format", "csv") != "csv" or resource.get("compression"):
            raise Bad(where, "only plain CSV files are read", 'write a CSV file and "format": "csv"')
        path = path_of(resource, where)
        schema = self._schema(resource, where)
        columns = self._columns(name, schema, where)
        model = self.model.tables[name] if self.model else None
        unique = [names_of(schema, "primaryKey", where), *keys_of(schema, "uniqueKeys", where)]
        unique += [(column.name,) for column in columns.values() if column.unique]
        foreign = self._foreign_keys(name, schema, where)
        _known([*unique, *(key.columns for key in foreign)], columns, where)
        in_time = keys_of(schema, "uniqueInTime", where)
        pair = names_of(schema, "uniquePair", where)
        if pair and len(pair) != 2:
            raise Bad(where, "'uniquePair' must be two columns")
        held = held_columns(name)
        _known([*in_time, pair], held, where)
        if model is not None:
            unique += model.unique
            foreign += [key for key in model.foreign_keys if key not in foreign]
        in_time = in_time or (model.unique_in_time if model else ())
        keys = [key for key in dict.fromkeys(unique) if key and set(key) <= set(held)]
        named = {column for key in [*keys, *in_time, *(key.columns for key in foreign)] for column in key}
        return TableSchema(
            name=name,
            path=path,
            columns=Fixed({column.name: _padded(column, named) for column in columns.values()}),
            dialect=dialect_of(resource, where),
            unique=tuple(keys),
            unique_in_time=in_time,
            unique_pair=pair or (model.unique_pair if model else ()),
            foreign_keys=tuple(key for key in foreign if set(key.columns) <= set(held)),
        )

    def _schema(self, resource: Part, where: str) -> Part:
        schema = resource.get("schema")
        if isinstance(schema, str):
            schema = _content(self.folder, self.folder / path_of({"path": schema}, f"{where}, schema"))
        if not isinstance(schema, dict) or not schema:
            raise Bad(where, "has no schema" if not schema else "its schema must be an object")
        return schema

    def _columns(self, name: str, schema: Part, where: str) -> dict[str, ColumnSchema]:
        fields = items_of(schema, "fields", where)
        if not fields:
            raise Bad(where, "its schema has no fields")
        model = self.model.tables[name].columns if self.model else {}
        held = held_columns(name)
        empty = missing_of(schema, where, [""])
        columns: dict[str, ColumnSchema] = {}
        for given in fields:
            part = self._without_old_bounds(name, given)
            known = model.get(str(part.get("name"))) if isinstance(part, dict) else None
            column = column_of(part, known, empty, where)
            if column.name in columns:
                raise Bad(where, f"the column '{column.name}' is described twice")
            needed = held.get(column.name, False)
            columns[column.name] = dataclasses.replace(column, required=True) if needed else column
        for column_name, needed in held.items():
            if needed and column_name not in columns:
                raise Bad(where, f"describes no column '{column_name}', which the model needs")
        return columns

    def _without_old_bounds(self, table: str, part: Any) -> Any:
        if not (self.old and isinstance(part, dict) and isinstance(part.get("constraints"), dict)):
            return part
        gone = OLD_BOUNDS.get((table, str(part.get("name"))), set())
        return {**part, "constraints": {key: v for key, v in part["constraints"].items() if key not in gone}}

    def _foreign_keys(self, name: str, schema: Part, where: str) -> list[ForeignKey]:
        found = []
        for part in items_of(schema, "foreignKeys", where):
            if not isinstance(part, dict):
                raise Bad(where, "a foreign key must be an object")
            reference = object_of(part, "reference", where)
            table = reference.get("resource", "")
            if not isinstance(table, str):
                raise Bad(where, "'resource' of a foreign key must be a text")
            key = ForeignKey(
                columns=names_of(part, "fields", where),
                table=table.replace("-", "_") or name,
                targets=names_of(reference, "fields", where),
            )
            if not key.columns or len(key.columns) != len(key.targets):
                raise Bad(where, "a foreign key needs as many fields as its reference")
            if key.table not in ROW_TYPES:
                raise Bad(where, f"a foreign key names the unknown table '{table}'", did_you_mean(table, ROW_TYPES))
            _known([key.targets], held_columns(key.table), f"{where}, foreign key to {key.table}")
            found.append(key)
        return found


def _padded(column: ColumnSchema, named: set[str]) -> ColumnSchema:
    """Return the column, one of free text where nothing depends on its spelling."""
    bound = column.choices is not None or column.patterns or column.name in named
    free = column.kind in ("string", "line") and not bound
    return column if column.free_text == free else dataclasses.replace(column, free_text=free)


def _known(keys: list[tuple[str, ...]], columns: Mapping[str, Any], where: str) -> None:
    for key in keys:
        for name in key:
            if name not in columns:
                raise Bad(where, f"a key names the unknown column '{name}'", did_you_mean(name, columns))


# the package itself


def _areas(content: Part) -> dict[str, frozenset[str]] | None:
    if "customsAreas" not in content:
        return None
    areas = object_of(content, "customsAreas", "customsAreas")
    return {name: frozenset(names_of(areas, name, f"customsAreas.{name}")) for name in areas}


def _pair(content: Part) -> tuple[str, str] | None:
    if "pair" not in content:
        return None
    ends = names_of(content, "pair", "pair")
    if len(ends) != 2 or not all(ends):
        raise Bad("pair", "must be two places: where cargo starts and where it goes")
    return ends[0], ends[1]


def _keys_of(where: str) -> tuple[str | int, ...]:
    """Return the keys under which the part stands that a fault names."""
    found = re.match(r"resources\[(\d+)\](?:.*?, column ([^,]+))?", where)
    if found is None:
        return tuple(where.split("."))
    return ("resources", int(found[1]), *(("schema", "fields", found[2]) if found[2] else ()))


def _content(folder: Path, path: Path) -> Any:
    """Return the contents of a JSON file; raise BadFile with the place where it cannot be read."""
    if folder.is_file():
        raise BadFile(f"'{folder}' is no folder", hint=MADE_LIKE)
    try:
        return read_json(path)
    except FileNotFoundError:
        raise BadFile(f"'{folder}' holds no {path.name}", hint=MADE_LIKE) from None
