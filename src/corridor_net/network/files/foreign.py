"""Networks of other formats: what a file or a folder plainly is, told by how it begins. Nothing is read whole."""

from __future__ import annotations

import gzip
import re
import zipfile
from os import PathLike
from pathlib import Path
from typing import IO, cast

from corridor_net.errors import BadFile, BadValue, Place

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
    r'^\{[^\[]*"osm3s"\s*:': "osm",
    r'^\{[^\[]*"elements"\s*:\s*\[[^\]]*?"type"\s*:\s*"(node|way|relation|count)"': "osm",
    r"<graphml\b": "networkx",
    r"<kml\b|<gml:": "lines",
    r'^\{\s*"type"\s*:\s*"(FeatureCollection|Feature)"|"type"\s*:\s*"FeatureCollection"': "lines",
    r'^\{[^\[]*"(directed|multigraph)"\s*:': "networkx",
}
"""What the beginning of a text looks like, and the format it tells."""

SIDE = (".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".qmd")
"""Files beside a Shapefile."""
FOOT = 1_000_000
"""Bytes at the end of a file of columns in which it says what they are."""
TRIPS = re.compile(r"_?trips$", re.IGNORECASE)


def folder_of(given: str | Path) -> Path:
    """Return a folder that is named; raise BadValue for what names none, and none that the system can look for."""
    try:
        path = Path(given)
        path.exists()
    except (TypeError, OSError):
        named = isinstance(given, (str, PathLike))
        hint = "name a folder with datapackage.json" if named else how_to_load(given)
        raise BadValue(f"'{str(given)[:60]}' is no folder", hint=hint) from None
    return path


def how_to_load(given: object) -> str:
    """Say how a model is made of something that is no network and no folder."""
    if hasattr(given, "write"):
        return "write it, and load the folder: load(imported.write('mine'))"
    return "load() reads the shipped network, load('mine') that of a folder; load(as_of='2019-07-01') is another day"


def refuse_foreign(path: Path) -> None:
    """Raise BadFile where a path that stands for a data package is plainly a network of another format."""
    for one_path, kind in plainly(path).items():
        if kind in NAMES:
            raise BadFile(
                f"'{path}' is no data package; this looks like {NAMES[kind]}",
                place=Place(str(one_path)),
                hint=f"corridor-net import {kind} {one_path} --out DIR makes a package of it",
            )
    if path.is_file():
        raise BadFile(
            f"'{path}' is no folder, as a data package is",
            place=Place(str(path)),
            hint=f"name a folder, or import a network of another format: {', '.join(NAMES)} (corridor-net import)",
        )


def plainly(path: Path) -> dict[Path, str]:
    """Return the format a path has, or what lies in a folder that has none, as `within`."""
    found = looks_like(path)
    return within(path) if path.is_dir() and not found else {path: found}


def within(folder: Path) -> dict[Path, str]:
    """Return what lies in a folder, in order, and the format each has, '' where it is not plain.

    The index of a Shapefile is left out, and of TNTP trips: no network is in them. A folder in which a folder is all
    stands for that.
    """
    there = [one for one in sorted(folder.iterdir()) if one.suffix.casefold() not in SIDE and one.name[0] != "."]
    if len(there) == 1 and there[0].is_dir() and not looks_like(there[0]):
        return within(there[0])
    return {one: looks_like(one) for one in there if not TRIPS.search(one.stem)}


def unpacked(path: Path) -> IO[bytes]:
    """Open a file, one packed by gzip as what is in it, whatever its name."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return cast("IO[bytes]", gzip.open(path, "rb")) if packed else path.open("rb")


def is_json(path: Path) -> bool:
    """Whether a file, packed by gzip or not, begins as JSON does."""
    try:
        with unpacked(path) as file:
            return file.read(64).lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{")
    except (OSError, EOFError):
        return False


def looks_like(path: Path) -> str:
    """Return the format a file or folder plainly has, `package` for a data package, '' when it is not plain."""
    if path.is_dir():
        return _folder_looks({file.name.casefold() for file in path.iterdir()})
    try:
        with unpacked(path) as file:
            head = file.read(4096)
    except (OSError, EOFError):
        return ""
    for sign, kind in MAGIC.items():
        if head.startswith(sign) or (len(sign) > 6 and sign in head[:64]):
            return kind
    if head.startswith(b"PK"):
        return _zip_looks(path)
    if head.startswith((b"PAR1", b"ARROW1")):
        return "lines" if _has_shapes(path) else ""
    text = head.decode("utf-8", errors="ignore").lstrip("\ufeff \r\n\t")
    return next((kind for pattern, kind in TEXTS.items() if re.search(pattern, text, flags=re.IGNORECASE)), "")


def _has_shapes(path: Path) -> bool:
    """Whether a file of columns, Parquet or Arrow, says at its end which of them holds shapes."""
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - FOOT, 0))
        return b'"primary_column"' in file.read()


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
