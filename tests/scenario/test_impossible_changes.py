"""Changes that cannot be made: named, with the place of the change."""

from __future__ import annotations

import pytest

import corridor_net as cn
from corridor_net.errors import BadValue, CorridorError, ScenarioError, UnknownName
from corridor_net.scenario.values import MOST, MOST_HOURS, new_id, number, shown

from .helpers import place_of


def applied(trial, tiny, change):
    with pytest.raises(CorridorError) as caught:
        trial(f"  - {change}\n").apply(tiny)
    assert caught.value.exit_code == 2
    error = getattr(caught.value, "faults", [caught.value])[0]
    assert place_of(error)[:2] == ("trial.yaml", 4)
    return error


def test_was_does_not_hold(tiny, trial):
    error = applied(trial, tiny, "{set: link, where: {link_id: road-ab}, field: length_km, value: 3, was: 299}")
    assert isinstance(error, ScenarioError)
    assert error.message == "'was' does not hold: road-ab length_km is 300 km, not 299"


def test_was_of_one_row_of_several(tiny, trial):
    error = applied(trial, tiny, "{scale: link, where: {mode: road}, field: length_km, by: 2, was: 300}")
    assert "road-bc" in error.message


def test_was_of_a_borrowed_figure(tiny, trial):
    error = applied(trial, tiny, "{scale: link, where: {link_id: road-ab}, field: speed_kmh, by: 2, was: 50}")
    assert "'was' does not hold" in error.message


def test_a_change_that_matches_nothing(tiny, trial):
    error = applied(trial, tiny, "{set: link, where: {link_id: road-bd}, field: length_km, value: 3}")
    assert error.message == "no row of table link matches link_id = road-bd"
    assert error.hint in ("did you mean 'road-bc'?", "did you mean 'road-ab'?")


def test_conditions_that_no_row_meets_together(tiny, trial):
    error = applied(trial, tiny, "{set: link, where: {link_id: road-ab, mode: rail}, field: length_km, value: 3}")
    assert error.hint == "each condition is met by some row, but no row meets all of them"


def test_a_pattern_that_matches_nothing(tiny, trial):
    error = applied(trial, tiny, "{close: link, where: {link_id: sea-*}}")
    assert "matches link_id = sea-*" in error.message


def test_closing_what_is_closed(make_tiny, trial):
    tiny = make_tiny(service=lambda rows: rows[0].update(valid_to="2015-12-31"))
    error = applied(trial, tiny, "{close: service, where: {service_id: line-cd}}")
    assert "touches nothing" in error.message


@pytest.mark.whole
@pytest.mark.parametrize(
    ("change", "message", "nearest"),
    [
        ("{set: link, where: {lnik_id: road-ab}, field: length_km, value: 3}", "no column 'lnik_id'", "link_id"),
        ("{set: link, where: {link_id: road-ab}, field: lenght_km, value: 3}", "no field 'lenght_km'", "length_km"),
        ("{set: link, where: {link_id: road-ab}, field: speed_kmph, value: 3}", "no field 'speed_kmph'", "speed_kmh"),
        ("{set: crossing, where: {crossing_id: bc-out}, component: queu, field: hours, value: 3}",
         "no component 'queu'", "queue"),
        ("{add: terminal, row: {terminal_id: x, node_id: alfa, from_state: road, to_state: destination,"
         " operation_id: load_raod}}", "unknown operation_id 'load_raod'", "load_road"),
        ("{add: terminal, row: {terminal_id: x, node_id: alva, from_state: road, to_state: destination,"
         " operation_id: load_road}}", "unknown node 'alva'", "alfa"),
        ("{add: link, row: {link_idd: x}}", "no column 'link_idd'", "link_id"),
    ],
)  # fmt: skip
def test_unknown_names(tiny, trial, change, message, nearest):
    error = applied(trial, tiny, change)
    assert isinstance(error, UnknownName)
    assert message in error.message
    assert error.hint == f"did you mean '{nearest}'?"


def test_where_no_name_is_near_the_few_there_are_are_told(tiny, trial):
    row = (
        "{link_id: n, name: N, from_node_id: alfa, to_node_id: golf, mode: road, length_km: 400, speed_id: road,"
        " tariff_id: road_cn, emission_factor_id: zz, country: CN, geometry_id: ''}"
    )
    known = sorted(one.emission_factor_id for one in tiny.rows("emission_factor"))
    assert applied(trial, tiny, f"{{add: link, row: {row}}}").hint == f"one of {', '.join(known)}"


def test_an_unknown_port_of_a_call(tiny, trial):
    error = applied(
        trial, tiny,
        "{add: service, row: {service_id: n, name: N, vehicle: ropax, sailings_per_week: 1, speed_id: ship,"
        " port_stay_hours: 1, tariff_id: sea, emission_factor_id: ship}, calls: [{node: charly}, {node: delta}]}",
    )  # fmt: skip
    assert error.message == "unknown node 'charly'"
    assert error.hint == "did you mean 'charlie'?"


SERVICE = (
    "{{add: service, row: {{service_id: n, name: N, vehicle: ropax, sailings_per_week: 1, speed_id: ship,"
    " port_stay_hours: 1, tariff_id: sea, emission_factor_id: ship{0}}}, calls: {1}}}"
)


@pytest.mark.whole
@pytest.mark.parametrize(
    ("extra", "calls", "message"),
    [
        ("", "[{node: charlie}]", "two calls"),
        ("", "[{node: alfa}, {node: delta}]", "no sea lane from alfa to delta"),
        (", sailings_per_week: fast", "[{node: charlie}, {node: delta}]", "sailings_per_week"),
        (", sailings_per_week: 0", "[{node: charlie}, {node: delta}]", "sailings_per_week"),
        (", sailings_per_week: -1", "[{node: charlie}, {node: delta}]", "sailings_per_week"),
        (", vehicle: zeppelin", "[{node: charlie}, {node: delta}]", "vehicle"),
        (", valid_to: soon", "[{node: charlie}, {node: delta}]", "valid_to"),
    ],
)
def test_an_added_service_that_cannot_sail(tiny, trial, extra, calls, message):
    base = SERVICE.format(extra, calls)
    if "sailings_per_week" in extra or "vehicle" in extra:
        column = extra.split(":")[0].strip(", ")
        base = base.replace(
            {"vehicle": "vehicle: ropax, ", "sailings_per_week": "sailings_per_week: 1, "}[column], "", 1
        )
    assert message in applied(trial, tiny, base).message


@pytest.mark.whole
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("{add: link, row: {link_id: x, name: X}}", "lacks"),
        (
            "{add: link, row: {link_id: road-ab, name: X, from_node_id: alfa, to_node_id: golf, mode: road,"
            " length_km: 500, speed_id: road, tariff_id: road_cn, emission_factor_id: lorry, country: CN,"
            " geometry_id: none}}",
            "exists already",
        ),
        ("{set: link, where: {link_id: road-ab}, field: length_km, value: long}", "length_km is a number"),
        ("{set: link, where: {link_id: road-ab}, field: mode, value: 3}", "mode is text"),
        ("{set: link, where: {link_id: road-ab}, field: mode, value: camel}", "mode"),
        ("{set: crossing, where: {crossing_id: bc-out}, field: opening_hours, value: sometimes}", "opening_hours"),
        ("{scale: link, where: {link_id: road-ab}, field: mode, by: 2}", "cannot be scaled"),
        ("{scale: link, where: {link_id: road-ab}, field: length_km, by: 0}", "length_km would be 0"),
        ("{shift: link, where: {link_id: road-ab}, field: length_km, by: -301}", "length_km would be -1"),
        ("{set: service, where: {service_id: line-cd}, field: sailings_per_week, value: 0}", "would be 0"),
        ("{set: crossing, where: {crossing_id: bc-out}, field: hours, value: 0}", "'component' is missing"),
        ("{set: link, where: {link_id: road-ab}, field: speed_id, value: rocket}", "rocket"),
        ("{set: link, where: {link_id: road-ab}, field: to_node_id, value: nowhere}", "nowhere"),
    ],
)
def test_values_that_cannot_be(tiny, trial, change, message):
    assert message in applied(trial, tiny, change).message


def test_an_added_row_with_a_text_where_a_number_belongs(tiny, trial):
    row = "{link_id: x, name: X, from_node_id: alfa, to_node_id: golf, mode: road, length_km: far, speed_id: road, "
    row += "tariff_id: road_cn, emission_factor_id: lorry, country: CN}"
    assert "length_km" in applied(trial, tiny, f"{{add: link, row: {row}}}").message


@pytest.mark.parametrize("day", ["2008-12-31", "2057-01-01", "1999-07-01"])
def test_a_date_outside_the_data(write_yaml, shipped, day):
    scenario = cn.load_scenario(write_yaml("x", f"scenario: x\ntitle: x\nas_of: {day}\n"))
    with pytest.raises(BadValue, match=f"scenario 'x': the date {day} is outside the data") as caught:
        scenario.apply(shipped)
    assert caught.value.hint == "the data cover 2009-01-01 to 2026-12-31, and are projected to 2056-12-31"


@pytest.mark.whole
@pytest.mark.parametrize(
    ("table", "column", "quantity", "most"),
    [("operation", "value", "hours", MOST_HOURS), ("operation", "value", "cost", MOST),
     ("service", "port_stay_hours", "", MOST_HOURS), ("tariff", "fixed", "", MOST)],
)  # fmt: skip
def test_a_bound_is_allowed_and_what_is_beyond_is_not(table, column, quantity, most):
    assert number(table, column, most, quantity) == most
    with pytest.raises(BadValue, match="or less"):
        number(table, column, most * 1.001, quantity)


def test_a_value_is_shown_whole_up_to_60_signs_and_never_in_more():
    assert shown("a" * 58) == f"'{'a' * 58}'"
    assert shown("a" * 59) == f"'{'a' * 56}…"
    assert len(shown("a" * 59)) == 58
    assert shown(True) == "true"


def test_an_id_has_at_most_80_signs_and_none_that_could_be_taken_for_something_else():
    assert new_id("link_id", "a" * 80) == "a" * 80
    for wrong in ("a" * 81, "", "a b", "a~b", "a:b", "-a", "a\n"):
        with pytest.raises(BadValue, match="cannot be an id"):
            new_id("link_id", wrong)


def test_a_lane_that_is_missing_is_told_at_the_call_that_it_leads_to(tiny, load, faults):
    calls = "[{node: golf}, {node: delta}, {node: charlie}, {node: golf}]"
    change = SERVICE.format("", calls)
    ((line, column, message, _),) = faults(load(change).apply, tiny)
    assert message == "there is no sea lane from charlie to golf"
    assert (line, column) == (4, len("  - ") + change.rindex("golf") + 1)
