"""Reading a folder that is wrong in some way: every fault is named at once, with its place and the nearest spelling."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from corridor_net.errors import BadFile, BadValue, CorridorError, DataFault, Place, UnknownName
from corridor_net.network import Network, parse_day
from corridor_net.network.checks import check_network
from corridor_net.network.checks import faults_of as list_faults
from corridor_net.network.passable import passable_links, passages


def faults_of(folder):
    with pytest.raises(CorridorError) as caught:
        Network.from_folder(folder)
    error = caught.value
    return list(getattr(error, "faults", None) or [error])


def check_faults(network, name):
    with pytest.raises(DataFault) as caught:
        check_network(network, name)
    assert caught.value.exit_code == 3
    assert caught.value.code == "CN-E301"
    return list(caught.value.faults)


def where(fault):
    return (Path(fault.place.path).name, fault.place.line, fault.place.column)


def pointed_at(fault):
    return fault.place.text[fault.place.column - 1 :]


# cells


@pytest.mark.parametrize(
    ("table", "row", "cells", "kind", "message"),
    [
        ("link", 0, {"length_km": "far"}, BadValue, "length_km = 'far'"),
        ("link", 0, {"length_km": "-3"}, BadValue, "must be 0.001 or more"),
        ("link", 0, {"length_km": "50000"}, BadValue, "must be 5000 or less"),
        ("link", 0, {"length_km": "nan"}, BadValue, "finite"),
        ("link", 0, {"length_km": "inf"}, BadValue, "finite"),
        ("link", 0, {"length_km": "1_000"}, BadValue, "1_000"),
        ("link", 0, {"length_km": ""}, BadValue, "'length_km' is missing"),
        ("link", 0, {"mode": "rial"}, BadValue, "must be one of rail, road, waterway"),
        ("link", 0, {"directed": "2"}, BadValue, "must be one of 0, 1"),
        ("link", 0, {"directed": "yes"}, BadValue, "directed = 'yes'"),
        ("link", 0, {"valid_from": "2019-02-30"}, BadValue, "valid_from = '2019-02-30'"),
        ("link", 0, {"valid_from": "01.02.2019"}, BadValue, "valid_from"),
        ("link", 0, {"grade": "E"}, BadValue, "must be one of A, B, C, D"),
        ("link", 0, {"grade": ""}, BadValue, "'grade' is missing"),
        ("link", 0, {"source_id": ""}, BadValue, "'source_id' is missing"),
        ("node", 0, {"x_coord": "181"}, BadValue, "must be 180 or less"),
        ("node", 0, {"y_coord": "-91"}, BadValue, "must be -90 or more"),
        ("node", 0, {"country": "China"}, BadValue, "must look like"),
        ("node", 0, {"population": "1.5"}, BadValue, "population"),
        ("operation", 0, {"currency": "yuan"}, BadValue, "must look like"),
        ("operation", 0, {"component": "bribe"}, BadValue, "must be one of"),
        ("operation", 0, {"quantity": "days"}, BadValue, "must be one of cost, hours"),
        ("operation", 0, {"price_year": "1890"}, BadValue, "must be 1900 or more"),
        ("service", 0, {"sailings_per_week": "0"}, BadValue, "must be 0.01 or more"),
        ("crossing", 0, {"opening_hours": "all day"}, BadValue, "must look like"),
        ("crossing", 0, {"opening_hours": "29:00-19:00"}, BadValue, "opening_hours"),
        ("cargo", 0, {"payload_t": "400"}, BadValue, "must be 40 or less"),
        ("season", 0, {"from_month_day": "13-01"}, BadValue, "must look like"),
        ("deflator", 0, {"usd_index": "0"}, BadValue, "must be 1 or more"),
        ("published", 0, {"as_of": ""}, BadValue, "as_of"),
    ],
)
def test_a_wrong_cell(data, table, row, cells, kind, message):
    line = data.edit(table, row, **cells)
    (fault,) = faults_of(data.folder)
    assert isinstance(fault, kind)
    assert message in fault.message
    assert where(fault)[:2] == (f"{table}.csv", line)
    column, cell = next(iter(cells.items()))
    assert fault.place.column is not None
    if cell:
        assert pointed_at(fault).startswith(cell)
    before = fault.place.text[: fault.place.column - 1]
    header = data.lines(table)[0].split(",")
    assert before.count(",") >= header.index(column)


def test_a_cell_after_a_quoted_comma_is_pointed_at_exactly(data):
    data.edit("tariff", 0, basis='one, two, "three"', source_id="NOSUCH")
    data.replace("cargo", "HUMM,D,", "HUMM,Q,")
    faults = {where(f)[0]: f for f in faults_of(data.folder)}
    grade = faults["cargo.csv"]
    raw = data.lines("cargo")[grade.place.line - 1]
    assert grade.place.text == raw
    assert pointed_at(grade).startswith("Q,")


def test_unknown_names_offer_the_nearest(data):
    line = data.edit("link", 0, to_node_id="mudanjian")
    (fault,) = faults_of(data.folder)
    assert isinstance(fault, UnknownName)
    assert fault.message == "to_node_id 'mudanjian' is not in table node"
    assert fault.hint == "did you mean 'mudanjiang'?"
    assert where(fault)[:2] == ("link.csv", line)
    assert fault.place.column is not None
    assert pointed_at(fault).startswith("mudanjian,")


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("link", "from_node_id"), ("link", "emission_factor_id"), ("link", "source_id"), ("crossing", "link_id"),
        ("crossing", "to_node_id"), ("terminal", "node_id"), ("service_call", "service_id"),
        ("service_call", "node_id"), ("sea_lane", "from_node_id"), ("market", "node_id"), ("published", "cargo_id"),
        ("node_name", "node_id"), ("operation", "source_id"), ("service", "emission_factor_id"),
    ],
)  # fmt: skip
def test_unknown_references(data, table, column):
    line = data.edit(table, 3, **{column: "zzz_nowhere"})
    faults = [f for f in faults_of(data.folder) if isinstance(f, UnknownName)]
    assert f"{column} 'zzz_nowhere'" in " ".join(f.message for f in faults)
    assert any(where(f)[:2] == (f"{table}.csv", line) for f in faults)


@pytest.mark.parametrize(
    ("table", "column"),
    [("node", "node_id"), ("link", "link_id"), ("source", "source_id"), ("terminal", "terminal_id"),
     ("sea_lane", "lane_id"), ("published", "claim_id")],
)  # fmt: skip
def test_duplicate_ids(data, table, column):
    first = data.rows(table)[0][column]
    data.append(table, data.lines(table)[1])
    faults = [f for f in faults_of(data.folder) if "stands already" in f.message]
    assert [f.message for f in faults] == [f"{column} {first} stands already on line 2"]
    assert where(faults[0])[:2] == (f"{table}.csv", len(data.lines(table)))


def test_duplicate_keys_of_two_columns(data):
    data.append("service_call", data.lines("service_call")[1])
    (fault,) = faults_of(data.folder)
    assert fault.message.startswith("service_id and call_sequence dbs-ferry/1 stands already on line 2")


def test_all_faults_of_all_files_at_once(data):
    data.edit("link", 0, length_km="far", mode="rial")
    data.edit("link", 2, to_node_id="nowhere_at_all")
    data.edit("node", 5, y_coord="95")
    data.edit("tariff", 1, currency="Euro")
    found = {where(f)[:2] for f in faults_of(data.folder)}
    assert found >= {("link.csv", 2), ("link.csv", 4), ("node.csv", 7), ("tariff.csv", 3)}
    with pytest.raises(DataFault) as caught:
        Network.from_folder(data.folder)
    text = str(caught.value)
    assert caught.value.exit_code == 3
    assert "length_km = 'far'" in text
    assert "mode = 'rial'" in text
    assert f"{data.path('node')}:7:" in text


def test_every_fault_has_file_line_and_column(data):
    data.edit("link", 0, length_km="far")
    data.edit("link", 2, to_node_id="nowhere_at_all")
    data.append("node", data.lines("node")[1])
    for fault in faults_of(data.folder):
        assert None not in where(fault), fault.message


def test_one_bad_row_does_not_make_a_thousand_faults(data):
    data.edit("node", 0, x_coord="east")
    faults = faults_of(data.folder)
    assert "x_coord = 'east'" in faults[0].message
    assert len(faults) < 10


def test_a_missing_table_does_not_make_a_thousand_faults(data):
    data.path("node").unlink()
    faults = faults_of(data.folder)
    assert "the table 'node.csv' is missing" in faults[0].message
    assert len(faults) < 10


# files


def test_a_missing_column(data):
    data.replace("link", "length_km", "length_mi")
    faults = faults_of(data.folder)
    messages = [f.message for f in faults]
    assert "unknown column 'length_mi'" in messages
    assert "the column 'length_km' is missing" in messages
    unknown = next(f for f in faults if f.message == "unknown column 'length_mi'")
    assert unknown.hint == "did you mean 'length_km'?"
    assert where(unknown)[:2] == ("link.csv", 1)
    assert pointed_at(unknown).startswith("length_mi,")


def test_the_same_column_twice(data):
    data.replace("speed", "speed_kmh_low", "speed_kmh")
    assert any("speed_kmh" in f.message for f in faults_of(data.folder))


def test_a_row_that_is_too_short(data):
    lines = data.lines("season")
    data.append("season", lines[1].split(",")[0])
    (fault,) = faults_of(data.folder)
    assert "the row has 1 cells, the header 10" in fault.message
    assert where(fault) == ("season.csv", len(lines) + 1, 1)


def test_line_numbers_count_lines_inside_quotes(data):
    text = data.path("cargo").read_text(encoding="utf-8")
    lines = text.splitlines()
    lines[1] = lines[1].replace("payload 688 t", "payload\n688 t")
    lines[2] = lines[2].replace(",TEU,17.1,", ",TEU,heavy,")
    data.path("cargo").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (fault,) = faults_of(data.folder)
    assert "payload_t = 'heavy'" in fault.message
    assert where(fault)[:2] == ("cargo.csv", 4)


@pytest.mark.parametrize(
    ("text", "message"),
    [(b"", "is missing"), (b"\n", ""), (b"\xff\xfe\x00", "cannot be read"), ("имя\n".encode("cp1251"), "cannot be"),
     (b"cargo_id\n", "is missing"), (b'"unclosed', ""), (b"\0\0\0", "")],
)  # fmt: skip
def test_a_file_that_is_no_table(data, text, message):
    data.path("cargo").write_bytes(text)
    faults = faults_of(data.folder)
    mine = [f for f in faults if where(f)[0] == "cargo.csv"]
    assert mine
    assert message in mine[0].message


def test_a_table_with_a_header_only_is_refused_where_rows_are_needed(data):
    data.path("cargo").write_text(data.lines("cargo")[0] + "\n", encoding="utf-8")
    assert faults_of(data.folder)


def test_a_folder_in_place_of_a_table(data):
    data.path("season").unlink()
    data.path("season").mkdir()
    (fault,) = faults_of(data.folder)
    assert "cannot be read" in fault.message


def test_a_missing_table_that_is_needed(data):
    data.path("tariff").unlink()
    (fault,) = faults_of(data.folder)
    assert isinstance(fault, BadFile)
    assert fault.message == "the table 'tariff.csv' is missing"


def test_a_folder_without_a_package(tmp_path):
    with pytest.raises(BadFile, match=r"holds no datapackage\.json") as caught:
        Network.from_folder(tmp_path)
    assert caught.value.hint
    with pytest.raises(BadFile, match=r"holds no datapackage\.json"):
        Network.from_folder(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"resources": 3}', '{"resources": [{}]}', '{"resources": [{"name": "node"}]}', "null"],
)
def test_a_package_that_is_none(data, text):
    (data.folder / "datapackage.json").write_text(text, encoding="utf-8")
    faults = faults_of(data.folder)
    assert any("datapackage.json" in f"{f.message} {f.place}" or "missing" in f.message for f in faults)


def test_a_package_that_lacks_a_needed_table(data):
    path = data.folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    package["resources"] = [r for r in package["resources"] if r["name"] != "tariff"]
    path.write_text(json.dumps(package), encoding="utf-8")
    assert [f.message for f in faults_of(data.folder)] == ["datapackage.json describes no table 'tariff'"]


def test_a_package_with_a_column_of_its_own(data):
    path = data.folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    package["resources"][0]["schema"]["fields"].append({"name": "colour", "type": "string"})
    path.write_text(json.dumps(package), encoding="utf-8")
    text = data.path("source").read_text(encoding="utf-8").splitlines()
    data.path("source").write_text("\n".join([text[0] + ",colour", *(line + ",red" for line in text[1:])]) + "\n")
    try:
        assert Network.from_folder(data.folder).rows("source")
    except CorridorError as error:
        str(error)


def test_a_package_that_is_a_folder(data):
    (data.folder / "datapackage.json").unlink()
    (data.folder / "datapackage.json").mkdir()
    with pytest.raises(BadFile):
        Network.from_folder(data.folder)


# the named checks, each on a broken copy


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
    number = next(n for n, row in enumerate(rows) if row["speed_id"] == "road_cn")
    data.edit("speed", number, valid_from="2020-01-01")
    faults = check_faults(read(data), "known-figures")
    assert all("'road_cn' has no figure on 2019-07-01" in f.message for f in faults)
    check_network(read(data, "2020-07-01"), "known-figures")


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


def test_two_lanes_of_the_same_ports(data):
    rows = data.rows("sea_lane")
    line = data.edit("sea_lane", 1, from_node_id=rows[0]["to_node_id"], to_node_id=rows[0]["from_node_id"])
    (fault,) = faults_of(data.folder)
    assert "are joined already on line 2, one way or the other" in fault.message
    assert_placed(fault, "sea_lane", line)


def test_long_lines_are_shown_around_the_place():
    text = "x" * 300 + "HERE" + "y" * 300
    shown = str(BadValue("wrong", place=Place("a.csv", 7, 301, text))).splitlines()
    column = shown[3].index("^")
    assert shown[2][column : column + 4] == "HERE"
    assert len(shown[2]) < 120


def test_check_borders(data):
    rows = data.rows("crossing")
    gone = rows[0]["crossing_id"]
    lines = [line for line in data.lines("crossing") if not line.startswith(gone + ",")]
    data.path("crossing").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (fault,) = check_faults(read(data), "borders")
    assert "leaves CN without a crossing from 'suifenhe'" in fault.message


def test_check_ranges(data):
    line = data.edit("operation", 0, value="5000")
    (fault,) = check_faults(read(data), "ranges")
    assert "value 5000.0 is outside its range" in fault.message
    assert_placed(fault, "operation", line)


def test_check_currencies(data):
    line = data.edit("tariff", 0, price_year="2030")
    (fault,) = check_faults(read(data), "currencies")
    assert "'CNY' 2030" in fault.message
    assert_placed(fault, "tariff", line)


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
    with pytest.raises(UnknownName, match="unknown check 'border'") as caught:
        check_network(shipped, "border")
    assert caught.value.hint == "did you mean 'borders'?"


# the network itself


def test_unknown_node(shipped):
    with pytest.raises(UnknownName, match="unknown node 'harbn'") as caught:
        shipped.node("harbn")
    assert caught.value.hint == "did you mean 'harbin'?"
    assert isinstance(caught.value, KeyError)
    with pytest.raises(UnknownName) as caught:
        shipped.node("qqqqqqqq")
    assert "corridor-net export" in caught.value.hint


def test_unknown_table(shipped):
    with pytest.raises(UnknownName) as caught:
        shipped.rows("lnk")
    assert caught.value.hint == "did you mean 'link'?"


@pytest.mark.parametrize("text", ["yesterday", "2019-02-30", "2019", "", "2019-07-01T10:00", "01/07/2019"])
def test_what_is_no_date(text):
    with pytest.raises(BadValue, match="is not a date") as caught:
        parse_day(text)
    assert "YYYY-MM-DD" in caught.value.hint


def test_dates_of_python(shipped):
    assert parse_day(datetime(2019, 7, 1, 12, 30)) == date(2019, 7, 1)
    for wrong in (20190701, None, 2019.5):
        with pytest.raises(BadValue, match="is not a date"):
            parse_day(wrong)


@pytest.mark.parametrize("text", ["2008-12-31", "2027-01-01", date(1990, 1, 1)])
def test_dates_outside_the_data(shipped, text):
    with pytest.raises(BadValue, match="outside the data"):
        shipped.as_of(text)


def test_as_of_leaves_the_network_as_it_was(shipped):
    day = shipped.day
    other = shipped.as_of("2009-01-01")
    assert shipped.day == day
    assert other.day == date(2009, 1, 1)
    assert other.tables is shipped.tables


@pytest.mark.parametrize(
    ("day", "present"),
    [("2009-06-28", False), ("2009-06-29", True), ("2019-11-27", True), ("2019-11-28", False)],
)
def test_dates_hold_from_and_to_inclusive(shipped, day, present):
    services = {row.service_id for row in shipped.as_of(day).active("service")}
    assert ("dbs-ferry" in services) is present


def test_closures_since_2022(shipped):
    """No direct box service between the Russian Far East and Japan today."""
    net = shipped.as_of("2026-07-01")
    for service in net.active("service"):
        countries = {net.nodes[call.node_id].country for call in net.calls[service.service_id]}
        if service.carries == "container":
            assert not {"RU", "JP"} <= countries, service.service_id


def test_a_copied_folder_reads_the_same(data, shipped):
    net = Network.from_folder(data.folder)
    assert dict(net.file_hashes) == dict(shipped.file_hashes)
    assert all(net.rows(name) == shipped.rows(name) for name in shipped.tables)


def test_reading_needs_no_order_of_columns(data, shipped):
    rows = data.rows("season")
    columns = list(rows[0])[::-1]
    import csv

    with data.path("season").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    assert Network.from_folder(data.folder).rows("season") == shipped.rows("season")


def test_the_tiny_network_is_without_fault(tiny):
    assert check_network(tiny)["borders"] == 2


def test_to_networkx(shipped):
    graph = shipped.as_of("2019-07-01").to_networkx()
    net = shipped.as_of("2019-07-01")
    assert set(graph) == {node.node_id for node in net.active("node")}
    assert graph.number_of_edges() == len(passages(net))
    assert graph.edges["harbin", "mudanjiang", "rail-harbin-mudanjiang"]["length_km"] == 355
    assert graph.is_multigraph()
    assert graph.is_directed()


def test_to_geodataframes(shipped):
    net = shipped.as_of("2019-07-01")
    frames = net.to_geodataframes()
    assert {name: len(frame) for name, frame in frames.items()} == {
        "nodes": len(net.active("node")),
        "links": len(passable_links(net)),
        "sea_lanes": len(net.rows("sea_lane")),
    }
    for frame in frames.values():
        assert frame.crs.to_epsg() == 4326
        assert frame.geometry.is_valid.all()
        assert not frame.geometry.is_empty.any()


def test_a_folder_without_read_permission_is_named(tmp_path, geodata):
    folder = shutil.copytree(geodata, tmp_path / "g")
    (folder / "link.csv").unlink()
    (folder / "link.csv").symlink_to(folder / "nowhere.csv")
    (fault,) = [f for f in faults_of(folder) if "link.csv" in f"{f.message} {f.place}"][:1]
    assert isinstance(fault, BadFile)


def test_faults_of_a_network_name_their_cell_and_can_be_moved(shipped):
    net = shipped.as_of("2019-07-01")
    links = [replace(row, length_km=4.8, line=0) if row.link_id == "road-harbin-mudanjiang" else row
             for row in net.rows("link")]  # fmt: skip
    changed = net.with_rows(link=links)
    (fault,) = list_faults(changed)
    assert (fault.table, fault.row_id, fault.column) == ("link", "road-harbin-mudanjiang", "length_km")
    assert fault.place is None
    place = Place("mine.yaml", 7, 3)
    assert str(fault.moved(place).place) == "mine.yaml:7:3"
    assert fault.place is None
    assert len(list_faults(changed, {("link", "road-harbin-mudanjiang")})) == 1
    assert list_faults(changed, {("link", "rail-harbin-mudanjiang"), ("speed", "rail_cn")}) == []
    assert list_faults(net) == []
