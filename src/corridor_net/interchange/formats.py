"""The formats of `corridor-net import`, and what reads each; a file that is plainly of another is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from corridor_net.errors import BadFile, BadValue, Place, UnknownName, did_you_mean
from corridor_net.interchange.completing.complete import complete
from corridor_net.network.files.foreign import NAMES, looks_like

from .imported import Imported
from .notes import Notes
from .options import Options

Reader = Callable[..., Imported]


def _gmns(paths: list[Path], options: Options, notes: Notes) -> Imported:
    from corridor_net.interchange.listed.gmns import read_gmns

    return complete(read_gmns(one(paths, "a folder"), options, notes), options, notes)


def _lines(paths: list[Path], options: Options, notes: Notes, *, ports: Path | None = None) -> Imported:
    from corridor_net.interchange.drawn.lines import raw_of_lines, read_lines

    path = one(paths, "a file of lines")
    frame = read_lines(path, options)
    if ports is not None:
        from corridor_net.interchange.drawn.sea import import_sea

        return import_sea(frame, ports, options, notes, source=path.name)
    return complete(raw_of_lines(frame, None, options, notes, source=path.name), options, notes)


def _tables(paths: list[Path], options: Options, notes: Notes) -> Imported:
    from corridor_net.interchange.listed.tables import read_tables

    return complete(read_tables(paths, options, notes), options, notes)


def _tntp(paths: list[Path], options: Options, notes: Notes) -> Imported:
    from corridor_net.interchange.listed.tntp import read_tntp

    return complete(read_tntp(paths, options, notes), options, notes)


def _matsim(paths: list[Path], options: Options, notes: Notes) -> Imported:
    from corridor_net.interchange.listed.matsim import read_matsim

    return complete(read_matsim(one(paths, "network.xml or network.xml.gz"), options, notes), options, notes)


def _networkx(paths: list[Path], options: Options, notes: Notes) -> Imported:
    from corridor_net.interchange.listed.graphs import raw_of_graph, read_graph

    path = one(paths, "a file of node-link JSON or GraphML")
    return complete(raw_of_graph(read_graph(path), options, notes, source=path.name), options, notes)


def _excel(paths: list[Path], options: Options, notes: Notes) -> Imported:
    from corridor_net.interchange.listed.excel import read_excel

    return complete(read_excel(one(paths, "a workbook"), options, notes), options, notes)


def _gtfs(paths: list[Path], options: Options, notes: Notes, *, kinds: Sequence[str] = ("ferry", "train")) -> Imported:
    from corridor_net.interchange.timetables.gtfs import import_gtfs

    return import_gtfs(one(paths, "a folder or a zip file"), options, notes, kinds)


def _osm(
    paths: list[Path], options: Options, notes: Notes, *, tags: Mapping[str, Sequence[str]] | str | None = None
) -> Imported:
    from corridor_net.interchange.drawn.osm import parse_tags, read_osm

    chosen = parse_tags(tags) if isinstance(tags, str) else tags
    return complete(read_osm(one(paths, "a file .osm or .osm.pbf"), notes, chosen), options, notes)


def one(paths: list[Path], what: str) -> Path:
    """Return the one path; raise BadValue for none or several."""
    if len(paths) != 1:
        raise BadValue(f"{len(paths)} paths were named", hint=f"name {what}")
    return paths[0]


FORMATS: dict[str, Reader] = {
    "gmns": _gmns,
    "lines": _lines,
    "tables": _tables,
    "tntp": _tntp,
    "matsim": _matsim,
    "gtfs": _gtfs,
    "osm": _osm,
    "networkx": _networkx,
    "excel": _excel,
}


TABLES = ("gmns", "lines", "tables", "networkx", "excel")
READ_BY: dict[str, tuple[str, ...]] = {
    "ports": ("lines",),
    "join_km": ("lines",),
    "sailings_per_week": ("lines",),
    "nodes_at": ("lines",),
    "snap_m": ("lines",),
    "layer": ("lines", "tables"),
    "tags": ("osm",),
    "kinds": ("gtfs",),
    "time_unit": ("tntp",),
    "mode": (*TABLES, "tntp", "matsim"),
    "directed": TABLES,
}
"""Options that only some formats read."""
USUAL = {"ports": None, "tags": None, "kinds": ("ferry", "train")}
FLAGS = {"snap_m": "snap", "sailings_per_week": "sailings"}


def check_options(kind: str, options: Mapping[str, Any]) -> None:
    """Raise BadValue for an option that was given and would have no effect on files of this format."""
    usual = {name: field.default for name, field in Options.__dataclass_fields__.items()} | USUAL
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


def check_looks(kind: str, paths: list[Path]) -> None:
    """Raise BadFile when a file or folder is plainly of another format than `kind`, or is not there."""
    for path in paths[:1]:
        if not path.exists():
            raise BadFile(f"'{path}' does not exist", place=Place(str(path)))
        found = looks_like(path)
        if found == "package":
            raise BadFile(
                f"'{path}' is a data package of corridor-net already",
                place=Place(str(path)),
                hint=f"use it: --geodata {path}",
            )
        if found and found != kind and (kind, found) not in SAME:
            raise BadFile(
                f"this looks like {NAMES[found]}, not like {NAMES[kind]}",
                place=Place(str(path)),
                hint=f"corridor-net import {found} {path}",
            )


def find_format(kind: str) -> Reader:
    """Return what reads a format; raise UnknownName with the formats there are."""
    if kind not in FORMATS:
        raise UnknownName(
            f"unknown format '{kind}'",
            hint=did_you_mean(kind, FORMATS, otherwise=f"formats: {', '.join(FORMATS)}"),
        )
    return FORMATS[kind]
