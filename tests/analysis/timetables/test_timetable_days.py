"""Every step holds to its own day and clock: what ends, begins, closes or changes while the journey is under way.

By hand, on the tiny network: from Alfa (Chinese time) 4 h of loading, 300 km of road in 5 h, 30 km in 30 min, 8 h at
the border, 27 h in the port of Charlie (Vladivostok time), the ship in 40 h, 30 h of import at Delta (Japanese time).
"""

import json
from datetime import date, datetime, timedelta
from math import inf
from types import SimpleNamespace

import pytest

import corridor_net as cn
from corridor_net.analysis.router import Router
from corridor_net.analysis.timetables.limits import SOON, _closes
from corridor_net.analysis.timetables.timetable import Timetable
from corridor_net.costing import impedance
from corridor_net.errors import NoRoute
from corridor_net.network.clock import hours_at

MONDAY = datetime(2019, 7, 1)


def shipped(day):
    return Timetable.of(Router(impedance(cn.load(as_of=day).network)))


@pytest.fixture
def by_road(make_tiny):
    """Return a function that gives the timetable of the tiny network without its railway, changed, as of a day."""

    def make(day="2019-07-01", sails="Fri 16:00", **changes):
        changes.setdefault("link", lambda rows: [row for row in rows if row["link_id"] != "rail-ag"])
        network = make_tiny(day, **changes)
        return Timetable.of(Router(impedance(network, price_year=2019)), {"line-cd": sails})

    return make


def changed(**cells):
    """Return what gives all rows of a table these cells."""
    return lambda rows: [{**row, **cells} for row in rows]


def stage_of(journey, kind):
    return next(stage for stage in journey.stages if stage.kind == kind)


# the shipped data


def test_no_ferry_is_boarded_after_its_last_day():
    """The Busan-Primorye line ended on 1 March 2022; a box ready at Vladivostok on 14 March finds none."""
    table, leaves = shipped("2022-02-25"), datetime(2022, 2, 25, 8)
    for usd_per_hour in (None, 0.0, float("inf")):
        journey = table.best("vladivostok", "sakaiminato", leaves, usd_per_hour=usd_per_hour)
        for stage in (stage for stage in journey.stages if stage.kind in ("board", "sail")):
            periods = [s for s in table.router.network.rows("service") if s.service_id == stage.asset_id]
            assert any(row.holds_on(stage.begins.date()) for row in periods)
    for limit in table.missed("vladivostok", "sakaiminato", leaves):
        assert (limit.what, limit.used) == ("ends", False)
        assert limit.moment.date() > limit.day


def test_the_river_is_not_sailed_after_it_has_closed(cli):
    ask = ("timetable", "fuyuan", "khabarovsk", "--depart")
    told = json.loads(cli(*ask, "2019-10-30T08:00", "--json").out)
    assert all(stage["mode"] != "waterway" for stage in told["journey"]["stages"])
    (limit,) = told["missed"]
    assert (limit["table"], limit["id"], limit["what"], limit["day"]) == (
        "season",
        "amur-closed",
        "closes",
        "2019-11-01",
    )
    still_open = json.loads(cli(*ask, "2019-10-20T08:00", "--json").out)
    assert any(stage["mode"] == "waterway" for stage in still_open["journey"]["stages"])
    shown = " ".join(cli(*ask, "2019-10-30T08:00").out.split())
    assert "Not possible: season amur-closed closes 2019-11-01, before it is reached" in shown


def test_a_line_says_what_ends_soon_and_why_none_is_left(cli, write_tiny, tmp_path):
    """The ships of Charlie end on Tuesday 2 July: the box of Sunday takes the last, that of Monday goes by Golf."""

    def ended(rows):
        return [{**row, "valid_to": "2019-07-02"} if row["service_id"] == "line-cd" else row for row in rows]

    folder = write_tiny(tmp_path / "ends", service=ended).folder
    ask = ("timetable", "alfa", "delta", "--geodata", folder, "--sails", "line-cd=Fri 16:00", "--depart")
    for day, port, words in (
        (
            "2019-06-30",
            "charlie",
            "Note: service Charlie - Delta ends 2019-07-02, soon after it is used: Tue 02 Jul 2019",
        ),
        (
            "2019-07-01",
            "golf",
            "Not possible: service Charlie - Delta ends 2019-07-02, before boarding: Fri 05 Jul 2019",
        ),
    ):
        assert words in " ".join(cli(*ask, f"{day}T01:00").out.split())
        told = json.loads(cli(*ask, f"{day}T01:00", "--json").out)
        assert told["journey"]["gateway"] == port
        assert [limit["id"] for limit in told["missed"]] == ([] if port == "charlie" else ["line-cd"])


def test_steps_name_their_month_and_another_year_than_that_of_leaving(cli):
    shown = cli("timetable", "harbin", "niigata", "--depart", "2019-12-28T08:00").out
    assert "Sat 28 Dec 08:00 +08" in shown
    assert " Jan 2020 " in shown


def test_by_the_chinese_clock_the_gate_of_kraskino_shuts_early(cli):
    """In 2012 the gate that shuts at 19:00 in Kraskino shut at 16:00 Chinese time."""
    for leaves, waits in (("07:00", False), ("13:30", True), ("17:30", True)):
        told = json.loads(cli("timetable", "hunchun", "zarubino", "--depart", f"2012-07-02T{leaves}", "--json").out)
        crossing = next(stage for stage in told["journey"]["stages"] if stage["kind"] == "crossing")
        assert (crossing["wait_hours"] > 5) is waits
        assert crossing["gate"] == "09:00-19:00 Asia/Vladivostok"
        assert not waits or crossing["begins_iso"] == "2012-07-03T09:00+11:00"


# minutes and clocks, by hand


def test_minutes_by_hand(by_road):
    """Gate 09:20-18:50 by the clock of Charlie, ship Friday 16:20 and half a week later; leaving Monday 01:10.

    At the border at 10:40 = 12:40 at Charlie, open; ready in port on Tuesday 23:40. The ship of Friday 16:20 leaves
    64 h 40 min later, is at Delta on Sunday 08:20 = 07:20 there, and the box is imported on Monday 13:20.
    """
    table = by_road(sails="Fri 16:20", crossing=changed(opening_hours="09:20-18:50", hours_at="to"))
    journey = table.best("alfa", "delta", datetime(2019, 7, 1, 1, 10))
    told = {s.kind: (f"{s.begins:%a %H:%M}", round(s.wait_hours * 60)) for s in journey.stages if s.kind != "haul"}
    assert told["crossing"] == ("Mon 12:40", 0)
    assert told["board"] == ("Fri 16:20", 64 * 60 + 40)
    assert f"{journey.arrives:%a %d %H:%M}" == "Mon 08 13:20"
    assert round(journey.hours * 60) == 7 * 24 * 60 + 12 * 60 + 10 - 60


@pytest.mark.parametrize(("minute", "waits_minutes"), [(10, 0), (11, 20 * 60 + 39)])
def test_a_minute_decides_whether_the_gate_is_passed(by_road, minute, waits_minutes):
    """The gate closes at 12:41 at Charlie: who leaves at 01:10 is there at 12:40, who leaves at 01:11 too late."""
    table = by_road(crossing=changed(opening_hours="09:20-12:41", hours_at="to"))
    crossing = stage_of(table.best("alfa", "delta", datetime(2019, 7, 1, 1, minute)), "crossing")
    assert round(crossing.wait_hours * 60) == waits_minutes
    assert crossing.waits_for == ("opening" if waits_minutes else None)


@pytest.mark.parametrize(("side", "waits_hours"), [("", 0.0), ("from", 0.0), ("to", 12.5)])
def test_whose_clock_a_gate_keeps_is_in_the_data(by_road, side, waits_hours):
    """Open 09:00-19:00. At 18:30 in Bravo it is 20:30 in Charlie, 12 h 30 min before nine. Empty is the side left."""
    table = by_road(crossing=changed(opening_hours="09:00-19:00", hours_at=side))
    crossing = stage_of(table.best("alfa", "delta", datetime(2019, 7, 1, 9)), "crossing")
    assert crossing.wait_hours == pytest.approx(waits_hours)
    assert crossing.gate.endswith("Asia/Vladivostok" if side == "to" else "Asia/Shanghai")


def test_a_gate_that_is_open_overnight(by_road):
    """Open 22:00-06:00 by Bravo's clock: at 18:30 one waits 3 h 30 min, at 03:30 not at all, at 07:00 15 h."""
    table = by_road(crossing=changed(opening_hours="22:00-06:00", hours_at="from"))
    for hour, waits in ((9, 3.5), (18, 0.0), (21.5, 15.0)):
        crossing = stage_of(table.best("alfa", "delta", MONDAY + timedelta(hours=hour)), "crossing")
        assert crossing.wait_hours == pytest.approx(waits)


@pytest.mark.whole
@pytest.mark.parametrize(
    ("day", "hours_from_china"),
    [("2009-02-02", 2), ("2009-07-06", 3), ("2010-07-05", 3), ("2011-03-21", 2), ("2012-01-02", 3), ("2014-10-20", 3),
     ("2014-10-27", 2), ("2019-07-01", 2)],
)  # fmt: skip
def test_the_far_east_kept_three_hours_from_china_for_some_years(by_road, day, hours_from_china):
    """Summer time in 2009 and 2010, UTC+11 all year from 27 March 2011 to 25 October 2014, UTC+10 since."""
    table = by_road(day)
    journey = table.best("alfa", "delta", datetime.fromisoformat(day))
    board = stage_of(journey, "board")
    assert f"{board.begins:%H:%M}" in ("16:00", "04:00"), "two sailings a week, 84 h apart"
    assert board.begins.utcoffset() - journey.departs.utcoffset() == timedelta(hours=hours_from_china)
    assert journey.arrives.utcoffset() == timedelta(hours=9)


def test_an_hour_that_the_clock_leaps_over_is_no_departure(by_road):
    """Vladivostok put its clocks forward at 02:00 on 29 March 2009."""
    from corridor_net.errors import BadValue

    table = by_road("2009-03-29", terminal=lambda rows: [*rows, {**rows[0], "node_id": "charlie", "terminal_id": "c"}])
    with pytest.raises(BadValue, match="does not exist by the clock of Asia/Vladivostok"):
        table.best("charlie", "delta", datetime(2009, 3, 29, 2, 30))


def test_the_day_before_is_still_going_on_further_west(by_road):
    """Alfa by Vladivostok time: at midnight of 2 July it is 22:00 of 1 July in Bravo, the last day of a road there."""

    def near(rows):
        roads = [{**row, "length_km": 15} for row in rows if row["link_id"] == "road-ab"]
        return [*roads, *({**row, "valid_to": "2019-07-01"} for row in rows if row["link_id"] == "road-bc")]

    def quick(rows):
        return [{**row, "value": 0.5} if row["operation_id"] == "load_road" else row for row in rows]

    def east(rows):
        return [{**row, "time_zone": "Asia/Vladivostok"} if row["node_id"] == "alfa" else row for row in rows]

    table = by_road("2019-07-02", link=near, operation=quick, node=east, crossing=changed(opening_hours="24h"))
    journey = table.best("alfa", "delta", datetime(2019, 7, 2, 0, 0))
    road = next(stage for stage in journey.stages if stage.asset_id == "road-bc")
    assert road.begins.isoformat() == "2019-07-01T22:45:00+08:00"
    with pytest.raises(NoRoute):
        table.best("alfa", "delta", datetime(2019, 7, 2, 1, 16))


# what ends, begins and closes


def test_a_service_that_begins_in_two_days_is_seen(by_road):
    """Today there is no way; the lines start on Wednesday, and the box is told that it takes a new one."""
    table = by_road(service=changed(valid_from="2019-07-03"))
    with pytest.raises(NoRoute):
        table.router.route("alfa", "delta")
    journey = table.best("alfa", "delta", MONDAY)
    assert stage_of(journey, "board").begins.date() == date(2019, 7, 5)
    assert [(one.row_id, one.what, str(one.day)) for one in journey.limits] == [("line-cd", "begins", "2019-07-03")]


def test_no_way_is_left_when_the_only_ships_have_ended(by_road):
    """A box that leaves on Monday morning is ready on Tuesday at 22:30; the last ship left on Tuesday at 04:00."""
    table = by_road(service=changed(valid_to="2019-07-02", end_reason="laid up"))
    for ask in (table.best, table.profile):
        with pytest.raises(NoRoute) as error:
            ask("alfa", "delta", MONDAY)
        assert "service Charlie - Delta ends 2019-07-02, before boarding" in str(error.value)
        assert "laid up" in str(error.value)
    assert stage_of(table.best("alfa", "delta", datetime(2019, 6, 30, 1)), "board").begins.date() == date(2019, 7, 2)


@pytest.mark.parametrize(
    ("name", "row_id"), [("link", "road-bc"), ("crossing", "bc-out"), ("terminal", "charlie-road-port_out")]
)
def test_links_crossings_and_terminals_hold_on_the_day_they_are_entered(make_tiny, name, row_id):
    """Leaving on Monday at 22:00, all of these are entered on Tuesday; where one had ended on Monday, Golf is left."""

    def ended(rows):
        return [{**row, "valid_to": "2019-07-01"} if row[f"{name}_id"] == row_id else row for row in rows]

    leaves = datetime(2019, 7, 1, 22)
    for change, ports in (({}, {"charlie"}), ({name: ended}, {"golf"})):
        network = make_tiny("2019-07-01", **change)
        table = Timetable.of(Router(impedance(network, price_year=2019)), {"line-cd": "Fri 16:00", "line-gd": "Sun"})
        journey = table.best("alfa", "delta", leaves, usd_per_hour=inf)
        assert {stage.from_node for stage in journey.stages if stage.kind == "board"} == ports
        missed = table.missed("alfa", "delta", leaves, usd_per_hour=float("inf"))
        assert {limit.row_id for limit in missed} == ({row_id} if change else set())


def test_figures_hold_on_the_day_they_are_used(by_road):
    """From 3 July the import at Delta takes 50 h in place of 30 h, and lorries 30 km/h in place of 60."""

    def slower(rows):
        old = [{**row, "valid_to": "2019-07-02"} for row in rows if row.get("operation_id") == "import_delta"]
        new = [{**row, "valid_from": "2019-07-03"} for row in rows if row.get("operation_id") == "import_delta"]
        for row in new:
            row["value"] = 30 if row["component"] == "procedures" else row["value"]
            row["value"] = 20 if row["component"] == "handling" else row["value"]
        return [row for row in rows if row.get("operation_id") != "import_delta"] + old + new

    whole, table = by_road(), by_road(operation=slower)
    before, after = (one.best("alfa", "delta", MONDAY) for one in (whole, table))
    assert after.hours - before.hours == pytest.approx(20.0)


def test_winter_hours_are_those_of_the_day_on_which_a_step_begins(by_road):
    """Leaving on 14 December, the port is entered on the 15th: its ice makes 27 h 40.5; the ship takes 50 h."""
    journey = by_road("2018-12-14").best("alfa", "delta", datetime(2018, 12, 14, 9))
    port = next(stage for stage in journey.stages if stage.asset_id == "charlie-road-port_out")
    assert port.begins.date() == date(2018, 12, 15)
    assert hours_at(port.ends) - hours_at(port.begins) == pytest.approx(40.5)
    sail = stage_of(journey, "sail")
    assert hours_at(sail.ends) - hours_at(sail.begins) == pytest.approx(50.0)


def test_a_box_may_wait_for_the_ice_to_go_when_that_is_sooner(by_road):
    """Leaving at 01:30, the port is reached on 15 March at 21:00: 40.5 h at once, or 27 h from midnight on."""
    table = by_road("2019-03-15", sails="Sun 12:00", crossing=changed(opening_hours="24h"))
    journey = table.best("alfa", "delta", datetime(2019, 3, 15, 1, 30), usd_per_hour=inf)
    port = next(stage for stage in journey.stages if stage.asset_id == "charlie-road-port_out")
    assert f"{port.begins:%m-%d %H:%M}" == "03-16 00:00"
    assert (port.wait_hours, port.waits_for) == (pytest.approx(3.0), "change")


def test_a_service_in_its_closed_season_has_no_departures(by_road):
    """Two ships a week, Friday 16:00 and Tuesday 04:00. Closed from 4 to 12 July: the first after is Tuesday 16."""
    months = {"from_month_day": "07-04", "to_month_day": "07-12", "closed": "yes", "hours_factor": 1}
    journey = by_road(season=lambda rows: [{**rows[1], **months}]).best("alfa", "delta", MONDAY, usd_per_hour=inf)
    assert f"{stage_of(journey, 'board').begins:%a %m-%d %H:%M}" == "Tue 07-16 04:00"


def test_a_node_that_has_ended_is_not_passed(make_tiny):
    def ended(rows):
        return [{**row, "valid_to": "2019-07-02"} if row["node_id"] == "charlie" else row for row in rows]

    network = make_tiny("2019-07-01", node=ended)
    table = Timetable.of(Router(impedance(network, price_year=2019)))
    assert {
        stage.from_node
        for stage in table.best("alfa", "delta", MONDAY, usd_per_hour=inf).stages
        if stage.kind == "board"
    } == {"golf"}


# prices


def freight_of_two_years(rows):
    """The sea freight of 200 USD falls to 50 USD on 1 January 2020."""
    sea = next(row for row in rows if row["tariff_id"] == "sea")
    others = [row for row in rows if row is not sea]
    return [*others, {**sea, "valid_to": "2019-12-31"}, {**sea, "fixed": 50, "valid_from": "2020-01-01"}]


def test_freight_is_that_of_the_day_of_sailing(by_road):
    """Sailing on Friday 27 December costs 200, on Friday 3 January 50 USD; all else is the same."""
    table = by_road("2019-12-20", tariff=freight_of_two_years)
    before, after = (table.best("alfa", "delta", datetime(2019, 12, day), usd_per_hour=inf) for day in (23, 30))
    assert [stage_of(one, "board").begins.year for one in (before, after)] == [2019, 2020]
    assert before.cost_usd - after.cost_usd == pytest.approx(150.0)
    assert before.price_year == after.price_year == 2019


def test_who_waits_for_a_lower_price_is_told_so(by_road):
    """A week later the freight is 150 USD less: worth it when an hour costs nothing, not at 5 USD an hour."""
    table, leaves = by_road("2019-12-20", tariff=freight_of_two_years), datetime(2019, 12, 23)
    for usd_per_hour, year in ((0.0, 2020), (5.0, 2019)):
        journey = table.best("alfa", "delta", leaves, usd_per_hour=usd_per_hour)
        assert stage_of(journey, "board").begins.year == year
        assert ("change" in {stage.waits_for for stage in journey.stages}) is (year == 2020)


# scenarios


def test_a_scenario_holds_on_every_day_of_the_journey(cli, write_yaml):
    """A new railway figure begins on 1 January 2020; a faster railway is faster on both sides of the new year."""
    path = write_yaml(
        "fast",
        "scenario: fast\ntitle: All railways at 160\nchanges:\n"
        "  - {set: link, where: {mode: rail}, field: speed_kmh, value: 160}\n"
        "  - {close: link, where: {mode: road}}\n",
    )
    ask = ("timetable", "harbin", "dalian", "--depart", "2019-12-30T12:00", "--json")
    told = json.loads(cli(*ask, "--scenario", path).out)
    assert told["faults"] == []
    hauls = [stage for stage in told["journey"]["stages"] if stage["mode"] == "rail"]
    assert hauls[0]["begins"] < "2020-01-01" <= hauls[-1]["begins"]
    hours = sum(_hours(stage) for stage in hauls)
    assert hours == pytest.approx(946 / 160, rel=0.1)


def _hours(stage):
    ends, begins = (datetime.fromisoformat(stage[name]) for name in ("ends_iso", "begins_iso"))
    return (ends - begins) / timedelta(hours=1)


def test_a_scenario_that_cannot_be_applied_on_a_later_day_is_told(cli, write_yaml):
    path = write_yaml(
        "was",
        "scenario: was\ntitle: Faster\nchanges:\n"
        "  - {set: speed, where: {speed_id: rail_cn}, field: speed_kmh, value: 20, was: 14}\n",
    )
    ask = ("timetable", "harbin", "dalian", "--scenario", path, "--depart")
    shown = " ".join(cli(*ask, "2019-12-30T20:00").out.split())
    assert "The scenario cannot be applied as of 2020-01-01: 'was' does not hold" in shown
    assert "cannot be applied" not in cli(*ask, "2019-07-01T20:00").out


@pytest.mark.whole
@pytest.mark.parametrize(("ahead", "told"), [(0, False), (1, True), (SOON.days, True), (SOON.days + 1, False)])
def test_what_closes_is_told_from_tomorrow_to_the_last_day_that_is_soon(ahead, told):
    today = date(2019, 7, 1)
    day = today + timedelta(days=ahead)
    season = SimpleNamespace(holds_on=lambda one: one == day)
    assert _closes(season, today) == (day if told else None)


@pytest.mark.parametrize("month_day", ["07-02", "07-03", "07-05"])
def test_a_season_is_seen_to_turn_on_each_day_after_the_first_up_to_the_last(by_road, month_day):
    months = {"from_month_day": month_day, "to_month_day": "12-31", "closed": "yes", "hours_factor": 1}
    table = by_road(season=lambda rows: [{**rows[1], **months}])
    first, turns = date(2019, 7, 1), date.fromisoformat(f"2019-{month_day}")
    assert turns in table.calendar.changes(first, turns)
    assert turns not in table.calendar.changes(first, turns - timedelta(days=1))
