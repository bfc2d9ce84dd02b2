"""A way as a forwarder tells it: one leg a road or line, lengths that add up, and no port where a train is boarded."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace as Row

import pandas as pd
import pytest

import corridor_net as cn
from corridor_net.analysis.joined import SHORT_KM, _called, _names, _one, _runs, joined
from corridor_net.costing import impedance
from corridor_net.interchange.doors import import_network
from corridor_net.output.pair_text import way_words
from corridor_net.questions import page_of
from corridor_net.render.words import Words
from interchange.timetables.test_timetables import feed

ROADS = ["CG-4", "CG-4", "", "", "Ring", "Ring", "CG-2", "", "CG-2"]
KM = [5.0, 4.0, 0.1, 2.0, 0.1, 0.2, 3.0, 0.3, 8.0]


def model(roads=ROADS, km=KM, *, names=(), modes=None):
    """Return the model of a row of links; `names` are those of its nodes that have one."""
    ids = [str(number) for number in range(len(km) + 1)]
    nodes = pd.DataFrame({"node_id": ids, "x_coord": [20 + 0.05 * n for n in range(len(ids))], "y_coord": 45.0})
    nodes["name"] = [dict(names).get(node, "") for node in ids]
    ends = {"from_node_id": ids[:-1], "to_node_id": ids[1:]}
    links = pd.DataFrame({**ends, "name": roads, "mode": modes or "road", "length_km": km})
    return cn.Model(cn.from_frames(nodes, links, schematic=True, country="AD").network()), ids[-1]


def told(found):
    one = joined(found.route, found.router.network)
    return [
        (leg.from_node, leg.to_node, round(leg.distance_km, 6), name)
        for leg, name in zip(one.route.legs, one.called, strict=True)
        if leg.kind == "haul"
    ]


def test_links_of_one_name_are_one_leg_and_short_ones_go_with_the_leg_before():
    net, end = model()
    found = net.route("0", end)
    assert told(found) == [("0", "6", 11.4, "CG-4 …"), ("6", "9", 11.3, "CG-2")]
    assert not any(km < SHORT_KM for *_, km, _ in told(found))


@pytest.mark.whole
@pytest.mark.parametrize(
    ("roads", "km", "legs"),
    [
        (["A", "B"], [3.0, SHORT_KM], [(3.0, "A"), (0.5, "B")]),  # half a kilometre is a leg
        (["A", "B"], [3.0, 0.4], [(3.4, "A")]),  # what is shorter goes with the leg before
        (["B", "A"], [0.4, 3.0], [(3.4, "A")]),  # or, at the start, with the one after
        (["A", "", "B"], [3.0, 2.0, 4.0], [(5.0, "A …"), (4.0, "B")]),  # 60 % of the first is along A
        (["A", ""], [4.0, 1.0], [(5.0, "A")]),  # 80 % is most of it
        (["A", ""], [3.9, 1.1], [(5.0, "A …")]),
        (["", ""], [2.0, 2.0], [(4.0, "")]),
        (["A"] * 3, [1.0] * 3, [(3.0, "A")]),
        (["A", "B", "C"], [0.3, 0.45, 0.4], [(1.15, "B, C, A")]),  # the longest first
        (["A", "B", "C", "D", "E"], [0.4] * 5, [(2.0, "A, B, C …")]),  # three at most
        (["A", "B", "A"], [5.0, 0.4, 5.0], [(5.4, "A"), (5.0, "A")]),
        (["A", "B", "C"], [3.0, 0.4, 0.45], [(3.85, "A …")]),  # A is 78 %, names of less than half a kilometre are left
        (["1 - 0", "1 - 2"], [3.0, 3.0], [(6.0, "1 - 0 …")]),
        (["0 - 1", "x"], [3.0, 3.0], [(6.0, "x …")]),  # what is called by its ends has no name
    ],
)
def test_what_a_leg_is_called_by_hand(tiny, roads, km, legs):
    haul = next(arc for arc in impedance(tiny).arcs if arc.kind == "haul")
    arcs = [
        replace(haul, asset_id=str(n), from_node=str(n), to_node=str(n + 1), distance_km=one)
        for n, one in enumerate(km)
    ]
    rows = tuple(
        Row(link_id=str(n), from_node_id=str(n), to_node_id=str(n + 1), name=road) for n, road in enumerate(roads)
    )
    names = _names(Row(rows={"link": rows}.get), {*map(str, range(len(rows))), "not there"})
    runs = _runs(Row(legs=arcs), {str(n) for n in range(1, len(km))}, names)
    assert [(round(_one(run).distance_km, 6), _called(run, names)) for run in runs] == legs
    for run in runs:
        whole = _one(run)
        assert (whole.from_node, whole.to_node) == (run[0].from_node, run[-1].to_node)
        assert whole.co2_kg == pytest.approx(haul.co2_kg * len(run))
        assert whole.cost_usd == pytest.approx(haul.cost_usd * len(run))


def test_all_measures_of_a_leg_are_those_of_its_links():
    net, end = model()
    found = net.route("0", end)
    one = found.as_shown.route
    for measure in ("distance_km", "cost_usd", "hours", "spread_hours", "co2_kg"):
        whole = sum(getattr(leg, measure) for leg in found.legs)
        assert sum(getattr(leg, measure) for leg in one.legs) == pytest.approx(whole)
        assert getattr(one, measure) == pytest.approx(whole)
    assert {key for leg in one.legs for key in leg.figures} == {key for leg in found.legs for key in leg.figures}
    assert len(found.to_dict()["routes"][0]["legs"]) == len(found.legs) > len(one.legs)


def test_a_place_with_a_name_ends_a_leg_and_so_does_a_change_of_mode():
    net, end = model(names=[("1", "Soldeu"), ("5", "Canillo")])
    assert [leg[:2] for leg in told(net.route("0", end))] == [("0", "1"), ("1", "5"), ("5", "9")]
    net, end = model([""] * 4, [3.0, 0.1, 0.1, 2.0], modes=["road", "road", "rail", "rail"])
    assert [leg[:3] for leg in told(net.route("0", end))] == [("0", "2", 3.1), ("2", "4", 2.1)]


def test_a_column_tells_the_road_where_there_is_one_and_no_length_is_told_as_nothing():
    net, end = model()
    table = page_of(net.route("0", end)).tables[0]
    heads = [column.heading for column in table.columns]
    assert heads[:5] == ["what", "road or line", "from", "to", "km"]
    shown = [row[4] for row in table.texts(Words())]
    assert [cell for cell in shown if cell] == ["11.4", "11.3", "22.7"]
    shipped = page_of(cn.load(as_of="2019-07-01").route("harbin", "niigata")).tables[0]
    assert "road or line" not in [column.heading for column in shipped.columns]


def test_steps_that_change_alike_are_told_as_one_and_add_up(tmp_path):
    net, end = model()
    change = "{scale: speed, where: {speed_id: road}, field: speed_kmh, by: 1.5, why: a test}"
    (tmp_path / "faster.yaml").write_text(f"scenario: faster\ntitle: Faster\nwhy: a test\nchanges: [{change}]\n")
    found = net.with_scenario(tmp_path / "faster.yaml").explain("0", end)
    hauls = [leg for leg in found.as_shown if leg.kind == "haul"]
    assert [(leg.from_node, leg.to_node, leg.status) for leg in hauls] == [("0", end, "changed")]
    for name in ("cost_usd_before", "hours_before", "hours_after", "generalised_change_usd"):
        whole = sum(getattr(leg, name) for leg in found.legs)
        assert sum(getattr(leg, name) for leg in found.as_shown) == pytest.approx(whole)


def test_a_train_that_is_boarded_is_a_way_by_land(tmp_path):
    made = import_network("gtfs", [feed(tmp_path / "feed")], kinds=("train",))
    model_ = cn.Model(made.network())
    called = {call.service_id: [] for call in model_.base.rows("service_call")}
    for call in model_.base.rows("service_call"):
        called[call.service_id].append(call.node_id)
    calls = next(iter(called.values()))
    route = model_.route(calls[0], calls[-1]).route
    assert route.services
    assert route.gateway is None
    assert route.ports == ()
    assert str(way_words(route)) == "by land"
