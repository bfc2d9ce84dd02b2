"""Lines whose coordinates are none, or in a system that nobody knows, are refused and not put somewhere."""

import json
from pathlib import Path

import pytest

from corridor_net.errors import BadValue
from corridor_net.interchange.doors import import_network


def geojson(folder: Path, *last: float, **members: object) -> Path:
    line = {"type": "LineString", "coordinates": [[10, 50], [10.1, 50], list(last)]}
    feature = {"type": "Feature", "properties": {}, "geometry": line}
    path = folder / "lines.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature], **members}), encoding="utf-8")
    return path


@pytest.mark.parametrize("longitude", [400, -1000, 1e300])
def test_a_longitude_that_is_none_is_not_turned_round_the_globe(tmp_path, longitude):
    with pytest.raises(BadValue, match="are not degrees"):
        import_network("lines", [geojson(tmp_path, longitude, 50)])
    made = import_network("lines", [geojson(tmp_path, 190, 50)])
    assert any("brought into -180..180" in line for line in made.assumptions)


def system(name: str) -> dict[str, object]:
    return {"type": "name", "properties": {"name": name}}


def test_a_system_that_is_not_known_is_not_taken_for_degrees(tmp_path):
    with pytest.raises(BadValue, match="unknown coordinate system 'urn:ogc:def:crs:EPSG::999999'") as caught:
        import_network("lines", [geojson(tmp_path, 10.2, 50, crs=system("urn:ogc:def:crs:EPSG::999999"))])
    assert caught.value.place.path.endswith("lines.geojson")
    for name in ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"):
        assert len(import_network("lines", [geojson(tmp_path, 10.2, 50, crs=system(name))]).tables["link"]) == 1
