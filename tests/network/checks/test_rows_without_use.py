"""Rows that nothing would ever use, and crossings one way only, are faults: in the data and of a scenario."""

from dataclasses import replace
from datetime import date

import pytest

from corridor_net.errors import CorridorError
from corridor_net.network import Network
from corridor_net.network.checks import faults_of
from corridor_net.network.reading.package import Package
from corridor_net.network.rows import row_id
from corridor_net.scenario import load_scenario


@pytest.fixture(scope="module")
def network():
    return Network.from_folder().as_of("2019-07-01")


def changed(network, table, key, name, **values):
    rows = network.rows(table)
    assert any(getattr(row, key) == name for row in rows)
    rows = [replace(row, **values) if getattr(row, key) == name else row for row in rows]
    return network.with_rows(**{table: rows})


def messages(network, *rows):
    return [fault.message for fault in faults_of(network, rows)]


HARBIN = "harbin-origin-rail_1435"


@pytest.mark.parametrize(
    ("table", "key", "name", "values", "message"),
    [
        ("link", "link_id", "rail-harbin-mudanjiang", {"to_node_id": "harbin"}, "leads from 'harbin' to itself"),
        ("sea_lane", "lane_id", "sea-akita-busan", {"to_node_id": "akita"}, "leads from 'akita' to itself"),
        ("link", "link_id", "rail-harbin-mudanjiang", {"gauge_mm": "4850"}, "no terminal takes a gauge of 4850 mm"),
        ("terminal", "terminal_id", HARBIN, {"to_state": "rail_1453"}, "no link is for rail_1453"),
        ("terminal", "terminal_id", HARBIN, {"to_state": "origin"}, "leads from origin to origin"),
        ("terminal", "terminal_id", HARBIN, {"from_state": "road", "to_state": "origin"}, "leads to origin"),
        ("terminal", "terminal_id", HARBIN, {"from_state": "destination"}, "leads on from destination"),
        ("speed", "speed_id", "rail_cn", {"schedule_kmh": 5.0}, "schedule_kmh 5 is below speed_kmh"),
    ],
)  # fmt: skip
def test_a_row_that_nothing_would_use_is_a_fault(network, table, key, name, values, message):
    found = messages(changed(network, table, key, name, **values), (table, name))
    assert any(message in one for one in found), found


def test_a_service_needs_calls_and_stands_once(network):
    twin = next(row for row in network.rows("service") if row.service_id == "dbs-ferry" and row.state == "open")
    double = replace(twin, service_id="double")
    calls = [replace(row, service_id="double") for row in network.rows("service_call") if row.service_id == "dbs-ferry"]
    bare = network.with_rows(service=[*network.rows("service"), double])
    assert messages(bare, *refs(bare)) == ["service 'double' has 0 calls"]
    both = bare.with_rows(service_call=[*network.rows("service_call"), *calls])
    assert any("'double' sails as 'dbs-ferry' does from 2009-06-29 on" in one for one in messages(both, *refs(both)))
    later = replace(twin, service_id="double", valid_from=date(2030, 1, 1), valid_to=None)
    assert not messages(both.with_rows(service=[*network.rows("service"), later]), *refs(both))


def refs(network):
    return [("service", row_id("service", row)) for row in network.rows("service") if row.service_id == "double"]


def test_the_data_have_none(network):
    assert not messages(network, *(("link", row.link_id) for row in network.rows("link")[:3]), ("terminal", HARBIN))


CROSSING = """scenario: gate
title: A gate inside China, one way
changes:
  - add: crossing
    row: {crossing_id: c1, name: c, link_id: rail-harbin-mudanjiang, from_node_id: harbin, to_node_id: mudanjiang,
          mode: rail, direction: out, operation_id: border_rail_suifenhe_out, opening_hours: 24h}
"""


def test_a_crossing_one_way_inside_a_country_does_not_close_the_other_way_silently(network, tmp_path):
    path = tmp_path / "gate.yaml"
    path.write_text(CROSSING, encoding="utf-8")
    with pytest.raises(CorridorError, match="none from 'mudanjiang', which closes it that way") as caught:
        load_scenario(path).apply(network)
    assert caught.value.place.line == 5
    back = CROSSING.split("changes:\n")[1].replace("c1", "c2").replace("direction: out", "direction: in")
    back = back.replace("from_node_id: harbin, to_node_id: mudanjiang", "from_node_id: mudanjiang, to_node_id: harbin")
    path.write_text(CROSSING + back, encoding="utf-8")
    load_scenario(path).apply(network)


def test_a_link_inside_a_customs_area_needs_no_crossing_in_a_scenario_either(network, tmp_path):
    path = tmp_path / "union.yaml"
    path.write_text(
        """scenario: union
title: A road over a border that is open
changes:
  - add: link
    row: {link_id: new, name: new, from_node_id: suifenhe, to_node_id: ussuriysk, mode: road, length_km: 120,
          speed_id: road_cn, tariff_id: road_cn, emission_factor_id: road_heavy, country: CN}
""",
        encoding="utf-8",
    )
    with pytest.raises(CorridorError, match="goes from CN to RU and has no crossing"):
        load_scenario(path).apply(network)
    package: Package = replace(network.package, customs_areas={"union": frozenset(["CN", "RU"])})
    load_scenario(path).apply(replace(network, package=package))
