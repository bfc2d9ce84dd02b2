"""The workbench's server: right answers, bounds, and no way in."""

import json
import math

import pytest
from starlette.testclient import TestClient

from corridor_net import load
from corridor_net.scenario import load_scenario
from corridor_net.workbench.answers import Workbench
from corridor_net.workbench.app import application
from corridor_net.workbench.questions import MOST_CHANGES

from .conftest import Here

HALVED = {
    "scale": "crossing",
    "where": {"crossing_id": "suifenhe-grodekovo-rail-out"},
    "component": "queue",
    "field": "hours",
    "by": 0.5,
}
ENDS = {"origin": "harbin", "destination": "niigata"}


def scenario(*changes, name="mine", **keys):
    return {"scenario": name, "title": "Mine", "changes": list(changes), **keys}


@pytest.fixture(scope="module")
def bench(shipped):
    return Workbench(shipped)


@pytest.fixture(scope="module")
def client(bench):
    app = application(Here(bench), hosts=("testserver",))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def ask(client, path="answer", **question):
    return client.post(f"/api/{path}", json={**ENDS, **question})


def errors(response, status=422):
    assert response.status_code == status, response.text
    return response.json()["errors"]


# right answers


def test_the_answer_is_that_of_the_package(client):
    told = ask(client, scenarios=[scenario(extends=["primorye-2"])], origin="yanji", as_of="2019-07-01").json()
    model = load(as_of="2019-07-01")
    before = model.route("yanji", "niigata")
    after = model.with_scenario("primorye-2").route("yanji", "niigata")
    assert told["baseline"]["route"]["cost_usd"] == pytest.approx(before.cost_usd, abs=0.01)
    assert told["scenarios"][0]["route"]["hours"] == pytest.approx(after.hours, abs=0.01)
    assert told["scenarios"][0]["gateway_switched"]
    assert told["scenarios"][0]["change"]["hours"] == pytest.approx(after.hours - before.hours, abs=0.02)
    assert told["scenarios"][0]["route"]["gateway"] == "zarubino"
    for case in (told["baseline"], told["scenarios"][0]):
        spread = case["uncertainty"]["cost_usd"]
        assert spread["p10"] < spread["p50"] < spread["p90"]
        assert case["path"].count(None) < len(case["path"])
    assert told["scenarios"][0]["access"]["gain_usd"] > 0


def test_a_change_is_made_where_it_says(client):
    told = ask(client, scenarios=[scenario(HALVED)], origin="suifenhe").json()["scenarios"][0]
    assert [row["field"] for row in told["touched"]] == ["queue hours"]
    assert told["touched"][0]["after"] == pytest.approx(told["touched"][0]["before"] / 2)


def test_the_value_of_time_of_the_question_counts(client):
    plain, dear = (ask(client, value_of_time_usd_per_hour=value).json() for value in (None, 40))
    assert dear["value_of_time_usd_per_hour"] == 40
    assert plain["value_of_time_usd_per_hour"] < 40
    route = dear["baseline"]["route"]
    found = load(value_of_time=40).route("harbin", "niigata")
    worth = found.hours + found.router.objective.reliability_ratio * found.spread_hours
    assert route["cost_usd"] == pytest.approx(found.cost_usd, abs=0.01)
    assert route["generalised_cost_usd"] == pytest.approx(found.cost_usd + 40 * worth, abs=0.05)


def test_an_added_service_and_link_are_drawn_and_used(client):
    service = {
        "add": "service",
        "row": {
            "service_id": "zarubino-niigata-new",
            "name": "New",
            "vehicle": "container_ship",
            "sailings_per_week": 7,
            "circular": 1,
            "speed_id": "container_ship",
            "port_stay_hours": 12,
            "tariff_id": "sea_ru_jp",
            "emission_factor_id": "sea_container",
        },
        "calls": [{"node": "zarubino"}, {"node": "niigata"}, {"node": "zarubino"}],
    }
    told = ask(client, origin="hunchun", scenarios=[scenario(service)]).json()["scenarios"][0]
    assert "zarubino-niigata-new" in told["route"]["services"]
    drawn = {line["id"] for line in told["lines"]}
    assert {line for line in told["path"] if line} <= drawn


def test_thresholds_name_who_wins_where(client):
    told = ask(client, "thresholds", origin="yanji", scenarios=[scenario(extends=["primorye-2"])]).json()
    for one in (told["baseline"], told["scenarios"][0]):
        parts = one["bands"]["intervals"]
        assert parts[0]["from"] == 0
        assert parts[-1]["to"] is None
        assert [a["to"] for a in parts[:-1]] == [b["from"] for b in parts[1:]]
        assert one["limits"]


@pytest.mark.parametrize(
    ("layer", "place", "line"),
    [("hours", "dalian", "rail-harbin-changchun"), ("loads", "harbin", "sea-busan-niigata")],
)
def test_a_layer_has_the_amounts_of_its_question_by_place_and_line(client, shipped, layer, place, line):
    import corridor_net as cn
    from corridor_net.analysis.trade.potential import reach

    told = ask(client, "layer", as_of="2019-07-01", layer=layer, language="ja").json()
    assert told["nodes"][place] > 0
    assert told["lines"][line] > 0
    assert told["limits"] == sorted(told["limits"])
    assert not told["title"].isascii()
    if layer == "hours":
        router = cn.load(as_of="2019-07-01").router
        assert told["nodes"] == {key: round(value, 2) for key, value in reach(router, "harbin").items()}
        assert told["lines"][line] == max(told["nodes"][end] for end in ("harbin", "changchun"))


def test_yaml_goes_out_and_comes_back_the_same_and_the_package_reads_it(client, tmp_path):
    mine = scenario(HALVED, extends=["hunchun-makhalino"], why="a test: of quoting")
    text = client.post("/api/yaml", json={"scenario": mine}).text
    back = client.post("/api/parse", json={"text": text})
    assert back.json() == {**mine, "changes": [{**HALVED, "where": {"crossing_id": ["suifenhe-grodekovo-rail-out"]}}]}
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    assert load_scenario(path).name == "mine"


def test_the_routes_go_out_as_geojson(client):
    response = ask(client, "geojson", scenarios=[scenario(extends=["primorye-2"])], origin="yanji")
    assert response.headers["content-type"] == "application/geo+json"
    features = response.json()["features"]
    assert [f["properties"]["scenario"] for f in features] == ["baseline", "mine"]
    assert len({f["id"] for f in features}) == 2


def test_the_report_goes_out(client):
    response = ask(client, "report", scenarios=[scenario(extends=["primorye-2"])], origin="yanji")
    assert response.status_code == 200
    assert "Why the route changes" in response.text
    assert "attachment" in response.headers["content-disposition"]


def test_what_can_be_changed_is_what_is_there(client, shipped):
    told = client.get("/api/network", params={"as_of": "2019-07-01"}).json()
    network = shipped.as_of("2019-07-01")
    assert {c["id"] for c in told["crossings"]} <= {c.crossing_id for c in network.active("crossing")}
    assert len(told["map"]["nodes"]) >= len(network.active("node"))
    assert {row["name"] for row in told["shipped"]} >= {"primorye-2", "longjiang-belt"}


# mistakes


@pytest.mark.parametrize(
    ("question", "where", "word"),
    [
        ({"origin": "harbn"}, "", "harbn"),
        ({"as_of": "1990-01-01"}, "", "1990"),
        ({"as_of": "soon"}, "as_of", "date"),
        ({"by": "beauty"}, "by", "generalised"),
        ({"cargo": "dry_41"}, "", "dry_41"),
        ({"value_of_time_usd_per_hour": -1}, "value_of_time_usd_per_hour", "greater"),
        ({"colour": "red"}, "colour", "unknown field"),
        ({"scenarios": [scenario()] * 5}, "scenarios", "4"),
        ({"scenarios": [scenario({"set": "link"})]}, "scenarios.0.changes.0", "needs"),
    ],
)
def test_a_mistake_in_the_question_is_named(client, question, where, word):
    found = errors(ask(client, **question))
    assert found[0]["where"].startswith(where)
    assert word in found[0]["message"] + str(found[0]["hint"])


@pytest.mark.parametrize(
    ("change", "where", "word"),
    [
        ({**HALVED, "where": {"crossing_id": "suifenhe"}}, "scenarios.1.changes.0.where", "no row"),
        ({**HALVED, "component": "quuee"}, "scenarios.1.changes.0.component", "quuee"),
        ({"shift": "service", "where": {"service_id": "dbs-ferry"}, "field": "sailings_per_week", "by": -9},
         "scenarios.1.changes.0.by", "would be -8"),
        ({"set": "crossing", "where": {"crossing_id": "suifenhe-grodekovo-rail-out"}, "component": "queue",
          "field": "hours", "value": -3}, "scenarios.1.changes.0.value", "-3"),
    ],
)  # fmt: skip
def test_a_mistake_in_one_scenario_leaves_the_others_answered(client, change, where, word):
    told = ask(client, scenarios=[scenario(HALVED), scenario(change, name="bad")]).json()["scenarios"]
    assert told[0]["route"]
    assert told[1]["errors"][0]["where"].startswith(where)
    assert word in told[1]["errors"][0]["message"]


def test_no_route_is_said_and_is_no_mistake(client):
    shut = {"close": "service", "where": {"service_id": "*"}}
    told = ask(client, scenarios=[scenario(shut)]).json()["scenarios"][0]
    assert told["route"] is None
    assert "no route" in told["no_route"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("scenario: [", "not YAML"),
        ("just words", "keys and values"),
        ("scenario: x\ntitle: y\nchangs: []\n", "changs"),
        ("scenario: x\ntitle: y\nas_of: 1800-01-01\n", "1800"),
        ("!!python/object/apply:os.system [ls]", ""),
        ("a: &a [x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a]\n", ""),
        ("scenario: x\ntitle: y\nextends: ../../etc/passwd\n", "passwd"),
        ("scenario: x\ntitle: y\nextends: /etc/passwd\n", "passwd"),
    ],
)
def test_a_file_that_is_no_scenario_is_refused_with_its_place(client, text, word):
    found = errors(client.post("/api/parse", json={"text": text}))
    assert word in found[0]["message"]
    assert "root:" not in json.dumps(found)


def test_only_shipped_scenarios_can_be_extended(client, tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text("scenario: own\ntitle: own\n", encoding="utf-8")
    told = ask(client, scenarios=[scenario(extends=[str(path)])]).json()["scenarios"][0]
    assert told["errors"][0]["where"] == "scenarios.0.extends.0"


# bounds


def test_too_large_is_refused_at_once(client):
    assert "1 MB" in errors(client.post("/api/parse", json={"text": "x" * 10_000_000}), 413)[0]["message"]


def test_too_many_changes_are_refused(client):
    told = ask(client, scenarios=[scenario(*[HALVED] * (MOST_CHANGES + 1))]).json()["scenarios"][0]
    assert str(MOST_CHANGES) in told["errors"][0]["hint"]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'{"origin": 1}', b"[" * 100_000, b"\xff\xfe", b'{"origin":"a","origin2":NaN}']
)
def test_a_malformed_request_is_refused(client, body):
    response = client.post("/api/answer", content=body, headers={"content-type": "application/json"})
    assert response.status_code in (400, 422)
    assert response.json()["errors"]


def test_numbers_that_are_none_are_refused(client):
    body = json.dumps({**ENDS, "value_of_time_usd_per_hour": math.inf})
    response = client.post("/api/answer", content=body, headers={"content-type": "application/json"})
    assert response.status_code == 422


def test_only_json_is_read(client):
    assert client.post("/api/answer", data=ENDS).status_code == 415


# who may ask


@pytest.mark.parametrize(
    "path", ["/web/../cli/main.py", "/web/..%2f..%2fapi.py", "/web/report.html", "/web/%00", "/etc/passwd"]
)
def test_no_path_reaches_the_file_system(client, path):
    assert client.get(path).status_code == 404


def test_a_name_of_another_host_is_not_answered(client):
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


def test_a_page_of_another_site_cannot_ask(client):
    response = client.post("/api/answer", json=ENDS, headers={"origin": "http://evil.example"})
    assert response.status_code == 403


def test_a_token_is_needed_where_one_is_set(bench):
    app = application(Here(bench), hosts=("testserver",), token="secret")  # noqa: S106
    with TestClient(app, follow_redirects=False) as client:
        assert client.get("/").status_code == 401
        assert client.get("/api/network").status_code == 401
        assert client.get("/?token=wrong").status_code == 401
        assert client.get("/web/dom.js", headers={"authorization": "Bearer secret"}).status_code == 200
        entered = client.get("/?token=secret")
        assert entered.status_code == 303
        assert "httponly" in entered.headers["set-cookie"].lower()
        assert client.get("/").status_code == 200


def test_the_description_is_openapi(client):
    document = client.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert {path for path in document["paths"] if not path.startswith("/api/questions/")} == {
        f"/api/{name}" for name in ("network", "answer", "thresholds", "layer", "parse", "yaml", "geojson", "report")
    }
