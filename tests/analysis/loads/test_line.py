"""Lines of the shipped network: the account agrees with routes and shares, and the two histories come out."""

from __future__ import annotations

import json

import pytest

import corridor_net as cn
from corridor_net.analysis.loads.demand import Freight
from corridor_net.analysis.loads.liner import service_of
from corridor_net.errors import BadValue, UnknownName

TO = ("niigata", "tokyo", "osaka")
"""Fewer markets than there are, for speed."""


@pytest.fixture(scope="module")
def model():
    return cn.load(as_of="2013-07-01")


def stream(origin="yanji", destination="niigata", boxes=5200.0):
    return Freight(origin=origin, destination=destination, cargo="dry_40", boxes={2013: boxes})


def test_what_a_box_pays_by_the_line_is_the_route_by_it(model):
    """Fixed cost and wait at the present frequency make the route's generalised cost; the freight is the leg's."""
    found = service_of(model.router, "zarubino-niigata", [stream()], 2013)
    route = model.route("yanji", "niigata", via=["zarubino"])
    assert route.services == ("zarubino-niigata",)
    liner = found.liner
    assert liner.fixed_usd[0] + liner.wait_usd[0] / 0.7 == pytest.approx(route.generalised_cost_usd)
    legs = [leg for leg in route.legs if leg.asset_id == "zarubino-niigata"]
    assert liner.freight_usd[0] == pytest.approx(
        sum(leg.components.get("freight", {}).get("cost_usd", 0) for leg in legs)
    )
    hours = 2 * 40 + 2 * 12
    assert found.account.days == pytest.approx(hours / 24)
    assert liner.most_sailings == pytest.approx(168 / hours)


def test_doubling_the_sailings_changes_only_the_wait(model, tmp_path):
    path = tmp_path / "twice.yaml"
    path.write_text(
        "scenario: twice\ntitle: Twice\nchanges:\n  - set: service\n    where: {service_id: zarubino-niigata}\n"
        "    field: sailings_per_week\n    value: 1.4\n",
        encoding="utf-8",
    )
    once = service_of(model.router, "zarubino-niigata", [stream()], 2013).liner
    twice = service_of(model.with_scenario(path).router, "zarubino-niigata", [stream()], 2013).liner
    assert twice.fixed_usd == pytest.approx(once.fixed_usd)
    assert twice.other_usd == pytest.approx(once.other_usd)
    assert float(twice.wanted(0.9)) == pytest.approx(float(once.wanted(0.9)))


def test_the_line_to_niigata_stood_on_the_edge_and_what_came_could_not_keep_it(model):
    found = model.line("zarubino-niigata", destinations=TO[:2], room=100)
    assert found.counted.teu == 20
    assert found.counted.boxes_per_sailing < 0.2
    assert found.counted.unexplained_usd > 2000
    assert not found.counted.lives
    assert found.boxes_needed > 30
    kinds = [one.kind for one in found.equilibria]
    assert kinds[:2] == ["none", "tipping"]
    assert 0.4 < found.tipping_point < 0.9
    dear = model.line("zarubino-niigata", destinations=TO[:2], room=100, charter=8000.0)
    assert not dear.lives
    helped = model.line(
        "zarubino-niigata", destinations=TO[:2], room=100, charter=8000.0, subsidy=dear.subsidy_needed_usd + 1
    )
    assert helped.lives


@pytest.mark.slow
def test_the_ferry_to_vladivostok_never_lived_on_boxes():
    found = cn.load(as_of="2019-07-01").line("dbs-ferry", destinations=["sakaiminato", "osaka"])
    assert not found.lives
    assert [one.kind for one in found.equilibria] == ["none"]
    assert found.boxes_needed > found.room_boxes > found.boxes_wanted
    assert found.guarantee_needed is None
    assert found.ran == ("2009-06-29", "2019-11-27")
    assert found.lacking_usd == found.income_needed_usd
    earning = cn.load(as_of="2019-07-01").line(
        "dbs-ferry", destinations=["sakaiminato", "osaka"], other_income=found.income_needed_usd + 1000
    )
    assert earning.lives
    assert earning.boxes_needed < found.room_boxes


def test_a_line_of_a_scenario_can_be_asked(model):
    found = cn.load(as_of="2019-07-01").with_scenario("primorye-2").line("zarubino-niigata-weekly", destinations=TO)
    assert found.scenario == "primorye-2"
    assert found.counted is None
    assert found.ran is None
    assert found.to_dict()["equilibria"][0]["kind"] == "none"


def test_what_is_no_line_is_named_and_nothing_is_written(model, cli, tmp_path):
    with pytest.raises(UnknownName, match="unknown service 'zarubino-nigata'"):
        model.line("zarubino-nigata")
    with pytest.raises(BadValue, match="does not carry boxes on 2019-07-01"):
        model.as_of("2019-07-01").line("zarubino-niigata")
    empty = tmp_path / "none.csv"
    empty.write_text("origin,destination,teu\nyanji,niigata,0\n", encoding="utf-8")
    out = tmp_path / "out"
    done = cli("line", "zarubino-niigata", "--as-of", "2013-07-01", "--traffic", str(empty), "--out", str(out))
    assert done.code == 2
    assert "there is no demand" in done.err
    assert not out.exists()
    done = cli("line", "zarubino-niigata", "--as-of", "2013-07-01", "--to", "niigata", "--json", "--out", str(out))
    told = json.loads(done.out)
    assert told["ran"] == ["2011-08-01", "2014-05-12"]
    each = told["counted"]["boxes_per_sailing"]
    assert each + told["lacking_boxes"] == pytest.approx(told["boxes_needed"], abs=2e-3)
    assert told["lacking_usd"] == pytest.approx(told["sailing_usd"] - each * told["freight_usd"], abs=2)
    assert sorted(path.name for path in out.iterdir()) == ["line.geojson", "sustained.csv", "sustained.svg"]
