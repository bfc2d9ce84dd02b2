"""Lines as WKT, read and written; points of the globe."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from corridor_net.errors import BadValue

Coordinates = tuple[tuple[float, float], ...]
MUST = "it must be a LINESTRING (longitude latitude, ...)"
_HEX = re.compile("0[xX]")
"""What the reader of WKT takes for a number in sixteens."""
_KIND = re.compile(r"\s*+([A-Za-z]{1,30})")


def read_line(text: str) -> Coordinates:
    """Return the points of a WKT LINESTRING as (longitude, latitude); heights are left out.

    Raises ValueError, which says what it must be: another kind of geometry, no WKT, no points, points off the globe.
    """
    kind = _KIND.match(text)
    if kind is None or kind[1].upper() != "LINESTRING":
        what = f"is a {kind[1].upper()}" if kind and kind[1].isupper() else "is no WKT"
        raise ValueError(f"{what}; {MUST}")
    if _HEX.search(text):
        raise ValueError(f"is no WKT: numbers are decimal; {MUST}")
    import numpy as np
    import shapely

    try:
        with np.errstate(all="ignore"):
            line = shapely.from_wkt(text)
    except shapely.errors.GEOSException as error:
        said = str(error).removeprefix("ParseException: ").strip()
        raise ValueError(f"is no WKT: {said[:80]}; {MUST}") from None
    points = tuple((x, y) for x, y in shapely.get_coordinates(line).tolist())
    if len(points) < 2:
        raise ValueError("is empty; a line has two points or more")
    on_the_globe(points)
    return points


def on_the_globe(points: Iterable[tuple[float, float]]) -> None:
    """Raise ValueError for a point that is no longitude and latitude in degrees."""
    for x, y in points:
        if not (-180 <= x <= 180 and -90 <= y <= 90):
            exchanged = -90 <= x <= 90 and -180 <= y <= 180
            hint = "; longitude and latitude seem to be exchanged" if exchanged else ""
            raise ValueError(f"holds {x:g} {y:g}, which is no longitude and latitude{hint}")


@lru_cache(maxsize=4096)  # the networks of a study share their drawings
def wkt_line(text: str) -> Coordinates:
    """Return the points of a WKT LINESTRING as (longitude, latitude); raise BadValue for anything else.

    >>> wkt_line("LINESTRING (1.2665E2 45.75, 129.6 44.5)")
    ((126.65, 45.75), (129.6, 44.5))
    """
    try:
        return read_line(text)
    except ValueError as error:
        raise BadValue(f"the geometry '{text[:40]}' {error}") from None


def line_text(lines: Any) -> Any:
    """Return lines as WKT in plain decimals, with every digit that is needed to read them back the same."""
    import numpy as np
    import shapely

    texts = np.asarray(shapely.to_wkt(lines, rounding_precision=-1, output_dimension=2), object)
    for position, text in enumerate(texts):
        if "e" in text:
            points = ", ".join(f"{_decimal(x)} {_decimal(y)}" for x, y in shapely.get_coordinates(lines[position]))
            texts[position] = f"LINESTRING ({points})"
    return texts


def _decimal(value: float) -> str:
    import numpy as np

    return np.format_float_positional(value, trim="-")
