"""A change names a figure of one cargo unit where the data have one for each."""

import pytest

RATE = "{%s: link, where: {link_id: road-ab}, field: per_km, %s}"


def rates(network, link="road-ab"):
    """Per km of the link's tariff, by cargo unit."""
    name = next(row.tariff_id for row in network.rows("link") if row.link_id == link)
    return {row.cargo_unit: row.per_km for row in network.active("tariff") if row.tariff_id == name}


def test_a_rate_set_for_no_box_in_particular_is_refused_and_both_are_shown(two_boxes, load, faults):
    scenario = load(RATE % ("set", "value: 0.9"))
    ((line, _, message, hint),) = faults(scenario.apply, two_boxes)
    assert line == 4
    assert message == "road-ab per_km differs by cargo unit: FEU 0.6 CNY of 2018, TEU 0.3 CNY of 2018"
    assert "cargo_unit: FEU or TEU" in hint


@pytest.mark.parametrize("change", [RATE % ("shift", "by: 0.1"), RATE % ("scale", "by: 2, was: 0.6")])
def test_a_difference_and_a_guard_need_the_box_too(two_boxes, load, faults, change):
    assert "differs by cargo unit" in faults(load(change).apply, two_boxes)[0][2]


def test_a_figure_that_is_alike_today_may_differ_tomorrow(two_boxes, load, faults):
    # the fixed part is 0 for both boxes of road_ru: one value for both is refused all the same
    change = "{set: tariff, where: {tariff_id: road_ru}, field: fixed, value: 30}"
    assert "differs by cargo unit: FEU 0" in faults(load(change).apply, two_boxes)[0][2]


def test_the_box_that_is_named_changes_and_the_other_does_not(two_boxes, load, money):
    scenario = load(RATE % ("set", "value: 1.2, was: 0.6, cargo_unit: FEU"))
    assert scenario.diff(two_boxes) == [("road-ab", "per_km FEU", 0.6, 1.2)]
    changed = scenario.apply(two_boxes)
    assert rates(changed) == {"FEU": 1.2, "TEU": 0.3}
    # 300 km at 0.6 CNY of 2018 more: 30 USD of 2018, 33 of 2019
    assert money(changed)["haul"] - money(two_boxes)["haul"] == pytest.approx(33)
    assert money(changed, "dry_20") == money(two_boxes, "dry_20")


def test_a_factor_is_for_all_boxes_or_the_one_named(two_boxes, load):
    assert rates(load(RATE % ("scale", "by: 2")).apply(two_boxes)) == {"FEU": 1.2, "TEU": 0.6}
    assert rates(load(RATE % ("scale", "by: 2, cargo_unit: TEU")).apply(two_boxes)) == {"FEU": 0.6, "TEU": 0.6}


def test_both_boxes_in_two_changes(two_boxes, load):
    scenario = load(RATE % ("set", "value: 1, cargo_unit: FEU"), RATE % ("set", "value: 0.7, cargo_unit: TEU"))
    assert rates(scenario.apply(two_boxes)) == {"FEU": 1, "TEU": 0.7}


def test_money_of_an_operation_by_box(two_boxes, load, money):
    change = (
        "{set: terminal, where: {node_id: delta}, component: terminal_handling, field: cost, value: 90, was: 180, %s}"
    )
    changed = load(change % "cargo_unit: TEU").apply(two_boxes)
    assert money(changed, "dry_20")["terminal_handling"] == pytest.approx(100 + 90)
    assert money(changed) == money(two_boxes)


def test_hours_are_the_same_for_every_box(two_boxes, load, faults):
    change = "{set: crossing, where: {crossing_id: bc-out}, component: queue, field: hours, value: 1, cargo_unit: %s}"
    ((_, _, message, hint),) = faults(load(change % "FEU").apply, two_boxes)
    assert message == "bc-out queue hours is the same for every cargo unit"
    assert hint == "leave cargo_unit out"
    assert load(change % "any").diff(two_boxes) == [("bc-out", "queue hours", 6, 1)]


def test_a_speed_has_no_box(two_boxes, load, faults):
    change = "{set: link, where: {link_id: road-ab}, field: speed_kmh, value: 70, cargo_unit: TEU}"
    assert "the same for every cargo unit" in faults(load(change).apply, two_boxes)[0][2]


def test_a_box_that_the_figure_does_not_have(tiny, load, faults):
    message = faults(load(RATE % ("set", "value: 1, cargo_unit: TEU")).apply, tiny)[0][2]
    assert message == "road-ab per_km has no cargo unit TEU: FEU 0.6 CNY of 2018"


def test_where_may_name_the_box_of_a_tariff(two_boxes, load):
    change = "{set: tariff, where: {tariff_id: road_cn, cargo_unit: TEU}, field: per_km, value: 0.5}"
    assert rates(load(change).apply(two_boxes)) == {"FEU": 0.6, "TEU": 0.5}


def test_a_box_is_no_word_of_opening_or_adding(load, faults):
    assert (
        "'close' takes no cargo_unit" in faults(load, "{close: link, where: {link_id: road-ab}, cargo_unit: FEU}")[0][2]
    )


@pytest.mark.parametrize("field", ["cargo_unit", "currency", "price_year", "component", "quantity"])
def test_what_says_which_figure_a_row_is_cannot_be_set(two_boxes, load, faults, field):
    change = f"{{set: operation, where: {{operation_id: border, component: queue}}, field: {field}, value: x}}"
    assert f"no field '{field}' to change" in faults(load(change).apply, two_boxes)[0][2]


def test_values_of_several_components_are_not_set_to_one(two_boxes, load, faults):
    change = "{set: operation, where: {operation_id: border}, field: value, value: 5}"
    assert "different kinds: border_fee cost, queue hours" in faults(load(change).apply, two_boxes)[0][2]
