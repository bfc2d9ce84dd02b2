"""Files in the forms that people keep them in: read as they are meant, or refused where the trouble stands."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import LineString

import corridor_net as cn
from corridor_net.errors import CorridorError
from corridor_net.interchange.doors import import_network
from interchange.helpers import geodesic_km, haul, said
from interchange.listed.test_assignment_formats import matsim, tntp
from interchange.timetables.test_timetables import feed

POINTS = [(20.1, 45.2), (20.3, 45.25), (20.6, 45.3)]
NODES = pd.DataFrame({"node_id": ["1", "2", "3"], "x_coord": [20.1, 20.3, 20.6], "y_coord": [45.2, 45.25, 45.3]})
LINKS = pd.DataFrame({"from": ["1", "2"], "to": ["2", "3"], "mode": "road", "length_km": [17.2, 24.5]})


def lines(crs="EPSG:4326"):
    pairs = [LineString(POINTS[:2]), LineString(POINTS[1:])]
    return gpd.GeoDataFrame({"mode": ["road"] * 2}, geometry=pairs, crs="EPSG:4326").to_crs(crs)


def in_zip(folder: Path, inside: str) -> Path:
    lines().to_file(folder / "roads.shp")
    path = folder / "roads.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in sorted(folder.glob("roads.[!z]*")):
            archive.write(part, f"{inside}{part.name}")
        archive.writestr("__MACOSX/data/._roads.shp", b"none")
    return path


def written(folder: Path, name: str) -> Path:
    path = folder / name
    frame = lines("EPSG:3857" if "3857" in name else "EPSG:4326")
    frame.to_feather(path) if path.suffix == ".feather" else frame.to_parquet(path)
    return path


@pytest.mark.parametrize(
    "file",
    [
        lambda f: in_zip(f, ""),
        lambda f: in_zip(f, "data/"),
        lambda f: written(f, "a.parquet"),
        lambda f: written(f, "in-3857.geoparquet"),
        lambda f: written(f, "a.feather"),
    ],
)
def test_lines_packed_or_in_columns_are_the_lines_that_were_kept(tmp_path, file):
    made = import_network("lines", [file(tmp_path)])
    assert sorted(made.links["length_km"].astype(float)) == pytest.approx(
        sorted(geodesic_km(*pair) for pair in (POINTS[:2], POINTS[1:])), rel=1e-7
    )
    assert len(made.nodes) == 3


def test_plain_tables_in_columns_are_tables_and_no_lines(tmp_path):
    for name, frame in (("n", NODES), ("k", LINKS)):
        frame.to_parquet(tmp_path / f"{name}.parquet")
    made = import_network("tables", [tmp_path / "k.parquet", tmp_path / "n.parquet"])
    assert made.links["length_km"].tolist() == ["17.2", "24.5"]
    with pytest.raises(CorridorError, match=r"'k.parquet' has no drawings"):
        import_network("lines", [tmp_path / "k.parquet"])


def test_a_text_that_is_called_geometry_is_no_shape(tmp_path):
    lines = 'from_node_id,to_node_id,mode,geometry\na,b,road,"LINESTRING (4.4 50.8, 4.8 50.9)"\n'
    (tmp_path / "links.csv").write_text(lines, encoding="utf-8")
    (tmp_path / "terminals.csv").write_text("node_id,rail,road\na,1,1\n", encoding="utf-8")
    with pytest.raises(CorridorError, match=r"'terminals.csv' has no drawings"):
        import_network("lines", [tmp_path / "terminals.csv"])
    by_layer = import_network("tables", [tmp_path], layer="links,terminals")
    by_file = import_network("tables", [tmp_path / "links.csv", tmp_path / "terminals.csv"])
    assert by_layer.links["length_km"].tolist() == by_file.links["length_km"].tolist()


def test_a_zip_file_with_layers_in_several_folders_is_to_be_unpacked(tmp_path):
    path = in_zip(tmp_path, "data/")
    with zipfile.ZipFile(path, "a") as archive:
        archive.write(tmp_path / "roads.shp", "other/roads.shp")
    with pytest.raises(CorridorError, match="several folders: data, other"):
        import_network("lines", [path])


def test_a_packed_matsim_network_is_read_whatever_its_name(tmp_path):
    path, graph = matsim(tmp_path, "")
    path.write_bytes(gzip.compress(path.read_bytes()))
    assert len(import_network("matsim", [path]).links) == graph.number_of_edges()


@pytest.mark.parametrize("end", ["t", " "])
def test_a_file_of_nodes_with_names_between_id_and_place_is_read_by_its_heading(tmp_path, end):
    path = tntp(tmp_path, [("1", "2", 17.2, 20, 0), ("2", "3", 24.5, 30, 0)], dict(zip("123", POINTS, strict=True)))
    rows = "".join(f"{n}\tTown of{end}\t{x}\t{y}\t;\n" for n, (x, y) in zip("123", POINTS, strict=True))
    (tmp_path / "toy_node.tntp").write_text("Node\tName\tX\tY\t;\n" + rows)
    made = import_network("tntp", [path])
    assert made.nodes[["x_coord", "y_coord"]].astype(float).to_numpy().tolist() == [list(point) for point in POINTS]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "<NUMBER OF ZONES> 2\n<TOTAL OD FLOW> 9\n<END OF METADATA>\n\nOrigin 1\n 2 : 9.0;\n",
            "holds trips, not links",
        ),
        (
            "<NUMBER OF ZONES> 1\n<END OF METADATA>\n~\tinit_node\tterm_node\tcapacity\tlength\t;\n1\t2\t9\t5\t;\n",
            "no column 'free_flow_time'",
        ),
    ],
)
def test_tntp_that_is_no_network_is_told_what_it_is(tmp_path, text, message):
    (tmp_path / "toy_net.tntp").write_text(text)
    with pytest.raises(CorridorError, match=message):
        import_network("tntp", [tmp_path / "toy_net.tntp"], schematic=True)


def test_a_headway_of_a_trip_that_there_is_not_is_refused_where_it_stands(tmp_path):
    head = "trip_id,start_time,end_time,headway_secs\nt1,06:00:00,26:00:00,3600\n"
    assert said(import_network("gtfs", [feed(tmp_path / "good", frequencies=head)]), "1 trip leaves at the headways")
    with pytest.raises(CorridorError, match="trip_id = 'tt1' is no trip") as caught:
        import_network("gtfs", [feed(tmp_path / "bad", frequencies=head.replace("t1,", "tt1,"))])
    assert caught.value.place.line == 2


@pytest.mark.parametrize("above", ["sep=;\n", "# made by hand\n", "// made by hand\n"])
def test_what_stands_above_the_names_of_columns_is_named(tmp_path, above):
    (tmp_path / "n.csv").write_text(above + NODES.to_csv(index=False))
    (tmp_path / "k.csv").write_text(LINKS.to_csv(index=False))
    with pytest.raises(CorridorError, match="the first line is") as caught:
        import_network("tables", [tmp_path / "k.csv", tmp_path / "n.csv"])
    assert (Path(caught.value.place.path).name, caught.value.place.line) == ("n.csv", 1)


def test_a_drawing_that_is_none_is_told_before_the_nodes_that_it_would_have_made(tmp_path):
    cells = ["LINESTRING (20.1 45.2, 20.3 45.25", "LINESTRING (20.3 45.25, 20.6 45.3)"]
    (tmp_path / "k.csv").write_text(LINKS.assign(geometry=cells).to_csv(index=False))
    with pytest.raises(CorridorError, match="the geometry is not one line") as caught:
        import_network("tables", [tmp_path / "k.csv"])
    assert caught.value.place.line == 2


def test_columns_that_go_into_the_package_are_not_said_to_be_unread():
    made = cn.from_frames(NODES, LINKS.assign(valid_from="2020-01-01", surface="gravel"))
    assert made.links["valid_from"].tolist() == ["2020-01-01"] * 2
    assert not said(made, "valid_from")
    assert said(made, "surface")


def test_a_node_without_a_place_is_named_where_it_stands(tmp_path):
    (tmp_path / "NODE.CSV").write_text("node_id,x_coord,y_coord\n1,20.1,45.2\n2,,\n")
    (tmp_path / "LINK.CSV").write_text("link_id,from_node_id,to_node_id,length\na,1,2,17.2\n")
    with pytest.raises(CorridorError, match="1 node has no coordinates: 2") as caught:
        import_network("gmns", [tmp_path])
    assert caught.value.place.line == 3


def test_a_unit_that_is_not_known_is_told_and_no_speed_is_made_of_links_without_length(tmp_path):
    path = tntp(tmp_path, [("1", "2", 0, 30, 0)], dict(zip("12", POINTS, strict=False)))
    header = "<ORIGINAL HEADER>~ Length (furlong)\tFree Flow Time (fortnight)\n<END OF METADATA>"
    path.write_text(path.read_text().replace("<END OF METADATA>", header))
    made = import_network("tntp", [path])
    assert [text for text in made.warnings if "unknown unit" in text] == [
        "unknown unit of length 'furlong'",
        "unknown unit of time 'fortnight'",
    ]
    assert said(made, "times are in minutes, as no unit is said")
    assert not said(made, "nan")


def test_a_unit_is_that_of_the_column_it_stands_behind(tmp_path):
    path = tntp(tmp_path, [("1", "2", 17.2, 20, 0)], dict(zip("12", POINTS, strict=False)))
    header = "<ORIGINAL HEADER>~ Length  Free Flow Time (s)  Speed (ft/min)\n<END OF METADATA>"
    path.write_text(path.read_text().replace("<END OF METADATA>", header))
    made = import_network("tntp", [path])
    assert said(made, "times are read as seconds")
    assert not said(made, "unknown unit")


@pytest.mark.parametrize(("unit", "in_an_hour"), [("hours", 1), ("minutes", 60), ("seconds", 3600)])
def test_the_unit_of_times_is_told_from_the_speeds_that_it_makes(tmp_path, unit, in_an_hour):
    rows = [(a, b, km, km / 50 * in_an_hour, 0) for a, b, km in (("1", "2", 17.2), ("2", "3", 24.5))]
    path = tntp(tmp_path, rows, dict(zip("123", POINTS, strict=True)))
    made = import_network("tntp", [path])
    assert said(made, f"times are in {unit}, as no unit is said: so the middle link goes 50 km/h")
    assert haul(made, "1", "3")[0] == pytest.approx((17.2 + 24.5) / 50)
    if unit == "seconds":
        with pytest.raises(CorridorError, match="slower than 1 km/h"):
            import_network("tntp", [path], time_unit="min")
    else:
        wrong = import_network("tntp", [path], time_unit={"hours": "min", "minutes": "s"}[unit])
        assert said(wrong, "--time-unit says another unit")
        assert said(wrong, "2 links are above 200 km/h")
