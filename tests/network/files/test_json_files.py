"""JSON that people give: read, or refused in one message with the place of the fault and what to do."""

from __future__ import annotations

import json
import shutil

import pytest

from corridor_net.errors import BadFile
from corridor_net.network import Network
from corridor_net.network.basemap import read_basemap
from corridor_net.network.checks import check_network
from corridor_net.network.files.json_text import MAX_DEPTH, place_of_part, read_json
from corridor_net.network.reading.package import shipped_folder
from network.helpers import describe, described, faults_of, field_of, only_fault, pointed_at, schema_of, where


def test_what_is_nested_too_deep_is_pointed_at(small):
    text = '{"name": "]]]",\n "resources": ' + "[" * 100_000
    (small.folder / "datapackage.json").write_text(text, encoding="utf-8")
    fault = only_fault(small.folder)
    assert where(fault) == ("datapackage.json", 2, len(' "resources": ') + MAX_DEPTH)
    assert fault.hint


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("NaN", "NaN is no number"),
        ("-Infinity", "-Infinity is no number"),
        ("9" * 5000, "5,000 digits is too long"),
        ('{"a": [0, {"a": 1}], "a": 2}', "'a' stands twice in one object"),
    ],
)
def test_a_value_that_no_json_has_is_pointed_at(tmp_path, value, said):
    path = tmp_path / "some.json"
    path.write_text('{"of": 0.' + "3" * 400 + f',\n "name": ["NaN", {value}]}}', encoding="utf-8")
    with pytest.raises(BadFile, match=said) as caught:
        read_json(path)
    assert caught.value.place.line == 2
    assert pointed_at(caught.value).startswith("2}" if said.startswith("'a'") else value[:20])


@pytest.mark.parametrize(
    ("change", "pointed"),
    [
        (lambda p: p["resources"][0].pop("schema"), '{"name": "'),
        (lambda p: p["resources"][0].pop("path"), '{"name": "'),
        (lambda p: field_of(p, "node", "x_coord").update(type="date"), '{"name": "x_coord"'),
        (lambda p: schema_of(p, "node").update(primaryKey="id"), '{"name": "node"'),
        (lambda p: p.update(days=["2026-01-01", "2009-01-01"]), '["2026-01-01"'),
        (lambda p: p.update(overseas={"nodes": [3]}), "[3]"),
        (lambda p: p["resources"].append({"name": "saeson", "path": "s.csv"}), '"saeson"'),
    ],
)
def test_a_fault_of_a_description_is_pointed_at_and_says_what_to_do(small, change, pointed):
    package = described(small)
    package["resources"] = [r for r in package["resources"] if r["name"] != "season"]
    change(package)
    describe(small, package)
    fault = faults_of(small.folder)[0]
    assert pointed_at(fault).startswith(pointed)
    assert fault.hint


def test_every_part_of_a_description_is_found_where_it_stands():
    path = shipped_folder("geodata") / "datapackage.json"
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    for number, resource in enumerate(read_json(path)["resources"]):
        for name in (field["name"] for field in resource["schema"]["fields"]):
            place = place_of_part(path, "resources", number, "schema", "fields", name)
            rest = "\n".join([lines[place.line - 1][place.column - 1 :], *lines[place.line :]])
            assert json.JSONDecoder().raw_decode(rest)[0]["name"] == name


LAND = {"type": "Polygon", "coordinates": [[[120, 40], [121, 40], [121, 41], [120, 41], [120, 40]]]}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[",
        b"\xff\xfe",
        b"[" * 100_000,
        b"[]",
        b'{"features": 3}',
        b'{"features": [3]}',
        b'{"features": [{"geometry": null}]}',
        b'{"features": [{"geometry": {"type": "Point", "coordinates": [1, 2]}}]}',
        b'{"features": [{"geometry": {"type": "Polygon", "coordinates": 7}}]}',
        b'{"features": [{"geometry": {"type": "LineString", "coordinates": [[0, 0], [0, 99]]}}]}',
        b'{"features": [{"geometry": {"type": "LineString", "coordinates": [[0, 0], [0, 1e999]]}}]}',
        b'{"features": [{"properties": [1], "geometry": null}]}',
        b'{"features": [], "bbox": ["a", 0, 1, 1]}',
        b'{"features": [], "bbox": [1, 0, 0, 1]}',
        b'{"features": [], "bbox": 3}',
    ],
)
def test_a_basemap_that_is_none(tmp_path, content):
    path = tmp_path / "basemap.geojson"
    path.write_bytes(content)
    with pytest.raises(BadFile) as caught:
        read_basemap(path)
    assert caught.value.place.path == str(path)
    assert caught.value.hint


def test_land_that_names_no_layer_is_land_for_the_check_of_lanes(tmp_path):
    folder = tmp_path / "package"
    shutil.copytree(shipped_folder("geodata"), folder)
    feature = {
        "type": "Feature",
        "geometry": {**LAND, "coordinates": [[[131, 38], [138, 38], [138, 43], [131, 43], [131, 38]]]},
    }
    (folder / "basemap.geojson").write_text(json.dumps({"features": [feature]}), encoding="utf-8")
    with pytest.raises(Exception, match="of land") as caught:
        check_network(Network.from_folder(folder))
    assert "Traceback" not in str(caught.value)
