"""Profiles and CAREC's indicators, worked by hand."""

import dataclasses
import json
import xml.etree.ElementTree as ET
from types import SimpleNamespace

import pytest

import corridor_net as cn
from corridor_net.analysis.time_cost_distance import indicators, profile
from corridor_net.costing import Arc, Part
from corridor_net.errors import BadValue
from corridor_net.output.charts.charts import time_cost_distance_svg
from corridor_net.render.words import Words

KNOWN = cn.load().network.vocabulary


def leg(kind, mode, ends, km, hours, usd, asset_id="x", component="haul"):
    here, there = ends
    amounts = {"hours": hours, "cost": usd}.items()
    parts = tuple(
        Part(
            component=component,
            quantity=quantity,
            amount=value,
            scheduled=value,
            spread=0.0,
            figures=(),
            source_ids=(),
            grade="A",
        )
        for quantity, value in amounts
    )
    return Arc(
        key=f"{kind}:{here}:{there}",
        kind=kind,
        tail=0,
        head=1,
        from_node=here,
        to_node=there,
        mode=mode,
        asset_id=asset_id,
        distance_km=km,
        co2_kg=0.0,
        parts=parts,
        co2_figures=(),
        vocabulary=KNOWN,
    )


# The example of docs/time-cost-distance.md.
LEGS = (
    leg("terminal", "terminal", "aa", 0, 10, 100),
    leg("haul", "rail", "ab", 300, 10, 150),
    leg("terminal", "terminal", "bb", 0, 8, 225, "b-1435-1520", "gauge_change"),
    leg("haul", "rail", "bc", 20, 1, 10),
    leg("crossing", "rail", "cc", 0, 22, 300, "bc", "border_fee"),
    leg("haul", "rail", "cp", 180, 9, 90),
    leg("terminal", "terminal", "pp", 0, 48, 200),
    leg("sail", "sea", "pq", 800, 40, 500),
    leg("terminal", "terminal", "qq", 0, 60, 600),
)


def test_the_example_of_the_page():
    found = indicators(LEGS, 16.0)
    assert found.land_km == 500
    assert [(b.crossing, b.hours, b.cost_usd) for b in found.borders] == [("bc", 30, 525)]
    assert found.tfi1_border_hours == 30
    assert found.tfi2_border_usd == 525
    assert found.tfi3_usd_per_500_km == pytest.approx(775 / 500 * 500 * 20 / 16)
    assert found.tfi4_speed_kmh == pytest.approx(500 / 50)
    assert found.tfi4_speed_without_delay_kmh == pytest.approx(500 / 20)


def test_the_next_lorry_is_paid_for_the_way_and_not_for_the_border():
    """The example, and 70 USD for the next carrier at the border: 845 USD of 500 km, 525 to clear it."""
    hired = leg("crossing", "rail", "cc", 0, 0, 70, "bc")
    border = dataclasses.replace(LEGS[4], parts=LEGS[4].parts + hired.parts)
    found = indicators([*LEGS[:4], border, *LEGS[5:]], 16.0)
    assert found.tfi2_border_usd == 525
    assert found.tfi3_usd_per_500_km == pytest.approx(845 / 500 * 500 * 20 / 16)


def test_a_change_of_gauge_after_the_border_counts_to_it():
    legs = (
        leg("haul", "rail", "ab", 100, 5, 50),
        leg("crossing", "rail", "bb", 0, 10, 100, "ab", "border_fee"),
        leg("terminal", "terminal", "bb", 0, 8, 200, "g", "gauge_change"),
        leg("haul", "rail", "bc", 100, 5, 50),
    )
    found = indicators(legs, 20.0)
    assert [(b.hours, b.cost_usd) for b in found.borders] == [(18, 300)]
    assert found.tfi4_speed_kmh == pytest.approx(200 / 28)


def test_links_of_less_than_a_kilometre_are_moved_along():
    """Half a kilometre to the bridge, the border, a quarter behind it to the ferry: 750 m in two hours and two more."""
    legs = (
        leg("terminal", "terminal", "aa", 0, 9, 90),
        leg("haul", "road", "ab", 0.5, 1, 2),
        leg("crossing", "road", "bb", 0, 2, 3, "ab-out", "border_fee"),
        leg("haul", "road", "bc", 0.25, 1, 1),
        leg("board", "sea", "cc", 0, 5, 7, "ferry"),
        leg("sail", "sea", "cd", 0.8, 1, 1, "ferry"),
        leg("haul", "rail", "de", 0.25, 1, 1),
        leg("crossing", "rail", "ee", 0, 4, 5, "e-in", "border_fee"),
        leg("terminal", "terminal", "ee", 0, 30, 70),
    )
    found = indicators(legs, 10.0)
    assert found.land_km == 1
    assert [(one.crossing, one.node, one.hours, one.cost_usd) for one in found.borders] == [
        ("ab-out", "b", 2, 3), ("e-in", "e", 4, 5)]  # fmt: skip
    assert (found.tfi1_border_hours, found.tfi2_border_usd) == (3, 4)
    assert found.tfi3_usd_per_500_km == pytest.approx(12 * 500 * 2)
    assert (found.tfi4_speed_kmh, found.tfi4_speed_without_delay_kmh) == pytest.approx((1 / 9, 1 / 3))
    points = profile(SimpleNamespace(origin="a", scenario="s", legs=legs), 10.0).points
    assert [(one.label, one.kind, one.node) for one in points] == [
        ("start", "start", "a"), ("terminal", "stop", "a"), ("road", "move", "b"), ("border ab-out", "stop", "b"),
        ("road", "move", "c"), ("board ferry", "stop", "c"), ("sail ferry", "move", "d"), ("rail", "move", "e"),
        ("border e-in", "stop", "e"), ("terminal", "stop", "e")]  # fmt: skip
    assert [one.distance_km for one in points] == pytest.approx([0, 0, 0.5, 0.5, 0.75, 0.75, 1.55, 1.8, 1.8, 1.8])
    assert [one.hours for one in points] == [0, 9, 10, 12, 13, 18, 19, 20, 24, 54]
    assert [one.cost_usd for one in points] == [0, 90, 92, 95, 96, 103, 104, 105, 110, 180]


def test_sea_alone_has_no_indicators():
    found = indicators(LEGS[6:], 16.0)
    assert found.borders == ()
    assert found.land_km == 0
    assert {found.tfi1_border_hours, found.tfi3_usd_per_500_km, found.tfi4_speed_kmh} == {None}


@pytest.mark.parametrize("origin", ["harbin", "suifenhe", "hunchun", "heihe"])
def test_profile_ends_where_the_route_does(origin):
    route = cn.load(as_of="2019-07-01").route(origin, "niigata")
    found = profile(route, 16.0)
    end = found.points[-1]
    assert (end.distance_km, end.hours, end.cost_usd) == pytest.approx((route.distance_km, route.hours, route.cost_usd))
    assert len(found.points) == len(route.legs) + 1
    for before, here in zip(found.points, found.points[1:], strict=False):
        assert here.hours >= before.hours
        assert here.distance_km >= before.distance_km
        assert (here.kind == "stop") == (here.distance_km == before.distance_km)
    assert found.indicators.tfi4_speed_kmh <= found.indicators.tfi4_speed_without_delay_kmh
    json.dumps(found.to_dict(), allow_nan=False)


def test_the_json_of_the_question_is_the_documented_one():
    (told,) = cn.load(as_of="2019-07-01").tcd("hunchun", "niigata").to_dict()["profiles"]
    assert list(told) == ["title", "origin", "destination", "scenario", "gateway", "points", "indicators"]
    assert list(told["points"][0]) == ["distance_km", "hours", "cost_usd", "node", "label", "kind"]
    assert all(one[name] == round(one[name], 2) for one in told["points"] for name in ("hours", "cost_usd"))


def test_chart_is_well_formed_and_tells_every_route():
    model = cn.load(as_of="2019-07-01")
    profiles = [
        profile(model.route("harbin", "niigata", via=via), 16.0, f"<{n}>") for n, via in enumerate(([], ["zarubino"]))
    ]
    svg = time_cost_distance_svg(profiles, "a & b")
    root = ET.fromstring(svg)  # noqa: S314 - our own text
    words = " ".join(root.itertext())
    assert "a & b" in words
    assert "<0>" in words
    assert len(root.findall(".//{*}polyline")) == 4
    assert svg == time_cost_distance_svg(profiles, "a & b")


def test_a_payload_of_nothing_is_refused():
    with pytest.raises(BadValue, match="payload"):
        profile(cn.load(as_of="2019-07-01").route("harbin", "niigata"), 0.0)


def test_places_where_time_is_spent_are_named_without_covering_each_other():
    import re

    model = cn.load(as_of="2019-07-01")
    profiles = [profile(model.route("harbin", "niigata", via=via), 16.0, str(via)) for via in ([], ["vladivostok"])]
    names = {node_id: node.name for node_id, node in model.network.nodes.items()}
    svg = time_cost_distance_svg(profiles, "x", Words(names=names))
    placed = re.findall(r'<text x="([\d.]+)" y="([\d.]+)" text-anchor="(\w+)" class="place">([^<]+)<', svg)
    shown = {words for *_, words in placed}
    assert {"Dalian", "Busan", "Vladivostok", "Niigata"} <= shown
    boxes = []
    for x, y, anchor, words in placed:
        wide = 0.56 * 11.5 * len(words)
        left = float(x) - (wide if anchor == "end" else 0)
        boxes.append((left, float(y) - 11, left + wide, float(y) + 3))
    for n, one in enumerate(boxes):
        for other in boxes[:n]:
            apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            assert apart
