"""Keys: no two rows of one thing hold on a common day, and every row that is named is there."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor_net.costing import impedance
from corridor_net.errors import BadValue, UnknownName
from corridor_net.network import Network
from corridor_net.network.checks import check_network
from corridor_net.network.checks import faults_of as check_faults
from corridor_net.network.periods import overlaps, season_spans
from corridor_net.network.rows import Season, Speed
from network.helpers import describe, described, only_fault, schema_of, where


def doubled(table, **cells):
    """Return a change of the tiny tables: the first row once more, with other cells."""

    def change(rows):
        rows.append({**rows[0], **cells})

    return {table: change}


TWICE = {
    "a tariff": ("tariff", {"per_km": 5}),
    "a tariff from a year on": ("tariff", {"per_km": 5, "valid_from": "2018-01-01"}),
    "a speed": ("speed", {"speed_kmh": 50}),
    "a figure of an operation": ("operation", {"value": 60}),
    "a crossing of one link and direction": ("crossing", {"crossing_id": "bc-night", "opening_hours": "24h"}),
    "a season of one target": ("season", {"season_id": "again", "from_month_day": "03-01", "to_month_day": "04-01"}),
}


@pytest.mark.parametrize("name", TWICE)
@pytest.mark.parametrize("first", [True, False])
def test_two_rows_that_hold_on_a_common_day_are_a_fault(tmp_path, write_tiny, name, first):
    table, cells = TWICE[name]

    def change(rows):
        return [{**rows[0], **cells}, *rows] if first else [*rows, {**rows[0], **cells}]

    data = write_tiny(tmp_path / "x", **{table: change})
    fault = only_fault(data.folder)
    assert isinstance(fault, BadValue)
    lines = sorted({2, 3 if first else len(data.lines(table))})
    assert where(fault)[:2] == (f"{table}.csv", lines[1])
    assert f"also on line {lines[0]}" in fault.message
    assert "holds twice on" in fault.message
    assert fault.table == table
    assert len(fault.touches) in (1, 2)


def test_the_first_common_day_is_named(tmp_path, write_tiny):
    change = doubled("tariff", valid_from="2018-05-01")
    assert "holds twice on 2018-05-01" in only_fault(write_tiny(tmp_path / "x", **change).folder).message


def test_rows_that_follow_each_other_are_good(tmp_path, write_tiny):
    def tariffs(rows):
        rows[0]["valid_to"] = "2018-12-31"
        rows.append({**rows[0], "valid_from": "2019-01-01", "valid_to": "", "per_km": 7})

    def crossings(rows):
        rows[0]["valid_to"] = "2019-12-31"
        rows.append({**rows[0], "crossing_id": "bc-later", "valid_from": "2020-01-01", "valid_to": ""})

    net = Network.from_folder(write_tiny(tmp_path / "x", tariff=tariffs, crossing=crossings).folder)
    assert len(net.rows("tariff")) == 5
    assert {row.crossing_id for row in net.as_of("2021-01-01").active("crossing")} == {"bc-in", "bc-later"}


def test_a_day_in_common_is_one_too_many(tmp_path, write_tiny):
    def tariffs(rows):
        rows[0]["valid_to"] = "2019-01-01"
        rows.append({**rows[0], "valid_from": "2019-01-01", "valid_to": ""})

    assert "holds twice on 2019-01-01" in only_fault(write_tiny(tmp_path / "x", tariff=tariffs).folder).message


def test_a_crossing_that_is_added_never_closes_the_first(tiny):
    """Two crossings of one link and direction that are open at once are a fault of the changed network too."""
    first = tiny.rows("crossing")[0]
    from dataclasses import replace

    both = tiny.with_rows(crossing=[*tiny.rows("crossing"), replace(first, crossing_id="night", line=0)])
    (fault,) = check_faults(both, {("crossing", "night")})
    assert fault.row_id in ("night", first.crossing_id)
    assert ("crossing", "night") in fault.touches


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(("unit", "expected"), [("FEU", 80), ("TEU", 50)])
def test_a_row_for_the_unit_beats_any_in_whatever_order(make_tiny, order, unit, expected):
    def operations(rows):
        rows.append({**rows[0], "cargo_unit": "FEU", "value": 80})
        return rows[::order]

    def cargoes(rows):
        rows[0]["cargo_unit"] = unit

    def tariffs(rows):
        rows += [{**row, "cargo_unit": "TEU"} for row in rows]

    net = make_tiny(operation=operations, cargo=cargoes, tariff=tariffs)
    compiled = impedance(net, price_year=2019)
    arc = next(arc for arc in compiled.arcs if arc.key == "terminal:alfa-origin-road")
    assert sum(part.amount for part in arc.parts if part.component == "drayage") == expected


@pytest.mark.parametrize("table", ["node", "link", "service", "operation", "traffic"])
def test_a_row_that_begins_after_it_ends_is_a_fault(small, table):
    names = ("from_day", "to_day") if table == "traffic" else ("valid_from", "valid_to")
    if table == "traffic":
        small.append("traffic", "t,node,alfa,2020-01-01,2019-01-01,5,S,B,")
        line = 2
    else:
        line = small.edit(table, 0, **dict(zip(names, ("2020-01-01", "2018-12-31"), strict=True)))
    fault = only_fault(small.folder)
    assert f"{names[0]} 2020-01-01 lies after the last day of the row" in fault.message
    assert where(fault)[:2] == (f"{table}.csv", line)


def test_keys_of_a_package_of_its_own_are_obeyed(small):
    package = described(small)
    schema_of(package, "terminal")["uniqueInTime"] = [["node_id", "from_state", "to_state"]]
    schema_of(package, "node")["uniqueKeys"] = [["name"]]
    describe(small, package)
    row = small.lines("terminal")[1].split(",")
    small.append("terminal", ",".join(["another", *row[1:]]))
    assert "also on line 2" in only_fault(small.folder).message
    small.path("terminal").write_text("\n".join(small.lines("terminal")[:-1]) + "\n", encoding="utf-8")
    small.edit("node", 1, name="Alfa")
    assert only_fault(small.folder).message == "name Alfa stands already on line 2"


def test_a_package_that_says_nothing_of_keys_has_those_of_the_shipped_one(small):
    package = described(small)
    for resource in package["resources"]:
        for key in ("primaryKey", "foreignKeys", "uniqueInTime", "uniquePair"):
            resource["schema"].pop(key, None)
    describe(small, package)
    assert Network.from_folder(small.folder).rows("link")
    small.append("tariff", small.lines("tariff")[1])
    assert "holds twice" in only_fault(small.folder).message
    small.path("tariff").write_text("\n".join(small.lines("tariff")[:-1]) + "\n", encoding="utf-8")
    small.edit("link", 0, from_node_id="alpha")
    fault = only_fault(small.folder)
    assert isinstance(fault, UnknownName)
    assert fault.hint == "did you mean 'alfa'?"


@pytest.mark.parametrize(
    ("table", "cells", "message", "hint"),
    [
        ("season", {"target_id": "charly"}, "'charly' is no node of the network", "charlie"),
        ("season", {"applies_to": "service", "target_id": "line-dc"}, "'line-dc' is no service", "line-"),
        ("season", {"applies_to": "mode", "target_id": "rode"}, "'rode' is no mode", "road"),
        ("season", {"applies_to": "mode", "target_id": "charlie"}, "'charlie' is no mode", None),
    ],
)
def test_a_season_of_something_that_is_not_there_is_a_fault(small, table, cells, message, hint):
    line = small.edit(table, 0, **cells)
    fault = only_fault(small.folder)
    assert message in fault.message
    assert where(fault)[:2] == (f"{table}.csv", line)
    assert (hint or "would do nothing") in fault.hint


@pytest.mark.parametrize(("kind", "target", "near"), [("corridor", "nort", "north"), ("node", "delte", "delta")])
def test_traffic_of_something_that_is_not_there_is_a_fault(small, kind, target, near):
    small.edit("link", 0, corridor="north")
    small.append("traffic", f"t,{kind},{target},2019-01-01,2019-12-31,5,S,B,")
    fault = only_fault(small.folder)
    assert f"'{target}' is no {kind} of the network" in fault.message
    assert fault.hint == f"did you mean '{near}'?"


def test_the_check_of_keys_counts_every_row(shipped):
    assert check_network(shipped, "keys")["keys"] == sum(len(rows) for rows in shipped.tables.values())


# the sweep over spans, held against every pair of rows on every day

DAYS = [date(2019, 1, 1 + number) for number in range(12)]


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=8))
def test_overlaps_are_found_exactly_where_two_rows_hold_on_a_day(spans):
    rows = [
        Speed(speed_id="s", speed_kmh=1, valid_from=DAYS[a], valid_to=DAYS[b], line=number, source_id="", grade="")
        for number, (a, b) in enumerate(spans)
    ]
    crowded = any(sum(row.holds_on(day) for row in rows) > 1 for day in DAYS)
    found = list(overlaps(rows))
    assert bool(found) is crowded
    for first, second, day in found:
        assert first.holds_on(date.fromisoformat(day))
        assert second.holds_on(date.fromisoformat(day))


MONTH_DAYS = st.builds("{:02}-{:02}".format, st.integers(1, 12), st.integers(1, 28))


@settings(deadline=None)
@given(MONTH_DAYS, MONTH_DAYS)
def test_a_season_holds_on_the_days_from_its_first_to_its_last(first, last):
    season = Season(season_id="s", applies_to="node", target_id="n", from_month_day=first, to_month_day=last,
                    hours_factor=2, closed="no", source_id="", grade="")  # fmt: skip
    days = [date.fromordinal(date(2024, 1, 1).toordinal() + number) for number in range(366)]
    held = [day for day in days if season.holds_on(day)]
    assert date(2024, int(first[:2]), int(first[3:])) in held
    assert date(2024, int(last[:2]), int(last[3:])) in held
    inside = len(held) if first <= last else 366 - len(held)
    begin, end = (first, last) if first <= last else (last, first)
    length = (date(2024, int(end[:2]), int(end[3:])) - date(2024, int(begin[:2]), int(begin[3:]))).days
    assert abs(inside - length) <= 2
    assert len(season_spans(first, last)) == (1 if first <= (last if last != "02-28" else "02-29") else 2)


@pytest.mark.parametrize(("day", "held"), [("2020-02-29", True), ("2020-02-28", True), ("2020-03-01", False)])
def test_a_winter_to_28_february_holds_on_the_29th(shipped, day, held):
    season = next(row for row in shipped.rows("season") if row.season_id == "zarubino-niigata-winter")
    assert season.to_month_day == "02-28"
    assert season.holds_on(date.fromisoformat(day)) is held
