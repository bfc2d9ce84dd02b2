"""Cells that are wrong: every fault is named at once, with its place and the nearest spelling."""

from __future__ import annotations

import pytest

from corridor_net.errors import BadValue, DataFault, UnknownName
from corridor_net.network import Network
from corridor_net.network.files.fields import ColumnSchema
from corridor_net.network.files.patterns import pattern_of
from network.helpers import describe, described, faults_of, field_of, pointed_at, where


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


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("([A-Za-z ]+)+[0-9]!", "Background knowledge and expert estimate of the compiler"),
     ("(a+)+$", 60 * "a" + "!"), ("(a|aa)+$", 60 * "a" + "!"), ("(a+)+[^!]", 60 * "a" + "!"),
     ("a*a*a*a*b", 20_000 * "a")],
)  # fmt: skip
def test_a_pattern_that_would_take_for_ever_is_held_to_at_once(pattern, text):
    with pytest.raises(ValueError, match="must look like"):
        ColumnSchema(name="name", patterns=(pattern_of(pattern),)).read(text)


@pytest.mark.parametrize("pattern", [r"(?=a)(a+)+", r"(a+)+\1", r"((a{900}){900}){900}"])
def test_a_pattern_that_can_only_be_held_to_by_going_back_is_refused(pattern):
    with pytest.raises(ValueError, match="may take for ever"):
        pattern_of(pattern)


def test_signs_between_thousands_stand_there_alone():
    column = ColumnSchema(name="n", kind="number", group_char=",")
    told = {text: column.read(text) for text in ("1,250", "-12,345.5", "12,34,567", "1250")}
    assert told == {"1,250": 1250, "-12,345.5": -12345.5, "12,34,567": 1234567, "1250": 1250}
    for text in ("1,5", "12,5", ",500", "1,25", "1234,567", "1,,250", "1.250,5", "12,3456", "1,250,", "1.5,"):
        with pytest.raises(ValueError, match="must"):
            column.read(text)


@pytest.mark.parametrize(
    "signs", [{"groupChar": "1"}, {"groupChar": "."}, {"decimalChar": "5"}, {"decimalChar": ",", "groupChar": ","},
              {"decimalChar": "-"}, {"groupChar": "e"}]
)  # fmt: skip
def test_signs_that_would_make_another_number_are_refused_where_they_stand(data, signs):
    package = described(data)
    field_of(package, "link", "length_km").update(signs)
    describe(data, package)
    told = faults_of(data.folder)
    assert [fault.place.path.rsplit("/", 1)[-1] for fault in told] == ["datapackage.json"]
    assert "cannot be" in told[0].message


def test_patterns_mean_the_same_to_both_engines():
    slug = ColumnSchema(name="name", patterns=(pattern_of(r"([a-z]+-)*[a-z]+"),))
    assert slug.read("a-slug-of-many-words") == "a-slug-of-many-words"
    with pytest.raises(ValueError, match="must look like"):
        slug.read("a-slug-")


def test_such_a_pattern_of_a_package_is_a_fault_of_its_table(data):
    package = described(data)
    field_of(package, "source", "title")["constraints"] = {"pattern": "([A-Za-z /]+)+[0-9]!"}
    describe(data, package)
    told = [fault for fault in faults_of(data.folder) if "must look like" in fault.message]
    assert told[0].place.path.endswith("source.csv")
