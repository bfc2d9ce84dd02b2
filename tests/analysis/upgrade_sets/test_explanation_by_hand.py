"""What a change did to a pair of the small network, step by step and by component; and which pair is told."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from corridor_net.analysis.router import Router
from corridor_net.analysis.upgrade_sets.explain import explain
from corridor_net.analysis.upgrade_sets.explanation import LegChange, _ledger
from corridor_net.analysis.upgrade_sets.telling import most_moved_pair
from corridor_net.costing import impedance
from corridor_net.errors import BadValue


def router_of(network, **options):
    unsure = [replace(row, reliability_ratio=0.5) for row in network.rows("cargo")]
    return Router(impedance(network.with_rows(cargo=unsure)), **options)


@pytest.fixture(scope="module")
def priced(tiny):
    return router_of(tiny, co2_price_usd_per_t=50.0)


def test_a_way_that_stays_is_told_by_what_changed_on_it(tiny, priced):
    """The queue takes 7 hours in place of 6, its fee 180 CNY in place of 120; nothing else moves."""
    more = {"queue": 7.0, "border_fee": 180.0}
    rows = [replace(row, value=more.get(row.component, row.value)) for row in tiny.rows("operation")]
    after = router_of(tiny.with_rows(operation=rows), co2_price_usd_per_t=50.0)
    found = explain(priced, after, "alfa", "delta")
    assert (found.moved, found.gateway_changed, found.sets) == (False, False, None)
    assert [(leg.asset_id, leg.status) for leg in found.legs if leg.status != "same"] == [("bc-out", "changed")]
    (border,) = (leg for leg in found.legs if leg.status == "changed")
    wait = 196 / 48
    assert (border.cost_usd_before, border.cost_usd_after) == (pytest.approx(22), pytest.approx(33))
    assert (border.hours_before, border.hours_after) == (pytest.approx(8 + wait), pytest.approx(9 + wait))
    assert border.generalised_change_usd >= 11 + 8.25
    by = {one.component: one for one in found.components}
    fee, queue = by["border_fee"], by["queue"]
    assert (fee.cost_usd_before, fee.cost_usd_after, fee.generalised_change_usd) == pytest.approx((22, 33, 11))
    assert (queue.hours_before, queue.hours_after, queue.generalised_change_usd) == pytest.approx((6, 7, 8.25))
    assert (by["sailing"].hours_before, by["sailing"].generalised_change_usd) == pytest.approx((40, 0))
    assert [one.component for one in found.components][:2] == ["border_fee", "queue"]
    spread = found.after.spread_hours - found.before.spread_hours
    assert by["reliability"].generalised_change_usd == pytest.approx(0.5 * 8.25 * spread)
    assert by["reliability"].called == "reliability"
    assert (by["co2_price"].generalised_change_usd, by["co2_price"].called) == (0, "price of CO2")


def test_another_way_is_told_by_what_is_left_and_taken(tiny, priced):
    """By the railway to Golf: 510 kg less at 50 USD a tonne; the import at Delta is the same."""
    rows = [replace(row, value=200.0) if row.component == "queue" else row for row in tiny.rows("operation")]
    after = router_of(tiny.with_rows(operation=rows), co2_price_usd_per_t=50.0)
    found = explain(priced, after, "alfa", "delta")
    told = [(leg.kind, leg.asset_id, leg.status, leg.cost_usd_before, leg.cost_usd_after) for leg in found.legs]
    left, taken = [one for one in told if one[2] == "left"], [one for one in told if one[2] == "taken"]
    assert [one[1] for one in left] == ["alfa-origin-road", "road-ab", "road-bc", "bc-out", "charlie-road-port_out",
                                        "line-cd", "line-cd"]  # fmt: skip
    assert [one[3:] for one in left[1:4]] == [(pytest.approx(33), None), (pytest.approx(30), None),
                                              (pytest.approx(22), None)]  # fmt: skip
    assert [one[1] for one in taken] == ["alfa-origin-rail_1435", "rail-ag", "golf-rail_1435-port_out",
                                         "line-gd", "line-gd"]  # fmt: skip
    assert taken[1][3:] == (None, pytest.approx(1100 / 6))
    assert [one[1] for one in told if one[2] == "same"] == ["delta-port_in-destination"]
    by = {one.component: one.generalised_change_usd for one in found.components}
    assert by["co2_price"] == pytest.approx(-0.51 * 50)
    assert by["freight"] == pytest.approx(100)
    assert by["queue"] == pytest.approx(-6 * 8.25)
    assert found.old_way_after.hours - found.before.hours == pytest.approx(194)
    assert found.new_way_before.hours == pytest.approx(283)
    assert found.gap == pytest.approx(found.old_way_after.minimised_amount - found.after.minimised_amount)
    assert found.gap_before == pytest.approx(found.new_way_before.minimised_amount - found.before.minimised_amount)


def leg(**known):
    usual = {"key": "k", "kind": "haul", "from_node": "a", "to_node": "b", "asset_id": "s", "status": "changed",
             "cost_usd_before": 1.004, "cost_usd_after": 2.0, "hours_before": None, "hours_after": None,
             "generalised_change_usd": 0.125}  # fmt: skip
    return LegChange(**{**usual, **known})


def test_hauls_that_meet_at_a_place_without_a_name_are_told_as_one(priced):
    found = explain(priced, priced, "alfa", "delta")
    legs = (
        leg(),
        leg(from_node="b", to_node="c", cost_usd_before=2.0, hours_after=3.0),
        leg(from_node="c", to_node="d", status="same"),
        leg(from_node="d", to_node="e", kind="sail"),
    )
    told = replace(found, legs=legs, names={"c": "Charlie", "e": "E"}).as_shown
    assert [(one.from_node, one.to_node, one.status) for one in told] == [
        ("a", "c", "changed"), ("c", "d", "same"), ("d", "e", "changed")]  # fmt: skip
    one = told[0]
    assert (one.cost_usd_before, one.cost_usd_after) == (pytest.approx(3.004), 4)
    assert (one.hours_before, one.hours_after, one.generalised_change_usd) == (None, None, 0.25)
    assert len(replace(found, legs=legs, names={"b": "Bravo", "c": "Charlie"}).as_shown) == 4
    assert len(replace(found, legs=legs[::-1], names={}).as_shown) == 4


def test_columns_of_a_ledger_add_up_as_shown():
    rows = _ledger([leg(cost_usd_after=None), leg(key="l"), leg(key="m", generalised_change_usd=0.126)])
    assert [row["cost_usd_before"] for row in rows] == pytest.approx([1.01, 1.0, 1.0]), "3.012 is 3.01"
    assert [row["cost_usd_after"] for row in rows] == [None, 2, 2]
    assert [(row["key"], row["hours_before"], row["generalised_change_usd"]) for row in rows] == [
        ("k", None, 0.12), ("l", None, 0.12), ("m", None, 0.13)]  # fmt: skip


def study_of(network, gains, changes, switched):
    """A study of some scenarios by their mean change, in the best of which each origin's cost changes so."""
    runs = [SimpleNamespace(scenario=name) for name in gains]

    def difference(run, origin):
        before, after = changes.get(origin, (None, None))
        return SimpleNamespace(
            before=before and SimpleNamespace(generalised_cost_usd=before),
            after=after and SimpleNamespace(generalised_cost_usd=after),
        )

    return SimpleNamespace(
        main=SimpleNamespace(baseline="b"), network=network, origins=("bravo", "alfa", "golf"),
        scenario_runs=lambda baseline: runs if baseline == "b" else [], difference=difference,
        effect=lambda run: SimpleNamespace(generalised_change_usd=gains[run.scenario], switched=switched),
    )  # fmt: skip


def test_the_pair_that_is_told_gains_most_of_those_that_switch(tiny):
    """Alfa trades 5 million, Golf 9; of Bravo nothing is known, which counts as one."""
    golf = replace(tiny.rows("market")[0], node_id="golf", trade_musd=9.0)
    network = tiny.with_rows(market=[*tiny.rows("market"), golf])
    gains = {"less": -10.0, "most": -20.0, "none": None, "worse": 5.0}
    changes = {"alfa": (300.0, 200.0), "golf": (300.0, 250.0), "bravo": (900.0, 399.0)}
    run, origin = most_moved_pair(study_of(network, gains, changes, ("golf", "alfa")))
    assert (run.scenario, origin) == ("most", "alfa"), "500 against 450; Bravo does not switch"
    assert most_moved_pair(study_of(network, gains, changes, ()))[1] == "bravo", "501 where none switches"
    changes |= {"golf": (300.0, 243.0), "bravo": (None, 399.0)}
    assert most_moved_pair(study_of(network, gains, changes, ()))[1] == "golf", "513 against 500"
    lost = {"alfa": (300.0, 300.1), "golf": (300.0, None), "bravo": (None, 300.0)}
    assert most_moved_pair(study_of(network, gains, lost, ()))[1] == "alfa", "a small loss is told before no way"
    with pytest.raises(BadValue, match="no scenario leaves an origin"):
        most_moved_pair(study_of(network, {"none": None}, changes, ()))
    with pytest.raises(BadValue, match="no scenarios to explain"):
        most_moved_pair(study_of(network, {}, changes, ()))
