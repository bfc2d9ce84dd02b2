"""The network itself: its days, its closures, the same from any copy, other forms of it, its faults."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, datetime

import pytest

from corridor_net.errors import BadFile, BadValue, Place, UnknownName
from corridor_net.network import Network, parse_day
from corridor_net.network.checks import check_network
from corridor_net.network.checks import faults_of as list_faults
from corridor_net.network.passable import passable_links, passages

from .helpers import faults_of


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


@pytest.mark.parametrize("text", ["yesterday", "2019-02-30", "2019", "", "2019-07-01T10:00", "01/07/2019",
                                  "20190701", "2019-W27-1"])  # fmt: skip
def test_what_is_no_date(text):
    with pytest.raises(BadValue, match="is not a date") as caught:
        parse_day(text)
    assert "YYYY-MM-DD" in caught.value.hint


def test_dates_of_python(shipped):
    assert parse_day(datetime(2019, 7, 1, 12, 30)) == date(2019, 7, 1)
    for wrong in (20190701, None, 2019.5):
        with pytest.raises(BadValue, match="is not a date"):
            parse_day(wrong)


@pytest.mark.parametrize("text", ["2008-12-31", "2057-01-01", date(1990, 1, 1)])
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
    assert check_network(tiny)["border-crossings"] == 3


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
    place = Place("mine.yaml", line=7, column=3)
    assert str(fault.moved(place).place) == "mine.yaml:7:3"
    assert fault.place is None
    assert len(list_faults(changed, {("link", "road-harbin-mudanjiang")})) == 1
    assert list_faults(changed, {("link", "rail-harbin-mudanjiang"), ("speed", "rail_cn")}) == []
    assert list_faults(net) == []
