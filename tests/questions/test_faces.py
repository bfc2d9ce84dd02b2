"""Every answer has every face: table, JSON, layer, GeoDataFrame, plot, map to explore, HTML; or says why not."""

from __future__ import annotations

import copy
import json
import pickle
import sys

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest

import corridor_net as cn
from corridor_net import questions
from corridor_net.errors import BadValue, UserError
from corridor_net.questions import question, with_geometry
from corridor_net.render.words import Words

from .faces import ASKED, ask

mpl.use("Agg")


@pytest.fixture(scope="module", params=sorted(ASKED))
def asked(request, tmp_path_factory):
    return request.param, ask(request.param, tmp_path_factory.mktemp("asked"))


def test_no_question_is_forgotten():
    assert set(ASKED) == set(questions.names())


def test_it_is_a_table_a_shape_for_json_and_a_page(asked):
    _, found = asked
    assert isinstance(found.frame, pd.DataFrame)
    assert len(found.frame) >= 1
    assert json.loads(json.dumps(found.to_dict()))
    assert "<table" in found._repr_html_()
    assert found.asked_of.questions  # it knows what was asked


def test_it_lies_somewhere_or_says_that_it_does_not(asked):
    name, found = asked
    if name not in with_geometry():
        for face in (found.geojson, found.explore, lambda: found.geoframe, lambda: found.plot(kind="map")):
            with pytest.raises(BadValue, match=f"'{question(name).command}' lies at no place"):
                face()
        return
    layer, frame = found.geojson(), found.geoframe
    assert layer["type"] == "FeatureCollection"
    assert json.loads(json.dumps(layer, allow_nan=False)) == layer
    assert len(frame) == len(layer["features"]) >= 1
    assert frame.crs.to_epsg() == 4326
    assert frame.geometry.is_valid.all()
    assert frame["id"].is_unique
    west, south, east, north = frame.total_bounds
    assert 100 < west <= east < 160
    assert 15 < south <= north < 60


def test_it_is_drawn_with_words_on_axes_of_ones_own_too(asked):
    _, found = asked
    _, (left, right) = plt.subplots(1, 2)
    axes = found.plot(ax=left)
    assert axes is left
    assert axes.get_title(loc="left")
    assert not right.has_data()
    assert axes.has_data()
    plt.close("all")


def test_what_is_written_is_what_it_has(asked):
    name, found = asked
    files = question(name).drawn(found, Words())
    if name in with_geometry() and question(name).layer_name:
        assert json.loads(files[question(name).layer_name]) == json.loads(json.dumps(found.geojson()))
    assert all(text.startswith("<svg") for file, text in files.items() if file.endswith(".svg"))


def test_a_kind_of_plot_that_is_none_is_told(tmp_path):
    with pytest.raises(BadValue, match="no plot of kind 'maps'"):
        ask("route", tmp_path).plot(kind="maps")


def test_a_file_in_place_of_axes_is_told_how_to_keep_a_drawing(tmp_path):
    with pytest.raises(BadValue, match="ax is no Axes of matplotlib") as caught:
        ask("route", tmp_path).plot("route.svg")
    assert "savefig" in caught.value.hint


def test_a_map_of_one_route_is_in_the_colours_of_its_modes(tmp_path):
    axes = ask("route", tmp_path).plot()
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["road", "sea"]
    assert {"Yanji", "Niigata"} <= {text.get_text() for text in axes.texts}
    plt.close("all")


def test_amounts_on_the_map_are_those_of_the_answer(tmp_path):
    matrix = ask("matrix", tmp_path)
    assert list(matrix.geoframe["cost_usd"]) == list(matrix.frame["cost_usd"].round(2))
    emitted = ask("emissions", tmp_path)
    assert emitted.geoframe["wtw_kg"].sum() == pytest.approx(emitted.wtw_kg, abs=1e-3)


def test_the_bars_are_the_numbers(tmp_path):
    found = ask("emissions", tmp_path)
    axes = found.plot()
    assert [bar.get_width() for bar in axes.patches] == [one.wtw_kg for one in found.elements]
    plt.close("all")


def test_to_explore_is_a_map_or_tells_the_extra(tmp_path, monkeypatch):
    found = ask("route", tmp_path)
    import folium

    made = found.explore()
    assert isinstance(made, folium.Map)
    assert "Yanji to Niigata" in made.get_root().render()
    monkeypatch.setitem(sys.modules, "folium", None)
    with pytest.raises(UserError, match="folium") as told:
        found.explore()
    assert "corridor-net[explore]" in str(told.value)


@pytest.mark.parametrize("name", ["route", "emissions", "matrix", "explain", "compare", "pareto"])
def test_an_answer_is_kept_and_copied(name, tmp_path):
    found = ask(name, tmp_path)
    again = pickle.loads(pickle.dumps(found))  # noqa: S301 - our own
    assert again == found
    assert again.to_dict() == found.to_dict()
    assert again.geojson() == found.geojson()
    assert copy.copy(found) == found
    assert copy.deepcopy(found) == found
    assert str(again) == str(found)  # with the names that the network has


def test_the_same_asked_twice_is_equal_and_another_is_not():
    one, other = (cn.load(as_of="2019-07-01") for _ in range(2))
    assert one.route("yanji", "niigata") == other.route("yanji", "niigata")
    assert one.route("yanji", "niigata") != other.route("harbin", "niigata")


def test_other_options_and_asking_again_compile_no_network_that_is_compiled(monkeypatch):
    from corridor_net import costing

    compiled, real = [], costing.impedance
    monkeypatch.setattr(costing, "impedance", lambda *given, **named: compiled.append(named) or real(*given, **named))
    model = cn.load(as_of="2019-07-01", scenarios="primorye-2")
    asked = ({}, {"by": "co2"}, {"schedule": True}, {"value_of_time": 30.0})
    told = [model.route("hunchun", "niigata", **options).to_dict() for options in (*asked, *asked)]
    assert len(compiled) == 2  # an hour at another value is another network
    assert told[: len(asked)] == told[len(asked) :]
    fresh = cn.load(as_of="2019-07-01", scenarios="primorye-2", by="co2").route("hunchun", "niigata")
    assert told[1] == fresh.to_dict()
