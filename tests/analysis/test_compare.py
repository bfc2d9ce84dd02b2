"""Comparing scenarios: every pair as the router has it, effects and access by hand, and laws of opening and closing."""

from __future__ import annotations

import math
import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corridor_net as cn
from corridor_net.analysis.access import THETA, access
from corridor_net.analysis.compare import compare
from corridor_net.analysis.trips import BestTrips, trips
from corridor_net.costing import impedance
from corridor_net.errors import NoRoute

LAW = settings(deadline=None, derandomize=True, max_examples=12)


# pair by pair


def test_every_run_of_the_study_is_there(comparison):
    assert len(comparison.runs) == 3 * (1 + 9)
    assert comparison.runs[0].name == "baseline-2019"
    assert {run.name for run in comparison.scenario_runs("baseline-2016")} == {
        f"baseline-2016/{scenario.name}" for scenario in comparison.study.scenarios
    }
    assert len(comparison.origins) == 26
    assert comparison.focus == "niigata"


def test_every_trip_to_the_focus_equals_the_router(comparison):
    for run in comparison.runs:
        for origin in comparison.origins:
            trip = run.trips[origin, comparison.focus]
            route = run.router.route(origin, comparison.focus)
            assert trip.arcs == route.arcs, (run.name, origin)
            assert trip.cost_usd == pytest.approx(route.cost_usd)
            assert trip.hours == pytest.approx(route.hours)
            assert trip.co2_kg == pytest.approx(route.co2_kg)
            assert trip.generalised_cost_usd == pytest.approx(route.generalised_cost_usd)
            assert trip.distance_km == pytest.approx(route.distance_km)
            assert trip.gateway == route.gateway
            assert trip.crossings == route.crossings
            assert trip.services == route.services


def test_trips_to_all_markets_equal_the_router(comparison):
    pick = random.Random(3)  # noqa: S311
    for run in comparison.runs:
        for origin, market in pick.sample(sorted(run.trips), 15):
            assert run.trips[origin, market].arcs == run.router.route(origin, market).arcs


@pytest.mark.parametrize("by", ["time", "generalised"])
def test_trips_found_from_those_of_the_baseline_are_those_found_alone(comparison, by):
    """By time as well, where what changes money alone moves no route and yet what a trip costs."""
    ends = comparison.origins[::4], comparison.destinations
    base, *changed = [cn.Router(run.router.impedance, by=by) for run in comparison.runs[:10]]
    known = BestTrips.of(base, *ends)
    for router in (*changed[1::3], cn.Router(comparison.runs[-1].router.impedance, by=by)):
        assert BestTrips.of(router, *ends, known).trips == trips(router, *ends)


@pytest.mark.parametrize(
    ("table", "row", "change"),
    [
        ("terminal", "dalian-road-port_out", {"from_state": "rail_1435"}),
        ("link", "road-harbin-changchun", {"to_node_id": "jilin"}),
    ],
)
def test_what_leads_elsewhere_by_the_same_name_is_not_taken_over(comparison, table, row, change):
    base = comparison.main.router
    rows = base.network.rows(table)
    moved = [replace(one, **change) if getattr(one, f"{table}_id") == row else one for one in rows]
    assert moved != list(rows)
    elsewhere = cn.Router(impedance(base.network.with_rows(**{table: moved}), like=base.impedance))
    ends = comparison.origins, comparison.destinations
    assert BestTrips.of(elsewhere, *ends, BestTrips.of(base, *ends)).trips == trips(elsewhere, *ends)


def test_run_route_describes_the_trip(comparison):
    run = comparison.runs[4]
    route = run.route("harbin", "niigata")
    trip = run.trips["harbin", "niigata"]
    assert route.arcs == trip.arcs
    assert tuple(leg.key for leg in route.legs) == trip.keys
    with pytest.raises(NoRoute):
        run.route("harbin", "baranovsky")


def test_a_run_is_the_network_with_the_scenario(comparison, shipped):
    """A scenario of the study gives what load() gives with the same scenario on the same day."""
    run = next(r for r in comparison.runs if r.name == "baseline-2016/primorye-2")
    model = cn.load(as_of="2016-07-01", scenarios=["primorye-2"])
    for origin in ("hunchun", "changchun", "harbin"):
        assert model.route(origin, "niigata").generalised_cost_usd == pytest.approx(
            run.trips[origin, "niigata"].generalised_cost_usd
        )


# the study tells the story the record tells


def test_what_is_better_everywhere_never_costs_more(comparison):
    """No shipped upgrade closes or slows anything: generalised cost never rises."""
    for run in comparison.scenario_runs():
        for pair, trip in run.trips.items():
            before = comparison.baseline_of(run).trips.get(pair)
            assert before is None or trip.generalised_cost_usd <= before.generalised_cost_usd + 1e-6, (run.name, pair)


def test_the_whole_belt_is_at_least_as_good_as_each_part(comparison):
    for baseline in ("baseline-2016", "baseline-2019", "baseline-2026"):
        runs = {r.scenario: r for r in comparison.scenario_runs(baseline)}
        for name in ("suifenhe-faster", "primorye-1", "primorye-2", "vanino", "harbin-mudanjiang", "rajin-khasan"):
            for pair, trip in runs["longjiang-belt"].trips.items():
                assert trip.generalised_cost_usd <= runs[name].trips[pair].generalised_cost_usd + 1e-6


def test_the_belt_changes_something(comparison):
    for run in comparison.scenario_runs():
        if run.scenario == "longjiang-belt":
            assert comparison.effect(run).generalised_change_usd < 0


def test_dalian_carries_most_of_it(comparison):
    """The port that carried millions of boxes is the gateway of most origins in every baseline."""
    for run in comparison.runs:
        if run.scenario is None:
            gateways = Counter(run.trips[origin, "niigata"].gateway for origin in comparison.origins)
            assert gateways.most_common(1)[0][0] == "dalian", gateways


# effects, from their definition


def test_effects_are_means_and_counts_of_the_pairs(comparison, shipped):
    weights = {market.node_id: market for market in shipped.markets("origin")}
    index = {row.year: row.usd_index for row in shipped.rows("deflator")}
    for run in comparison.scenario_runs():
        base = comparison.baseline_of(run)
        effect = comparison.effect(run)
        pairs = [(base.trips[o, "niigata"], run.trips[o, "niigata"]) for o in comparison.origins]
        switched = [b.origin for b, a in pairs if a.gateway != b.gateway]
        assert list(effect.switched) == switched
        assert effect.cut_off == ()
        assert effect.origins == 26
        assert effect.population_switched == sum(weights[o].population or 0 for o in switched)
        rows = [weights[o] for o in switched if weights[o].trade_musd]
        musd = [index[shipped.day.year] / index[row.price_year] * row.trade_musd for row in rows]
        assert effect.trade_switched_musd == pytest.approx(sum(musd))
        assert effect.cost_change_usd == pytest.approx(sum(a.cost_usd - b.cost_usd for b, a in pairs) / 26)
        assert effect.hours_change == pytest.approx(sum(a.hours - b.hours for b, a in pairs) / 26)
        assert effect.co2_change_kg == pytest.approx(sum(a.co2_kg - b.co2_kg for b, a in pairs) / 26)


def test_an_effect_at_another_destination(comparison):
    run = next(r for r in comparison.runs if r.name == "baseline-2019/longjiang-belt")
    here, there = comparison.effect(run), replace(comparison, focus="tokyo").effect(run)
    base = comparison.baseline_of(run)
    expected = sum(run.trips[o, "tokyo"].cost_usd - base.trips[o, "tokyo"].cost_usd for o in comparison.origins) / len(
        comparison.origins
    )
    assert there.cost_change_usd == pytest.approx(expected)
    assert here != there


def test_a_difference_knows_what_switched(comparison):
    for run in comparison.scenario_runs("baseline-2019"):
        for origin in comparison.origins:
            difference = comparison.difference(run, origin)
            same_way = difference.before.keys == difference.after.keys
            assert difference.changed is not same_way
            if difference.switched_gateway:
                assert difference.changed
            else:
                assert difference.before.gateway == difference.after.gateway


def test_the_frame_holds_every_trip(comparison):
    frame = comparison.frame
    assert len(frame) == sum(len(run.trips) for run in comparison.runs)
    assert frame.cost_usd.gt(0).all()
    assert set(frame.baseline) == {"baseline-2016", "baseline-2019", "baseline-2026"}


def test_the_notebook_shows_every_scenario(comparison):
    html = comparison._repr_html_()
    for scenario in comparison.study.scenarios:
        assert f"<td>{scenario.name}</td>" in html
    assert "30 runs, 26 origins" in repr(comparison)


# by hand, on the tiny network


def test_effect_by_hand(tiny_comparison):
    # Alfa goes by Golf when the border is shut: 1,163.333 - 846 USD, 283 - 160.5833 h, 270 - 780 kg; Golf stays
    shut = next(r for r in tiny_comparison.runs if r.scenario == "shut")
    effect = tiny_comparison.effect(shut)
    assert effect.switched == ("alfa",)
    assert effect.cut_off == ()
    assert (effect.origins, effect.population_switched, effect.trade_switched_musd) == (2, 1000, 5)
    assert effect.cost_change_usd == pytest.approx((1163 + 1 / 3 - 846) / 2)
    assert effect.hours_change == pytest.approx((283 - (156.5 + 196 / 48)) / 2)
    assert effect.co2_change_kg == pytest.approx((270 - 780) / 2)
    assert effect.investment_usd == 12


def test_cut_off_by_hand(tiny_comparison):
    none = next(r for r in tiny_comparison.runs if r.scenario == "none")
    effect = tiny_comparison.effect(none)
    assert effect.cut_off == ("alfa", "golf")
    assert none.trips == {}
    assert effect.cost_change_usd is None
    assert effect.compared == 0
    assert effect.switched == ()


def test_access_by_hand(tiny_comparison):
    # G = 846 + 8.25 x 160.5833 = 2,170.8125; V = 33,000; GDP 4; 160.5833 h are 6.69 days
    rows = {(a.scenario, a.origin): a for a in access(tiny_comparison)}
    alfa = rows[None, "alfa"]
    hours = 156.5 + 196 / 48
    assert alfa.least_cost_usd == pytest.approx(846)
    assert alfa.least_hours == pytest.approx(hours)
    assert alfa.nearest_market == "delta"
    assert alfa.mean_cost_usd == pytest.approx(846)
    assert alfa.mean_hours == pytest.approx(hours)
    assert alfa.market_access == pytest.approx(4 * (1 + (846 + 8.25 * hours) / 33000) ** -5.03)
    assert alfa.within == ((10, 1, 4.0), (12, 1, 4.0), (14, 1, 4.0))
    assert alfa.cut_off == ("bravo",)
    shut = rows["shut", "alfa"]  # 283 h are 11.8 days
    assert shut.within == ((10, 0, 0), (12, 1, 4.0), (14, 1, 4.0))
    assert shut.least_cost_usd == pytest.approx(1163 + 1 / 3)
    assert rows["shut", "golf"] == replace(rows[None, "golf"], scenario="shut")
    none = rows["none", "alfa"]
    assert (none.least_cost_usd, none.least_hours, none.nearest_market, none.mean_cost_usd) == (None,) * 4
    assert none.market_access == 0
    assert none.cut_off == ("delta", "bravo")


def test_access_from_its_definition(comparison, shipped):
    gdp = {m.node_id: m.gdp for m in shipped.markets("market") if m.gdp}
    assert THETA == 5.03
    for a in access(comparison):
        run = next(r for r in comparison.runs if (r.baseline, r.scenario) == (a.baseline, a.scenario))
        value = run.router.impedance.cargo.value_usd
        reached = {m: run.trips[a.origin, m] for m in gdp}
        expected = sum(gdp[m] * (1 + t.generalised_cost_usd / value) ** -THETA for m, t in reached.items())
        assert a.market_access == pytest.approx(expected)
        assert a.mean_hours == pytest.approx(sum(gdp[m] * t.hours for m, t in reached.items()) / sum(gdp.values()))
        assert a.least_hours == pytest.approx(min(t.hours for t in reached.values()))
        counts = [count for _, count, _ in a.within]
        assert counts == sorted(counts)
        assert a.within[1][1] == sum(t.hours <= 288 for t in reached.values())
        assert a.cut_off == ()


def test_access_never_falls_with_an_upgrade(comparison):
    base = {(a.baseline, a.origin): a for a in access(comparison) if a.scenario is None}
    for a in access(comparison):
        assert a.market_access >= base[a.baseline, a.origin].market_access * (1 - 1e-12)
        assert 0 < a.market_access < math.inf


# laws


@pytest.fixture(scope="module")
def before(imp2019):
    return cn.Router(imp2019)


def totals(router, origins=("harbin", "hunchun", "heihe", "jiamusi"), goals=("niigata", "tokyo", "mk_sapporo")):
    return {pair: trip.generalised_cost_usd for pair, trip in trips(router, origins, goals).items()}


@LAW
@given(st.sampled_from(["link", "crossing", "service", "terminal"]), st.randoms(use_true_random=False))
def test_closing_never_lowers_the_minimum(net2019, before, table, pick):
    rows = net2019.rows(table)
    gone = set(pick.sample(range(len(rows)), max(1, len(rows) // 15)))
    shut = net2019.with_rows(**{table: [row for number, row in enumerate(rows) if number not in gone]})
    if table == "crossing":  # a link over the border without its crossing is no link without a border
        from dataclasses import replace
        from datetime import date

        shut = net2019.with_rows(
            crossing=[replace(r, valid_to=date(2000, 1, 1)) if n in gone else r for n, r in enumerate(rows)]
        )
    least, now = totals(before), totals(cn.Router(impedance(shut)))
    for pair, cost in now.items():
        assert cost >= least[pair] - 1e-6


@LAW
@given(st.floats(0.3, 7), st.sampled_from(["vladivostok", "zarubino", "vostochny"]))
def test_a_new_line_never_raises_the_minimum(net2019, before, tmp_path_factory, sailings, port):
    path = tmp_path_factory.mktemp("line") / "line.yaml"
    path.write_text(
        "scenario: line\ntitle: x\nchanges:\n  - add: service\n"
        f"    row: {{service_id: new, name: New, vehicle: container_ship, sailings_per_week: {sailings},\n"
        "      speed_id: container_ship, port_stay_hours: 12, tariff_id: sea_ru_jp,\n"
        "      emission_factor_id: sea_container}\n"
        f"    calls: [{{node: {port}}}, {{node: niigata}}]\n",
        encoding="utf-8",
    )
    now = totals(cn.Router(impedance(cn.load_scenario(path).apply(net2019))))
    for pair, cost in totals(before).items():
        assert now[pair] <= cost + 1e-6


def test_trips_are_independent_of_the_other_pairs(before):
    whole = trips(before, ("harbin", "hunchun"), ("niigata", "tokyo"))
    assert whole["hunchun", "tokyo"] == trips(before, ("hunchun",), ("tokyo",))["hunchun", "tokyo"]
    assert trips(before, ("harbin",), ("harbin", "baranovsky")) == {}
    assert trips(before, ("baranovsky",), ("niigata",)) == {}


def test_progress_is_told_every_run(study, shipped, write_yaml):
    told = []
    path = write_yaml("s", "study: s\ntitle: x\nbaselines: [baseline-2019]\nscenarios: [vanino]\norigins: [harbin]\n"
                      "destinations: [niigata]\n")  # fmt: skip
    result = compare(cn.load_study(path), shipped, progress=told.append)
    assert told == ["baseline-2019", "baseline-2019/vanino"]
    assert [run.name for run in result.runs] == told


def test_the_main_baseline_comes_first(shipped, write_yaml):
    path = write_yaml("s", "study: s\ntitle: x\nbaselines: [baseline-2016, baseline-2026]\n"
                      "main_baseline: baseline-2026\norigins: [harbin]\ndestinations: [tokyo]\n"
                      "focus: niigata\n")  # fmt: skip
    result = compare(cn.load_study(path), shipped)
    assert [run.name for run in result.runs] == ["baseline-2026", "baseline-2016"]
    assert result.destinations == ("tokyo", "niigata")


def test_each_baseline_counts_in_dollars_of_its_year_unless_told(shipped, write_yaml):
    text = "study: s\ntitle: x\nbaselines: [baseline-2016]\norigins: [harbin]\ndestinations: [niigata]\n"
    own = compare(cn.load_study(write_yaml("s", text)), shipped).runs[0]
    other = compare(cn.load_study(write_yaml("s", text + "price_year: 2024\n")), shipped).runs[0]
    assert own.router.impedance.prices.year == 2016
    assert other.router.impedance.prices.year == 2024
    index = {row.year: row.usd_index for row in shipped.rows("deflator")}
    ratio = other.trips["harbin", "niigata"].cost_usd / own.trips["harbin", "niigata"].cost_usd
    assert ratio == pytest.approx(index[2024] / index[2016])


def test_a_price_of_carbon_moves_towards_less_of_it(shipped, write_yaml):
    text = "study: s\ntitle: x\nbaselines: [baseline-2019]\ndestinations: [niigata]\n"
    free = compare(cn.load_study(write_yaml("s", text)), shipped).runs[0]
    dear = compare(cn.load_study(write_yaml("s", text + "co2_price_usd_per_t: 5000\n")), shipped).runs[0]
    for pair, trip in dear.trips.items():
        assert trip.co2_kg <= free.trips[pair].co2_kg + 1e-6
    assert any(trip.co2_kg < free.trips[pair].co2_kg - 1 for pair, trip in dear.trips.items())
