"""Drawings as cells of a table: one with too many points for a cell is drawn with fewer, and said to be."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from corridor_net.network.files.csv_file import LONGEST_CELL
from corridor_net.network.wkt import line_text

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
            f"{counted(len(simpler), 'drawing has', 'drawings have')} too many points for a cell of {LONGEST_CELL:,}"
            f" characters, and lost some, up to {off * DEGREE_M:.2g} m off; lengths are those of all points:"
            f" {some(simpler)}"
        )
    return texts
