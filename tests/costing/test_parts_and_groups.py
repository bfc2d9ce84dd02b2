"""What stands beside an amount: its spread, its hours by the timetable, the figures it rests on, what it moves with."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from corridor_net.analysis.router import Router
from corridor_net.costing import impedance
from corridor_net.costing.cost_model import CostModel
from corridor_net.costing.objective import Objective
from corridor_net.costing.parameters import parameters_of
from corridor_net.costing.sailing import stay_hours

TEN_TO_NINETY = 2.5631


def arc(compiled, key):
    return next(a for a in compiled.arcs if a.key == key)


def part(step, component, quantity="hours"):
    return next(p for p in step.parts if (p.component, p.quantity) == (component, quantity))


def test_a_rate_without_a_range_has_no_spread_and_one_with_it_has_that_of_its_range(make_tiny):
    def ranges(rows):
        for row in rows:
            row.pop("range_low", None), row.pop("range_high", None)
            if row["tariff_id"] == "road_cn":
                row["range_high"] = 1.5

    compiled = impedance(make_tiny(tariff=ranges).as_of("2019-07-01"))
    haul = part(arc(compiled, "link:road-ab:alfa:road"), "haul", "cost")
    assert haul.spread == pytest.approx(haul.amount * 0.5 / TEN_TO_NINETY)
    assert part(arc(compiled, "link:rail-ag:alfa:rail_1435"), "haul", "cost").spread == 0


def test_carriers_advertise_no_wait_at_a_gate(tiny):
    wait = part(arc(impedance(tiny), "crossing:bc-out:road"), "wait")
    assert wait.amount > 4
    assert wait.scheduled == 0


def test_a_stay_in_port_is_a_tenth_of_itself_uncertain(shipped):
    through = [a for a in impedance(shipped).arcs if a.key.endswith(":on")]
    assert through
    for stay in (a.parts[-1] for a in through):
        assert stay.amount > 0
        assert stay.spread == pytest.approx(0.1 * stay.amount)


def test_emissions_by_the_kilometre_rest_on_the_length_and_those_by_the_box_do_not(tiny):
    compiled = impedance(tiny)
    haul = arc(compiled, "link:road-ab:alfa:road")
    assert set(haul.co2_figures) == {"emission_factor:lorry", "link:road-ab:length_km"}
    lifts = {a.co2_figures for a in compiled.arcs if "emission_factor:terminal_handling" in a.co2_figures}
    assert lifts == {("emission_factor:terminal_handling",)}


def test_hours_are_as_realised_unless_the_timetable_is_asked_for(tiny):
    compiled = impedance(tiny)
    plain, realised, advertised = (
        CostModel.from_impedance(compiled, **given).evaluate(lambda _: 1.0)[1].tolist()
        for given in ({}, {"schedule": False}, {"schedule": True})
    )

    assert plain == realised
    assert plain != advertised


def test_what_one_measure_alone_weighs_is_its_amount():
    amounts = (100.0, 20.0, 5.0, 300.0)
    for by in ("generalised", "money", "time", "co2"):
        objective = Objective(by=by, value_of_time=8.0, reliability_ratio=0.5, co2_price_usd_per_t=50.0)
        by_slope = sum(slope * amount for slope, amount in zip(objective.slopes, amounts, strict=True))
        assert by_slope == pytest.approx(float(objective.weight(*amounts)))


def test_a_draw_of_the_value_of_time_multiplies_what_hours_and_their_spread_cost_and_nothing_else():
    """1,000 + 8 x 3 x (200 + 0.5 x 50) + 100 / 1,000 x 500 = 6,450 USD."""
    objective = Objective(value_of_time=8.0, reliability_ratio=0.5, co2_price_usd_per_t=100.0)
    for price in (objective.generalised, objective.weight):
        assert price(1000.0, 200.0, 50.0, 500.0, time_factor=3.0) == pytest.approx(6_450)


def test_steps_over_links_stand_in_the_order_of_their_keys(imp2019, tiny):
    for compiled in (imp2019, impedance(tiny)):
        keys = [one.key for one in compiled.arcs if one.key.startswith("link:")]
        assert keys == sorted(keys)
        assert len({*keys}) == len(keys) > 5


def test_the_order_is_that_of_whole_keys_where_an_id_holds_a_colon_too(make_tiny):
    """`r:b:bravo` stands between `r:alfa` and `r:bravo`, though link r:b comes after link r."""

    def renamed(rows):
        return [
            row | {"link_id": {"road-ab": "r", "road-bc": "r:b"}.get(row["link_id"], row["link_id"])} for row in rows
        ]

    compiled = impedance(make_tiny(link=renamed, crossing=renamed))
    keys = [one.key for one in compiled.arcs if one.key.startswith("link:")]
    assert keys == sorted(keys)
    assert keys.index("link:r:alfa:road") + 1 < keys.index("link:r:bravo:road")


def test_a_season_of_ships_says_nothing_of_a_port_that_is_called_like_them(make_tiny):
    """The quay of Golf takes 6 + 48 hours, whatever ships do; were Golf absent, its season would say nothing too."""

    def named(column):
        return lambda rows: [{**row, column: "sea" if row[column] == "golf" else row[column]} for row in rows]

    def both(rows):
        return [
            {**row, "from_node_id": {"golf": "sea"}.get(row["from_node_id"], row["from_node_id"]),
             "to_node_id": {"golf": "sea"}.get(row["to_node_id"], row["to_node_id"])} for row in rows
        ]  # fmt: skip

    def slow(rows):
        return [{**rows[0], "applies_to": "mode", "target_id": "sea", "hours_factor": 2}]

    net = make_tiny(
        day="2019-01-15",
        node=named("node_id"),
        terminal=named("node_id"),
        service_call=named("node_id"),
        link=both,
        sea_lane=both,
        season=slow,
    )
    port = arc(impedance(net), "terminal:golf-rail_1435-port_out")
    assert sum(p.amount for p in port.parts if p.quantity == "hours") == pytest.approx(54)
    sail = [one for one in impedance(net).arcs if one.key.startswith("sail") and "line-gd" in one.key]
    assert sail
    assert sum(p.amount for one in sail for p in one.parts if p.quantity == "hours") == pytest.approx(2 * 2000 / 25)


def test_a_season_at_a_port_that_is_not_there_on_the_day_changes_nothing(make_tiny):
    def gone(rows):
        next(row for row in rows if row["node_id"] == "golf")["valid_to"] = "2018-12-31"

    def season(rows):
        rows.append({**rows[0], "season_id": "golf-ice", "target_id": "golf"})

    day = "2019-01-15"
    with_it, without = (impedance(make_tiny(day=day, node=gone, season=change)) for change in (season, lambda _: None))
    assert [(a.key, a.hours) for a in with_it.arcs] == [(a.key, a.hours) for a in without.arcs]


def test_spread_and_emissions_cost_nothing_unless_a_price_is_given():
    assert Objective(value_of_time=8.0).prices == (1.0, 8.0, 0.0, 0.0)


def test_figures_that_move_together_are_of_one_group(shipped):
    groups = {key: one.group for key, one in parameters_of(shipped, "dry_40").items() if key.startswith("operation:")}
    waits = {key: group for key, group in groups.items() if key.endswith((":queue:hours", ":procedures:hours"))}
    borders = {key: group for key, group in waits.items() if key.startswith("operation:border_")}
    assert borders
    assert all(group.startswith("border ") for group in borders.values())
    assert {group for key, group in waits.items() if key not in borders} <= {""}
    dwell = {group for key, group in groups.items() if key.endswith(":dwell:hours")}
    assert dwell == {"ports"}
    rest = {g for k, g in groups.items() if not k.endswith((":queue:hours", ":procedures:hours", ":dwell:hours"))}
    assert rest == {""}


def test_a_figure_of_an_operation_is_in_hours_or_in_its_currency(tiny):
    figures = parameters_of(tiny, "dry_40")
    units = [figures[f"operation:{name}"].unit for name in ("border:border_fee:cost", "border:queue:hours",
             "load_road:drayage:cost")]  # fmt: skip
    assert units == ["CNY", "h", "USD"]


def test_cargo_ends_in_a_zone_and_does_not_pass_through_it(make_tiny):
    def zone(rows):
        next(row for row in rows if row["node_id"] == "bravo")["node_type"] = "zone"

    def end(rows):
        rows.append(rows[-1] | {"terminal_id": "bravo-road-destination", "node_id": "bravo", "from_state": "road"})

    through = Router(impedance(make_tiny(terminal=end)))
    ends = Router(impedance(make_tiny(node=zone, terminal=end)))
    assert through.route("alfa", "bravo").cost_usd == ends.route("alfa", "bravo").cost_usd
    assert through.route("alfa", "delta").gateway == "charlie"
    assert ends.route("alfa", "delta").gateway == "golf"


def test_a_timetable_and_the_hours_of_a_gate_are_no_figures_of_their_own(net2019):
    certain = [one for one in parameters_of(net2019, "dry_40").values() if one.certain]
    assert len(certain) > 300
    assert {(one.value, one.low, one.high) for one in certain} == {(0.0, None, None)}


def test_a_ship_lies_at_a_call_by_its_timetable_else_as_long_as_at_every_port():
    def hours(arrival, departure):
        call = SimpleNamespace(arrival_hours=arrival, departure_hours=departure)
        return stay_hours(SimpleNamespace(port_stay_hours=12), call)

    assert hours(30.0, 37.5) == 7.5
    assert hours(None, 37.5) == hours(30.0, None) == hours(None, None) == 12.0


def test_a_length_is_named_by_the_whole_id_of_its_link(net2019):
    first, *others = net2019.rows("link")
    network = net2019.with_rows(link=[replace(first, link_id="a:b"), *others])
    found = parameters_of(network, "dry_40")["link:a:b:length_km"]
    assert (found.key, found.label, found.value) == ("link:a:b:length_km", "length of a:b", first.length_km)
