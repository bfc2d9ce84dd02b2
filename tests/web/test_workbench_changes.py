"""What the page offers to change can be changed, each figure of it, with the value it shows as `was`."""

import json

import pytest
from starlette.testclient import TestClient

from corridor_net.costing import impedance
from corridor_net.errors import CorridorError, unsound
from corridor_net.scenario.apply import apply_steps
from corridor_net.scenario.model import Change, ScenarioFile
from corridor_net.scenario.yaml_file import YamlFile
from corridor_net.workbench.answers import Workbench
from corridor_net.workbench.app import application
from corridor_net.workbench.drafts import yaml_of
from corridor_net.workbench.naming import names_given
from corridor_net.workbench.questions import RouteRequest

from .conftest import Here

DAY = "2019-07-01"
KINDS = ("crossings", "terminals", "services", "links")


@pytest.fixture(scope="module")
def bench(shipped):
    return Workbench(shipped)


def offered(bench, cargo):
    network = bench.map(DAY, cargo)
    return [figure for kind in KINDS for one in network[kind] for figure in one["figures"]]


def other(value):
    if isinstance(value, str):
        return "09:00-17:00" if value != "09:00-17:00" else "24h"
    return round(value * 0.9, 6) if value else 1


def made(figure):
    return Change(**figure["about"], value=other(figure["value"]), was=figure["value"])


def test_what_a_shipped_scenario_adds_is_named_in_the_readers_language_and_what_the_reader_adds_as_typed(bench):
    mine = {"add": "service", "row": {"service_id": "mine", "name": "My ferry", "vehicle": "container_ship"}}
    asked = RouteRequest(
        origin="harbin", destination="niigata", as_of=DAY, language="ja",
        scenarios=[{"scenario": "s", "title": "t", "extends": ["vladivostok-liner"], "changes": []}],
    )  # fmt: skip
    found = bench.answer(asked)["scenarios"][0]
    assert "ウラジオストク - 新潟 - 富山" in {one["name"] for one in found["added"]["services"]}
    told = " ".join(
        [*(leg["words"] for leg in found["route"]["legs"]), *(one["name"] for one in found["added"]["services"])]
    )
    assert "liner" not in told
    assert names_given([Change(**mine)]) == {"mine": "My ferry"}


LONG = pytest.mark.slow


@pytest.mark.parametrize(
    ("cargo", "every"), [("dry_40", 23), *(pytest.param(one, 7, marks=LONG) for one in ("dry_40", "dry_20"))]
)
def test_every_figure_shown_can_be_changed_with_its_was(bench, shipped, cargo, every):
    """Every so many of them: no kind comes in a rhythm of these, and all would take minutes."""
    network = shipped.as_of(DAY)
    figures = offered(bench, cargo)
    assert len(figures) > 2_500
    refused = []
    for figure in figures[("dry_40", "dry_20").index(cargo) :: every]:
        try:
            _, (applied,) = apply_steps(network, [(made(figure), "mine", 1, lambda *_, **__: None)], {})
        except CorridorError as error:
            refused.append((figure["about"], error.message))
            continue
        values = {(touched.before, touched.after) for touched in applied.touched}
        assert (figure["value"], other(figure["value"])) in values, figure
    assert refused == []


@pytest.mark.parametrize(("cargo", "untouched"), [("dry_20", "dry_40"), pytest.param("dry_40", "dry_20", marks=LONG)])
def test_a_rate_changed_for_one_box_leaves_the_other_box_alone(bench, shipped, cargo, untouched):
    network = shipped.as_of(DAY)
    rates = [f for f in offered(bench, cargo) if f["about"].get("cargo_unit") and f["value"]]
    assert {f["about"]["set"] for f in rates} == {"link", "service", "terminal", "crossing"}
    before, others = impedance(network, cargo).money.sum(), impedance(network, untouched).money
    for table in ("link", "service", "terminal"):
        cheaper = 0
        for figure in [f for f in rates if f["about"]["set"] == table][:6]:  # a closed service or link changes nothing
            changed, _ = apply_steps(network, [(made(figure), "mine", 1, lambda *_, **__: None)], {})
            assert impedance(changed, untouched).money == pytest.approx(others)
            cheaper += impedance(changed, cargo).money.sum() < before
        assert cheaper > 0, table


def test_the_figures_are_those_of_the_cargo_asked_for(bench):
    forty, twenty = (
        {f["about"]["where"]["link_id"]: f["value"] for f in offered(bench, c) if f["label"] == "rate per km"}
        for c in ("dry_40", "dry_20")
    )
    assert forty.keys() == twenty.keys()
    assert all(twenty[link] < forty[link] for link in forty if forty[link])


def test_a_change_of_the_page_is_answered_for_its_cargo(bench):
    link = next(f for f in offered(bench, "dry_20") if f["about"]["where"] == {"link_id": "road-mudanjiang-suifenhe"}
                and f["label"] == "rate per km")  # fmt: skip
    change = {**link["about"], "value": 11.24, "was": link["value"]}
    mine = {"scenario": "mine", "title": "t", "changes": [change]}
    question = {"origin": "mudanjiang", "destination": "suifenhe", "as_of": DAY, "scenarios": [mine]}
    cost = {
        cargo: bench.answer(RouteRequest(**question, cargo=cargo))["scenarios"][0]["change"]["cost_usd"]
        for cargo in ("dry_20", "dry_40")
    }
    assert cost["dry_20"] > 50
    assert cost["dry_40"] == 0


def test_what_is_wrong_with_a_drawn_link_is_said_beside_it(bench):
    row = {"link_id": "new", "name": "n", "from_node_id": "hunchun", "to_node_id": "zarubino", "mode": "road",
           "length_km": 90, "speed_id": "road_cn", "tariff_id": "road_cn", "emission_factor_id": "road_heavy",
           "country": "CN"}  # fmt: skip
    question = {"origin": "hunchun", "destination": "niigata", "as_of": DAY}

    def answer(**more):
        mine = {"scenario": "mine", "title": "t", "changes": [{"add": "link", "row": row, **more}]}
        return bench.answer(RouteRequest(**question, scenarios=[mine]))["scenarios"][0]

    (error,) = answer()["errors"]
    assert error["where"].startswith("scenarios.0.changes.0")
    assert "hunchun-kraskino-road-out" in error["hint"]
    assert "errors" not in answer(border_like="hunchun-kraskino-road-out")


BOMB = "[&a0 [l,l,l,l,l,l,l,l,l,l], " + ", ".join(f"&a{n} [{','.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 8)) + "]"


@pytest.fixture(scope="module")
def client(bench):
    with TestClient(application(Here(bench), hosts=("testserver",)), raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"origin": "\ud800"}, "origin"),
        ({"\ud800": 1}, ""),
        ({"scenarios": [{"scenario": "x", "title": "\ud800"}]}, "scenarios.0.title"),
        ({"scenarios": [{"scenario": "x", "title": "x", "changes": [{"close": "link", "where": {"\udfff": "x"}}]}]},
         "scenarios.0.changes.0.where"),
        ({"scenarios": [{"scenario": "x", "title": "x", "changes": [{"add": "link", "row": {"name": [[["x"]]]}}]}]},
         "scenarios.0.changes.0.row.name"),
        ({"scenarios": [{"scenario": "x", "title": "x", "changes": [{"scale": "link", "where": {"mode": "rail"},
                         "field": "length_km", "by": True}]}]}, "scenarios.0.changes.0.by"),
        ({"scenarios": [{"scenario": "x", "title": "x", "changes": [{"scale": "link", "where": {"mode": "rail"},
                         "field": "length_km", "by": "2"}]}]}, "scenarios.0.changes.0.by"),
        ({"value_of_time_usd_per_hour": "7"}, "value_of_time_usd_per_hour"),
    ],
)  # fmt: skip
def test_a_hostile_question_is_refused_with_its_place(client, body, where):
    asked = {"origin": "harbin", "destination": "niigata", **body}
    response = client.post("/api/answer", content=json.dumps(asked), headers={"content-type": "application/json"})
    assert response.status_code == 422, response.text
    assert response.json()["errors"][0]["where"].startswith(where)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (f"scenario: x\ntitle: x\nchanges:\n- add: link\n  row: {{link_id: q, name: {BOMB}}}\n", "20,000 values"),
        ("scenario: x\ntitle: x\nwhy: " + "[" * 9_000, "brackets"),
        ('scenario: x\ntitle: "\\ud800"\n', "surrogate"),
        ("scenario: x\ntitle: !!set {x}\n", "!!set"),
    ],
)
def test_a_hostile_file_is_refused_with_its_place(client, text, word):
    response = client.post("/api/parse", json={"text": text})
    assert response.status_code == 422
    (error,) = response.json()["errors"]
    assert word in error["message"]
    assert error["where"].startswith("the file:")


@pytest.mark.parametrize("text", ["a\x85b", "a\x9bb", "a\x00b"])
def test_a_title_that_a_file_cannot_keep_is_refused_not_changed(text):
    with pytest.raises(ValueError, match="control character"):
        ScenarioFile(scenario="x", title=text)


def test_a_title_that_is_taken_is_the_same_once_it_is_saved_and_read():
    signs = [chr(code) for code in (*range(0x3000), 0xFEFF, 0xFFFD, 0x1F600) if not unsound(chr(code))]
    for first in range(0, len(signs), 32):
        title = "a".join(["", *signs[first : first + 32], ""])
        saved = yaml_of(ScenarioFile(scenario="x", title=title))
        assert YamlFile.parse(saved, "x.yaml").data["title"] == title
