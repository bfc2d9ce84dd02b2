"""The formats of `corridor-net import`, and what reads each; a file that is plainly of another is refused."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from corridor_net.errors import BadFile, BadValue, Place, UnknownName, did_you_mean
from corridor_net.interchange.completing.complete import complete
from corridor_net.network.files.foreign import NAMES, looks_like, plainly

from .imported import Imported
from .notes import Notes, some
from .options import ImportOptions


class Door(NamedTuple):
    """The function that reads a format: of (path, options, notes), or of several paths where `one` is ''."""

    module: str
    function: str
    one: str = ""

    def read(self, paths: list[Path], options: ImportOptions, notes: Notes, **own: Any) -> Imported:
        """Return the network of files, whole; raise BadValue for no path, or several where one is read."""
        if self.one and len(paths) != 1:
            raise BadValue(f"{len(paths)} paths were named", hint=f"name {self.one}")
        function = getattr(import_module(f"corridor_net.interchange.{self.module}"), self.function)
        made = function(paths[0] if self.one else paths, options, notes, **own)
        return made if isinstance(made, Imported) else complete(made, options, notes)


FORMATS = {
    "gmns": Door("listed.gmns", "read_gmns", "a folder"),
    "lines": Door("drawn.sea", "import_lines"),
    "tables": Door("listed.tables", "read_tables"),
    "tntp": Door("listed.tntp", "read_tntp"),
    "matsim": Door("listed.matsim", "read_matsim", "network.xml or network.xml.gz"),
    "gtfs": Door("timetables.gtfs", "import_gtfs", "a folder or a zip file"),
    "osm": Door("drawn.osm", "read_osm", "a file .osm, .osm.gz, .osm.pbf or .json"),
    "networkx": Door("listed.graph_files", "read_networkx", "a file of a graph: node-link JSON, GraphML, GML or GEXF"),
    "excel": Door("listed.excel", "read_excel", "a workbook"),
}


TABLES = ("gmns", "lines", "tables", "networkx", "excel")
READ_BY: dict[str, tuple[str, ...]] = {
    "ports": ("lines",),
    "join_km": ("lines",),
    "sailings_per_week": ("lines",),
    "nodes_at": ("lines",),
    "snap_m": ("lines",),
    "layer": ("lines", "tables"),
    "encoding": ("gmns", "lines", "tables", "tntp", "gtfs"),
    "tags": ("osm",),
    "kinds": ("gtfs",),
    "time_unit": (*TABLES, "tntp"),
    "mode": (*TABLES, "tntp", "matsim"),
    "directed": TABLES,
}
"""Options that only some formats read."""
USUAL = {"ports": None, "tags": None, "kinds": ("ferry", "train")}
FLAGS = {"snap_m": "snap", "sailings_per_week": "sailings"}


def check_options(kind: str, options: Mapping[str, Any]) -> None:
    """Raise BadValue for an option that was given and would have no effect on files of this format."""
    usual = {name: field.default for name, field in ImportOptions.__dataclass_fields__.items()} | USUAL
    given = [name for name in READ_BY if name in options and options[name] not in (usual[name], "", None)]
    for name in given:
        if kind not in READ_BY[name]:
            raise BadValue(
                f"--{_flag(name)} has no effect on {NAMES[kind]}",
                hint=f"leave it out; it is for the formats {', '.join(READ_BY[name])}",
            )
        if name in ("join_km", "sailings_per_week") and not options.get("ports"):
            raise BadValue(
                f"--{_flag(name)} has no effect without --ports", hint="name the table of ports with --ports"
            )


def _flag(name: str) -> str:
    return FLAGS.get(name, name).replace("_", "-")


SAME = {("tables", "excel"), ("excel", "tables"), ("tables", "lines")}


def refuse_without_path(kind: str) -> NoReturn:
    """Raise BadValue: there is a format and no file, or a file and no format."""
    path = Path(kind)
    if path.exists():
        found = next(((one, format_) for one, format_ in plainly(path).items() if format_ in NAMES), None)
        hint = f"corridor-net import {found[1]} {found[0]}" if found else f"corridor-net import FORMAT {kind}"
        raise BadValue("the format is missing", hint=hint + ("" if found else f"; formats: {', '.join(NAMES)}"))
    raise BadValue(f"no file is named after '{kind}'", hint="corridor-net import FORMAT PATH --out DIR")


def check_looks(kind: str, paths: list[Path]) -> None:
    """Raise BadFile when the first file or folder is plainly of another format than `kind`, or is not there."""
    path = paths[0]
    place, found = Place(str(path)), looks_like(path)
    if not path.exists():
        there = [one.name for one in path.parent.iterdir()] if path.parent.is_dir() else []
        hint = did_you_mean(path.name, there, otherwise=f"in that folder: {some(sorted(there)) or 'nothing'}")
        raise BadFile(f"'{path}' does not exist", place=place, hint=hint)
    if found == "package":
        raise BadFile(
            f"'{path}' is a data package of corridor-net already", place=place, hint=f"use it: --geodata {path}"
        )
    if found and found != kind and (kind, found) not in SAME:
        message = f"this looks like {NAMES[found]}, not like {NAMES[kind]}"
        raise BadFile(message, place=place, hint=f"corridor-net import {found} {path}")


def find_format(kind: str) -> Door:
    """Return what reads a format; raise UnknownName with the formats there are."""
    if kind not in FORMATS:
        raise UnknownName(
            f"unknown format '{kind}'",
            hint=did_you_mean(kind, FORMATS, otherwise=f"formats: {', '.join(FORMATS)}"),
        )
    return FORMATS[kind]
