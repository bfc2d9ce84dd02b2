"""Drawings as cells of a table: one with too many points for a cell is drawn with fewer, and said to be."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from corridor_net.network.files.csv_file import LONGEST_CELL
from corridor_net.network.wkt import line_text

from .coordinates import straight_km
from .defaults import GIVEN
from .notes import Notes, counted, some

FINEST = 1e-6
"""Degrees, a tenth of a metre, by which a line that does not fit is drawn otherwise at first; twice that, and so on."""
DEGREE_M = 111_200


def line_cells(lines: NDArray[Any], ids: Any, notes: Notes) -> NDArray[Any]:
    """Return lines as WKT that fits into cells; lengths were measured before, and stay."""
    texts: NDArray[Any] = line_text(lines)
    simpler, off = [], 0.0
    for position in [number for number, text in enumerate(texts) if len(text) > LONGEST_CELL]:
        tolerance = FINEST
        while len(texts[position]) > LONGEST_CELL:
            line = shapely.set_precision(shapely.simplify(lines[position], tolerance), FINEST, mode="pointwise")
            texts[position] = line_text(np.array([line], object))[0]
            off, tolerance = max(off, tolerance), 2 * tolerance
        simpler.append(list(ids)[position])
    if simpler:
        notes.warn(
            f"{counted(len(simpler), 'drawing has', 'drawings have')} too many points for a cell "
            f"of {LONGEST_CELL:,} characters, and lost some, up to {off * DEGREE_M:.2g} m off; "
            f"lengths are those of all points: {some(simpler)}"
        )
    return texts


def geometry_rows(links: pd.DataFrame, source: str, notes: Notes) -> pd.DataFrame:
    """Return the rows of table `geometry` of links, as drawn in a source."""
    lines = links["geometry"].to_numpy(object)
    drawn = ~shapely.is_missing(lines)
    if not drawn.any():
        return pd.DataFrame()
    ids = links["link_id"].to_numpy(object)[drawn]
    return pd.DataFrame(
        {
            "geometry_id": ids,
            "geometry": line_cells(lines[drawn], ids, notes),
            "source_id": GIVEN,
            "grade": "B",
            "basis": f"as drawn in {source}",
        }
    )


def drawn_elsewhere(links: pd.DataFrame, x1: Any, y1: Any, x2: Any, y2: Any) -> NDArray[Any]:
    """Return which links are drawn, from one end or the other, more than 1 km from their nodes at these places."""
    lines = links["geometry"].to_numpy(object)
    drawn = ~shapely.is_missing(lines)
    far = np.zeros(len(lines), bool)
    if not drawn.any():
        return far
    first, last = (shapely.get_coordinates(shapely.get_point(lines[drawn], end)) for end in (0, -1))
    along = np.maximum(
        straight_km(first[:, 0], first[:, 1], x1[drawn], y1[drawn]),
        straight_km(last[:, 0], last[:, 1], x2[drawn], y2[drawn]),
    )
    against = np.maximum(
        straight_km(first[:, 0], first[:, 1], x2[drawn], y2[drawn]),
        straight_km(last[:, 0], last[:, 1], x1[drawn], y1[drawn]),
    )
    far[drawn] = np.minimum(along, against) > 1.0
    return far
