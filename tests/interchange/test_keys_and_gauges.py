"""Columns called as keys of OpenStreetMap, and gauges as people write them: nothing is lost or narrowed unsaid."""

from __future__ import annotations

import geopandas as gpd
import pytest
from shapely.geometry import LineString

from corridor_net.errors import CorridorError
from corridor_net.interchange.doors import import_network
from corridor_net.interchange.gauges import gauge_of
from interchange.helpers import said

NODES = "id,lon,lat\nA,20.1,45.2\nB,20.3,45.25\nC,20.6,45.3\nD,20.9,45.3\n"


def read(folder, links, **options):
    (folder / "nodes.csv").write_text(NODES, encoding="utf-8")
    (folder / "links.csv").write_text(links, encoding="utf-8")
    return import_network("tables", [folder / "nodes.csv", folder / "links.csv"], **options)


@pytest.mark.parametrize(
    ("links", "modes"),
    [
        ("from,to,length_km,route\nA,B,80,R1\nB,C,80,ferry\n", ["road", "road"]),
        ("from,to,length_km,route,gauge\nA,B,80,R1,1520\nB,C,80,ferry,\n", ["rail", "road"]),
        ("from,to,length_km,highway\nA,B,80,A1\nB,C,80,road\n", ["road", "road"]),
        ("from,to,length_km,highway\nA,B,80,road\nB,C,80,yes\n", ["road", "road"]),
        ("from,to,length_km,railway,gauge\nA,B,80,rail,\nB,C,80,narrow_gauge,\nC,D,80,Main,1000\n", ["rail"] * 3),
        ("from,to,length_km,railway\nA,B,80,rail;tram\nB,C,80,disused:rail\n", ["rail"]),
    ],
)
def test_a_column_called_as_a_key_of_openstreetmap_says_modes_by_known_values_alone(tmp_path, links, modes):
    assert read(tmp_path, links).links["mode"].tolist() == modes


def test_a_link_without_an_id_that_is_left_out_is_named_by_its_ends(tmp_path):
    made = read(tmp_path, "from,to,length_km,highway\nA,B,80,trunk\nB,C,80,footway\nC,D,80,E 70\n")
    assert said(made, "1 link that carries no freight was left out: B-C")
    assert said(made, "1 row has no value of railway, highway or route that is known")
    assert len(made.links) == 2


@pytest.mark.parametrize(
    ("text", "gauge"),
    [
        ("standard;1520", "1435;1520"),
        ("1435 mm + Cape gauge", "1435;1067"),
        ("1520,1435", "1520;1435"),
        ("1435 and 1520", "1435;1520"),
        ("1676 mm (broad)", "1676"),
        ("1.52", "1520"),
        ("1,52 m / 4ft 8½", "1520;1435"),
        ("표준궤간", "1435"),
        ("Spanish", "1668"),
        ("1435;broad", None),
        ("1520;narrow", None),
        ("standard 1520", None),
        ("2019", None),
        ("435", None),
    ],
)
def test_each_gauge_of_a_track_is_read_and_a_number_alone_is_one_only_if_known(text, gauge):
    assert gauge_of(text) == gauge


def test_a_part_that_several_gauges_are_called_by_is_asked_about_where_it_stands(tmp_path):
    links = "from,to,length_km,gauge\nA,B,80,1435;narrow\n"
    with pytest.raises(CorridorError, match="gauge of link 'A-B' is 'narrow', which may be 600, 750") as refused:
        read(tmp_path, links)
    assert refused.value.hint.endswith("gauge,narrow,600")
    assert refused.value.place.column == len("A,B,80,") + 1
    (tmp_path / "map.csv").write_text("kind,theirs,ours\ngauge,narrow,762\n", encoding="utf-8")
    assert read(tmp_path, links, mapping=tmp_path / "map.csv").links["gauge_mm"].tolist() == ["1435;762"]


def test_a_road_and_a_railway_between_the_same_ends_are_no_variants_but_the_same_lines_turned_round_are(tmp_path):
    lines = [LineString([(20.1, 45.2), (20.3, 45.25)]), LineString([(20.3, 45.25), (20.6, 45.3)])]
    (tmp_path / "two").mkdir()
    for name, key, value in (("roads", "highway", "trunk"), ("rails", "railway", "rail")):
        frame = gpd.GeoDataFrame({key: [value] * 2}, geometry=lines, crs=4326)
        frame.to_file(tmp_path / f"two/{name}.geojson")
    made = import_network("lines", [tmp_path / "two"])
    assert sorted(made.links["mode"]) == ["rail", "rail", "road", "road"]
    (tmp_path / "both").mkdir()
    for name, drawn in (("a", lines), ("b", [line.reverse() for line in lines])):
        gpd.GeoDataFrame({"highway": ["trunk"] * 2}, geometry=drawn, crs=4326).to_file(
            tmp_path / f"both/{name}.geojson"
        )
    with pytest.raises(CorridorError, match="hold the same links, 2 of 2"):
        import_network("lines", [tmp_path / "both"])
