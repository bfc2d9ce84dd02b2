"""Files of geographic formats: their layers, and the shapes of one. What cannot be read is refused with its place."""

from __future__ import annotations

import re
import warnings
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd
import shapely

from corridor_net.errors import BadFile, BadValue, Place
from corridor_net.network.files.sheet_table import SUFFIXES

from .coordinates import find_crs
from .encodings import CALLED, NAME_IT, likely_encoding
from .notes import Notes
from .options import names_in
from .text_tables import TextTable, read_table, text_frame

READ = "GeoJSON, Shapefile, GeoPackage, FlatGeobuf, GeoParquet and KML are read; is it whole, with its side files?"
PARQUET, FEATHER = (".parquet", ".geoparquet"), ".feather"
IN_ZIP = (".shp", ".gpkg", ".geojson", ".json", ".fgb", ".kml", ".gml", ".tab")
CRS_OF_GEOJSON = re.compile(rb'"crs"\s*:\s*\{\s*[^{}]*\{[^{}]*"name"\s*:\s*"([^"]+)"')
HEAD = 100_000
"""Bytes at the beginning and at the end of GeoJSON in which its coordinate system is looked for."""
UNTOLD = ("Unknown", "Geometry", "GeometryCollection")
"""Kinds of a layer whose shapes may be any."""


def layers_of(path: Path) -> list[tuple[str, str]]:
    """Return the layers of a file, with the kind of their shapes; '' for none.

    Styles that a GIS keeps beside them are no layer. Raises BadFile where the file is none.
    """
    import pyogrio

    if path.suffix.casefold() in (*PARQUET, FEATHER):
        return [(path.stem, UNTOLD[0])]
    try:
        found = [(str(name), str(kind or "")) for name, kind in pyogrio.list_layers(_inside(path))]
    except pyogrio.errors.DataSourceError as error:
        raise _unread(path, str(error).split(";")[0]) from None
    return [one for one in found if one[0] != "layer_styles"] or found


def layers_wanted(path: Path, kind: str, wanted: str = "") -> list[str]:
    """Return the layers of a file that are `wanted`, parted by commas, or the only one of a kind of shapes.

    Raises BadValue for one that the file does not have.
    """
    asked = names_in(wanted)
    names = [name for name, _ in layers_of(path)] if asked else []
    for name in asked:
        if name not in names:
            hint = f"layers: {', '.join(names)}"
            raise BadValue(f"'{path.name}' has no layer '{name}'", place=Place(str(path)), hint=hint)
    return asked or [layer_of(path, kind)]


def holds_lines(path: Path) -> bool:
    """Whether a file may have lines: layers of points and of polygons alone have none."""
    return any("Line" in kind or kind in UNTOLD for _, kind in layers_of(path))


def layer_of(path: Path, kind: str) -> str:
    """Return the only layer of a kind of shapes, `Line` or `Polygon`, of a file.

    Raises BadValue where there is none of it, or several.
    """
    layers = layers_of(path)
    place = Place(str(path))
    found = [name for name, shapes in layers if kind in shapes or shapes in UNTOLD]
    found = found or [name for name, shapes in layers if not shapes]
    if len(found) > 1:
        found = [name for name in found if _holds_shapes(path, name)] or found
    if len(found) != 1:
        what = f"{'several layers' if found else 'no layer'} of {kind.lower()}s"
        there = ", ".join(found or [f"{name} ({shapes})" if shapes else name for name, shapes in layers])
        hint = f"--layer with one of them, or several parted by commas: {there}" if found else f"layers: {there}"
        if kind != "Line":
            hint = f"save the one that is meant as a file of its own: {there}"
        raise BadValue(f"'{path.name}' has {what}", place=place, hint=hint)
    return found[0]


def _holds_shapes(path: Path, layer: str) -> bool:
    """Whether a layer has shapes: GPX, for one, has every layer that there may be."""
    import pyogrio

    return bool(pyogrio.read_info(_inside(path), layer=layer, force_feature_count=True)["features"])


def any_table(path: Path, notes: Notes) -> TextTable:
    """Return the table of a file of any kind: the first where it holds several."""
    kinds = ("", ".csv", ".txt", ".tsv", *SUFFIXES)
    if path.suffix.casefold() in kinds or not path.exists():
        return read_table(path, notes)
    return table_of_layer(path, layers_of(path)[0][0], notes)


def table_of_layer(path: Path, layer: str, notes: Notes | None = None) -> TextTable:
    """Return a layer: its points as `x_coord` and `y_coord`, its lines as WKT in `geometry`."""
    shapes = read_shapes(path, layer, notes=notes)
    if not has_shapes(shapes):
        return text_frame(shapes, str(path))
    shapes = shapes.to_crs("EPSG:4326") if shapes.crs is not None else shapes
    drawn = shapes.geometry
    plain = pd.DataFrame(shapes.drop(columns=drawn.name))
    if (drawn.geom_type == "Point").all():
        return text_frame(plain.assign(x_coord=drawn.x, y_coord=drawn.y), str(path))
    flat = shapely.force_2d(drawn.to_numpy())
    return text_frame(plain.assign(geometry=shapely.to_wkt(flat, rounding_precision=-1)), str(path))


def has_shapes(frame: pd.DataFrame) -> bool:
    """Whether a frame has a column of shapes; a column of text that is called geometry is none."""
    return hasattr(frame, "geometry") and hasattr(frame.geometry, "crs")


def read_shapes(path: Path, layer: str, crs: str = "", notes: Notes | None = None) -> Any:
    """Return the shapes of a layer of a file as a GeoDataFrame; as a DataFrame where it has none.

    Raises BadFile where it cannot be read, BadValue where GeoJSON names a system that is not known and no `crs` is
    said.
    """
    import pyogrio

    if not crs:
        _refuse_unknown_crs(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # a coordinate that is no number: its line is left out
            warnings.simplefilter("ignore", UserWarning)  # a value that is no JSON after all stays as it is
            if path.suffix.casefold() in (*PARQUET, FEATHER):
                return _read_columns(path)
            return pyogrio.read_dataframe(_inside(path), layer=layer, encoding=_encoding(path, layer, notes))
    except UnicodeError:
        raise _unread(path, "it holds text that is not UTF-8", "save it as UTF-8") from None
    except ValueError as error:  # 30 February, in a field of dates
        raise _unread(
            path, f"a value of its table cannot be read ({error})", "correct it, or save its column as text"
        ) from None
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, shapely.errors.ShapelyError) as error:
        raise _unread(path, str(error)) from None


def _encoding(path: Path, layer: str, notes: Notes | None) -> str | None:
    """Return the encoding of the table of a Shapefile that names none, told by its letters; None where it is known.

    Raises BadFile where nobody can tell it.
    """
    if notes is not None and notes.encoding:
        return notes.encoding
    head = _records(_table_beside(path, layer))
    if head.isascii():
        return None
    spoiled = head.decode("utf-8", errors="replace").count("\ufffd")  # a letter is cut where a field is full
    name = "utf-8" if 10 * spoiled <= sum(byte >= 0xC0 for byte in head) else likely_encoding(head)
    if not name:
        raise _unread(path, "nobody can tell its encoding", NAME_IT)
    if notes is not None:
        told = CALLED.get(name, "UTF-8")
        notes.warn(
            f"{path.name} has no .cpg that names its encoding; it was read as {told}: look at the letters in names, and"
            " if they are wrong --encoding names another"
        )
    return name


def _table_beside(path: Path, layer: str) -> bytes:
    """Return the beginning of the table of a Shapefile, also of one in a zip file; nothing where a .cpg is beside."""
    if path.suffix.casefold() == ".zip":
        with zipfile.ZipFile(path) as archive:
            parts = [PurePosixPath(name) for name in archive.namelist() if "__MACOSX" not in name]
            beside = {part.suffix.casefold(): str(part) for part in parts if part.stem == layer}
            if ".dbf" not in beside or ".cpg" in beside:
                return b""
            with archive.open(beside[".dbf"]) as packed:
                return packed.read(HEAD)
    if path.suffix.casefold() not in (".shp", ".dbf"):
        return b""
    found = [one for one in map(path.with_suffix, (".cpg", ".CPG", ".dbf", ".DBF")) if one.is_file()]
    if not found or found[0].suffix.casefold() == ".cpg":
        return b""
    with found[0].open("rb") as file:
        return file.read(HEAD)


def _records(head: bytes) -> bytes:
    """Return the whole records at the beginning of a table of dBase; nothing where its header names an encoding."""
    if len(head) < 32 or head[29] not in (0, 0x57):
        return b""
    start, size = (int.from_bytes(head[at : at + 2], "little") for at in (8, 10))
    return head[start : start + max(len(head) - start, 0) // max(size, 1) * size]


def _read_columns(path: Path) -> Any:
    """Return the shapes of GeoParquet or GeoArrow, or the plain table of a file that has none."""
    import geopandas

    arrow = path.suffix.casefold() == FEATHER
    try:
        import pyarrow
    except ModuleNotFoundError:
        raise BadValue(f"'{path.name}' needs pyarrow", hint="pip install 'corridor-net[parquet]'") from None
    try:
        return geopandas.read_feather(path) if arrow else geopandas.read_parquet(path)
    except (OSError, pyarrow.ArrowException) as error:
        raise _unread(path, str(error)) from None
    except ValueError:
        return pd.read_feather(path) if arrow else pd.read_parquet(path)


def _inside(path: Path) -> str:
    """Return what GDAL opens: of a zip file what lies in a folder of it; raise BadFile for layers in several."""
    if path.suffix.casefold() != ".zip":
        return str(path)
    try:
        with zipfile.ZipFile(path) as archive:
            names = [PurePosixPath(name) for name in archive.namelist()]
    except (OSError, zipfile.BadZipFile) as error:
        raise _unread(path, str(error)) from None
    found = [name for name in names if name.suffix.casefold() in IN_ZIP and "__MACOSX" not in name.parts]
    folders = {str(name.parent) for name in found}
    if len(folders) > 1:
        raise _unread(path, f"it holds layers in several folders: {', '.join(sorted(folders))}", "unpack it")
    inside = f"/{found[0]}" if len(found) == 1 else f"/{folders.pop()}" if folders and folders != {"."} else ""
    return f"/vsizip/{path.absolute()}{inside}"


def _unread(path: Path, reason: str, hint: str = READ) -> BadFile:
    if path.is_file():
        with path.open("rb") as file:
            hint = "it is UTF-16: save it as UTF-8" if file.read(2) in (b"\xff\xfe", b"\xfe\xff") else hint
    return BadFile(f"'{path.name}' cannot be read: {reason.strip()}", place=Place(str(path)), hint=hint)


def _refuse_unknown_crs(path: Path) -> None:
    """Raise BadValue where GeoJSON names a system that is not known: GDAL would take it for degrees."""
    if path.suffix.casefold() not in (".geojson", ".json") or not path.is_file():
        return
    with path.open("rb") as file:
        text = file.read(HEAD)
        file.seek(max(path.stat().st_size - HEAD, 0))
        found = CRS_OF_GEOJSON.search(text) or CRS_OF_GEOJSON.search(file.read())
    if found:
        try:
            find_crs(found[1].decode("utf-8", "replace"))
        except BadValue as error:
            raise error.moved(Place(str(path))) from None
