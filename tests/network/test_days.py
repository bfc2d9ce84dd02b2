"""Days and seasons: nothing goes by a node that does not hold, and every season has its effect."""

from __future__ import annotations

import itertools

import pytest

from corridor_net.analysis.router import Router
from corridor_net.costing import impedance
from corridor_net.errors import BadValue, NoRoute
from corridor_net.network import Network
from corridor_net.network.checks import faults_of as check_faults

from .helpers import describe, described


def ended(node, day="2018-12-31"):
    def nodes(rows):
        for row in rows:
            if row["node_id"] == node:
                row["valid_to"] = day

    return {"node": nodes}


def route(net, *pair, **options):
    return Router(impedance(net, price_year=2019)).route(*pair, **options)


def test_nothing_passes_a_node_that_does_not_hold(make_tiny):
    net = make_tiny(**ended("charlie"))
    assert {row.link_id for row in net.active("link")} == {"road-ab", "rail-ag"}
    assert net.active("crossing") == ()
    assert "charlie-road-port_out" not in {row.terminal_id for row in net.active("terminal")}
    assert {row.service_id for row in net.active("service")} == {"line-gd"}
    assert route(net, "alfa", "delta").gateway == "golf"
    assert not {arc.from_node for arc in impedance(net, price_year=2019).arcs} & {"charlie"}
    before = make_tiny("2018-12-31", **ended("charlie"))
    assert len(before.active("link")) == 3
    with pytest.raises(NoRoute) as caught:
        route(net, "charlie", "delta")
    assert "charlie does not hold on the day" in caught.value.hint
    with pytest.raises(NoRoute):
        route(net, "alfa", "delta", via=["charlie"])


@pytest.mark.parametrize("end", ["alfa", "delta"])
def test_nothing_starts_or_ends_at_a_node_that_does_not_hold(make_tiny, end):
    with pytest.raises(NoRoute):
        route(make_tiny(**ended(end)), "alfa", "delta")


def round_trip(rows):
    rows.clear()
    for number, node in enumerate(("golf", "charlie", "delta", "golf"), 1):
        rows.append({"service_id": "loop", "call_sequence": number, "node_id": node})


def loop(rows):
    rows[:] = [{**rows[0], "service_id": "loop", "circular": 1}]


def lanes(rows):
    rows.append({**rows[0], "lane_id": "sea-gc", "from_node_id": "golf", "to_node_id": "charlie"})


LOOP = {"service": loop, "service_call": round_trip, "sea_lane": lanes, "season": lambda rows: rows.clear()}


@pytest.mark.parametrize(
    ("gone", "ports"),
    [("charlie", ["golf", "delta", "golf"]), ("golf", ["charlie", "delta", "charlie"]),
     ("delta", ["golf", "charlie", "golf"])],
)  # fmt: skip
def test_a_round_trip_passes_by_a_port_that_does_not_hold_and_stays_a_round_trip(make_tiny, gone, ports):
    net = make_tiny(**LOOP, **ended(gone))
    assert [call.node_id for call in net.calls["loop"]] == ports
    arcs = {arc.key: arc for arc in impedance(net, price_year=2019).arcs if arc.kind == "sail"}
    assert {(arc.from_node, arc.to_node) for arc in arcs.values()} == set(itertools.pairwise(ports))
    for arc in arcs.values():
        assert arc.distance_km == net.lanes[arc.from_node, arc.to_node].length_km


def seasons(*rows):
    def change(found):
        found[:] = [
            {"season_id": f"s{number}", "applies_to": kind, "target_id": target, "from_month_day": "01-01",
             "to_month_day": "12-31", "hours_factor": factor, "closed": closed}
            for number, (kind, target, factor, closed) in enumerate(rows)
        ]  # fmt: skip

    return {"season": change}


def hours_of(net, kind):
    compiled = impedance(net, price_year=2019)
    return {arc.key: sum(part.amount for part in arc.parts if part.quantity == "hours" and part.component in
            ("haul", "sailing")) for arc in compiled.arcs if arc.kind == kind}  # fmt: skip


def test_a_season_of_a_mode_makes_its_links_slower(make_tiny):
    plain = hours_of(make_tiny(**seasons()), "haul")
    slow = hours_of(make_tiny(**seasons(("mode", "road", 1.5, "no"))), "haul")
    assert plain["link:road-ab:alfa:road"] == 5
    for key, hours in plain.items():
        assert slow[key] == pytest.approx(hours * (1.5 if ":road" in key else 1.0))


def test_a_season_of_the_sea_and_one_of_a_service_multiply(make_tiny):
    plain = hours_of(make_tiny(**seasons()), "sail")
    slow = hours_of(make_tiny(**seasons(("mode", "sea", 1.5, "no"), ("service", "line-cd", 2, "no"))), "sail")
    assert plain["sail:line-cd:1:land"] == 40
    assert slow["sail:line-cd:1:land"] == pytest.approx(40 * 3)
    assert slow["sail:line-gd:1:land"] == pytest.approx(80 * 1.5)


@pytest.mark.parametrize(("kind", "target", "gone"), [
    ("mode", "road", {"haul:road", "crossing"}), ("mode", "rail", {"haul:rail"}), ("mode", "sea", {"board", "sail"}),
    ("service", "line-cd", {"line-cd"}),
])  # fmt: skip
def test_a_season_that_closes_takes_its_arcs_away(make_tiny, kind, target, gone):
    def kinds(net):
        arcs = impedance(net, price_year=2019).arcs
        return {f"haul:{arc.mode}" if arc.kind == "haul" else arc.kind for arc in arcs} | {
            arc.asset_id for arc in arcs if arc.kind in ("board", "sail")
        }

    before, after = kinds(make_tiny(**seasons())), kinds(make_tiny(**seasons((kind, target, 1, "yes"))))
    lost = before - after
    assert gone <= lost
    assert lost <= gone | {"line-cd", "line-gd"}


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"target_id": "alfa"}, "which has no port terminal"),
        ({"to_month_day": "02-30"}, "to_month_day 02-30 is no day of the year"),
        ({"from_month_day": "04-31"}, "from_month_day 04-31 is no day of the year"),
    ],
)
def test_a_season_that_would_do_nothing_is_a_fault(make_tiny, cells, message):
    def change(rows):
        rows[0].update(cells)

    (fault,) = check_faults(make_tiny(season=change))
    assert message in fault.message
    assert (fault.table, fault.row_id) == ("season", "charlie-ice")


def test_a_package_names_its_days_and_the_day_that_is_meant(small):
    package = described(small)
    package.update(days=["2018-01-01", "2031-12-31"], day="2030-05-01")
    describe(small, package)
    net = Network.from_folder(small.folder)
    assert str(net.day) == "2030-05-01"
    assert str(net.as_of("2031-12-31").day) == "2031-12-31"
    with pytest.raises(BadValue, match="2032-01-01 is outside the data") as caught:
        net.as_of("2032-01-01")
    assert caught.value.hint == "the data cover 2018-01-01 to 2031-12-31"


def test_a_package_that_names_no_days_has_the_years_of_its_price_index(small):
    package = described(small)
    del package["days"], package["day"]
    describe(small, package)
    net = Network.from_folder(small.folder)
    assert tuple(map(str, net.days)) == ("2018-01-01", "2019-12-31")
    assert str(net.day) == "2019-12-31"


def test_the_shipped_days(shipped):
    assert tuple(map(str, shipped.days)) == ("2009-01-01", "2026-12-31")
    assert str(shipped.day) == "2026-07-01"
