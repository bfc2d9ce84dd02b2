"""Back to GMNS: the attributes as they came, with what the package says now of ends, lengths, speeds and lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from .complete import line_text
from .gmns import USED
from .text_tables import number_text
from .units import LENGTHS_KM, SPEEDS_KMH, unit_of

if TYPE_CHECKING:
    from .imported import Imported

AS_IT_CAME = ("name", "node_type", "facility_type", "allowed_uses")
"""Columns whose text is the source's wherever it has the row."""
NUMBERS = ("x_coord", "y_coord", "length", "free_speed")
CLOSE = 1e-9
CRS = "EPSG:4326"


def to_gmns(imported: Imported) -> dict[str, pd.DataFrame]:
    """Return node, link, geometry and config as text.

    What the package has not changed keeps the text of the source; so do links that carry no freight, and all columns
    we have no name for. Units are the source's; coordinates are WGS 84, and stand as they came if they were that.
    """
    origin = imported.origin if imported.origin.get("format") == "gmns" else {}
    config = dict(origin.get("config", {}))
    same_crs = _is_wgs84(config.get("crs", ""))
    length = unit_of(origin.get("length_unit") or "km", LENGTHS_KM, "length")
    speed = unit_of(origin.get("speed_unit") or "km/h", SPEEDS_KMH, "speed")
    node = _merged(_nodes(imported), imported.node_attributes, "node_id", origin.get("node_columns", {}))
    links = _links(imported, length, speed)
    link = _merged(links, imported.link_attributes, "link_id", origin.get("link_columns", {}), lines=same_crs)
    config.setdefault("dataset_name", imported.title)
    units = {"long_length": length, "speed": speed, "crs": config.get("crs", CRS) if same_crs else CRS}
    config = {**config, **units, "geometry_field_format": "wkt"}
    if _unit_or_none(origin, "long_length", LENGTHS_KM) == length:
        config["long_length"] = origin["config"]["long_length"]
    if _unit_or_none(origin, "speed", SPEEDS_KMH) == speed:
        config["speed"] = origin["config"]["speed"]
    return {
        "node": node,
        "link": link,
        "geometry": _geometry(imported, origin.get("link_columns", {})),
        "config": pd.DataFrame([config], dtype=object),
    }


def _unit_or_none(origin: Mapping[str, Any], name: str, known: dict[str, float]) -> str | None:
    text = origin.get("config", {}).get(name)
    return unit_of(text, known, name) if text else None


def _is_wgs84(crs: str) -> bool:
    return crs.strip().casefold().removeprefix("epsg:") in ("", "4326", "wgs84", "wgs 84")


def _nodes(imported: Imported) -> pd.DataFrame:
    columns = ["node_id", "name", "x_coord", "y_coord"]
    return imported.nodes[columns].assign(node_type=imported.nodes["node_type"])


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
    *,
    lines: bool = True,
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
    inline = headers.get("geometry", "geometry")
    if not lines and inline in rows:
        rows[inline] = ""
    theirs = headers.get(key, key)
    return rows if theirs == key else rows.drop(columns=key)


def _kept(before: Any, now: Any, column: str) -> Any:
    """Return the text of before where it says the same as now."""
    if column == "directed":
        same = np.array([_true(a) == _true(b) for a, b in zip(before, now, strict=True)], bool)
        unsaid = np.array([str(cell).strip() == "" for cell in before], bool)
        return np.where(same | unsaid, before, now)
    if column not in NUMBERS:
        same = np.array([str(a).strip().removesuffix(".0") == b for a, b in zip(before, now, strict=True)], bool)
        return np.where(same, before, now)
    a = pd.to_numeric(pd.Series(before), errors="coerce").to_numpy(float)
    b = pd.to_numeric(pd.Series(now), errors="coerce").to_numpy(float)
    same = (np.isnan(b) & ~(a > 0)) | (np.abs(a - b) <= CLOSE * np.maximum(np.abs(a), 1.0))
    return np.where(same | (~np.isfinite(a) & (column == "length")), before, now)


def _true(cell: Any) -> bool:
    return str(cell).strip().casefold() in ("1", "1.0", "true", "yes", "y", "t")


def _geometry(imported: Imported, headers: Mapping[str, str]) -> pd.DataFrame:
    """Return the drawings under the ids of the source, each in the direction in which it came."""
    drawings = imported.tables["geometry"][["geometry_id", "geometry"]]
    attributes = imported.link_attributes
    theirs = headers.get("geometry_id", "geometry_id")
    if attributes is None or theirs not in attributes:
        return drawings.reset_index(drop=True)
    rows = attributes[["link_id", theirs]].rename(columns={theirs: "own_id"})
    flag = headers.get("dir_flag", "dir_flag")
    rows["flag"] = attributes[flag].str.strip() if flag in attributes else ""
    found = drawings.merge(rows, left_on="geometry_id", right_on="link_id", how="left")
    found["own_id"] = found["own_id"].fillna(found["geometry_id"])
    found = found[found["own_id"].str.strip() != ""].drop_duplicates("own_id")
    back = (found["flag"] == "-1").to_numpy()
    text = found["geometry"].to_numpy(object).copy()
    if back.any():
        text[back] = line_text(shapely.reverse(shapely.from_wkt(text[back])))
    return pd.DataFrame({"geometry_id": found["own_id"].to_numpy(object), "geometry": text})
