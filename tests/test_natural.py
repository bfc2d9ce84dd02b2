"""What users of pandas, geopandas and networkx try first: each works, or says what to do."""

from __future__ import annotations

import inspect
import pickle
import zipfile

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Point

import corridor_net as cn
from corridor_net.errors import BadValue, CorridorError, UnknownName

CLOSED = {
    "scenario": "closed",
    "title": "Dongning closed",
    "changes": [{"close": "crossing", "where": {"crossing_id": "dongning-*"}}],
}
NO_SHIPS = {"close": "service", "where": {"service_id": "*"}}


@pytest.fixture(scope="module")
def model():
    return cn.load(as_of="2019-07-01")


@pytest.mark.parametrize("day", [pd.Timestamp("2019-07-01 08:00"), np.datetime64("2019-07-01", "ns")])
def test_a_day_of_pandas_or_numpy(day):
    assert str(cn.load(as_of=day).network.day) == "2019-07-01"


def test_a_point_or_coordinates_are_the_nearest_place(model):
    named = model.route("harbin", "niigata")
    assert model.route(Point(126.6, 45.8), (139.0, 37.9)) == named
    assert model.matrix(origins=Point(126.6, 45.8), destinations="niigata").origins == ("harbin",)
    with pytest.raises(UnknownName, match="no node is within 50 km") as told:
        model.route(Point(2.3, 48.9), "niigata")
    assert "the nearest is" in str(told.value)
    with pytest.raises(BadValue, match="longitude first"):
        model.route((45.8, 126.6), "niigata")
    with pytest.raises(BadValue, match="is no place"):
        model.route(["harbin", "yanji"], "niigata")


@pytest.mark.parametrize(
    ("name", "told"), [("to_geodataframe", "did you mean 'geoframe'"), ("cost", "'cost_usd'"), ("df", "it has .frame")]
)
def test_what_an_answer_has_not_names_what_was_meant(model, name, told):
    with pytest.raises(AttributeError, match=f"a RouteAnswer has no '{name}'; .*{told}"):
        getattr(model.route("harbin", "niigata"), name)


@pytest.mark.parametrize("where", ["the answer", "what it is opened into"])
def test_what_an_answer_has_and_cannot_work_out_says_why(model, monkeypatch, where):
    found = model.route("harbin", "niigata")
    owner, name = (type(found), "assumptions") if where == "the answer" else (type(found.route), "ports")
    monkeypatch.setattr(owner, name, property(lambda _: (1).lacking))
    with pytest.raises(AttributeError, match="'int' object has no attribute 'lacking'"):
        getattr(found, name)


def test_one_name_a_series_and_an_array_are_lists(model):
    one = model.matrix(origins="harbin", destinations="niigata")
    assert one.to_dict() == model.matrix(origins=["harbin"], destinations=["niigata"]).to_dict()
    cities = pd.Series(["harbin", "yanji"], index=[7, 3])
    assert model.matrix(origins=cities, destinations=np.array(["niigata"])).origins == ("harbin", "yanji")
    assert model.route("harbin", "niigata", via="vladivostok") == model.route("harbin", "niigata", via=["vladivostok"])
    assert [one.origin for one in model.access(["harbin", "yanji"]).access] == ["harbin", "yanji"]


def test_a_list_of_pairs_is_one_call(model):
    pairs = [("harbin", "niigata"), ("yanji", "tokyo"), "yanji:niigata"]
    found = model.matrix(pairs=pairs)
    for pair in found.pairs:
        route = model.route(pair.origin, pair.destination)
        assert (pair.cost_usd, pair.hours, pair.gateway) == (
            pytest.approx(route.cost_usd),
            pytest.approx(route.hours),
            route.gateway,
        )
    assert np.isnan(found.array("hours")[0, 1])  # Harbin to Tokyo was not asked
    assert "Yanji" in found._repr_html_()
    table = pd.DataFrame({"from": ["harbin"], "to": ["niigata"]})
    assert len(model.matrix(pairs=table.itertuples(index=False)).frame) == 1
    assert model.matrix(pairs=table).frame[["origin", "destination"]].to_numpy().tolist() == [["harbin", "niigata"]]
    with pytest.raises(BadValue, match="pairs is empty"):  # nobody who filters all pairs away means all of them
        model.matrix(pairs=list(table[table["to"] == "tokyo"].itertuples(index=False)))
    with pytest.raises(BadValue, match="is no pair"):
        model.matrix(pairs=["harbin"])
    with pytest.raises(BadValue, match="'harbin:niigata:' is no pair"):
        model.matrix(pairs=["harbin:niigata:"])
    with pytest.raises(BadValue, match="leave out"):
        model.matrix(pairs=pairs, origins=["harbin"])
    with pytest.raises(BadValue, match="both 'harbin'"):
        model.matrix(pairs=["yanji:niigata", ("harbin", "Harbin")])


def test_what_is_given_without_a_name_is_answered_by_the_names_and_kinds_alone(model):
    with pytest.raises(BadValue) as told:
        model.routes(["harbin"], ["niigata"])
    assert "(*, origins: tuple[str, ...] = (), destinations: tuple[str, ...] = ()," in str(told.value.hint)


def test_answers_are_tables(model):
    found = model.matrix(origins=["harbin", "yanji"], destinations=["niigata", "tokyo"])
    pd.testing.assert_frame_equal(pd.DataFrame(found), found.frame, check_dtype=False)
    wide = found.frame.pivot(index="origin", columns="destination", values="hours")
    np.testing.assert_allclose(wide.to_numpy(), found.array("hours"))
    assert next(leg["kind"] for leg in model.route("harbin", "niigata")) == "terminal"


def test_a_scenario_as_a_mapping_is_one_of_a_file(model, tmp_path):
    import json

    (tmp_path / "closed.yaml").write_text(json.dumps(CLOSED), encoding="utf-8")
    pair = ("mudanjiang", "vladivostok")
    assert model.with_scenario(CLOSED).route(*pair) == model.with_scenario(tmp_path / "closed.yaml").route(*pair)
    assert cn.load(scenarios="primorye-2").scenario.name == "primorye-2"
    again = model.with_scenario(model.with_scenario(CLOSED).scenario)
    assert again.route(*pair) == model.with_scenario(CLOSED).route(*pair)
    with pytest.raises(CorridorError, match="unknown field 'change'") as told:
        model.with_scenario({"scenario": "x", "title": "y", "change": []})
    assert "did you mean 'changes'?" in str(told.value)


def test_networkx_finds_our_answer_and_no_closed_border(model):
    closed = model.with_scenario(CLOSED)
    graph = closed.to_networkx()
    counts = [
        sum(told["kind"] == "crossing" and told["asset_id"].startswith("dongning") for *_, told in one.edges(data=True))
        for one in (model.to_networkx(), graph)
    ]
    assert counts[0] > counts[1] == 0
    ends = ("mudanjiang", "origin"), ("vladivostok", "destination")
    hours = nx.shortest_path_length(graph, *ends, weight="hours")
    assert hours == pytest.approx(closed.route("mudanjiang", "vladivostok", by="time").hours)
    assert hours > model.route("mudanjiang", "vladivostok", by="time").hours


def test_geopandas_takes_it_and_reads_it_back(model, tmp_path):
    frame = model.route("harbin", "niigata").geoframe
    frame.to_file(tmp_path / "route.gpkg")
    again = gpd.read_file(tmp_path / "route.gpkg")
    assert again.geometry.geom_equals(frame.geometry).all()
    links = model.network.to_geodataframes()["links"].to_crs("EPSG:32652")
    assert links.length.sum() > 1e6  # metres
    with pytest.raises(AttributeError, match="to_geodataframes"):
        _ = model.network.links


def test_what_the_model_holds_is_no_keyword_of_a_question_and_its_place_is_told():
    net = cn.load(as_of="2019-07-01")
    for name, place in (("scenario", "with_scenario"), ("scenarios", "with_scenario"), ("as_of", "net.as_of")):
        with pytest.raises(BadValue, match=f"takes no '{name}'") as wrong:
            net.explain("yanji", "niigata", **{name: "primorye-2"})
        assert place in wrong.value.hint


def test_help_tab_and_mistakes_speak_of_the_question(model):
    told = inspect.signature(model.route)
    assert list(told.parameters)[:3] == ["origin", "destination", "via"]
    assert "value_of_time" in told.parameters
    assert model.route.__name__ == "route"
    assert "Find the best route" in inspect.getdoc(model.route)
    assert {"route", "matrix", "frame", "plot"} - set(dir(model)) == {"frame", "plot"}
    assert {"frame", "geoframe", "plot", "explore", "to_dict"} <= set(dir(model.route("harbin", "niigata")))
    with pytest.raises(BadValue, match=r"route\(\) takes no 'value_of_tme'") as wrong:
        model.route("harbin", "niigata", value_of_tme=3)
    assert "did you mean 'value_of_time'?" in str(wrong.value)
    with pytest.raises(BadValue, match=r"route\(\): missing a required argument: 'destination'"):
        model.route("harbin")
    with pytest.raises(BadValue, match="without quotes"):
        model.route("harbin", "niigata", value_of_time="10")
    with pytest.raises(AttributeError, match="did you mean 'route'"):
        _ = model.rute


def test_the_network_is_what_load_is_given_first(tiny_folder):
    assert (
        cn.load(tiny_folder, as_of="2019-07-01").network.nodes.keys()
        == cn.load(geodata=tiny_folder).network.nodes.keys()
    )


# what was found by trying in an empty environment, with the docs alone


def test_points_of_a_geodataframe_are_places_in_whatever_coordinates(model):
    points = gpd.GeoSeries([Point(126.6, 45.8), Point(129.5, 42.9)], crs=4326)
    for given in (points, points.to_crs(32652), gpd.GeoDataFrame({"n": [1, 2]}, geometry=points)):
        assert model.matrix(origins=given, destinations="niigata").origins == ("harbin", "yanji")


@pytest.mark.parametrize("weight", ["cost", "length_km", "weight"])
def test_a_weight_that_steps_have_not_is_refused_not_counted(model, weight):
    graph = model.to_networkx(destinations="niigata")
    with pytest.raises(BadValue, match=f"carry no '{weight}'") as told:
        nx.shortest_path_length(graph, "harbin", "niigata", weight=weight)
    assert "cost_usd, hours" in str(told.value)
    assert nx.shortest_path_length(graph, "harbin", "niigata") == 11  # without a weight, steps are what is asked for


def test_an_answer_is_as_long_as_its_frame_and_no_table_itself(model):
    found = model.routes(origins=["harbin"], destinations=["niigata"])
    assert len(found) == len(found.frame) == len(list(found))
    assert gpd.GeoDataFrame.from_features(found).shape[0] == len(found.geojson()["features"])
    route = model.route("harbin", "niigata")
    assert "gateway" in dir(route)
    with pytest.raises(TypeError, match=r"'.cost_usd' is its own, .frame\['cost_usd'\] a column"):
        route["cost_usd"]
    assert found[-1]["to"] == "niigata"
    with pytest.raises(TypeError, match=r"\.frame\.iloc"):
        found[1.5]
    assert bool(model.matrix(origins="harbin", destinations="niigata"))


def test_numpy_takes_an_answer_as_one_thing_and_pandas_as_its_rows(model):
    """Numpy would take answers of as many rows apart, and refuse others."""
    answers = [model.route("harbin", "niigata"), model.route("yanji", "niigata"), model.route("harbin", "niigata")]
    assert [len(one) for one in answers] == [11, 10, 11]
    held = np.array(answers)
    assert held.shape == (3,)
    assert held[1] is answers[1]
    assert np.array(answers[:1] * 2).shape == (2,)
    assert np.asarray(answers[0]).item() is answers[0]
    pd.testing.assert_frame_equal(pd.DataFrame(answers[0]), answers[0].frame)
    assert pd.Series(answers).map(lambda one: one.hours).tolist() == [one.hours for one in answers]


def test_pairs_of_a_table_are_its_origins_and_destinations_wherever_they_stand(model):
    """A table with the destinations first was read the wrong way round."""
    asked = pd.DataFrame({"boxes": [3, 4], "destination": ["niigata", "tokyo"], "origin": ["harbin", "yanji"]})
    expected = [("harbin", "niigata"), ("yanji", "tokyo")]
    found = model.matrix(pairs=asked)
    for pairs in (asked[["destination", "origin"]], asked.to_dict("records"), found, found.frame):
        again = model.matrix(pairs=pairs).frame
        assert list(zip(again["origin"], again["destination"], strict=True)) == expected
    two = asked[["origin", "destination"]].set_axis(["from", "to"], axis=1)
    assert model.matrix(pairs=two) == found
    with pytest.raises(BadValue, match="is no pair"):
        model.matrix(pairs=asked.rename(columns={"origin": "from"}))


def test_a_method_of_a_model_goes_to_another_process(model):
    again = pickle.loads(pickle.dumps(model.route))  # noqa: S301 (our own bytes)
    assert again("harbin", "niigata") == model.route("harbin", "niigata")
    assert next(iter(inspect.signature(model.route).parameters)) == "origin"


def test_that_there_is_no_route_comes_back_from_another_process_without_the_network(model):
    with pytest.raises(cn.NoRoute) as told:
        model.with_scenario({**CLOSED, "changes": [NO_SHIPS]}).route("harbin", "niigata")
    assert told.value.network is not None
    sent = pickle.dumps(told.value)
    again = pickle.loads(sent)  # noqa: S301 (our own bytes)
    assert (str(again), again.network) == (str(told.value), None)
    assert len(sent) < 10_000


@pytest.mark.parametrize(
    ("tried", "told"),
    [
        (lambda: cn.laod, "did you mean 'load'"),
        (lambda: cn.route, r"corridor_net.load\(\).route"),
        (lambda: cn.load().tariff, r"rows\('tariff'\)"),
        (lambda: cn.load().links, "to_geodataframes"),
        (lambda: cn.load("2019-07-01"), "as_of='2019-07-01'"),
        (lambda: cn.load(date="2019-07-01"), "it takes as_of"),
        (lambda: cn.load(nx.Graph()), "is no folder"),
        (lambda: cn.load().with_scenario(pd.DataFrame()), "needed, not DataFrame"),
        (lambda: cn.load().with_options(weight="hours"), "options are cargo"),
        (lambda: cn.load().export("nowhere", "csv", destination="niigata"), "csv holds no routes"),
        (lambda: cn.load().export("nowhere", "gmns", language="ja"), "gmns is in no language"),
        (lambda: cn.load().export("nowhere", "xls"), "xls.*\n.*one of: .*xlsx"),
    ],
)
def test_what_is_not_there_says_where_it_is(tried, told):
    with pytest.raises((AttributeError, CorridorError), match=told):
        tried()


def test_a_network_that_comes_in_says_what_it_is_and_how_it_is_asked(tmp_path):
    nodes = pd.DataFrame({"id": ["a", "b"], "lon": [20.1, 20.3], "lat": [45.2, 45.25]})
    made = cn.from_frames(nodes, pd.DataFrame({"from": ["a"], "to": ["b"], "mode": ["road"], "length_km": [17.2]}))
    assert repr(made).startswith("<Imported frames: 2 nodes, 1 link; ")
    for tried in (lambda: cn.Model(made), lambda: cn.load(made), lambda: made.to_network()):
        with pytest.raises((AttributeError, CorridorError), match="write"):
            tried()
    assert cn.load(made.write(tmp_path / "mine")).route("a", "b").distance_km == 17.2


def test_answers_and_networks_are_written_without_a_command(model, tmp_path):
    route = model.route("harbin", "niigata")
    names = route.write(tmp_path / "out", language="ja")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {*names} == {"routes.geojson"}
    route.document(tmp_path / "route.docx", language="ja")
    text = zipfile.ZipFile(tmp_path / "route.docx").read("word/document.xml").decode()
    assert "ハルビン" in text
    assert "corridor-net route" not in text  # nobody knows of a command that gave it
    with pytest.raises(CorridorError, match=r"no '\.doc'"):
        route.document(tmp_path / "route.doc")
    assert model.export(tmp_path / "map", "gpkg", destination="tokyo") == ["network.gpkg", "network.qgs"]
    routes = gpd.read_file(tmp_path / "map" / "network.gpkg", layer="routes")
    assert set(routes["destination"]) == {"tokyo"}


def test_rows_of_an_answer_are_taken_as_of_a_sequence(model):
    found = model.compare("harbin", "niigata", scenarios=["primorye-2"])
    rows = list(found)
    assert (found[0], found[np.int64(1)], found[-1]) == (rows[0], rows[1], rows[1])
    assert found[:1] == rows[:1]
    with pytest.raises(TypeError, match="is no table"):
        found[True]
