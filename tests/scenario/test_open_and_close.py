"""Rows that come and go: links, crossings, terminals, services, and the seasons that close them."""

import pytest

import corridor_net as cn
from corridor_net.costing import impedance
from corridor_net.scenario.figures import KEY

ROWS = {"link": "road-ab", "crossing": "bc-out", "terminal": "charlie-road-port_out", "service": "line-cd"}


def arcs(network):
    return {arc.key for arc in impedance(network).arcs}


@pytest.mark.parametrize("table", ROWS)
def test_what_is_closed_is_no_arc_and_what_is_opened_is_one_again(tiny, make_tiny, load, table):
    name = ROWS[table]
    where = f"where: {{{KEY[table]}: {name}}}"
    shut = load(f"{{close: {table}, {where}}}").apply(tiny)
    gone = arcs(tiny) - arcs(shut)
    assert gone
    assert all(name in key or key == "crossing:bc-out:road" for key in gone if key.startswith(table))

    def close(rows):
        next(row for row in rows if row[KEY[table]] == name)["valid_to"] = "2015-12-31"

    closed = make_tiny(**{table: close})
    assert arcs(load(f"{{open: {table}, {where}}}").apply(closed)) == arcs(tiny)


def test_a_link_across_the_border_stays_shut_with_its_crossing(tiny, load):
    changed = load("{close: crossing, where: {crossing_id: 'bc-*'}}").apply(tiny)
    assert not {key for key in arcs(changed) if "road-bc" in key}


@pytest.fixture
def winter(make_tiny):
    """The tiny network on a winter day: the port of Charlie slow, the line closed, and the road, a river."""

    def seasons(rows):
        for row in rows[:2]:
            row.update(closed="yes")

    return make_tiny(day="2019-01-15", season=seasons)


def test_opening_what_a_season_closes_is_refused_and_the_season_named(winter, load, faults):
    for change, season in (
        ("{open: service, where: {service_id: line-cd}}", "line-winter"),
        ("{open: terminal, where: {terminal_id: charlie-road-port_out}}", "charlie-ice"),
    ):
        ((line, _, message, hint),) = faults(load(change).apply, winter)
        assert line == 4
        assert f"closed by season '{season}' on 2019-01-15" in message
        assert f"season_id: {season}" in hint


def test_opening_a_river_under_ice_is_refused(shipped, load, faults):
    river = next(row for row in shipped.rows("link") if row.mode == "waterway")
    scenario = load(f"{{open: link, where: {{link_id: {river.link_id}}}}}")
    ((_, _, message, hint),) = faults(scenario.apply, shipped.as_of("2019-01-15"))
    assert "is closed by season 'amur-closed'" in message
    assert "close: season" in hint


def test_a_season_that_no_longer_comes(winter, load):
    assert "board:line-cd:1" not in arcs(winter)
    changed = load("{close: season, where: {season_id: [line-winter, charlie-ice]}}")
    assert sorted(row[:1] + row[2:] for row in changed.diff(winter)) == [
        ("charlie-ice", "comes", "never"),
        ("line-winter", "comes", "never"),
    ]
    assert "board:line-cd:1" in arcs(changed.apply(winter))


def test_a_season_is_shorter_or_milder(make_tiny, load):
    tiny = make_tiny(day="2019-02-20")
    hours = [
        cn.Router(impedance(network)).route("alfa", "delta", via=["charlie"]).component("hours")["sailing"]
        for network in (
            tiny,
            load("{set: season, where: {season_id: line-winter}, field: to_month_day, value: 02-10}").apply(tiny),
            load("{set: season, where: {season_id: line-winter}, field: hours_factor, value: 1.1}").apply(tiny),
        )
    ]  # fmt: skip
    assert hours == pytest.approx([40 * 1.25, 40, 40 * 1.1])


def test_a_season_is_not_opened_or_added(load, faults):
    assert "changes.0.open" in faults(load, "{open: season, where: {season_id: line-winter}}")[0][2]
    assert "changes.0.add" in faults(load, "{add: season, row: {season_id: x}}")[0][2]


def test_of_several_closed_rows_of_one_id_the_last_is_opened(tiny, load):
    from dataclasses import replace
    from datetime import date

    line = next(row for row in tiny.rows("service") if row.service_id == "line-cd")
    old = replace(line, valid_to=date(2012, 1, 1), sailings_per_week=1)
    new = replace(line, valid_from=date(2013, 1, 1), valid_to=date(2016, 1, 1), sailings_per_week=3)
    others = [row for row in tiny.rows("service") if row is not line]
    changed = load("{open: service, where: {service_id: line-cd}}").apply(tiny.with_rows(service=[new, old, *others]))
    assert [row.sailings_per_week for row in changed.active("service") if row.service_id == "line-cd"] == [3]


def test_what_is_open_has_nothing_to_open(tiny, load, faults):
    assert "touches nothing" in faults(load("{open: service, where: {service_id: line-cd}}").apply, tiny)[0][2]
    load("{open: service, where: {service_id: line-cd}, optional: true}").apply(tiny)


def test_a_past_period_of_what_is_open_is_not_opened(tiny, load, faults):
    from dataclasses import replace
    from datetime import date

    line = next(row for row in tiny.rows("service") if row.service_id == "line-cd")
    past = replace(line, valid_to=date(2012, 1, 1), sailings_per_week=9)
    now = replace(line, valid_from=date(2012, 1, 2))
    both = tiny.with_rows(service=[past, now, *(row for row in tiny.rows("service") if row is not line)])
    asked = "open: service, where: {service_id: line-cd, sailings_per_week: '9'}"
    assert "touches nothing" in faults(load(f"{{{asked}}}").apply, both)[0][2]
    assert load(f"{{{asked}, optional: true}}").apply(both).active("service") == both.active("service")
