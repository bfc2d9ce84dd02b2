"""Countries of nodes and links, and border crossings where they are asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from corridor_net.errors import BadFile, Place
from corridor_net.interchange.coordinates import DEGREE_KM
from corridor_net.interchange.defaults import SOURCE
from corridor_net.interchange.layers import layer_of, read_shapes
from corridor_net.interchange.notes import Notes, counted
from corridor_net.interchange.options import ImportOptions
from corridor_net.network.reading.package import shipped_folder
from corridor_net.network.reading.region import UNKNOWN

COLUMNS = ("iso_a2", "iso2", "iso_3166_1_alpha_2", "iso3166-1-alpha-2", "country", "cntr_id", "iso_a2_eh", "wb_a2")
ENDS = ("from_node_id", "to_node_id")
OFFSHORE_KM = 30.0
"""Nodes no further off the coast than this, such as ports, belong to the nearest country."""


def with_countries(
    nodes: pd.DataFrame, options: ImportOptions, notes: Notes, links: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the nodes, each with a country.

    Its own, that of its UN/LOCODE, of the polygons, the one that all links at it name, or that of the options.
    """
    country = nodes["country"].where(nodes["country"] != "", _of_unlocodes(nodes["unlocode"])).astype(object)

    def fill(codes: Any, said: str) -> None:
        good = (country == "") & (codes != "")
        if good.any():
            notes.assume(f"{counted(int(good.sum()), 'node has', 'nodes have')} the country {said}")
            country[good] = codes[good]

    if options.countries is not None and (country == "").any():
        codes = pd.Series("", index=country.index, dtype=object)
        empty = (country == "").to_numpy()
        lon, lat = (nodes[axis].to_numpy(float)[empty] for axis in ("x_coord", "y_coord"))
        codes[empty] = countries_at(options.countries, lon, lat)
        world = str(options.countries) == "world"
        fill(codes, f"in which they lie after {'the world map' if world else options.countries.name}")
    if links is not None and (country == "").any():
        named = _of_links(links)
        codes = pd.Series([named.get(node, "") for node in nodes["node_id"]], index=country.index, dtype=object)
        fill(codes, "that all links at them name")
    why = "none is said (--countries world finds it by the world map)"
    why = "they lie in no country of the map" if options.countries is not None else why
    code = options.country or UNKNOWN
    said = "as asked" if options.country else f"a code for a country that is not known, as {why}"
    fill(pd.Series(code, index=country.index), f"{code}: {said}")
    return nodes.assign(country=country)


def _of_unlocodes(codes: pd.Series) -> pd.Series:
    """Return the country of each UN/LOCODE, such as `RS BEG`; '' for a text that is none."""
    plain = codes.str.upper().str.replace(" ", "")
    return plain.str[:2].where(plain.str.fullmatch("[A-Z]{2}[A-Z2-9]{3}"), "")


def _of_links(links: pd.DataFrame) -> dict[str, str]:
    """Return the country of nodes at which all links that name one name the same."""
    named = links[links["country"] != ""]
    ends = pd.concat([named[[end, "country"]].set_axis(["node", "country"], axis=1) for end in ENDS]).drop_duplicates()
    alone = ends.drop_duplicates("node", keep=False)
    return dict(zip(alone["node"], alone["country"], strict=True))


def countries_at(path: Path, lon: NDArray[Any], lat: NDArray[Any]) -> NDArray[Any]:
    """Return the two-letter code of the country each point lies in, or near; '' for none.

    `path` is a file of polygons; `shipped` is the map of the shipped region, `world` the one of the world.

    Raises BadFile when the file has no polygons or no column of codes.
    """
    if str(path) == "world":
        from .gazetteer import country_shapes

        around = (lon.min() - 1, max(lat.min() - 1, -90), lon.max() + 1, min(lat.max() + 1, 90))
        shapes, codes = country_shapes(around)
    else:
        shapes, codes = _polygons(shipped_folder("geodata") / "basemap.geojson" if str(path) == "shipped" else path)
    found = np.full(len(lon), "", object)
    if not len(codes):
        return found
    tree = shapely.STRtree(shapes)
    points = shapely.points(lon, lat)
    (inside, which) = tree.query(points, predicate="intersects")
    found[inside[::-1]] = codes[which[::-1]]
    left = np.flatnonzero(found == "")
    if len(left):
        (near, which) = tree.query_nearest(points[left], max_distance=OFFSHORE_KM / DEGREE_KM, all_matches=False)
        found[left[near]] = codes[which]
    return found


def _polygons(path: Path) -> tuple[NDArray[Any], NDArray[Any]]:
    shapes = read_shapes(path, layer_of(path, "Polygon"))
    column = next((name for want in COLUMNS for name in shapes.columns if name.casefold() == want), None)
    if column is None:
        raise BadFile(
            f"'{path}' has no column of country codes",
            place=Place(str(path)),
            hint=f"polygons with one of the columns {', '.join(COLUMNS)}",
        )
    shapes = shapes[shapes[column].astype(str).str.fullmatch("[A-Z]{2}") & ~shapes.geometry.isna()]
    if shapes.crs is not None:
        shapes = shapes.to_crs("EPSG:4326")
    return shapes.geometry.to_numpy(), shapes[column].astype(object).to_numpy()


def crossings(nodes: pd.DataFrame, links: pd.DataFrame, options: ImportOptions, notes: Notes) -> pd.DataFrame:
    """Return the rows of table `crossing` where links cross a border, if the options ask for them."""
    country = nodes.set_index("node_id")["country"]
    here, there = links["from_node_id"].map(country), links["to_node_id"].map(country)
    over = links[(here != there).to_numpy()]
    if not len(over):
        return pd.DataFrame()
    if options.borders == "open":
        notes.warn(
            f"{counted(len(over), 'link crosses', 'links cross')} a border, and no crossing was "
            "made: the borders are open (customsAreas in datapackage.json); --borders crossings "
            "puts default times and fees on each"
        )
        return pd.DataFrame()
    notes.assume(f"each of the {len(over):,} links that cross a border has a crossing each way, with default costs")
    back = over[over["directed"] == 0]
    rows = [
        _rows(over, over["from_node_id"], over["to_node_id"], "out"),
        _rows(back, back["to_node_id"], back["from_node_id"], "in"),
    ]
    return pd.concat(rows, ignore_index=True)


def _rows(links: pd.DataFrame, here: pd.Series, there: pd.Series, direction: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "crossing_id": links["link_id"] + "-" + direction,
            "name": here + " to " + there,
            "link_id": links["link_id"],
            "from_node_id": here,
            "to_node_id": there,
            "mode": links["mode"],
            "direction": direction,
            "operation_id": "border_" + links["mode"],
            "opening_hours": "24h",
            "source_id": SOURCE,
            "grade": "D",
            "basis": "default: open day and night, own estimate",
        }
    )
