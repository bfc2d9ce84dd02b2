"""Costs, hours and CO2 of single legs against hand-worked figures, and laws that hold whatever the figures are.

The tiny network of conftest.py: 1 USD of 2018 = 1.1 USD of 2019 (index 100 to 110), 6 CNY of 2018 = 1 USD of 2018.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corridor_net as cn
from corridor_net.costing import headway_wait, impedance

from .helpers import amounts, arc

LAW = settings(deadline=None, derandomize=True, max_examples=25)


@pytest.fixture(scope="module")
def compiled(tiny):
    return impedance(tiny)


# each kind of arc, by hand


def test_road_haul(compiled):
    # 300 km / 60 km/h = 5 h; 300 x 0.6 CNY of 2018 = 180 / 6 x 1.1 = 33 USD; 20 t x 300 km x 100 g = 600 kg
    step = arc(compiled, "link:road-ab:alfa:road")
    assert amounts(step) == {("haul", "hours"): pytest.approx(5), ("haul", "cost"): pytest.approx(33)}
    assert step.co2_kg == pytest.approx(600)
    assert step.distance_km == 300


def test_road_haul_spread_is_the_ten_to_ninety_range(compiled):
    # 300/50 - 300/75 = 6 - 4 = 2 h between the 10 % and 90 % points, 2.5631 standard deviations apart
    hours = next(p for p in arc(compiled, "link:road-ab:alfa:road").parts if p.quantity == "hours")
    assert hours.spread == pytest.approx(2 / 2.5631)


def test_haul_by_the_timetable(compiled):
    # schedule_kmh is 75: 300 / 75 = 4 h; rail has none, so 500 / 20 = 25 h stay
    hours = next(p for p in arc(compiled, "link:road-ab:alfa:road").parts if p.quantity == "hours")
    assert hours.scheduled == pytest.approx(4)
    rail = next(p for p in arc(compiled, "link:rail-ag:alfa:rail_1435").parts if p.quantity == "hours")
    assert rail.scheduled == pytest.approx(25)


def test_rail_haul(compiled):
    # 500 / 20 = 25 h; 500 x 2 CNY / 6 x 1.1 = 183.333 USD; 20 t x 500 km x 5 g = 50 kg
    step = arc(compiled, "link:rail-ag:alfa:rail_1435")
    assert amounts(step) == {("haul", "hours"): pytest.approx(25), ("haul", "cost"): pytest.approx(1100 / 6)}
    assert step.co2_kg == pytest.approx(50)


def test_crossing_with_opening_hours(compiled):
    # 120 CNY of 2018 = 22 USD; closed 14 h a day: 14^2 / 48 = 4.0833 h of waiting
    step = arc(compiled, "crossing:bc-out:road")
    assert amounts(step) == {
        ("border_fee", "cost"): pytest.approx(22),
        ("queue", "hours"): 6,
        ("procedures", "hours"): 2,
        ("wait", "hours"): pytest.approx(196 / 48),
    }
    assert (step.from_node, step.to_node) == ("charlie", "charlie")


def test_crossings_go_by_direction(compiled):
    # the way back is open all day: no wait
    assert ("wait", "hours") not in amounts(arc(compiled, "crossing:bc-in:road"))


def test_a_link_over_a_border_cannot_be_left_without_its_crossing(compiled):
    here, there = compiled.index["bravo", "road"], compiled.index["charlie", "road"]
    assert not [a for a in compiled.arcs if (a.tail, a.head) == (here, there)]


def test_terminal_at_the_origin(compiled):
    # 50 USD of drayage; the fixed 60 CNY of the road tariff = 11 USD is paid here; 4 h; no crane, so no CO2
    step = arc(compiled, "terminal:alfa-origin-road")
    assert amounts(step) == {
        ("drayage", "cost"): 50,
        ("haul", "cost"): pytest.approx(11),
        ("handling", "hours"): 4,
    }
    assert step.co2_kg == 0
    assert all(part.scheduled == 0 for part in step.parts if part.quantity == "hours")


def test_cargo_that_stays_on_its_mode_pays_no_tariff_anew(make_tiny):
    def terminals(rows):
        rows.append({"terminal_id": "bravo-road-road", "node_id": "bravo", "from_state": "road", "to_state": "road",
                     "operation_id": "load_road"})  # fmt: skip

    step = arc(impedance(make_tiny(terminal=terminals)), "terminal:bravo-road-road")
    assert amounts(step) == {("drayage", "cost"): 50, ("handling", "hours"): 4}


def test_terminal_at_the_port(compiled):
    step = arc(compiled, "terminal:charlie-road-port_out")
    assert amounts(step) == {
        ("terminal_handling", "cost"): 100,
        ("handling", "hours"): 3,
        ("dwell", "hours"): 24,
    }
    assert step.co2_kg == 10
    assert sum(part.scheduled for part in step.parts if part.quantity == "hours") == 3


def test_boarding_and_sailing(compiled):
    # 2 sailings a week: headway 84 h, mean wait 42 h, spread 84 / sqrt(12); 200 USD a box
    # 1000 km / 25 km/h = 40 h; 100 USD; 2 TEU x 1000 km x 50 g = 100 kg
    board = arc(compiled, "board:line-cd:1")
    assert amounts(board) == {("wait", "hours"): 42, ("freight", "cost"): pytest.approx(200)}
    assert next(p for p in board.parts if p.component == "wait").spread == pytest.approx(84 / 12**0.5)
    sail = arc(compiled, "sail:line-cd:1:land")
    assert amounts(sail) == {("sailing", "hours"): pytest.approx(40), ("freight", "cost"): pytest.approx(100)}
    assert sail.co2_kg == pytest.approx(100)


def test_nobody_boards_where_the_ship_goes_no_further(compiled):
    assert [step.key for step in compiled.arcs if step.kind == "board"] == ["board:line-cd:1", "board:line-gd:1"]


def test_a_figure_for_another_box_does_not_count(make_tiny):
    def figures(rows):
        rows.append({"operation_id": "load_road", "component": "lift", "quantity": "cost", "value": 33,
                     "cargo_unit": "TEU", "currency": "USD", "price_year": 2019})  # fmt: skip
        rows.append({"operation_id": "load_road", "component": "toll", "quantity": "cost", "value": 7,
                     "cargo_unit": "FEU", "currency": "USD", "price_year": 2019})  # fmt: skip

    found = amounts(arc(impedance(make_tiny(operation=figures)), "terminal:alfa-origin-road"))
    assert ("lift", "cost") not in found
    assert found["toll", "cost"] == 7


def test_whole_route_by_hand(compiled):
    # the money is 61 + 33 + 30 + 22 + 100 + 200 + 100 + 300 = 846
    # the hours are 4 + 5 + 0.5 + 12.0833 + 27 + 42 + 40 + 30 = 160.5833, the kg 600 + 60 + 10 + 100 + 10 = 780
    # value 30,000 x 1.1 = 33,000; 0.6 % a day = 198 a day = 8.25 an hour
    route = cn.Router(compiled).route("alfa", "delta")
    assert route.gateway == "charlie"
    assert route.cost_usd == pytest.approx(846)
    assert route.hours == pytest.approx(4 + 5 + 0.5 + 8 + 196 / 48 + 27 + 42 + 40 + 30)
    assert route.co2_kg == pytest.approx(780)
    assert route.generalised_cost_usd == pytest.approx(846 + 8.25 * route.hours)
    assert route.distance_km == pytest.approx(1330)
    assert route.price_year == 2019
    assert route.crossings == ("bc-out",)
    assert route.services == ("line-cd",)


def test_the_other_way_by_hand(compiled):
    # least CO2 goes by rail: 50 + 10 + 200 + 10 = 270 kg
    # the money is 50 + 110 + 183.333 + 120 + 200 + 200 + 300 = 1163.333, the hours 10 + 25 + 54 + 84 + 80 + 30 = 283
    route = cn.Router(compiled, by="co2").route("alfa", "delta")
    assert route.gateway == "golf"
    assert route.co2_kg == pytest.approx(270)
    assert route.cost_usd == pytest.approx(50 + 110 + 1100 / 6 + 120 + 400 + 300)
    assert route.hours == pytest.approx(283)


def test_schedule_by_hand(compiled):
    # 300/75 + 30/75 + 2 (procedures) + 3 (handling) + 40 = 49.4; nothing at the ends, no wait, queue or dwell
    route = cn.Router(compiled, schedule=True).route("alfa", "delta", via=["charlie"])
    assert route.hours == pytest.approx(49.4)


def test_co2_price_enters_the_generalised_cost(compiled):
    # 780 kg at 1,000 USD a tonne are 780 USD more; by rail 270 USD more
    free, priced = cn.Router(compiled), cn.Router(compiled, co2_price_usd_per_t=1000)
    before, after = (r.route("alfa", "delta", via=["charlie"]) for r in (free, priced))
    assert after.generalised_cost_usd - before.generalised_cost_usd == pytest.approx(780)
    assert after.cost_usd == before.cost_usd


# waiting


@LAW
@given(st.floats(0.01, 100), st.floats(0.01, 100))
def test_more_sailings_never_wait_longer(one, other):
    few, many = sorted((one, other))
    assert headway_wait(many)[0] <= headway_wait(few)[0]
    assert headway_wait(few)[0] == pytest.approx(168 / few / 2)
    assert headway_wait(few)[1] == pytest.approx(168 / few / 12**0.5)


# seasons


def test_winter_at_the_port(tiny):
    # Charlie's ice: 15 December to 15 March, x 1.5 on the hours of the port; money stays
    winter = impedance(tiny.as_of("2019-01-10"))
    assert amounts(arc(winter, "terminal:charlie-road-port_out")) == {
        ("terminal_handling", "cost"): 100,
        ("handling", "hours"): 4.5,
        ("dwell", "hours"): 36,
    }
    # and the line sails 1.25 times as long: 50 h
    assert amounts(arc(winter, "sail:line-cd:1:land"))["sailing", "hours"] == pytest.approx(50)
    assert amounts(arc(winter, "terminal:alfa-origin-road"))["handling", "hours"] == 4


@pytest.mark.whole
@pytest.mark.parametrize(
    ("day", "hours"),
    [("2019-12-14", 3), ("2019-12-15", 4.5), ("2019-12-31", 4.5), ("2019-01-01", 4.5), ("2019-03-15", 4.5),
     ("2019-03-16", 3)],
)  # fmt: skip
def test_a_season_over_the_end_of_the_year(tiny, day, hours):
    step = arc(impedance(tiny.as_of(day)), "terminal:charlie-road-port_out")
    assert amounts(step)["handling", "hours"] == hours


def test_a_closed_season_takes_the_arcs_away(make_tiny):
    def closed(rows):
        rows.append({"season_id": "x", "applies_to": "mode", "target_id": "road", "from_month_day": "06-01",
                     "to_month_day": "08-01", "hours_factor": 1, "closed": "yes"})  # fmt: skip

    net = make_tiny(season=closed)
    assert not [a for a in impedance(net).arcs if a.kind == "haul" and a.mode == "road"]
    assert [a for a in impedance(net.as_of("2019-09-01")).arcs if a.kind == "haul" and a.mode == "road"]


@pytest.mark.parametrize(("applies_to", "target"), [("service", "line-cd"), ("node", "charlie")])
def test_a_service_or_port_closed_for_the_season_is_not_used(make_tiny, applies_to, target):
    def closed(rows):
        rows.append({"season_id": "x", "applies_to": applies_to, "target_id": target, "from_month_day": "06-01",
                     "to_month_day": "08-01", "hours_factor": 1, "closed": "yes"})  # fmt: skip

    route = cn.Router(impedance(make_tiny(season=closed))).route("alfa", "delta")
    assert route.gateway == "golf"


# ships that go on


def test_a_circular_line_carries_cargo_over_its_first_port(make_tiny):
    # Golf - Charlie - Delta - Golf: from Golf aboard over Charlie, 12 h in port, to Delta
    def calls(rows):
        rows[:] = [r for r in rows if r["service_id"] != "line-gd"]
        rows += [{"service_id": "line-gd", "call_sequence": n, "node_id": node}
                 for n, node in enumerate(("golf", "charlie", "delta"), 1)]  # fmt: skip

    def lanes(rows):
        rows.append({"lane_id": "sea-gc", "from_node_id": "charlie", "to_node_id": "golf", "length_km": 500,
                     "length_nmi": 270, "geodesic_km": 480, "ratio": 1.05,
                     "geometry": "LINESTRING (129.3 45, 122 42)"})  # fmt: skip

    compiled = impedance(make_tiny(service_call=calls, sea_lane=lanes))
    step = arc(compiled, "sail:line-gd:1:on")
    # 500 / 25 + 12 = 32 h; 50 USD
    assert amounts(step) == {("sailing", "hours"): pytest.approx(32), ("freight", "cost"): pytest.approx(50)}
    route = cn.Router(compiled).route("alfa", "delta", via=["golf"])
    # one boarding only: 84 h of waiting once, 200 USD once, then 50 + 100 USD by distance
    assert [leg.kind for leg in route.legs].count("board") == 1
    assert route.component("cost_usd")["freight"] == pytest.approx(200 + 50 + 100)
    assert route.component("hours")["sailing"] == pytest.approx(32 + 40)


def test_hours_of_a_timetable_come_before_those_of_a_speed(make_tiny):
    def timed(rows):
        rows[0] |= {"arrival_hours": 0, "departure_hours": 6}
        rows[1] |= {"arrival_hours": 39, "departure_hours": 45}

    step = arc(impedance(make_tiny(service_call=timed)), "sail:line-cd:1:land")
    assert amounts(step)["sailing", "hours"] == pytest.approx(33)


def test_of_all_steps_those_of_ships_that_cover_distance_leave_the_land(tiny):
    kinds = {(one.kind, one.mode) for one in impedance(tiny).arcs if one.leaves_land}
    assert kinds == {("sail", "sea")}
