"""The sea legs of our own GMNS export: links named SERVICE:CALL become services, calls and lanes again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridor_net.interchange.completing.services import lane_rows, ship_rows
from corridor_net.interchange.coordinates import straight_km
from corridor_net.interchange.defaults import DERIVED, GIVEN, SOURCE
from corridor_net.interchange.notes import Notes, counted
from corridor_net.interchange.text_tables import number_text
from corridor_net.network.wkt import line_text

NAME = "corridor-net"
USED = "corridor_net_used"
"""Column of the attributes: 1 for links of the package, 0 for those that carry no freight."""
LEG = r"^(?P<service>.+):(?P<call>\d+)$"


def sea_legs(links: pd.DataFrame, kinds: pd.Series) -> NDArray[Any]:
    """Return which links are legs of services: of facility type sea, and named after service and call."""
    return np.asarray((kinds == "sea").to_numpy() & links["link_id"].str.fullmatch(LEG).to_numpy())


def service_tables(legs: pd.DataFrame, lanes: Any, nodes: pd.DataFrame, notes: Notes) -> dict[str, pd.DataFrame]:
    """Return tables service, service_call, sea_lane and speed of legs (lengths in km, speeds in km/h).

    `lanes` is the id of the drawing of each leg. How often a service sails is not said in GMNS: once a week.
    """
    named = legs["link_id"].str.extract(LEG)
    legs = legs.assign(service=named["service"], call=named["call"].astype(int), lane=lanes)
    legs = legs.sort_values(["service", "call"], kind="stable").reset_index(drop=True)
    speed = legs["speed"].to_numpy(float)
    own = "sea_" + np.array([f"{value:.12g}" for value in speed.tolist()], object)
    legs = legs.assign(speed_id=np.where(np.isfinite(speed), own, "sea"))
    last = legs["service"] != legs["service"].shift(-1)
    notes.assume(
        f"{counted(int(last.sum()), 'service sails', 'services sail')} once a week: GMNS does not "
        "say how often (sailings_per_week in service.csv)"
    )
    ends = legs[last]
    calls = pd.concat(
        [
            legs[["service", "call", "from_node_id"]].set_axis(["service", "call", "node"], axis=1),
            ends[["service", "to_node_id"]].assign(call=ends["call"] + 1).set_axis(["service", "node", "call"], axis=1),
        ]
    ).sort_values(["service", "call"], kind="stable")
    first = legs.drop_duplicates("service").set_index("service")
    whole = first["from_node_id"].to_numpy(object) == ends["to_node_id"].to_numpy(object)
    made = {"source_id": SOURCE, "grade": "D", "basis": "default: once a week"}
    names, speeds = first["name"].to_numpy(object), first["speed_id"].to_numpy(object)
    circular = whole.astype(int).astype(str)
    service = ship_rows(ends["service"].to_numpy(object), names, "1", circular, made, speeds)
    call = pd.DataFrame(
        {"service_id": calls["service"], "call_sequence": calls["call"].astype(str), "node_id": calls["node"], **made}
    )
    return {"service": service, "service_call": call, "sea_lane": _lanes(legs, nodes), "speed": _speeds(legs)}


def _lanes(legs: pd.DataFrame, nodes: pd.DataFrame) -> pd.DataFrame:
    ends = pd.DataFrame(
        {"a": legs[["from_node_id", "to_node_id"]].min(axis=1), "b": legs[["from_node_id", "to_node_id"]].max(axis=1)}
    )
    one = legs[~ends.duplicated().to_numpy()].reset_index(drop=True)
    at = pd.Index(nodes["node_id"])
    x, y = nodes["x_coord"].to_numpy(float), nodes["y_coord"].to_numpy(float)
    here, there = at.get_indexer(one["from_node_id"]), at.get_indexer(one["to_node_id"])
    straight = straight_km(x[here], y[here], x[there], y[there])
    rows = lane_rows(
        one["from_node_id"].to_numpy(object),
        one["to_node_id"].to_numpy(object),
        one["length"].to_numpy(float),
        straight,
        line_text(one["geometry"].to_numpy(object)),
        "as given in link.csv",
        GIVEN,
        "B",
    )
    return rows.assign(lane_id=one["lane"])


def _speeds(legs: pd.DataFrame) -> pd.DataFrame:
    known = legs[np.isfinite(legs["speed"].to_numpy(float))].drop_duplicates("speed_id")
    return pd.DataFrame(
        {
            "speed_id": known["speed_id"],
            "speed_kmh": number_text(known["speed"]),
            "source_id": DERIVED,
            "grade": "C",
            "basis": "speed of the legs in link.csv",
        }
    )
