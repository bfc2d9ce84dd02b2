"""What a scenario changes over all pairs: the mean and the greatest fall, worked out anew from two matrices."""

from pathlib import Path

import pytest

import corridor_net as cn
from corridor_net.errors import BadValue

QUICK = {
    "scenario": "no-border",
    "title": "No wait at the border",
    "changes": [
        {"scale": "crossing", "where": {"crossing_id": "bc-*"}, "component": "queue", "field": "hours", "by": 0}
    ],
}


@pytest.fixture
def model(tiny_folder):
    return cn.load(geodata=tiny_folder, as_of="2019-07-01")


def test_mean_and_most_are_those_of_the_pairs(model):
    ends = {"origins": ["alfa", "bravo"], "destinations": ["delta", "alfa"]}
    found = model.with_scenario(QUICK).matrix(**ends, change=True)
    before, after = model.matrix(**ends), model.with_scenario(QUICK).matrix(**ends)
    assert before.changes == after.changes == ()
    for one in found.changes:
        both = zip(before.pairs, after.pairs, strict=True)
        old_new = [(getattr(b, one.quantity), getattr(a, one.quantity), a) for b, a in both]
        shares = {(a.origin, a.destination): new / old - 1 for old, new, a in old_new if old and new}
        assert one.pairs == len(shares) > 0
        assert one.mean == pytest.approx(sum(shares.values()) / len(shares))
        assert one.most == pytest.approx(min(shares.values()))
        assert one.less == sum(share < -1e-9 for share in shares.values())
        if one.less:
            assert shares[one.origin, one.destination] == pytest.approx(one.most)
    hours = found.changes[0]
    assert hours.quantity == "hours"
    assert hours.less > 0


def test_where_nothing_falls_no_pair_is_named(model):
    found = model.with_scenario(QUICK).matrix(destinations=["delta"], change=True)
    money = next(one for one in found.changes if one.quantity == "cost_usd")
    assert (money.less, money.mean, money.most, money.origin) == (0, 0, 0, None)


def test_without_a_scenario_it_is_refused(model):
    with pytest.raises(BadValue, match="nothing changes"):
        model.matrix(change=True)


def test_the_page_says_which_city_gains_as_it_prints_it():
    page = (Path(__file__).parents[3] / "docs" / "world-bank.md").read_text(encoding="utf-8")
    gains = page.split("above 200,000: ")[1].splitlines()[0]
    assert f"here {gains.capitalize()} gains the most" in page
