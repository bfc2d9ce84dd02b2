"""Journeys of the shipped study: ships leave on their days, gates open at their hours, means agree with `route`."""

import itertools
import json
from datetime import UTC, datetime, timedelta
from math import inf
from zoneinfo import ZoneInfo

import numpy as np
import pytest

import corridor_net as cn
from corridor_net.analysis.router import Router
from corridor_net.analysis.timetables.timetable import Timetable
from corridor_net.costing import impedance
from corridor_net.errors import BadValue, NoRoute, UnknownName
from corridor_net.network.clock import hours_at

MONDAY = datetime(2019, 7, 1)
LINER = "zarubino-niigata-weekly"
VLADIVOSTOK = ZoneInfo("Asia/Vladivostok")


@pytest.fixture(scope="module")
def router():
    return Router(impedance(cn.load(as_of="2019-07-01", scenarios=["primorye-2"]).network))


@pytest.fixture(scope="module")
def table(router):
    return Timetable.of(router, {LINER: "Fri 16:00"})


def table_of(day, **options):
    return Timetable.of(Router(impedance(cn.load(as_of=day).network)), **options)


def test_the_example_of_the_page(table):
    """The liner leaves Zarubino on Friday at 16:00 there; whoever comes in time on Friday morning waits for it."""
    journey = table.best("yanji", "niigata", MONDAY + timedelta(hours=8))
    board = next(stage for stage in journey.stages if stage.kind == "board")
    assert board.asset_id == LINER
    assert board.begins.isoformat() == "2019-07-05T16:00:00+10:00"
    before = journey.stages[journey.stages.index(board) - 1]
    assert board.wait_hours == pytest.approx(hours_at(board.begins) - hours_at(before.ends), abs=1e-3)
    assert board.waits_for == "sailing"
    assert LINER not in journey.assumed


def test_stages_follow_one_another_and_hours_add_up(table):
    journey = table.best("harbin", "niigata", MONDAY, usd_per_hour=inf)
    for one, following in itertools.pairwise(journey.stages):
        gap = hours_at(following.begins) - hours_at(one.ends)
        assert gap == pytest.approx(following.wait_hours, abs=1e-3)
        assert following.wait_hours == 0 or following.waits_for
    assert hours_at(journey.stages[-1].ends) == pytest.approx(hours_at(journey.arrives), abs=1e-3)
    assert journey.hours == pytest.approx(hours_at(journey.arrives) - hours_at(journey.departs), abs=1e-3)


def test_earliest_is_no_later_and_cheapest_no_dearer(table):
    for day in range(7):
        leaves = MONDAY + timedelta(days=day, hours=5)
        first, least = table.best("yanji", "niigata", leaves, usd_per_hour=inf), table.best("yanji", "niigata", leaves)
        money = table.best("yanji", "niigata", leaves, usd_per_hour=0.0)
        assert first.arrives <= least.arrives
        assert least.generalised_cost_usd <= first.generalised_cost_usd + 1e-6
        assert money.cost_usd <= least.cost_usd + 1e-6


def test_on_average_over_departures_a_route_takes_the_hours_that_route_counts(router):
    """One ship and steps of fixed hours: leaving at every hour of the week, the mean wait is half the headway."""
    table = Timetable.of(router, {LINER: "Fri 16:00"})
    route = router.route("yanji", "niigata")
    assert route.services == (LINER,)
    chains = [[]]
    for arc in (router.impedance.arcs[number] for number in route.arcs):
        chains = [*chains[:-1], [*chains[-1], arc.key]] if arc.kind == "sail" else [*chains, [arc.key]]
    table.profile("yanji", "niigata", MONDAY)
    graph = next(iter(table._graphs.values()))
    way = [graph.chains.index(tuple(chain)) for chain in chains if chain]
    start = hours_at(MONDAY.replace(tzinfo=ZoneInfo("Asia/Shanghai")))
    hours = [graph.timed.along(way, start + hour).arrival - start - hour for hour in np.arange(0, 168, 0.25)]
    assert np.mean(hours) == pytest.approx(router.hours[list(route.arcs)].sum(), abs=0.2)


def test_the_profile_covers_the_week_and_is_what_a_search_finds(table):
    week = table.profile("yanji", "niigata", MONDAY)
    assert len(week) >= 2
    assert all(a.departs < b.departs and a.arrives <= b.arrives for a, b in itertools.pairwise(week))
    for one in week[:-1]:
        found = table.best("yanji", "niigata", one.departs, usd_per_hour=inf)
        assert (found.arrives, found.cost_usd) == (one.arrives, pytest.approx(one.cost_usd))
        later = table.best("yanji", "niigata", one.departs + timedelta(minutes=1), usd_per_hour=inf)
        assert later.arrives > one.arrives or later.cost_usd > one.cost_usd


@pytest.mark.parametrize(
    ("day", "origin", "destination"),
    [
        ("2019-07-01", "yanji", "niigata"),
        ("2022-02-25", "vladivostok", "sakaiminato"),
        ("2016-12-28", "harbin", "mk_sapporo"),
        ("2012-07-02", "hunchun", "busan"),
        ("2024-05-28", "harbin", "dalian"),
    ],
)
def test_no_journey_of_a_profile_is_beaten_in_departure_arrival_and_cost(day, origin, destination):
    """As printed: to the minute and the cent."""
    table = table_of(day)
    leaves = datetime.fromisoformat(day)
    told = [one.to_dict() for one in table.profile(origin, destination, leaves)]
    told.append(table.best(origin, destination, leaves).to_dict())
    for one, other in itertools.permutations(told[:-1], 2):
        as_good = (
            other["departs_iso"] >= one["departs_iso"]
            and other["arrives_iso"] <= one["arrives_iso"]
            and other["cost_usd"] <= one["cost_usd"]
        )
        assert not as_good
    # leaving at the hour asked about, the best that is found is not cheaper and sooner than the profile says
    assert not any(
        told[-1]["departs_iso"] >= one["departs_iso"]
        and told[-1]["arrives_iso"] <= one["arrives_iso"]
        and told[-1]["cost_usd"] < one["cost_usd"]
        for one in told[:-1]
    )


def test_documented_days_are_kept_and_others_are_said_to_be_assumed():
    """The ferry leaves Pohang on Friday at 16:00 Korean time and is at Vladivostok on its way on the Sunday."""
    table = table_of("2020-10-01")
    journey = table.best("vladivostok", "mk_kyoto", datetime(2020, 10, 1))
    graph = next(iter(table._graphs.values()))
    assert all(one.documented for one in graph.series["duwon-ferry"])
    assert sum(not one[0].documented for one in graph.series.values()) > 5
    assert set(journey.assumed) <= set(journey.services)
    (series,) = graph.series["duwon-ferry"]
    for hour in series.between(
        hours_at(datetime(2020, 10, 1, tzinfo=UTC)), hours_at(datetime(2020, 11, 1, tzinfo=UTC))
    ):
        local = datetime(2001, 1, 1, tzinfo=UTC) + timedelta(hours=hour)
        assert f"{local.astimezone(ZoneInfo('Asia/Seoul')):%a %H:%M}" == "Fri 16:00"


@pytest.mark.slow
def test_gates_are_passed_in_their_hours_by_their_own_clock(router):
    table = Timetable.of(router)
    rows = {row.crossing_id: row for row in router.network.active("crossing")}
    seen = 0
    for origin in ("suifenhe", "hunchun", "dongning"):
        for hour in range(0, 48, 5):
            journey = table.best(origin, "ussuriysk", MONDAY + timedelta(hours=hour), usd_per_hour=inf)
            for stage in (
                s for s in journey.stages if s.kind == "crossing" and rows[s.asset_id].opening_hours != "24h"
            ):
                row = rows[stage.asset_id]
                side = row.from_node_id if row.hours_at == "from" else row.to_node_id
                zone = ZoneInfo("Asia/Shanghai" if router.network.nodes[side].country == "CN" else "Asia/Vladivostok")
                start, end = row.opening_hours.split("-")
                assert start <= f"{stage.begins.astimezone(zone):%H:%M}" < end
                assert stage.gate == f"{row.opening_hours} {zone.key}"
                seen += 1
    assert seen > 10


@pytest.mark.whole
@pytest.mark.parametrize(
    ("sails", "error"),
    [
        ({"nothing": "Fri"}, UnknownName),
        ({LINER: "Freitag"}, BadValue),
        ({LINER: "Fri 25:00"}, BadValue),
        ({LINER: "Fri 16:60"}, BadValue),
        ({LINER: "Fri 4pm"}, BadValue),
        ({LINER: ""}, BadValue),
        ({LINER: "2019-02-30"}, BadValue),
        ({"rus-ferry": "Fri"}, BadValue),
    ],
)
def test_days_that_are_none(router, sails, error):
    with pytest.raises(error):
        Timetable.of(router, sails)


def test_bad_journeys(table):
    with pytest.raises(UnknownName):
        table.best("atlantis", "niigata", MONDAY, usd_per_hour=inf)
    for days in (0, -1, 1000, float("nan")):
        with pytest.raises(BadValue):
            table.profile("yanji", "niigata", MONDAY, days)
    with pytest.raises((NoRoute, BadValue)):
        table.best("niigata", "niigata", MONDAY, usd_per_hour=inf)


def test_the_command(cli, tmp_path):
    ask = ("timetable", "yanji", "niigata", "-s", "primorye-2", "--depart", "2019-07-01T08:00")
    done = cli(*ask, "--sails", f"{LINER}=Fri 16:00", "--out", tmp_path)
    assert done.code == 0
    assert "Fri 05 Jul 16:00 +10" in done.out
    assert "+10 Asia/Vladivostok" in done.out
    assert (tmp_path / "timetable.svg").exists()
    told = json.loads(cli(*ask, "--json").out)
    assert told["journey"]["assumed"] == [LINER]
    assert told["profile"][0]["departs"] >= "2019-07-01T08:00"
    for wrong in (("--depart", "soon"), ("--days", "0"), ("--sails", "x"), ("--by", "co2"), ("--depart", "1990-01-01")):
        bad = cli(*ask, *wrong)
        assert bad.code == 2
        assert "Traceback" not in bad.all


def test_json_has_local_times_and_the_same_with_their_offset(cli):
    """The origin keeps Chinese time; a departure with an offset is the same moment."""
    ask = ("timetable", "yanji", "niigata", "-s", "primorye-2", "--sails", f"{LINER}=Fri 16:00", "--json", "--depart")
    told, same, utc = (
        json.loads(cli(*ask, when).out) for when in ("2019-07-01T08:00", "2019-07-01T09:00+09:00", "2019-07-01T00:00Z")
    )
    assert told == same == utc
    journey = told["journey"]
    assert (journey["departs"], journey["departs_iso"]) == ("2019-07-01T08:00", "2019-07-01T08:00+08:00")
    board = next(stage for stage in journey["stages"] if stage["kind"] == "board")
    assert (board["begins"], board["begins_iso"]) == ("2019-07-05T16:00", "2019-07-05T16:00+10:00")
    assert journey["arrives_iso"].endswith("+09:00")
    for name in ("departs", "arrives"):
        assert journey[f"{name}_iso"].startswith(journey[name])


def test_an_offset_may_put_the_departure_on_another_day_of_the_origin(cli):
    """Half past four in the afternoon of 30 June UTC is half an hour into 1 July at Yanji."""
    told = json.loads(cli("timetable", "yanji", "niigata", "--depart", "2019-06-30T16:30Z", "--json").out)
    assert told["journey"]["departs_iso"] == "2019-07-01T00:30+08:00"
