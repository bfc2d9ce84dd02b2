"""The file of coast, land and borders under the maps of a package, read once; every fault with its place."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor_net.errors import BadFile, Place
from corridor_net.network.files.json_text import place_of_part, read_json
from corridor_net.network.reading.package import shipped_folder

if TYPE_CHECKING:
    from .network import Network

HINT = "a GeoJSON collection of polygons (land) and lines (coast), or with the property layer; longitude, latitude"
BOUNDS = (-540.0, -90.0, 540.0, 90.0)
"""Within which a basemap stays: one turn more than the globe, for windows across the antimeridian."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnShape:
    """A feature: its shape, the layer it says it is of (none where it says nothing), its properties."""

    shape: Any
    layer: str
    properties: dict[str, Any]

    @property
    def is_land(self) -> bool:
        """Whether it is land: by its layer, or an area that names none."""
        return self.layer == "land" or (not self.layer and self.shape.geom_type.endswith("Polygon"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Basemap:
    """A basemap: what must be said of it, its window (west, south, east, north) if it names one, its features."""

    attribution: str
    window: tuple[float, float, float, float] | None
    features: tuple[DrawnShape, ...]

    @property
    def land(self) -> Any:
        """All its land as one area of shapely."""
        import shapely

        return shapely.union_all([one.shape for one in self.features if one.is_land])


def basemap_file(network: Network) -> Path | None:
    """Return the file of the package's own basemap; None where maps rest on that of the world."""
    path = Path(network.folder) / (network.package.basemap or "basemap.geojson")
    return path if network.folder and path.is_file() else None


def world_file() -> Path:
    """Return the file of land, with the large lakes as holes in it, and borders of the world."""
    return shipped_folder("geodata") / "world.geojson"


def read_basemap(path: Path) -> Basemap:
    """Return a basemap; raise BadFile with the place for what is none, and for coordinates off the globe."""
    try:
        return _read(path, path.stat().st_mtime_ns)
    except OSError as error:
        raise BadFile(f"'{path.name}' cannot be read: {error.strerror}", place=Place(str(path)), hint=HINT) from None


@lru_cache(maxsize=4)
def _read(path: Path, stamp: int) -> Basemap:  # noqa: ARG001 - a file that changed is read again
    content = read_json(path)
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list):
        raise _fault(path, "has no list of features")
    told, box = content.get("attribution"), content.get("bbox")
    shapes = _shapes(path, len(features))
    return Basemap(
        attribution=told if isinstance(told, str) else "",
        window=None if box is None else _window(path, box),
        features=tuple(_drawn(path, number, feature, shapes) for number, feature in enumerate(features)),
    )


def _window(path: Path, box: Any) -> tuple[float, float, float, float]:
    import numpy as np

    try:
        west, south, east, north = map(float, box)
    except (TypeError, ValueError):
        raise _fault(path, "has a bbox that is no four numbers", "bbox") from None
    if not (np.isfinite([west, south, east, north]).all() and west < east and south < north):
        raise _fault(path, "has a bbox that is no window: west, south, east, north", "bbox")
    return west, south, east, north


def _shapes(path: Path, count: int) -> list[Any] | None:
    """Return the shapes of all features, read at once; None where each is to be read by itself, for what is wrong."""
    import shapely

    try:
        parts = list(shapely.get_parts(shapely.from_geojson(path.read_bytes())))
    except (shapely.errors.GEOSException, ValueError, RecursionError):
        return None
    return parts if len(parts) == count else None


def _drawn(path: Path, number: int, feature: Any, shapes: list[Any] | None) -> DrawnShape:
    import numpy as np
    import shapely

    place = ("features", number)
    properties = feature.get("properties") or {} if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        raise _fault(path, "has a feature that is none", *place)
    try:
        shape = shapes[number] if shapes else shapely.from_geojson(json.dumps(feature.get("geometry")))
    except (shapely.errors.GEOSException, ValueError, RecursionError):
        shape = None
    if shape is None or shape.geom_type in ("GeometryCollection", "Point", "MultiPoint"):
        raise _fault(path, "has a feature that is no area and no line", *place)
    bounds = np.asarray(shape.bounds)
    west, south, east, north = BOUNDS
    if not shape.is_empty and not (bounds >= (west, south) * 2).all() & (bounds <= (east, north) * 2).all():
        raise _fault(path, "has a feature off the globe", *place)
    layer = properties.get("layer")
    return DrawnShape(shape=shape, layer=layer if isinstance(layer, str) else "", properties=properties)


def _fault(path: Path, message: str, *keys: str | int) -> BadFile:
    return BadFile(f"the basemap {message}", place=place_of_part(path, *keys), hint=HINT)
