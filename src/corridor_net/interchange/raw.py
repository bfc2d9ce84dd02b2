"""A network as a door read it, before anything is converted or filled in. Values only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
import pandas as pd

from corridor_net.errors import Place

NODE_COLUMNS = ("node_id", "name", "node_type", "country", "x_coord", "y_coord", "unlocode", "population")
LINK_COLUMNS = (
    "link_id",
    "name",
    "from_node_id",
    "to_node_id",
    "directed",
    "mode",
    "gauge_mm",
    "length",
    "hours",
    "speed",
    "country",
    "geometry",
)


class Finder(Protocol):
    """What finds the place of a row of a table, and of one cell of it where its column is named."""

    def __call__(self, table: str, position: int, column: str = "", /) -> Place | None:
        """Return the place, None where nothing tells it."""


def nowhere(table: str, position: int, column: str = "") -> Place | None:  # noqa: ARG001 - the shape of a finder
    """Say that a row came from no file."""
    return None


@dataclass(frozen=True, kw_only=True)
class Raw:
    """Two frames with our column names, in the units and the coordinate system of the source.

    `nodes` has `NODE_COLUMNS`, `links` has `LINK_COLUMNS`: ids and names are text, `length`, `hours` (in the unit of
    times) and `speed` floats with NaN where nothing is said, `geometry` shapely lines or None. `length_unit`,
    `speed_unit`, `time_unit` and `crs` are what the source says, with `said_by` telling where. `tables` are tables of
    the package that the source has itself, `own` are properties of the package. With `own_columns`, attributes under
    names of package columns (`valid_from`, `tariff_id` …) go into the package. What is `placed` has been brought to
    longitude and latitude already. `node_attributes` and
    `link_attributes` hold all that we have no column for, by the same ids.
    """

    nodes: pd.DataFrame
    links: pd.DataFrame
    source: str
    crs: str = ""
    length_unit: str = ""
    speed_unit: str = ""
    time_unit: str = ""
    said_by: str = ""
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    terminals: pd.DataFrame | None = None
    node_attributes: pd.DataFrame | None = None
    link_attributes: pd.DataFrame | None = None
    origin: Mapping[str, Any] = field(default_factory=dict)
    own: Mapping[str, Any] = field(default_factory=dict)
    own_columns: bool = False
    placed: bool = False
    place: Finder = nowhere

    @classmethod
    def of(cls, nodes: pd.DataFrame, links: pd.DataFrame, **told: Any) -> Raw:
        """Return a network of nodes and links that may lack columns: these are empty."""
        return cls(nodes=with_columns(nodes, NODE_COLUMNS), links=with_columns(links, LINK_COLUMNS), **told)

    def but(self, **changes: Any) -> Raw:
        """Return the same with some fields changed."""
        return replace(self, **changes)


def numbered(ids: pd.Series, *, first: bool = False) -> pd.Series:
    """Return ids with a number after each that stood before; with `first`, after each that stands more than once.

    >>> numbered(pd.Series(["a", "b", "a"])).tolist(), numbered(pd.Series(["a", "b", "a"]), first=True).tolist()
    (['a', 'b', 'a-2'], ['a-1', 'b', 'a-2'])
    """
    if ids.is_unique:
        return ids
    several = Counter(ids) if first else {}
    seen: Counter[str] = Counter()
    made = []
    for one in ids:
        seen[one] += 1
        made.append(f"{one}-{seen[one]}" if seen[one] > 1 or several.get(one, 1) > 1 else one)
    return pd.Series(made, index=ids.index, dtype=object)


def beside(frame: pd.DataFrame, key: str, ids: Any) -> pd.DataFrame:
    """Return columns that are kept beside a package, each row behind its id."""
    made = frame.reset_index(drop=True).astype(object)
    made.insert(0, key, np.asarray(ids, object))
    return made


def with_columns(frame: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """Return a frame with exactly these columns in this order; text ones empty, numbers NaN, where they are new."""
    made = {}
    for name in columns:
        if name in frame:
            made[name] = frame[name]
        elif name in ("x_coord", "y_coord", "length", "hours", "speed"):
            made[name] = pd.Series(float("nan"), index=frame.index)
        elif name == "directed":
            made[name] = pd.Series(0, index=frame.index)
        elif name == "geometry":
            made[name] = pd.Series(np.full(len(frame), None, object), index=frame.index, dtype=object)
        else:
            made[name] = pd.Series("", index=frame.index, dtype=object)
    return pd.DataFrame(made, index=frame.index).reset_index(drop=True)
