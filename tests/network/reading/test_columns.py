"""Tables read column by column are those read row by row: rows, order, lines, faults, and what is computed of them."""

import shutil
from datetime import date

import numpy as np
import pytest

import corridor_net as cn
from corridor_net.costing import compiled as compiling
from corridor_net.costing import impedance, pieces
from corridor_net.errors import DataFault
from corridor_net.network import Network
from corridor_net.network.columns import Columns
from corridor_net.network.reading import read_columns
from corridor_net.network.reading.package import shipped_folder
from corridor_net.network.reading.read import _Table


@pytest.fixture
def columns(monkeypatch):
    """Every table is large, and the shipped network is read anew."""
    monkeypatch.setattr(Network, "from_folder", staticmethod(Network.from_folder.__wrapped__))
    monkeypatch.setattr(_Table, "large", 0)
    for module in (pieces, compiling):
        monkeypatch.setattr(module, "CACHED", 0)


@pytest.fixture(scope="module")
def plain():
    return Network.from_folder()


def test_every_row_is_the_same_one_by_one_and_in_turn(plain, columns):
    found = Network.from_folder()
    kept = {name for name, rows in found.tables.items() if isinstance(rows, Columns)}
    assert {"node", "link", "terminal", "operation", "speed"} <= kept
    for name, rows in plain.tables.items():
        other = found.tables[name]
        assert list(other) == list(rows), name
        assert [other[number] for number in range(len(other))] == list(rows), name


@pytest.mark.parametrize("day", ["2012-07-01", "2019-07-01"])
def test_what_holds_on_a_day_and_what_is_compiled_are_the_same(plain, columns, day):
    found, other = Network.from_folder().as_of(day), plain.as_of(day)
    for name in ("node", "link", "terminal", "crossing", "service"):
        assert list(found.active(name)) == list(other.active(name)), name
    one, two = impedance(found), impedance(other)
    assert isinstance(one.states, pieces.States)
    assert list(one.keys()) == [arc.key for arc in two.arcs]
    assert list(one.states) == list(two.states)
    assert list(one.arcs) == list(two.arcs)
    assert [one.index[state] for state in one.states] == list(range(len(two.states)))
    assert ("harbin", "nowhere") not in one.index
    for name in ("total_money", "spread_hours", "co2_kg", "distance_km", "tail", "head", "at_sea"):
        assert np.array_equal(getattr(one, name), getattr(two, name)), name


def test_a_scenario_changes_the_same_rows(plain, columns):
    one = cn.load(as_of="2019-07-01").with_scenario("primorye-2")
    assert isinstance(one.base.tables["link"], Columns)
    two = cn.Model(plain, day=date(2019, 7, 1)).with_scenario("primorye-2")
    assert one.route("hunchun", "niigata").to_dict() == two.route("hunchun", "niigata").to_dict()


FAULTS = {
    "a number out of bounds": ("link.csv", 7, "length_km", "-3"),
    "no number": ("link.csv", 9, "length_km", "12,5"),
    "an unknown code": ("link.csv", 5, "mode", "camel"),
    "an unknown node": ("link.csv", 4, "to_node_id", "atlantis"),
    "a doubled id": ("node.csv", 6, "node_id", "harbin"),
    "space around": ("node.csv", 6, "node_id", " x"),
    "an empty id": ("node.csv", 8, "node_id", ""),
    "a day that is none": ("terminal.csv", 5, "valid_from", "2019-02-30"),
    "an end before the beginning": ("terminal.csv", 5, "valid_to", "1901-01-01"),
}


def texts(folder):
    with pytest.raises(DataFault) as caught:
        Network.from_folder(folder)
    return [(fault.message, str(fault.place), fault.hint) for fault in caught.value.faults]


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_is_said_at_its_line_and_column_either_way(kind, tmp_path, monkeypatch):
    import csv

    name, line, column, value = FAULTS[kind]
    folder = tmp_path / "data"
    shutil.copytree(shipped_folder("geodata"), folder)
    with (folder / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    rows[line - 1][rows[0].index(column)] = value
    if kind == "an end before the beginning":
        rows[line - 1][rows[0].index("valid_from")] = "2001-01-01"
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    by_row = texts(folder)
    monkeypatch.setattr(_Table, "large", 0)
    assert texts(folder) == by_row
    assert any(f"{name}:{line}" in place for _, place, _ in by_row)


@pytest.mark.parametrize("piece", [1, 300])
def test_rows_are_the_same_wherever_the_text_is_cut(plain, columns, monkeypatch, piece):
    """A piece with a quote is read by the csv module, one without is parted at its delimiters."""
    monkeypatch.setattr(read_columns, "PIECE", piece)
    found = Network.from_folder()
    for name in ("link", "terminal", "crossing", "node_name", "operation"):
        assert isinstance(found.tables[name], Columns), name
        assert list(found.tables[name]) == list(plain.tables[name]), name


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n\n", ""])
def test_lines_are_counted_as_they_stand(end, tmp_path, monkeypatch, plain):
    folder = tmp_path / "data"
    shutil.copytree(shipped_folder("geodata"), folder)
    text = (folder / "link.csv").read_text(encoding="utf-8").rstrip("\n")
    sign = "\r\n" if end == "\r\n" else "\n"
    (folder / "link.csv").write_bytes((text.replace("\n", sign) + end).encode())
    monkeypatch.setattr(_Table, "large", 0)
    found = Network.from_folder(folder).tables["link"]
    assert isinstance(found, Columns)
    assert [row.line for row in found] == [row.line for row in plain.tables["link"]]
