"""The best set is the best: held to full runs of every set, and to HiGHS where gains add up."""

from __future__ import annotations

import itertools
import json
import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import optimize

import corridor_net as cn
from corridor_net.analysis.router import Router
from corridor_net.analysis.trips import trips
from corridor_net.analysis.upgrade_sets import branch_and_bound
from corridor_net.analysis.upgrade_sets import portfolio as module
from corridor_net.analysis.upgrade_sets.portfolio import portfolio
from corridor_net.analysis.upgrade_sets.purchases import priced
from corridor_net.analysis.upgrade_sets.schedule import Course, schedule
from corridor_net.analysis.upgrade_sets.upgrades import build
from corridor_net.costing import impedance
from corridor_net.errors import BadValue, NoRoute, UnknownName
from corridor_net.scenario import combine

LAW = settings(deadline=None, derandomize=True, max_examples=25)
NAMES = ("primorye-1", "primorye-2", "rajin-khasan", "harbin-mudanjiang", "vladivostok-liner")
SHIFT = "  - shift: {}\n    where: {{{}: {}}}\n    component: {}\n    field: hours\n    by: {}\n"
STEPS = (
    ("crossing", "crossing_id", "bc-out", "queue", -4),
    ("crossing", "crossing_id", "bc-out", "procedures", -1),
    ("terminal", "terminal_id", "alfa-origin-road", "handling", -3),
    ("terminal", "terminal_id", "charlie-road-port_out", "dwell", -20),
    ("terminal", "terminal_id", "charlie-road-port_out", "handling", -2),
    ("terminal", "terminal_id", "delta-port_in-destination", "procedures", -15),
    ("terminal", "terminal_id", "delta-port_in-destination", "handling", -7),
)
HOURS = [-step[4] for step in STEPS]
"""Seven changes on the way by Charlie, which wins without them: their gains, 8.25 USD an hour, add up."""


@pytest.fixture(scope="module")
def shipped_task(imp2019):
    kept, costs, _ = priced([cn.load_scenario(name) for name in NAMES], {"vladivostok-liner": 5e7})
    return build(Router(imp2019), kept), costs


@pytest.fixture(scope="module")
def make_space(tiny, tmp_path_factory):
    """Return a function: the seven changes as upgrades u0 … u6, with heads (requires, conflicts, extends)."""
    router = Router(impedance(tiny))

    def make(heads=(), count=7):
        folder = tmp_path_factory.mktemp("upgrades")
        for n in range(count):
            head = dict(heads).get(n, "")
            text = f"scenario: u{n}\ntitle: u{n}\n{head}changes:\n{SHIFT.format(*STEPS[n])}"
            (folder / f"u{n}.yaml").write_text(text, encoding="utf-8")
        return build(router, [cn.load_scenario(folder / f"u{n}.yaml") for n in range(count)])

    return make


@pytest.fixture(scope="module")
def free(make_space):
    return make_space()


@pytest.fixture(scope="module")
def bound(make_space):
    """u1 requires u0; u3 and u5 conflict; u6 extends u4."""
    return make_space({1: "requires: u0\n", 5: "conflicts: u3\n", 6: "extends: u4.yaml\n"}.items())


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


def known_gains(space, net, origins):
    """The gain of every set of the shipped upgrades by applying, compiling and routing it; trade weights."""
    index = {row.year: row.usd_index for row in net.rows("deflator")}
    markets = {market.node_id: market.trade_musd / index[market.price_year] for market in net.markets("origin")}
    weight = np.array([markets[origin] for origin in origins])
    found = {}
    for size in range(len(space.upgrades) + 1):
        for chosen in itertools.combinations(range(len(space.upgrades)), size):
            whole = combine([space.upgrades[n] for n in chosen])
            ran = trips(Router(impedance(whole.apply(net) if whole else net)), origins, ["niigata"])
            cost = np.array([ran[origin, "niigata"].generalised_cost_usd for origin in origins])
            found[frozenset(space.names(sum(1 << n for n in chosen)))] = cost @ weight / weight.sum()
    return {names: found[frozenset()] - cost for names, cost in found.items()}


def test_the_shipped_upgrades_against_full_runs(shipped_task, net2019):
    space, costs = shipped_task
    origins = ["tongjiang", "yanji", "suifenhe", "harbin", "hunchun"]
    gains = known_gains(space, net2019, origins)
    price = {names: sum(costs[name] for name in names) for names in gains}
    for budget in (6e7, 5e8, 4e9, 9e9, 2e10):
        top = max(gain for names, gain in gains.items() if price[names] <= budget)
        near = {n for n, g in gains.items() if price[n] <= budget and g >= 0.95 * top - 1e-9}
        for limit in (14, 0):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(module, "EXHAUSTIVE_TO", limit)
                found = portfolio(space, costs, budget, origins, ["niigata"])
            assert found.proved
            assert found.best.gain_usd_per_box == pytest.approx(top)
            assert found.bound_usd_per_box == pytest.approx(top)
            assert {frozenset(c.upgrades) for c in (found.best, *found.near)} == near


def test_the_frontier_is_that_of_all_sets(shipped_task, net2019):
    space, costs = shipped_task
    origins = ["tongjiang", "yanji"]
    found = portfolio(space, costs, 4e9, origins, ["niigata"])
    gains = known_gains(space, net2019, origins)
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


@LAW
@given(
    st.lists(st.integers(1, 30), min_size=4, max_size=4),
    st.integers(5, 30),
    st.integers(2, 4),
    st.sampled_from([0.0, 0.05, 0.3]),
)
@example([24, 26, 8, 19], 8, 4, 0.05)  # at another discount another order is best
def test_the_schedule_is_the_best_of_all(make_tiny_four, costs, yearly, years, discount):
    """Every upgrade in every year or never, by enumeration; u1 requires u0, u3 conflicts with u2."""
    named = {f"u{n}": float(cost) for n, cost in enumerate(costs)}
    best = None
    for when in itertools.product(range(1, years + 1), repeat=4):
        total, fits = 0.0, True
        for year in range(1, years + 1):
            done = {n for n in range(4) if when[n] <= year and when[n] < years}
            fits &= sum(costs[n] for n in done) <= yearly * year
            fits &= not (1 in done and 0 not in done) and not {2, 3} <= done
            before = {n for n in done if when[n] < year}
            total += sum(HOURS[n] for n in before) * 8.25 * (1 + discount) ** -(year - 1)
        if fits and (best is None or total > best):
            best = total
    try:
        found = schedule(
            make_tiny_four,
            named,
            float(yearly),
            years,
            ["alfa"],
            ["delta"],
            weights="equal",
            course=Course(discount=discount),
        )
    except BadValue:
        assert best == 0
        return
    assert found.total == pytest.approx(best)
    spent = np.cumsum([year.spent_usd for year in found.years])
    assert (spent <= yearly * np.arange(1, years + 1) + 1e-9).all()
    assert found.years[0].gain_usd_per_box == 0


@pytest.fixture(scope="module")
def make_tiny_four(make_space):
    return make_space({1: "requires: u0\n", 3: "conflicts: u2\n"}.items(), count=4)


@LAW
@given(
    st.lists(st.integers(1, 30), min_size=7, max_size=7),
    st.integers(10, 40),
    st.sampled_from([(0.0, 0.0), (0.05, 0.5), (0.2, 3.0), (-0.1, 1.0)]),
)
def test_highs_agrees_on_phasing_with_growth_and_upkeep(free, costs, yearly, terms):
    """Over years: x of an upgrade and year is 1 where it stands by its end; gains add up, so it is a whole program."""
    (growth, upkeep), years, discount = terms, 4, 0.08
    if min(costs) > yearly * (years - 1):
        return
    worth = np.zeros((7, years))
    for year in range(1, years):
        each = np.array(HOURS) * 8.25 * (1 + growth) ** year - upkeep * np.array(costs)
        worth[:, year - 1] = each * (1 + discount) ** -year
    stays, spends = [], []
    for year in range(years):
        row = np.zeros((7, years))
        row[:, year] = costs
        spends.append((row.ravel(), yearly * (year + 1)))
        for n in range(7 if year else 0):
            row = np.zeros((7, years))
            row[n, year - 1], row[n, year] = 1, -1
            stays.append((row.ravel(), 0))
    rows = [optimize.LinearConstraint(np.array([row]), ub=most) for row, most in (*stays, *spends)]
    bounds = optimize.Bounds(0, 1)
    best = -optimize.milp(-worth.ravel(), constraints=rows, integrality=np.ones(7 * years), bounds=bounds).fun
    named = {f"u{n}": float(cost) for n, cost in enumerate(costs)}
    course = Course(discount=discount, growth=growth, upkeep_a_box=upkeep)
    found = schedule(free, named, float(yearly), years, ["alfa"], ["delta"], weights="equal", course=course)
    assert found.total == pytest.approx(best, abs=1e-6)


def test_a_schedule_year_by_year_by_hand(free):
    """5 USD a year pay for the first upgrade, of 10, at the end of year 2 and for the second, of 6, in year 4."""
    costs = {f"u{n}": {0: 10.0, 1: 6.0}.get(n, 1000.0) for n in range(7)}
    terms = Course(discount=0.05, growth=0.1, upkeep_a_box=0.2)
    one, other = HOURS[0] * 8.25, HOURS[1] * 8.25
    found = schedule(free, costs, 5.0, 5, ["alfa"], ["delta"], weights="equal", course=terms)
    gains = [0.0, 0.0, 1.1**2 * one - 2.0, 1.1**3 * one - 2.0, 1.1**4 * (one + other) - 3.2]
    assert [(y.year, y.finished, y.spent_usd) for y in found.years] == [
        (1, (), 0.0), (2, ("u0",), 10.0), (3, (), 0.0), (4, ("u1",), 6.0), (5, (), 0.0),
    ]  # fmt: skip
    assert [y.gain_usd_per_box for y in found.years] == pytest.approx(gains)
    assert found.total == pytest.approx(sum(gain / 1.05**year for year, gain in enumerate(gains)))
    assert (found.yearly_budget_usd, found.discount, found.growth, found.upkeep_a_box) == (5.0, 0.05, 0.1, 0.2)


def test_what_a_schedule_may_be_asked_with(free):
    assert Course(growth=0.5).grown(4) == [1, 1.5, 2.25, 3.375]
    assert Course().grown(3) == [1, 1, 1]
    assert Course(growth=-0.5).grown(3) == [1, 0.5, 0.25]
    assert Course(growth=9.0).grown(3)[-1] == 100.0  # the bound itself
    for wrong, words in (
        (Course(growth=9.1), "growth"), (Course(growth=-1.0), "growth"), (Course(growth=math.inf), "growth"),
        (Course(discount=-1e-9), "discount"), (Course(discount=math.nan), "discount"),
        (Course(discount=math.inf), "discount"), (Course(upkeep_a_box=math.inf), "upkeep"),
        (Course(upkeep_a_box=-1e-9), "upkeep"), (Course(growth=math.nan), "growth"),
    ):  # fmt: skip
        with pytest.raises(BadValue, match=words):
            wrong.grown(3)
    costs = {f"u{n}": 10.0 for n in range(7)}
    for years in (1, 61):
        with pytest.raises(BadValue, match=f"over {years} years"):
            schedule(free, costs, 20.0, years, ["alfa"], ["delta"])
    assert len(schedule(free, costs, 10.0, 2, ["alfa"], ["delta"], weights="equal").years) == 2
    assert len(schedule(free, costs, 10.0, 60, ["alfa"], ["delta"], weights="equal").years) == 60


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
