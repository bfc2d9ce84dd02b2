"""The third region, in Africa: its data are sound, and what its page says in words is what comes out."""

from pathlib import Path

import pytest

import corridor_net as cn
from corridor_net.network.checks import check_network

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "examples" / "northern-corridor"
PAGE = " ".join((ROOT / "docs" / "northern-corridor.md").read_text(encoding="utf-8").split())


@pytest.fixture(scope="module")
def model():
    return cn.load(geodata=FOLDER)


def test_every_figure_has_its_source_and_estimates_their_basis(model):
    check_network(model.base, strict=True)


def test_the_page_counts_the_published_figures_that_are_met(model):
    every = [claim for claim in model.validate(draws=2).claims if claim.model is not None]
    scored = [claim for claim in every if claim.metric != "distance"]
    met = sum(claim.met for claim in scored)
    assert f"{met} of {len(scored)} times and costs ({met / len(scored):.0%}" in PAGE
    assert met / len(scored) >= 0.6
    same_way = {"NC03", "NC04", "NC05", "NC06"}
    others = [claim for claim in scored if claim.claim not in same_way]
    assert f"{sum(claim.met for claim in others)} of {len(others)} are met" in PAGE


def test_the_page_says_what_each_way_is_worth(model):
    today, road = model.route("mombasa", "kampala"), model.route("mombasa", "kampala", via=["voi"])
    saved = road.cost_usd - today.cost_usd
    assert f"{saved:.0f} USD cheaper than the lorry all the way ({road.cost_usd:,.0f} USD)" in PAGE
    lake, mutukula = model.route("dar-es-salaam", "kampala"), model.route("dar-es-salaam", "kampala", via=["mutukula"])
    saved = mutukula.cost_usd - lake.cost_usd
    assert f"{saved:,.0f} USD cheaper than the road ({mutukula.cost_usd:,.0f} USD)" in PAGE
    daily = model.with_scenario(FOLDER / "lake-daily.yaml").route("dar-es-salaam", "kampala")
    assert f"({daily.days:.1f} days)" in PAGE


def test_a_border_is_crossed_in_the_time_of_its_day(model):
    """Two stops at Malaba take 20 hours, one 14, and 42 in the months in which every driver was tested."""
    days = {"2016-06-30": 20, "2016-07-01": 14, "2020-05-01": 42, "2021-01-01": 14}
    for day, hours in days.items():
        route = cn.load(geodata=FOLDER, as_of=day).route("mombasa", "malaba-ug")
        assert route.component("hours")["queue"] == hours, day


def test_what_changes_by_nothing_is_not_said_to_change(cli):
    """A faster border costs as much as before; parts that differ by nothing are no reason of a new way."""

    def told(scenario):
        done = cli("explain", "mombasa", "kampala", "--scenario", FOLDER / scenario, "--geodata", FOLDER)
        return " ".join(done.out.split())

    assert "A box pays as much (2,480 to 2,480 USD) and takes 0.5 days less" in told("border-in-two-hours.yaml")
    moved = told("sgr-malaba.yaml")
    assert "What differs most: haul" in moved
    assert "+0 USD." not in moved


def test_a_figure_is_told_with_its_own_grade(model):
    """The rate of the new railway is a tariff (A) on lines whose lengths are weaker; so is it told everywhere."""
    from corridor_net.analysis.breakeven import breakeven

    known = breakeven(model.router, "mombasa", "kampala").parameter("tariff:rail_sgr")
    assert known.grade == "A"
