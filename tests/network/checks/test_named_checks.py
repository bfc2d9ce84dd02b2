"""The named checks, each on a copy of the data that breaks it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from corridor_net.errors import BadValue, DataFault, Place, UnknownName
from corridor_net.network import Network
from corridor_net.network.checks import check_network
from corridor_net.network.checks.claims import claims
from network.helpers import faults_of, where


def check_faults(network, name):
    with pytest.raises(DataFault) as caught:
        check_network(network, name)
    assert caught.value.exit_code == 3
    assert caught.value.code == "CN-E301"
    return list(caught.value.faults)


def read(data, day="2019-07-01"):
    return Network.from_folder(data.folder).as_of(day)


def assert_placed(fault, table, line):
    assert where(fault)[:2] == (f"{table}.csv", line)


def test_check_known_figures(data):
    line = data.edit("link", 0, speed_id="rail_cnn")
    (fault,) = check_faults(read(data), "known-figures")
    assert "speed_id 'rail_cnn' has no figure on 2019-07-01" in fault.message
    assert fault.hint == "did you mean 'rail_cn'?"
    assert_placed(fault, "link", line)


def test_check_known_figures_of_a_day(data):
    rows = data.rows("speed")
    number = next(n for n, row in enumerate(rows) if row["speed_id"] == "road_kr")
    data.edit("speed", number, valid_from="2020-01-01")
    faults = check_faults(read(data), "known-figures")
    assert all("'road_kr' has no figure on 2019-07-01" in f.message for f in faults)
    check_network(read(data, "2020-07-01"), "known-figures")


def test_check_known_figures_of_a_row_of_another_day(data):
    """A figure that there is on no day is a fault of a row of another day too."""
    rows = data.rows("service")
    number = next(n for n, row in enumerate(rows) if "" < row["valid_to"] < "2019")
    line = data.edit("service", number, speed_id="container_shop")
    (fault,) = check_faults(read(data), "known-figures")
    assert fault.message == "speed_id 'container_shop' has no figure on any day"
    assert fault.hint == "did you mean 'container_ship'?"
    assert_placed(fault, "service", line)


def test_check_link_lengths(data):
    line = data.edit("link", 0, length_km="100")
    (fault,) = check_faults(read(data), "link-lengths")
    assert "rail-harbin-mudanjiang" in fault.message
    assert "the straight line" in fault.message
    assert_placed(fault, "link", line)


def test_check_lane_lengths(data):
    line = data.edit("sea_lane", 0, ratio="1.4", detour_reason="")
    (fault,) = check_faults(read(data), "lane-lengths")
    assert "1.4 times the shortest line and gives no reason" in fault.message
    assert_placed(fault, "sea_lane", line)
    data.edit("sea_lane", 0, detour_reason="round a cape")
    check_network(read(data), "lane-lengths")


def test_check_lane_lengths_against_the_ends(data):
    """A lane that is shorter than the straight line between its ports cannot hide behind its own ratio."""
    data.edit("sea_lane", 0, length_km="20", geodesic_km="19", ratio="1.05")
    assert check_faults(read(data), "lane-lengths")


def test_check_lanes_at_sea(data):
    rows = data.rows("sea_lane")
    row = next(n for n, lane in enumerate(rows) if lane["lane_id"] == "sea-dalian-niigata")
    ends = rows[row]["geometry"].removeprefix("LINESTRING (").removesuffix(")").split(", ")
    line = data.edit("sea_lane", row, geometry=f"LINESTRING ({ends[0]}, {ends[-1]})")
    (fault,) = check_faults(read(data), "lanes-at-sea")
    assert "lane 'sea-dalian-niigata' crosses" in fault.message
    assert_placed(fault, "sea_lane", line)


def test_check_closed_waters(data):
    """A lane between two other countries goes round; one to a port of the country that closes the water may enter."""
    rows = data.rows("sea_lane")
    lanes = {lane["lane_id"]: n for n, lane in enumerate(rows)}
    row = lanes["sea-sokcho-zarubino"]
    ends = rows[row]["geometry"].removeprefix("LINESTRING (").removesuffix(")").split(", ")
    line = data.edit("sea_lane", row, geometry=f"LINESTRING ({ends[0]}, {ends[-1]})")
    (fault,) = check_faults(read(data), "closed-waters")
    assert "'sea-sokcho-zarubino' runs" in fault.message
    assert "inside 'dprk-east'" in fault.message
    assert_placed(fault, "sea_lane", line)
    data.edit("closed_water", 0, distance_nmi="5")
    check_network(read(data), "closed-waters")


def test_two_lanes_of_the_same_ports(data):
    rows = data.rows("sea_lane")
    line = data.edit("sea_lane", 1, from_node_id=rows[0]["to_node_id"], to_node_id=rows[0]["from_node_id"])
    (fault,) = faults_of(data.folder)
    assert "are joined already on line 2, one way or the other" in fault.message
    assert_placed(fault, "sea_lane", line)


def test_long_lines_are_shown_around_the_place():
    text = "x" * 300 + "HERE" + "y" * 300
    shown = str(BadValue("wrong", place=Place("a.csv", line=7, column=301, text=text))).splitlines()
    column = shown[3].index("^")
    assert shown[2][column : column + 4] == "HERE"
    assert len(shown[2]) < 120


def test_check_borders(data):
    rows = data.rows("crossing")
    gone = rows[0]["crossing_id"]
    lines = [line for line in data.lines("crossing") if not line.startswith(gone + ",")]
    data.path("crossing").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (fault,) = check_faults(read(data), "border-crossings")
    assert "leaves CN without a crossing from 'suifenhe'" in fault.message


def test_check_ranges(data):
    line = data.edit("operation", 0, value="5000")
    (fault,) = check_faults(read(data), "ranges")
    assert "value 5000.0 is outside its range" in fault.message
    assert_placed(fault, "operation", line)


def test_check_parts_of_an_emission_factor(data):
    number = next(n for n, row in enumerate(data.rows("emission_factor")) if row["wtt"])
    line = data.edit("emission_factor", number, wtt="0", ttw="0")
    (fault,) = check_faults(read(data), "ranges")
    assert "wtt 0 and ttw 0 add up to 0, the value is 102.73" in fault.message
    assert_placed(fault, "emission_factor", line)


def test_check_a_gate_that_closes_when_it_opens(data):
    line = data.edit("crossing", 3, opening_hours="09:00-09:00")
    (fault,) = check_faults(read(data), "border-crossings")
    assert "'09:00-09:00' are no opening hours of" in fault.message
    assert_placed(fault, "crossing", line)


def test_check_days_that_cargo_keeps_and_the_year_of_its_value(data):
    line = data.edit("cargo", 0, keeps_days_low="10", keeps_days_high="5", price_year="1990")
    for check, message in (("ranges", "'dry_40' keeps from 10 to 5 days"), ("currencies", "no price index for 1990")):
        (fault,) = check_faults(read(data), check)
        assert fault.message == message
        assert_placed(fault, "cargo", line)


def test_check_a_first_departure_on_no_day(data):
    line = data.edit("service", 0, first_departure="2019-02-30 16:00")
    (fault,) = check_faults(read(data), "timetables")
    assert fault.message == "'2019-02-30 16:00' is no sailing day of dbs-ferry"
    assert_placed(fault, "service", line)


@pytest.mark.whole
@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"unit": "EUR"}, "is in 'EUR', which has no exchange rate of 2018"),
        ({"unit": "boxes"}, "is in 'boxes', which has no"),
        ({"metric": "time"}, "is in 'CNY'"),
        ({"metric": "distance"}, "is in 'CNY'"),
        ({"value_high": "100"}, "ends at 100, below 2000"),
        ({"metric": "cost", "value": "0"}, "is of 0"),
        ({"as_of": "2031-01-01"}, "after the last day of the data, 2026-12-31"),
        ({"destination": "harbin"}, "leads from 'harbin' to itself"),
        ({"scope_from": ""}, "does not say what it counts"),
    ],
)
def test_a_claim_that_cannot_be_held_against_the_model_is_a_strict_fault(shipped, cells, message):
    given = {"value": float, "value_high": float, "as_of": date.fromisoformat}
    row = replace(shipped.rows("published")[0], **{key: given.get(key, str)(value) for key, value in cells.items()})
    assert row.comparable == "yes"
    (error,) = check_faults_of_claims(shipped, row)
    assert message in error.message
    assert not check_faults_of_claims(shipped, replace(row, scope_from="factory", comparable="no"))


def check_faults_of_claims(network, row):
    return [one.fault(network) for one in claims(network.with_rows(published=[row])) if one is not None]


def test_check_currencies(data):
    line = data.edit("tariff", 0, price_year="2030")
    (fault,) = check_faults(read(data), "currencies")
    assert "'CNY' 2030" in fault.message
    assert_placed(fault, "tariff", line)


def test_check_trade_in_an_unknown_currency(data):
    line = data.edit("trade", 0, currency="XXX")
    (fault,) = check_faults(read(data), "currencies")
    assert fault.message == "no exchange rate or index for 'XXX' 2006"
    assert_placed(fault, "trade", line)


def test_check_money_without_a_currency(data):
    line = data.edit("operation", 0, currency="", price_year="")
    (fault,) = check_faults(read(data), "currencies")
    assert_placed(fault, "operation", line)


def test_check_timetables(data):
    rows = data.rows("service_call")
    assert rows[1]["service_id"] == "dbs-ferry"
    line = data.edit("service_call", 1, arrival_hours="0")
    (fault,) = check_faults(read(data), "timetables")
    assert fault.message == "service 'dbs-ferry' is at call 2 (donghae) at hour 0 after hour 0"
    assert_placed(fault, "service_call", line)


def test_check_a_sailing_without_a_lane(data):
    line = data.edit("service_call", 1, node_id="harbin")
    faults = check_faults(read(data), "timetables")
    assert_placed(faults[0], "service_call", line)


def test_check_reachable_markets(data):
    lines = [line for line in data.lines("link") if "mk_sapporo" not in line]
    names = {line.split(",")[0] for line in data.lines("link")} - {line.split(",")[0] for line in lines}
    assert names
    data.path("link").write_text("\n".join(lines) + "\n", encoding="utf-8")
    faults = check_faults(read(data), "reachable-markets")
    assert {f.message.split("'")[1] for f in faults} == {"mk_sapporo"}
    number = next(n for n, row in enumerate(data.rows("market")) if row["node_id"] == "mk_sapporo")
    assert_placed(faults[0], "market", number + 2)


def test_check_reachable_markets_minds_closed_borders(shipped):
    """With every border and every Chinese port shut, no market can be reached."""
    net = shipped.as_of("2019-07-01")
    chinese = {s for s, calls in net.calls.items() if any(net.nodes[c.node_id].country == "CN" for c in calls)}
    ended = date(2000, 1, 1)
    shut = net.with_rows(
        crossing=[replace(row, valid_from=None, valid_to=ended) for row in net.rows("crossing")],
        service=[row for row in net.rows("service") if row.service_id not in chinese],
    )
    with pytest.raises(DataFault) as caught:
        check_network(shut, "reachable-markets")
    count = len(net.markets("origin")) * len(net.markets("market"))
    assert caught.value.message == f"{count} fault(s) in the network"
    assert caught.value.faults[-1].message.endswith(f"; and {count - 21} more like this")


def test_check_places_carry_a_column(data):
    data.edit("link", 0, length_km="100")
    (fault,) = check_faults(read(data), "link-lengths")
    assert fault.place.column is not None


def test_checks_report_together(data):
    data.edit("link", 0, length_km="100")
    data.edit("operation", 0, value="5000")
    data.edit("sea_lane", 0, ratio="1.4", detour_reason="")
    with pytest.raises(DataFault) as caught:
        check_network(read(data))
    assert len(caught.value.faults) == 3
    assert str(caught.value).startswith("3 fault(s) in the network [CN-E301]")


def test_an_unknown_check(shipped):
    with pytest.raises(UnknownName, match="unknown check 'border-crossing'") as caught:
        check_network(shipped, "border-crossing")
    assert caught.value.hint == "did you mean 'border-crossings'?"
