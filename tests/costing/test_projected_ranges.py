"""How much the years beyond the data add to a range, by hand."""

from types import SimpleNamespace

import pytest

from corridor_net.costing.ranges import added_variance, widened


def test_each_year_beyond_the_data_adds_the_drift_squared_up_to_a_number_of_years():
    endless = SimpleNamespace(drift=0.1, drift_years=None)
    bounded = SimpleNamespace(drift=0.1, drift_years=2)
    assert [added_variance(endless, years) for years in (0, 1, 4)] == pytest.approx([0.0, 0.01, 0.04])
    assert [added_variance(bounded, years) for years in (1, 2, 4)] == pytest.approx([0.01, 0.02, 0.02])


def test_variances_add_up_and_not_widths():
    """0.3² + 0.4² = 0.5²: a range of exp(±1.2816 x 0.3) grows to exp(±1.2816 x 0.5)."""
    ends = (100 / 2.718281828459045 ** (1.2815515655 * 0.3), 100 * 2.718281828459045 ** (1.2815515655 * 0.3))
    low, high = widened(100.0, ends, "B", 0.16)
    assert (low, high) == pytest.approx((52.69, 189.8), rel=1e-3)
