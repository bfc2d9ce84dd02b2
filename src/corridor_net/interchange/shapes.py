"""Shapes in cells of a table: WKT, also behind an SRID, the hexadecimal WKB of PostGIS, and GeoJSON."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

SRID = re.compile(r"\s*SRID\s*=\s*(\d+)\s*;", re.IGNORECASE)
HEX = re.compile(r"0[01][0-9A-Fa-f]{8,}")
SHAPE = re.compile(
    r"\s*(SRID\s*=\s*\d+\s*;\s*)?(MULTI)?(LINESTRING|POINT)\b|0[01][0-9A-Fa-f]{40,}$"
    r'|\s*\{.*"type"\s*:\s*"(Multi)?(LineString|Point)"',
    re.IGNORECASE,
)
"""How the text of a line or a point begins."""


def shapes_of(cells: Iterable[Any]) -> tuple[NDArray[Any], str]:
    """Return the shape of each cell, None for what is empty or none, and the system all name, such as `EPSG:4326`.

    >>> shapes, crs = shapes_of(["SRID=4326;POINT(18.9 -34.2)", '{"type": "Point", "coordinates": [1, 2]}', "none"])
    >>> shapes.tolist(), crs
    ([<POINT (18.9 -34.2)>, <POINT (1 2)>, None], 'EPSG:4326')
    """
    texts = np.array([str(cell).strip() for cell in cells], object)
    found = np.array(shapely.from_wkt([text or None for text in texts], on_invalid="ignore"), object)
    numbers = set()
    for position in np.flatnonzero(shapely.is_missing(found) & (texts != "")).tolist():
        shape, number = _other(texts[position])
        found[position] = shape
        numbers |= {number} - {0}
    return found, f"EPSG:{numbers.pop()}" if len(numbers) == 1 else ""


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
