"""What a path that was named for a format means: a file looked for in a folder, the folder of a file, or a zip file."""

from __future__ import annotations

from pathlib import Path

from corridor_net.errors import BadFile, Place
from corridor_net.network.files.foreign import NAMES, looks_like, within
from corridor_net.network.names import listed

from .layers import holds_lines
from .notes import Notes
from .options import names_in
from .text_tables import DELIMITERS

FOLDERS = ("gmns", "gtfs")
"""Formats that are a folder of files."""
PACKED = ("lines", "gtfs", "excel")
"""Formats that are read from a zip file, or are one."""
TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".parquet", ".feather", ".shp", ".gpkg", ".geojson", ".dbf")
"""Ends of names of files that a folder of tables is read from."""


def paths_for(kind: str, path: Path, notes: Notes, mapping: Path | None = None, layer: str = "") -> list[Path]:
    """Return the files or folders that are meant by a path for files of a format.

    Of a folder of lines those are all, of tables all but the mapping file, or those that `layer` names; else one.

    Raises BadFile with what is there, and the command, where that is not plain.
    """
    if kind == "lines" and path.is_dir() and not _is_whole(kind, path):
        lines = [one for one, is_kind in within(path).items() if is_kind == kind]
        if len(lines) > 1:
            return _with_lines(path, lines, layer, notes)
    if kind != "tables" or not path.is_dir() or looks_like(path) not in ("", "gmns") or _is_gmns(path, layer):
        return [_path_for(kind, path, notes)]
    shapes = {one.stem for one in path.glob("*.shp")}
    found = [
        one
        for one in sorted(path.iterdir())
        if one.suffix.casefold() in TABLES
        and not (one.suffix.casefold() == ".dbf" and one.stem in shapes)
        and not (mapping and one.resolve() == mapping.resolve())
        and (one.suffix.casefold() != ".txt" or _has_columns(one))
    ]
    wanted = {*names_in(layer)}
    if wanted & {one.stem for one in found}:
        found = [one for one in found if one.stem in wanted]
    if not found:
        return [_in_folder(kind, path, notes)]
    notes.assume(f"of the folder {_called(path)}, these tables were read: {', '.join(one.name for one in found)}")
    return found


def _called(folder: Path) -> str:
    """Return the name of a folder, also of one that is given as a point."""
    return folder.resolve().name


def _with_lines(folder: Path, there: list[Path], layer: str, notes: Notes) -> list[Path]:
    """Return the files of a folder that have lines, or of these the ones that `layer` names."""
    wanted = names_in(layer)
    lines = [one for one in there if one.stem in wanted] or [one for one in there if holds_lines(one)]
    left = [one.name for one in there if one not in lines]
    if not lines:
        raise BadFile(
            f"'{folder}' has no lines, only points and polygons: {listed(left)}",
            place=Place(str(folder)),
            hint="name the file of lines",
        )
    notes.assume(f"of the folder {_called(folder)}, all lines were read: {listed([one.name for one in lines])}")
    if left:
        notes.assume(
            f"files of the folder {_called(folder)} without lines, or not named, were passed over: {listed(left)}"
        )
    return lines


def _is_gmns(folder: Path, layer: str) -> bool:
    """Whether a folder has the two files of GMNS by their very names, and `layer` names none."""
    return not layer and {"node.csv", "link.csv"} <= {one.name.casefold() for one in folder.iterdir()}


def _has_columns(path: Path) -> bool:
    """Whether the first lines of a text have one sign equally often, as tables have that parts their columns."""
    with path.open("rb") as file:
        lines = [line for line in file.read(20_000).splitlines() if line.strip(b"\0 \t")][:2]
    return len(lines) == 2 and any(
        0 < lines[0].count(mark.encode()) == lines[1].count(mark.encode()) for mark in DELIMITERS
    )


def _path_for(kind: str, path: Path, notes: Notes) -> Path:
    """Return the file or folder that is meant by a path for files of a format.

    Raises BadFile with what is there, and the command, where that is not plain.
    """
    if path.is_dir():
        return path if looks_like(path) or _is_whole(kind, path) else _in_folder(kind, path, notes)
    if kind in FOLDERS and path.is_file() and looks_like(path.parent) == kind and path.suffix in (".csv", ".txt"):
        return path.parent
    if path.suffix.casefold() == ".zip" and path.is_file():
        return _in_zip(kind, path)
    if kind == "gmns" and path.is_file() and not looks_like(path):
        message = f"'{path}' is a file, and GMNS is a folder with node.csv and link.csv"
        raise BadFile(message, place=Place(str(path)), hint="name the folder")
    return path


def _is_whole(kind: str, folder: Path) -> bool:
    """Whether the files of a folder are read as one: the layers of a geographic format, a feed that lacks a table."""
    if kind == "lines":
        return folder.suffix == ".gdb"
    return kind in FOLDERS and any(file.suffix in (".csv", ".txt") for file in folder.iterdir())


def _in_folder(kind: str, folder: Path, notes: Notes) -> Path:
    there = within(folder)
    found = [one for one, is_kind in there.items() if is_kind == kind]
    if len(found) == 1:
        notes.assume(
            f"of the folder {_called(folder)}, {found[0].name} was read: the only one that looks like {NAMES[kind]}"
        )
        return found[0]
    if found:
        names = listed([one.name for one in found])
        several = f"'{folder}' is a folder with {len(found)} that look like {NAMES[kind]}: {names}"
        raise BadFile(several, place=Place(str(folder)), hint=f"corridor-net import {kind} {found[0]}")
    if not there:
        raise BadFile(f"the folder '{folder}' is empty", place=Place(str(folder)), hint="name the folder of the files")
    others = [f"corridor-net import {is_kind} {one}" for one, is_kind in there.items() if is_kind in NAMES]
    raise BadFile(
        f"'{folder}' is a folder, and nothing in it looks like {NAMES[kind]}: {listed([one.name for one in there])}",
        place=Place(str(folder)),
        hint=others[0] if others else f"corridor-net import FORMAT FILE; formats: {', '.join(NAMES)}",
    )


def _in_zip(kind: str, path: Path) -> Path:
    if kind in PACKED:
        return path
    unpacked = path.with_suffix("")
    raise BadFile(
        f"'{path}' is a zip file, which is not read packed",
        place=Place(str(path)),
        hint=f"unpack it: unzip {path} -d {unpacked}, then corridor-net import {looks_like(path) or kind} {unpacked}",
    )
