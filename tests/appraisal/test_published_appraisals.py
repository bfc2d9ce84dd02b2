"""Held to what banks and commissions have printed: discount factors, switching values, the rule of half, ratios."""

from __future__ import annotations

import numpy as np
import pytest

from corridor_net.appraisal.benefits import Carriage, worth
from corridor_net.appraisal.carbon import carbon_prices
from corridor_net.appraisal.measures import benefit_cost_ratio, payback_years, present_value
from corridor_net.appraisal.rates_of_return import rates_of_return
from corridor_net.appraisal.switching import straight, switching_share
from corridor_net.appraisal.years import discount_factors

REST = ("fees", "time", "reliability", "co2_kg")


def test_discount_factors_of_the_world_bank():
    """Bennett, Economic Concepts (World Bank road training): 1.00 of a year at 12 %, in year 1."""
    printed = {2: 0.89, 3: 0.80, 4: 0.71, 5: 0.64, 6: 0.57, 7: 0.51, 8: 0.45, 9: 0.40, 10: 0.36, 15: 0.20, 20: 0.12}
    assert discount_factors(list(printed), 1, 0.12).round(2).tolist() == list(printed.values())


def test_the_switching_value_of_the_asian_development_bank():
    """ADB, Financial Management and Analysis of Projects, 7.11.3: indicator 13.34, 20 % more is 266 %, 7.5 %."""
    npv, spent = 1.0, 13.34  # the indicator is the present value of investment over the net present value
    assert round(100 * switching_share(npv, spent), 1) == 7.5
    assert int(100 * (npv - (npv - 0.20 * spent)) / npv) == 266
    assert straight(npv + spent, npv) == pytest.approx(1.075, abs=5e-4)


@pytest.mark.parametrize(
    ("there", "then", "saved", "stay", "shift"),
    [
        (6.3, 10.8, 3.58, 22.6, 8.1),  # rail passengers, million trips, option 1
        (6.3, 17.28, 6.27, 39.5, 34.4),  # the same, option 2
        (0.308, 1.584, 5.16, 1.6, 3.3),  # rail freight, million t, option 1
        (0.308, 3.168, 5.16, 1.6, 7.4),
    ],
)
def test_the_rule_of_half_of_the_european_commission(there, then, saved, stay, shift):
    """European Commission 2008, Guide to Cost-Benefit Analysis, railway case: million EUR in the opening year.

    Printed are the gains of those who are there anyhow, and of those who come.
    """
    nothing = np.zeros(1)
    before, after = (Carriage(money=nothing + usd, **dict.fromkeys(REST, nothing)) for usd in (2 * saved, saved))
    found = worth(before, after, nothing + there, nothing, elasticity=2 * (then / there - 1))
    assert [round(float(gain["money"][0]), 1) for gain in (found.existing, found.generated)] == [stay, shift]


def test_the_benefits_of_a_course_of_the_asian_development_bank():
    """ADB, Introductory Course on Economic Analysis, session 2.4, sample 1: 2004-34 at 12 %, 2004 discounted too.

    Printed are 48.1, 972.2 and 1,020.3 million USD; the benefits are printed to 0.1, which leaves so much open.
    """
    known = [0, 0, 0, 0, 0, 1.5, 10.2, 11.0, 11.9, *[12.4] * 21, 10.3]
    more = [0, 0, 0, 0, 0, 36.2, 243.3, *[239.6] * 23, 247.6]
    whole = [0, 0, 0, 0, 0, 37.7, 253.5, 250.5, 251.4, *[251.9] * 21, 257.9]
    factors = discount_factors(range(2004, 2035), 2003, 0.12)
    for flows, printed in ((known, 48.1), (more, 972.2), (whole, 1020.3)):
        open_by_rounding = 0.05 * factors[np.array(flows) > 0].sum() + 0.05
        assert abs(factors @ np.array(flows) - printed) < open_by_rounding


def test_the_discount_factors_of_the_treasury():
    """HM Treasury, Green Book supplementary guidance on discounting (February 2026), table A.1: years 0 to 30."""
    printed = (
        "1.0000 0.9662 0.9335 0.9019 0.8714 0.8420 0.8135 0.7860 0.7594 0.7337 0.7089 0.6849 0.6618 "
        "0.6394 0.6178 0.5969 0.5767 0.5572 0.5384 0.5202 0.5026 0.4856 0.4692 0.4533 "
        "0.4380 0.4231 0.4088 0.3950 0.3817 0.3687 0.3563"
    )
    assert [f"{one:.4f}" for one in discount_factors(range(31), 0, 0.035)] == printed.split()


@pytest.mark.parametrize(
    ("flows", "columns", "whole"),
    [
        ([100, 35, 35, 35, 35], [100, 33.8, 32.7, 31.6, 30.5], 228.6),  # option A
        ([75, 47, 47, 47, 47], [75, 45.4, 43.9, 42.4, 41.0], 247.7),  # option B: the sum of its rounded columns
    ],
)
def test_the_two_options_of_a_public_appraisal_guide_year_by_year(flows, columns, whole):
    """Option Appraisal Guide, A4.6, net present cost at 3.5 % (thousand GBP): every column, and the totals."""
    found = (np.array(flows) * discount_factors(range(5), 0, 0.035)).round(1)
    assert found.tolist() == columns
    assert found.sum() == pytest.approx(whole)
    assert present_value(flows, 0.035) == pytest.approx(whole, abs=0.05 * len(flows))


def test_the_dam_of_a_textbook():
    """Exercise of a course of engineering economy: 52 spent, 7.1 gained and 0.5 spent in 25 years, 10 %."""
    assert [round(100 * rate, 3) for rate in rates_of_return([-52.0, *[6.6] * 25])] == [11.935]
    ratio = benefit_cost_ratio([0.0, *[7.1] * 25], [52.0, *[0.5] * 25], 0.10)
    assert ratio == pytest.approx(1.139877, abs=1e-6)


def test_the_taxpayers_of_a_college_year_by_year():
    """Economic impact of SUNY Westchester, table 3.4 (Lightcast): 40 years, million USD, printed to 0.1.

    Printed are 25.3 years to pay back, which is in the 26th, and 2.1 %; its flows leave 0.05 a year open.
    """
    gains = [11.2, 0.4, 0.7, 1.1, 1.6, 2.5, 2.5, *[2.6] * 4, *[2.7] * 11, *[2.6] * 3, 2.5, 2.5]
    gains += [2.4, 2.4, 2.3, 2.2, 2.2, 2.1, 2.1, 2.0, 1.9, 1.9, 1.8, 1.7, 1.6]
    net = np.array([gains[0] - 71.2, *gains[1:]])
    assert payback_years(net) == 26
    assert round(25 - net[:26].sum() / net[26], 1) == 25.3
    low, high = (100 * rates_of_return([net[0], *(net[1:] + open_by)])[0] for open_by in (-0.05, 0.05))
    assert low < 2.1 < high
    assert high - low < 0.3


def test_the_road_of_a_world_bank_worksheet_year_by_year():
    """RoADS CBA 1.00 (R. Archondo-Callao, 25 September 2019), road 638901_301 in Ha Giang: regravelling in year 6.

    Millions in years 6 to 13; in years 1 to 5 and 14 to 20 all is the same with and without. Printed are a net present
    value of 0.110931 at 12 %, year 1 not discounted, 0.3248 of what the works cost, and an EIRR of 38.17 %.
    """
    without = {
        "works": [0, 0, 0, 0, 0.957726, 0, 0, 0],
        "upkeep": [0.020436, 0.022294, 0.022294, 0.022294, 0.016721, 0.016721, 0.016721, 0.018578],
        "vehicles": [0.347661, 0.383927, 0.424535, 0.469524, 0.315184, 0.338666, 0.364791, 0.39398],
        "time": [0.008551, 0.010042, 0.012014, 0.014585, 0.007082, 0.007541, 0.00806, 0.008657],
    }
    then = {
        "works": [0.310841, 0, 0, 0, 0.310841, 0, 0, 0],
        "upkeep": [0.018578, 0.018578, 0.020436, 0.020436, 0.018578, 0.018578, 0.020436, 0.020436],
        "vehicles": [0.295067, 0.322237, 0.353015, 0.387893, 0.364153, 0.397683, 0.435668, 0.478712],
        "time": [0.0065, 0.00718, 0.008022, 0.009088, 0.008022, 0.008861, 0.009901, 0.011216],
    }
    saved = sum(np.array(without[part]) - np.array(then[part]) for part in then)
    net = [0.0] * 5 + saved.tolist() + [0.0] * 7
    value = present_value(net, 0.12)
    assert value == pytest.approx(0.110931, abs=3e-6)  # costs are told here to six decimals
    assert round(value / 0.341583, 4) == 0.3248
    other, printed = rates_of_return(net)
    assert round(100 * printed, 2) == 38.17
    assert other < 0  # works are put off, so the flows change sign more than once: the sheet prints the rate above 0


def test_the_road_of_rogers():
    """Rogers 2003, Highway Engineering: present values at 6 % give the printed net value and ratio."""
    benefits, costs = 65_188_612, 26_326_133
    assert present_value([benefits - costs], 0.06) == 38_862_479
    ratio = benefit_cost_ratio([benefits], [costs], 0.06)
    assert ratio is not None
    assert round(ratio, 3) == 2.476


def test_the_carbon_prices_of_the_high_level_commission():
    """World Bank, 29 May 2017: 40-80 USD a tonne by 2020, 50-100 by 2030."""
    assert carbon_prices("low", [2020, 2030]).round(9).tolist() == [40, 50]
    assert carbon_prices("high", [2020, 2030]).round(9).tolist() == [80, 100]
    assert carbon_prices("none", [2020]).tolist() == [0]
