"""A network that just came in answers a first route, or says what stands in its way."""

import pytest

import corridor_net as cn
from corridor_net.errors import BadFile, BadValue, NoRoute
from corridor_net.interchange.doors import import_network
from corridor_net.network.checks import check_network

NODES = "node_id,name,x_coord,y_coord\n1,Northgate,20.10,45.20\n2,Midway,20.30,45.25\n3,Southport,20.55,45.10\n"
LINKS = (
    "link_id,from_node_id,to_node_id,directed,length,free_speed,allowed_uses,facility_type\n"
    "10,1,2,0,17.2,60,rail,rail\n11,2,3,1,26.4,50,truck,road\n12,3,2,1,26.9,50,truck,road\n"
)


@pytest.fixture
def gmns(tmp_path):
    folder = tmp_path / "toy"
    folder.mkdir()
    (folder / "node.csv").write_text(NODES, encoding="utf-8")
    (folder / "link.csv").write_text(LINKS, encoding="utf-8")
    (folder / "config.csv").write_text("short_length,long_length,speed\nkm,km,kph\n", encoding="utf-8")
    return folder


def test_two_modes_that_meet_can_be_changed_between_and_the_change_is_told(gmns):
    imported = import_network("gmns", [gmns])
    route = cn.Model(imported.network()).route("1", "3")
    assert [leg.mode for leg in route.legs if leg.kind == "haul"] == ["rail", "road"]
    assert any("at the 1 node where links of both meet" in text for text in imported.assumptions)


def test_where_a_change_of_mode_lacks_the_place_and_the_modes_are_named(gmns):
    with pytest.raises(NoRoute) as caught:
        cn.Model(import_network("gmns", [gmns], transfers="none").network()).route("1", "3")
    assert caught.value.hint == "no change of mode in table terminal: at Midway from rail_1435 to road"


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("study", {}),
        ("uncertainty", {}),
        ("portfolio", {"budget": 4e9}),
        ("attribution", {}),
        ("potential", {}),
        ("matrix", {}),
        ("access", {}),
        ("criticality", {}),
        ("gateways", {"destination": "3"}),
    ],
)
def test_a_question_of_all_places_says_that_no_table_names_any(gmns, name, asked):
    with pytest.raises(BadValue, match="the network names no places to ask of") as caught:
        getattr(cn.Model(import_network("gmns", [gmns]).network()), name)(**asked)
    assert "table market" in caught.value.hint


def test_a_study_of_named_places_needs_no_table_of_markets(gmns):
    found = cn.Model(import_network("gmns", [gmns]).network()).study(origins=["1"], destinations=["3"])
    assert found.comparison.focus == "3"


def test_where_parts_do_not_meet_it_is_said_how_far_cargo_gets(gmns):
    text = NODES + "4,Far,21.0,45.0\n5,Farther,21.1,45.0\n"
    (gmns / "node.csv").write_text(text, encoding="utf-8")
    (gmns / "link.csv").write_text(LINKS + "13,4,5,0,7.9,50,truck,road\n", encoding="utf-8")
    with pytest.raises(NoRoute) as caught:
        cn.Model(import_network("gmns", [gmns]).network()).route("1", "5")
    assert "parts of the network that do not meet" in caught.value.hint
    assert "cargo from Northgate reaches 3 of 5 places, and 2 lead to Farther" in caught.value.hint


@pytest.mark.parametrize("country", ["", "KZ"])
def test_a_network_that_came_in_without_time_zones_is_sound(gmns, country):
    check_network(import_network("gmns", [gmns], country=country).network())


def test_a_node_that_lacks_the_zone_which_others_of_its_country_name_is_found(gmns):
    network = import_network("gmns", [gmns], country="KZ").network()
    named = network.with_rows(node=[_with_zone(row, "1") for row in network.rows("node")])
    with pytest.raises(cn.errors.DataFault, match="2 fault"):
        check_network(named, "time-zones")


def _with_zone(row, node_id):
    import dataclasses

    return dataclasses.replace(row, time_zone="Asia/Almaty") if row.node_id == node_id else row


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("toy_net.tntp", "<NUMBER OF ZONES> 2\n<NUMBER OF NODES> 3\n", "import tntp"),
        ("lines.geojson", '{"type": "FeatureCollection", "features": []}', "import lines"),
        ("toy.osm", '<osm version="0.6"></osm>', "import osm"),
        ("notes.txt", "anything", "gmns, lines, tables, tntp"),
    ],
)
def test_a_file_of_another_format_in_place_of_a_package_is_named(tmp_path, name, text, said):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadFile) as caught:
        cn.load(geodata=path)
    assert said in caught.value.hint
    if name != "notes.txt":
        with pytest.raises(BadFile) as caught:
            cn.load(geodata=tmp_path)
        assert said in caught.value.hint
