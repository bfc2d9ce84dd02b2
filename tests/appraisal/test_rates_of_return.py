"""Every rate of return is found and none is made up: published examples, known roots, and a fine grid."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor_net.appraisal.measures import present_value
from corridor_net.appraisal.rates_of_return import rates_of_return
from corridor_net.errors import BadValue

LAW = settings(deadline=None, derandomize=True, max_examples=150)


def test_the_pump_of_lorie_and_savage_has_two_rates():
    """Lorie and Savage 1955, Journal of Business 28: -1,600, 10,000, -10,000 has 25 % and 400 %."""
    assert rates_of_return([-1600, 10000, -10000]) == (0.25, 4.0)


@pytest.mark.parametrize(
    ("flows", "printed", "digits"),
    [
        # documentation of numpy-financial, function irr
        ([-100, 39, 59, 55, 20], 0.28095, 5),
        ([-100, 0, 0, 74], -0.0955, 4),
        ([-100, 100, 0, -7], -0.0833, 4),
        ([-5, 10.5, 1, -8, 1], 0.0886, 4),
        # Microsoft, function IRR: after two, four and five years
        ([-70000, 12000, 15000], -0.444, 3),
        ([-70000, 12000, 15000, 18000, 21000], -0.021, 3),
        ([-70000, 12000, 15000, 18000, 21000, 26000], 0.087, 3),
    ],
)
def test_a_printed_rate_is_among_those_found(flows, printed, digits):
    assert printed in [round(rate, digits) for rate in rates_of_return(flows)]


def test_all_three_printed_rates_of_one_project_are_found_and_its_value():
    """MathWorks, function irr (after Brealey and Myers): -4.88, 100 and 204.88 %; at 10 % it is worth -196.0932."""
    flows = [-1000, 6000, -10900, 5800]
    assert [round(rate, 4) for rate in rates_of_return(flows)] == [-0.0488, 1.0, 2.0488]
    assert round(present_value(flows, 0.10), 4) == -196.0932


def test_a_double_root_is_found_once_and_a_root_at_an_end_is_kept():
    # (x - 1/2)^2 (x - 1/4): rates 100 % (twice) and 300 %
    assert rates_of_return(np.polynomial.polynomial.polyfromroots([0.5, 0.5, 0.25]).tolist()) == (1.0, 3.0)
    assert rates_of_return(np.polynomial.polynomial.polyfromroots([1.0, 0.5]).tolist()) == (0.0, 1.0)


@given(st.lists(st.integers(1, 40), min_size=1, max_size=5, unique=True), st.integers(0, 2))
@LAW
def test_rates_that_were_put_in_come_out_again(twentieths, pairs):
    rates = sorted(n / 20 for n in twentieths)
    flows = np.polynomial.polynomial.polyfromroots([1 / (1 + r) for r in rates])
    for _ in range(pairs):
        flows = np.convolve(flows, [5.0, -4.0, 1.0])  # 2 +- i: no real root
    assert rates_of_return(flows.tolist()) == pytest.approx(rates, rel=1e-6)


@given(st.lists(st.integers(-9, 9), min_size=2, max_size=12).filter(any))
@LAW
def test_every_change_of_sign_on_a_fine_grid_has_its_rate(flows):
    found = np.array(rates_of_return(flows))
    grid = np.concatenate([np.linspace(-0.9, 1.0, 800), np.geomspace(1.0, 50.0, 400)[1:]])
    worth = np.array([present_value(flows, rate) for rate in grid])
    for n in np.flatnonzero(worth[:-1] * worth[1:] < 0):
        assert ((found > grid[n]) & (found < grid[n + 1])).any()
    for rate in found[(found > -0.9) & (found < 50)]:
        sums = np.abs(np.array(flows) * (1 + rate) ** -np.arange(len(flows))).sum()
        assert abs(present_value(flows, rate)) <= 1e-9 * sums


def test_a_rate_that_does_not_exist_is_none_and_one_of_several_stands_with_the_others():
    for flows in ([-100, -1, -1], [100, -150, 100]):
        assert rates_of_return(flows) == ()
    assert rates_of_return([-1600, 10000, -10000]) == (0.25, 4.0)
    with pytest.raises(BadValue, match="all flows are 0"):
        rates_of_return([0, 0])
    with pytest.raises(BadValue, match="not a finite number"):
        rates_of_return([-1, float("inf")])


def test_sixty_years_of_flows_are_no_trouble():
    flows = [-1000.0, *[37.5 * 1.02**n for n in range(60)]]
    (rate,) = rates_of_return(flows)
    assert abs(present_value(flows, rate)) < 1e-6
