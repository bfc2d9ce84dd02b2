"""Back to GMNS: the attributes as they came, with what the package says now of ends, lengths, speeds and lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyproj
import shapely

from corridor_net.interchange.coordinates import WGS84, find_crs
from corridor_net.interchange.text_tables import number_text
from corridor_net.interchange.units import LENGTHS_KM, SPEEDS_KMH, unit_of
from corridor_net.network.wkt import line_text

from .frames import TRUE
from .gmns_own import USED

if TYPE_CHECKING:
    from corridor_net.interchange.imported import Imported

AS_IT_CAME = ("name", "node_type", "facility_type", "allowed_uses")
"""Columns whose text is the source's wherever it has the row."""
NUMBERS = ("x_coord", "y_coord", "length", "free_speed")
CLOSE = 1e-9
DIGITS = 6
"""Decimals of coordinates that are brought back into the system of the source."""


def to_gmns(imported: Imported) -> dict[str, pd.DataFrame]:
    """Return node, link, geometry and config as text, in the units and the coordinate system of the source.

    What the package has not changed keeps the text of the source; so do links that carry no freight, and all columns
    we have no name for.
    """
    origin = imported.origin if imported.origin.get("format") == "gmns" else {}
    config = dict(origin.get("config", {}))
    crs = origin.get("crs", "")
    length = unit_of(origin.get("length_unit") or "km", LENGTHS_KM, "length")
    speed = unit_of(origin.get("speed_unit") or "km/h", SPEEDS_KMH, "speed")
    headers = origin.get("link_columns", {})
    link = _merged(_links(imported, length, speed), imported.link_attributes, "link_id", headers)
    return {
        "node": _merged(_nodes(imported, crs), imported.node_attributes, "node_id", origin.get("node_columns", {})),
        "link": _redrawn(link, imported, headers, crs),
        "geometry": _geometry(imported, headers, crs),
        "config": pd.DataFrame([_config(config, imported.title, length, speed, crs)], dtype=object),
    }


def _config(config: dict[str, str], title: str, length: str, speed: str, crs: str) -> dict[str, str]:
    """Return config.csv as it came, with units and coordinate system where it had none, or others."""
    for name, unit, known in (("long_length", length, LENGTHS_KM), ("speed", speed, SPEEDS_KMH)):
        if not config.get(name) or unit_of(config[name], known, name) != unit:
            config[name] = unit
    config.setdefault("dataset_name", title)
    return {**config, "crs": config.get("crs") or crs or WGS84, "geometry_field_format": "wkt"}


def _changer(crs: str, *, back: bool) -> Any:
    """Return what brings points from WGS 84 into the system of the source, or back; None when it is WGS 84."""
    if not crs or find_crs(crs).equals(find_crs(WGS84), ignore_axis_order=True):
        return None
    first, last = (find_crs(name) for name in ((WGS84, crs) if back else (crs, WGS84)))
    change = pyproj.Transformer.from_crs(first, last, always_xy=True)
    return lambda points: np.column_stack(change.transform(points[:, 0], points[:, 1]))


def _drawn(lines: Any, crs: str) -> Any:
    """Return lines of WGS 84 as WKT in the system of the source."""
    change = _changer(crs, back=True)
    moved = lines if change is None else shapely.transform(lines, lambda points: np.round(change(points), DIGITS))
    return line_text(np.asarray(moved, object))


def _nodes(imported: Imported, crs: str) -> pd.DataFrame:
    nodes = imported.nodes[["node_id", "name", "x_coord", "y_coord", "node_type"]]
    change = _changer(crs, back=True)
    if change is None:
        return nodes
    points = np.round(change(nodes[["x_coord", "y_coord"]].to_numpy(float)), DIGITS)
    return nodes.assign(x_coord=number_text(points[:, 0]), y_coord=number_text(points[:, 1]))


def _links(imported: Imported, length: str, speed: str) -> pd.DataFrame:
    links = imported.links
    table = imported.tables["speed"].drop_duplicates("speed_id").set_index("speed_id")
    kmh = links["speed_id"].map(table["speed_kmh"]).astype(float)
    said = links["speed_id"].map(table["source_id"]) != "DEFAULT"
    return pd.DataFrame(
        {
            "link_id": links["link_id"],
            "name": links["name"],
            "from_node_id": links["from_node_id"],
            "to_node_id": links["to_node_id"],
            "directed": links["directed"],
            "geometry_id": links["geometry_id"],
            "length": number_text(links["length_km"].astype(float) / LENGTHS_KM[length]),
            "free_speed": np.where(said, number_text(kmh / SPEEDS_KMH[speed]), ""),
            "facility_type": links["mode"],
            "allowed_uses": links["mode"],
        }
    )


def _merged(
    made: pd.DataFrame,
    attributes: pd.DataFrame | None,
    key: str,
    headers: Mapping[str, str],
) -> pd.DataFrame:
    """Return the rows of the source in its own columns, each cell as it came unless the package says otherwise."""
    if attributes is None:
        return made.reset_index(drop=True)
    used = attributes[USED] == "1" if USED in attributes else pd.Series(True, index=attributes.index)
    there = attributes[key].isin(set(made[key]))
    rows = attributes[there | ~used].drop(columns=[c for c in (USED,) if c in attributes]).reset_index(drop=True)
    at = pd.Index(made[key]).get_indexer(rows[key])
    for ours in made.columns:
        theirs = headers.get(ours, ours)
        if ours in (key, "geometry_id", *AS_IT_CAME) or theirs not in rows:
            continue
        now = np.where(at >= 0, made[ours].to_numpy(object)[at], rows[theirs].to_numpy(object))
        rows[theirs] = _kept(rows[theirs].to_numpy(object), now, ours)
    return rows[[name for name in headers.values() if name in rows]] if headers else rows


def _redrawn(link: pd.DataFrame, imported: Imported, headers: Mapping[str, str], crs: str) -> pd.DataFrame:
    """Return the links with the drawings of the package in place of their own, where these have changed."""
    column, flag, key = (headers.get(name, name) for name in ("geometry", "dir_flag", "link_id"))
    if column not in link or not len(imported.tables["geometry"]):
        return link
    own = shapely.from_wkt(np.where(link[column].str.strip() == "", None, link[column]), on_invalid="ignore")
    own = np.where(shapely.get_num_geometries(own) == 1, shapely.get_geometry(shapely.line_merge(own), 0), own)
    back = (link[flag].str.strip() == "-1").to_numpy() if flag in link else np.zeros(len(link), bool)
    own = np.where(back, shapely.reverse(own), own)
    change = _changer(crs, back=False)
    own = own if change is None else shapely.transform(own, change)
    drawings = imported.tables["geometry"].set_index("geometry_id")["geometry"]
    texts = [text if isinstance(text, str) else None for text in link[key].map(drawings)]
    now = shapely.from_wkt(np.array(texts, object))
    changed = ~shapely.is_missing(own) & ~shapely.is_missing(now) & ~shapely.equals_exact(own, now, CLOSE)
    if not changed.any():
        return link
    text = link[column].to_numpy(object).copy()
    text[changed] = _drawn(np.where(back, shapely.reverse(now), now)[changed], crs)
    return link.assign(**{column: text})


def _kept(before: Any, now: Any, column: str) -> Any:
    """Return the text of before where it says the same as now."""
    if column == "directed":
        was, true = ([str(cell).strip().casefold() in TRUE for cell in cells] for cells in (before, now))
        same = np.array(was, bool) == np.array(true, bool)
        unsaid = np.array([str(cell).strip() == "" for cell in before], bool)
        return np.where(same | unsaid, before, now)
    if column not in NUMBERS:
        same = np.array([str(a).strip().removesuffix(".0") == b for a, b in zip(before, now, strict=True)], bool)
        return np.where(same, before, now)
    a = pd.to_numeric(pd.Series(before), errors="coerce").to_numpy(float)
    b = pd.to_numeric(pd.Series(now), errors="coerce").to_numpy(float)
    same = (np.isnan(b) & ~(a > 0)) | (np.abs(a - b) <= CLOSE * np.maximum(np.abs(a), 1.0))
    return np.where(same | (~np.isfinite(a) & (column == "length")), before, now)


def _geometry(imported: Imported, headers: Mapping[str, str], crs: str) -> pd.DataFrame:
    """Return the drawings under the ids of the source, each in the direction in which it came."""
    drawings = imported.tables["geometry"][["geometry_id", "geometry"]]
    attributes = imported.link_attributes
    theirs = headers.get("geometry_id", "geometry_id")
    if attributes is None or theirs not in attributes:
        return drawings.assign(geometry=_drawn(shapely.from_wkt(drawings["geometry"]), crs)).reset_index(drop=True)
    rows = attributes[["link_id", theirs]].rename(columns={theirs: "own_id"})
    flag = headers.get("dir_flag", "dir_flag")
    rows["flag"] = attributes[flag].str.strip() if flag in attributes else ""
    found = drawings.merge(rows, left_on="geometry_id", right_on="link_id", how="left")
    found["own_id"] = found["own_id"].fillna(found["geometry_id"])
    found = found[found["own_id"].str.strip() != ""].drop_duplicates("own_id")
    back = (found["flag"] == "-1").to_numpy()
    lines = shapely.from_wkt(found["geometry"].to_numpy(object))
    text = _drawn(np.where(back, shapely.reverse(lines), lines), crs)
    return pd.DataFrame({"geometry_id": found["own_id"].to_numpy(object), "geometry": text})
