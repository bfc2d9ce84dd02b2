"""Shapes in cells of a table: WKT, also behind an SRID, the hexadecimal WKB of PostGIS, and GeoJSON."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from corridor_net.errors import BadValue

SRID = re.compile(r"\s*SRID\s*=\s*(\d+)\s*;", re.IGNORECASE)
HEX = re.compile(r"0[01][0-9A-Fa-f]{8,}")
OTHER = re.compile(rf"{SRID.pattern}|{HEX.pattern}$|\{{", re.IGNORECASE)
"""What is not plain WKT."""
DEGREES = 4326
SHAPE = re.compile(
    r"\s*(SRID\s*=\s*\d+\s*;\s*)?(MULTI)?(LINESTRING|POINT)\s*(Z|M|ZM)?\s*(\(|EMPTY)|0[01][0-9A-Fa-f]{40,}$"
    r'|\s*\{.*"type"\s*:\s*"(Multi)?(LineString|Point)"',
    re.IGNORECASE,
)
"""How the text of a line or a point begins."""


def shapes_of(cells: Iterable[Any]) -> tuple[NDArray[Any], str]:
    """Return the shape of each cell, None for what is empty or none, and the system all name, such as `EPSG:4326`.

    Raises BadValue where they are of several.

    >>> shapes, crs = shapes_of(["SRID=4326;POINT(18.9 -34.2)", '{"type": "Point", "coordinates": [1, 2]}', "none"])
    >>> shapes.tolist(), crs
    ([<POINT (18.9 -34.2)>, <POINT (1 2)>, None], 'EPSG:4326')
    """
    texts = np.array([str(cell).strip() for cell in cells], object)
    wanted = np.array([None if OTHER.match(text) else text or None for text in texts], object)
    found: NDArray[Any] = np.asarray(shapely.from_wkt(wanted, on_invalid="ignore"), object)
    numbers = np.zeros(len(texts), int)
    for position in np.flatnonzero([OTHER.match(text) is not None for text in texts]).tolist():
        found[position], numbers[position] = _other(texts[position])
    systems = {number or DEGREES for number in numbers[~shapely.is_missing(found)].tolist()}
    if not numbers.any():
        return found, ""
    if len(systems) > 1:
        raise BadValue(
            f"the shapes are of several coordinate systems: {', '.join(f'EPSG:{one}' for one in sorted(systems))}",
            hint="bring all to one system; a shape without an SRID counts as EPSG:4326 beside others that have one",
        )
    return found, "".join(f"EPSG:{one}" for one in systems)


def _other(text: str) -> tuple[Any, int]:
    """Return a shape that is not plain WKT, and the number of its system, 0 for none."""
    mark = SRID.match(text)
    if mark:
        return shapely.from_wkt(text[mark.end() :], on_invalid="ignore"), int(mark[1])
    if HEX.fullmatch(text):
        shape = shapely.from_wkb(text, on_invalid="ignore")
        return shape, 0 if shape is None else int(shapely.get_srid(shape))
    return shapely.from_geojson(text, on_invalid="ignore") if text.startswith("{") else None, 0


def are_shapes(cells: Iterable[Any]) -> bool:
    """Whether the first cell that is filled begins as the text of a line or a point does."""
    first = next((str(cell) for cell in cells if str(cell).strip()), "")
    return SHAPE.match(first) is not None
