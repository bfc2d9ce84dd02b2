"""The best order over years is the best of all: held to enumeration, to HiGHS, and worked year by year."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import optimize

from corridor_net.analysis.upgrade_sets.schedule import Course, schedule
from corridor_net.errors import BadValue

from .seven import HOURS

LAW = settings(deadline=None, derandomize=True, max_examples=25)


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
def make_tiny_four(make_subsets):
    return make_subsets({1: "requires: u0\n", 3: "conflicts: u2\n"}.items(), count=4)


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
