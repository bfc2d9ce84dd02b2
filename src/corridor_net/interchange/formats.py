"""The formats of `corridor-net import`, what reads each, and what a file looks like that is of another."""

from __future__ import annotations

import gzip
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from corridor_net.errors import BadFile, BadValue, Place, UnknownName, did_you_mean

from .complete import complete
from .imported import Imported
from .notes import Notes
from .options import Options

Reader = Callable[..., Imported]


def _gmns(paths: list[Path], options: Options, notes: Notes) -> Imported:
    from .gmns import read_gmns

    return complete(read_gmns(one(paths, "a folder"), options, notes), options, notes)


def _lines(paths: list[Path], options: Options, notes: Notes, *, ports: Path | None = None) -> Imported:
    from .lines import raw_of_lines, read_lines

    path = one(paths, "a file of lines")
    frame = read_lines(path, options)
    if ports is not None:
        from .sea import import_sea

        return import_sea(frame, ports, options, notes, source=path.name)
    return complete(raw_of_lines(frame, None, options, notes, source=path.name), options, notes)


def _tables(paths: list[Path], options: Options, notes: Notes) -> Imported:
    from .tables import read_tables

    return complete(read_tables(paths, options, notes), options, notes)


def _tntp(paths: list[Path], options: Options, notes: Notes) -> Imported:
    from .tntp import read_tntp

    return complete(read_tntp(paths, options, notes), options, notes)


def _matsim(paths: list[Path], options: Options, notes: Notes) -> Imported:
    from .matsim import read_matsim

    return complete(read_matsim(one(paths, "network.xml or network.xml.gz"), options, notes), options, notes)


def _networkx(paths: list[Path], options: Options, notes: Notes) -> Imported:
    from .graphs import raw_of_graph, read_graph

    path = one(paths, "a file of node-link JSON or GraphML")
    return complete(raw_of_graph(read_graph(path), options, notes, source=path.name), options, notes)


def _excel(paths: list[Path], options: Options, notes: Notes) -> Imported:
    from .excel import read_excel

    return complete(read_excel(one(paths, "a workbook"), options, notes), options, notes)


def _gtfs(paths: list[Path], options: Options, notes: Notes, *, kinds: Sequence[str] = ("ferry", "train")) -> Imported:
    from .gtfs import import_gtfs

    return import_gtfs(one(paths, "a folder or a zip file"), options, notes, kinds)


def _osm(
    paths: list[Path], options: Options, notes: Notes, *, tags: Mapping[str, Sequence[str]] | str | None = None
) -> Imported:
    from .osm import parse_tags, read_osm

    chosen = parse_tags(tags) if isinstance(tags, str) else tags
    return complete(read_osm(one(paths, "a file .osm or .osm.pbf"), notes, chosen), options, notes)


def one(paths: list[Path], what: str) -> Path:
    """Return the one path; raise BadValue for none or several."""
    if len(paths) != 1:
        raise BadValue(f"{len(paths)} paths were named", hint=f"name {what}")
    return paths[0]


NAMES = {
    "gmns": "GMNS",
    "lines": "lines of a geographic format",
    "tables": "tables of links and terminals",
    "tntp": "TNTP",
    "matsim": "a MATSim network",
    "gtfs": "a GTFS feed",
    "osm": "OpenStreetMap",
    "networkx": "a networkx graph",
    "excel": "an Excel workbook",
}
MAGIC = {
    b"SQLite format 3": "lines",
    b"fgb\x03fgb": "lines",
    b"\x00\x00\x27\x0a": "lines",
    b"OSMHeader": "osm",
}
"""First bytes of files, and the format they tell: GeoPackage, FlatGeobuf, Shapefile, packed OpenStreetMap."""
TEXTS = {
    r"^\s*<number of (zones|nodes)>": "tntp",
    r"^<\?xml[^>]*>\s*(<!.*?>\s*)*<network\b|^(<!.*?>\s*)*<network\b": "matsim",
    r"<osm\b": "osm",
    r"<graphml\b": "networkx",
    r"<kml\b|<gml:": "lines",
    r'^\{\s*"type"\s*:\s*"(FeatureCollection|Feature)"|"type"\s*:\s*"FeatureCollection"': "lines",
    r'^\{[^\[]*"(directed|multigraph)"\s*:': "networkx",
}
"""What the beginning of a text looks like, and the format it tells."""

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


SAME = {("tables", "excel"), ("excel", "tables")}


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


def refuse_foreign(path: Path) -> None:
    """Raise BadFile where a path that stands for a data package is plainly a network of another format."""
    found = looks_like(path)
    inside = [path, *sorted(path.iterdir())] if path.is_dir() and not found else [path]
    for one_path in inside:
        found = found or (looks_like(one_path) if one_path.is_file() else "")
        if found and found != "package":
            raise BadFile(
                f"'{path}' is no data package; this looks like {NAMES[found]}",
                place=Place(str(one_path)),
                hint=f"corridor-net import {found} {one_path} --out DIR makes a package of it",
            )
    if path.is_file():
        raise BadFile(
            f"'{path}' is no data package",
            place=Place(str(path)),
            hint=f"name a folder, or import a network of another format: {', '.join(FORMATS)} (corridor-net import)",
        )


def looks_like(path: Path) -> str:
    """Return the format a file or folder plainly has, `package` for a data package, '' when it is not plain."""
    if path.is_dir():
        return _folder_looks({file.name.casefold() for file in path.iterdir()})
    try:
        with gzip.open(path, "rb") if path.suffix.casefold() == ".gz" else path.open("rb") as file:
            head = file.read(4096)
    except (OSError, EOFError):
        return ""
    for sign, kind in MAGIC.items():
        if head.startswith(sign) or (len(sign) > 6 and sign in head[:64]):
            return kind
    if head.startswith(b"PK"):
        return _zip_looks(path)
    text = head.decode("utf-8", errors="ignore").lstrip("\ufeff \r\n\t")
    return next((kind for pattern, kind in TEXTS.items() if re.search(pattern, text, flags=re.IGNORECASE)), "")


def _folder_looks(names: set[str]) -> str:
    if {"datapackage.json", "tariff.csv"} <= names:
        return "package"
    if {"stops.txt", "stop_times.txt"} <= names:
        return "gtfs"
    return "gmns" if names & {"node.csv", "nodes.csv"} and names & {"link.csv", "links.csv"} else ""


def _zip_looks(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = {Path(name).name.casefold() for name in archive.namelist()}
    except zipfile.BadZipFile:
        return ""
    if "workbook.xml" in names:
        return "excel"
    return _folder_looks(names) or ("lines" if any(name.endswith((".shp", ".kml", ".gml")) for name in names) else "")


def find_format(kind: str) -> Reader:
    """Return what reads a format; raise UnknownName with the formats there are."""
    if kind not in FORMATS:
        raise UnknownName(
            f"unknown format '{kind}'",
            hint=did_you_mean(kind, FORMATS, otherwise=f"formats: {', '.join(FORMATS)}"),
        )
    return FORMATS[kind]
