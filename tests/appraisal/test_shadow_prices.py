"""Shadow prices: held to conversion factors that the Asian Development Bank has printed; bad ones are named."""

from __future__ import annotations

import pytest

from corridor_net.appraisal.project import Project
from corridor_net.appraisal.shadow import AT_MARKET, SHADOW, ShadowPrices, shadow_of
from corridor_net.errors import BadValue


@pytest.mark.parametrize(
    ("labour", "printed"),
    [
        (0.50, 0.90),  # works, planting, roads
        (0.80, 0.84),  # mountain paths
        (0.20, 0.96),  # guest houses
    ],
)
def test_the_factors_of_the_qinling_mountains(labour, printed):
    """ADB TA 4721-PRC, Final Report, Appendix 13: labour at 0.8 of its wage, all else as it is."""
    made = ShadowPrices(taxes=0.0, labour=labour, wage=0.8, traded=0.0, scf=1.0)
    assert round(made.factor, 2) == printed


def test_what_is_taken_unasked_is_what_the_bank_took_for_works_in_jiangxi():
    """ADB, Jiangxi Fuzhou Urban Integrated Infrastructure Improvement Project, economic analysis, 1: 0.891."""
    assert round(SHADOW.factor, 3) == 0.891
    assert SHADOW.wage == 0.8


@pytest.mark.parametrize("given", [(), ("scf=0.9",), ("taxes=0", "labour=0.4", "wage=0.5", "traded=0.1", "scf=1.1")])
def test_what_is_paid_is_what_it_costs_and_what_it_does_not(given):
    made = shadow_of(given)
    assert made.factor + sum(made.parts.values()) == pytest.approx(1)


def test_by_hand():
    """Of 100, 5 are taxes, 40 wages worth half, 30 traded; 25 and the wages count by 0.9: 30 + (25 + 20) x 0.9."""
    made = shadow_of(["taxes=0.05", "labour=0.4", "wage=0.5", "traded=0.3", "scf=0.9"])
    assert 100 * made.factor == pytest.approx(70.5)
    plan = Project(spending={2020: 100.0}, opening=2021, last=2022, rate=0.0, life_years=4, shadow=made)
    assert plan.costs.tolist() == pytest.approx([70.5, 1.41, 1.41 - 35.25])
    assert plan.at_market.costs.tolist() == pytest.approx([100, 2, 2 - 50])
    assert plan.investment_usd == 100
    assert shadow_of(["none"]) == AT_MARKET


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["wagee=0.8"], "'wagee=0.8' is no shadow price"),
        (["none", "wage=1"], "'none' is no shadow price"),
        (["wage"], "'wage' is no shadow price"),
        (["wage=x"], "the shadow price 'wage' is 'x'"),
        (["wage=1", "wage=2"], "given twice"),
        (["scf=0"], "the shadow price 'scf' is 0"),
        (["labour=-0.1"], "the share of labour is -0.1"),
        (["labour=nan"], "the share of labour is nan"),
        (["labour=0.9"], "more than all that is paid"),
    ],
)
def test_what_is_no_shadow_price_is_named(given, told):
    with pytest.raises(BadValue, match=told):
        shadow_of(given)
