"""Indices of trade: worked by hand, what holds of any of them, and where there is none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor_net.analysis.trade.advantage import complementarity, intensity, revealed_advantage, symmetric
from corridor_net.errors import BadValue

LAW = settings(deadline=None, derandomize=True, max_examples=25)
GOODS = st.dictionaries(st.sampled_from("abcdef"), st.floats(0.01, 1e6), min_size=1)


def test_an_advantage_is_a_share_over_that_of_the_world_and_only_of_what_the_world_sells():
    """Timber 30 of 100 against 100 of 1,000; steel is sold by nobody else, tea by all but the place."""
    found = revealed_advantage({"timber": 30, "cars": 60, "steel": 10}, {"timber": 100, "cars": 800, "tea": 100})
    assert found == pytest.approx({"timber": 3.0, "cars": 0.75, "tea": 0.0})
    assert [symmetric(found[name]) for name in found] == pytest.approx([0.5, -1 / 7, -1.0])
    assert set(revealed_advantage({"a": 1}, {"a": 1, "b": 0})) == {"a"}


@LAW
@given(GOODS, st.floats(0.001, 1000))
def test_who_sells_as_the_world_has_an_advantage_in_nothing_and_goes_with_it_wholly(world, size):
    own = {name: amount * size for name, amount in world.items()}
    assert list(revealed_advantage(own, world).values()) == pytest.approx([1.0] * len(world))
    assert complementarity(own, world) == pytest.approx(1.0)


@LAW
@given(GOODS, GOODS)
def test_complementarity_is_that_of_the_other_side_and_what_the_shares_have_in_common(sold, bought):
    x, m = sum(sold.values()), sum(bought.values())
    common = sum(min(sold.get(name, 0) / x, bought.get(name, 0) / m) for name in {*sold, *bought})
    assert complementarity(sold, bought) == pytest.approx(common, abs=1e-9)
    assert complementarity(bought, sold) == pytest.approx(common, abs=1e-9)


def test_intensity_is_none_where_nobody_sells_or_buys():
    assert intensity(10, 50, 200, 2000) == 2.0
    assert intensity(0.3, 0.5, 0.5, 0.9) == pytest.approx(1.08)
    for figures in ((1, 0, 5, 9), (1, 5, 0, 9), (1, 5, 5, 0)):
        assert intensity(*figures) is None


@pytest.mark.parametrize(("sold", "bought"), [({"a": 0}, {"a": 1}), ({"a": 1}, {"a": 0}), ({}, {"a": 1})])
def test_of_nothing_there_is_no_index(sold, bought):
    for index in (revealed_advantage, complementarity):
        with pytest.raises(BadValue, match="nothing is sold"):
            index(sold, bought)
    assert revealed_advantage({"a": 0.5}, {"a": 0.5}) == {"a": 1.0}
    assert complementarity({"a": 0.5}, {"a": 0.5}) == 1.0
