"""A project by year: an example worked by hand, laws of money over time, and everything that is no project."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor_net.appraisal.benefits import COMPONENTS, Carriage, generated_share, worth
from corridor_net.appraisal.measures import first_year_return, payback_years, present_value
from corridor_net.appraisal.project import Project, spread_evenly
from corridor_net.appraisal.rates_of_return import rates_of_return
from corridor_net.appraisal.switching import WorthPiece, roots_of, straight
from corridor_net.appraisal.years import traffic_by_year, whole_year
from corridor_net.errors import BadValue

LAW = settings(deadline=None, derandomize=True, max_examples=60)


def project(**other):
    given = {"spending": {2020: 60.0, 2021: 40.0}, "opening": 2022, "last": 2024, "rate": 0.10}
    return Project(**{**given, "operation_share": 0.02, "life_years": 10, **other})


def test_the_example_of_the_page():
    """100 spent over two years, 2 a year to run, three open years of ten: 70 are left."""
    made = project()
    assert made.spent.tolist() == [60, 40, 0, 0, 0]
    assert made.operation.tolist() == [0, 0, 2, 2, 2]
    assert made.residual.tolist() == pytest.approx([0, 0, 0, 0, 70])
    by_hand = 60 + 40 / 1.1 + 2 / 1.1**2 + 2 / 1.1**3 + 2 / 1.1**4 - 70 / 1.1**4
    assert made.cost_usd == pytest.approx(by_hand)
    assert round(by_hand, 2) == 53.07
    net = np.array([0, 0, 20, 20, 20]) - made.costs
    assert present_value(net.tolist(), 0.10) == pytest.approx(20 * (1.1**-2 + 1.1**-3 + 1.1**-4) - by_hand)
    (rate,) = rates_of_return(net.tolist())
    assert present_value(net.tolist(), rate) == pytest.approx(0, abs=1e-9)
    assert payback_years(net.tolist()) == 4
    assert first_year_return([0, 0, 18, 18, 18], made.spent.tolist(), 2, 0.10) == pytest.approx(18 / (72.6 + 44))


def carriage(money, fees=0.0, time=0.0, kg=0.0):
    return Carriage(
        money=np.array([money]),
        fees=np.array([fees]),
        time=np.array([time]),
        reliability=np.array([0.0]),
        co2_kg=np.array([kg]),
    )


def test_users_fees_and_carbon_by_hand():
    """1,000 to 800 USD, 50 of it fees and then 30; elasticity 0.5: a tenth more boxes, each worth half of the 200."""
    before, after = carriage(900, 50, 50, 400), carriage(700, 30, 70, 300)
    found = worth(before, after, np.array([10.0]), np.array([10.0 * 50]), 0.5)
    assert generated_share(before, after, 0.5).tolist() == [0.1]
    assert sum(float(found.existing[name][0]) for name in COMPONENTS) == pytest.approx(2000)
    assert sum(float(found.generated[name][0]) for name in COMPONENTS) == pytest.approx(100)
    assert float(found.collected[0]) == pytest.approx(11 * 30 - 10 * 50)
    assert float(found.carbon[0]) == pytest.approx(50 * (10 * 400 - 11 * 300) / 1000)
    assert float(found.total[0]) == pytest.approx(2000 + 100 - 170 + 35)


def test_a_fee_alone_is_worth_nothing_without_generated_traffic():
    found = worth(carriage(900, 100), carriage(900, 20), np.array([7.0]), np.array([0.0]), 0.0)
    assert float(found.users[0]) == 560
    assert float(found.total[0]) == 0


@given(st.floats(0.0, 0.2), st.integers(1, 15))
@LAW
def test_a_project_put_off_is_worth_the_same_then(rate, later):
    made = project(rate=rate)
    moved = made.later(later)
    assert moved.opening == made.opening + later
    assert moved.cost_usd == pytest.approx(made.cost_usd)


@given(st.floats(-300, 300), st.floats(-300, 300))
@LAW
def test_a_straight_line_is_0_where_it_says(at_zero, at_one):
    x = straight(at_zero, at_one)
    if x is not None:
        assert x >= 0
        assert at_zero + x * (at_one - at_zero) == pytest.approx(0, abs=1e-6 * max(1, x))


@given(st.integers(0, 10_000), st.floats(0, 1))
@LAW
def test_roots_are_those_of_a_fine_grid(seed, elasticity):
    drawn = np.random.default_rng(seed)
    pieces = []
    for n in range(3):
        lines = {name: (drawn.uniform(50, 200, 4), drawn.uniform(0, 60, 4)) for name in ("cost", "cost_then")}
        lines |= {name: (drawn.uniform(0, 9, 4), drawn.uniform(0, 9, 4)) for name in ("fee", "fee_then")}
        amounts = {"co2": drawn.uniform(0, 9, 4), "co2_then": drawn.uniform(0, 9, 4), "boxes": drawn.uniform(0, 5, 4)}
        low, high = float(n), float(n + 1)
        pieces.append(
            WorthPiece(
                low=low,
                high=high,
                **lines,
                **amounts,
                carbon=drawn.uniform(0, 100, 4),
                elasticity=elasticity,
                spent_usd=drawn.uniform(-100, 100),
            )
        )
    roots = roots_of(pieces)
    assert all(root.proved for root in roots)
    places = np.linspace(0, 3, 1501)
    which = np.minimum(places.astype(int), 2)
    worths = np.array([pieces[k].at(x) for k, x in zip(which, places, strict=True)])
    for n in np.flatnonzero(worths[:-1] * worths[1:] < 0):
        assert any(places[n] - 1e-9 <= root.x <= places[n + 1] + 1e-9 for root in roots)
    for root in roots:
        if not root.jump:
            piece = next(p for p in pieces if p.low <= root.x <= p.high)
            assert abs(piece.at(root.x)) < 1e-4


def test_where_a_figure_changes_nothing_no_root_is_looked_for_piece_by_piece(monkeypatch):
    """A dollar of investment, and fees that rise alike before and after: bounds are tight, not cut a million times."""
    bounds, asked = WorthPiece.bounds, []
    monkeypatch.setattr(WorthPiece, "bounds", lambda self, low, high: asked.append(low) or bounds(self, low, high))
    cost, fee, none = (np.array([900.0, 700.0]), np.array([30.0, 0.0])), (np.array([50.0, 9.0]),) * 2, np.zeros(2)
    alike = {"cost": cost, "cost_then": cost, "fee": fee, "fee_then": fee, "co2": none, "co2_then": none}
    boxes = np.array([2e5, 3e5])
    assert not WorthPiece(low=0.0, high=10.0, **alike, boxes=boxes, carbon=none, elasticity=0.5, spent_usd=1.0).roots()
    assert len(asked) == 1


def test_traffic_is_straight_between_years_and_grows_outside():
    assert traffic_by_year({2020: 100, 2030: 200}, 0.1, [2019, 2025, 2031]) == pytest.approx([100 / 1.1, 150, 220])


@pytest.mark.parametrize("year", [-5, 2019.5, "2019", True, float("nan"), 3000])
def test_a_year_that_is_none_is_named(year):
    with pytest.raises(BadValue, match="the opening year is"):
        whole_year(year, "the opening year")


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"opening": 2030, "last": 2029}, "never opens: 2030 is after 2029"),
        ({"opening": 2019}, "before anything is spent"),
        ({"spending": {}}, "nothing is spent"),
        ({"spending": {2020: -1.0}}, "the spending of 2020 is -1"),
        ({"spending": {2020.5: 1.0}}, "a year of spending is '2020.5'"),
        ({"rate": -1.0}, "the discount is -1"),
        ({"rate": -0.05}, "the discount is -0.05"),
        ({"rate": 9.0}, "the discount is 9, more than 100%"),
        ({"life_years": 0}, "the life of what is built is '0'"),
        ({"operation_share": -0.1}, "operation and maintenance is -0.1"),
    ],
)
def test_what_is_no_project_is_named(other, told):
    with pytest.raises(BadValue, match=told):
        project(**other)


def test_growth_that_explodes_is_named():
    with pytest.raises(BadValue, match=r"a growth of 40.0% a year makes traffic .* times as much by 2050"):
        traffic_by_year({2020: 5.0}, 0.4, [2020, 2050])
    with pytest.raises(BadValue, match="the growth of traffic is -1"):
        traffic_by_year({2020: 5.0}, -1.0, [2020])
    with pytest.raises(BadValue, match="times as much"):
        traffic_by_year({2020: 5.0}, 1e300, [2020, 2050])
    assert spread_evenly(9.0, 2020, 3) == {2020: 3.0, 2021: 3.0, 2022: 3.0}
