"""What each change of a scenario does, on the tiny network."""

from __future__ import annotations

import pytest

import corridor_net as cn
from corridor_net.costing import impedance
from corridor_net.errors import CorridorError
from corridor_net.scenario.figures import same


def test_set(tiny, trial):
    scenario = trial("  - {set: link, where: {link_id: road-ab}, field: length_km, value: 310, was: 300}\n")
    assert scenario.diff(tiny) == [("road-ab", "length_km", 300, 310)]
    changed = {row.link_id: row.length_km for row in scenario.apply(tiny).rows("link")}
    assert changed == {"road-ab": 310, "road-bc": 30, "rail-ag": 500}


def test_scale_of_a_borrowed_figure_changes_the_chosen_rows_alone(tiny, trial):
    # both roads share the speed 'road' of 60 km/h; only road-ab becomes twice as fast
    scenario = trial("  - {scale: link, where: {link_id: road-ab}, field: speed_kmh, by: 2, was: 60}\n")
    compiled = impedance(scenario.apply(tiny))
    hours = {a.key: sum(p.amount for p in a.parts if p.quantity == "hours") for a in compiled.arcs}
    assert hours["link:road-ab:alfa:road"] == pytest.approx(300 / 120)
    assert hours["link:road-bc:bravo:road"] == pytest.approx(30 / 60)


def test_scale_keeps_the_range_round_the_figure(tiny, trial):
    changed = trial("  - {scale: link, where: {link_id: road-ab}, field: speed_kmh, by: 2}\n").apply(tiny)
    speed = {row.speed_id: row for row in changed.rows("speed")}
    new = speed[next(row.speed_id for row in changed.rows("link") if row.link_id == "road-ab")]
    assert (new.speed_kmh, new.speed_kmh_low, new.speed_kmh_high) == (120, 100, 150)
    assert speed["road"] in tiny.rows("speed")


def test_only_the_figure_of_the_day_is_changed(make_tiny, trial):
    def speeds(rows):
        rows.append({**rows[0], "speed_kmh": 55, "valid_to": "2018-12-31"})
        rows[0]["valid_from"] = "2019-01-01"

    tiny = make_tiny(speed=speeds)
    scenario = trial("  - {scale: link, where: {link_id: road-ab}, field: speed_kmh, by: 2, was: 60}\n")
    assert scenario.diff(tiny) == [("road-ab", "speed_kmh", 60, 120), ("road-ab", "schedule_kmh", 75, 150)]
    changed = scenario.apply(tiny)
    name = next(row.speed_id for row in changed.rows("link") if row.link_id == "road-ab")
    assert {row.speed_kmh for row in changed.rows("speed") if row.speed_id == name} == {120, 55}


def test_shift(tiny, trial):
    scenario = trial("  - {shift: service, where: {service_id: line-cd}, field: sailings_per_week, by: 1.5}\n")
    assert scenario.diff(tiny) == [("line-cd", "sailings_per_week", 2, 3.5)]


def test_close_and_the_other_gateway(tiny, trial):
    scenario = trial("  - {close: crossing, where: {crossing_id: bc-*}, why: The bridge is down}\n")
    changed = scenario.apply(tiny)
    assert [row.crossing_id for row in changed.active("crossing")] == []
    assert cn.Router(impedance(changed)).route("alfa", "delta").gateway == "golf"
    assert {row.end_reason for row in changed.rows("crossing")} == {"The bridge is down"}


def test_open(make_tiny, trial):
    tiny = make_tiny(service=lambda rows: rows[0].update(valid_to="2015-12-31"))
    scenario = trial("  - {open: service, where: {service_id: line-cd}}\n")
    assert [row.service_id for row in tiny.active("service")] == ["line-gd"]
    assert [row.service_id for row in scenario.apply(tiny).active("service")] == ["line-cd", "line-gd"]


def test_add_a_service(tiny, trial):
    scenario = trial(
        "  - add: service\n"
        "    row: {service_id: fast, name: Fast, vehicle: container_ship, sailings_per_week: 7, speed_id: ship,\n"
        "      port_stay_hours: 6, tariff_id: sea, emission_factor_id: ship}\n"
        "    calls: [{node: Charlie}, {node: delta}]\n"
    )
    route = cn.Router(impedance(scenario.apply(tiny))).route("alfa", "delta")
    assert route.services == ("fast",)
    # daily in place of twice a week: 12 h of waiting in place of 42
    assert route.component("hours")["wait"] == pytest.approx(12 + 196 / 48)


def test_add_a_link_in_place_of_the_border(tiny, trial):
    scenario = trial(
        "  - add: link\n"
        "    row: {link_id: tunnel, name: Tunnel, from_node_id: Альфа, to_node_id: RUCHA, mode: road,\n"
        "      length_km: 310, speed_id: road, tariff_id: road_cn, emission_factor_id: lorry, country: RU,\n"
        "      geometry_id: none}\n"
        "    border_like: bc-out\n"
    )
    route = cn.Router(impedance(scenario.apply(tiny))).route("alfa", "delta")
    assert "tunnel" in [leg.asset_id for leg in route.legs]
    assert route.crossings == ("tunnel-out",)


def test_component_of_a_crossing(tiny, trial):
    scenario = trial(
        "  - {set: crossing, where: {crossing_id: bc-out}, component: queue, field: hours, value: 1, was: 6}\n"
    )
    hours = cn.Router(impedance(scenario.apply(tiny))).route("alfa", "delta").component("hours")
    assert hours["queue"] == pytest.approx(1)
    # the way in keeps its own 6 h, though both share one operation
    changed = impedance(scenario.apply(tiny))
    back = next(a for a in changed.arcs if a.key == "crossing:bc-in:road")
    assert [p.amount for p in back.parts if p.component == "queue"] == [6]


def test_money_of_a_component_with_its_currency_and_year(tiny, trial):
    scenario = trial(
        "  - {set: crossing, where: {crossing_id: bc-out}, component: border_fee, field: cost, value: 70,"
        " currency: CNY, price_year: 2019}\n"
    )
    # 70 CNY of 2019 are 10 USD, in place of 22
    assert cn.Router(impedance(scenario.apply(tiny))).route("alfa", "delta").cost_usd == pytest.approx(846 - 12)


def test_changed_figures_carry_source_and_grade(tiny, trial):
    changed = trial(
        "  - {set: link, where: {link_id: road-ab}, field: length_km, value: 310, source: S, grade: C}\n"
    ).apply(tiny)
    row = next(row for row in changed.rows("link") if row.link_id == "road-ab")
    assert (row.source_id, row.grade) == ("S", "C")


@pytest.mark.whole
@pytest.mark.parametrize(
    ("where", "count"),
    [
        ("{mode: road}", 2),
        ("{link_id: road-*}", 2),
        ("{link_id: [road-ab, rail-ag]}", 2),
        ("{country: CN}", 2),
        ("{mode: road, country: CN}", 1),
        ("{mode: '*'}", 3),
    ],
)
def test_selectors(tiny, trial, where, count):
    scenario = trial(f"  - {{scale: link, where: {where}, field: length_km, by: 1.5}}\n")
    assert len(scenario.diff(tiny)) == count


def test_changes_come_in_order(tiny, trial):
    scenario = trial(
        "  - {scale: link, where: {link_id: road-ab}, field: length_km, by: 2}\n"
        "  - {shift: link, where: {link_id: road-ab}, field: length_km, by: 10, was: 600}\n"
    )
    assert scenario.diff(tiny) == [("road-ab", "length_km", 300, 600), ("road-ab", "length_km", 600, 610)]


@pytest.mark.parametrize(
    ("where", "message"),
    [("road-xx", "no row of table link matches link_id = road-xx"),
     ("[road-ab, road-xx]", "no row of table link has link_id = road-xx")],
)  # fmt: skip
def test_of_one_value_none_matches_and_of_several_each_that_no_row_has_is_told(tiny, trial, where, message):
    with pytest.raises(CorridorError, match=message):
        trial(f"  - {{set: link, where: {{link_id: {where}}}, field: length_km, value: 5}}\n").apply(tiny)


@pytest.mark.whole
@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [(0.1 + 0.2, 0.3, True), (1, 1.0, True), (1e12, 1e12 + 1, True), (1.0, 1.00001, False), (0.0, 1e-6, False),
     ("8", 8, False), (8, "8", False), ("a", "a", True), (None, 0, False)],
)  # fmt: skip
def test_two_values_are_the_same_but_for_rounding_and_no_text_is_a_number(one, other, alike):
    assert same(one, other) is alike
