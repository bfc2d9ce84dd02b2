"""The network for other programs: complete, readable there, the same every time."""

import csv
import io
import xml.etree.ElementTree as ET

import geopandas
import pyogrio
import pytest
from pyproj import CRS
from typer.testing import CliRunner

import corridor_net as cn
from corridor_net.cli.main import app
from corridor_net.errors import BadFile, BadValue, UnknownName
from corridor_net.network import Network
from corridor_net.network.passable import passable_links
from corridor_net.output.exports import FORMATS, export, gmns
from corridor_net.output.maps.projection import projection_of


def run(*arguments):
    return CliRunner().invoke(app, ["export", *map(str, arguments)], catch_exceptions=False)


@pytest.fixture(scope="module")
def changed():
    return cn.load(as_of="2019-07-01", scenarios=["primorye-2"])


def test_tables_are_read_again_and_answer_the_same(changed, tmp_path):
    export(changed.network, "csv", tmp_path)
    again = cn.Model(Network.from_folder(tmp_path).as_of("2019-07-01"))
    for origin in ("hunchun", "harbin"):
        before, after = changed.route(origin, "niigata"), again.route(origin, "niigata")
        assert after.generalised_cost_usd == pytest.approx(before.generalised_cost_usd, abs=1e-9)
        assert after.services == before.services


def test_gmns_holds_together(changed):
    tables = {name: list(csv.DictReader(io.StringIO(text))) for name, text in gmns(changed.network).items()}
    nodes = {row["node_id"] for row in tables["node.csv"]}
    shapes = {row["geometry_id"] for row in tables["geometry.csv"]}
    links = tables["link.csv"]
    assert len({row["link_id"] for row in links}) == len(links)
    assert {row["from_node_id"] for row in links} | {row["to_node_id"] for row in links} <= nodes
    assert {row["geometry_id"] for row in links} <= shapes
    assert all(float(row["length"]) > 0 for row in links)
    assert any(row["link_id"].startswith("zarubino-niigata-weekly:") for row in links)
    assert tables["config.csv"][0]["long_length"] == "km"


def the_project_holds_the_layers_with_their_styles(path, styles):
    root = ET.parse(path).getroot()  # noqa: S314 - our own file
    layers = {one.findtext("layername"): one for one in root.iter("maplayer")}
    assert layers.keys() == set(styles.f_table_name)
    for _, row in styles.iterrows():
        layer, own = layers[row.f_table_name], ET.fromstring(row.styleQML)  # noqa: S314 - our own file
        assert ET.tostring(layer.find("renderer-v2")) == ET.tostring(own.find("renderer-v2"))
        assert layer.findtext("datasource") == f"./network.gpkg|layername={row.f_table_name}"
    assert (layers["nodes"].find("labeling") is not None, layers["nodes"].get("labelsEnabled")) == (True, "1")
    in_tree = [one.get("id") for one in root.iter("layer-tree-layer")]
    assert in_tree == [one.get("id") for one in root.find("layerorder")]
    assert set(in_tree) == {one.findtext("id") for one in layers.values()}
    assert all(len(one) > 10 for one in in_tree), "QGIS renames shorter ids, and finds them no more"
    drawn = CRS.from_wkt(root.findtext("projectCrs/spatialrefsys/wkt"))
    assert drawn == CRS(projection_of(cn.load(as_of="2019-07-01").network).proj)
    nodes = geopandas.read_file(path.with_suffix(".gpkg"), layer="nodes").to_crs(drawn).total_bounds
    edges = [float(root.findtext(f"mapcanvas/extent/{name}")) for name in ("xmin", "ymin", "xmax", "ymax")]
    assert all(edges[n] < nodes[n] for n in (0, 1))
    assert all(edges[n] > nodes[n] for n in (2, 3))


def test_geopackage_opens_already_drawn(tmp_path):
    assert run("--format", "gpkg", "--out", tmp_path, "--as-of", "2019-07-01").exit_code == 0
    path = tmp_path / "network.gpkg"
    layers = dict(pyogrio.list_layers(path))
    assert layers.keys() == {
        "basemap_land", "links", "nodes", "legs", "routes", "sea_lanes", "services", "layer_styles"
    }  # fmt: skip
    assert layers["layer_styles"] is None
    styles = pyogrio.read_dataframe(path, layer="layer_styles")
    assert set(styles.f_table_name) == set(layers) - {"layer_styles"}
    for text in styles.styleQML:
        root = ET.fromstring(text)  # noqa: S314 - our own file
        assert root.tag == "qgis"
        assert root.find(".//symbol") is not None
    for layer, column in (("links", "mode"), ("services", "mode"), ("legs", "mode"), ("routes", "gateway")):
        drawn = geopandas.read_file(path, layer=layer)
        root = ET.fromstring(styles[styles.f_table_name == layer].styleQML.item())  # noqa: S314 - our own file
        assert root.find("renderer-v2").get("attr") == column
        assert {one.get("value") for one in root.iter("category")} >= set(drawn[column])
        numbers = [one.get("name") for one in root.iter("symbol")]
        assert [one.get("symbol") for one in root.iter("category")] == numbers
        wide = root.find(".//data_defined_properties")
        assert (wide is not None) == (layer in ("services", "legs"))
    the_project_holds_the_layers_with_their_styles(tmp_path / "network.qgs", styles)
    links = geopandas.read_file(path, layer="links")
    assert links.crs.to_epsg() == 4326
    assert len(links) == len(passable_links(cn.load(as_of="2019-07-01").network))
    assert set(links.from_name) | set(links.to_name) <= set(geopandas.read_file(path, layer="nodes").name)
    routes, legs = (geopandas.read_file(path, layer=name) for name in ("routes", "legs"))
    assert len(routes) == 26
    assert (legs.distance_km * legs.routes).sum() == pytest.approx(routes.distance_km.sum(), abs=0.1)
    assert set(";".join(routes.modes).split(";")) == set(legs["mode"])


def test_geoparquet_keeps_its_reference_system(changed, tmp_path):
    names = export(changed.network, "geoparquet", tmp_path)
    assert names == [f"{name}.parquet" for name in ("basemap_land", "links", "nodes", "sea_lanes", "services")]
    frame = geopandas.read_parquet(tmp_path / "nodes.parquet")
    assert frame.crs.to_epsg() == 4326
    assert set(frame.node_id) == {node.node_id for node in changed.network.active("node")}


@pytest.mark.parametrize("kind", FORMATS)
def test_same_network_same_bytes(kind, changed, tmp_path):
    names = [export(changed.network, kind, tmp_path / part) for part in ("a", "b")]
    assert names[0] == names[1]
    for name in names[0]:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_what_cannot_be_written_is_said(changed, tmp_path):
    with pytest.raises(BadValue, match="unknown format 'shp'"):
        export(changed.network, "shp", tmp_path)
    blocked = tmp_path / "file"
    blocked.write_text("")
    for kind in ("csv", "gpkg"):
        with pytest.raises(BadFile, match="cannot write"):
            export(changed.network, kind, blocked)
    with pytest.raises(UnknownName, match="atlantis"):
        run("--to", "atlantis", "--format", "gpkg", "--out", tmp_path)
    assert list(tmp_path.iterdir()) == [blocked]
