"""The folder of a data package: its schema, writing it whole or not at all, reading an imported one again."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from corridor_net.errors import BadFile, BadValue, Place
from corridor_net.network.files.csv_cells import as_given
from corridor_net.network.files.json_text import read_json
from corridor_net.network.reading.package import shipped_folder, shipped_package

ATTRIBUTES = {"node_attributes": ("node_attribute", "node_id"), "link_attributes": ("link_attribute", "link_id")}
SMALL, LARGE = 0.001, 1e15
LOOSE: dict[tuple[str, str], dict[str, Any]] = {
    ("link", "length_km"): {"maximum": LARGE},
    ("sea_lane", "geodesic_km"): {"minimum": SMALL},
    ("sea_lane", "ratio"): {"minimum": None, "maximum": LARGE},
    ("service", "sailings_per_week"): {"maximum": LARGE},
    ("speed", "speed_kmh"): {"maximum": LARGE},
}
"""Constraints of the shipped schema that say something of the shipped region, and what stands in their place."""


def package_schema() -> dict[str, Any]:
    """Return the shipped `datapackage.json` without what is of the shipped region only."""
    path = shipped_folder("geodata") / "datapackage.json"
    package: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for resource in package["resources"]:
        table = resource["name"].replace("-", "_")
        for field in resource["schema"]["fields"]:
            limits = {**field.get("constraints", {}), **LOOSE.get((table, field["name"]), {})}
            if limits:
                field["constraints"] = {name: value for name, value in limits.items() if value is not None}
    return {name: package[name] for name in ("profile", "resources") if name in package}


def table_columns() -> dict[str, list[str]]:
    """Return the columns of every table, by table name."""
    return {name: list(table.columns) for name, table in shipped_package().tables.items()}


def described(
    name: str, title: str, own: Mapping[str, Any], origin: Mapping[str, Any], extras: Mapping[str, pd.DataFrame]
) -> dict[str, Any]:
    """Return the `datapackage.json` of an imported network.

    `own` are properties of the package itself, such as its day; `extras` are tables of attributes, by table name.
    """
    package = package_schema()
    resources = package["resources"] + [_extra(table, frame) for table, frame in extras.items()]
    return {
        "profile": package.get("profile", "tabular-data-package"),
        "name": name,
        "title": title,
        "description": "Imported by corridor-net; ASSUMPTIONS.md says what was assumed.",
        **own,
        "origin": dict(origin),
        "resources": resources,
    }


def _extra(table: str, frame: pd.DataFrame) -> dict[str, Any]:
    return {
        "name": table.replace("_", "-"),
        "path": f"{table}.csv",
        "profile": "tabular-data-resource",
        "title": "What the source says beside: kept as it came, read by no model",
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": [{"name": str(column), "type": "string"} for column in frame.columns]},
    }


def write_folder(
    folder: Path, files: Mapping[str, str], *, replace: bool = False, check: Callable[[Path], object] | None = None
) -> None:
    """Write a folder that appears whole or not at all, and only after `check` has looked at it.

    Raises BadValue when the folder is there and holds something, unless it is a data package and `replace`; BadFile
    when it cannot be written.
    """
    _refuse_taken(folder, replace=replace)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f".{folder.name}-writing-", dir=folder.parent))
    except OSError as error:
        raise _unwritable(folder, error) from None
    try:
        made = scratch / "new"
        made.mkdir()
        for name, text in files.items():
            (made / name).write_text(text, encoding="utf-8", newline="")
        if check is not None:
            check(made)
        if folder.is_dir():
            folder.replace(scratch / "old")
        try:
            made.replace(folder)
        except OSError:
            if (scratch / "old").exists():
                (scratch / "old").replace(folder)
            raise
    except OSError as error:
        raise _unwritable(folder, error) from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _refuse_taken(folder: Path, *, replace: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise BadValue(f"'{folder}' is a file", hint="choose another folder")
    if folder.is_dir() and any(folder.iterdir()) and not replace:
        raise BadValue(f"the folder '{folder}' is not empty", hint="choose another one, or --replace to replace it")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "datapackage.json").is_file():
        raise BadValue(
            f"the folder '{folder}' holds no data package, and is not replaced",
            hint="choose another one, or empty it yourself",
        )


def _unwritable(folder: Path, error: OSError) -> BadFile:
    return BadFile(f"cannot write to '{folder}': {error.strerror or error}", hint="choose another folder")


def read_cells(path: Path) -> pd.DataFrame:
    """Return a table of a package, or of defaults, as text; an empty cell is an empty text."""
    cells = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    return cells.map(as_given).astype(object)


def read_attributes(folder: Path) -> dict[str, pd.DataFrame]:
    """Return the tables of attributes of an imported package, by their name in `ATTRIBUTES`."""
    found = {}
    for name, (table, _) in ATTRIBUTES.items():
        path = folder / f"{table}.csv"
        if path.exists():
            found[name] = read_cells(path)
    return found


def read_origin(folder: Path) -> dict[str, Any]:
    """Return what `datapackage.json` says of where the network came from; empty when it says nothing."""
    path = folder / "datapackage.json"
    try:
        package = read_json(path)
    except FileNotFoundError as error:
        raise BadFile(f"datapackage.json cannot be read: {error.strerror}", place=Place(str(path))) from None
    origin = package.get("origin") if isinstance(package, dict) else None
    return origin if isinstance(origin, dict) else {}
