"""Lanes between ports, and what is done in a port: rows that the doors for seas and for timetables share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridor_net.interchange.defaults import SOURCE
from corridor_net.interchange.text_tables import number_text
from corridor_net.interchange.units import LENGTHS_KM
from corridor_net.network.checks.lengths import MAX_RATIO

LEAST = 0.001
EVERY = "default: every port handles every box"


def lane_rows(
    here: NDArray[Any],
    there: NDArray[Any],
    km: NDArray[Any],
    straight: NDArray[Any],
    geometry: NDArray[Any],
    basis: str,
    source_id: str,
    grade: str,
) -> pd.DataFrame:
    """Return rows of table `sea_lane`: lengths in km, `straight` the shortest line on the ellipsoid.

    A length that was rounded, or taken on a sphere, may be a little below that: the ratio is 1 then.
    """
    ratio = np.maximum(km / np.where(straight > 0, straight, np.nan), 1.0)
    return pd.DataFrame(
        {
            "lane_id": "sea-" + here + "-" + there,
            "from_node_id": here,
            "to_node_id": there,
            "length_km": number_text(np.maximum(km, LEAST)),
            "length_nmi": number_text(np.maximum(np.round(km / LENGTHS_KM["nmi"], 4), LEAST)),
            "geodesic_km": number_text(np.maximum(np.round(straight, 4), LEAST)),
            "ratio": number_text(np.round(np.where(np.isfinite(ratio), ratio, 1.0), 4)),
            "detour_reason": np.where(ratio > MAX_RATIO, "as the lines of the source run", ""),
            "geometry": geometry,
            "source_id": source_id,
            "grade": grade,
            "basis": basis,
        }
    )


def ship_rows(
    ids: NDArray[Any], names: Any, sailings: str, circular: Any, told: Mapping[str, str], speed_id: Any = "sea"
) -> pd.DataFrame:
    """Return rows of table `service`: container ships at the default rates, so many `sailings` a week."""
    return pd.DataFrame(
        {
            "service_id": ids,
            "name": names,
            "vehicle": "container_ship",
            "carries": "container",
            "sailings_per_week": sailings,
            "circular": circular,
            "speed_id": speed_id,
            "port_stay_hours": "24",
            "tariff_id": "sea",
            "emission_factor_id": "sea",
            **told,
        }
    )


def port_terminals(ports: NDArray[Any], *, charter: bool = False, operation: str = "port") -> pd.DataFrame:
    """Return terminals at which cargo begins, ends, goes aboard, comes ashore and changes ship, by one operation."""
    changes = [("origin", "port_out"), ("port_in", "destination"), ("port_in", "port_out")]
    if charter:
        changes.append(("origin", "charter"))
    rows = [terminal_frame(ports, before, after, operation, EVERY) for before, after in changes]
    return pd.concat(rows, ignore_index=True)


def terminal_frame(node: Any, before: Any, after: Any, operation: str, basis: str) -> pd.DataFrame:
    """Return rows of table `terminal`: one operation that leads from a state to another at each node."""
    made = pd.DataFrame({"node_id": np.asarray(node, object)}, dtype=object)
    made = made.assign(from_state=np.asarray(before, object), to_state=np.asarray(after, object))
    made.insert(0, "terminal_id", made["node_id"] + "-" + made["from_state"] + "-" + made["to_state"])
    return made.assign(operation_id=operation, source_id=SOURCE, grade="D", basis=basis)
