"""Chinese domestic trade: no papers by a Chinese port, those of an export by a Russian one, at the border."""

import pytest

import corridor_net as cn


@pytest.mark.parametrize(
    ("via", "change"),
    [
        ("dalian", -1030 / 6.9081),  # the papers of a 40-ft box, CNY of 2019, which are not asked
        ("vladivostok", (1070 - 1030) / 6.9081),  # the middle of all boxes and years in their place, at the border
    ],
)
def test_papers_move_from_the_loading_to_the_border(via, change):
    foreign = cn.load(as_of="2019-07-01")
    domestic = foreign.with_scenario("domestic-box")
    before, after = (model.route("hunchun", "ningbo", via=[via]).route for model in (foreign, domestic))
    assert [leg.key for leg in before.legs] == [leg.key for leg in after.legs]
    assert after.cost_usd - before.cost_usd == pytest.approx(change)
    assert after.hours == before.hours
