"""Journeys of the shipped study: ships leave on their days, gates open at their hours, means agree with `route`."""

import itertools
import json
from datetime import datetime, timedelta

import numpy as np
import pytest

import corridor_net as cn
from corridor_net.analysis.route import Router
from corridor_net.analysis.timetable import Timetable, parse_departure
from corridor_net.costing import impedance
from corridor_net.errors import BadValue, NoRoute, UnknownName

MONDAY = datetime(2019, 7, 1)
LINER = "zarubino-niigata-weekly"


@pytest.fixture(scope="module")
def router():
    return Router(impedance(cn.load(as_of="2019-07-01", scenarios=["primorye-2"]).network))


@pytest.fixture(scope="module")
def table(router):
    return Timetable.of(router, {LINER: "Fri 16:00"})


def test_the_example_of_the_page(table):
    """The liner leaves Zarubino on Friday at 16:00; whoever comes in time on Thursday waits for it."""
    journey = table.cheapest("yanji", "niigata", MONDAY + timedelta(hours=8))
    board = next(stage for stage in journey.stages if stage.kind == "board")
    assert board.subject == LINER
    assert board.begins == datetime(2019, 7, 5, 16)
    before = journey.stages[journey.stages.index(board) - 1]
    assert board.wait_hours == pytest.approx((board.begins - before.ends).total_seconds() / 3600, abs=1e-6)
    assert LINER not in journey.assumed


def test_stages_follow_one_another_and_hours_add_up(table):
    journey = table.earliest("harbin", "niigata", MONDAY)
    for one, following in zip(journey.stages, journey.stages[1:], strict=False):
        gap = (following.begins - one.ends).total_seconds() / 3600
        assert gap == pytest.approx(following.wait_hours, abs=1e-4)
    assert journey.stages[-1].ends == pytest.approx(journey.arrives, abs=timedelta(seconds=1))
    assert journey.hours == pytest.approx((journey.arrives - journey.departs).total_seconds() / 3600, abs=1e-4)


def test_earliest_is_no_later_and_cheapest_no_dearer(table):
    for day in range(7):
        leaves = MONDAY + timedelta(days=day, hours=5)
        first, least = table.earliest("yanji", "niigata", leaves), table.cheapest("yanji", "niigata", leaves)
        money = table.cheapest("yanji", "niigata", leaves, usd_per_hour=0.0)
        assert first.arrives <= least.arrives
        assert least.generalised_cost_usd <= first.generalised_cost_usd + 1e-6
        assert money.cost_usd <= least.cost_usd + 1e-6


def test_on_average_over_departures_a_route_takes_the_hours_that_route_counts(router):
    """One ship and steps of fixed hours: leaving at every hour of the week, the mean wait is half the headway."""
    table = Timetable.of(router, {LINER: "Fri 16:00"})
    way = router.route("yanji", "niigata").arcs
    kinds = [router.impedance.arcs[arc].kind for arc in way]
    assert kinds.count("board") == 1
    hours = [table.timed.along(way, float(clock)).arrival - clock for clock in np.arange(0, 168, 0.25)]
    assert np.mean(hours) == pytest.approx(router.hours[list(way)].sum(), abs=0.2)


def test_the_profile_covers_the_week_with_rising_arrivals(table):
    week = table.profile("yanji", "niigata", MONDAY)
    assert len(week) >= 2
    assert all(a.arrives < b.arrives and a.departs < b.departs for a, b in itertools.pairwise(week))
    for one in week[:-1]:
        assert table.earliest("yanji", "niigata", one.departs).arrives == pytest.approx(
            one.arrives, abs=timedelta(seconds=5)
        )
        later = table.earliest("yanji", "niigata", one.departs + timedelta(minutes=3))
        assert later.arrives > one.arrives


def test_documented_days_are_kept_and_others_are_said_to_be_assumed():
    network = cn.load(as_of="2020-10-01").network
    table = Timetable.of(Router(impedance(network)))
    assert "duwon-ferry" not in table.assumed
    assert len(table.assumed) > 5
    board = next(n for n, a in enumerate(table.router.impedance.arcs) if a.key == "board:duwon-ferry:1")
    (leaves,) = table.timed.rules[table.timed.rule[board]].starts
    assert leaves == 4 * 24 + 16
    following = next(n for n, a in enumerate(table.router.impedance.arcs) if a.key == "board:duwon-ferry:2")
    assert table.timed.rules[table.timed.rule[following]].starts[0] != leaves


def test_gates_are_passed_in_their_hours(router):
    table = Timetable.of(router)
    opening = {row.crossing_id: row.opening_hours for row in router.network.active("crossing")}
    for origin in ("suifenhe", "hunchun", "yanji"):
        for day in range(3):
            journey = table.earliest(origin, "niigata", MONDAY + timedelta(hours=31 * day))
            for stage in (s for s in journey.stages if s.kind == "crossing" and opening[s.subject] != "24h"):
                start, end = opening[stage.subject].split("-")
                assert start <= f"{stage.begins + timedelta(seconds=30):%H:%M}" <= end


@pytest.mark.parametrize(
    ("sails", "error"),
    [
        ({"nothing": "Fri"}, UnknownName),
        ({LINER: "Freitag"}, BadValue),
        ({LINER: "Fri 25:00"}, BadValue),
        ({LINER: "Fri 4pm"}, BadValue),
    ],
)
def test_days_that_are_none(router, sails, error):
    with pytest.raises(error):
        Timetable.of(router, sails)


@pytest.mark.parametrize("text", ["soon", "2019-13-01", "2019-07-01T25:00", "2019-07-01T08:00+08:00"])
def test_departures_that_are_none(text):
    with pytest.raises(BadValue):
        parse_departure(text)


def test_bad_journeys(table):
    with pytest.raises(UnknownName):
        table.earliest("atlantis", "niigata", MONDAY)
    for days in (0, -1, 1000, float("nan")):
        with pytest.raises(BadValue):
            table.profile("yanji", "niigata", MONDAY, days)
    with pytest.raises((NoRoute, BadValue)):
        table.earliest("niigata", "niigata", MONDAY)


def test_the_command(cli, tmp_path):
    ask = ("timetable", "yanji", "niigata", "-s", "primorye-2", "--depart", "2019-07-01T08:00")
    done = cli(*ask, "--sails", f"{LINER}=Fri 16:00", "--out", tmp_path)
    assert done.code == 0
    assert "Fri 05 16:00" in done.out
    assert (tmp_path / "timetable.svg").exists()
    told = json.loads(cli(*ask, "--json").out)
    assert told["journey"]["assumed"] == [LINER]
    assert told["profile"][0]["departs"] >= "2019-07-01T08:00"
    for wrong in (("--depart", "soon"), ("--days", "0"), ("--sails", "x"), ("--by", "co2"), ("--depart", "1990-01-01")):
        bad = cli(*ask, *wrong)
        assert bad.code == 2
        assert "Traceback" not in bad.all
