"""All money and the value of time times so much, and the answer is so much more; the ways stay."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .networks import ends, least, multiplied, small

LAW = settings(deadline=None, derandomize=True, max_examples=25)


def dearer(network, factor):
    """Return the network with every amount of money multiplied."""
    changed = multiplied(network, "tariff", ("fixed", "per_km"), factor)
    costs = ("value", "value_low", "value_high")
    changed = multiplied(changed, "operation", costs, factor, lambda row: row.quantity == "cost")
    return multiplied(changed, "cargo", ("value_usd",), factor)


def held(before, after, factor):
    assert before.keys() == after.keys()
    for key, value in before.items():
        times = factor if key[0] in ("generalised", "money") else 1
        assert after[key] == pytest.approx(value * times, rel=1e-9, abs=1e-9), key


@LAW
@given(seed=st.integers(0, 10_000), factor=st.floats(0.01, 50), price=st.floats(0, 300))
def test_all_money_times_so_much_on_small_networks(seed, factor, price):
    network = small(seed)
    before = least(network, *ends(network), co2_price=price)
    held(before, least(dearer(network, factor), *ends(network), co2_price=price * factor), factor)


@pytest.mark.parametrize("factor", [0.2, 3.0])
@pytest.mark.parametrize("cargo", ["dry_20", "reefer_40", "grain_20"])
def test_all_money_times_so_much_on_the_shipped_network(net2019, cargo, factor):
    before = least(net2019, *ends(net2019), cargo=cargo, co2_price=80)
    held(before, least(dearer(net2019, factor), *ends(net2019), cargo=cargo, co2_price=80 * factor), factor)


@LAW
@given(seed=st.integers(0, 10_000), factor=st.floats(0.1, 20))
def test_a_given_value_of_time_times_so_much_too(seed, factor):
    network = small(seed)
    before = least(network, *ends(network), value_of_time=4.0)
    held(before, least(dearer(network, factor), *ends(network), value_of_time=4.0 * factor), factor)


def test_a_currency_worth_half_as_much_costs_half(net2019):
    """Every rate doubled is every amount but those in dollars halved: with all amounts in dollars, nothing moves."""
    doubled = multiplied(net2019, "exchange_rate", ("units_per_usd",), 2.0)
    halved = dearer(net2019, 0.5)
    found, wanted = (least(net, *ends(net), value_of_time=5.0) for net in (doubled, halved))
    for key, value in wanted.items():
        if key[0] == "money":
            assert found[key] == pytest.approx(value, rel=1e-9)
