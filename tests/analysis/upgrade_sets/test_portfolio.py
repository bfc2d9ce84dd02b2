"""The best set is the best: held to full runs of every set, and to HiGHS where gains add up."""

from __future__ import annotations

import itertools
import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

import corridor_net as cn
from corridor_net.analysis.router import Router
from corridor_net.analysis.trips import trips
from corridor_net.analysis.upgrade_sets import branch_and_bound
from corridor_net.analysis.upgrade_sets import portfolio as module
from corridor_net.analysis.upgrade_sets.portfolio import portfolio
from corridor_net.analysis.upgrade_sets.purchases import Purchases, priced
from corridor_net.analysis.upgrade_sets.schedule import Course, schedule
from corridor_net.analysis.upgrade_sets.upgrades import build
from corridor_net.costing import impedance
from corridor_net.errors import BadValue, NoRoute, UnknownName
from corridor_net.scenario import combine

from .seven import HOURS

LAW = settings(deadline=None, derandomize=True, max_examples=25)
NAMES = ("primorye-1", "primorye-2", "rajin-khasan", "harbin-mudanjiang", "vladivostok-liner")


@pytest.fixture(scope="module")
def shipped_task(imp2019):
    kept, costs, _ = priced([cn.load_scenario(name) for name in NAMES], {"vladivostok-liner": 5e7})
    return build(Router(imp2019), kept), costs


@pytest.fixture(scope="module")
def bound(make_subsets):
    """u1 requires u0; u3 and u5 conflict; u6 extends u4."""
    return make_subsets({1: "requires: u0\n", 5: "conflicts: u3\n", 6: "extends: u4.yaml\n"}.items())


def test_the_example_of_the_page(free):
    """docs/portfolio.md: costs 10 to 40 million, budget 50 million."""
    costs = dict(zip((f"u{n}" for n in range(7)), [10e6, 5e6, 12e6, 30e6, 10e6, 40e6, 20e6], strict=True))
    found = portfolio(free, costs, 50e6, ["alfa"], ["delta"], weights="equal")
    assert found.best.upgrades == ("u3", "u6")
    assert found.best.gain_usd_per_box == pytest.approx((20 + 7) * 8.25)
    assert found.best.boxes_to_repay == pytest.approx(50e6 / (27 * 8.25))
    assert (found.proved, found.method, found.looked_at) == (True, "exhaustive", 128)
    assert [(c.upgrades, c.dominated) for c in found.near] == [(("u0", "u3", "u4"), True)]
    assert found.near[0].gain_usd_per_box == pytest.approx(26 * 8.25)


def milp(hours, costs, budget, bounds=()):
    """The same by HiGHS: maximise hours x, costs x <= budget, and rows (coefficients, at most)."""
    rows = [optimize.LinearConstraint(np.array([costs]), ub=budget)]
    rows += [optimize.LinearConstraint(np.array([row]), ub=most) for row, most in bounds]
    n = len(hours)
    found = optimize.milp(-np.array(hours), constraints=rows, integrality=np.ones(n), bounds=optimize.Bounds(0, 1))
    return -found.fun


@LAW
@given(st.lists(st.integers(1, 40), min_size=7, max_size=7), st.integers(1, 160), st.booleans())
def test_highs_agrees_where_gains_add_up(free, costs, budget, branching):
    if min(costs) > budget:
        return
    named = {f"u{n}": float(cost) for n, cost in enumerate(costs)}
    with pytest.MonkeyPatch.context() as patch:
        if branching:
            patch.setattr(module, "EXHAUSTIVE_TO", 0)
        found = portfolio(free, named, float(budget), ["alfa"], ["delta"], weights="equal")
    assert found.proved
    assert found.best.gain_usd_per_box / 8.25 == pytest.approx(milp(HOURS, costs, budget))


@LAW
@given(st.lists(st.integers(1, 40), min_size=7, max_size=7), st.integers(10, 160))
def test_highs_agrees_with_requires_and_conflicts(bound, costs, budget):
    """u6 stands for itself with u4: its hours and its cost are those of both, and u4 beside it adds nothing."""
    named = {f"u{n}": float(cost) for n, cost in enumerate(costs)}
    hours = [*HOURS[:6], HOURS[6] + HOURS[4]]
    bounds = [([-1, 1, 0, 0, 0, 0, 0], 0), ([0, 0, 0, 1, 0, 1, 0], 1), ([0, 0, 0, 0, 1, 0, 1], 1)]
    known = milp(hours, costs, budget, bounds)
    if known < 0.5:
        return
    for limit in (14, 0):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, "EXHAUSTIVE_TO", limit)
            found = portfolio(bound, named, float(budget), ["alfa"], ["delta"], weights="equal")
        assert found.proved
        assert found.best.gain_usd_per_box / 8.25 == pytest.approx(known)
        assert not {"u3", "u5"} <= {*found.best.upgrades}
        assert "u1" not in found.best.upgrades or "u0" in found.best.upgrades
        assert found.best.included == (("u4",) if "u6" in found.best.upgrades else ())


def known_gains(subsets, net, origins):
    """The gain of every set of the shipped upgrades by applying, compiling and routing it; trade weights."""
    index = {row.year: row.usd_index for row in net.rows("deflator")}
    markets = {market.node_id: market.trade_musd / index[market.price_year] for market in net.markets("origin")}
    weight = np.array([markets[origin] for origin in origins])
    found = {}
    for size in range(len(subsets.upgrades) + 1):
        for chosen in itertools.combinations(range(len(subsets.upgrades)), size):
            whole = combine([subsets.upgrades[n] for n in chosen])
            ran = trips(Router(impedance(whole.apply(net) if whole else net)), origins, ["niigata"])
            cost = np.array([ran[origin, "niigata"].generalised_cost_usd for origin in origins])
            found[frozenset(subsets.names(sum(1 << n for n in chosen)))] = cost @ weight / weight.sum()
    return {names: found[frozenset()] - cost for names, cost in found.items()}


def test_the_shipped_upgrades_against_full_runs(shipped_task, net2019):
    subsets, costs = shipped_task
    origins = ["tongjiang", "yanji", "suifenhe", "harbin", "hunchun"]
    gains = known_gains(subsets, net2019, origins)
    price = {names: sum(costs[name] for name in names) for names in gains}
    for budget in (6e7, 5e8, 4e9, 9e9, 2e10):
        top = max(gain for names, gain in gains.items() if price[names] <= budget)
        near = {n for n, g in gains.items() if price[n] <= budget and g >= 0.95 * top - 1e-9}
        for limit in (14, 0):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(module, "EXHAUSTIVE_TO", limit)
                found = portfolio(subsets, costs, budget, origins, ["niigata"])
            assert found.proved
            assert found.best.gain_usd_per_box == pytest.approx(top)
            assert found.bound_usd_per_box == pytest.approx(top)
            assert {frozenset(c.upgrades) for c in (found.best, *found.near)} == near


def test_the_frontier_is_that_of_all_sets(shipped_task, net2019):
    subsets, costs = shipped_task
    origins = ["tongjiang", "yanji"]
    found = portfolio(subsets, costs, 4e9, origins, ["niigata"])
    gains = known_gains(subsets, net2019, origins)
    points = sorted((sum(costs[name] for name in names), -gain) for names, gain in gains.items())
    known, best = [], -math.inf
    for cost, negative in points:
        if -negative > best + 1e-9:
            best = -negative
            known.append((cost, best))
    assert [(c.cost_usd, c.gain_usd_per_box) for c in found.frontier] == [
        (cost, pytest.approx(gain, abs=1e-6)) for cost, gain in known
    ]
    assert found.frontier_complete


def test_a_search_that_is_stopped_states_its_bound(free, monkeypatch):
    monkeypatch.setattr(module, "EXHAUSTIVE_TO", 0)
    monkeypatch.setattr(branch_and_bound, "MOST_NODES", 3)
    costs = {f"u{n}": 10.0 + n for n in range(7)}
    found = portfolio(free, costs, 30.0, ["alfa"], ["delta"], weights="equal")
    assert not found.proved
    assert found.bound_usd_per_box >= 35 * 8.25 >= found.best.gain_usd_per_box


def test_a_bound_is_no_less_than_any_set_between_gains_and_the_gain_itself_where_all_is_decided(free, bound):
    """Sets that hold what is sure and no more than what is undecided beside it, each looked up."""
    for subsets in (free, bound):
        task = Purchases(subsets, {f"u{n}": 10.0 for n in range(7)}, ["alfa"], ["delta"], "equal")
        bounder = branch_and_bound._Bounder(task)
        allowed = [mask for mask in range(1 << 7) if task.rules.allowed(mask)]
        gains = {mask: bounder.gain(mask) for mask in allowed}
        for sure in allowed[::5]:
            if subsets is free:
                assert bounder.bound(sure, 0) == pytest.approx(gains[sure])
            for undecided in (0b1010110 & ~sure, 0b1111111 & ~sure):
                between = [gains[mask] for mask in allowed if mask & sure == sure and not mask & ~(sure | undecided)]
                assert bounder.bound(sure, undecided) >= max(between) - 1e-9


# costs


def test_costs_are_never_invented():
    upgrades = [cn.load_scenario(name) for name in NAMES]
    kept, costs, left_out = priced(upgrades)
    assert left_out == ("vladivostok-liner",)
    assert costs["primorye-1"] == 2.55e9
    assert [u.name for u in kept] == list(NAMES[:4])
    assert priced(upgrades, {"primorye-1": 1.0})[1]["primorye-1"] == 1.0
    assert priced(upgrades, {"vladivostok-liner": 0.0})[2] == ()


def test_what_requires_something_left_out_is_left_out(bound):
    upgrades = bound.upgrades
    kept, _, left_out = priced(upgrades, {f"u{n}": 1.0 for n in range(1, 7)})
    assert left_out == ("u0", "u1")
    assert len(kept) == 5


def test_a_part_that_costs_more_than_the_whole_is_refused():
    upgrades = [cn.load_scenario(name) for name in ("hunchun-makhalino", "primorye-2")]
    assert priced(upgrades, {"hunchun-makhalino": 3.4e9})[2] == ()
    with pytest.raises(BadValue, match="more than 'primorye-2', which includes it"):
        priced(upgrades, {"hunchun-makhalino": 5e9})


def test_mistakes_in_costs():
    upgrades = [cn.load_scenario("vanino"), cn.load_scenario("primorye-1")]
    with pytest.raises(UnknownName, match="did you mean 'vanino'"):
        priced(upgrades, {"vanin": 1.0})
    for figure in (-1.0, math.nan, math.inf):
        with pytest.raises(BadValue, match="the cost of 'vanino'"):
            priced(upgrades, {"vanino": figure})
    with pytest.raises(BadValue, match="none of the upgrades has a cost"):
        priced(upgrades[:1])


@pytest.mark.whole
@pytest.mark.parametrize("budget", [0.0, -5.0, math.nan, math.inf])
def test_a_budget_of_nothing(free, budget):
    with pytest.raises(BadValue, match="budget"):
        portfolio(free, {f"u{n}": 1.0 for n in range(7)}, budget, ["alfa"], ["delta"])


@pytest.mark.parametrize("limit", [14, 0])
def test_the_cheapest_upgrade_is_named_where_the_budget_buys_none(free, monkeypatch, limit):
    monkeypatch.setattr(module, "EXHAUSTIVE_TO", limit)
    for cheapest in (0, 3, 6):
        costs = {f"u{n}": 10.0 if n == cheapest else 20.0 + n for n in range(7)}
        with pytest.raises(BadValue, match="buys nothing") as caught:
            portfolio(free, costs, 9.0, ["alfa"], ["delta"], weights="equal")
        assert caught.value.hint == "the cheapest upgrade costs 10 USD"
        found = portfolio(free, costs, 10.0, ["alfa"], ["delta"], weights="equal")
        assert found.best.upgrades == (f"u{cheapest}",)
        assert (found.method, found.frontier_complete) == (
            ("exhaustive", True) if limit else ("branch and bound", False)
        )


def test_other_mistakes(free, tiny):
    costs = {f"u{n}": 10.0 for n in range(7)}
    pair = (["alfa"], ["delta"])
    with pytest.raises(BadValue, match="buys nothing") as caught:
        portfolio(free, costs, 9.0, *pair)
    assert caught.value.hint == "the cheapest upgrade costs 10 USD"
    with pytest.raises(BadValue, match="within"):
        portfolio(free, costs, 20.0, *pair, within=1.5)
    with pytest.raises(BadValue, match="boxes"):
        portfolio(free, costs, 20.0, *pair, boxes_per_year=-1.0)
    with pytest.raises(BadValue, match="not by time"):
        portfolio(build(Router(impedance(tiny), by="time"), free.upgrades), costs, 20.0, *pair)
    with pytest.raises(BadValue, match="over 1 years"):
        schedule(free, costs, 20.0, 1, *pair)
    with pytest.raises(BadValue, match="discount"):
        schedule(free, costs, 20.0, 5, *pair, course=Course(discount=-0.1))
    with pytest.raises(BadValue, match="growth of 9"):
        schedule(free, costs, 20.0, 5, *pair, course=Course(growth=9.0))
    with pytest.raises(BadValue, match="upkeep is -1"):
        schedule(free, costs, 20.0, 5, *pair, course=Course(upkeep_a_box=-1.0))
    with pytest.raises(BadValue, match="yearly budget"):
        schedule(free, costs, 0.0, 5, *pair)
    with pytest.raises(BadValue, match="would still gain"):
        schedule(free, costs, 1.0, 5, *pair)
    with pytest.raises((BadValue, NoRoute)):
        portfolio(free, costs, 20.0, ["golf"], ["delta"], weights="equal")


def test_the_command(cli):
    options = ["portfolio", "--budget", "4e9", "--cost", "vladivostok-liner=5e7"]
    data = json.loads(cli(*options, "--yearly-budget", "1e9", "--boxes", "4700", "--json").out)
    assert data["proved"]
    assert data["best"]["upgrades"] == ["primorye-2", "vladivostok-liner"]
    assert data["left_out"] == ["suifenhe-faster", "hunchun-makhalino", "vanino"]
    assert data["gain_usd_per_year"] == pytest.approx(4700 * data["best"]["gain_usd_per_box"], rel=1e-4)
    assert data["schedule"]["years"][0]["finished"] == ["rajin-khasan", "vladivostok-liner"]
    text = cli(*options).out
    assert "Proved best" in text
    assert "Left out, no cost is known" in text


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ([], "needs a budget"),
        (["--budget", "0"], "above 0"),
        (["--budget", "1e6"], "buys nothing"),
        (["--budget", "1e9", "--cost", "vanin=1"], "did you mean 'vanino'"),
        (["--budget", "1e9", "--cost", "vanino"], "is not a cost"),
        (["--budget", "1e9", "--cost", "vanino=much"], "is not a number"),
        (["--budget", "1e9", "vanino"], "none of the upgrades has a cost"),
        (["--budget", "lots"], "--budget"),
        (["--budget", "1e9", "--weight", "people-there"], "--weight: 'people-there'"),
        (["--budget", "4e9", "--yearly-budget", "1e9", "--discount", "5"], "a share: 5% is 0.05"),
        (["--budget", "4e9", "--yearly-budget", "1e9", "--boxes", "9", "--upkeep", "2"], "a share: 2% is 0.02"),
        (["--budget", "4e9", "--yearly-budget", "1e9", "--boxes", "9", "--upkeep", "-0.1"], "the upkeep is -0.1 ["),
    ],
)
def test_mistakes_of_the_command(cli, arguments, word):
    done = cli("portfolio", *arguments)
    assert done.code == 2
    assert word in done.err
    assert done.out == ""
