"""CSV files as people's tools write them: read alike, or refused once, with the line and what to do."""

from __future__ import annotations

import pytest

from corridor_net.errors import BadFile, BadValue
from corridor_net.network import Network
from corridor_net.network.reading import read
from network.helpers import describe, described, faults_of, only_fault, pointed_at, where


def rewrite(data, table, change):
    path = data.path(table)
    path.write_bytes(change(path.read_bytes()))


def with_empty_column(text):
    return b"".join(line + b",\n" for line in text.splitlines())


SAME = {
    "a byte order mark": lambda text: b"\xef\xbb\xbf" + text,
    "Windows line ends": lambda text: text.replace(b"\n", b"\r\n"),
    "old Mac line ends": lambda text: text.replace(b"\n", b"\r"),
    "no last line end": lambda text: text.rstrip(b"\n"),
    "blank lines at the end": lambda text: text + b"\n\n",
    "blank lines between": lambda text: text.replace(b"\n", b"\n\n"),
    "a blank line before the header": lambda text: b"\n" + text,
    "a row of commas": lambda text: text + b"," * text.split(b"\n")[0].count(b",") + b"\n",
    "a row of spaces and commas": lambda text: text + b" , ,\n",
    "a column without name and cells": with_empty_column,
    "every cell quoted": lambda text: b"\n".join(
        b",".join(b'"' + cell + b'"' for cell in line.split(b",")) for line in text.splitlines()
    ),
}


@pytest.mark.parametrize("name", SAME)
def test_a_table_saved_by_a_spreadsheet_is_the_same_table(small, name):
    before = Network.from_folder(small.folder)
    rewrite(small, "node", SAME[name])
    after = Network.from_folder(small.folder)
    assert [(row.node_id, row.name, row.x_coord) for row in after.rows("node")] == [
        (row.node_id, row.name, row.x_coord) for row in before.rows("node")
    ]


@pytest.mark.parametrize("name", SAME)
def test_a_fault_is_placed_rightly_in_such_a_table(small, name):
    line = small.edit("node", 2, x_coord="east")
    rewrite(small, "node", SAME[name])
    fault = only_fault(small.folder)
    assert pointed_at(fault).startswith(("east", '"east'))
    if name in ("a byte order mark", "Windows line ends", "old Mac line ends"):
        assert where(fault)[:2] == ("node.csv", line)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "gb18030", "cp932", "cp1251"])
def test_another_encoding_is_one_fault_with_its_line(small, encoding):
    text = "node_id,language,name,source_id,grade\nalfa,ru,Альфа,S,B\n"
    small.path("node_name").write_bytes(text.encode(encoding))
    fault = only_fault(small.folder)
    assert isinstance(fault, BadFile)
    assert where(fault)[0] == "node_name.csv"
    assert where(fault)[1] == (1 if encoding.startswith("utf") else 2)
    assert "CSV UTF-8" in fault.hint


def test_an_encoding_that_is_named_is_read(small):
    package = described(small)
    next(r for r in package["resources"] if r["name"] == "node-name")["encoding"] = "gb18030"
    describe(small, package)
    small.path("node_name").write_bytes("node_id,language,name,source_id,grade\nalfa,zh,阿尔法,S,B\n".encode("gb18030"))
    assert Network.from_folder(small.folder).node("阿尔法").node_id == "alfa"


def test_a_cell_over_the_limit_is_a_fault(small):
    text = small.path("tariff").read_text(encoding="utf-8")
    small.path("tariff").write_text(text.rstrip("\n") + "x" * 140_000 + "\n", encoding="utf-8")
    fault = only_fault(small.folder)
    assert "a cell is longer than 131,072 characters" in fault.message
    assert where(fault)[:2] == ("tariff.csv", len(text.splitlines()))


def test_a_quote_that_never_closes_names_the_line_it_begins_on(small):
    small.append("node", 'echo,"Echo,city,CN,,1,1,,,,,,,,S,B,,')
    fault = only_fault(small.folder)
    assert "never ends" in fault.message
    assert where(fault)[:2] == ("node.csv", len(small.lines("node")))


def test_a_control_character_is_refused(small):
    small.replace("node", "Alfa", "Al\x1b[31mfa")
    fault = only_fault(small.folder)
    assert "control character" in fault.message
    assert where(fault) == ("node.csv", 2, 8)


@pytest.mark.parametrize(("sign", "name"), [(";", "';'"), ("\t", "tabs"), ("|", "|")])
def test_another_delimiter_is_one_fault_that_says_so(small, sign, name):
    rewrite(small, "node", lambda text: text.replace(b",", sign.encode()))
    fault = only_fault(small.folder)
    assert fault.message == f"the columns are parted by {name}, not by ','"
    assert "dialect" in fault.hint


@pytest.mark.parametrize("first", ["sep=,", "sep=;", "<<<<<<< HEAD"])
def test_a_line_above_the_header_is_one_fault_that_says_so(small, first):
    rewrite(small, "node", lambda text: first.encode() + b"\n" + text)
    fault = only_fault(small.folder)
    assert fault.message == f"the first line is '{first.rstrip(',')}'"
    assert where(fault)[:2] == ("node.csv", 1)


@pytest.mark.parametrize(("sign", "dialect"), [
    (b";", {"delimiter": ";"}), (b"\t", {"delimiter": "\t"}), (b"|", {"delimiter": "|", "quoteChar": "'"}),
    (b", ", {"skipInitialSpace": True}), (b";", {"csv": {"delimiter": ";"}}),
])  # fmt: skip
def test_a_dialect_is_obeyed(small, sign, dialect):
    before = Network.from_folder(small.folder).rows("node")
    rewrite(small, "node", lambda text: text.replace(b",", sign))
    package = described(small)
    next(r for r in package["resources"] if r["name"] == "node")["dialect"] = dialect
    describe(small, package)
    assert Network.from_folder(small.folder).rows("node") == before


def test_a_fault_under_a_dialect_is_placed_rightly(small):
    line = small.edit("node", 2, x_coord="east")
    rewrite(small, "node", lambda text: text.replace(b",", b";"))
    package = described(small)
    next(r for r in package["resources"] if r["name"] == "node")["dialect"] = {"delimiter": ";"}
    describe(small, package)
    fault = only_fault(small.folder)
    assert where(fault)[:2] == ("node.csv", line)
    assert pointed_at(fault).startswith("east;")


def test_decimal_commas_are_read_where_they_are_named(small):
    before = Network.from_folder(small.folder).rows("node")
    rewrite(small, "node", lambda text: text.replace(b",", b";").replace(b"129.3", b"129,3"))
    package = described(small)
    node = next(r for r in package["resources"] if r["name"] == "node")
    node["dialect"] = {"delimiter": ";"}
    for field in node["schema"]["fields"]:
        if field["type"] == "number":
            field["decimalChar"] = ","
    describe(small, package)
    assert Network.from_folder(small.folder).rows("node") == before


@pytest.mark.parametrize("more", [",c{}", ",speed_kmh"])
def test_of_thousands_of_columns_too_many_the_first_are_told_and_no_others_are_looked_for(small, monkeypatch, more):
    placed = []
    found = read.cell_place
    monkeypatch.setattr(read, "cell_place", lambda *given: placed.append(given) or found(*given))
    rewrite(
        small,
        "speed",
        lambda raw: raw.replace(b"\n", "".join(more.format(n) for n in range(5_000)).encode() + b"\n", 1),
    )
    faults = [fault.message for fault in faults_of(small.folder)]
    assert "and 4,979 more like this" in faults[-1]
    assert len(placed) == len(faults) == 21


def test_a_lost_column_is_a_fault_with_its_name_required_or_not(small):
    for table, column in (("operation", "valid_from"), ("service_call", "tariff_id"), ("season", "basis")):
        lines = [line.split(",") for line in small.lines(table)]
        number = lines[0].index(column)
        text = small.path(table).read_text(encoding="utf-8")
        small.path(table).write_text(
            "\n".join(",".join(line[:number] + line[number + 1 :]) for line in lines) + "\n", encoding="utf-8"
        )
        fault = only_fault(small.folder)
        assert fault.message == f"the column '{column}' is missing"
        assert where(fault)[:2] == (f"{table}.csv", 1)
        small.path(table).write_text(text, encoding="utf-8")


def test_a_column_that_the_package_does_not_describe_takes_its_default(small):
    package = described(small)
    schema = next(r for r in package["resources"] if r["name"] == "operation")["schema"]
    schema["fields"] = [f for f in schema["fields"] if f["name"] not in ("valid_from", "valid_to", "value_low")]
    describe(small, package)
    lines = [line.split(",") for line in small.lines("operation")]
    gone = {lines[0].index(name) for name in ("valid_from", "valid_to", "value_low")}
    kept = [",".join(cell for number, cell in enumerate(line) if number not in gone) for line in lines]
    small.path("operation").write_text("\n".join(kept) + "\n", encoding="utf-8")
    rows = Network.from_folder(small.folder).rows("operation")
    assert {(row.valid_from, row.valid_to, row.value_low) for row in rows} == {(None, None, None)}


def test_a_row_that_lost_its_last_cells_is_not_read_as_empty(small):
    lines = small.lines("season")
    small.path("season").write_text("\n".join([*lines[:-1], lines[-1].rsplit(",", 3)[0]]) + "\n", encoding="utf-8")
    assert "cells, the header" in only_fault(small.folder).message


@pytest.mark.parametrize(
    ("table", "column", "cell", "message"),
    [
        ("link", "length_km", "1_000", "must be a number"),
        ("link", "length_km", "1,000", "must be a number"),
        ("link", "length_km", "１００", "must be a number"),
        ("link", "length_km", "١٠٠", "must be a number"),
        ("link", "length_km", " 100", "has space around it"),
        ("link", "length_km", "100\u00a0", "has space around it"),
        ("link", "length_km", "1e400", "must be a finite number"),
        ("link", "length_km", "-inf", "must be a finite number"),
        ("link", "length_km", "NaN", "must be a finite number"),
        ("link", "length_km", "0x10", "must be a number"),
        ("link", "length_km", "true", "must be a number"),
        ("link", "length_km", "12km", "must be a number"),
        ("link", "directed", "true", "must be a whole number"),
        ("link", "directed", "1.0", "must be a whole number"),
        ("link", "directed", "１", "must be a whole number"),
        ("link", "directed", "0 ", "has space around it"),
        ("link", "directed", "9" * 5000, "must be a whole number"),
        ("deflator", "year", "2018.0", "must be a whole number"),
        ("deflator", "year", "2018e0", "must be a whole number"),
        ("link", "valid_from", "20190701", "YYYY-MM-DD"),
        ("link", "valid_from", "2019-W27-1", "YYYY-MM-DD"),
        ("link", "valid_from", "2019-7-1", "YYYY-MM-DD"),
        ("link", "valid_from", "２０１９-07-01", "YYYY-MM-DD"),
        ("link", "valid_from", "2019-07-01T00:00", "YYYY-MM-DD"),
        ("link", "valid_from", "2019-02-29", "is no day of the calendar"),
        ("link", "from_node_id", " alfa", "has space around it"),
        ("link", "mode", "road ", "has space around it"),
        ("season", "closed", "true", "must be one of no, yes"),
        ("season", "closed", "Yes", "must be one of no, yes"),
        ("cargo", "may_charter", "1", "must be one of no, yes"),
        ("crossing", "opening_hours", "24:30-25:00", "must look like"),
    ],
)
def test_a_cell_that_only_looks_like_a_value(small, table, column, cell, message):
    line = small.edit(table, 0, **{column: cell})
    (fault, *others) = faults_of(small.folder)
    assert not others
    assert isinstance(fault, BadValue)
    assert message in fault.message
    assert where(fault)[:2] == (f"{table}.csv", line)
    assert pointed_at(fault).lstrip('"').startswith(cell[:40])


@pytest.mark.parametrize("cell", ["3e2", "300.", "+300", "300.000", "0300", ".3E3"])
def test_a_number_may_be_written_in_several_ways(small, cell):
    small.edit("link", 0, length_km=cell)
    assert Network.from_folder(small.folder).rows("link")[0].length_km == 300
