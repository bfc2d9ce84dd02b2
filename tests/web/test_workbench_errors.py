"""What is wrong is told in the reader's language: by the server, beside a scenario, and in the terminal."""

import pytest
from starlette.testclient import TestClient

from corridor_net.workbench.answers import Workbench
from corridor_net.workbench.app import application

from .conftest import Here

ENDS = {"origin": "harbin", "destination": "niigata", "as_of": "2019-07-01"}
SHUT = {"scenario": "shut", "title": "x", "changes": [{"close": "service", "where": {"service_id": "*"}}]}
BELOW = {
    "set": "crossing",
    "where": {"crossing_id": "suifenhe-grodekovo-rail-out"},
    "component": "queue",
    "field": "hours",
    "value": -5,
}


@pytest.fixture(scope="module")
def client(shipped):
    with TestClient(application(Here(Workbench(shipped)), hosts=("testserver",))) as client:
        yield client


def answer(client, language, **question):
    asked = {**ENDS, "language": language, **question}
    return client.post("/api/answer", json=asked, headers={"accept-language": language})


def test_a_refusal_is_in_the_language_asked_for_and_keeps_what_was_typed(client):
    told = {code: answer(client, code, origin="harbn").json()["errors"][0] for code in ("en", "zh", "ru")}
    assert told["en"]["message"] == "unknown node 'harbn'"
    assert (told["zh"]["message"], told["zh"]["hint"]) == ("未知地点 'harbn'", "是否指 'harbin'？")
    assert told["ru"]["message"] == "неизвестный пункт 'harbn'"
    assert (
        client.get("/api/questions/nothing", headers={"accept-language": "ko"}).json()["errors"][0]["message"][0] > "가"
    )


def test_what_is_wrong_with_a_scenario_and_why_there_is_no_route_are_too(client):
    broken = {"scenario": "mine", "title": "x", "changes": [BELOW]}
    first, second = answer(client, "ja", scenarios=[broken, SHUT]).json()["scenarios"]
    assert "0 以上でなければなりません" in first["errors"][0]["message"]
    assert second["no_route"].startswith("2019-07-01：ハルビンから新潟への経路がありません")
    assert "釜山" in second["no_route"]
    assert len(second["no_route"]) < 600


def test_a_field_that_is_misspelt_is_told_with_the_nearest_one(client):
    asked = {"origin": "harbin", "destination": "niigata", "value_of_time": 3, "cargoo": "dry_40"}
    asked["scenarios"] = [{"scenario": "A b", "title": 2019, "changes": [{"clos": "link", "where": {"mode": "road"}}]}]
    told = {one["where"]: one for one in client.post("/api/answer", json=asked).json()["errors"]}
    assert told["value_of_time"]["message"] == "unknown field 'value_of_time'"
    assert told["value_of_time"]["hint"] == "did you mean 'value_of_time_usd_per_hour'?"
    assert told["cargoo"]["hint"] == "did you mean 'cargo'?"
    assert told["scenarios.0.changes.0.clos"]["hint"] == "did you mean 'close'?"
    assert told["scenarios.0.title"]["hint"] == 'a text is meant: write it in quotes, "2019"'
    assert told["scenarios.0.scenario"]["hint"] == "small letters, digits and hyphens, for example faster-border"


def test_the_day_that_the_data_do_not_cover_is_marked_at_its_field(client):
    refused = client.get("/api/network", params={"as_of": "1990-01-01"}, headers={"accept-language": "zh"})
    assert (refused.status_code, refused.json()["errors"][0]["where"]) == (422, "as_of")
    assert refused.json()["errors"][0]["message"] == "日期 1990-01-01 超出数据范围"


def test_the_terminal_says_it_in_the_language_too(shell):
    done = shell("route", "harbn", "niigata", "--lang", "ru")
    assert done.code == 2
    assert "неизвестный пункт 'harbn' [CN-E101]" in done.err
    assert "может быть, 'harbin'?" in done.err
