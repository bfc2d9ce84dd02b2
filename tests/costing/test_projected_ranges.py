"""How much the years beyond the data add to a range, by hand."""

from collections import Counter
from dataclasses import replace
from math import log
from types import SimpleNamespace

import pytest

from corridor_net.costing.parameters import parameters_of
from corridor_net.costing.ranges import JUDGED, SIGMA, added_variance, widened


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


def test_beyond_the_data_a_figure_with_a_rule_is_less_sure_and_one_without_is_of_a_lower_grade_alone(shipped):
    """Rates drift by 10 % a year: four years add 0.04 to the variance; the other tables have no rule here."""
    rule = replace(shipped.rows("projection")[0], applies_to="tariff", group="", drift=0.1, drift_years=None)
    network = shipped.with_rows(projection=(rule,))
    within, beyond = (parameters_of(network.as_of(day), "dry_40") for day in ("2026-12-31", "2030-12-31"))
    ruled = free = 0
    kept = Counter[str]()
    for key, one in beyond.items():
        before = within.get(key)
        if before is None or one.value != before.value:
            continue
        if one.is_length or one.certain:
            assert (one.grade, one.low, one.high) == (before.grade, before.low, before.high)
            kept[one.table] += 1
            continue
        assert one.grade == "D"
        if one.table == "tariff":
            ruled += 1
            wider = widened(before.value, (before.low, before.high), before.grade, 0.04)
            assert (one.low, one.high) == pytest.approx(wider)
            assert one.high / one.low > before.high / before.low
        else:
            free += 1
            assert (one.low, one.high) == (before.low, before.high)
    assert ruled > 3
    assert free > 3
    assert kept["link"] > 3
    assert sum(kept.values()) > kept["link"] + 3, "opening hours and timetables stay as well"


@pytest.mark.whole
@pytest.mark.parametrize(("grade", "sigma"), [("A", 0.05), ("B", 0.15), ("C", 0.25), ("D", 0.66)])
def test_a_figure_without_a_range_has_that_of_its_grade(grade, sigma):
    low, high = widened(100.0, (None, None), grade, 0.0)
    assert (log(high / 100), log(low / 100)) == pytest.approx((1.28155 * sigma, -1.28155 * sigma), rel=1e-5)


def test_grade_d_is_as_unsure_as_its_judged_ranges_were_held_and_the_others_as_judged():
    """1.65 times 0.40, as `ranges` tells of what better sources said later."""
    assert pytest.approx(1.65 * JUDGED["D"]) == SIGMA["D"] == 0.66
    assert {grade: SIGMA[grade] for grade in "ABC"} == {grade: JUDGED[grade] for grade in "ABC"}
