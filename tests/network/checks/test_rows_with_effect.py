"""Rows that are read have an effect or are a fault: ended nodes, seasons of nothing, schedules left behind."""

from dataclasses import replace
from datetime import date

import pytest

import corridor_net as cn
from corridor_net.analysis.router import Router
from corridor_net.costing import impedance
from corridor_net.errors import DataFault, NoRoute
from corridor_net.network import Network
from corridor_net.network.checks import check_network


def ended(network, node_id, last):
    nodes = [replace(row, valid_to=last) if row.node_id == node_id else row for row in network.rows("node")]
    return network.with_rows(node=nodes)


def test_nothing_passes_starts_or_ends_at_a_node_that_has_ended(net2019):
    before = Router(impedance(net2019)).route("harbin", "niigata")
    assert before.gateway == "dalian"
    network = ended(net2019, "dalian", date(2018, 12, 31))
    compiled = impedance(network)
    assert "dalian" not in {node for arc in compiled.arcs for node in (arc.from_node, arc.to_node)}
    assert Router(compiled).route("harbin", "niigata").gateway != "dalian"
    with pytest.raises(NoRoute):
        Router(compiled).route("harbin", "dalian")
    assert impedance(network.as_of("2018-12-31")).arcs == impedance(net2019.as_of("2018-12-31")).arcs


def test_a_ship_leaves_out_a_call_that_has_ended(net2019):
    """The others of its calls stay, with their keys."""
    compiled = impedance(ended(net2019, "donghae", date(2018, 12, 31)))
    keys = {arc.key: arc for arc in compiled.arcs if arc.asset_id == "dbs-ferry"}
    assert (keys["sail:dbs-ferry:1:land"].from_node, keys["sail:dbs-ferry:1:land"].to_node) == (
        "sakaiminato",
        "vladivostok",
    )
    assert "board:dbs-ferry:2" not in keys


@pytest.mark.parametrize(
    ("table", "wrong", "words"),
    [
        ("season", "vladivostock", "did you mean 'vladivostok'?"),
        ("traffic", "daliann", "did you mean 'dalian'?"),
    ],
)
def test_a_row_about_something_that_is_not_there_is_a_fault(data, table, wrong, words):
    right = {"season": "vladivostok", "traffic": "dalian"}[table]
    row = [one["target_id"] for one in data.rows(table)].index(right)
    line = data.edit(table, row, target_id=wrong)
    with pytest.raises(DataFault) as error:
        check_network(Network.from_folder(data.folder), "targets")
    assert f"{table}.csv:{line}:" in str(error.value)
    assert words in str(error.value)


def test_every_season_and_count_of_the_shipped_data_has_its_target(shipped):
    places = {row.node_id for row in shipped.rows("node")}
    services = {row.service_id for row in shipped.rows("service")}
    modes, corridors = (
        {row.mode for row in shipped.rows("link")} | {"sea"},
        {row.corridor for row in shipped.rows("link")},
    )
    of = {"node": places, "port": places, "service": services, "mode": modes, "corridor": corridors}
    for row in (*shipped.rows("season"), *shipped.rows("traffic")):
        if row.applies_to in of:
            assert row.target_id in of[row.applies_to], row
    assert check_network(shipped, "keys") == {"keys": sum(len(rows) for rows in shipped.tables.values())}


def test_the_schedule_goes_with_the_speed(write_yaml):
    """A railway of 160 km/h is no slower by its timetable than in fact; frequency takes its range along."""
    path = write_yaml(
        "fast",
        "scenario: fast\ntitle: All railways at 160\nchanges:\n"
        "  - {set: link, where: {mode: rail}, field: speed_kmh, value: 160}\n",
    )
    before = cn.load(as_of="2019-07-01").route("harbin", "dalian", schedule=True)
    model = cn.load(as_of="2019-07-01", scenarios=[path])
    realised, scheduled = (model.route("harbin", "dalian", schedule=schedule) for schedule in (False, True))
    haul = {name: route.component("hours")["haul"] for name, route in
            (("before", before), ("realised", realised), ("scheduled", scheduled))}  # fmt: skip
    assert haul["scheduled"] <= haul["realised"]
    assert haul["scheduled"] < haul["before"] / 3
    for row in model.network.rows("speed"):
        assert row.schedule_kmh is None or row.schedule_kmh >= row.speed_kmh


def test_the_range_of_a_frequency_goes_with_it(make_tiny, write_yaml):
    def ranged(rows):
        return [
            {**row, "sailings_low": 1, "sailings_high": 3} if row["service_id"] == "line-cd" else row for row in rows
        ]

    path = write_yaml(
        "often",
        "scenario: often\ntitle: Twice as often\nchanges:\n"
        "  - {set: service, where: {service_id: line-cd}, field: sailings_per_week, value: 4}\n",
    )
    made = cn.load_scenario(path).apply(make_tiny("2019-07-01", service=ranged))
    (row,) = (one for one in made.rows("service") if one.service_id == "line-cd")
    assert (row.sailings_per_week, row.sailings_low, row.sailings_high) == (4, 2, 6)
