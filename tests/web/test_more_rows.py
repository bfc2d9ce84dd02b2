"""The report and the workbench show a component and a mode that came by rows alone."""

from __future__ import annotations

import json
import shutil

import pytest
from starlette.testclient import TestClient

import corridor_net as cn
from corridor_net.workbench.answers import Workbench
from corridor_net.workbench.app import application
from corridor_net.workbench.questions import RouteRequest
from more_rows import PREMIUM, more

from .conftest import Here

DAY = "2019-07-01"


@pytest.fixture(scope="module")
def folder(tmp_path_factory, geodata):
    return more(shutil.copytree(geodata, tmp_path_factory.mktemp("more") / "geodata"))


@pytest.fixture(scope="module")
def net(folder):
    return cn.Network.from_folder(folder)


@pytest.fixture(scope="module")
def report(folder, tmp_path_factory):
    out = tmp_path_factory.mktemp("run")
    model = cn.load(geodata=folder)
    chosen = {"scenarios": ("vanino",), "origins": ("harbin",), "destinations": ("niigata",)}
    found = model.study("longjiang-japan", baselines=("baseline-2019",), by="time", **chosen)
    found.write(out)
    return out / "report.html"


def test_the_report_has_them(report):
    text = report.read_text(encoding="utf-8")
    study = json.loads(text.split('id="study">', 1)[1].split("</script>", 1)[0])
    assert study["components"][-1] == "cargo insurance"
    assert study["group_names"][study["groups"][-1]] == "insuring"
    assert study["map"]["modes"]["air"]["label"] == "air freight"
    assert study["map"]["types"]["airport"]["shape"] == "square"


def test_the_page_of_the_report_draws_them(report, open_page):
    page = open_page(report.as_uri())
    page.locator("#map path.mode-air").first.wait_for(state="attached")
    assert "air route" in page.locator("#legend").inner_text()
    assert "air cargo terminal" in page.locator("#legend").inner_text()
    page.locator("#origin").select_option(label="Harbin")
    assert "insuring" in page.locator("#side").inner_text()
    assert "air freight, Taiping airport to Niigata airport" in page.locator("#side").inner_text()


def test_the_workbench_offers_and_answers_them(net):
    bench = Workbench(net.as_of(DAY))
    app = application(Here(bench), hosts=("testserver",))
    with TestClient(app) as client:
        told = client.get("/api/network").json()
        assert told["map"]["modes"]["air"]["label"] == "air freight"
        assert {"air"} < {line["mode"] for line in told["map"]["lines"]}
        loading = next(one for one in told["terminals"] if one["id"] == "harbin-origin-rail_1435")
        offered = next(f for f in loading["figures"] if f["label"] == "cargo insurance, cost")
        assert offered["value"] == PREMIUM
        assert "% of value" in offered["note"]
        change = {**offered["about"], "value": 0.1, "was": PREMIUM}
        scenario = {"scenario": "safer", "title": "Safer", "changes": [change]}
        asked = {"origin": "harbin", "destination": "niigata", "by": "time", "scenarios": [scenario]}
        answer = client.post("/api/answer", json=asked).json()
        assert answer["baseline"]["route"]["gateway"] == "hrb_air"
        assert not answer["scenarios"][0].get("errors")
        assert client.post("/api/thresholds", json=asked).status_code == 200
    assert bench.geojson(RouteRequest(origin="harbin", destination="niigata", by="time"))["features"]
